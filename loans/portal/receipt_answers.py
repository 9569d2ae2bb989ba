"""What a school has answered so far while confirming a receipt (L5). Pure: a draft's JSON in and out, no rows.

The draft may be old and the delivery may have changed meanwhile, so reading it forgives: what does not fit is left out.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

FORM = "receipt"
MOST_EXTRA = 50


@dataclass(slots=True)
class Remark:
    """Words and a photograph (the id of a kept file) about one book."""

    description: str = ""
    photograph: str = ""

    @classmethod
    def of(cls, given: Any) -> "Remark":
        given = given if isinstance(given, dict) else {}
        return cls(str(given.get("description", "")), str(given.get("photograph", "")))

    def kept(self) -> dict[str, str]:
        return {"description": self.description, "photograph": self.photograph}


@dataclass(slots=True)
class ReceiptAnswers:
    """Missing lines, damaged lines with what is wrong, books that are not on the list, and who took the box."""

    missing: set[str] = field(default_factory=set)
    damaged: dict[str, Remark] = field(default_factory=dict)
    extra: list[Remark] = field(default_factory=list)
    received_by: str = ""

    @classmethod
    def of(cls, draft: dict[str, Any], lines: Collection[UUID]) -> "ReceiptAnswers":
        """From a draft, as far as it speaks of ``lines``."""
        known = {str(line) for line in lines}
        missing = {str(line) for line in _list(draft.get("missing"))} & known
        damaged = draft.get("damaged")
        return cls(
            missing,
            {
                line: Remark.of(remark)
                for line, remark in (damaged.items() if isinstance(damaged, dict) else ())
                if line in known - missing
            },
            [Remark.of(remark) for remark in _list(draft.get("extra"))][:MOST_EXTRA],
            str(draft.get("received_by", "")),
        )

    def kept(self) -> dict[str, Any]:
        return {
            "missing": sorted(self.missing),
            "damaged": {line: remark.kept() for line, remark in self.damaged.items()},
            "extra": [remark.kept() for remark in self.extra],
            "received_by": self.received_by,
        }

    @property
    def count(self) -> int:
        return len(self.missing) + len(self.damaged) + len(self.extra)

    def mark_missing(self, ticked: Iterable[str], shown: Iterable[str]) -> None:
        """Of the lines shown on the page, those ticked are missing; the others are not. What is missing is not damaged."""
        self.missing = (self.missing - set(shown)) | set(ticked)
        self.damaged = {line: remark for line, remark in self.damaged.items() if line not in self.missing}

    def mark_damaged(self, ticked: Iterable[str], shown: Iterable[str]) -> None:
        """As ``mark_missing``; what was said about a line that stays damaged is kept."""
        chosen = (set(self.damaged) - set(shown)) | set(ticked)
        self.damaged = {line: self.damaged.get(line, Remark()) for line in sorted(chosen)}
        self.missing -= chosen

    def all_fine(self) -> None:
        self.missing, self.damaged, self.extra = set(), {}, []

    def photographs(self) -> list[str]:
        remarks = [*self.damaged.values(), *self.extra]
        return [remark.photograph for remark in remarks if remark.photograph]


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []
