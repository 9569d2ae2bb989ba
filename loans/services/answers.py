"""What a scan is answered: a reason for programs, and its sentence for people, made anew in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain.errors import Sentence
from loans.choices import ReviewState, ScanOutcome
from loans.models import Scan

# reason → (outcome, sentence). The sentence's names are filled from the facts of the scan.
ANSWERS: Mapping[str, tuple[str, Sentence]] = {
    "picked": (ScanOutcome.OK, gettext_lazy("Into the box: %(title)s")),
    "already_scanned": (ScanOutcome.WARNING, gettext_lazy("Already scanned at %(time)s by %(who)s.")),
    "put_back": (ScanOutcome.OK, gettext_lazy("Taken back: %(title)s goes to the shelf again.")),
    "unknown_barcode": (
        ScanOutcome.ERROR,
        gettext_lazy("No copy of this library has the barcode %(barcode)s. Scan again or check the label."),
    ),
    "empty_barcode": (ScanOutcome.ERROR, gettext_lazy("Nothing was scanned. Scan the barcode of a book.")),
    "not_on_list": (
        ScanOutcome.ERROR,
        gettext_lazy("Not on this list: %(title)s. Put it back, or add it to the list on purpose."),
    ),
    "on_other_list": (
        ScanOutcome.ERROR,
        gettext_lazy("%(title)s is on the list of %(partner)s (%(code)s). Put it aside for them."),
    ),
    "with_partner": (
        ScanOutcome.ERROR,
        gettext_lazy("By the records %(title)s is with %(partner)s. Take it back first."),
    ),
    "lost": (
        ScanOutcome.ERROR,
        gettext_lazy(
            "%(title)s was reported lost. If this is the book, record it as found in case %(code)s."
        ),
    ),
    "withdrawn": (
        ScanOutcome.ERROR,
        gettext_lazy("%(title)s is withdrawn from the collection. Put it aside."),
    ),
    "damaged": (ScanOutcome.ERROR, gettext_lazy("%(title)s is marked as damaged and stays here.")),
    "stays_here": (ScanOutcome.ERROR, gettext_lazy("%(title)s may not be lent to partners.")),
    "full": (ScanOutcome.ERROR, gettext_lazy("The agreed number is complete; %(title)s stays here.")),
    "taken_meanwhile": (ScanOutcome.ERROR, gettext_lazy("Another desk took %(title)s a moment ago.")),
    "returned": (ScanOutcome.OK, gettext_lazy("Back: %(title)s")),
    "returned_worn": (ScanOutcome.OK, gettext_lazy("Back, worn: %(title)s")),
    "returned_damaged": (
        ScanOutcome.WARNING,
        gettext_lazy("Back, damaged: %(title)s. A case is opened when you finish."),
    ),
    "found_again": (ScanOutcome.WARNING, gettext_lazy("Found again: %(title)s. Case %(code)s is closed.")),
    "return_undone": (ScanOutcome.OK, gettext_lazy("Taken back: %(title)s counts as out again.")),
    "not_out": (
        ScanOutcome.WARNING,
        gettext_lazy("%(title)s was not out. Nothing to do: put it on the shelf."),
    ),
    "counted": (ScanOutcome.OK, gettext_lazy("Here: %(title)s")),
    "already_counted": (ScanOutcome.WARNING, gettext_lazy("Already counted at %(time)s by %(who)s.")),
    "counted_lost": (
        ScanOutcome.WARNING,
        gettext_lazy("Found: %(title)s was reported lost. It is noted; the library closes case %(code)s."),
    ),
    "counted_elsewhere": (
        ScanOutcome.WARNING,
        gettext_lazy(
            "By the records %(title)s is at another school. It is noted; put it aside for the library."
        ),
    ),
    "counted_not_lent": (
        ScanOutcome.WARNING,
        gettext_lazy(
            "By the records %(title)s is at the library and not lent. It is noted; put it aside for the library."
        ),
    ),
    "other_library": (
        ScanOutcome.ERROR,
        gettext_lazy("This is no book of this library: barcode %(barcode)s belongs to %(partner)s."),
    ),
    "uncounted": (ScanOutcome.OK, gettext_lazy("Taken back: %(title)s counts as not seen.")),
    "desk_closed": (
        ScanOutcome.ERROR,
        gettext_lazy(
            "%(title)s was scanned without a connection, and meanwhile this list was closed. A colleague decides."
        ),
    ),
    "is_home": (ScanOutcome.OK, gettext_lazy("%(title)s is at the library. Its shelf: %(shelf)s.")),
    "is_damaged": (
        ScanOutcome.WARNING,
        gettext_lazy("%(title)s is at the library and marked as damaged. Its shelf: %(shelf)s."),
    ),
    "is_listed": (
        ScanOutcome.WARNING,
        gettext_lazy("%(title)s is on the list of %(partner)s (%(code)s) and not in the box yet."),
    ),
    "is_packed": (
        ScanOutcome.WARNING,
        gettext_lazy("%(title)s is packed for %(partner)s (%(code)s). It belongs into the box."),
    ),
    "is_out": (
        ScanOutcome.OK,
        gettext_lazy("%(title)s is lent to %(partner)s (%(code)s) until %(due)s."),
    ),
    "is_late": (
        ScanOutcome.WARNING,
        gettext_lazy("%(title)s is with %(partner)s (%(code)s) and was due back on %(due)s."),
    ),
    "is_lost": (
        ScanOutcome.WARNING,
        gettext_lazy("%(title)s was reported lost by %(partner)s. Record it as found in case %(code)s."),
    ),
    "is_withdrawn": (
        ScanOutcome.WARNING,
        gettext_lazy("%(title)s is withdrawn from the collection. Put it aside."),
    ),
    "with_other_partner": (
        ScanOutcome.ERROR,
        gettext_lazy(
            "%(title)s is out to %(partner)s, not to this one. Take it back for them, or put it aside."
        ),
    ),
    "returned_for_other": (
        ScanOutcome.WARNING,
        gettext_lazy("Back for %(partner)s: %(title)s. They are told when you finish."),
    ),
    "of_other_library": (
        ScanOutcome.WARNING,
        gettext_lazy("%(title)s belongs to %(partner)s. It is noted to be sent home; put it aside."),
    ),
}


FACTS = ("title", "barcode", "time", "who", "partner", "code", "shelf", "due")


@dataclass(frozen=True, slots=True)
class ScanAnswer:
    """The answer to one scan. ``count`` of ``total``: scanned of wanted, or back of what was out.

    ``may_add``: it could be put on the list on purpose; ``may_take_back``: it could be taken back for another school.
    """

    outcome: str
    reason: str
    sentence: str
    barcode: str
    title: str = ""
    scan_id: UUID | None = None
    line_id: UUID | None = None
    count: int = 0
    total: int = 0
    may_add: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    may_take_back: bool = False
    # Refused, and made without a connection: a person decides about it.
    to_review: bool = False


def outcome_of(reason: str) -> str:
    return str(ANSWERS[reason][0])


def sentence_of(reason: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a stored or fresh answer. Facts that are not there print as a dash."""
    known = {name: facts.get(name) or "–" for name in FACTS}
    if reason not in ANSWERS:
        return _("Unknown answer.")
    # For a program the reason stays what it is; a person is told what else is known.
    if reason == "not_out" and facts.get("time"):
        reason = "already_scanned"
    elif reason == "unknown_barcode" and facts.get("partner"):
        reason = "other_library"
    said = str(ANSWERS[reason][1]) % known
    if facts.get("turned_up"):
        said += " " + _("It was looked for; now it has turned up.")
    return said


def answer_of(row: Scan, count: int = 0, total: int = 0) -> ScanAnswer:
    """A stored scan as the answer it was given, in the reader's language now."""
    return ScanAnswer(
        row.outcome,
        row.reason,
        sentence_of(row.reason, row.facts),
        row.barcode,
        row.facts.get("title", ""),
        row.pk,
        row.line_id,
        count,
        total,
        row.reason == "not_on_list",
        row.facts,
        row.reason == "with_other_partner",
        row.review == ReviewState.OPEN,
    )
