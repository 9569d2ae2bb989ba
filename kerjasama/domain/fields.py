"""Fields that migrations may describe without importing this project."""

from typing import Any

from django.db import models

from kerjasama.domain.identity import uuid7


class Uuid7Field(models.UUIDField):  # type: ignore[type-arg]
    """A UUIDv7 primary key. In migrations it is Django's plain UUIDField: they must run without app code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"primary_key": True, "default": uuid7, "editable": False}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        return name, "django.db.models.UUIDField", args, kwargs
