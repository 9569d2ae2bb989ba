"""Filters that refuse what they do not know: a misspelt filter must never mean "everything"."""

from typing import Any

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

# Parameters that every list understands besides its filters.
COMMON = frozenset({"limit", "cursor", "count", "fields", "format"})


class StrictFilterBackend(DjangoFilterBackend):
    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        if getattr(view, "action", None) != "list":
            return queryset
        filterset_class = self.get_filterset_class(view, queryset)
        known = set(filterset_class.base_filters) if filterset_class else set()
        unknown = sorted(set(request.query_params) - known - COMMON)
        if unknown:
            raise ValidationError(
                {
                    name: _("There is no filter of this name. Known are: %(names)s.")
                    % {"names": ", ".join(sorted(known | COMMON - {"format"}))}
                    for name in unknown
                },
                code="unknown_parameter",
            )
        return super().filter_queryset(request, queryset, view)
