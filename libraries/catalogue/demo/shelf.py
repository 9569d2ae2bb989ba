"""The shape of one shelf of the invented catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: A word of a slot, alone or with the DDC number that a book about it stands under.
Word = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shelf:
    """``count`` titles under ``ddc``, made by putting words into patterns; ``levels`` weighs the reading levels.

    ``place`` is where such books stand; ``reference`` ones do not leave the house; ``pages`` is the usual range.
    """

    ddc: str
    count: int
    subjects: tuple[str, ...]
    levels: Mapping[str, int]
    patterns: tuple[str, ...]
    slots: Mapping[str, tuple[Word, ...]]
    place: str = "Koleksi Umum"
    reference: bool = False
    corporate: bool = False
    pages: tuple[int, int] | None = None
