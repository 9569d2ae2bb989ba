"""Every change to a record is kept by a database trigger, so bulk updates and plain SQL are kept as well."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def audited(*, exclude: Sequence[str] = (), fields: Sequence[str] | None = None) -> Callable[[M], M]:
    """Class decorator: keep each insert, update and delete of the row in ``<Model>Audit`` with who, when, from where.

    ``exclude`` leaves out fields that change without anybody deciding anything (progress, passwords);
    ``fields`` keeps only these. An audit table can only be added to.
    """

    narrowed: dict[str, Any] = {}
    if exclude:
        narrowed["exclude"] = list(exclude)
    if fields:
        narrowed["fields"] = list(fields)

    def wrap(model: M) -> M:
        tracked: M = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            model_name=f"{model.__name__}Audit",
            append_only=True,
            obj_field=pghistory.ObjForeignKey(related_name="audit_trail", related_query_name="audit_trail"),
            **narrowed,
        )(model)
        return tracked

    return wrap
