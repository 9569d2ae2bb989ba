"""The look-up desk: any code scanned anywhere is told what it is, where it should be and until when. Nothing changes."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from libraries.catalogue.choices import CopyPlace
from libraries.catalogue.models import Copy
from libraries.models import User
from loans.choices import OPEN_LINES, LineStatus
from loans.models import LoanLine
from loans.services.answers import ScanAnswer, outcome_of, sentence_of
from loans.services.claiming import code_of_open_case


@dataclass(frozen=True, slots=True)
class Look:
    """The answer, and the copy where it is one that the asker may see."""

    answer: ScanAnswer
    copy: Copy | None = None
    line: LoanLine | None = None


def look_up(*, barcode: str, actor: User) -> Look:
    """What the book with this barcode is. The actor's own libraries come first; another library's is only named."""
    code = barcode.strip()
    if not code:
        return Look(_said("empty_barcode", code, {}))
    copy = (
        Copy.objects.visible_to(actor)
        .filter(barcode=code)
        .select_related("title", "owner", "holder")
        .order_by("pk")
        .first()
    )
    if copy is None:
        other = Copy.objects.filter(barcode=code).select_related("owner").order_by("pk").first()
        facts = {"barcode": code, "partner": str(other.owner) if other else ""}
        return Look(_said("other_library" if other else "unknown_barcode", code, facts))
    line = (
        LoanLine.objects.visible_to(actor)
        .filter(copy=copy, status__in=OPEN_LINES)
        .select_related("consignment__partner", "consignment__lender")
        .first()
    )
    reason, facts = _where(copy, line)
    return Look(_said(reason, code, {"title": copy.title.title, "barcode": code, **facts}), copy, line)


def _where(copy: Copy, line: LoanLine | None) -> tuple[str, dict[str, str]]:
    if copy.place == CopyPlace.WITHDRAWN:
        return "is_withdrawn", {}
    if line is None:
        return ("is_damaged" if copy.condition == "damaged" else "is_home"), {
            "shelf": copy.call_number or copy.location or _("without a shelf mark")
        }
    consignment = line.consignment
    facts = {"partner": str(consignment.partner), "code": consignment.code}
    if line.status == LineStatus.LOST:
        return "is_lost", facts | {"code": code_of_open_case(line) or consignment.code}
    if line.status == LineStatus.OUT:
        late = consignment.due_on < clock.today(consignment.lender.zone)
        return ("is_late" if late else "is_out"), facts | {"due": date_format(consignment.due_on, "j F Y")}
    return ("is_packed" if line.status == LineStatus.PICKED else "is_listed"), facts


def _said(reason: str, barcode: str, facts: dict[str, str]) -> ScanAnswer:
    return ScanAnswer(
        outcome_of(reason), reason, sentence_of(reason, facts), barcode, facts.get("title", ""), facts=facts
    )
