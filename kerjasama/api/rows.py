"""What the API sends: declared like any serializer, so that the description is right, but read by plain functions.

DRF's own way builds and walks field objects for each request; a list of fifty rows costs more in that than in its query. Here the
fields are looked at once per class, and a row is one dictionary of plain reads.
"""

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Any

from django.db import models
from django.urls import reverse
from drf_spectacular.drainage import set_override
from rest_framework import serializers
from rest_framework.request import Request

Read = Callable[[Any, "Audience"], Any]


class Audience:
    """Who reads, and under which addresses. One per answer; the address of a noun is worked out once."""

    def __init__(self, request: Request | None) -> None:
        self.request = request
        self.user = getattr(request, "user", None)
        self._addresses: dict[str, str] = {}

    def address(self, noun: str, pk: object) -> str:
        start = self._addresses.get(noun)
        if start is None:
            start = reverse(f"api:{noun}-list")
            if self.request is not None:
                start = self.request.build_absolute_uri(start)
            self._addresses[noun] = start
        return f"{start}{pk}/"

    def absolute(self, path: str) -> str:
        return self.request.build_absolute_uri(path) if self.request is not None else path


class Computed(serializers.Field):
    """A value that is worked out from the row. ``shape`` is a field that describes it.

    ``read(row, audience)`` must cost no query.
    """

    def __init__(self, shape: serializers.Field, read: Read, **kwargs: Any) -> None:
        super().__init__(read_only=True, help_text=shape.help_text, **kwargs)
        self.read = read
        self.shape = shape
        set_override(self, "field", shape)


class Url(serializers.URLField):
    """The address of the row itself."""

    def __init__(self, noun: str, **kwargs: Any) -> None:
        super().__init__(read_only=True, help_text="Its own address.", **kwargs)
        self.noun = noun

    def read(self, row: Any, audience: Audience) -> str:
        return audience.address(self.noun, row.pk)


class Display(serializers.CharField):
    """The row in a few words, for people."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, help_text="In a few words, for people.", **kwargs)

    def read(self, row: Any, audience: Audience) -> str:
        return str(row)


class LinkShape(serializers.Serializer):
    id = serializers.CharField()
    url = serializers.URLField()
    display = serializers.CharField(help_text="In a few words, for people.")


class Link(serializers.Field):
    """A related row as ``{id, url, display}``; null when there is none. The list's query must join it.

    ``through`` finds it where it is not an attribute of the row.
    """

    def __init__(self, noun: str, through: Callable[[Any], Any] | None = None, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)
        self.noun = noun
        self.through = through
        set_override(self, "field", LinkShape(read_only=True, **kwargs))

    def read(self, row: Any, audience: Audience) -> dict[str, Any] | None:
        other = self.through(row) if self.through is not None else getattr(row, self.source)
        return link(self.noun, other, audience)


def link(noun: str, other: models.Model | None, audience: Audience) -> dict[str, Any] | None:
    if other is None:
        return None
    return {"id": other.pk, "url": audience.address(noun, other.pk), "display": str(other)}


_readers: dict[type, dict[str, Read]] = {}


class Said:
    """How a row is read: by one function per field, found once per class."""

    @classmethod
    def reads(cls) -> dict[str, Read]:
        """Name → function, in the order in which they are sent."""
        found = _readers.get(cls)
        if found is None:
            found = _readers[cls] = {name: _reader(field) for name, field in cls().fields.items()}
        return found

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return self.say(instance, Audience(self.context.get("request")))

    @classmethod
    def say(cls, row: Any, audience: Audience, only: frozenset[str] | None = None) -> dict[str, Any]:
        return {
            name: read(row, audience) for name, read in cls.reads().items() if only is None or name in only
        }


class PlainRow(Said, serializers.Serializer):
    """Rows of several models that say the same."""


class Row(Said, serializers.ModelSerializer):
    """A row as it is sent. Never used for input."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if hasattr(cls, "Meta"):
            cls.Meta.read_only_fields = cls.Meta.fields


def _reader(field: Any) -> Read:
    own = getattr(field, "read", None)
    if own is not None:
        return own
    if isinstance(field, serializers.ListSerializer) and isinstance(field.child, Said):
        source, child = field.source, type(field.child)
        return lambda row, audience: [child.say(each, audience) for each in getattr(row, source).all()]
    if isinstance(field, Said):
        source, nested = field.source, type(field)

        def one(row: Any, audience: Audience) -> Any:
            other = getattr(row, source, None)
            return None if other is None else nested.say(other, audience)

        return one
    plain = attrgetter(field.source)
    if isinstance(field, serializers.DecimalField):
        return partial(_exact, plain)
    return lambda row, audience: plain(row)


def _exact(plain: Callable[[Any], Any], row: Any, audience: Audience) -> str | None:
    """Sums and counts as text, as the description promises: a number in JSON would be read as a rounded one."""
    value = plain(row)
    return None if value is None else str(value)


class Removed(serializers.Serializer):
    """What is answered about a thing that was taken away: which one it was."""

    id = serializers.UUIDField(help_text="The id that it had; it is not given to anything else.")
    removed = serializers.BooleanField(help_text="Always true.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {"id": str(instance), "removed": True}
