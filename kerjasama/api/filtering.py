"""Filters that refuse what they do not know: a misspelt filter must never mean "everything"."""

from typing import Any

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

# Parameters that every list understands besides its filters.
COMMON = frozenset({"limit", "cursor", "count", "fields"})


class StrictFilterBackend(DjangoFilterBackend):
    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        if getattr(view, "action", None) == "retrieve":
            return queryset
        filterset_class = self.get_filterset_class(view, queryset)
        known = set(filterset_class.base_filters) if filterset_class else set()
        given = set(request.query_params) - COMMON
        refuse_unknown(given - known, known | COMMON)
        # Building the form of a filter set costs more than the query of a short list.
        return super().filter_queryset(request, queryset, view) if given else queryset


def refuse_unknown(unknown: set[str], known: set[str] | frozenset[str]) -> None:
    """Answer 400 for parameters that this address does not have."""
    if unknown:
        raise ValidationError(
            {
                name: _("There is no parameter of this name. Known are: %(names)s.")
                % {"names": ", ".join(sorted(known))}
                for name in sorted(unknown)
            },
            code="unknown_parameter",
        )
