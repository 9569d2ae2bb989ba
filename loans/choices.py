"""Closed vocabularies of lending. "Overdue" is not among them: it is a question to a date."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class ProgrammeStatus(TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    RETURNING = "returning", _("Being brought home")
    ENDED = "ended", _("Ended")


class PeriodStatus(TextChoices):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("With the partner")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class ConsignmentStatus(TextChoices):
    """A box set of one period, from the proposal to the last book back."""

    PICKING = "picking", _("Being picked")
    DISPATCHED = "dispatched", _("Handed over")
    FLAGGED = "flagged", _("Not confirmed")
    RECEIVED = "received", _("Received")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


# What of a delivery a partner does not see: it is still being made, or nothing came of it.
HIDDEN_FROM_PARTNERS = (ConsignmentStatus.PICKING, ConsignmentStatus.CANCELLED)


class LineStatus(TextChoices):
    """One copy in a consignment. PROPOSED to LOST are open: the copy is bound to this line."""

    PROPOSED = "proposed", _("Proposed")
    PICKED = "picked", _("Scanned")
    OUT = "out", _("With the partner")
    LOST = "lost", _("Lost")
    RETURNED = "returned", _("Returned")
    SETTLED = "settled", _("Settled")
    DROPPED = "dropped", _("Left out")


OPEN_LINES = (LineStatus.PROPOSED, LineStatus.PICKED, LineStatus.OUT, LineStatus.LOST)


class ReceiptState(TextChoices):
    UNCONFIRMED = "unconfirmed", _("Not confirmed")
    OK = "ok", _("Received")
    MISSING = "missing", _("Not in the box")
    DAMAGED = "damaged", _("Damaged on arrival")


class DiscrepancyKind(TextChoices):
    """L5."""

    MISSING = "missing", _("Missing from the box")
    DAMAGED = "damaged", _("Damaged")
    EXTRA = "extra", _("Not on the list")


class MoveKind(TextChoices):
    """Rows of the custody ledger."""

    PICK = "pick", _("Picked")
    UNPICK = "unpick", _("Taken out of the box")
    DISPATCH = "dispatch", _("Handed over")
    RETURN = "return", _("Returned")
    UNRETURN = "unreturn", _("Return taken back")
    LOSE = "lose", _("Reported lost")
    FIND = "find", _("Found again")
    WITHDRAW = "withdraw", _("Withdrawn")
    # What takes an act back: the ledger only grows, so undoing is a move of its own.
    UNLOSE = "unlose", _("Report of loss taken back")
    RESTORE = "restore", _("Write-off taken back")
    RELOSE = "relose", _("Write-off taken back, still lost")


class ScanDesk(TextChoices):
    """Where a code is read. At CHECK nothing changes and nothing is kept: it only says what a book is."""

    PICK = "pick", _("Packing")
    RETURN = "return", _("Taking back")
    COUNT = "count", _("Stocktaking")
    CHECK = "check", _("Looking up")


class ScanOutcome(TextChoices):
    OK = "ok", _("Accepted")
    WARNING = "warning", _("Accepted with a note")
    ERROR = "error", _("Refused")


class ReviewState(TextChoices):
    """A refused scan that was made without a connection tells of something that has happened: a person decides."""

    NONE = "", _("Nothing to decide")
    OPEN = "open", _("To be decided")
    DONE = "done", _("Done after all")
    NOTED = "noted", _("Noted, nothing further")


class CaseKind(TextChoices):
    LOST = "lost", _("Lost")
    DAMAGED = "damaged", _("Damaged")


class CaseStatus(TextChoices):
    """From the report to the end. While the library has the next word (REPORTED, OFFERED, APPEALED) no day runs out."""

    REPORTED = "reported", _("Reported")
    ASSESSED = "assessed", _("Replacement due")
    OFFERED = "offered", _("Replacement offered")
    ACCEPTED = "accepted", _("Offer accepted, book to come")
    APPEALED = "appealed", _("Objection to be decided")
    SETTLED = "settled", _("Settled")
    FOUND = "found", _("Found again")
    WRITTEN_OFF = "written_off", _("Written off")
    RETRACTED = "retracted", _("Report taken back")


OPEN_CASES = (
    CaseStatus.REPORTED,
    CaseStatus.ASSESSED,
    CaseStatus.OFFERED,
    CaseStatus.ACCEPTED,
    CaseStatus.APPEALED,
)
# The school owes something by a day; reminders are about these alone.
OWED_CASES = (CaseStatus.ASSESSED, CaseStatus.ACCEPTED)


class PleaKind(TextChoices):
    """What a school may say to a demand: that it has another book, or that the demand is not right."""

    OFFER = "offer", _("Replacement offered")
    APPEAL = "appeal", _("Objection")


class PleaAnswer(TextChoices):
    ACCEPTED = "accepted", _("Accepted as equal")
    REFUSED = "refused", _("Not accepted")
    UPHELD = "upheld", _("The demand stands")
    REDUCED = "reduced", _("The demand is changed")
    WITHDRAWN = "withdrawn", _("The demand is withdrawn")


class Settlement(TextChoices):
    SAME_TITLE = "same_title", _("Replaced by the same title")
    EQUAL_TITLE = "equal_title", _("Replaced by an equal title")
    PRICE = "price", _("Paid")
    WAIVED = "waived", _("Waived")


class VisitStatus(TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class StocktakeStatus(TextChoices):
    OPEN = "open", _("Being counted")
    CLOSED = "closed", _("Counted")
    CANCELLED = "cancelled", _("Cancelled")


class WishStatus(TextChoices):
    """L10. OPEN and PLANNED are open: the wish may still come true."""

    OPEN = "open", _("Waiting for an answer")
    PLANNED = "planned", _("Promised")
    SERVED = "served", _("Fulfilled")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")


OPEN_WISHES = (WishStatus.OPEN, WishStatus.PLANNED)


class WishPriority(IntegerChoices):
    """The more, the sooner."""

    NICE = 1, _("Would be nice")
    WANTED = 2, _("Wanted")
    NEEDED = 3, _("Needed for lessons")


class Subject(TextChoices):
    """The hundreds of the DDC, as schools ask for them."""

    GENERAL = "000", _("General works")
    PHILOSOPHY = "100", _("Philosophy and psychology")
    RELIGION = "200", _("Religion")
    SOCIETY = "300", _("Social sciences")
    LANGUAGE = "400", _("Language")
    SCIENCE = "500", _("Science")
    TECHNOLOGY = "600", _("Technology")
    ARTS = "700", _("Arts and sports")
    LITERATURE = "800", _("Literature")
    HISTORY = "900", _("History and geography")


class PlanStatus(TextChoices):
    """A rotation plan is reckoned by a worker, looked at by a person, and adopted or thrown away."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being reckoned")
    READY = "ready", _("To be looked at")
    ADOPTED = "adopted", _("Adopted")
    DISCARDED = "discarded", _("Discarded")
    FAILED = "failed", _("Gave no plan")
    CANCELLED = "cancelled", _("Cancelled")


class PlanMode(TextChoices):
    PERSONAL = "personal", _("Each school its own choice every period")
    KITS = "kits", _("Fixed boxes that go round the schools")
    MIXED = "mixed", _("Some books in fixed boxes, the rest chosen for each school")


class BulkKind(TextChoices):
    """What the desk may do to many things at once, and take back for a while (U14)."""

    WRITE_OFF = "write_off", _("Copies written off")
    REPORT_LOST = "report_lost", _("Books reported lost")
    REMIND = "remind", _("Schools reminded")
    EXTEND = "extend", _("More time to replace")


class WriteOffReason(TextChoices):
    """Why a copy is proposed for writing off."""

    LOST = "lost", _("Lost for long")
    MISSING = "missing", _("Not on its shelf")
    DAMAGED = "damaged", _("Damaged, on the shelf")
    WORN = "worn", _("Worn and old")
