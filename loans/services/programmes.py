"""Programmes and their periods: opened from an agreement, moved off closed days, paused and ended (L1)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agreements.models import Agreement
from agreements.services.permits import lending_permit
from agreements.services.stepping import lock_agreement
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, DomainError, InvalidInput, NotPermitted
from kerjasama.domain.lifecycle import CLOCK
from libraries.access import roles_toward
from libraries.models import Closure, User
from loans.choices import PeriodStatus
from loans.duedates import ClosedDays, merged, next_open_day, plan_periods
from loans.lifecycle import DESK, PERIOD, PROGRAMME
from loans.models import Period, Programme
from loans.services.stepping import roles_of, take_step, write_event


@transaction.atomic
def open_programme(
    *, agreement: Agreement, actor: User | None, reading_levels: Sequence[str] = ()
) -> Programme:
    """The rotation that an agreement in force demands, with all its periods to the agreement's end.

    Raises InvalidInput (``no_lending_terms``, ``no_period_fits``), NotPermitted (``not_in_force``), Conflict
    (``programme_exists``).
    """
    fresh = lock_agreement(agreement)
    if actor is not None and not roles_toward(actor, lender=fresh.office_id) & DESK:
        raise NotPermitted(
            "role_missing", _("Only the circulation desk or an officer opens a lending programme.")
        )
    term = lending_permit(agreement=fresh, on=clock.today(fresh.office.zone)).term
    if Programme.objects.filter(agreement=fresh).exists():
        raise Conflict("programme_exists", _("This agreement already has its lending programme."))
    assert fresh.starts_on and fresh.ends_on
    programme = Programme(
        agreement=fresh,
        lender=fresh.office,
        partner=fresh.partner,
        quantity=term.quantity,
        interval_months=term.interval_months,
        receipt_days=term.receipt_days,
        replacement_days=term.replacement_days,
        starts_on=term.first_delivery_on or fresh.starts_on,
        ends_on=fresh.ends_on,
        reading_levels=list(reading_levels),
    )
    planned = plan_periods(
        first_on=programme.starts_on,
        ends_on=programme.ends_on,
        interval_months=programme.interval_months,
        closed=closed_days(programme),
    )
    if not planned:
        raise InvalidInput(
            "no_period_fits",
            _("No delivery fits between %(start)s and %(end)s.")
            % {"start": programme.starts_on, "end": programme.ends_on},
        )
    programme.save(force_insert=True)
    Period.objects.bulk_create(
        Period(
            programme=programme,
            sequence=row.sequence,
            nominal_on=row.nominal_on,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in planned
    )
    write_event(programme, "open", actor=actor, before="")
    return programme


def open_missing_programmes(batch: int = 50) -> int:
    """The clock opens what agreements in force demand and nobody has opened yet. Returns how many."""
    today = clock.today("Asia/Jayapura")
    waiting = Agreement.objects.in_force(today).filter(lending_term__isnull=False, programme__isnull=True)
    opened = 0
    # Not sliced: those that cannot be opened must not stand in the way of the others for ever.
    for agreement in waiting.order_by("pk"):
        if opened == batch:
            break
        try:
            open_programme(agreement=agreement, actor=None)
        except DomainError:
            continue  # shown on the agreement's page, where somebody can mend it
        opened += 1
    return opened


@transaction.atomic
def move_period(*, period: Period, starts_on: date, actor: User) -> Period:
    """Move a planned swap to another day; the period before it ends on that day too.

    Raises InvalidInput: a date before today, on a closed day, or that passes its neighbours.
    """
    fresh = lock_period(period)
    closed = closed_days(fresh.programme)
    if starts_on < clock.today(fresh.programme.lender.zone):
        raise InvalidInput(
            "date_past", _("This date has already passed. Choose today or later."), field="starts_on"
        )
    if starts_on in closed:
        raise InvalidInput(
            "closed_day",
            _("The library or the school is closed on this day. Choose another."),
            field="starts_on",
        )
    before = (
        Period.objects.select_for_update(no_key=True)
        .filter(programme=fresh.programme, sequence=fresh.sequence - 1)
        .first()
    )
    if starts_on >= fresh.ends_on or (before is not None and starts_on <= before.starts_on):
        raise InvalidInput(
            "passes_neighbour",
            _("The swap must stay between the one before and the one after it."),
            field="starts_on",
        )
    take_step(
        PERIOD, "move", fresh, actor=actor, note=f"{fresh.starts_on} → {starts_on}", starts_on=starts_on
    )
    if before is not None:
        _end_on(before, starts_on, actor)
    return fresh


def _end_on(period: Period, day: date, actor: User | None) -> None:
    """The period before a moved swap ends with it, and so do its books; one that is over stays as it was."""
    if period.status not in (PeriodStatus.PLANNED, PeriodStatus.RUNNING):
        return
    period.ends_on = day
    period.save(update_fields=["ends_on", "updated_at"])
    period.consignments.exclude(status__in=["closed", "cancelled"]).update(due_on=day, updated_at=clock.now())
    write_event(period, "move_end", actor=actor, note=str(day))


@transaction.atomic
def replan_periods(*, programme: Programme, actor: User | None) -> int:
    """After closed days changed: planned swaps that now fall on one are moved again. Returns how many moved.

    What lies on an open day stays, also where somebody has moved it there by hand. The period before a moved swap
    ends with it. The last day of the programme comes forward when it is closed now.
    """
    fresh = lock_programme(programme)
    if not roles_of(actor, fresh) & {*DESK, CLOCK}:
        raise NotPermitted(
            "role_missing", _("Only the circulation desk or an officer moves the swaps of a programme.")
        )
    periods = list(fresh.periods.select_for_update(of=("self",), no_key=True).order_by("sequence"))
    today = clock.today(fresh.lender.zone)
    closed = closed_days(fresh)
    moved = 0
    for index, period in enumerate(periods):
        day = next_open_day(period.starts_on, closed)
        wrong = period.status == PeriodStatus.PLANNED and period.starts_on > today and day != period.starts_on
        if not wrong or day >= period.ends_on:
            continue
        note = f"{period.starts_on} → {day}"
        period.starts_on = day
        period.save(update_fields=["starts_on", "updated_at"])
        write_event(period, "replan", actor=actor, note=note)
        if index:
            _end_on(periods[index - 1], day, actor)
        moved += 1
    last = periods[-1]
    end = next_open_day(last.ends_on, closed, step=-1)
    if end != last.ends_on and max(today, last.starts_on) < end:
        _end_on(last, end, actor)
    return moved


@transaction.atomic
def pause_programme(*, programme: Programme, actor: User, note: str) -> Programme:
    fresh = lock_programme(programme)
    _require_reason(note)
    take_step(PROGRAMME, "pause", fresh, actor=actor, note=note)
    return fresh


@transaction.atomic
def resume_programme(*, programme: Programme, actor: User) -> Programme:
    fresh = lock_programme(programme)
    take_step(PROGRAMME, "resume", fresh, actor=actor)
    return fresh


@transaction.atomic
def end_programme(*, programme: Programme, actor: User | None, note: str) -> Programme:
    """No further deliveries: planned periods are cancelled. Books that are out still come back."""
    fresh = lock_programme(programme)
    _require_reason(note)
    take_step(PROGRAMME, "end", fresh, actor=actor, note=note)
    for period in fresh.periods.select_for_update(no_key=True).filter(status=PeriodStatus.PLANNED):
        period.programme = fresh
        if not period.consignments.exclude(status="cancelled").exists():
            take_step(PERIOD, "cancel", period, actor=actor, note=note)
    return fresh


@transaction.atomic
def cancel_period(*, period: Period, actor: User, note: str) -> Period:
    """One planned delivery does not take place. Raises Conflict (``being_picked``) when books lie ready for it."""
    fresh = lock_period(period)
    _require_reason(note)
    if fresh.consignments.exclude(status="cancelled").exists():
        raise Conflict("being_picked", _("A delivery is being picked for it. Cancel that first."))
    take_step(PERIOD, "cancel", fresh, actor=actor, note=note)
    return fresh


def closed_days(programme: Programme) -> ClosedDays:
    """The days on which lender or partner is closed, with public holidays."""
    sides = [programme.lender, programme.partner]
    closures = Closure.objects.filter(Q(institution__isnull=True) | Q(institution__in=sides)).filter(
        ends_on__gte=programme.starts_on
    )
    return merged(
        [side.closed_weekdays for side in sides], list(closures.values_list("starts_on", "ends_on"))
    )


def lock_programme(programme: Programme) -> Programme:
    """The fresh row with its agreement, both locked, agreement first."""
    lock_agreement(programme.agreement)
    return (
        Programme.objects.select_for_update(of=("self",), no_key=True)
        .select_related("lender", "partner")
        .get(pk=programme.pk)
    )


def lock_period(period: Period) -> Period:
    """The fresh row, locked after its agreement and programme."""
    programme = lock_programme(period.programme)
    fresh = Period.objects.select_for_update(of=("self",), no_key=True).get(pk=period.pk)
    fresh.programme = programme
    return fresh


def _require_reason(note: str) -> None:
    if not note.strip():
        raise InvalidInput("reason_missing", _("Give the reason; it is kept in the history."), field="note")
