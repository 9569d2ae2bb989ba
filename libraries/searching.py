"""Finding an institution by what somebody remembers of it: part of the name, a number, a town, misspelt or shortened (D1).

For the public directory and the desk alike; the rows that come in are already cut to what the reader may see.
"""

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, FloatField, Q, Value, When
from django.db.models.functions import Greatest

from libraries.models.institution import SAID, InstitutionQuerySet

# Below this two words have no more in common than any two of the language.
ALIKE = 0.45
# How schools and libraries are shortened in talk and in lists.
SHORT = {
    "SDN": "SD NEGERI", "SMPN": "SMP NEGERI", "SMAN": "SMA NEGERI", "SMKN": "SMK NEGERI", "MTSN": "MTS NEGERI",
    "PERPUS": "PERPUSTAKAAN", "UNIV": "UNIVERSITAS", "DISDIK": "DINAS PENDIDIKAN",
}  # fmt: skip


def find_institutions(rows: InstitutionQuerySet, words: str) -> InstitutionQuerySet:
    """``rows`` that the words mean, best first: the very number, then every word in name or place.

    Only where nothing says so to the letter, what sounds alike: that asks every row for its likeness, while the letters
    are looked up in an index (``institution_said_trgm``), also among a hundred thousand schools.
    """
    said = " ".join(words.replace("\x00", "").split())[:120]
    if not said:
        return rows.order_by("name", "pk")
    number = said.replace(" ", "").upper()
    exact = Q(npsn=number) | Q(npp=number) | (Q(isil__iexact=number) & ~Q(isil=""))
    every = Q()
    for word in said.upper().split()[:8]:
        one = Q(said__contains=word)
        long = SHORT.get(word)
        every &= one | Q(said__contains=long) if long else one
    meant = rows.annotate(said=SAID).filter(exact | every)
    # A digit more or less is another school, so names that only sound alike are no answer to a number.
    if said.isdigit() or meant.exists():
        first = Case(When(exact, then=Value(0)), default=Value(1))
        return meant.order_by(first, "name", "pk")
    alike = Greatest(
        TrigramWordSimilarity(said, "name"), TrigramWordSimilarity(said, "city"), output_field=FloatField()
    )
    return rows.annotate(likeness=alike).filter(likeness__gte=ALIKE).order_by("-likeness", "name", "pk")
