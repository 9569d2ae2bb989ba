"""What the papers say, before they are typeset: sentences made of data (A2, A7, A9, L4, L6, L8)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from agreements.clauses import LendingTerms, typed_lines
from agreements.papers import Factors
from kerjasama.documents.paper import BLANK, Letterhead, Party, Signatory
from kerjasama.documents.rendering import content_of
from loans.papers import Basis, ClaimedItem
from tests.documents import examples
from tests.documents.examples import EXAMPLES


def sentences(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from sentences(item)
    elif isinstance(value, list):
        for item in value:
            yield from sentences(item)


def said(paper: Any, language: str = "id") -> str:
    return "\n".join(sentences(content_of(paper, language=language)["words"]))


def titles(paper: Any) -> list[str]:
    return [article["title"] for article in content_of(paper)["words"]["articles"]]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_sentence_is_in_the_language_of_the_paper(name: str) -> None:
    assert not re.findall(r"\b(?:the|of|and|is|are|with|by)\b", said(EXAMPLES[name](), "id"))
    english = content_of(EXAMPLES[name](), language="en")
    assert english["language"] == "en"
    assert said(EXAMPLES[name](), "en") != said(EXAMPLES[name](), "id")


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("language", ["id", "en"])
def test_no_placeholder_is_left_open(name: str, language: str) -> None:
    words = content_of(EXAMPLES[name](), language=language)["words"]
    left = [text for text in sentences({**words, "article": ""}) if "%(" in text]
    assert left == []


def test_lending_terms_become_sentences() -> None:
    text = said(examples.agreement())
    assert "meminjamkan kepada PIHAK KEDUA bahan pustaka sebanyak 100 (seratus) eksemplar" in text
    assert "setiap 3 (tiga) bulan" in text
    assert "paling lama 30 (tiga puluh) hari" in text
    assert "Penyerahan pertama dilaksanakan pada tanggal 20 Juli 2026." in text
    assert "konfirmasi penerimaan dalam waktu paling lama 3 (tiga) hari" in text
    assert "tanggal 13 Juli 2026 sampai dengan tanggal 12 Juli 2027" in text
    assert "Senin, tanggal tiga belas bulan Juli tahun dua ribu dua puluh enam" in text


def test_english_sentences_agree_in_number() -> None:
    one = LendingTerms(quantity=1, interval_months=1, replacement_days=1)
    text = said(replace(examples.agreement(), lending=one), "en")
    assert "1 copy of library material" in text and "every month" in text and "within 1 day after" in text
    assert "1 copies" not in text + said(examples.handover(1), "en") + said(examples.return_record(), "en")


def test_only_the_agreed_ways_of_replacement_are_named() -> None:
    terms = LendingTerms(quantity=50, interval_months=6, replacement_days=14, replacement_ways=["same_title"])
    text = said(replace(examples.agreement(), lending=terms))
    assert "judul yang sama" in text
    assert "sebesar harga" not in text and "harga yang sebanding" not in text


def test_an_agreement_without_lending_says_nothing_about_it() -> None:
    paper = replace(examples.agreement(), lending=None, factors=Factors(aims="A", scope="B"), obligations=())
    assert titles(paper) == [
        "Maksud dan tujuan",
        "Ruang lingkup",
        "Jangka waktu",
        "Keadaan kahar",
        "Penyelesaian perselisihan",
        "Perubahan",
        "Penutup",
    ]
    assert "eksemplar" not in said(paper)


def test_what_is_still_open_shows_as_dots() -> None:
    paper = replace(
        examples.agreement(),
        numbers=(),
        signed_on=None,
        place="",
        starts_on=None,
        ends_on=None,
        factors=Factors(),
        parties=(examples.LIBRARY, Party(institution="SD Negeri 02", signatory=Signatory())),
    )
    words = content_of(paper)["words"]
    assert words["numbers"] == [f"Nomor: {BLANK}"]
    assert words["opening"].count(BLANK) == 2
    assert words["articles"][0]["clauses"][0]["text"] == BLANK
    assert f"tanggal {BLANK} sampai dengan tanggal {BLANK}" in said(paper)


def test_three_parties_have_titles_and_originals() -> None:
    third = Party(institution="Dinas Pendidikan", signatory=Signatory(name="Amri"))
    paper = replace(examples.agreement(), parties=(examples.LIBRARY, examples.SCHOOL, third))
    text = said(paper)
    assert "PIHAK KETIGA" in text and "rangkap 3 (tiga)" in text
    assert (
        "UPT Perpustakaan Proklamator Bung Hatta, SD Negeri 01 Benteng Pasar Atas dan Dinas Pendidikan"
        in text
    )


def test_a_mou_is_called_one() -> None:
    words = content_of(replace(examples.agreement(), kind="mou", above=None))["words"]
    assert words["name"] == "Nota Kesepahaman"
    assert words["title"].startswith("Nota Kesepahaman antara ")


def test_typed_text_keeps_its_lines_and_loses_its_own_bullets() -> None:
    typed = "- satu\n\n• dua\n3. tiga\nd) empat\r\n2026 adalah tahun\n  a b c "
    assert typed_lines(typed) == ["satu", "dua", "tiga", "empat", "2026 adalah tahun", "a b c"]


def test_one_typed_line_is_a_sentence_and_several_are_a_list() -> None:
    words = content_of(replace(examples.agreement(), factors=Factors(aims="Satu saja.", scope="a\nb")))[
        "words"
    ]
    assert words["articles"][0]["clauses"] == [{"text": "Satu saja.", "points": []}]
    assert words["articles"][1]["clauses"][0]["points"] == ["a", "b"]


def test_handover_totals() -> None:
    words = content_of(examples.handover(100))["words"]
    assert ["Eksemplar", "100 (seratus)"] in words["totals"]
    assert ["Kotak", "4 (empat)"] in words["totals"]
    assert ["Kembali paling lambat", "Senin, 22 Februari 2027"] in words["totals"]
    assert "Perjanjian Nomor 041/PKS/UPT-PBH/VII/2026 tanggal 13 Juli 2026" in words["statement"]


def test_titles_are_counted_once_however_many_copies() -> None:
    item = examples.items(1)[0]
    paper = replace(
        examples.handover(1), items=[item, replace(item, barcode="X-2"), replace(item, title="Lain")]
    )
    assert ["Judul", "2 (dua)"] in content_of(paper)["words"]["totals"]


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        (
            Basis(subject="X", written=False, dated=examples.MONDAY),
            "kesepakatan tidak tertulis tanggal 23 November 2026",
        ),
        (Basis(subject="X", written=False), "kesepakatan tidak tertulis tentang X"),
        (Basis(subject="X", number="12/PKS"), "Perjanjian Nomor 12/PKS tentang X"),
        (Basis(subject="X"), "perjanjian tentang X"),
    ],
)
def test_a_record_names_what_it_rests_on(basis: Basis, words: str) -> None:
    assert words in content_of(replace(examples.handover(1), basis=basis))["words"]["statement"]


@pytest.mark.parametrize(
    ("out", "lost", "sentence"),
    [
        (3, 1, "masih terdapat 3 (tiga) eksemplar"),
        (3, 0, "masih terdapat 3 (tiga) eksemplar"),
        (0, 2, "Sebanyak 2 (dua) eksemplar dilaporkan hilang"),
        (0, 0, "seluruh bahan pustaka yang diserahkan telah kembali"),
    ],
)
def test_a_return_says_what_is_not_back(out: int, lost: int, sentence: str) -> None:
    paper = replace(examples.return_record(), still_out=examples.items(out), lost=examples.items(lost))
    words = content_of(paper)["words"]
    assert sentence in words["condition"]
    assert ("dilaporkan hilang" in words["condition"]) == bool(lost)


def test_the_letter_asks_for_what_was_agreed() -> None:
    words = content_of(examples.replacement_letter())["words"]
    assert words["ways"][2] == "pembayaran sebesar harganya, yaitu Rp85.000 (delapan puluh lima ribu rupiah)"
    assert "paling lambat Rabu, 31 Maret 2027" in words["request"]
    assert "paling lama 30 (tiga puluh) hari" in words["clause"]
    assert content_of(replace(examples.replacement_letter(), replacement_days=0))["words"]["clause"] == ""
    assert "ditemukan kembali" in words["closing"][0]
    assert words["total"] == "", "one copy needs no sum"


def test_a_letter_about_several_copies_sums_them_only_if_it_can() -> None:
    priced = examples.replacement_letter().items[0]
    unpriced = ClaimedItem(barcode="B", title="Tanpa harga")
    both = replace(examples.replacement_letter(), items=[priced, replace(priced, price=Decimal("15000"))])
    assert content_of(both)["words"]["total"] == "Rp100.000"
    unknown = content_of(replace(both, items=[priced, unpriced]))["words"]
    assert unknown["total"] == "" and unknown["items"][1]["price"] == "–"
    assert unknown["ways"][2] == "pembayaran sebesar harga bahan pustaka tersebut"


def test_a_damaged_copy_is_not_asked_to_be_found() -> None:
    words = content_of(replace(examples.replacement_letter(), kind="damaged"))["words"]
    assert words["name"] == "Penggantian bahan pustaka yang rusak"
    assert "ditemukan" not in words["closing"][0]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"outcome": "same_title"}, "eksemplar lain dari judul yang sama"),
        ({"outcome": "equal_title"}, "judul lain yang setara"),
        (
            {"outcome": "price", "amount": Decimal(85000), "receipt": "KW-7"},
            "telah membayar Rp85.000 (delapan puluh lima ribu rupiah), tanda terima nomor KW-7.",
        ),
        (
            {"outcome": "waived", "reason": "Kebakaran sekolah"},
            "membebaskan penggantian dengan alasan: Kebakaran sekolah",
        ),
    ],
)
def test_every_way_to_settle_has_its_sentence(changes: dict[str, Any], sentence: str) -> None:
    words = content_of(replace(examples.settlement_record(), **changes))["words"]
    assert sentence in words["outcome"]
    assert bool(words["replacements"]) == (changes["outcome"] in ("same_title", "equal_title"))


def test_a_pick_list_keeps_shelf_order_and_groups_by_place() -> None:
    locations = content_of(examples.pick_list(40))["words"]["locations"]
    assert [place["name"] for place in locations] == ["Ruang Anak, rak 1–6", "Ruang Umum, rak 11–14"]
    numbers = [line["call_number"] for place in locations for line in place["lines"]]
    assert numbers == sorted(numbers)


def test_empty_facts_leave_no_empty_labels() -> None:
    bare = replace(examples.handover(1), period="", due_on=None, boxes=0, acknowledged_by=None)
    words = content_of(bare)["words"]
    assert [label for label, _ in words["totals"]] == ["Judul", "Eksemplar"]
    assert words["acknowledged"] == []
    plain = Party(institution="X", signatory=Signatory(name="N", position="P"))
    assert [label for label, _ in content_of(replace(bare, giver=plain))["words"]["parties"][0]["rows"]] == [
        "Nama",
        "Jabatan",
    ]
    assert content_of(replace(bare, letterhead=Letterhead(name="X")))["paper"]["letterhead"]["above"] == []
