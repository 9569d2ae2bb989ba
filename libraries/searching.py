"""Finding an institution by what somebody remembers of it: part of the name, a number, a town, misspelt or shortened (D1).

For the public directory and the desk alike; the rows that come in are already cut to what the reader may see.
"""

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, FloatField, Q, Value, When
from django.db.models.functions import Greatest

from libraries.models.institution import InstitutionQuerySet

# Below this two words have no more in common than any two of the language.
ALIKE = 0.45
# How schools and libraries are shortened in talk and in lists.
SHORT = {
    "sdn": "sd negeri", "smpn": "smp negeri", "sman": "sma negeri", "smkn": "smk negeri", "mtsn": "mts negeri",
    "perpus": "perpustakaan", "univ": "universitas", "disdik": "dinas pendidikan",
}  # fmt: skip


def find_institutions(rows: InstitutionQuerySet, words: str) -> InstitutionQuerySet:
    """``rows`` that the words mean, best first: the very number, then every word in name or place, then what sounds alike."""
    said = " ".join(words.replace("\x00", "").split())[:120]
    if not said:
        return rows.order_by("name", "pk")
    number = said.replace(" ", "").upper()
    exact = Q(npsn=number) | Q(npp=number) | Q(isil__iexact=number)
    every = Q()
    for word in said.split()[:8]:
        one = Q(name__icontains=word) | Q(short_name__icontains=word) | Q(city__icontains=word)
        long = SHORT.get(word.casefold())
        every &= one | Q(name__icontains=long) if long else one
    # A digit more or less is another school, so names that only sound alike are no answer to a number.
    alike = TrigramWordSimilarity(said, "name")
    found = rows.annotate(
        likeness=Greatest(alike, TrigramWordSimilarity(said, "city"), output_field=FloatField()),
        closeness=Case(
            When(exact, then=Value(3.0)),
            When(every, then=Value(2.0)),
            default=F("likeness"),
            output_field=FloatField(),
        ),
    )
    meant = exact | every
    if not said.isdigit():
        meant |= Q(likeness__gte=ALIKE)
    return found.filter(meant).order_by("-closeness", "name", "pk")
