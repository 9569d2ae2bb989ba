"""What the API takes: named fields and no others. What nobody asked for is refused, never quietly dropped (S3)."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _
from rest_framework import serializers


def lacks_offset(value: Any) -> bool:
    """Whether it is read as a moment, but does not say on which clock. What is no moment at all is for its field to refuse."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    return moment is not None and is_naive(moment)


class StrictFields:
    """Refuses unknown members of the body, and moments without an offset, each by its pointer.

    In a country of three zones 09.00 is three moments; which one is meant is never guessed (R12).
    """

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {name: _("This field cannot be given here.") for name in unknown}, code="unknown_field"
                )
            moments = (
                name for name, field in self.fields.items() if isinstance(field, serializers.DateTimeField)
            )
            bare = [name for name in moments if lacks_offset(data.get(name))]
            if bare:
                said = _("Give the moment with its offset, such as 2026-12-10T09:00:00+07:00.")
                raise serializers.ValidationError(dict.fromkeys(bare, said), code="offset_missing")
        return super().to_internal_value(data)


class Input(StrictFields, serializers.Serializer):
    """A body of its own making."""


class ModelInput(StrictFields, serializers.ModelSerializer):
    """A body whose fields are those of a model. Rules across fields are the service's, and the database's."""

    def get_validators(self) -> list[Any]:
        return []

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        made, options = super().build_standard_field(field_name, model_field)
        # Uniqueness is asked by the service, under its lock and with its sentence.
        validators = [each for each in options.get("validators", []) if not hasattr(each, "queryset")]
        if "validators" in options:
            options["validators"] = validators
        return made, options


class Visible(serializers.PrimaryKeyRelatedField):
    """The id of a row that the sender may see. An unknown id and somebody else's are told alike."""

    def __init__(self, model: type[models.Model], **kwargs: Any) -> None:
        self.model = model
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", model._default_manager.all())
        super().__init__(**kwargs)

    def get_queryset(self) -> Any:
        request = self.context.get("request")
        if request is None:
            return self.model._default_manager.none()
        return self.model._default_manager.visible_to(request.user)


class NoteInput(Input):
    note = serializers.CharField(max_length=2000, help_text="The reason; kept in the history.")
