"""The one way in which things of this app move: the table is asked, few fields are written, the event is added.

Callers hold the locks. Order, always: agreement, programme, period, consignment or visit, lines and copies by id.
"""

from collections.abc import Collection
from typing import Any

from django.db import models

from kerjasama.domain import clock
from kerjasama.domain.lifecycle import CLOCK, Life
from kerjasama.domain.models import StatusEvent
from libraries.access import roles_toward
from libraries.models import User
from loans.models import Case, Consignment, Period, Programme, ReturnVisit


def roles_of(
    actor: User | None, row: Programme | Period | Consignment | Case | ReturnVisit
) -> Collection[str]:
    """Roles toward ``row``; no actor means the clock. A period's sides are those of its programme."""
    if actor is None:
        return {CLOCK}
    sides = row.programme if isinstance(row, Period) else row
    return roles_toward(actor, lender=sides.lender_id, partner=sides.partner_id)


def take_step(
    life: Life,
    action: str,
    row: Any,
    *,
    actor: User | None,
    note: str = "",
    roles: Collection[str] | None = None,
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
    row.save(update_fields=["status", "updated_at", *fields])
    events = row.events.model
    write_events(events, [event(row, action, before, row.status, actor, note)])


def event(
    row: models.Model, action: str, before: str, after: str, actor: User | None, note: str = ""
) -> StatusEvent:
    """An unsaved event row about ``row``."""
    kind = row.events.model  # type: ignore[attr-defined]
    made: StatusEvent = kind(
        subject=row, action=action, from_state=before, to_state=after, actor=actor, at=clock.now(), note=note
    )
    return made


def write_events(kind: Any, rows: list[StatusEvent]) -> None:
    kind.objects.bulk_create(rows)
