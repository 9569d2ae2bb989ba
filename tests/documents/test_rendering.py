"""Papers as PDF: readable by machines and screen readers, whole on the page, and deaf to what was typed (S18)."""

import json
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import typst
from django.utils import translation

from kerjasama.documents import rendering
from kerjasama.documents.qr import qr_svg
from kerjasama.documents.rendering import content_of, render_pdf, typeset
from loans.papers import Item
from tests.documents import examples, van_examples
from tests.documents.examples import EXAMPLES, VERIFICATION
from tests.documents.reading import flat, opened, pages, qr_codes, text_of, words_outside_the_paper

# Not text that somebody types, but values of a closed vocabulary.
CLOSED = {
    "kind",
    "outcome",
    "matter",
    "way",
    "ways",
    "replacement_ways",
    "verification",
    "value",
    "before",
    "verdict",
    "recommendation",
    "source",
}


# The same papers with few rows, where it is not rows that matter.
SHORT = {
    **EXAMPLES,
    "handover": lambda: examples.handover(3),
    "return_record": lambda: replace(examples.return_record(), returned=examples.items(3)),
    "pick_list": lambda: examples.pick_list(8),
    "wall_calendar": lambda: van_examples.wall_calendar(1),
    "visit_report": lambda: van_examples.visit_report(2, lines=1),
}


def poisoned(value: Any, text: str) -> Any:
    """``value`` with ``text`` in every place where a person could have typed it."""
    if isinstance(value, str):
        return text
    if isinstance(value, tuple | list):
        return tuple(poisoned(item, text) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{f.name: poisoned(getattr(value, f.name), text) for f in fields(value) if f.name not in CLOSED},
        )
    return value


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_paper_is_an_accessible_pdf(name: str, language: str) -> None:
    paper = SHORT[name]()
    pdf = opened(render_pdf(name, paper, language=language))
    catalogue = pdf.trailer["/Root"]
    assert catalogue["/Lang"].split("-")[0] == language
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalogue["/Metadata"].get_object().get_data()
    assert pdf.metadata is not None
    assert pdf.metadata.title == content_of(paper, language=language)["words"]["title"]


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - {"box_label", "certificate", "stop_poster"}))
def test_every_page_says_which_it_is(name: str) -> None:
    texts = pages(render_pdf(name, EXAMPLES[name]()))
    for number, text in enumerate(texts, start=1):
        assert f"halaman{number}dari{len(texts)}" in text


@pytest.mark.parametrize(
    "name", ["agreement", "handover", "return_record", "replacement_letter", "settlement_record"]
)
def test_the_printed_code_opens_the_page_that_verifies(name: str, tmp_path: Path) -> None:
    pdf = render_pdf(name, EXAMPLES[name]())
    assert [code for page in qr_codes(pdf, tmp_path) for code in page] == [VERIFICATION.url]
    assert flat(VERIFICATION.code) in text_of(pdf)


def test_every_box_carries_its_code(tmp_path: Path) -> None:
    found = qr_codes(render_pdf("box_label", EXAMPLES["box_label"]()), tmp_path)
    assert found == [[VERIFICATION.url] * 4, [VERIFICATION.url]]


def test_without_verification_nothing_is_to_be_scanned(tmp_path: Path) -> None:
    pdf = render_pdf("handover", replace(examples.handover(1), verification=None))
    assert qr_codes(pdf, tmp_path) == [[], []]
    assert "Kodeverifikasi" not in text_of(pdf)


def test_a_draft_says_so_on_every_page() -> None:
    assert all("DRAF" in text for text in pages(render_pdf("agreement", examples.agreement(), draft=True)))
    assert "DRAF" not in text_of(render_pdf("agreement", examples.agreement()))


@pytest.mark.parametrize(("count", "most_pages"), [(1, 2), (100, 5), (200, 9)])
def test_the_annex_lists_every_copy_under_a_repeated_head(count: int, most_pages: int) -> None:
    began = time.perf_counter()
    pdf = render_pdf("handover", examples.handover(count))
    took = time.perf_counter() - began
    first, *annex = pages(pdf)
    assert 1 <= len(annex) < most_pages
    assert all("No.BarkodeJuduldanpengarangNomorpanggilKondisi" in text for text in annex)
    for item in examples.items(count):
        assert sum(item.barcode in text for text in annex) == 1
    assert [text.count("Jumlah:") for text in annex] == [0] * (len(annex) - 1) + [1]
    assert "PBH-2026" not in first
    assert took < 5, "a paper is typeset while somebody waits"


@pytest.mark.parametrize("name", ["agreement", "handover", "return_record", "settlement_record"])
def test_signatures_stay_together_with_the_sentence_above_them(name: str) -> None:
    closing = (
        "Naskahinidibuatdalamrangkap" if name == "agreement" else "Berita acara ini dibuat".replace(" ", "")
    )
    if name in ("handover", "return_record"):
        closing = "Demikianberitaacaraini"
    page = next(text for text in pages(render_pdf(name, EXAMPLES[name]())) if closing in text)
    after = page[page.index(closing) :]
    for number in ("196805121993032001", "197103041996062002"):
        assert number in after


@pytest.mark.parametrize("stops", [2, 4, 6, 8, 10, 12])
def test_nobody_signs_the_report_of_the_van_on_a_page_of_its_own(stops: int) -> None:
    *_before, page = pages(render_pdf("visit_report", van_examples.visit_report(stops)))
    assert "196805121993032001" in page and "Tidakdikunjungi" in page


def test_signatures_stay_together_wherever_the_page_ends() -> None:
    """An agreement grows line by line; on no length does the page end between closing article and last signature."""
    seen = set()
    for lines in range(0, 40, 3):
        paper = examples.agreement()
        factors = replace(paper.factors, procedures="\n".join(f"Langkah ke-{n}" for n in range(lines)))
        texts = pages(render_pdf("agreement", replace(paper, factors=factors)))
        page = next(text for text in texts if "PENUTUP" in text)
        assert "197103041996062002" in page and "Kodeverifikasi" in page
        seen.add(texts.index(page))
    assert len(seen) > 1, "the lengths were meant to cross the end of a page"


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize(
    "text",
    [
        "#panic()",
        '#read("/etc/passwd")',
        '"; #import "@preview/x:1.0.0"',
        "$x^2$ & _a_ *b* `c` @d <e> ~ \\n \\u{41}",
        "<b>tebal</b><script>alert(1)</script>",
        "{{ number }} {% x %} %(name)s %s {0}",
        "=HYPERLINK(1)",
        "// komentar /* lagi */",
    ],
)
def test_what_people_type_is_printed_as_it_stands(name: str, text: str) -> None:
    printed = text_of(render_pdf(name, poisoned(SHORT[name](), text)))
    assert flat(text).casefold() in printed.casefold()


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize(
    "text",
    [
        "x" * 1500,
        "Sekolah Dasar Negeri " * 60,
        "Kerja‐sama/" * 80,
        "baris\nkedua\r\nketiga\n\n\nkeenam",
        "\u202eterbalik\u202c مدرسة ابتدائية",
        "nul\x00 bel\x07 esc\x1b \ud800 \ufffe",
        "漢字 😀 ภาษาไทย",
        "e\u0301 ﬁ \u00ad \u2028 \u00a0",
        " ",
        "",
    ],
    ids=[
        "no space",
        "very long",
        "joined",
        "lines",
        "right to left",
        "controls",
        "no font",
        "odd",
        "blank",
        "empty",
    ],
)
def test_odd_text_still_gives_a_paper_within_its_edges(name: str, text: str) -> None:
    pdf = render_pdf(name, poisoned(SHORT[name](), text))
    assert opened(pdf).trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert words_outside_the_paper(pdf) == []


def test_a_long_name_is_wrapped_and_not_cut() -> None:
    name = "Sekolah Dasar Islam Terpadu Yayasan Pendidikan dan Kesejahteraan Umat Nurul Ikhlas Kecamatan Mandiangin"
    paper = examples.agreement()
    texts = text_of(
        render_pdf(
            "agreement",
            replace(paper, parties=(paper.parties[0], replace(paper.parties[1], institution=name))),
        )
    )
    assert texts.count(flat(name)) >= 2 and flat(name).upper() in texts


def test_numbers_can_be_copied_from_the_pdf_as_they_are() -> None:
    first, annex = (
        page.extract_text() for page in opened(render_pdf("handover", examples.handover(1))).pages
    )
    assert "112/BAST/UPT-PBH/XI/2026" in first and "041/PKS/UPT-PBH/VII/2026" in first
    assert "196805121993032001" in first and VERIFICATION.code in first
    assert "PBH-2026-00001" in annex


def test_arabic_is_there_with_its_letters() -> None:
    item = Item(barcode="A-1", title="قصص الأنبياء")
    text = unicodedata.normalize(
        "NFKC", text_of(render_pdf("handover", replace(examples.handover(1), items=[item])))
    )
    assert set(flat("قصص الأنبياء")) <= set(text)


def test_a_letter_without_a_font_does_not_keep_the_paper_back(caplog: pytest.LogCaptureFixture) -> None:
    item = Item(barcode="A-1", title="漢字 tanpa huruf")
    pdf = opened(render_pdf("handover", replace(examples.handover(1), items=[item])))
    assert "tanpa huruf" in pdf.pages[1].extract_text()


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert render_pdf("handover", examples.handover(5)) == render_pdf("handover", examples.handover(5))


def test_threads_render_at_once() -> None:
    papers = [examples.handover(count) for count in (1, 2, 3, 4)] * 3
    alone = [render_pdf("handover", paper) for paper in papers]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda paper: render_pdf("handover", paper), papers)) == alone


def test_frozen_content_survives_storage_and_a_change_of_language() -> None:
    paper = examples.return_record()
    with translation.override("en"):
        content = json.loads(json.dumps(content_of(paper)))
        assert typeset("return_record", content) == render_pdf("return_record", paper, language="id")
    assert "qr" not in json.dumps(content["paper"]), "the picture is drawn anew from the address"


def test_stored_content_has_nothing_that_postgresql_refuses() -> None:
    content = json.dumps(content_of(poisoned(examples.handover(1), "a\x00b\ud800c")))
    assert "\\u0000" not in content and "\\ud800" not in content


@pytest.mark.parametrize(
    "template", ["", "nothing", "../letterhead", "handover.typ", "/etc/passwd", "Handover", "a/b"]
)
def test_only_our_own_templates_are_typeset(template: str) -> None:
    with pytest.raises(ValueError, match="no document template"):
        render_pdf(template, examples.handover(1))


@pytest.mark.parametrize("path", ["/../../manage.py", "../../manage.py", "/etc/passwd"])
def test_a_template_reads_nothing_outside_its_folder(path: str) -> None:
    with rendering._compiler() as compiler, pytest.raises(typst.TypstError):
        compiler.compile(input=f'#read("{path}")'.encode(), format="pdf")


def test_a_paper_cannot_carry_an_object() -> None:
    with pytest.raises(TypeError, match="cannot carry"):
        rendering.plain(object())


def test_qr_is_a_small_drawing_that_scales() -> None:
    svg = qr_svg("https://kerjasama.example/verify/ABCD")
    assert svg.startswith("<svg ") and "viewBox" in svg
    assert "width=" not in svg.split(">")[0] and "<script" not in svg
