"""School lists on their way into the directory: read whatever program wrote them, checked row by row, adopted, nothing lost."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.choices import RowOutcome, SheetStatus
from libraries.models import Institution, Person, Region, Sheet, SheetRow, StoredFile, User
from libraries.services.sheets import (
    adopt_sheet,
    choose_columns,
    claim_sheet,
    forget_sheets,
    hand_over_sheet,
    put_sheet_aside,
    run_sheet,
    run_waiting_sheets,
)
from libraries.sheets import reading
from libraries.sheets.fields import guess_mapping
from libraries.sheets.findings import SheetRefused
from libraries.sheets.values import name_key, read_row
from tests.factories import InstitutionFactory
from tests.libraries.lists import HEADS, as_csv, as_xlsx, school_row

pytestmark = pytest.mark.django_db


def layout(upload: SimpleUploadedFile) -> reading.Layout:
    return reading.layout_of(upload.file)  # type: ignore[arg-type]


# --- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "upload",
    [
        as_csv([HEADS, school_row(1)]),
        as_csv([HEADS, school_row(1)], delimiter=","),
        as_csv([HEADS, school_row(1)], delimiter="\t"),
        as_csv([HEADS, school_row(1)], encoding="utf-8-sig"),
        as_csv([HEADS, school_row(1)], encoding="utf-16"),
        as_csv([["Daftar sekolah"], ["Kota Payakumbuh 2026"], HEADS, school_row(1)]),
        as_xlsx([HEADS, school_row(1)]),
        as_xlsx([["DAFTAR SEKOLAH"], [], HEADS, school_row(1)]),
    ],
    ids=[
        "semicolons",
        "commas",
        "tabs",
        "with its mark",
        "utf-16",
        "under titles",
        "workbook",
        "workbook under titles",
    ],
)
def test_a_list_is_read_whatever_wrote_it(upload: SimpleUploadedFile) -> None:
    found = layout(upload)
    assert found.heads == HEADS
    assert found.samples[0][1] == "SD Negeri 01 Talang"
    assert guess_mapping(found.heads) == {
        "npsn": 0, "name": 1, "address": 2, "village": 3, "district": 4, "phone": 5, "email": 6, "principal": 7,
        "latitude": 8, "longitude": 9,
    }  # fmt: skip


def test_windows_1252_keeps_its_letters() -> None:
    upload = as_csv([["NPSN", "Nama"], ["99000001", "SD “Cendekia” é"]], encoding="cp1252")
    assert layout(upload).samples == [["99000001", "SD “Cendekia” é"]]


def test_heads_in_merged_cells_are_read_together() -> None:
    upload = as_xlsx(
        [
            ["NPSN", "Nama Sekolah", "Alamat", None, "Telepon"],
            [None, None, "Kelurahan", "Kecamatan", None],
            ["99000001", "SD Uji", "Talang", "Payakumbuh Barat", "0752"],
        ],
        merge="C1:D1",
    )
    found = layout(upload)
    assert found.heads == ["NPSN", "Nama Sekolah", "Kelurahan", "Kecamatan", "Telepon"]
    assert found.head_row == 2 and len(found.samples) == 1


def test_numbers_of_a_workbook_are_numbers_of_schools() -> None:
    found = layout(as_xlsx([["NPSN", "Nama"], [99000001.0, "SD Uji"], [99000002, "SD Dua"]]))
    assert [row[0] for row in found.samples] == ["99000001", "99000002"]


def test_a_formula_is_never_calculated_and_told_when_it_has_no_value() -> None:
    upload = as_xlsx([["NPSN", "Nama"], ["99000001", '=CONCATENATE("SD ","Uji")']])
    read = read_row(2, layout(upload).samples[0], {"npsn": 0, "name": 1}, "school")
    assert [code for code, _facts in read.bad] == ["name_missing", "formula"]
    assert dict(read.bad)["formula"] == {"column": "B"}
    typed = read_row(
        2, reading.layout_of(io.BytesIO(b"NPSN;Nama\n99000001;=1+1\n")).samples[0], {"name": 1}, "school"
    )
    assert "formula" in dict(typed.bad)
    quoted = reading.layout_of(io.BytesIO(b'NPSN;Nama\n="00990001";SD\n')).samples[0]
    assert quoted[0] == "00990001"


def zipped(**parts: bytes) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out


@pytest.mark.parametrize(
    "content, code",
    [
        (b"", "not_a_sheet"),
        (b"%PDF-1.4", "not_a_sheet"),
        (b"\xd0\xcf\x11\xe0 old", "old_excel"),
        (b"\xd0\xcf\x11\xe0 E\x00n\x00c\x00r\x00y\x00p\x00t", "locked"),
        (b"PK\x03\x04 damaged", "unreadable"),
        (b"\x00\x01\x02", "not_a_sheet"),
        (b"1;2\n3;4\n", "no_heads"),
        (b"NPSN;Nama Sekolah\n", "no_rows"),
        (zipped(a=b"x").getvalue(), "unreadable"),
        (zipped(xl__worksheets__sheet1_xml=b"0" * 250_000_000).getvalue(), "bomb"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_a_sentence(content: bytes, code: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        reading.layout_of(io.BytesIO(content))
    assert refused.value.code == code
    assert refused.value.text.endswith(".")


def test_entities_in_a_workbook_are_refused() -> None:
    source = as_xlsx([HEADS, school_row(1)])
    out = io.BytesIO()
    with zipfile.ZipFile(source.file) as old, zipfile.ZipFile(out, "w") as new:  # type: ignore[arg-type]
        for name in old.namelist():
            body = old.read(name)
            if name == "xl/sharedStrings.xml" or name.startswith("xl/worksheets/sheet"):
                trap = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                body = trap + body.split(b"?>", 1)[-1]
            new.writestr(name, body)
    with pytest.raises(SheetRefused) as refused:
        reading.layout_of(out)
    assert refused.value.code in ("entities", "unreadable")


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    stream = as_csv([HEADS, *(school_row(number) for number in range(5))]).file
    with pytest.raises(SheetRefused) as refused:
        list(reading.data_rows(stream, 1))  # type: ignore[arg-type]
    assert refused.value.code == "too_many_rows"


# --- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given, kept, code",
    [
        ({"npsn": "99000001.0"}, {"npsn": "99000001"}, ""),
        ({"npsn": "9900"}, {}, "npsn_wrong"),
        ({"isil": "id-bkt 01"}, {"isil": "ID-bkt01"}, ""),
        ({"isil": "BKT"}, {}, "isil_wrong"),
        ({"npp": "uji 12"}, {"npp": "UJI12"}, ""),
        ({"email": "bukan surel"}, {"email": None}, "email_left_out"),
        ({"email": "SD@Contoh.test; lain@contoh.test"}, {"email": "sd@contoh.test"}, ""),
        ({"website": "sdn.contoh.test"}, {"website": "https://sdn.contoh.test"}, ""),
        ({"phone": "81234567890"}, {"phone": "081234567890"}, ""),
        ({"latitude": "-0,2", "longitude": "100,6"}, {"latitude": "-0.200000", "longitude": "100.600000"}, ""),
        ({"latitude": "100.6", "longitude": "-0.2"}, {"latitude": "-0.200000"}, "place_turned"),
        ({"latitude": "-0.2, 100.6"}, {"longitude": "100.600000"}, ""),
        ({"latitude": "-0.2"}, {}, "place_half"),
        ({"latitude": "utara", "longitude": "100"}, {}, "place_wrong"),
        ({"latitude": "NaN", "longitude": "100"}, {}, "place_wrong"),
        ({"kind": "MTs"}, {"kind": "madrasah"}, ""),
        ({"kind": "SMK"}, {"kind": "school"}, ""),
        ({"kind": "Perpustakaan Desa"}, {"kind": "village"}, ""),
        ({"kind": "warung"}, {"kind": "school"}, ""),
        ({"name": "x" * 201}, {}, "too_long"),
        ({"name": ""}, {}, "name_missing"),
    ],
)  # fmt: skip
def test_each_cell_becomes_a_value_or_a_sentence(
    given: dict[str, str], kept: dict[str, Any], code: str
) -> None:
    given = {"name": "SD Uji", **given}
    mapping = {name: number for number, name in enumerate(given)}
    read = read_row(7, list(given.values()), mapping, "school")
    for name, value in kept.items():
        assert read.values.get(name) == value
    said = [found for found, _facts in (*read.bad, *read.remarks)]
    assert said == ([code] if code else [])


def test_namesakes_are_seen_through_their_spelling() -> None:
    assert name_key("SDN 01 Talang") == name_key("SD Negeri 1 talang") == name_key("sdn01 TALANG")
    assert name_key("SDN 01 Talang") != name_key("SDN 11 Talang")


# --- checking and adopting --------------------------------------------------------------------------------------------


def test_every_row_is_told_and_the_good_ones_come_in(
    checked: Callable[..., Sheet], officer: User, regions: dict[str, Region]
) -> None:
    known = InstitutionFactory(
        school=True,
        name="SD Negeri 02 Talang",
        npsn="99000002",
        address="Jalan Lama",
        city="Payakumbuh",
        phone="0752 00002",
    )
    same = InstitutionFactory(school=True, name="SDN 3 TALANG", npsn="", city="Payakumbuh")
    sheet = checked(
        as_csv(
            [
                HEADS,
                school_row(1),
                school_row(2),
                school_row(3),
                school_row(4, npsn="12"),
                school_row(5, npsn="99000001"),
                school_row(6, kelurahan="Negeri Dongeng"),
            ]
        )
    )
    rows = {row.number: row for row in sheet.rows.all()}  # type: ignore[attr-defined]
    assert (sheet.status, sheet.total, sheet.done) == (SheetStatus.CHECKED, 6, 6)
    assert [rows[number].outcome for number in range(2, 8)] == [
        "new",
        "changed",
        "changed",
        "bad",
        "bad",
        "new",
    ]
    assert (sheet.new, sheet.changed, sheet.bad) == (2, 2, 2)
    assert rows[2].values["region"] == "13.76.01.1007" and rows[2].values["city"] == "Payakumbuh"
    changes = {name: (old, new) for name, old, new in rows[3].changes}
    assert (
        changes["address"] == ("Jalan Lama", "Jalan Uji 2")
        and "phone" not in changes
        and "name" not in changes
    )
    assert rows[4].institution == same
    assert "99000001" in rows[6].sentences[0] and "2" in rows[6].sentences[0]
    assert [code for code, _facts in rows[7].findings] == ["region_unknown"]
    assert Institution.objects.filter(npsn="99000001").count() == 0, "nothing is written by checking"

    adopt_sheet(sheet=sheet, actor=officer)
    run_waiting_sheets()
    sheet.refresh_from_db()
    assert (sheet.status, sheet.adopted) == (SheetStatus.DONE, 4)
    first = Institution.objects.get(npsn="99000001")
    assert (first.kind, first.city, first.region_id, str(first.latitude)) == (
        "school", "Payakumbuh", "13.76.01.1007", "-0.202011",
    )  # fmt: skip
    assert not first.is_listed
    principal = Person.objects.get(institution=first)
    assert (principal.name, principal.function, principal.show_publicly, principal.signs) == (
        "Kepala Uji 1", "principal", False, False,
    )  # fmt: skip
    known.refresh_from_db()
    assert known.address == "Jalan Uji 2" and known.version == 2
    same.refresh_from_db()
    assert same.npsn == "99000003"

    again = checked(as_csv([HEADS, school_row(1), school_row(2), school_row(3)]))
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)


def test_only_new_ones_leave_the_others_alone(checked: Callable[..., Sheet], officer: User) -> None:
    known = InstitutionFactory(school=True, npsn="99000001", address="Tetap", city="Payakumbuh")
    sheet = checked(as_csv([HEADS, school_row(1), school_row(2)]), list_publicly=True)
    adopt_sheet(sheet=sheet, actor=officer, only_new=True)
    run_waiting_sheets()
    known.refresh_from_db()
    assert known.address == "Tetap"
    assert Institution.objects.get(npsn="99000002").is_listed


def test_a_row_that_the_database_refuses_takes_no_other_with_it(
    checked: Callable[..., Sheet], officer: User
) -> None:
    sheet = checked(as_csv([HEADS, *(school_row(number) for number in range(1, 6))]))
    # Somebody else has entered the third school by hand since the check.
    InstitutionFactory(school=True, npsn="99000003")
    adopt_sheet(sheet=sheet, actor=officer)
    run_waiting_sheets()
    sheet.refresh_from_db()
    assert (sheet.status, sheet.adopted, sheet.new, sheet.bad) == (SheetStatus.DONE, 4, 4, 1)
    bad = sheet.rows.get(outcome=RowOutcome.BAD)  # type: ignore[attr-defined]
    assert bad.values["npsn"] == "99000003" and "institution_npsn_once" in bad.sentences[0]


def test_a_contact_of_another_name_is_told_and_not_overwritten(
    checked: Callable[..., Sheet], officer: User
) -> None:
    school = InstitutionFactory(school=True, npsn="99000001", city="Payakumbuh")
    Person.objects.create(institution=school, name="Orang Lain", function="principal")
    sheet = checked(as_csv([HEADS, school_row(1)]))
    row = sheet.rows.get()  # type: ignore[attr-defined]
    assert "contact_differs" in [code for code, _facts in row.findings]
    adopt_sheet(sheet=sheet, actor=officer)
    run_waiting_sheets()
    assert [person.name for person in Person.objects.filter(institution=school)] == ["Orang Lain"]


def test_an_offices_own_entry_is_left_to_it(checked: Callable[..., Sheet], library: Institution) -> None:
    library.npsn = "99000001"
    library.save()
    row = checked(as_csv([HEADS, school_row(1)])).rows.get()  # type: ignore[attr-defined]
    assert row.outcome == "unchanged" and [code for code, _facts in row.findings] == ["office_kept"]


def test_two_of_one_name_without_a_number_are_ambiguous(checked: Callable[..., Sheet]) -> None:
    for _twin in range(2):
        InstitutionFactory(school=True, name="SD Negeri 01 Talang", npsn="", city="Payakumbuh")
    row = checked(as_csv([HEADS, school_row(1, npsn="")])).rows.get()  # type: ignore[attr-defined]
    assert [code for code, _facts in row.findings] == ["ambiguous"]


def test_a_killed_worker_is_taken_over_where_its_last_batch_ended(
    library: Institution, officer: User, regions: dict[str, Region], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libraries.services.sheets.BATCH", 2)
    upload = as_csv([HEADS, *(school_row(number) for number in range(1, 6))])
    sheet = hand_over_sheet(office=library, upload=upload, actor=officer)
    choose_columns(sheet=sheet, actor=officer, mapping=sheet.mapping, kind="school")
    first = claim_sheet()
    assert first is not None and claim_sheet() is None
    run_sheet(first, ends=0.0)
    assert SheetRow.objects.count() == 2
    assert run_waiting_sheets() == 1
    assert list(SheetRow.objects.values_list("number", flat=True)) == [2, 3, 4, 5, 6]


def test_columns_are_remembered_for_a_list_with_the_same_heads(
    checked: Callable[..., Sheet], library: Institution, officer: User
) -> None:
    first = checked(as_csv([["Kolom A", "Kolom B"], ["99000001", "SD Uji"]]), mapping={"npsn": 0, "name": 1})
    assert first.status == SheetStatus.CHECKED
    second = hand_over_sheet(
        office=library, upload=as_csv([["Kolom A", "Kolom B"], ["99000002", "SD Dua"]]), actor=officer
    )
    assert second.mapping == {"npsn": 0, "name": 1}


def test_refusals_say_what_to_do(
    checked: Callable[..., Sheet], library: Institution, officer: User, school: User
) -> None:
    with pytest.raises(NotPermitted):
        hand_over_sheet(office=library, upload=as_csv([HEADS, school_row(1)]), actor=school)
    with pytest.raises(InvalidInput) as refused:
        hand_over_sheet(office=library, upload=SimpleUploadedFile("a.xlsx", b"PK\x03\x04"), actor=officer)
    assert refused.value.code == "sheet_unreadable" and refused.value.field == "file"
    sheet = hand_over_sheet(office=library, upload=as_csv([HEADS, school_row(1)]), actor=officer)
    for mapping, code in (
        ({"npsn": 0}, "name_column_missing"),
        ({"name": 99}, "column_unknown"),
        ({"name": 1, "address": 1}, "column_twice"),
    ):
        with pytest.raises(InvalidInput) as wrong:
            choose_columns(sheet=sheet, actor=officer, mapping=mapping, kind="school")
        assert wrong.value.code == code
    with pytest.raises(Conflict):
        adopt_sheet(sheet=sheet, actor=officer)
    unchanged = checked(as_csv([HEADS, school_row(2, npsn="1")]))
    with pytest.raises(Conflict) as nothing:
        adopt_sheet(sheet=unchanged, actor=officer)
    assert nothing.value.code == "nothing_to_adopt"
    put_sheet_aside(sheet=unchanged, actor=officer)
    with pytest.raises(Conflict):
        put_sheet_aside(sheet=unchanged, actor=officer)


def test_a_month_later_rows_and_files_are_gone(checked: Callable[..., Sheet]) -> None:
    sheet = checked(as_csv([HEADS, school_row(1)]))
    assert forget_sheets() == 0
    Sheet.objects.filter(pk=sheet.pk).update(updated_at=clock.now() - timedelta(days=31))
    assert forget_sheets() == 1
    assert not SheetRow.objects.exists() and not StoredFile.objects.exists()
    sheet.refresh_from_db()
    assert sheet.file is None and sheet.samples == [] and sheet.new == 1


def test_sixty_thousand_rows_are_checked_without_holding_them(
    checked: Callable[..., Sheet], django_assert_max_num_queries: Any
) -> None:
    """The cost is counted, not timed: a batch costs the same however long the list is."""
    rows = [HEADS, *(school_row(number) for number in range(1, 1501))]
    with django_assert_max_num_queries(60):
        sheet = checked(as_csv(rows))
    assert sheet.new == 1500
