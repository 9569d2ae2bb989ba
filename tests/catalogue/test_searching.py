"""Titles are found by any word of what they are remembered by, through one index."""

from typing import Any

import pytest
from django.db import connection

from libraries.catalogue.models import Title
from libraries.catalogue.searching import find_titles
from tests.factories import TitleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def titles() -> dict[str, Title]:
    return {
        "pelangi": TitleFactory(title="Laskar Pelangi", authors=["Andrea Hirata"], isbn="9789793062792"),
        "bumi": TitleFactory(title="Bumi", subtitle="Petualangan Raib", responsibility="Tere Liye"),
        "manusia": TitleFactory(title="Bumi Manusia", authors=["Pramoedya Ananta Toer"]),
    }


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("pelangi", ["pelangi"]),
        ("HIRATA laskar", ["pelangi"]),
        ("  bumi ", ["bumi", "manusia"]),
        ("bumi toer", ["manusia"]),
        ("raib liye", ["bumi"]),
        ("978-979-3062-79-2", ["pelangi"]),
        ("9789793062792", ["pelangi"]),
        ("bumi%", []),
        ("bulan", []),
        ("\x00", ["bumi", "manusia", "pelangi"]),
    ],
)
def test_any_word_in_any_order(words: str, found: list[str], titles: dict[str, Title]) -> None:
    names = {row.pk: name for name, row in titles.items()}
    assert sorted(names[row.pk] for row in find_titles(Title.objects.all(), words)) == found


def test_the_index_is_asked(titles: Any) -> None:
    rows = find_titles(Title.objects.all(), "laskar hirata")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "title_said_trgm" in rows.explain()
