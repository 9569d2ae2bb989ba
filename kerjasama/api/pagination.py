"""Cursor pages: as fast on page 1,000 as on page 1, and nothing is skipped when rows change meanwhile."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError as Malformed
from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

# Newest first: identifiers are ordered by time. Readers who follow changes get them in the order in which they happened,
# so a row that changes meanwhile comes up again later and is never skipped.
NEWEST_FIRST = ("-id",)
AS_CHANGED = ("updated_at", "id")


class CursorPages(BasePagination):
    """``limit`` 1–200 (50 when not given), ``cursor`` from ``next``; a total only for ``?count=true``.

    The cursor holds the values that the last row of a page is ordered by, all of them: equal moments neither repeat a row
    nor lose one, and no page costs more than the first.
    """

    page_size = 50
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.total = queryset.count() if _wanted(request) else None
        self.order = self.get_ordering(request, view)
        size = self.get_page_size(request)
        backward, after = self.decode(request.query_params.get("cursor", ""))
        order = [_turned(name) for name in self.order] if backward else list(self.order)
        try:
            if after is not None:
                queryset = queryset.filter(_beyond(order, after))
            rows = list(queryset.order_by(*order)[: size + 1])
        except (Malformed, ValueError):
            raise _bad_cursor()
        more = len(rows) > size
        rows = rows[:size]
        if backward:
            rows.reverse()
        self.following = self.link(False, rows[-1]) if rows and (more or backward) else None
        self.previous = (
            self.link(True, rows[0]) if rows and (more if backward else after is not None) else None
        )
        return rows

    def get_ordering(self, request: Request, view: Any) -> Sequence[str]:
        if request.query_params.get("updated_since"):
            return AS_CHANGED
        return tuple(getattr(view, "cursor_ordering", NEWEST_FIRST))

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get("limit")
        if given is None:
            return self.page_size
        if not given.isascii() or not given.isdigit() or not 1 <= int(given[:9]) <= self.max_page_size:
            raise ValidationError(
                {"limit": _("A number from 1 to %(most)s.") % {"most": self.max_page_size}}, code="malformed"
            )
        return int(given)

    def link(self, backward: bool, row: Any) -> str:
        values = [str(getattr(row, name.lstrip("-"))) for name in self.order]
        cursor = urlsafe_b64encode(json.dumps([int(backward), *values]).encode()).decode().rstrip("=")
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def decode(self, cursor: str) -> tuple[bool, list[str] | None]:
        if not cursor:
            return False, None
        try:
            backward, *values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        except ValueError:
            raise _bad_cursor()
        if backward not in (0, 1) or len(values) != len(self.order):
            raise _bad_cursor()
        if not all(isinstance(value, str) and "\0" not in value for value in values):
            raise _bad_cursor()
        return bool(backward), values

    def get_paginated_response(self, data: Any) -> Response:
        body = {"next": self.following, "previous": self.previous, "results": data}
        if self.total is not None:
            body = {"count": self.total, **body}
        response = Response(body)
        links = [
            f'<{url}>; rel="{rel}"' for rel, url in (("next", self.following), ("prev", self.previous)) if url
        ]
        if links:
            response["Link"] = ", ".join(links)
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        uri = {"type": ["string", "null"], "format": "uri", "example": None}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "Only for ?count=true.", "example": 1},
                "next": uri,
                "previous": uri,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        def parameter(name: str, schema: dict[str, Any], words: str) -> dict[str, Any]:
            return {"name": name, "in": "query", "required": False, "description": words, "schema": schema}

        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [
            parameter("cursor", {"type": "string"}, "From `next` or `previous`; not to be made by hand."),
            parameter("limit", size, "Rows on a page."),
            parameter("count", {"type": "boolean", "default": False}, "Also count all rows. Costs time."),
        ]


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], values: Sequence[str]) -> Q:
    """Rows after the one with these values. Written so that PostgreSQL walks an index on the ordered columns."""
    name, value = order[0], values[0]
    field, side = (name[1:], "lt") if name.startswith("-") else (name, "gt")
    if len(order) == 1:
        return Q(**{f"{field}__{side}": value})
    strictly, same = Q(**{f"{field}__{side}": value}), Q(**{field: value})
    return Q(**{f"{field}__{side}e": value}) & (strictly | same & _beyond(order[1:], values[1:]))


def _wanted(request: Request) -> bool:
    given = request.query_params.get("count", "false")
    if given not in ("true", "false"):
        raise ValidationError({"count": _("Only true or false.")}, code="malformed")
    return given == "true"


def _bad_cursor() -> ValidationError:
    return ValidationError(
        {"cursor": _("This cursor is not one of ours. Begin again at the first page.")}, code="malformed"
    )
