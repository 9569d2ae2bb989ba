"""What changed hands at a stop of the school's own books (M6)."""

from dataclasses import dataclass

from loans.models import Consignment
from mobile_service.choices import EntryKind, EntryOutcome
from mobile_service.models import Entry, Visit
from mobile_service.services.stop_lending import ALREADY, ALREADY_HANDED_OVER


@dataclass(frozen=True, slots=True)
class SchoolBooks:
    """What changed hands of the school's own hundred, beside what was lent from the van (M6)."""

    handed_over: list[tuple[Consignment, str]]
    taken_back: int


def school_books(visit: Visit) -> SchoolBooks | None:
    """Deliveries with who received them, and how many books were taken back; None where no book of a school moved. Two queries
    at most."""
    told = Entry.objects.filter(
        visit=visit, kind__in=[EntryKind.HAND_OVER, EntryKind.TAKE_BACK], outcome=EntryOutcome.APPLIED
    ).exclude(code__in=[ALREADY, ALREADY_HANDED_OVER])
    rows = list(told.order_by("at", "counter", "pk").values_list("kind", "data"))
    received = {
        data["consignment"]: data.get("received_by", "")
        for kind, data in rows
        if kind == EntryKind.HAND_OVER and data["consignment"]
    }
    back = {data["barcode"] for kind, data in rows if kind == EntryKind.TAKE_BACK}
    deliveries = Consignment.objects.filter(pk__in=received).with_counts() if received else ()
    handed_over = [(row, received[str(row.pk)] or row.received_by) for row in deliveries]
    return SchoolBooks(handed_over, len(back)) if handed_over or back else None
