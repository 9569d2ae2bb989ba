"""Finding a title by what somebody remembers of it: words of the title, of an author, or an ISBN (D3)."""

from django.db.models import Q, QuerySet

from libraries.catalogue.matching import valid_isbn13
from libraries.catalogue.models.title import SAID, Title

LONGEST = 120
WORDS = 8


def find_titles(rows: QuerySet[Title], words: str) -> QuerySet[Title]:
    """``rows`` of that ISBN, or in which every word stands somewhere; all of them when nothing is asked.

    The letters are looked up in an index (``title_said_trgm``), so a union catalogue of a million answers as fast.
    """
    said = " ".join(words.replace("\x00", "").split())[:LONGEST]
    found = Q()
    for word in said.upper().split()[:WORDS]:
        found &= Q(said__contains=word)
    isbn = valid_isbn13(said)
    return rows.alias(said=SAID).filter(found | Q(isbn=isbn) if isbn else found) if said else rows
