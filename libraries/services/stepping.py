"""The one way in which things of this floor move: the table is asked, few fields are written, the event is added.

Callers hold the lock on the row.
"""

from collections.abc import Set as AbstractSet
from typing import Any

from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput
from kerjasama.domain.lifecycle import CLOCK, Life
from libraries.access import roles_toward
from libraries.models import Assessment, FollowUp, Network, User

Living = Network | Assessment | FollowUp


def roles_of(actor: User | None, row: Living) -> AbstractSet[str]:
    """Roles toward ``row``; no actor means the clock. A follow-up's sides are those of its assessment."""
    if actor is None:
        return {CLOCK}
    if isinstance(row, Network):
        return roles_toward(actor, office=row.office_id)
    sides = row.assessment if isinstance(row, FollowUp) else row
    return roles_toward(actor, office=sides.office_id, respondent=sides.respondent_id)


def take_step(
    life: Life, action: str, row: Living, *, actor: User | None, note: str = "", **fields: Any
) -> None:
    """Move a locked ``row`` by ``action`` of its ``life`` and write its event; ``fields`` are saved with the state.

    Raises NotPermitted or TransitionRefused, as the table says.
    """
    step = life.ask(action, row.status, roles_of(actor, row))
    before = row.status
    for name, value in fields.items():
        setattr(row, name, value)
    row.status = step.target or before
    changed = ["status", "updated_at", *fields]
    if not isinstance(row, Assessment):
        row.version += 1
        changed.append("version")
    row.save(update_fields=changed)
    write_event(row, action, actor=actor, before=before, note=note)


def write_event(row: Living, action: str, *, actor: User | None, before: str = "", note: str = "") -> None:
    """Add one event about ``row``, which is in its new state."""
    kind: Any = row.events.model
    kind.objects.create(
        subject=row,
        action=action,
        from_state=before,
        to_state=row.status,
        actor=actor,
        at=clock.now(),
        note=note,
    )


def require_reason(note: str) -> str:
    """The reason without blanks around it. Raises InvalidInput (``reason_missing``)."""
    if not note.strip():
        raise InvalidInput("reason_missing", _("Give the reason; it is kept in the history."), field="note")
    return note.strip()
