"""Bases of every endpoint: scoped at the bottom, errors translated once, transitions as one POST each."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer


class ScopedViewSet(viewsets.GenericViewSet):
    """Rows come only through ``visible_to(user)``. ``scope_noun`` names the token scope and the tag."""

    scope_noun = ""
    lookup_value_converter = "uuid"

    def get_queryset(self) -> Any:
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        return queryset.visible_to(self.request.user)


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ScopedViewSet):
    """List, filter, retrieve."""


class WriteMixin:
    """Create and change through a service, then look again: a row that left the actor's sight is rolled back."""

    get_object: Callable[[], Any]
    get_queryset: Callable[[], Any]
    get_serializer: Callable[..., BaseSerializer[Any]]
    request: Request

    def answer(self, row: Any, status: int = 200) -> Response:
        fresh = self.get_queryset().filter(pk=row.pk).first()
        if fresh is None:
            raise Http404
        return Response(self.output(fresh).data, status=status)

    def output(self, row: Any) -> BaseSerializer[Any]:
        return self.get_serializer(row)

    def within(self, work: Callable[[], Any], status: int = 200) -> Response:
        """Run ``work`` and serialise its row in one transaction."""
        with transaction.atomic():
            return self.answer(work(), status)
