"""Cursor pages: as fast on page 1,000 as on page 1, and nothing is skipped when rows change meanwhile."""

from typing import Any

from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response


class CursorPages(CursorPagination):
    """``limit`` 1–200 (50 when not given), ``cursor`` from ``next``; a total only for ``?count=true``."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
    ordering = ("-id",)
    total: int | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        self.total = queryset.count() if request.query_params.get("count") == "true" else None
        return super().paginate_queryset(queryset, request, view)

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> Any:
        """The view's own order when it has one that is unique; ids are ordered by time, so newest come first."""
        return tuple(getattr(view, "cursor_ordering", self.ordering))

    def get_paginated_response(self, data: Any) -> Response:
        following, previous = self.get_next_link(), self.get_previous_link()
        body = {"next": following, "previous": previous, "results": data}
        if self.total is not None:
            body = {"count": self.total, **body}
        response = Response(body)
        links = [f'<{url}>; rel="{rel}"' for rel, url in (("next", following), ("prev", previous)) if url]
        if links:
            response["Link"] = ", ".join(links)
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        uri = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "Only for ?count=true."},
                "next": uri,
                "previous": uri,
                "results": schema,
            },
        }
