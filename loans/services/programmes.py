"""Programmes and their periods: opened from an agreement, and what is common to all that changes them (L1)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from agreements.choices import AgreementKind
from agreements.models import Agreement, LendingTerm
from agreements.services.permits import lending_permit
from agreements.services.stepping import lock_agreement
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, DomainError, InvalidInput, NotPermitted
from libraries.access import roles_toward
from libraries.models import Closure, Institution, User
from loans.choices import PeriodStatus, ProgrammeStatus
from loans.duedates import ClosedDays, PlannedPeriod, merged, never_open, plan_periods
from loans.lifecycle import DESK
from loans.models import Period, Programme, QuotaProfile
from loans.services.stepping import write_event


@transaction.atomic
def open_programme(
    *,
    agreement: Agreement,
    actor: User | None,
    reading_levels: Sequence[str] = (),
    label: str = "",
    quantity: int | None = None,
    interval_months: int | None = None,
    weekdays: Sequence[int] = (),
    profile: QuotaProfile | None = None,
) -> Programme:
    """A rotation that an agreement in force demands, with all its periods to the agreement's end.

    The first takes all that was agreed unless it is given a ``quantity``; a further one needs a ``label`` and takes what the
    others leave. Raises InvalidInput (``no_lending_terms``, ``no_period_fits``, ``addendum``, ``always_closed``,
    ``weekdays_closed``, ``quantity_above_agreed``, ``profile_elsewhere``), NotPermitted (``not_in_force``), Conflict
    (``programme_exists``, ``label_used``).
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
    label = label.strip()
    require_label(fresh, label)
    if profile is not None and profile.office_id != fresh.office_id:
        raise InvalidInput("profile_elsewhere", _("Choose a profile of the lender."), field="profile")
    require_open_days(fresh.office, fresh.partner, weekdays)
    books = quantity or left_of(fresh) or term.quantity
    require_within_agreed(fresh, books)
    assert fresh.starts_on and fresh.ends_on
    programme = Programme(
        agreement=fresh,
        label=label,
        lender=fresh.office,
        partner=fresh.partner,
        quantity=books,
        interval_months=interval_months or term.interval_months,
        receipt_days=term.receipt_days,
        replacement_days=term.replacement_days,
        own_terms=(books, interval_months or term.interval_months) != (term.quantity, term.interval_months),
        starts_on=max(term.first_delivery_on or fresh.starts_on, _not_before(fresh)),
        ends_on=fresh.ends_on,
        weekdays=sorted(set(weekdays)),
        profile=profile,
        reading_levels=list(reading_levels),
    )
    planned = _planned(programme)
    programme.full_clean(exclude=["agreement", "lender", "partner", "profile"], validate_unique=False)
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


def _not_before(agreement: Agreement) -> date:
    """The first programme begins with its agreement; one that is added to others begins today."""
    assert agreement.starts_on
    if agreement.programmes.exists():
        return max(agreement.starts_on, clock.today(agreement.office.zone))
    return agreement.starts_on


def _planned(programme: Programme) -> Sequence[PlannedPeriod]:
    closed = closed_days(programme)
    planned = plan_periods(
        first_on=programme.starts_on,
        ends_on=programme.ends_on,
        interval_months=programme.interval_months,
        closed=closed,
    )
    if not planned:
        raise InvalidInput(
            "no_period_fits",
            _("No delivery fits between %(start)s and %(end)s.")
            % {"start": programme.starts_on, "end": programme.ends_on},
        )
    if planned[0].starts_on in closed:
        raise InvalidInput(
            "always_closed",
            _(
                "From %(start)s on the library or the school is closed on every day for four months. Correct the closed "
                "days of one of them, then open the programme."
            )
            % {"start": programme.starts_on},
        )
    return planned


def open_missing_programmes(batch: int = 50) -> int:
    """The clock opens what agreements in force demand and nobody has opened yet. Returns how many."""
    today = clock.today("Asia/Jayapura")
    waiting = (
        Agreement.objects.in_force(today)
        .filter(lending_term__isnull=False, programmes__isnull=True)
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


def require_label(agreement: Agreement, label: str, *, but: Programme | None = None) -> None:
    """Several programmes of one agreement are told apart by their names."""
    used = [row.label for row in agreement.programmes.all() if row != but]
    if used and not label:
        raise Conflict(
            "programme_exists",
            _("This agreement already has its lending programme. A further one needs a name."),
            facts={"used": used},
        )
    if label.casefold() in (name.casefold() for name in used if name):
        raise Conflict(
            "label_used", _("The agreement already has a programme of this name."), facts={"used": used}
        )


def agreed_of(agreement: Agreement) -> int | None:
    """How many books the agreement speaks of; None when it says nothing about lending."""
    return LendingTerm.objects.filter(agreement=agreement).values_list("quantity", flat=True).first()


def taken_of(agreement: Agreement, *, but: Programme | None = None) -> int:
    """How many books the programmes of an agreement bring at a time, those that ended not."""
    rows = Programme.objects.filter(agreement=agreement).exclude(status=ProgrammeStatus.ENDED)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return int(rows.aggregate(books=Sum("quantity"))["books"] or 0)


def left_of(agreement: Agreement) -> int:
    return max(0, (agreed_of(agreement) or 0) - taken_of(agreement))


def require_within_agreed(agreement: Agreement, books: int, *, but: Programme | None = None) -> None:
    """All programmes of an agreement together lend no more than it says."""
    agreed, others = agreed_of(agreement), taken_of(agreement, but=but)
    if agreed is None or others + books <= agreed:
        return
    raise InvalidInput(
        "quantity_above_agreed",
        _(
            "The agreement allows %(agreed)s books at a time and %(others)s are with its other programmes: %(books)s more "
            "are too many. Lower the number here or there."
        )
        % {"agreed": agreed, "others": others, "books": books},
        facts={"agreed": agreed, "others": others, "asked": books},
        field="quantity",
    )


def require_open_days(lender: Institution, partner: Institution, weekdays: Sequence[int] = ()) -> None:
    """There is a weekday on which both sides are open, and among the preferred ones too."""
    shut = [lender.closed_weekdays, partner.closed_weekdays]
    if never_open(shut):
        raise InvalidInput(
            "always_closed",
            _(
                "%(lender)s and %(partner)s are never open on the same day of the week: no delivery can be planned. "
                "Correct the closed days of one of them."
            )
            % {"lender": lender, "partner": partner},
        )
    if not set(weekdays) <= set(range(7)):
        raise InvalidInput("unknown_weekday", _("Choose weekdays from the list."), field="weekdays")
    if weekdays and set(weekdays) <= {day for side in shut for day in side}:
        raise InvalidInput(
            "weekdays_closed",
            _("The library or the school is closed on every weekday that you chose. Choose another one."),
            field="weekdays",
        )


def end_on(period: Period, day: date, actor: User | None) -> None:
    """The period before a moved swap ends with it, and so do its books; one that is over stays as it was."""
    if period.status not in (PeriodStatus.PLANNED, PeriodStatus.RUNNING):
        return
    period.ends_on = day
    period.save(update_fields=["ends_on", "updated_at"])
    period.consignments.exclude(status__in=["closed", "cancelled"]).update(due_on=day, updated_at=clock.now())
    write_event(period, "move_end", actor=actor, note=str(day))


def closed_days(programme: Programme) -> ClosedDays:
    """The days on which lender or partner is closed, with public holidays, and the weekdays that are preferred."""
    sides = [programme.lender, programme.partner]
    closures = Closure.objects.shutting(sides).filter(ends_on__gte=programme.starts_on)
    return merged(
        [side.closed_weekdays for side in sides],
        list(closures.values_list("starts_on", "ends_on")),
        programme.weekdays,
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


def require_reason(note: str) -> None:
    if not note.strip():
        raise InvalidInput("reason_missing", _("Give the reason; it is kept in the history."), field="note")
