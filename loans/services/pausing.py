"""Programmes that stop: paused and resumed, given another last day, ended, with everything brought home (L1)."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from kerjasama.domain.wording import plain_date
from libraries.choices import Role, Tone
from libraries.models import User
from libraries.services.notices import announce
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row
from loans import addresses
from loans.choices import ConsignmentStatus, LineStatus, PeriodStatus, ProgrammeStatus
from loans.duedates import swap_day
from loans.lifecycle import PERIOD, PROGRAMME
from loans.models import Case, LoanLine, Period, PlannedBook, Programme
from loans.services.closing import finish_if_home
from loans.services.following import plan_to_come
from loans.services.programmes import closed_days, end_on, lock_programme, require_reason
from loans.services.proposing import cancel_consignment
from loans.services.stepping import roles_of, take_step

# When books are called home and nobody names a day, the school has so long.
DAYS_TO_COME_HOME = 14


@transaction.atomic
def pause_programme(
    *,
    programme: Programme,
    actor: User,
    note: str,
    until: date | None = None,
    call_home: bool = False,
    home_on: date | None = None,
) -> Programme:
    """No deliveries for a while. Books that are out come back on their day, or are called home before it.

    With ``until`` the planned deliveries before that day are left out, and the programme goes on by itself on that day; those
    that are being packed stay and wait. Raises InvalidInput (``reason_missing``, ``date_past``, ``beyond_end``, ``closed_day``).
    """
    fresh = lock_programme(programme)
    require_reason(note)
    PROGRAMME.ask("pause", fresh.status, roles_of(actor, fresh))
    today = clock.today(fresh.lender.zone)
    if until is not None and until <= today:
        raise InvalidInput("date_past", _("Choose a day after today."), field="until")
    if until is not None and until >= fresh.ends_on:
        raise InvalidInput(
            "beyond_end",
            _("The programme ends on %(day)s. Pause it to an earlier day, or end it.")
            % {"day": _day(fresh.ends_on)},
            field="until",
        )
    take_step(PROGRAMME, "pause", fresh, actor=actor, note=note, paused_until=until)
    if until is not None:
        for period in _to_come(fresh):
            if period.starts_on < until and not _packed(period):
                take_step(PERIOD, "skip", period, actor=actor, note=note)
    home = _call_home(fresh, home_on, actor) if call_home else None
    _tell_school(fresh, "paused", note=note, until=until, home=home)
    return fresh


@transaction.atomic
def resume_programme(*, programme: Programme, actor: User | None) -> Programme:
    """Deliveries go on. What fell into the pause is left out; what is still to come is planned by the interval again."""
    fresh = lock_programme(programme)
    take_step(PROGRAMME, "resume", fresh, actor=actor, paused_until=None)
    today = clock.today(fresh.lender.zone)
    missed = [
        period
        for period in _to_come(fresh, today=date.min)
        if period.starts_on < today and not _packed(period)
    ]
    skipped = Period.objects.filter(
        programme=fresh, status=PeriodStatus.CANCELLED, events__action="skip", nominal_on__gt=today
    )
    for period in missed:
        take_step(PERIOD, "skip", period, actor=actor, roles=PERIOD.transition("skip").who)
    if missed or skipped.exists():
        plan_to_come(fresh, actor)
    _tell_school(fresh, "resumed")
    return fresh


def resume_due_programmes(*, batch: int = BATCH) -> Swept:
    """The clock lets those go on whose pause is over. Nothing to do is one query."""
    today = clock.today("Asia/Jayapura")

    def resume_one(key: UUID) -> bool:
        row = Programme.objects.select_related("lender").get(pk=key)
        over = row.paused_until is not None and row.paused_until <= clock.today(row.lender.zone)
        if row.status == ProgrammeStatus.PAUSED and over:
            resume_programme(programme=row, actor=None)
            return True
        return False

    due = Programme.objects.filter(status=ProgrammeStatus.PAUSED, paused_until__lte=today)
    return row_by_row(partial(keys_after, due), resume_one, batch=batch)


@transaction.atomic
def set_end(*, programme: Programme, ends_on: date, actor: User) -> Programme:
    """Another last day within the agreement: further periods are planned up to it, or planned ones after it given up.

    Raises InvalidInput (``date_past``, ``beyond_agreement``), Conflict (``wrong_state``).
    """
    fresh = lock_programme(programme)
    PROGRAMME.ask("extend", fresh.status, roles_of(actor, fresh))
    agreement = fresh.agreement
    agreement.refresh_from_db(fields=["ends_on"])
    if ends_on <= max(clock.today(fresh.lender.zone), fresh.starts_on):
        raise InvalidInput("date_past", _("Choose a day after today."), field="ends_on")
    if agreement.ends_on and ends_on > agreement.ends_on:
        raise InvalidInput(
            "beyond_agreement",
            _(
                "The agreement ends on %(day)s. Agree on an addendum, which the programme follows, or renew it: a renewal "
                "opens a programme of its own."
            )
            % {"day": _day(agreement.ends_on)},
            facts={"ends_on": agreement.ends_on.isoformat()},
            field="ends_on",
        )
    if any(_packed(period) for period in _to_come(fresh) if period.starts_on >= ends_on):
        raise Conflict(
            "being_picked",
            _("A delivery after this day is being packed. Cancel that first, or choose a later day."),
        )
    before = fresh.ends_on
    own_end = ends_on != agreement.ends_on
    take_step(
        PROGRAMME,
        "extend",
        fresh,
        actor=actor,
        note=f"{before} → {ends_on}",
        ends_on=ends_on,
        own_end=own_end,
    )
    plan_to_come(fresh, actor)
    _tell_school(fresh, "end_moved", until=ends_on)
    return fresh


@transaction.atomic
def end_programme(*, programme: Programme, actor: User | None, note: str) -> Programme:
    """No further deliveries: planned periods are cancelled. Books that are out still come back."""
    fresh = lock_programme(programme)
    require_reason(note)
    take_step(PROGRAMME, "end", fresh, actor=actor, note=note)
    for period in fresh.periods.select_for_update(no_key=True).filter(status=PeriodStatus.PLANNED):
        period.programme = fresh
        if not period.consignments.exclude(status="cancelled").exists():
            take_step(PERIOD, "cancel", period, actor=actor, note=note)
    return fresh


@transaction.atomic
def bring_home(*, programme: Programme, actor: User, note: str, home_on: date | None = None) -> Programme:
    """End early with everything coming home: planned deliveries are given up, those being packed are put back, and books
    that are out are due on ``home_on``. The programme ends by itself when the last one is back or settled.

    Raises InvalidInput (``reason_missing``, ``date_past``, ``closed_day``).
    """
    fresh = lock_programme(programme)
    require_reason(note)
    PROGRAMME.ask("bring_home", fresh.status, roles_of(actor, fresh))
    for period in _to_come(fresh, today=date.min):
        for consignment in period.consignments.filter(status=ConsignmentStatus.PICKING).order_by("pk"):
            cancel_consignment(consignment=consignment, actor=actor, note=note)
        take_step(PERIOD, "cancel", period, actor=actor, note=note)
    PlannedBook.objects.filter(period__programme=fresh, period__status=PeriodStatus.CANCELLED).delete()
    take_step(PROGRAMME, "bring_home", fresh, actor=actor, note=note, paused_until=None)
    home = _call_home(fresh, home_on, actor)
    _tell_school(fresh, "ending", note=note, home=home)
    finish_if_home(fresh)
    return fresh


def books_of(programme: Programme) -> tuple[int, int]:
    """Of a programme that is being brought home: how many books are back or settled since then, of how many."""
    event = programme.events.filter(action="bring_home").order_by("-at").first()
    if event is None:
        return 0, 0
    lines = LoanLine.objects.filter(consignment__period__programme=programme)
    waiting = lines.filter(status__in=[LineStatus.OUT, LineStatus.LOST]).count()
    back = lines.filter(status=LineStatus.RETURNED, returned_at__gte=event.at).count()
    settled = Case.objects.filter(
        line__in=lines.filter(status=LineStatus.SETTLED), settled_on__gte=event.at.date()
    ).count()
    return back + settled, back + settled + waiting


def finish_programmes_brought_home(*, batch: int = BATCH) -> Swept:
    """The clock ends what has come home, whichever verb brought the last book: a return, a settled case."""

    def finish_one(key: UUID) -> bool:
        with transaction.atomic():
            return finish_if_home(lock_programme(Programme.objects.get(pk=key)))

    waiting = LoanLine.objects.filter(status__in=[LineStatus.OUT, LineStatus.LOST])
    done = Programme.objects.filter(status=ProgrammeStatus.RETURNING).exclude(
        periods__consignments__lines__in=waiting
    )
    return row_by_row(partial(keys_after, done), finish_one, batch=batch)


def _to_come(programme: Programme, *, today: date | None = None) -> Iterable[Period]:
    """Planned periods under lock, from today on."""
    rows: QuerySet[Period] = programme.periods.select_for_update(of=("self",), no_key=True).filter(
        status=PeriodStatus.PLANNED,
        starts_on__gte=clock.today(programme.lender.zone) if today is None else today,
    )
    for period in rows.order_by("sequence"):
        period.programme = programme
        yield period


def _packed(period: Period) -> bool:
    return period.consignments.exclude(status=ConsignmentStatus.CANCELLED).exists()


def _call_home(programme: Programme, home_on: date | None, actor: User) -> date | None:
    """Books that are out are due on ``home_on``; those that are due before it stay so. None when nothing is out."""
    closed = closed_days(programme)
    today = clock.today(programme.lender.zone)
    day = home_on or swap_day(today + clock.days(DAYS_TO_COME_HOME), closed)
    if day <= today:
        raise InvalidInput("date_past", _("Choose a day after today."), field="home_on")
    if day in closed:
        raise InvalidInput(
            "closed_day",
            _("The library or the school is closed on this day. Choose another."),
            field="home_on",
        )
    running = list(
        programme.periods.select_for_update(of=("self",), no_key=True)
        .filter(status=PeriodStatus.RUNNING)
        .order_by("sequence")
    )
    for period in running:
        if period.ends_on > day:
            end_on(period, day, actor)
    return min((period.ends_on for period in running), default=None)


def _tell_school(
    programme: Programme, what: str, *, note: str = "", until: date | None = None, home: date | None = None
) -> None:
    announce(
        recipient=programme.partner,
        sender=programme.lender,
        rule="programme_changed",
        subject_kind="programme",
        subject_id=programme.pk,
        due_on=clock.today(programme.lender.zone),
        # Another change of the same day is another word to say.
        rung=programme.events.count(),
        tone=Tone.DUE if home else Tone.CALM,
        context={
            "what": what,
            "lender": programme.lender.name,
            "partner": programme.for_whom,
            "reason": note,
            "until": until,
            "home": home,
        },
        path=addresses.holdings_for_partner(),
        roles=[Role.SCHOOL_CONTACT],
    )


def _day(day: date) -> str:
    return plain_date(day, get_language() or "id")
