"""The days of swaps: looked at before they are moved, moved, planned anew when days change, given up (L1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from kerjasama.domain.lifecycle import CLOCK
from kerjasama.domain.wording import plain_date
from libraries.models import User
from loans.choices import PeriodStatus
from loans.duedates import ClosedDays, next_open_day, swap_day
from loans.lifecycle import DESK, PERIOD
from loans.models import Period, PeriodEvent, Programme
from loans.services.following import follow
from loans.services.foreseeing import upsets
from loans.services.programmes import (
    closed_days,
    end_on,
    lock_period,
    lock_programme,
    require_open_days,
    require_reason,
)
from loans.services.stepping import roles_of, take_step, write_event


@dataclass(frozen=True, slots=True)
class MoveLook:
    """What a move would meet: ``refusal`` forbids it, ``remarks`` are to be known. It may lie after ``first``, before ``last``.

    ``upsets``: those of the remarks that say what becomes of the adopted plan.
    """

    starts_on: date
    first: date
    last: date
    refusal: InvalidInput | None
    remarks: Sequence[str]
    upsets: Sequence[str] = ()


def look_at_move(*, period: Period, starts_on: date, actor: User) -> MoveLook:
    """The limits of a move before the desk makes it. Changes nothing; it names where else the van goes that day."""
    programme = period.programme
    PERIOD.ask("move", period.status, roles_of(actor, period))
    today = clock.today(programme.lender.zone)
    before = _before(period)
    first = max(today, before.starts_on + clock.days(1)) if before else today
    ends_with = before if before and before.sequence == period.sequence - 1 else None
    last = period.ends_on - clock.days(1)
    closed = closed_days(programme)
    broken = upsets(period, starts_on, ends_with)
    return MoveLook(
        starts_on,
        first,
        last,
        _refusal(starts_on, today=today, closed=closed, before=before, period=period),
        [*_remarks(period, starts_on, closed), *broken],
        broken,
    )


@transaction.atomic
def move_period(*, period: Period, starts_on: date, actor: User, expected: date | None = None) -> Period:
    """Move a planned swap to another day; the period before it ends on that day too.

    ``expected``: the day from which it is moved, as the mover saw it. Raises InvalidInput: a date before today, on a closed
    day, or that passes its neighbours; Conflict (``stale``) when somebody else has moved it meanwhile.
    """
    fresh = lock_period(period)
    if expected is not None and fresh.starts_on != expected:
        raise Conflict(
            "stale",
            _("Somebody else has moved this swap meanwhile: it is on %(day)s now.")
            % {"day": plain_date(fresh.starts_on, get_language() or "id")},
            facts={"starts_on": fresh.starts_on.isoformat()},
        )
    before = _before(fresh, lock=True)
    refusal = _refusal(
        starts_on,
        today=clock.today(fresh.programme.lender.zone),
        closed=closed_days(fresh.programme),
        before=before,
        period=fresh,
    )
    if refusal is not None:
        raise refusal
    take_step(
        PERIOD, "move", fresh, actor=actor, note=f"{fresh.starts_on} → {starts_on}", starts_on=starts_on
    )
    # A delivery between them that was given up leaves the day of the books before it as it was said.
    if before is not None and before.sequence == fresh.sequence - 1:
        end_on(before, starts_on, actor)
    return fresh


def _before(period: Period, *, lock: bool = False) -> Period | None:
    rows: QuerySet[Period] = Period.objects.filter(
        programme=period.programme_id, sequence__lt=period.sequence
    ).exclude(status=PeriodStatus.CANCELLED)
    if lock:
        rows = rows.select_for_update(no_key=True)
    return rows.order_by("-sequence").first()


def _refusal(
    day: date, *, today: date, closed: ClosedDays, before: Period | None, period: Period
) -> InvalidInput | None:
    if day < today:
        return InvalidInput(
            "date_past", _("This date has already passed. Choose today or later."), field="starts_on"
        )
    if day in closed:
        return InvalidInput(
            "closed_day",
            _("The library or the school is closed on this day. Choose another."),
            facts={"next_open": swap_day(day, closed).isoformat()},
            field="starts_on",
        )
    if day >= period.ends_on or (before is not None and day <= before.starts_on):
        return InvalidInput(
            "passes_neighbour",
            _("The swap must stay between the one before and the one after it."),
            field="starts_on",
        )
    return None


def _remarks(period: Period, day: date, closed: ClosedDays) -> list[str]:
    """What does not forbid the day, but whoever chooses it should know."""
    said = []
    if closed.preferred and day.weekday() not in closed.preferred:
        said.append(
            _("%(day)s is not one of the weekdays that the school prefers: %(weekdays)s.")
            % {"day": date_format(day, "l"), "weekdays": weekday_words(closed.preferred)}
        )
    programme = period.programme
    others = list(
        Period.objects.filter(
            programme__lender=programme.lender_id, starts_on=day, status=PeriodStatus.PLANNED
        )
        .exclude(programme=programme)
        .order_by("programme__partner__name")
        .values_list("programme__partner__name", flat=True)[:4]
    )
    if others:
        names = ", ".join(others[:3]) + (" …" if len(others) > 3 else "")
        said.append(_("The van also goes to %(schools)s on this day.") % {"schools": names})
    if period.consignments.exclude(status="cancelled").exists():
        said.append(_("Books are being packed for this delivery already."))
    return said


def weekday_words(weekdays: Any) -> str:
    """ "Monday and Thursday" as a list in the reader's language."""
    monday = date(2024, 1, 1)
    return ", ".join(date_format(monday + clock.days(day), "l") for day in sorted(weekdays))


@transaction.atomic
def replan_periods(*, programme: Programme, actor: User | None) -> int:
    """After closed days changed: planned swaps that now fall on one are moved again. Returns how many moved.

    What lies on an open day stays, also where somebody has moved it there by hand. The period before a moved swap
    ends with it. The last day of the programme comes forward when it is closed now.
    """
    fresh = _ready_to_replan(programme, actor)
    follow(fresh, actor)
    closed = closed_days(fresh)
    return _replan(fresh, closed, actor, lambda period: swap_day(period.starts_on, closed, only_if_shut=True))


@transaction.atomic
def set_weekdays(*, programme: Programme, weekdays: Sequence[int], actor: User) -> int:
    """The weekdays on which this school would have its swaps; planned ones go there. Returns how many moved.

    Empty: any open day. A swap that somebody has moved by hand, or that is being packed, stays where it is. Raises InvalidInput
    (``unknown_weekday``, ``weekdays_closed``, ``always_closed``).
    """
    fresh = _ready_to_replan(programme, actor)
    require_open_days(fresh.lender, fresh.partner, weekdays)
    wanted = sorted(set(weekdays))
    if wanted == fresh.weekdays:
        return 0
    fresh.weekdays = wanted
    fresh.save(update_fields=["weekdays", "updated_at"])
    write_event(fresh, "weekdays", actor=actor, note=weekday_words(wanted))
    closed = closed_days(fresh)
    by_hand = set(
        PeriodEvent.objects.filter(subject__programme=fresh, action="move").values_list("subject", flat=True)
    )
    packed = set(
        fresh.periods.filter(consignments__isnull=False)
        .exclude(consignments__status="cancelled")
        .values_list("pk", flat=True)
    )
    return _replan(
        fresh,
        closed,
        actor,
        lambda period: (
            period.starts_on if period.pk in by_hand | packed else swap_day(period.nominal_on, closed)
        ),
    )


def _ready_to_replan(programme: Programme, actor: User | None) -> Programme:
    fresh = lock_programme(programme)
    if not roles_of(actor, fresh) & {*DESK, CLOCK}:
        raise NotPermitted(
            "role_missing", _("Only the circulation desk or an officer moves the swaps of a programme.")
        )
    return fresh


def _replan(programme: Programme, closed: ClosedDays, actor: User | None, day_of: Any) -> int:
    """Planned swaps still to come go to the day that ``day_of`` gives them, if it lies between their neighbours."""
    periods = [
        row
        for row in programme.periods.select_for_update(of=("self",), no_key=True).order_by("sequence")
        if row.status != PeriodStatus.CANCELLED
    ]
    today = clock.today(programme.lender.zone)
    moved = 0
    for index, period in enumerate(periods):
        if period.status != PeriodStatus.PLANNED or period.starts_on <= today:
            continue
        day = day_of(period)
        first = max(today, periods[index - 1].starts_on if index else today)
        if day == period.starts_on or not first < day < period.ends_on:
            continue
        note = f"{period.starts_on} → {day}"
        period.starts_on = day
        period.save(update_fields=["starts_on", "updated_at"])
        write_event(period, "replan", actor=actor, note=note)
        if index and periods[index - 1].sequence == period.sequence - 1:
            end_on(periods[index - 1], day, actor)
        moved += 1
    if periods:
        last = periods[-1]
        end = next_open_day(last.ends_on, closed, step=-1)
        if end != last.ends_on and max(today, last.starts_on) < end:
            end_on(last, end, actor)
    return moved


@transaction.atomic
def cancel_period(*, period: Period, actor: User, note: str) -> Period:
    """One planned delivery does not take place. Raises Conflict (``being_picked``) when books lie ready for it."""
    fresh = lock_period(period)
    require_reason(note)
    if fresh.consignments.exclude(status="cancelled").exists():
        raise Conflict("being_picked", _("A delivery is being picked for it. Cancel that first."))
    take_step(PERIOD, "cancel", fresh, actor=actor, note=note)
    return fresh
