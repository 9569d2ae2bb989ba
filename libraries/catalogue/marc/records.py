"""What reading a MARC file yields: descriptions that can be used, and records that could not be read.

Nothing here knows the database. A file of n records always yields n outcomes, in file order, each with its
position (counted from 1) and the byte where it begins, so that a librarian can find the record again in the
program it came from, and an import that was interrupted can go on from there (D3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from libraries.catalogue.findings import BadReason, Finding, sentence


@dataclass(frozen=True, slots=True)
class CopyData:
    """One physical copy as the record's holdings describe it. Empty strings where the source is silent."""

    barcode: str
    call_number: str = ""
    accession_number: str = ""
    price: Decimal | None = None  # rupiah; prices in other currencies are not converted and left out
    note: str = ""


@dataclass(frozen=True, slots=True)
class BibRecord:
    """One bibliographic description, cleaned of ISBD punctuation and control characters.

    ``isbns`` holds valid ISBN-13 only, as 13 digits, without those that stand for a whole set.
    ``volume`` is the normalised sign of the volume and school grade ("jilid 2", "kelas 4"), empty when there is none.
    ``reading_level`` is a value of :class:`libraries.catalogue.choices.ReadingLevel`, or "" when the record gives no hint.
    ``material`` is leader/06 ("a" is printed text, "g" a film, ...); ``kind`` a value of
    :class:`libraries.catalogue.choices.Material`.
    ``next_offset`` is the byte after the record: the place to resume from.
    """

    position: int
    byte_offset: int
    next_offset: int
    title: str
    control_number: str = ""
    control_source: str = ""
    isbns: tuple[str, ...] = ()
    subtitle: str = ""
    part: str = ""
    volume: str = ""
    responsibility: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    place: str = ""
    year: int | None = None
    edition: str = ""
    series: str = ""
    extent: str = ""
    language: str = ""
    ddc: str = ""
    call_number: str = ""
    subjects: tuple[str, ...] = ()
    reading_level: str = ""
    material: str = "a"
    kind: str = "book"
    copies: tuple[CopyData, ...] = ()
    remarks: tuple[Finding, ...] = ()

    @property
    def excerpt(self) -> str:
        """The line that stands for this record in a report."""
        author = f" / {self.authors[0]}" if self.authors else ""
        year = f" ({self.year})" if self.year else ""
        return f"{self.title}{author}{year}"


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A stretch of the file that is no usable record, and why.

    ``code`` and ``facts`` are stored; ``reason`` is the sentence in the language of whoever reads the report.
    ``excerpt`` shows the beginning of the stretch with control characters made visible.
    """

    position: int
    byte_offset: int
    next_offset: int
    code: BadReason
    facts: dict[str, str | int] = field(default_factory=dict)
    excerpt: str = ""

    @property
    def reason(self) -> str:
        return sentence(self.code, self.facts)


class Unusable(Exception):
    """Raised inside the reader where a record turns out to be unusable; becomes a :class:`BadRecord`."""

    def __init__(self, code: BadReason, **facts: str | int) -> None:
        super().__init__(code.value)
        self.code = code
        self.facts = facts


EXCERPT_LENGTH = 200
_VISIBLE = str.maketrans(
    {"\x1d": "¶", "\x1e": "|", "\x1f": "$", "\x00": "·", "\r": " ", "\n": " ", "\t": " "}
)


def excerpt_of(raw: bytes) -> str:
    """The first bytes of a damaged record as text that can be stored and shown."""
    text = raw[: EXCERPT_LENGTH * 2].decode("utf-8", "replace").translate(_VISIBLE)
    return "".join(letter if letter.isprintable() else "·" for letter in text)[:EXCERPT_LENGTH]
