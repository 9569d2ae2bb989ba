"""Books come back: in one visit, item by item, mixed and partial, then a return record (L6, L7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.access import roles_toward
from libraries.catalogue.choices import Condition
from libraries.choices import PaperKind, Role, Tone
from libraries.models import Institution, User
from libraries.services.documents import issue_document
from libraries.services.notices import announce
from loans import addresses
from loans.choices import CaseKind, LineStatus, MoveKind, VisitStatus
from loans.lifecycle import DESK, RETURN_VISIT
from loans.models import Case, Consignment, LoanLine, ReturnVisit
from loans.papers import Drawn
from loans.services.answers import ScanAnswer, outcome_of, sentence_of
from loans.services.bringing import tell_others
from loans.services.claiming import close_case_as_found, open_case
from loans.services.closing import close_consignment
from loans.services.custody import Move, move_copies, require_condition
from loans.services.judging import TAKES_BACK, UNKNOWN, find_books, judge_return
from loans.services.locking import hold_visit, in_shelf_order, lock_consignment, lock_lines
from loans.services.missing import sight
from loans.services.printing import compose_return
from loans.services.stepping import roles_of, take_step, write_event
from loans.services.straying import foreign_copies, note_strays


@dataclass(frozen=True, slots=True)
class ReturnedCopy:
    barcode: str
    condition: str = Condition.GOOD


@dataclass(frozen=True, slots=True)
class ReturnReport:
    """How many came back, and an answer for every barcode that did not simply come back."""

    returned: int
    answers: Sequence[ScanAnswer]


@transaction.atomic
def open_return_visit(
    *, lender: Institution, partner: Institution, actor: User, on: date | None = None
) -> ReturnVisit:
    """The open visit between the two, or a new one. Raises NotPermitted, InvalidInput (``date_to_come``)."""
    if not roles_toward(actor, lender=lender.pk) & DESK:
        raise NotPermitted("role_missing", _("Only the circulation desk or an officer takes books back."))
    today = clock.today(lender.zone)
    if on is not None and on > today:
        raise InvalidInput("date_to_come", _("A return cannot be dated in the future."), field="on")
    # The partner's row serialises two desks that open the same visit at once.
    Institution.objects.select_for_update(no_key=True).get(pk=partner.pk)
    visit = ReturnVisit.objects.filter(lender=lender, partner=partner, status=VisitStatus.OPEN).first()
    if visit is None:
        visit = ReturnVisit.objects.create(lender=lender, partner=partner, on=on or today, opened_by=actor)
        write_event(visit, "open", actor=actor, before="")
    return visit


@transaction.atomic
def return_copies(
    *, visit: ReturnVisit, copies: Sequence[ReturnedCopy], actor: User, for_others: bool = False
) -> ReturnReport:
    """Take many copies back at once; one that does not belong here is answered, not an obstacle.

    ``for_others``: what another school has is taken back for that school.

    The number of statements does not grow with the number of copies (G7). Raises NotPermitted, TransitionRefused.
    """
    fresh = hold_visit(visit)
    RETURN_VISIT.ask("finish", fresh.status, roles_of(actor, fresh))
    for copy in copies:
        require_condition(copy.condition)
    condition_of = {row.barcode.strip(): row.condition for row in copies if row.barcode.strip()}
    books = find_books(fresh.lender_id, condition_of)
    foreign = foreign_copies(fresh.lender_id, set(condition_of) - set(books))
    note_strays(fresh, foreign.values(), actor=actor)
    moves: dict[tuple[str, UUID], list[Move]] = {}
    answers: list[ScanAnswer] = []
    for barcode, condition in condition_of.items():
        book = books.get(barcode, UNKNOWN)
        reason, facts = judge_return(fresh, book, barcode, condition, for_others=for_others, foreign=foreign)
        if reason in TAKES_BACK:
            line = book.line
            assert line is not None
            kind = MoveKind.FIND if reason == "found_again" else MoveKind.RETURN
            rows = moves.setdefault((kind, line.consignment.partner_id), [])
            rows.append(Move(line.copy_id, line.pk, condition))
            if reason == "found_again":
                facts["code"] = close_case_as_found(line, actor=actor)
        if reason not in ("returned", "returned_worn"):
            answers.append(
                ScanAnswer(
                    outcome_of(reason),
                    reason,
                    sentence_of(reason, facts),
                    barcode,
                    facts.get("title", ""),
                    facts=facts,
                    may_take_back=reason == "with_other_partner",
                )
            )
    if seen := [barcode for barcode in condition_of if books.get(barcode, UNKNOWN).line is None]:
        sight(fresh.lender_id, seen, actor)
    for (move, partner), rows in moves.items():
        move_copies(rows, kind=move, partner_id=partner, actor=actor, on=fresh.on, visit_id=fresh.pk)
    return ReturnReport(sum(len(rows) for rows in moves.values()), answers)


@transaction.atomic
def finish_return_visit(*, visit: ReturnVisit, actor: User, drawn: Drawn | None = None) -> ReturnVisit:
    """Close the visit with its return record; deliveries of which nothing is out any more are closed with it.

    Cases are opened for what came back damaged. Raises Conflict (``nothing_returned``).
    """
    # The visit comes first: a scan of another desk must not bring in a delivery that was not locked below.
    fresh = hold_visit(visit)
    RETURN_VISIT.ask("finish", fresh.status, roles_of(actor, fresh))
    touched = Consignment.objects.filter(lines__returned_to=fresh).order_by("pk").distinct()
    consignments = [lock_consignment(row) for row in touched]
    back = list(lock_lines(Q(returned_to=fresh)))
    if not back:
        raise Conflict("nothing_returned", _("No book has been scanned in this visit yet."))
    by_key = {row.pk: row for row in consignments}
    own = [row for row in consignments if row.partner_id == fresh.partner_id]
    for line in damaged_without_case(back):
        open_case(by_key[line.consignment_id], line, actor=actor, kind=CaseKind.DAMAGED, account="")
    left = list(
        LoanLine.objects.filter(
            consignment__lender_id=fresh.lender_id,
            consignment__partner_id=fresh.partner_id,
            status__in=[LineStatus.OUT, LineStatus.LOST],
        ).select_related("copy__title", "consignment")
    )
    document = issue_document(
        issuer=fresh.lender,
        recipient=fresh.partner,
        kind=PaperKind.RETURN,
        title=lambda: (
            _("Return of %(count)s books by %(partner)s") % {"count": len(back), "partner": fresh.partner}
        ),
        template="return_record",
        compose=lambda number, verification: compose_return(
            fresh, in_shelf_order(back), in_shelf_order(left), by_key, number, verification, drawn
        ),
        on=fresh.on,
        actor=actor,
        item_count=len(back),
    )
    take_step(RETURN_VISIT, "finish", fresh, actor=actor, document=document)
    still_out = {line.consignment_id for line in left if line.status == LineStatus.OUT}
    for consignment in own:
        if consignment.pk not in still_out:
            close_consignment(consignment, actor=actor)
    brought = tell_others(fresh, back, [row for row in consignments if row not in own], actor=actor)
    announce(
        recipient=fresh.partner,
        sender=fresh.lender,
        rule="returned",
        subject_kind="return_visit",
        subject_id=fresh.pk,
        due_on=fresh.on,
        tone=Tone.CALM,
        context={
            "lender": fresh.lender.name,
            "partner": fresh.partner.name,
            "count": len(back) - brought,
            "left": sum(line.status == LineStatus.OUT for line in left),
            "lost": sum(line.status == LineStatus.LOST for line in left),
            "number": document.number,
        },
        path=addresses.documents_for_partner(),
        roles=[Role.SCHOOL_CONTACT],
    )
    return fresh


def damaged_without_case(back: Sequence[LoanLine]) -> list[LoanLine]:
    """Lines that came back damaged of which no case tells yet: none of this loan, and none still open about the copy."""
    damaged = [line for line in back if line.condition_back == Condition.DAMAGED]
    if not damaged:
        return []
    told = Case.objects.filter(line__in=damaged).values_list("copy_id", flat=True)
    still_open = Case.objects.open().filter(copy__in=[line.copy_id for line in damaged])
    known = {*told, *still_open.values_list("copy_id", flat=True)}
    return [line for line in damaged if line.copy_id not in known]
