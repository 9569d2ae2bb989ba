"""Every kind of agreement on paper: what it is called, what it stands on, what it changes (A1, A3, A5, A8)."""

import re
from dataclasses import replace
from typing import Any

import pytest

from agreements.choices import CooperationForm
from agreements.clauses import changed_articles
from agreements.papers import Signed
from kerjasama.documents.paper import BLANK
from kerjasama.documents.rendering import content_of, render_pdf
from tests.documents import examples
from tests.documents.examples import KINDS, VERIFICATION, every_form
from tests.documents.reading import flat, opened, pages, qr_codes, text_of, words_outside_the_paper
from tests.documents.test_papers import said


def words(paper: Any, language: str = "id") -> Any:
    return content_of(paper, language=language)["words"]


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_an_accessible_paper_in_one_language(name: str, tmp_path: Any) -> None:
    paper = KINDS[name]()
    pdf = render_pdf("agreement", paper)
    assert (
        b"<pdfuaid:part>1</pdfuaid:part>" in opened(pdf).trailer["/Root"]["/Metadata"].get_object().get_data()
    )
    assert words_outside_the_paper(pdf) == []
    assert [code for page in qr_codes(pdf, tmp_path) for code in page] == [VERIFICATION.url]
    assert not re.findall(r"\b(?:the|of|and|is|are|with|by)\b", said(paper))
    assert not [text for text in said(paper).splitlines() if "%(" in text and text != "Pasal %(number)s"]


def test_a_draft_of_an_addendum_says_so_on_every_page() -> None:
    texts = pages(render_pdf("agreement", KINDS["addendum"](), draft=True))
    assert len(texts) > 1
    assert all("DRAF" in text for text in texts)


def test_an_addendum_says_which_articles_it_changes_and_from_when() -> None:
    said_now = words(KINDS["addendum"]())
    assert said_now["name"] == "Adendum"
    assert (
        said_now["under"] == "atas Perjanjian Kerja Sama Nomor 041/PKS/UPT-PBH/VII/2026 tanggal 13 Juli 2026"
    )
    titles = [article["title"] for article in said_now["articles"]]
    assert titles == [
        "Perubahan Pasal 3",
        "Penambahan: Perpustakaan keliling",
        "Perubahan Pasal 11",
        "Keberlakuan",
    ]
    first = said_now["articles"][0]
    assert first["lead"] == (
        "Ketentuan Pasal 3 tentang “Peminjaman koleksi” diubah sehingga seluruhnya berbunyi sebagai berikut:"
    )
    assert "60 (enam puluh) eksemplar" in first["clauses"][0]["text"]
    effect = said_now["articles"][-1]["clauses"]
    assert effect[0]["text"] == "Perubahan ini berlaku sejak tanggal 1 Desember 2026."
    assert "tetap berlaku" in effect[1]["text"]


def test_what_an_addendum_repeats_unchanged_is_not_printed() -> None:
    before = examples.agreement().articles("id")
    assert changed_articles(before, before) == []
    assert len(changed_articles(before, before, all_of_them=True)) == len(before)


def test_a_work_plan_names_the_mou_it_carries_out_and_its_days() -> None:
    paper = KINDS["work_plan"]()
    said_now = words(paper)
    assert said_now["under"].startswith("sebagai pelaksanaan Nota Kesepahaman Nomor 12/MOU/PERPUSNAS/I/2025")
    assert "antara Perpustakaan Nasional Republik Indonesia dan Dinas Pendidikan" in said_now["recitals"][1]
    # By day, whoever carries it out.
    assert [row["until"] for row in said_now["schedule"]["rows"]] == ["2 Maret 2026", "9 Maret 2026"]
    assert "paling lambat tanggal 2 Maret 2026" in said(paper)
    assert "LAMPIRAN:JADWALPELAKSANAAN" in text_of(render_pdf("agreement", paper))


def test_a_paper_under_one_without_a_number_names_its_subject() -> None:
    paper = KINDS["work_plan"]()
    assert paper.above is not None
    bare = replace(paper, above=replace(paper.above, number=""))
    assert words(bare)["under"] == (
        "sebagai pelaksanaan Nota Kesepahaman tentang Pengembangan Perpustakaan dan Kegemaran Membaca"
    )


def test_fifteen_forms_have_an_article_each_in_the_words_of_their_terms() -> None:
    paper = KINDS["consortium"]()
    articles = words(paper)["articles"]
    titles = [article["title"] for article in articles]
    assert len(set(titles)) == len(titles) >= 25
    forms = {article.form for article in paper.articles("id")} & set(CooperationForm.values)
    assert len(forms) == 15
    use = next(article for article in articles if article["title"] == "Pemanfaatan fasilitas dan layanan")
    assert use["clauses"][0]["text"] == (
        "Mahasiswa dari mitra dapat membaca dan meminjam paling banyak 2 (dua) eksemplar setiap kali selama "
        "7 (tujuh) hari, dengan menunjukkan: surat keterangan aktif kuliah."
    )
    assert "Biaya ditanggung oleh: masing-masing pihak." in said(paper)


def test_terms_agree_in_number_in_english() -> None:
    import django.utils.translation as translation

    with translation.override("en"):
        text = "\n".join(clause.text for article in every_form("en") for clause in article.clauses)
    assert "2 times a month" in text
    assert "of the partner of the partner" not in text


def test_parties_that_sign_apart_have_their_own_day_and_place() -> None:
    paper = KINDS["consortium"]()
    above = [block["above"] for block in words(paper)["signatures"]]
    assert above == ["Bukittinggi, 13 Juli 2026", "Bukittinggi, 15 Juli 2026", BLANK]
    together = replace(paper, signed=[Signed(on=paper.signed_on, place="Bukittinggi")] * 3)
    assert [block["above"] for block in words(together)["signatures"]] == ["", "", ""]


def test_three_parties_sign_on_one_page() -> None:
    page = pages(render_pdf("agreement", KINDS["consortium"]()))[-1]
    for name in ("PIHAKPERTAMA", "PIHAKKEDUA", "PIHAKKETIGA", flat("Prof. Dr. Elfindri Munaf, M.Sc.")):
        assert name in page


def test_the_note_of_an_unwritten_agreement_has_duties_and_its_review() -> None:
    paper = replace(
        examples.implicit_agreement(),
        obligations=("", "Menyediakan rak"),
        further_provisions="Ditinjau bersama.",
        review_on=examples.MONDAY,
    )
    text = said(paper)
    assert "PIHAK KEDUA berkewajiban:" in text and "Menyediakan rak" in text
    assert "Ditinjau kembali pada" in text and "23 November 2026" in text
    assert "Ditinjau bersama." in text
