"""What the filter sets of all apps share. One filter set per model serves the API and the pages."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class RecordFilter(django_filters.FilterSet):
    """For rows with the two moments of `Record`; ``updated_since`` lets a program follow what changes."""

    updated_since = django_filters.IsoDateTimeFilter(
        field_name="updated_at",
        lookup_expr="gte",
        label=_("changed since"),
        help_text=_("A moment with its offset, such as 2026-11-22T08:00:00+07:00."),
    )


def of_user(model: type[models.Model]) -> Callable[[HttpRequest | None], Any]:
    """Choices of a related filter: what the reader may see, so that a filter cannot be used to guess."""

    def choices(request: HttpRequest | None) -> Any:
        manager = model._default_manager
        user = getattr(request, "user", None)
        return manager.none() if user is None else manager.visible_to(user)

    return choices


def related(model: type[models.Model], **options: Any) -> django_filters.ModelChoiceFilter:
    """A filter by a related row that the reader may see."""
    return django_filters.ModelChoiceFilter(queryset=of_user(model), **options)
