"""The one way in which things of this app move: the table is asked, few fields are written, the event is added.

Callers hold the locks. Order, always: trip, visits by id, series; and before whatever lending locks.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from kerjasama.domain import clock
from kerjasama.domain.lifecycle import CLOCK, Life
from libraries.access import roles_toward
from libraries.models import User
from mobile_service.models import RoutePlan, Series, Trip, Visit, VisitRequest

Living = Series | Trip | Visit | VisitRequest | RoutePlan


def roles_of(actor: User | None, row: Living) -> AbstractSet[str]:
    """Roles toward ``row``; no actor means the clock. A visit's and a series' sides are those of its stop."""
    if actor is None:
        return {CLOCK}
    if isinstance(row, Visit | Series):
        return roles_toward(actor, office=row.stop.office_id, partner=row.stop.partner_id)
    if isinstance(row, VisitRequest):
        return roles_toward(actor, office=row.office_id, partner=row.partner_id)
    return roles_toward(actor, office=row.office_id)


def take_step(
    life: Life,
    action: str,
    row: Living,
    *,
    actor: User | None,
    note: str = "",
    roles: AbstractSet[str] | None = None,
    marks: Mapping[str, Any] | None = None,
    **fields: Any,
) -> None:
    """Move a locked ``row`` by ``action`` of its ``life`` and write its event; ``fields`` are saved with the state.

    ``roles`` replaces the actor's own where one verb does the step of another life on the way, or a crew's phone acts; ``marks``
    are further fields of the event.
    Raises NotPermitted or TransitionRefused, as the table says.
    """
    step = life.ask(action, row.status, roles_of(actor, row) if roles is None else roles)
    before = row.status
    for name, value in fields.items():
        setattr(row, name, value)
    row.status = step.target or before
    row.save(update_fields=["status", "updated_at", *fields])
    write_event(row, action, actor=actor, before=before, note=note, **(marks or {}))


def write_event(
    row: Living,
    action: str,
    *,
    actor: User | None,
    before: str | None = None,
    note: str = "",
    **marks: Any,
) -> None:
    """Add one event about ``row``, which is in its new state; ``before`` None says that the state stayed."""
    kind: Any = row.events.model
    kind(
        subject=row,
        action=action,
        from_state=row.status if before is None else before,
        to_state=row.status,
        actor=actor,
        at=clock.now(),
        note=note,
        **marks,
    ).save(force_insert=True)
