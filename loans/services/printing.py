"""Lending on paper: from locked rows to the frozen papers of `loans.papers` (L3, L4, L6, L8)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from agreements.choices import ReplacementWay
from agreements.models import Agreement
from kerjasama.documents.paper import Party, Verification
from kerjasama.documents.rendering import render_pdf
from kerjasama.domain import clock
from libraries.models import Institution, Person
from libraries.services.letters import letterhead_of, party_of, signatory_of
from loans import addresses
from loans.choices import ConsignmentStatus, LineStatus
from loans.models import Case, Consignment, LoanLine, ReturnVisit
from loans.papers import (
    Basis,
    BoxLabelPaper,
    ClaimedItem,
    Drawn,
    HandoverPaper,
    Item,
    PackedBox,
    PickLine,
    PickListPaper,
    ReplacementLetterPaper,
    ReturnPaper,
    SettlementPaper,
)
from loans.services.crating import boxes_of
from loans.services.zones import parts_of


def compose_handover(
    consignment: Consignment,
    lines: Sequence[LoanLine],
    number: str,
    verification: Verification,
    on: date,
    drawn: Drawn | None = None,
) -> HandoverPaper:
    """The BAST of a delivery from ``lock_for_handover``; ``lines`` come in the order they are to be listed."""
    giver = party_of(consignment.lender, _printed(consignment.lender_signs))  # type: ignore[attr-defined]
    receiver = party_of(consignment.partner, _printed(consignment.partner_signs))  # type: ignore[attr-defined]
    packed = Counter(line.box.number for line in lines if line.box)
    return HandoverPaper(
        number=number,
        on=on,
        letterhead=letterhead_of(consignment.lender),
        giver=giver,
        receiver=receiver,
        basis=basis_of(consignment.period.programme.agreement),
        items=[
            item_of(
                line,
                line.copy.get_condition_display(),
                note=_("box %(number)s") % {"number": line.box.number} if line.box else "",
            )
            for line in lines
        ],
        place=consignment.lender.city,
        period=str(consignment.period),
        due_on=consignment.period.ends_on,
        packed=[PackedBox(number=number, count=count) for number, count in sorted(packed.items())],
        drawn=drawn,
        verification=verification,
    )


def compose_return(
    visit: ReturnVisit,
    back: Sequence[LoanLine],
    left: Sequence[LoanLine],
    consignments: Mapping[UUID, Consignment],
    number: str,
    verification: Verification,
    drawn: Drawn | None = None,
) -> ReturnPaper:
    """The return record: what came back in the visit, what is still out, what is lost.

    ``consignments``: those that anything came back from, the other schools' among them.
    """
    library, school = sides(visit.lender, visit.partner)
    own = [row for row in consignments.values() if row.partner_id == visit.partner_id]
    mine = {row.pk for row in own}
    return ReturnPaper(
        number=number,
        on=visit.on,
        letterhead=letterhead_of(visit.lender),
        giver=school,
        receiver=library,
        basis=basis_of(
            (own or [_last_between(visit) or next(iter(consignments.values()))])[0].period.programme.agreement
        ),
        returned=[
            item_of(line, line.get_condition_back_display()) for line in back if line.consignment_id in mine
        ],
        of_others=[
            item_of(
                line, line.get_condition_back_display(), note=str(consignments[line.consignment_id].partner)
            )
            for line in back
            if line.consignment_id not in mine
        ],
        still_out=[
            item_of(line, due_on=line.consignment.due_on) for line in left if line.status == LineStatus.OUT
        ],
        lost=[item_of(line) for line in left if line.status == LineStatus.LOST],
        handovers=[row.handover_document.number for row in own if row.handover_document],
        place=visit.lender.city,
        drawn=drawn,
        verification=verification,
    )


def _last_between(visit: ReturnVisit) -> Consignment | None:
    """What the visit rests on when the school brought nothing but other schools' books."""
    rows = Consignment.objects.filter(lender=visit.lender_id, partner=visit.partner_id)
    return rows.select_related("period__programme__agreement").first()


def compose_replacement_letter(
    case: Case, number: str, verification: Verification, on: date, *, replacement_days: int = 0
) -> ReplacementLetterPaper:
    """The letter that asks for a replacement; ``case`` is locked and carries what was assessed.

    ``replacement_days``: what the agreement says, 0 when it says nothing.
    """
    agreement = case.line.consignment.period.programme.agreement
    people = signatories(case.lender, case.partner)
    handover = case.line.consignment.handover_document
    addressee = people.get(case.partner_id)
    return ReplacementLetterPaper(
        number=number,
        on=on,
        letterhead=letterhead_of(case.lender),
        sender=signatory_of(case.lender, people.get(case.lender_id)),
        recipient=case.partner.name,
        recipient_address=case.partner.address,
        attention=addressee.position if addressee else "",
        kind=kind_of(case),
        items=[claimed(case)],
        basis=basis_of(agreement),
        due_on=case.due_on,
        ways=[case.demand],
        replacement_days=replacement_days,
        place=case.lender.city,
        chronology=[(case.reported_on, case.account or case.get_kind_display())],
        handovers=[handover.number] if handover else [],
        verification=verification,
    )


def compose_settlement(case: Case, number: str, verification: Verification, on: date) -> SettlementPaper:
    """The record of how a case ended; ``case`` carries the settlement."""
    library, school = sides(case.lender, case.partner)
    new = case.replacement_copy
    return SettlementPaper(
        number=number,
        on=on,
        letterhead=letterhead_of(case.lender),
        partner=school,
        library=library,
        basis=basis_of(case.line.consignment.period.programme.agreement),
        kind=kind_of(case),
        item=claimed(case),
        outcome=case.settlement or "written_off",  # type: ignore[arg-type]
        case=case.code,
        accession=case.copy.accession_number,
        replacement_accession=new.accession_number if new else "",
        decision=case.write_off_number,
        letter=case.letter.number if case.letter else "",
        place=case.lender.city,
        replacement=Item(barcode=new.barcode, title=new.title.title, author=new.title.author_line)
        if new
        else None,
        amount=case.paid_amount,
        reason=case.reason,
        reported_on=case.reported_on,
        verification=verification,
    )


def pick_list_pdf(consignment: Consignment, *, language: str = "id", zone: str = "") -> bytes:
    """What is to be fetched, zone by zone in shelf order, to be ticked off by hand (L3). ``zone``: one picker's part."""
    with translation.override(language):
        return render_pdf("pick_list", _pick_list(consignment, zone), language=language)


def _pick_list(consignment: Consignment, zone: str) -> PickListPaper:
    parts = parts_of(consignment)
    parts = [part for part in parts if part.zone.key == zone] or parts
    return PickListPaper(
        institution=consignment.lender.name,
        partner=consignment.partner.name,
        consignment=consignment.code,
        lines=[
            PickLine(
                barcode=line.copy.barcode,
                call_number=line.copy.call_number,
                title=line.copy.title.title,
                author=line.copy.title.author_line,
                location=part.zone.name,
            )
            for part in parts
            for line in part.lines
        ],
        period=str(consignment.period),
        dispatch_on=consignment.period.starts_on,
        printed_on=clock.today(consignment.lender.zone),
    )


def box_labels_pdf(
    consignment: Consignment, *, boxes: int = 1, only: int | None = None, language: str = "id"
) -> bytes:
    """A label for each box with what was scanned into it; ``only``: the box of this number (L3).

    Where nothing was scanned into boxes, for each of ``boxes`` boxes: the books are spread evenly over them.
    """
    rows = boxes_of(consignment).boxes
    packed = [(row.number, row.books) for row in rows if only in (None, row.number)]
    if not packed:
        count = consignment.lines.filter(
            status__in=[LineStatus.PROPOSED, LineStatus.PICKED, LineStatus.OUT]
        ).count()
        each, rest = divmod(count, boxes)
        counts = [each + (index < rest) for index in range(boxes)]
    else:
        counts = [books for _number, books in packed]
    with translation.override(language):
        paper = BoxLabelPaper(
            sender=consignment.lender.name,
            partner=consignment.partner.name,
            partner_address=consignment.partner.address,
            consignment=consignment.code,
            boxes=counts,
            # While it is packed, nobody knows how many there will be.
            numbers=[number for number, _books in packed]
            if only or consignment.status == ConsignmentStatus.PICKING
            else [],
            period=str(consignment.period),
            due_on=consignment.due_on,
            verification=_verification_of(consignment) or _address_of(consignment),
        )
        return render_pdf("box_label", paper, language=language)


def sides(lender: Institution, partner: Institution) -> tuple[Party, Party]:
    """Both sides with the people who sign for them: one query."""
    people = signatories(lender, partner)
    return party_of(lender, people.get(lender.pk)), party_of(partner, people.get(partner.pk))


def _printed(found: dict[str, str] | None) -> Person | None:
    return Person(**found) if found else None


def signatories(*institutions: Institution) -> dict[UUID, Person]:
    return {
        row.institution_id: row for row in Person.objects.filter(institution__in=institutions, signs=True)
    }


def basis_of(agreement: Agreement) -> Basis:
    return Basis(
        subject=agreement.title,
        written=agreement.is_written,
        number=agreement.number,
        dated=agreement.starts_on if agreement.is_written else agreement.agreed_on,
    )


def item_of(line: LoanLine, condition: str = "", due_on: date | None = None, note: str = "") -> Item:
    """One row of a list; the line carries its copy and title."""
    return Item(**_described(line), condition=condition, due_on=due_on, note=note)


def _described(line: LoanLine) -> dict[str, Any]:
    copy = line.copy
    return {
        "barcode": copy.barcode,
        "title": copy.title.title,
        "author": copy.title.author_line,
        "call_number": copy.call_number,
    }


def claimed(case: Case) -> ClaimedItem:
    copy = case.copy
    return ClaimedItem(
        barcode=copy.barcode,
        title=copy.title.title,
        author=copy.title.author_line,
        call_number=copy.call_number,
        price=case.amount if case.demand == ReplacementWay.PRICE and case.amount else copy.price,
    )


def kind_of(case: Case) -> Any:
    return str(case.kind)


def _verification_of(consignment: Consignment) -> Verification | None:
    from_record = consignment.handover_document
    if from_record is None:
        return None
    verification: dict[str, str] | None = from_record.content["paper"].get("verification")
    return Verification(code=verification["code"], url=verification["url"]) if verification else None


def _address_of(consignment: Consignment) -> Verification:
    """Before the record there is nothing to verify: the code opens the page on which the school confirms the receipt."""
    url = settings.BASE_URL + addresses.receipt_for_partner(consignment.pk)
    return Verification(code=consignment.code, url=url)
