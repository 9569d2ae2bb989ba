"""Examples of answers, made from the very fields that are sent, so that they cannot say what is not true any more.

A row says with ``Meta.example`` what its words look like: ``{"display": "SDN 01", "partner": "SDN 01"}``; everything else
follows from the kind of field.
"""

from typing import Any

from rest_framework import serializers

from kerjasama.api.rows import Computed, Display, Link, Said, Url

_START = "https://kerjasama.example/api/v1"
_IDS = ("01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11", "01935c7e-9b11-7a02-8e41-5d2f6c7a9b20")


def example_of(row: type[Said]) -> dict[str, Any]:
    """One row as it is sent."""
    own = getattr(getattr(row, "Meta", None), "example", {})
    fields: dict[str, Any] = row().fields
    return {name: _value(field, own.get(name, ...)) for name, field in fields.items()}


def _value(field: Any, given: Any) -> Any:
    if isinstance(field, Link):
        key = _IDS[1]
        display = "…" if given is ... else given
        return {"id": key, "url": f"{_START}/{field.noun}/{key}/", "display": display} if display else None
    if isinstance(field, Url):
        return f"{_START}/{field.noun}/{_IDS[0]}/"
    if given is not ...:
        return given
    if isinstance(field, Computed):
        return _value(field.shape, ...)
    if isinstance(field, serializers.ListSerializer) and isinstance(field.child, Said):
        return [example_of(type(field.child))]
    if isinstance(field, Said):
        return example_of(type(field))
    for kind, value in _BY_KIND:
        if isinstance(field, kind):
            return value(field)
    return "…" if isinstance(field, Display) else ""


_BY_KIND: tuple[tuple[Any, Any], ...] = (
    (serializers.UUIDField, lambda field: _IDS[0]),
    (serializers.ChoiceField, lambda field: next((key for key in field.choices if key), "")),
    (serializers.BooleanField, lambda field: True),
    (serializers.DateTimeField, lambda field: "2026-11-22T01:30:00Z"),
    (serializers.DateField, lambda field: "2026-11-23"),
    (serializers.DecimalField, lambda field: "45000.00"),
    (serializers.IntegerField, lambda field: 1),
    (serializers.URLField, lambda field: f"{_START}/…"),
    (serializers.ListField, lambda field: []),
    (serializers.DictField, lambda field: {}),
)
