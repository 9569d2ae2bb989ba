"""How what is done together moves: the table is asked, few fields are written, the event is added (A12, F14).

Callers hold the locks: activity or tool first, then what belongs to it.
"""

from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from agreements.lifecycle import RUNS
from agreements.models import Activity, Booking
from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput, NotPermitted
from kerjasama.domain.lifecycle import CLOCK, Life
from libraries.access import roles_toward
from libraries.models import Institution, User


def roles_of(actor: User | None, row: Activity | Booking) -> set[str]:
    """Roles toward an activity (office, guests) or a booking (owner, borrower); no actor means the clock."""
    if actor is None:
        return {CLOCK}
    if isinstance(row, Booking):
        return roles_toward(actor, owner=row.equipment.owner_id, borrower=row.institution_id)
    found = roles_toward(actor, office=row.office_id)
    for guest in row.participations.all():
        found |= roles_toward(actor, guest=guest.institution_id)
    return found


def take_step(
    life: Life,
    action: str,
    row: Activity | Booking,
    *,
    actor: User | None,
    note: str = "",
    **fields: Any,
) -> None:
    """Move a locked ``row`` by ``action`` of its ``life`` and write its event; ``fields`` are saved with the state.

    Raises NotPermitted or TransitionRefused, as the table says.
    """
    step = life.ask(action, row.status, roles_of(actor, row))
    before = row.status
    for name, value in fields.items():
        setattr(row, name, value)
    row.status = step.target or before
    names = ["status", "updated_at", *fields]
    if isinstance(row, Activity):
        row.version += 1
        names.append("version")
    row.save(update_fields=names)
    write_event(row, action, actor=actor, before=before, note=note)


def write_event(
    row: Activity | Booking, action: str, *, actor: User | None, before: str | None = None, note: str = ""
) -> Any:
    """Add one event about ``row``, which is in its new state; ``before`` None says that the state stayed."""
    kind: Any = row.events.model
    return kind.objects.create(
        subject=row,
        action=action,
        from_state=row.status if before is None else before,
        to_state=row.status,
        actor=actor,
        at=clock.now(),
        note=note,
    )


def require_runs(actor: User, office: Institution) -> AbstractSet[str]:
    """Refuse (``role_missing``) whoever does not lead activities or keep tools at ``office``."""
    held = roles_toward(actor, office=office.pk)
    if not held & RUNS:
        raise NotPermitted(
            "role_missing",
            _(
                "Only officers, librarians, coordinators and the head of %(office)s may do this. Ask one of them."
            )
            % {"office": office},
        )
    return held


def require_reason(note: str) -> None:
    if not note.strip():
        raise InvalidInput("reason_missing", _("Give the reason; it is kept in the history."), field="note")


def require_order(begins_at: datetime, ends_at: datetime) -> None:
    for name, moment in (("begins_at", begins_at), ("ends_at", ends_at)):
        if not 1945 <= moment.year <= 2199:
            raise InvalidInput("year_wrong", _("Look at the year again."), field=name)
    if ends_at <= begins_at:
        raise InvalidInput("turned_round", _("The end must lie after the beginning."), field="ends_at")


def civil(moment: datetime, office: Institution) -> date:
    """The date of a moment on the calendar of ``office``."""
    return moment.astimezone(ZoneInfo(office.zone)).date()
