"""Reading MARC files: what is read, what is refused with which sentence, and that a bad record costs itself only (D3)."""

from __future__ import annotations

import io
import tracemalloc
from decimal import Decimal
from pathlib import Path

import pymarc
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from libraries.catalogue import marc
from libraries.catalogue.findings import SENTENCES, BadReason, RemarkCode, StopReason
from libraries.catalogue.marc import BadRecord, BibRecord
from libraries.catalogue.marc.description import kind_of

from .conftest import marc_record, shared

BLANK = pymarc.Indicators(" ", " ")
OPEN = b'<?xml version="1.0"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
XML_RECORD = b"""<record><leader>00000nam a2200000 a 4500</leader><controlfield tag="001">K1</controlfield>
<datafield tag="245" ind1="1" ind2="0"><subfield code="a">Hujan di Lintau /</subfield></datafield></record>
"""


def read(content: bytes) -> list[BibRecord | BadRecord]:
    return list(marc.read(io.BytesIO(content)))


def only(content: bytes) -> BibRecord:
    (record,) = read(content)
    assert isinstance(record, BibRecord), record
    return record


def field(tag: str, **parts: str) -> pymarc.Field:
    return pymarc.Field(
        tag=tag, indicators=BLANK, subfields=[pymarc.Subfield(code, text) for code, text in parts.items()]
    )


# --- damaged files ------------------------------------------------------------------------------------------------

DAMAGED = [
    ("marc/rusak/e001_record_length_non_digit.bin", BadReason.LENGTH_NOT_NUMBER, "X0150"),
    ("marc/rusak/e004_base_address_past_record.bin", BadReason.BASE_ADDRESS, "99999"),
    ("marc/rusak/e005_truncated_record.bin", BadReason.TRUNCATED, "150"),
    ("marc/rusak/e006_no_record_terminator.bin", BadReason.NO_TERMINATOR, "149"),
    ("marc/rusak/e101_directory_no_terminator.bin", BadReason.DIRECTORY_END, "1E"),
    ("marc/rusak/e201_bad_indicator.bin", BadReason.INDICATOR, "“:”"),
    ("marc/rusak/e301_invalid_utf8_in_subfield.bin", BadReason.ENCODING, "FF"),
    ("marc/rusak/e401_malformed_marcxml.xml", BadReason.XML, "5"),
    ("marc/folio_invalid_18bytes.mrc", BadReason.NOT_MARC, "inval"),
]


@pytest.mark.parametrize(("name", "code", "named"), DAMAGED)
def test_every_damaged_file_has_its_sentence(name: str, code: BadReason, named: str) -> None:
    outcomes = read(shared(*name.split("/")).read_bytes())
    assert [type(outcome) for outcome in outcomes] == [BadRecord]
    bad = outcomes[0]
    assert isinstance(bad, BadRecord)
    assert (bad.position, bad.code) == (1, code)
    assert bad.excerpt
    for language in ("en", "id"):
        with translation.override(language):
            assert named in bad.reason


def test_no_damaged_file_is_without_a_case() -> None:
    there = {path.name for path in shared("marc", "rusak").iterdir()}
    assert there == {Path(name).name for name, _, _ in DAMAGED if "rusak" in name}


@pytest.mark.parametrize(("name", "code", "named"), [case for case in DAMAGED if case[0].endswith(".bin")])
def test_neighbours_of_a_damaged_record_are_kept(name: str, code: BadReason, named: str) -> None:
    bad = shared(*name.split("/")).read_bytes()
    outcomes = read(marc_record("Pertama") + bad + marc_record("Terakhir"))
    assert [outcome.title for outcome in outcomes if isinstance(outcome, BibRecord)] == [
        "Pertama",
        "Terakhir",
    ]
    assert code in [outcome.code for outcome in outcomes if isinstance(outcome, BadRecord)]
    assert [outcome.position for outcome in outcomes] == [1, 2, 3]


def test_a_damaged_xml_record_costs_itself_only() -> None:
    broken = b'<record><datafield tag="245"><subfield code="a">Rusak</WRONG></datafield></record>\n'
    outcomes = read(OPEN + XML_RECORD + broken + XML_RECORD + b"</collection>")
    assert [type(outcome) for outcome in outcomes] == [BibRecord, BadRecord, BibRecord]
    bad = outcomes[1]
    assert isinstance(bad, BadRecord)
    assert bad.facts["line"] == 5


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", BadReason.EMPTY),
        (b"\r\n \x00", BadReason.EMPTY),
        (OPEN + b"</collection>", BadReason.XML_NO_RECORDS),
        (OPEN + b"<record><leader>00000nam a", BadReason.XML_CUT),
        (OPEN.decode().encode("utf-16"), BadReason.XML_ENCODING),
        (OPEN + b"<record><leader>x</leader></record></collection>", BadReason.NO_FIELDS),
        (OPEN + b'<record><controlfield tag="1">x</controlfield></record></collection>', BadReason.FIELD_TAG),
        (b"00012", BadReason.TOO_SHORT),
        (marc_record().replace(b"nam a", b"nz  a"), BadReason.AUTHORITY),
        (marc_record().replace(b"nam a", b"dam a"), BadReason.DELETED),
        (marc_record(" / "), BadReason.NO_TITLE),
    ],
)
def test_other_reasons(content: bytes, code: BadReason) -> None:
    outcomes = read(content)
    assert [getattr(outcome, "code", None) for outcome in outcomes] == [code]
    assert getattr(outcomes[0], "reason", "")


def test_document_types_are_never_read() -> None:
    bomb = b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    record = XML_RECORD.replace(b"Hujan", b"&b;")
    outcomes = read(
        b'<?xml version="1.0"?>' + bomb + b"<collection>" + record + XML_RECORD + b"</collection>"
    )
    assert [type(outcome) for outcome in outcomes] == [BadRecord, BibRecord]


def test_a_stretch_without_end_does_not_fill_the_memory() -> None:
    outcomes = read(marc_record("Pertama") + b"\x41" * 3_000_000 + marc_record("Terakhir"))
    assert [type(outcome) for outcome in outcomes] == [BibRecord, BadRecord, BibRecord]
    assert isinstance(outcomes[1], BadRecord)
    assert outcomes[1].next_offset == outcomes[2].byte_offset


@pytest.mark.parametrize("kind", ["iso", "xml"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "besar"
    note = "catatan panjang " * 400
    if kind == "iso":
        path.write_bytes(marc_record(extra=(field("505", a=note),)) * 300)
    else:
        path.write_bytes(
            OPEN
            + XML_RECORD.replace(
                b"</record>",
                b'<datafield tag="505"><subfield code="a">%s</subfield></datafield></record>' % note.encode(),
            )
            * 300
            + b"</collection>"
        )
    assert path.stat().st_size > 1_900_000
    with path.open("rb") as stream:
        tracemalloc.start()
        try:
            assert sum(isinstance(outcome, BibRecord) for outcome in marc.read(stream)) == 300
            assert tracemalloc.get_traced_memory()[1] < 900_000
        finally:
            tracemalloc.stop()


def test_every_reason_and_remark_has_a_sentence() -> None:
    assert {*BadReason, *RemarkCode, *StopReason} <= SENTENCES.keys()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_answered_and_accounted_for(content: bytes) -> None:
    outcomes = read(content)
    assert [outcome.position for outcome in outcomes] == list(range(1, len(outcomes) + 1))
    offsets = [outcome.byte_offset for outcome in outcomes]
    assert offsets == sorted(offsets)
    for outcome in outcomes:
        assert outcome.byte_offset < outcome.next_offset
        assert "\x00" not in outcome.excerpt


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_record_damaged_anywhere_never_takes_its_neighbours_along(data: st.DataObject) -> None:
    middle = bytearray(marc_record("Tengah", copies=("A1", "A2")))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(middle) - 1))
        if data.draw(st.booleans()):
            middle[at] = data.draw(st.integers(0, 255))
        else:
            del middle[at:]
            break
    outcomes = read(marc_record("Pertama") + bytes(middle) + marc_record("Terakhir"))
    titles = [outcome.title for outcome in outcomes if isinstance(outcome, BibRecord)]
    assert (titles[0], titles[-1]) == ("Pertama", "Terakhir")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_in_xml_are_answered(content: bytes) -> None:
    outcomes = read(OPEN + XML_RECORD + content + XML_RECORD + b"</collection>")
    assert isinstance(outcomes[0], BibRecord)


def test_reading_goes_on_from_any_record() -> None:
    content = b"".join(marc_record(f"Judul {number}") for number in range(7))
    for source in (content, OPEN + XML_RECORD * 5 + b"</collection>"):
        whole = read(source)
        for done in range(1, len(whole)):
            stream = io.BytesIO(source)
            rest = list(marc.read(stream, offset=whole[done - 1].next_offset, position=done))
            assert rest == whole[done:]


# --- whole files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "records", "copies"),
    [
        ("marc/nlnz_1001_utf8.mrc", 1001, 0),
        ("marc/folio_61print_246_with_items_945_999.mrc", 246, 246),
        ("marc/folio_100_utf8.mrc", 100, 0),
        ("marc/solrmarc_spec_76_marc8.mrc", 76, 217),
        ("marc/solrmarc_error_5_marc8.mrc", 5, 22),
        ("marc/indomarc_uji_30.mrc", 30, 57),
        ("slims/slims-marc-export_tiruan.mrc", 20, 0),
    ],
)
def test_real_files_are_read_whole_and_quietly(
    name: str, records: int, copies: int, capfd: pytest.CaptureFixture[str]
) -> None:
    with shared(*name.split("/")).open("rb") as stream:
        outcomes = list(marc.read(stream))
    assert all(isinstance(outcome, BibRecord) for outcome in outcomes)
    assert len(outcomes) == records
    assert sum(len(outcome.copies) for outcome in outcomes if isinstance(outcome, BibRecord)) == copies
    assert capfd.readouterr().err == ""


def test_an_oai_answer_is_read_like_a_collection() -> None:
    with shared("oai", "inlislite_v33_listrecords_marc21.xml").open("rb") as stream:
        outcomes = list(marc.read(stream))
    assert len(outcomes) == 15
    assert all(isinstance(outcome, BibRecord) for outcome in outcomes)


def test_indomarc_as_inlislite_writes_it() -> None:
    with shared("marc", "indomarc_uji_30.mrc").open("rb") as stream:
        record = next(marc.read(stream))
    assert isinstance(record, BibRecord)
    assert (record.title, record.subtitle) == ("Sitti Nurbaya", "kasih tak sampai")
    assert record.authors == ("Rusli, Marah",)
    assert (record.ddc, record.call_number) == ("899.2213", "899.221 3 Rus s")
    assert (record.publisher, record.place, record.year) == ("Balai Pustaka", "Jakarta", 2008)
    assert (record.language, record.edition, record.extent) == ("ind", "Cet. 2", "334 hlm. ; 21 cm.")
    assert record.isbns == ("9786029900019",)
    assert [copy.accession_number for copy in record.copies] == ["PYK00001"]


def test_084_is_a_classification_in_a_slims_export() -> None:
    with shared("slims", "slims-marc-export_tiruan.mrc").open("rb") as stream:
        record = next(marc.read(stream))
    assert isinstance(record, BibRecord)
    assert (record.ddc, record.call_number) == ("899.2213", "")
    assert (record.subtitle, record.language) == ("kasih tak sampai", "ind")


# --- customs of the field -------------------------------------------------------------------------------------------


def test_the_leader_is_not_believed_about_the_character_set() -> None:
    says_marc8 = marc_record("Kisah José").replace(b"nam a22", b"nam  22")
    assert only(says_marc8).title == "Kisah José"
    says_utf8 = marc_record("Kisah Jos_e").replace(
        b"_e", b"\xe2e"
    )  # MARC-8: the accent stands before its letter
    record = only(says_utf8)
    assert record.title == "Kisah José"
    assert [remark.code for remark in record.remarks] == [RemarkCode.SAID_UTF8_IS_MARC8]


def test_unknown_characters_are_counted_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    damaged = marc_record("Kisah Jose").replace(b"nam a22", b"nam  22").replace(b"Jose", b"Jos\xff")
    record = only(damaged)
    assert [(remark.code, remark.facts) for remark in record.remarks] == [
        (RemarkCode.UNKNOWN_CHARACTERS, {"count": 1})
    ]
    assert capfd.readouterr().err == ""


def test_a_wrong_length_in_the_leader_is_put_right() -> None:
    record = only(b"00400" + marc_record("Panjang keliru")[5:])
    assert record.title == "Panjang keliru"
    assert [remark.code for remark in record.remarks] == [RemarkCode.LEADER_LENGTH]


@pytest.mark.parametrize(
    ("written", "numbers", "part"),
    [
        ("978-602-9900-01-9", ("9786029900019",), ""),
        ("9786029900026 (jil. 1)", ("9786029900026",), "jil. 1"),
        ("6029900013", ("9786029900019",), ""),
        ("9786029900019 (no. jil. lengkap)", (), ""),
        ("9786029900010", (), ""),
    ],
)
def test_isbns(written: str, numbers: tuple[str, ...], part: str) -> None:
    record = only(marc_record(isbn=written))
    assert (record.isbns, record.part) == (numbers, part)


@pytest.mark.parametrize(
    ("extra", "level"),
    [
        (field("521", a="Kelas 5 SD"), "upper"),
        (field("521", a="Untuk anak usia 7 tahun"), "early"),
        (field("385", a="Balita"), "picture"),
        (field("385", a="Siswa SMP"), "teen"),
        (pymarc.Field(tag="008", data="250314s2008    jki    b      000 1 ind  "), "early"),
        (pymarc.Field(tag="008", data="250314s2008    jki           000 1 ind  "), ""),
    ],
)
def test_reading_levels(extra: pymarc.Field, level: str) -> None:
    assert only(marc_record(extra=(extra,))).reading_level == level


def test_copies_of_koha() -> None:
    item = field("952", a="PST", p="K-0001", o="899 KOT d", i="12/2020", g="45000.00")
    (copy,) = only(marc_record(copies=("IGNORED",), extra=(item,))).copies
    assert (copy.barcode, copy.call_number, copy.accession_number, copy.price) == (
        "K-0001",
        "899 KOT d",
        "12/2020",
        Decimal(45000),
    )


def test_copies_of_marc_holdings() -> None:
    extra = (
        field("852", h="899.2211", i="KOT d"),
        field("876", p="B1", c="Rp 45.000,00"),
        field("876", p="B2"),
    )
    copies = only(marc_record(extra=extra)).copies
    assert [(copy.barcode, copy.call_number, copy.price) for copy in copies] == [
        ("B1", "899.2211 KOT d", Decimal(45000)),
        ("B2", "899.2211 KOT d", None),
    ]


def test_a_copy_without_number_is_left_out_with_a_remark() -> None:
    record = only(marc_record(extra=(field("952", a="PST", z="tanpa nomor"),)))
    assert record.copies == ()
    assert [remark.code for remark in record.remarks] == [RemarkCode.COPY_UNNUMBERED]


@pytest.mark.parametrize(
    ("extra", "kind"),
    [
        ((), "book"),
        ((pymarc.Field(tag="008", data="250314s2008    jki    b 6    000 1 ind  "),), "comic"),
        ((pymarc.Field(tag="008", data="250314s2008    jki    bf     000 1 ind  "),), "braille"),
        ((pymarc.Field(tag="008", data="250314s2008    jki    bd     000 1 ind  "),), "large"),
        ((field("655", a="Komik anak"),), "comic"),
        ((field("655", a="Majalah"),), "magazine"),
        ((field("655", a="Cerita ekonomik"),), "book"),
    ],
)
def test_what_sort_of_thing_it_is(extra: tuple[pymarc.Field, ...], kind: str) -> None:
    assert only(marc_record(extra=extra)).kind == kind


@pytest.mark.parametrize(
    ("leader", "kind"),
    [
        ("00000nas a2200000 a 4500", "magazine"),
        ("00000nim a2200000 a 4500", "audio"),
        ("00000ngm a2200000 a 4500", "film"),
        ("00000nrm a2200000 a 4500", "kit"),
    ],
)
def test_the_leader_says_it_first(leader: str, kind: str) -> None:
    record = pymarc.Record(force_utf8=True)
    record.add_field(pymarc.Field(tag="655", indicators=BLANK, subfields=[pymarc.Subfield("a", "Komik")]))
    assert kind_of(record, leader) == kind
