"""Bases of every endpoint: scoped at the bottom, errors translated once, changes only through services."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework import viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from kerjasama.api import repeats
from kerjasama.api.conditions import require_seen, tagged
from kerjasama.api.filtering import refuse_unknown
from kerjasama.api.rows import Audience, Row
from kerjasama.api.throttling import rate_headers
from kerjasama.api.transitions import ActsMixin


class HouseView:
    """What every view of the API does: answer repeated requests, say how much is left, keep answers out of caches."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST" and repeats.HEADER in request.headers and hasattr(self, "post"):
            # The handler is looked up after this, on this instance, which lives as long as the request.
            self.post: Callable[..., Any] = partial(repeats.once, self.post)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in rate_headers(request).items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("API-Version", "1")
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ("Authorization", "Accept-Language"))
        return response


class ScopedViewSet(HouseView, viewsets.GenericViewSet):
    """Rows come only through ``visible_to(user)``. ``scope_noun`` names the token scope and the tag.

    ``serializer_class`` is the row of a list, ``detail_class`` the same with all there is about one; ``queryset`` joins what
    the detail says, ``list_queryset`` what a row says, where that is less.
    """

    scope_noun = ""
    lookup_value_converter = "uuid"
    serializer_class: type[Row]
    detail_class: type[Row] | None = None
    list_queryset: Any = None
    subject = ""

    @property
    def actor(self) -> Any:
        """Who is signed in; permissions have seen to it that somebody is."""
        return self.request.user

    def get_queryset(self) -> Any:
        queryset = super().get_queryset()
        if self.action == "list" and self.list_queryset is not None:
            queryset = self.list_queryset.all()
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        return queryset.visible_to(self.request.user)

    def get_serializer_class(self) -> type[Row]:
        return self.serializer_class if self.action == "list" or not self.detail_class else self.detail_class

    def acting_object(self, *, lock: bool = False) -> Any:
        """The bare row that a verb is about, without what only readers need."""
        # Of the class: a list of what belongs to the row has a queryset of its own on the instance.
        rows = type(self).queryset.model.objects.visible_to(self.request.user)
        if lock:
            rows = rows.select_for_update(of=("self",), no_key=True)
        row = rows.filter(pk=self.kwargs[self.lookup_url_kwarg or self.lookup_field]).first()
        if row is None:
            raise Http404
        return row

    def wanted_fields(self, row_class: type[Row]) -> frozenset[str] | None:
        """What ``?fields=a,b`` names; None is everything."""
        given = self.request.query_params.get("fields")
        if given is None:
            return None
        known = set(row_class.reads())
        wanted = frozenset(name.strip() for name in given.split(",") if name.strip())
        if not wanted or wanted - known:
            raise ValidationError(
                {"fields": _("Known fields are: %(names)s.") % {"names": ", ".join(sorted(known))}},
                code="unknown_field",
            )
        return wanted

    def say(self, row: Any) -> dict[str, Any]:
        """The row as it is sent, with what ``?fields=`` leaves of it."""
        row_class = self.get_serializer_class()
        return row_class.say(row, Audience(self.request), self.wanted_fields(row_class))

    def whole(self) -> AbstractContextManager[Any]:
        """The transaction of a change: what it answers is read inside, and what may not be answered is undone."""
        return transaction.atomic()

    def answer(self, row: Any, status: int = 200) -> Response:
        """Read the row again as its reader sees it. A row that left the actor's sight is rolled back (404)."""
        fresh = self.get_queryset().filter(pk=row.pk).first()
        if fresh is None:
            raise Http404
        headers = (
            {"Location": Audience(self.request).address(self.scope_noun, row.pk)} if status == 201 else {}
        )
        response = tagged(self.request, fresh, self.say(fresh), status)
        for name, value in headers.items():
            response[name] = value
        return response

    def taken(self, input_class: type[BaseSerializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """The body, checked. Raises 400 with pointers."""
        found = input_class(data=self.request.data, partial=partial, context=self.get_serializer_context())
        found.is_valid(raise_exception=True)
        return dict(found.validated_data)


class ReadViewSet(ActsMixin, ScopedViewSet):
    """List, filter, retrieve, and the verbs of ``acts``."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page_of(self.get_queryset(), self.serializer_class)

    def page_of(self, queryset: Any, row_class: type[Row], order: Sequence[str] = ()) -> Response:
        """One cursor page of any rows: the list itself, or what belongs to one row. ``order`` must be unique."""
        if order:
            self.cursor_ordering = order
        only = self.wanted_fields(row_class)
        rows = self.paginate_queryset(self.filter_queryset(queryset))
        audience, say = Audience(self.request), row_class.say
        return self.get_paginated_response([say(row, audience, only) for row in rows or ()])

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        refuse_unknown(set(request.query_params) - {"fields"}, {"fields"})
        row = self.get_object()
        return tagged(request, row, self.say(row))


class CreateMixin:
    """``POST`` on the list: ``create_input`` is checked, ``do_create`` calls the service."""

    create_input: type[BaseSerializer[Any]]
    do_create: Callable[[dict[str, Any]], Any]

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        data = self.taken(self.create_input)
        with self.whole():
            return self.answer(self.do_create(data), 201)


class ReviseMixin:
    """``PATCH`` with ``If-Match``: ``revise_input`` is checked, ``do_revise`` calls the service with the locked row."""

    revise_input: type[BaseSerializer[Any]]
    do_revise: Callable[[Any, dict[str, Any]], Any]

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with self.whole():
            row = self.acting_object(lock=True)
            require_seen(request, row)
            data = self.taken(self.revise_input, partial=True)
            return self.answer(self.do_revise(row, data))
