"""What goes into the box: proposed by the planner, added and left out by hand, given up (L2, L3)."""

from dataclasses import asdict
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agreements.models import LendingTerm
from agreements.services.permits import require_within
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, LimitReached
from libraries.catalogue.choices import Condition, CopyPlace
from libraries.models import User
from libraries.services.numbering import draw_code
from loans.choices import (
    OPEN_LINES,
    ConsignmentStatus,
    LineStatus,
    MoveKind,
    PeriodStatus,
    ProgrammeStatus,
)
from loans.lifecycle import CONSIGNMENT, PERIOD
from loans.models import Consignment, LoanLine, MissingCopy, Period, TitleBan
from loans.planning import Candidate, Proposal, Shortfall, Wanted, propose
from loans.services.custody import Move, move_copies
from loans.services.locking import lock_consignment, lock_copy
from loans.services.planned import free_copies, promised_to_others, put_planned, titles_to_come
from loans.services.programmes import lock_period
from loans.services.stepping import roles_of, take_step, write_event

# Two desks proposing at once may choose the same copy; the one that comes second chooses again.
ROUNDS = 3
NOT_ON_SHELF = "not_on_shelf"


@transaction.atomic
def propose_consignment(*, period: Period, actor: User, wait: bool = True) -> Consignment:
    """The delivery of a period: what the plan promises it, filled up from the shelf; what falls short is in ``shortfall``.

    Creates the delivery, or tops up the one that is being picked. Places of planned books that are still with other
    schools are kept for them, unless ``wait`` is False. Raises TransitionRefused, NotPermitted, Conflict
    (``programme_not_running``).
    """
    fresh = lock_period(period)
    PERIOD.ask("propose", fresh.status, roles_of(actor, fresh))
    programme = fresh.programme
    if programme.status != ProgrammeStatus.RUNNING:
        raise Conflict(
            "programme_not_running",
            _("The programme is %(status)s. Resume it before proposing a delivery.")
            % {"status": programme.get_status_display()},
            facts={"state": programme.status},
        )
    agreed = (
        LendingTerm.objects.filter(agreement=programme.agreement_id)
        .values_list("quantity", flat=True)
        .first()
    )
    if agreed is not None and agreed != programme.quantity and not programme.own_terms:
        # An addendum has changed the number since the programme was opened.
        programme.quantity = agreed
        programme.save(update_fields=["quantity", "updated_at"])
    consignment = (
        fresh.consignments.select_for_update(no_key=True).exclude(status=ConsignmentStatus.CANCELLED).first()
    )
    if consignment is None:
        consignment = Consignment.objects.create(
            code=draw_code(office=programme.lender, prefix="KRM"),
            period=fresh,
            lender=programme.lender,
            partner=programme.partner,
            quantity=programme.quantity,
            due_on=fresh.ends_on,
        )
        write_event(consignment, "propose", actor=actor, before="")
    elif consignment.quantity != programme.quantity:
        consignment.quantity = programme.quantity
        consignment.save(update_fields=["quantity", "updated_at"])
    fill_up(consignment, programme.reading_levels, wait=wait)
    return consignment


def fill_up(consignment: Consignment, reading_levels: list[str], *, wait: bool = True) -> None:
    """Propose copies until the wanted quantity is reached or nothing fits any more; planned ones first."""
    shortfalls: list[Shortfall] = []
    to_come = put_planned(consignment)
    kept_free = to_come if wait else 0
    for _round in range(ROUNDS):
        wanted = consignment.quantity - kept_free - consignment.lines.open().count()
        if wanted <= 0:
            shortfalls = []
            break
        answer = choose(consignment, wanted, reading_levels)
        shortfalls = list(answer.shortfalls)
        LoanLine.objects.bulk_create(
            [LoanLine(consignment=consignment, copy_id=copy_id) for copy_id in answer.copy_ids],
            ignore_conflicts=True,
        )
        if not answer.copy_ids:
            break
    else:
        # Other desks took copies in every round: what is still missing is told, never silently less (L2).
        missing = consignment.quantity - kept_free - consignment.lines.open().count()
        if missing and not shortfalls:
            shortfalls = [Shortfall("taken_meanwhile", missing)]
    if kept_free:
        shortfalls.append(Shortfall("planned_not_back", kept_free))
    consignment.shortfall = [asdict(row) for row in shortfalls]
    consignment.save(update_fields=["shortfall", "updated_at"])


def choose(consignment: Consignment, wanted: int, reading_levels: list[str]) -> Proposal:
    """Ask the planner with what rests on the lender's shelf now."""
    shelf = free_copies(consignment).exclude(promised_to_others(consignment))
    if reading_levels:
        shelf = shelf.filter(title__reading_level__in=reading_levels)
    rows = shelf.values_list("pk", "title_id", "barcode", "title__ddc", "rests_since")
    candidates = [
        Candidate(key, title, barcode, ddc[:1], rests)
        for key, title, barcode, ddc, rests in rows.iterator(5000)
    ]
    return propose(Wanted(wanted, frozenset(titles_not_to_bring(consignment))), candidates)


def titles_not_to_bring(consignment: Consignment) -> list[UUID]:
    """Titles that nobody chooses for this delivery: the partner has or had them, another period brings them, or a
    person has said that they never go there."""
    to_come = titles_to_come(consignment.period).values_list("title", flat=True)
    return [*titles_had(consignment), *to_come, *bans_of(consignment).values_list("title", flat=True)]


def titles_had(consignment: Consignment) -> list[UUID]:
    """Titles that the partner has, had, or is promised by this lender: none of them is brought again (L2)."""
    lines = LoanLine.objects.filter(
        consignment__partner_id=consignment.partner_id, consignment__lender_id=consignment.lender_id
    ).exclude(status=LineStatus.DROPPED)
    return list(lines.values_list("copy__title_id", flat=True).distinct())


def bans_of(consignment: Consignment) -> "QuerySet[TitleBan]":
    """What a person has said never goes to this school."""
    return TitleBan.objects.filter(lender=consignment.lender_id, partner=consignment.partner_id)


@transaction.atomic
def add_line(*, consignment: Consignment, barcode: str, actor: User) -> LoanLine:
    """Put a copy on the list by hand. Raises InvalidInput (``unknown_barcode``), Conflict or LimitReached, with why."""
    fresh = lock_consignment(consignment)
    CONSIGNMENT.ask("dispatch", fresh.status, roles_of(actor, fresh))
    copy = lock_copy(fresh.lender_id, barcode)
    listed = fresh.lines.open().count()
    require_within(fresh.period.programme.agreement, listed + 1, code="list_full")
    if listed >= fresh.quantity:
        raise LimitReached(
            "list_full",
            _("The agreed %(quantity)s books are on the list. Leave one out first.")
            % {"quantity": fresh.quantity},
        )
    if copy.place != CopyPlace.SHELF or not copy.may_travel or copy.condition == Condition.DAMAGED:
        raise Conflict("copy_not_free", _("%(barcode)s is not free to be lent now.") % {"barcode": barcode})
    if MissingCopy.objects.open().filter(copy=copy).exists():
        raise Conflict(
            "not_on_its_shelf",
            _(
                "%(barcode)s was not on its shelf when it was looked for. If you have it in your hand, scan it."
            )
            % {"barcode": barcode},
        )
    if copy.title_id in titles_had(fresh):
        raise Conflict(
            "title_had",
            _("The school already had “%(title)s”. Choose another title.") % {"title": copy.title},
        )
    if ban := bans_of(consignment).filter(title=copy.title_id).first():
        raise Conflict(
            "title_banned",
            _("“%(title)s” never goes to %(school)s: %(reason)s. Choose another title.")
            % {"title": copy.title, "school": fresh.partner, "reason": ban.reason.rstrip(".")},
        )
    on_other_list = Conflict("on_other_list", _("%(barcode)s is already on a list.") % {"barcode": barcode})
    if copy.loan_lines.filter(status__in=OPEN_LINES).exists():
        raise on_other_list
    try:
        with transaction.atomic():
            line, _created = LoanLine.objects.update_or_create(
                consignment=fresh, copy=copy, defaults={"status": LineStatus.PROPOSED}
            )
    except IntegrityError:
        # A proposal at another desk chose this copy after the look above; its list has it now.
        raise on_other_list
    if fresh.shortfall:
        note_not_on_shelf(fresh)
    return line


def note_not_on_shelf(consignment: Consignment) -> None:
    """Write to the locked delivery how many places are empty because a book was not on its shelf (L2)."""
    gone = consignment.missing_copies.filter(substitute__isnull=True, line__status=LineStatus.DROPPED).count()
    empty = min(gone, consignment.quantity - consignment.lines.open().count())
    shortfall = [row for row in consignment.shortfall if row.get("reason") != NOT_ON_SHELF]
    if empty > 0:
        shortfall.append(asdict(Shortfall(NOT_ON_SHELF, empty)))
    consignment.shortfall = shortfall
    consignment.save(update_fields=["shortfall", "updated_at"])


@transaction.atomic
def drop_line(*, line: LoanLine, actor: User) -> LoanLine:
    """Leave a copy out of a delivery that is being picked; one that was scanned goes back to the shelf."""
    fresh = lock_consignment(line.consignment)
    CONSIGNMENT.ask("dispatch", fresh.status, roles_of(actor, fresh))
    row = LoanLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    if row.status == LineStatus.PICKED:
        _put_back(fresh, [row], actor)
    LoanLine.objects.filter(pk=row.pk).update(status=LineStatus.DROPPED)
    row.refresh_from_db()
    return row


@transaction.atomic
def cancel_consignment(*, consignment: Consignment, actor: User, note: str) -> Consignment:
    """Give up a delivery that is being picked: every copy goes back to the shelf and may be proposed elsewhere."""
    fresh = lock_consignment(consignment)
    if not note.strip():
        raise InvalidInput("reason_missing", _("Give the reason; it is kept in the history."), field="note")
    take_step(CONSIGNMENT, "cancel", fresh, actor=actor, note=note)
    lines = list(
        fresh.lines.select_for_update(no_key=True).filter(status=LineStatus.PICKED).order_by("copy_id")
    )
    _put_back(fresh, lines, actor)
    fresh.lines.open().update(status=LineStatus.DROPPED)
    period = fresh.period
    if period.programme.status == ProgrammeStatus.ENDED and period.status == PeriodStatus.PLANNED:
        # It was only kept because this delivery lay ready for it when the programme ended.
        take_step(PERIOD, "cancel", period, actor=actor, note=note)
    return fresh


def _put_back(consignment: Consignment, lines: list[LoanLine], actor: User) -> None:
    move_copies(
        [Move(line.copy_id, line.pk) for line in lines],
        kind=MoveKind.UNPICK,
        partner_id=consignment.partner_id,
        actor=actor,
        on=clock.today(consignment.lender.zone),
    )
