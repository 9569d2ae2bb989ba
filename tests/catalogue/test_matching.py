"""When two descriptions are the same title, and when they must never be taken for one."""

from __future__ import annotations

import pytest

from libraries.catalogue.matching import MATCH_KEY_LENGTH, match_key, same_book, valid_isbn13, volume_sign


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (("Matematika untuk kelas IV",), "kelas 4"),
        (("Matematika", "kelas 4 semester 2"), "kelas 4 semester 2"),
        (("Sejarah", "", "Jil. II"), "jilid 2"),
        (("Sejarah, vol. 2",), "jilid 2"),
        (("Bumi manusia",), ""),
        (("Kelas malam",), ""),
        (("Jilid dua",), "jilid 2"),
    ],
)
def test_volumes_and_grades(texts: tuple[str, ...], sign: str) -> None:
    assert volume_sign(*texts) == sign


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Laskar pelangi", "Laskar Pelangi : sebuah novel", True),
        ("Si Kancil yang cerdik", "Kancil yang cerdik", True),
        ("Matematika 4", "Matematika 5", False),
        ("Fisika II", "Fisika III", False),
        ("Bertanam cabai", "Sejarah Minangkabau", False),
    ],
)
def test_titles_that_share_an_isbn(one: str, other: str, same: bool) -> None:
    assert same_book(one, volume_sign(one), other, volume_sign(other)) is same


def test_volumes_are_never_merged() -> None:
    assert not same_book("Tafsir", "jilid 1", "Tafsir", "jilid 2")
    assert match_key(title="Tafsir", volume="jilid 1", year=2001) != match_key(
        title="Tafsir", volume="jilid 2", year=2001
    )


def test_keys_forgive_spelling_but_not_another_year_or_edition() -> None:
    key = match_key(title="Danau, di Jendela", authors=["Koto, Yenni"], year=2020, edition="Ed. 2, Cet. 1")
    assert key == match_key(title="danau di jendela", authors=["KOTO, Y."], year=2020, edition="ed 2 cet 1")
    assert key != match_key(
        title="danau di jendela", authors=["Koto, Yenni"], year=2021, edition="Ed. 2, Cet. 1"
    )
    assert key != match_key(title="danau di jendela", authors=["Koto, Yenni"], year=2020, edition="Ed. 3")


def test_long_keys_stay_apart() -> None:
    one = match_key(title="judul " * 100 + "satu")
    other = match_key(title="judul " * 100 + "dua")
    assert len(one) <= MATCH_KEY_LENGTH
    assert one != other


def test_isbns_are_checked() -> None:
    assert valid_isbn13("ISBN 978-602-9900-01-9 (jil. 1)") == "9786029900019"
    assert valid_isbn13("9786029900018") == ""
    assert valid_isbn13("tanpa") == ""
