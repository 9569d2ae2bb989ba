"""Every change to a record is kept by a database trigger, so bulk updates and plain SQL are kept as well."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import connections, models

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


def install_history(*, using: str, plan: Sequence[tuple[Any, bool]] = (), **_signal: Any) -> None:
    """At the end of ``migrate``: the triggers of every audited model, as the models are now.

    On the way back, or halfway forth, tables or columns that the triggers name are missing: then they stay as they are.
    ``plan``: what was migrated, and whether backwards.
    """
    if any(backwards for _migration, backwards in plan):
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if all(model._meta.db_table in tables for model, _trigger in pgtrigger.registered()):
        pgtrigger.install(database=using)
