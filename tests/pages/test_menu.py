"""The desk's menu: pages of one field of work stand together, and the reader sees where he is."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from kerjasama.house import Area, MenuItem, by_area

ITEMS = [
    MenuItem("Today", "/admin/", "home"),
    MenuItem("Agreements", "/admin/kerja/perjanjian/", "handshake", area=Area.AGREEMENTS, also=("/admin/kerja/izin/",)),
    MenuItem("Board", "/admin/kerja/perjanjian/papan/", "clock", area=Area.AGREEMENTS),
    MenuItem("Desk check", "/admin/kerja/cek-layanan/", "shield"),
    MenuItem("Requests", "/admin/kerja/permintaan/", "mail", area=Area.AGREEMENTS),
    MenuItem("Cases", "/admin/kerja/kasus/", "warning", area=Area.LENDING),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_the_pages_of_an_area_stand_below_one_entry_at_the_place_of_the_first() -> None:
    entries = by_area(ITEMS, "/somewhere/else/")
    assert [str(entry.label) for entry in entries] == ["Today", "Agreements", "Desk check", "Cases"]
    assert [item.label for item in entries[1].items] == ["Agreements", "Board", "Requests"]
    # An area of which somebody may open only one page is that page.
    assert entries[3].items == () and entries[3].url == "/admin/kerja/kasus/"
    assert not any(entry.here for entry in entries)


@pytest.mark.parametrize(
    ("path", "entry", "page"),
    [
        ("/admin/", "Today", None),
        ("/admin/catalogue/copy/", None, None),
        ("/admin/kerja/perjanjian/42/ubah/", "Agreements", "Agreements"),
        ("/admin/kerja/perjanjian/papan/", "Agreements", "Board"),
        ("/admin/kerja/izin/", "Agreements", "Agreements"),
        ("/admin/kerja/permintaan/7/", "Agreements", "Requests"),
        ("/admin/kerja/kasus/7/", "Cases", None),
    ],
)
def test_one_entry_and_one_page_of_it_are_where_the_reader_is(
    path: str, entry: str | None, page: str | None
) -> None:
    here = [found for found in by_area(ITEMS, path) if found.here]
    assert [str(found.label) for found in here] == ([entry] if entry else [])
    at = here[0].at if here else None
    assert (at.label if at else None) == page
