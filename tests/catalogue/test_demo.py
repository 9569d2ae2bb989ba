"""The invented catalogue: plausible, distinct, the same every time, and complete in both libraries."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from libraries.catalogue.choices import CopyPlace, ReadingLevel
from libraries.catalogue.demo import demo_titles, load_catalogue
from libraries.catalogue.matching import valid_isbn13
from libraries.catalogue.models import Copy, Title
from libraries.models import Institution

TITLES = demo_titles()


def test_there_are_enough_and_no_two_alike() -> None:
    assert len(TITLES) >= 3_000
    assert len({(demo.title.casefold(), demo.part) for demo in TITLES}) == len(TITLES)


def test_the_same_seed_gives_the_same_catalogue() -> None:
    assert demo_titles() == TITLES
    assert demo_titles(seed=1) != TITLES


def test_numbers_are_right() -> None:
    numbers = [demo.isbn for demo in TITLES if demo.isbn]
    assert len(numbers) == len(set(numbers)) > 2_000
    assert all(valid_isbn13(number) == number and number[:6] in ("978602", "978623") for number in numbers)
    for demo in TITLES:
        assert re.fullmatch(r"\d{3}(\.\d+)?", demo.ddc), demo
        assert re.fullmatch(r"\d{3}(\.\d+)? [A-Z]{2,3} [a-z]( \d)?", demo.call_number), demo
        assert demo.call_number.startswith(f"{demo.ddc} ")
        assert 1998 <= demo.year <= 2026
        assert demo.price >= 6_000
        assert demo.reading_level in ReadingLevel.values
        assert not demo.isbn or demo.year >= 2009
        assert max(map(len, (demo.title, demo.part, demo.call_number))) <= 80


def test_no_pattern_shows_through() -> None:
    for demo in TITLES:
        words = re.findall(r"[\w-]+", demo.title.casefold())
        assert "{" not in demo.title
        assert demo.title[0].isupper()
        assert not any(one == other for one, other in pairwise(words)), demo.title


def test_children_have_most_of_it_and_every_class_has_some() -> None:
    levels = Counter(demo.reading_level for demo in TITLES)
    assert sum(levels[level] for level in ("picture", "early", "middle", "upper")) > 1_500
    assert set(Counter(demo.ddc[0] for demo in TITLES)) == set("023456789")


@pytest.mark.django_db
def test_loading(library: Institution, other_library: Institution) -> None:
    load_catalogue(library, other_library, today=date(2026, 11, 23))
    assert Title.objects.count() >= 3_000
    assert Copy.objects.filter(owner=library).count() == 9_600
    assert Copy.objects.filter(owner=other_library).count() == 3_400
    assert not Copy.objects.exclude(is_demo=True, place=CopyPlace.SHELF).exists()
    assert not Copy.objects.filter(acquired_on__gt=date(2026, 11, 23)).exists()
    assert not Copy.objects.filter(rests_since__gt=date(2026, 11, 23)).exists()
    assert not Title.objects.filter(copies=None).exists()
    travelling = Copy.objects.filter(
        owner=library, may_travel=True, title__reading_level__in=["early", "middle", "upper"]
    )
    assert travelling.count() > 4_000
    load_catalogue(library, other_library)
    assert Copy.objects.count() == 13_000
