"""The catalogue's pages at the desk: handing a file over, watching it, the report, titles and copies."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from libraries.catalogue.choices import ImportStatus
from libraries.catalogue.models import Copy, ImportJob, ImportRecord, Title
from libraries.catalogue.services.importing import queue_import, run_waiting_imports
from libraries.models import Institution, User

from .conftest import marc_record, shared, upload

pytestmark = pytest.mark.django_db
IMPORTS = "/admin/catalogue/importjob/"


@pytest.fixture
def desk(circulation: User, signed_in: Callable[[User | None], Client]) -> Client:
    return signed_in(circulation)


def handed_over(content: bytes, name: str = "katalog.mrc") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def finished(library: Institution, content: bytes) -> ImportJob:
    job = queue_import(institution=library, upload=upload(content), actor=None)
    run_waiting_imports()
    job.refresh_from_db()
    return job


def test_a_file_is_handed_over_and_read_in_the_background(
    desk: Client, library: Institution, circulation: User
) -> None:
    answer = desk.post(
        IMPORTS,
        {"institution": library.pk, "file": handed_over(marc_record(copies=("A1",))), "invent_copies": "on"},
    )
    job = ImportJob.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{IMPORTS}{job.pk}/")
    assert (job.started_by, job.invent_copies, job.status) == (circulation, True, ImportStatus.WAITING)
    assert not Title.objects.exists()
    waiting = desk.get(answer["Location"]).content.decode()
    assert f'hx-get="{IMPORTS}{job.pk}/progress/"' in waiting
    run_waiting_imports()
    done = desk.get(answer["Location"]).content.decode()
    assert "hx-get" not in done
    assert "Danau di jendela kelas" in done
    part = desk.get(f"{IMPORTS}{job.pk}/progress/")
    assert part["HX-Refresh"] == "true"
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize("content", [b"PK\x03\x04 workbook", b"title,gmd", b""])
def test_what_is_no_catalogue_is_refused_beside_the_field(
    desk: Client, library: Institution, content: bytes
) -> None:
    answer = desk.post(IMPORTS, {"institution": library.pk, "file": handed_over(content)})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not ImportJob.objects.exists()


def test_only_importing_librarians_see_imports_and_only_their_own(
    library: Institution,
    other_library: Institution,
    signed_in: Callable[[User | None], Client],
    circulation: User,
    crew: User,
    perpusnas: User,
    school: User,
) -> None:
    job = finished(library, marc_record())
    paths = [
        IMPORTS,
        f"{IMPORTS}{job.pk}/",
        f"{IMPORTS}{job.pk}/progress/",
        f"{IMPORTS}{job.pk}/problems.csv",
    ]
    assert [signed_in(circulation).get(path).status_code for path in paths] == [200] * 4
    assert [signed_in(crew).get(path).status_code for path in paths] == [403] * 4
    assert [signed_in(perpusnas).get(path).status_code for path in paths] == [200, 404, 404, 404]
    assert [signed_in(school).get(path).status_code for path in paths] == [302] * 4
    assert [signed_in(None).get(path).status_code for path in paths] == [302] * 4
    answer = signed_in(perpusnas).post(
        IMPORTS, {"institution": library.pk, "file": handed_over(marc_record())}
    )
    assert answer.status_code == 422
    assert signed_in(perpusnas).post(f"{IMPORTS}{job.pk}/resume/").status_code == 404


def test_the_report_filters_by_outcome_and_says_why(desk: Client, library: Institution) -> None:
    bad = shared("marc", "rusak", "e301_invalid_utf8_in_subfield.bin").read_bytes()
    job = finished(library, marc_record("Pertama") + bad + marc_record("Kedua", isbn="9786029900010"))
    page = desk.get(f"{IMPORTS}{job.pk}/?outcome=rejected")
    assert [row.position for row in page.context["page_obj"]] == [2]
    assert "MARC-8" in page.content.decode()
    worth = desk.get(f"{IMPORTS}{job.pk}/?outcome=problems")
    assert [row.position for row in worth.context["page_obj"]] == [2, 3]
    assert len(desk.get(f"{IMPORTS}{job.pk}/?outcome=nonsense").context["page_obj"]) == 3


def test_the_report_takes_the_same_statements_for_few_and_many(
    desk: Client, library: Institution, django_assert_max_num_queries: Any
) -> None:
    job = finished(
        library, b"".join(marc_record(f"Judul {number}", isbn="9786029900010") for number in range(60))
    )
    with django_assert_max_num_queries(14):
        desk.get(f"{IMPORTS}{job.pk}/")


def test_problems_come_as_csv_that_no_spreadsheet_executes(desk: Client, library: Institution) -> None:
    job = finished(library, marc_record("+SUM(1)", isbn="9786029900010") + marc_record("Tanpa masalah"))
    answer = desk.get(f"{IMPORTS}{job.pk}/problems.csv")
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert answer["Content-Disposition"].startswith("attachment")
    assert len(lines) == 2
    assert lines[1][2].startswith("'+SUM(1)")
    assert "9786029900010" in lines[1][3]


def test_a_stopped_import_is_resumed(desk: Client, library: Institution) -> None:
    job = queue_import(institution=library, upload=upload(marc_record()), actor=None)
    ImportJob.objects.update(status=ImportStatus.FAILED, problem="file_missing")
    assert b"resume" in desk.get(f"{IMPORTS}{job.pk}/").content
    assert desk.post(f"{IMPORTS}{job.pk}/resume/").status_code == 302
    run_waiting_imports()
    job.refresh_from_db()
    assert job.status == ImportStatus.DONE


# --- titles and copies ------------------------------------------------------------------------------------------------


def title_data(**changes: str) -> dict[str, str]:
    return {
        "title": "  Danau di   jendela kelas", "authors": "Koto, Yenni\nPiliang, Rina", "subjects": "", "isbn": "978-602-9900-01-9",
        "year": "2020", "language": "ind", "reading_level": "middle", **changes,
    }  # fmt: skip


def test_a_title_is_described_by_hand(desk: Client) -> None:
    answer = desk.post(reverse("admin:catalogue_title_add"), title_data())
    assert answer.status_code == 302, answer.context["errors"]
    title = Title.objects.get()
    assert (title.title, title.authors, title.isbn) == (
        "Danau di jendela kelas",
        ["Koto, Yenni", "Piliang, Rina"],
        "9786029900019",
    )
    assert title.match_key


@pytest.mark.parametrize(("changes", "field"), [({"isbn": "9786029900018"}, "isbn"), ({}, "title")])
def test_a_wrong_isbn_and_a_title_that_exists_are_refused(
    desk: Client, changes: dict[str, str], field: str
) -> None:
    desk.post(reverse("admin:catalogue_title_add"), title_data())
    answer = desk.post(reverse("admin:catalogue_title_add"), title_data(**changes))
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert Title.objects.count() == 1


def test_an_imported_record_meets_the_title_described_by_hand(desk: Client, library: Institution) -> None:
    desk.post(reverse("admin:catalogue_title_add"), title_data(isbn=""))
    # The same author, year and title; the publisher is no part of the key where an author is named.
    assert finished(library, marc_record(copies=("A1",))).matched_titles == 1
    assert ImportRecord.objects.get().title == Title.objects.get()


def copy_data(title: Title, library: Institution, **changes: str) -> dict[str, str]:
    return {
        "title": str(title.pk),
        "owner": str(library.pk),
        "barcode": " BH 0001 ",
        "condition": "good",
        "may_travel": "on",
        **changes,
    }


def test_a_copy_is_registered_at_home_and_only_for_ones_own_library(
    desk: Client, library: Institution, other_library: Institution
) -> None:
    title = Title.objects.create(title="Danau", match_key="danau")
    assert desk.post(reverse("admin:catalogue_copy_add"), copy_data(title, library)).status_code == 302
    copy = Copy.objects.get()
    assert (copy.barcode, copy.holder, copy.place) == ("BH0001", library, "shelf")
    again = desk.post(reverse("admin:catalogue_copy_add"), copy_data(title, library))
    assert "barcode" in again.context["adminform"].form.errors
    foreign = desk.post(reverse("admin:catalogue_copy_add"), copy_data(title, other_library))
    assert "owner" in foreign.context["adminform"].form.errors
    assert Copy.objects.count() == 1


def test_where_a_copy_is_cannot_be_typed(
    desk: Client, library: Institution, other_library: Institution
) -> None:
    title = Title.objects.create(title="Danau", match_key="danau")
    copy = Copy.objects.create(title=title, owner=library, holder=library, barcode="BH1")
    path = reverse("admin:catalogue_copy_change", args=[copy.pk])
    data = copy_data(
        title, library, barcode="BH1", place="lost", holder=str(other_library.pk), call_number="398.2 KOT d"
    )
    assert desk.post(path, data).status_code == 302
    copy.refresh_from_db()
    assert (copy.place, copy.holder, copy.call_number) == ("shelf", library, "398.2 KOT d")


def test_lists_and_pages_open(desk: Client, library: Institution) -> None:
    title = Title.objects.create(title="Danau", match_key="danau")
    copy = Copy.objects.create(title=title, owner=library, holder=library, barcode="BH1")
    for path in (
        reverse("admin:catalogue_title_changelist") + "?q=danau",
        reverse("admin:catalogue_title_change", args=[title.pk]),
        reverse("admin:catalogue_title_history", args=[title.pk]),
        reverse("admin:catalogue_copy_changelist") + "?q=BH1",
        reverse("admin:catalogue_copy_change", args=[copy.pk]),
        reverse("admin:catalogue_copy_history", args=[copy.pk]),
        reverse("admin:index"),
    ):
        assert desk.get(path).status_code == 200, path
