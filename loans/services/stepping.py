"""The one way in which things of this app move: the table is asked, few fields are written, the event is added.

Callers hold the locks. Order, always: agreement, programme, period, consignment or visit, lines and copies by id.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from django.db import connection
from django.db.models.sql import InsertQuery, UpdateQuery

from kerjasama.domain import clock
from kerjasama.domain.lifecycle import CLOCK, Life
from kerjasama.domain.models import StatusEvent
from libraries.access import roles_toward
from libraries.models import User
from loans.models import Case, Consignment, Period, Programme, ReturnVisit, RotationPlan, Stocktake, Wish

Living = Programme | Period | Consignment | Case | ReturnVisit | RotationPlan | Stocktake | Wish


def roles_of(actor: User | None, row: Living) -> AbstractSet[str]:
    """Roles toward ``row``; no actor means the clock. A period's sides are those of its programme."""
    if actor is None:
        return {CLOCK}
    if isinstance(row, RotationPlan):
        return roles_toward(actor, lender=row.lender_id)
    sides = row.programme if isinstance(row, Period) else row
    return roles_toward(actor, lender=sides.lender_id, partner=sides.partner_id)


def take_step(
    life: Life,
    action: str,
    row: Living,
    *,
    actor: User | None,
    note: str = "",
    roles: AbstractSet[str] | None = None,
    **fields: Any,
) -> None:
    """Move a locked ``row`` by ``action`` of its ``life`` and write its event; ``fields`` are saved with the state.

    ``roles`` replaces the actor's own where one verb does the step of another life on the way (a delivery begins its
    period). Raises NotPermitted or TransitionRefused, as the table says.
    """
    step = life.ask(action, row.status, roles_of(actor, row) if roles is None else roles)
    before = row.status
    for name, value in fields.items():
        setattr(row, name, value)
    row.status = step.target or before
    _save_with_event(row, ("status", "updated_at", *fields), _event(row, action, actor, before, note))


def write_event(
    row: Living, action: str, *, actor: User | None, before: str | None = None, note: str = ""
) -> None:
    """Add one event about ``row``, which is in its new state; ``before`` None says that the state stayed."""
    _event(row, action, actor, row.status if before is None else before, note).save(force_insert=True)


def _event(row: Living, action: str, actor: User | None, before: str, note: str) -> StatusEvent:
    kind: Any = row.events.model
    event: StatusEvent = kind(
        subject=row,
        action=action,
        from_state=before,
        to_state=row.status,
        actor=actor,
        at=clock.now(),
        note=note,
    )
    return event


def _save_with_event(row: Living, names: Iterable[str], event: StatusEvent) -> None:
    """The changed fields and the event in one statement: a handover has a dozen to spend, and takes two steps (G7)."""
    columns: list[Any] = [row._meta.get_field(name) for name in names]
    update: Any = type(row)._base_manager.filter(pk=row.pk).query.chain(UpdateQuery)
    update.add_update_fields([(column, None, column.pre_save(row, add=False)) for column in columns])
    insert = InsertQuery(type(event))
    insert.insert_values(event._meta.concrete_fields, [event])
    changed, values = update.get_compiler(connection=connection).as_sql()
    [(noted, more)] = insert.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(f"WITH changed AS ({changed}) {noted}", (*values, *more))
