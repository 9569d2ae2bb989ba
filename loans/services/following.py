"""A programme follows its agreement when an addendum changes it, and plans what is still to come (A3, L1)."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.choices import AgreementStatus
from kerjasama.domain import clock
from kerjasama.domain.wording import plain_date
from libraries.models import User
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row
from loans.choices import PeriodStatus, ProgrammeStatus
from loans.duedates import plan_periods, swap_day
from loans.lifecycle import PERIOD
from loans.models import Period, PeriodEvent, Programme
from loans.services.programmes import closed_days, end_on, lock_programme
from loans.services.stepping import take_step, write_event

# What a programme has copied from the terms of its agreement; the first two may be its own.
TERMS = ("quantity", "interval_months", "receipt_days", "replacement_days")
OWN = ("quantity", "interval_months")
# In months and more: nobody plans so far, and no wrong date may keep the clock busy.
LONGEST_TERM = 1200


def amended_programmes() -> QuerySet[Programme]:
    """Those whose agreement says something else by now: an addendum came into force (A3)."""
    other = Q(ends_on__gt=F("agreement__ends_on")) | (Q(own_end=False) & ~Q(ends_on=F("agreement__ends_on")))
    for name in TERMS:
        differs = ~Q(**{name: F(f"agreement__lending_term__{name}")})
        other |= Q(own_terms=False) & differs if name in OWN else differs
    return Programme.objects.filter(
        other,
        agreement__status=AgreementStatus.ACTIVE,
        agreement__lending_term__isnull=False,
        status__in=[ProgrammeStatus.RUNNING, ProgrammeStatus.PAUSED],
    )


def follow_amended_agreements(*, batch: int = BATCH) -> Swept:
    """The clock lets every programme follow its agreement. Nothing to do is one query."""

    def follow_one(key: UUID) -> bool:
        return follow_agreement(programme=Programme.objects.get(pk=key))

    return row_by_row(partial(keys_after, amended_programmes()), follow_one, batch=batch)


@transaction.atomic
def follow_agreement(*, programme: Programme, actor: User | None = None) -> bool:
    """Take over the terms that the agreement has now, and plan the periods still to come by them.

    What was delivered, is being picked or falls on today stays as it is; books that are out go back on the day of the
    next swap. Returns whether anything was different.
    """
    return follow(lock_programme(programme), actor)


def follow(programme: Programme, actor: User | None) -> bool:
    """``follow_agreement`` for a programme that is locked already."""
    if not amended_programmes().filter(pk=programme.pk).exists():
        return False
    agreement = programme.agreement
    agreement.refresh_from_db(fields=["ends_on"])
    term = agreement.lending_term
    assert agreement.ends_on
    before = (programme.interval_months, programme.ends_on)
    for name in TERMS:
        if not (programme.own_terms and name in OWN):
            setattr(programme, name, getattr(term, name))
    if not programme.own_end or programme.ends_on > agreement.ends_on:
        programme.ends_on, programme.own_end = agreement.ends_on, False
    programme.save(update_fields=[*TERMS, "ends_on", "own_end", "updated_at"])
    if before != (programme.interval_months, programme.ends_on):
        plan_to_come(programme, actor)
    note = _("%(terms)s, until %(day)s") % {
        "terms": term,
        "day": plain_date(programme.ends_on, get_language() or "id"),
    }
    write_event(programme, "follow", actor=actor, note=note)
    return True


def plan_to_come(programme: Programme, actor: User | None) -> None:
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
        end = planned[0].starts_on if planned else swap_day(programme.ends_on, closed, step=-1)
        if end > anchor.starts_on and end != anchor.ends_on:
            end_on(anchor, end, actor)
    # What was only left out for a pause is no longer: it is planned again.
    skipped = set(
        PeriodEvent.objects.filter(subject__in=rows, action="skip").values_list("subject", flat=True)
    )
    given_up = {
        row.nominal_on for row in rows if row.status == PeriodStatus.CANCELLED and row.pk not in skipped
    }
    wanted = [
        row for row in planned if row.nominal_on not in given_up and not _in_pause(programme, row.starts_on)
    ]
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


def _in_pause(programme: Programme, day: date) -> bool:
    until = programme.paused_until
    return programme.status == ProgrammeStatus.PAUSED and until is not None and day < until


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
            end_on(before, after.starts_on, actor)
