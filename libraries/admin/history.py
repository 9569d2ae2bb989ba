"""The history of a record, read from the rows that the database's own triggers kept: who, when, from where, what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from libraries.models import User

# What the trigger writes for itself, and what every save touches.
QUIET = frozenset({"updated_at", "created_at", "version"})
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One saved change. ``fields`` are (label, before, after); ``before`` is None for a new record."""

    at: datetime
    what: str
    actor: str
    address: str
    path: str
    request: str
    fields: list[tuple[str, str | None, str]]


def history_of(obj: Any) -> list[Change]:
    """The changes of ``obj``, newest first, at most ``SHOWN``. Three queries."""
    rows = list(obj.audit_trail.select_related("pgh_context").order_by("-pgh_id")[: SHOWN + 1])
    contexts = [row.pgh_context.metadata if row.pgh_context else {} for row in rows]
    ids = {context.get("user") for context in contexts} - {None}
    names = {str(user.pk): str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}
    fields = [
        field
        for field in type(obj)._meta.concrete_fields
        if field.name not in QUIET and not field.primary_key and rows and hasattr(rows[0], field.attname)
    ]
    found = []
    for index, (row, context) in enumerate(zip(rows[:SHOWN], contexts, strict=False)):
        before = rows[index + 1] if index + 1 < len(rows) else None
        found.append(
            Change(
                at=row.pgh_created_at,
                what=_what(row.pgh_label),
                actor=names.get(str(context.get("user")), "") or _("The system itself"),
                address=context.get("address", ""),
                path=context.get("url", ""),
                request=context.get("request", ""),
                fields=_changed(fields, before if row.pgh_label != "insert" else None, row),
            )
        )
    return found


def _what(label: str) -> str:
    return {"insert": _("Created"), "update": _("Changed"), "delete": _("Deleted")}.get(label, label)


def _changed(
    fields: "list[models.Field[Any, Any]]", before: Any, after: Any
) -> list[tuple[str, str | None, str]]:
    told = []
    for field in fields:
        new = getattr(after, field.attname)
        old = getattr(before, field.attname) if before is not None else None
        if (before is None and new not in (None, "", [])) or (before is not None and old != new):
            told.append(
                (str(field.verbose_name), None if before is None else _words(field, old), _words(field, new))
            )
    return told


def _words(field: "models.Field[Any, Any]", value: Any) -> str:
    """A value as people read it. A reference is shown by its key: looking each up would cost a query a line."""
    if value in (None, "", []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)
