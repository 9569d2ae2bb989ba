"""Programmes and their periods: opened from an agreement, following its addenda, moved off closed days, ended (L1)."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.choices import AgreementKind, AgreementStatus
from agreements.models import Agreement
from agreements.services.permits import lending_permit
from agreements.services.stepping import lock_agreement
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, DomainError, InvalidInput, NotPermitted
from kerjasama.domain.lifecycle import CLOCK
from kerjasama.domain.wording import plain_date
from libraries.access import roles_toward
from libraries.models import Closure, User
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row
from loans.choices import PeriodStatus, ProgrammeStatus
from loans.duedates import ClosedDays, merged, next_open_day, plan_periods
from loans.lifecycle import DESK, PERIOD, PROGRAMME
from loans.models import Period, Programme
from loans.services.stepping import roles_of, take_step, write_event

# What a programme has copied from the terms of its agreement.
TERMS = ("quantity", "interval_months", "receipt_days", "replacement_days")
# In months and more: nobody plans so far, and no wrong date may keep the clock busy.
LONGEST_TERM = 1200


@transaction.atomic
def open_programme(
    *, agreement: Agreement, actor: User | None, reading_levels: Sequence[str] = ()
) -> Programme:
    """The rotation that an agreement in force demands, with all its periods to the agreement's end.

    Raises InvalidInput (``no_lending_terms``, ``no_period_fits``, ``addendum``), NotPermitted (``not_in_force``), Conflict
    (``programme_exists``).
    """
    fresh = lock_agreement(agreement)
    if actor is not None and not roles_toward(actor, lender=fresh.office_id) & DESK:
        raise NotPermitted(
            "role_missing", _("Only the circulation desk or an officer opens a lending programme.")
        )
    if fresh.kind == AgreementKind.ADDENDUM:
        raise InvalidInput(
            "addendum",
            _("An addendum has no programme of its own: that of “%(agreement)s” follows it.")
            % {"agreement": fresh.parent},
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
    waiting = (
        Agreement.objects.in_force(today)
        .filter(lending_term__isnull=False, programme__isnull=True)
        .exclude(kind=AgreementKind.ADDENDUM)
    )
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
    _follow(fresh, actor)
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


def amended_programmes() -> QuerySet[Programme]:
    """Those whose agreement says something else by now: an addendum came into force (A3)."""
    other = Q()
    for name in TERMS:
        other |= ~Q(**{name: F(f"agreement__lending_term__{name}")})
    return Programme.objects.filter(
        other | ~Q(ends_on=F("agreement__ends_on")),
        agreement__status=AgreementStatus.ACTIVE,
        agreement__lending_term__isnull=False,
        status__in=[ProgrammeStatus.RUNNING, ProgrammeStatus.PAUSED],
    )


def follow_amended_agreements(*, batch: int = BATCH) -> Swept:
    """The clock lets every programme follow its agreement. Nothing to do is one query."""

    def follow(key: UUID) -> bool:
        return follow_agreement(programme=Programme.objects.get(pk=key))

    return row_by_row(partial(keys_after, amended_programmes()), follow, batch=batch)


@transaction.atomic
def follow_agreement(*, programme: Programme, actor: User | None = None) -> bool:
    """Take over the terms that the agreement has now, and plan the periods still to come by them.

    What was delivered, is being picked or falls on today stays as it is; books that are out go back on the day of the
    next swap. Returns whether anything was different.
    """
    return _follow(lock_programme(programme), actor)


def _follow(programme: Programme, actor: User | None) -> bool:
    if not amended_programmes().filter(pk=programme.pk).exists():
        return False
    agreement = programme.agreement
    agreement.refresh_from_db(fields=["ends_on"])
    term = agreement.lending_term
    assert agreement.ends_on
    replan = (programme.interval_months, programme.ends_on) != (term.interval_months, agreement.ends_on)
    for name in TERMS:
        setattr(programme, name, getattr(term, name))
    programme.ends_on = agreement.ends_on
    programme.save(update_fields=[*TERMS, "ends_on", "updated_at"])
    if replan:
        _plan_to_come(programme, actor)
    note = _("%(terms)s, until %(day)s") % {
        "terms": term,
        "day": plain_date(programme.ends_on, get_language() or "id"),
    }
    write_event(programme, "follow", actor=actor, note=note)
    return True


def _plan_to_come(programme: Programme, actor: User | None) -> None:
    """New dates for the deliveries that nobody has begun with; one that a person cancelled stays cancelled."""
    rows = list(programme.periods.select_for_update(of=("self",), no_key=True).order_by("sequence"))
    today = clock.today(programme.lender.zone)
    picked = set(
        programme.periods.exclude(consignments=None)
        .exclude(consignments__status="cancelled")
        .values_list("pk", flat=True)
    )
    fixed = [
        row
        for row in rows
        if row.status in (PeriodStatus.RUNNING, PeriodStatus.CLOSED)
        or (row.status == PeriodStatus.PLANNED and (row.pk in picked or row.starts_on <= today))
    ]
    anchor = fixed[-1] if fixed else None
    behind = anchor.sequence if anchor else 0
    closed = closed_days(programme)
    planned = plan_periods(
        first_on=_next_nominal(programme, anchor, today),
        ends_on=programme.ends_on,
        interval_months=programme.interval_months,
        closed=closed,
    )
    if anchor is not None:
        end = planned[0].starts_on if planned else next_open_day(programme.ends_on, closed, step=-1)
        if end > anchor.starts_on and end != anchor.ends_on:
            _end_on(anchor, end, actor)
    given_up = {row.nominal_on for row in rows if row.status == PeriodStatus.CANCELLED}
    wanted = [row for row in planned if row.nominal_on not in given_up]
    waiting = [row for row in rows if row.sequence > behind and row.status == PeriodStatus.PLANNED]
    for period, plan in zip(waiting, wanted, strict=False):
        before = (period.starts_on, period.ends_on)
        # A day that somebody has chosen by hand for this very turn is kept.
        by_hand = (
            period.nominal_on == plan.nominal_on
            and period.starts_on < plan.ends_on
            and period.starts_on not in closed
        )
        period.nominal_on, period.ends_on = plan.nominal_on, plan.ends_on
        period.starts_on = period.starts_on if by_hand else plan.starts_on
        if (period.starts_on, period.ends_on) == before:
            continue
        period.save(update_fields=["nominal_on", "starts_on", "ends_on", "updated_at"])
        write_event(period, "replan", actor=actor, note=f"{before[0]} → {period.starts_on}")
    _join(waiting[: len(wanted)], anchor, actor)
    for period in waiting[len(wanted) :]:
        if period.consignments.exists():  # given up, but its paper names the period
            period.programme = programme
            take_step(PERIOD, "cancel", period, actor=None, note=_("The agreement was amended."))
        else:
            period.delete()
    last = max((row.sequence for row in rows), default=0)
    Period.objects.bulk_create(
        Period(
            programme=programme,
            sequence=last + number,
            nominal_on=plan.nominal_on,
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
        )
        for number, plan in enumerate(wanted[len(waiting) :], start=1)
    )


def _next_nominal(programme: Programme, anchor: Period | None, today: date) -> date:
    """The first day by the interval that still lies ahead."""
    first, turn = (anchor.nominal_on, 1) if anchor else (programme.starts_on, 0)
    begun = max(today, anchor.starts_on) if anchor else today
    while (day := clock.add_months(first, turn * programme.interval_months)) <= begun and turn < LONGEST_TERM:
        turn += 1
    return day


def _join(periods: Sequence[Period], anchor: Period | None, actor: User | None) -> None:
    """Where a day chosen by hand was kept, the period before it ends on that day too."""
    for before, after in pairwise([*([anchor] if anchor else []), *periods]):
        if before.ends_on != after.starts_on and before.sequence + 1 == after.sequence:
            _end_on(before, after.starts_on, actor)


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
