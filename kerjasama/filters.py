"""What the filter sets of all apps share. One filter set per model serves the API and the pages."""

from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class YesNoSelect(forms.NullBooleanSelect):
    """Django's own reads what it does not know as nothing; this hands it on, to be refused."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        known = super().value_from_datadict(data, files, name)
        given = data.get(name)
        return known if known is not None or given == "unknown" else given


class YesNoField(forms.NullBooleanField):
    widget = YesNoSelect

    def to_python(self, value: Any) -> bool | None:
        said = super().to_python(value)
        if said is None and value not in self.empty_values:
            raise ValidationError(_("Only true or false."), code="invalid")
        return said


class YesNoFilter(django_filters.BooleanFilter):
    """``true`` or ``false``; anything else is refused, and never means "everything"."""

    field_class = YesNoField


class StrictFilter(django_filters.FilterSet):
    """A yes or no that is only named in ``Meta.fields`` is as strict as one that is written out."""

    FILTER_DEFAULTS = {
        **django_filters.FilterSet.FILTER_DEFAULTS,
        models.BooleanField: {"filter_class": YesNoFilter},
    }


class RecordFilter(StrictFilter):
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
