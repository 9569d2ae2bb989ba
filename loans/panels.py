"""The answer to a scan as it is shown on either face: colour, picture and words, never colour alone (U16)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from loans.choices import ScanOutcome
from loans.models import Scan
from loans.services.answers import ScanAnswer, answer_of
from loans.services.scanning import UNDOABLE

OUTCOMES = {
    # outcome of a scan: tone, picture, the one word that is read from an arm's length
    "ok": ("good", "good", gettext_lazy("Right")),
    "warning": ("warn", "warning", gettext_lazy("Take note")),
    "error": ("bad", "stop", gettext_lazy("Stop")),
}


@dataclass(frozen=True, slots=True)
class Panel:
    """``undo`` names the route that takes the scan back; "" where it cannot be. ``more_url`` leads to the copy."""

    tone: str
    icon: str
    word: Any
    sentence: str
    barcode: str = ""
    title: str = ""
    scan_id: UUID | None = None
    undo: str = ""
    may_add: bool = False
    undone: bool = False
    at: Any = None
    waits: bool = False
    more_url: str = ""
    may_take_back: bool = False
    unknown: bool = False

    @property
    def key(self) -> str:
        return str(self.scan_id or "")

    @property
    def undo_url(self) -> str:
        return reverse(self.undo, args=[self.scan_id]) if self.undo and self.scan_id else ""


def panel_of(answer: ScanAnswer, undo: str, *, more_url: str = "") -> Panel:
    """A fresh answer; ``undo`` is the route of the face that shows it."""
    return Panel(
        *OUTCOMES[answer.outcome],
        answer.sentence,
        answer.barcode,
        answer.title,
        answer.scan_id,
        undo if answer.reason in UNDOABLE else "",
        answer.may_add,
        at=clock.now(),
        waits=answer.to_review,
        more_url=more_url,
        may_take_back=answer.may_take_back,
        unknown=answer.reason == "unknown_barcode",
    )


def panel_of_row(row: Scan, undo: str) -> Panel:
    """A scan of before. What it offered then is offered no more, except to take it back."""
    answer = answer_of(row)
    return Panel(
        *OUTCOMES[answer.outcome],
        answer.sentence,
        answer.barcode,
        answer.title,
        row.pk,
        undo if row.reason in UNDOABLE and row.undone_at is None else "",
        undone=row.undone_at is not None,
        at=row.at,
        waits=answer.to_review,
    )


def panel_of_undo(answer: ScanAnswer, scan_id: UUID) -> Panel:
    tone, icon, _word = OUTCOMES[answer.outcome]
    return Panel(
        tone, icon, _("Taken back"), answer.sentence, answer.barcode, answer.title, scan_id, undone=True
    )


def refusal(error: DomainError, barcode: str = "") -> Panel:
    return Panel(*OUTCOMES[ScanOutcome.ERROR], str(error.message), barcode)
