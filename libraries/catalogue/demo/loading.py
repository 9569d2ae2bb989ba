"""Putting the invented catalogue into the database, for as many libraries as the demo has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pgtrigger
from django.db import transaction

from kerjasama.domain import clock
from libraries.catalogue.choices import Condition
from libraries.catalogue.matching import match_key, volume_sign
from libraries.catalogue.models import Copy, Title
from libraries.models import Institution

from .generating import DemoTitle, demo_titles

_CHILDRENS = frozenset({"picture", "early", "middle", "upper"})
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Holding:
    """How one library holds the catalogue: ``copies`` copies of ``share`` (0–1) of the titles, barcodes with ``prefix``.

    ``serial`` is what its accession numbers end in.
    """

    owner: Institution
    copies: int
    share: float
    prefix: str
    serial: str


@transaction.atomic
def load_catalogue(
    bung_hatta: Institution, payakumbuh: Institution, *, seed: int = 2021, today: date | None = None
) -> None:
    """The demo's two libraries: 9,600 copies in Bukittinggi, 3,400 in Payakumbuh, of some 3,500 titles, partly the same.

    Call it once on a fresh database, after the institutions and before any loan; a second call does nothing. All rows carry
    ``is_demo``. ``today`` only dates how long copies have been resting on the shelf.
    """
    load_demo_catalogue(
        [
            Holding(bung_hatta, copies=9_600, share=0.85, prefix="BH", serial="UPT-PBH"),
            Holding(payakumbuh, copies=3_400, share=0.45, prefix="PK", serial="DPK-PYK"),
        ],
        seed=seed,
        today=today,
    )


@transaction.atomic
def load_demo_catalogue(holdings: Sequence[Holding], *, seed: int = 2021, today: date | None = None) -> None:
    """Write the titles that at least one holding has, and the copies of each. Does nothing when demo titles are there."""
    if Title.objects.filter(is_demo=True).exists():
        return
    random = Random(seed)
    described = demo_titles(seed)
    rows = [_title(demo) for demo in described]
    shares = [_share(random, described, holding) for holding in holdings]
    held = {at for share in shares for at in share}
    day = today or clock.today()
    # Nobody made these rows, so there is nothing to put on record about them; their history begins with the first change.
    with pgtrigger.ignore():
        Title.objects.bulk_create([row for at, row in enumerate(rows) if at in held], batch_size=_BATCH)
        for holding, share in zip(holdings, shares, strict=True):
            copies = _copies(random, holding, share, described, rows, day)
            Copy.objects.bulk_create(list(copies), batch_size=_BATCH)


def _share(random: Random, described: Sequence[DemoTitle], holding: Holding) -> dict[int, int]:
    """How many copies of which titles: children's books in more copies than others, in all exactly ``holding.copies``."""
    chosen = sorted(random.sample(range(len(described)), round(len(described) * holding.share)))
    counts = dict.fromkeys(chosen, 1)
    weights = [
        1 if described[at].reference else 6 if described[at].reading_level in _CHILDRENS else 2
        for at in chosen
    ]
    for at in random.choices(chosen, weights, k=holding.copies - len(chosen)):
        counts[at] += 1
    return counts


def _title(demo: DemoTitle) -> Title:
    return Title(
        title=demo.title,
        part=demo.part,
        responsibility=demo.responsibility,
        authors=list(demo.authors),
        publisher=demo.publisher,
        place=demo.place_of_publication,
        year=demo.year,
        edition=demo.edition,
        series=demo.series,
        extent=demo.extent,
        language="ind",
        isbn=demo.isbn,
        ddc=demo.ddc,
        subjects=list(demo.subjects),
        reading_level=demo.reading_level,
        match_key=match_key(
            title=demo.title,
            part=demo.part,
            volume=volume_sign(demo.title, demo.part),
            authors=demo.authors,
            publisher=demo.publisher,
            year=demo.year,
            edition=demo.edition,
        ),
        is_demo=True,
    )


def _copies(
    random: Random,
    holding: Holding,
    share: dict[int, int],
    described: Sequence[DemoTitle],
    rows: Sequence[Title],
    today: date,
) -> Iterator[Copy]:
    number = 0
    for at, count in share.items():
        demo = described[at]
        acquired = _acquired(random, demo, today)
        for _ in range(count):
            number += 1
            worn = random.random() < min(0.35, 0.015 * (today.year - acquired.year))
            yield Copy(
                title=rows[at],
                owner=holding.owner,
                holder=holding.owner,
                barcode=f"{holding.prefix}{number:06d}",
                accession_number=f"{number:05d}/{holding.serial}/{acquired.year}",
                call_number=demo.call_number,
                location=demo.place,
                price=demo.price,
                condition=Condition.WORN if worn else Condition.GOOD,
                may_travel=not demo.reference,
                acquired_on=acquired,
                rests_since=max(acquired, today - timedelta(days=random.randint(5, 720))),
                is_demo=True,
            )


def _acquired(random: Random, demo: DemoTitle, today: date) -> date:
    day = date(demo.year, 1, 1) + timedelta(days=random.randint(30, 900))
    return min(day, today - timedelta(days=random.randint(10, 90)))
