"""Importing: matching, idempotence, resuming after a kill, and one worker for one job (D3)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput, NotPermitted, TransitionRefused
from libraries.catalogue.choices import CopyPlace, ImportOutcome, ImportStatus, ReadingLevel
from libraries.catalogue.models import Copy, ImportJob, ImportRecord, Title
from libraries.catalogue.services import import_batches, importing
from libraries.catalogue.services.importing import (
    claim_import,
    queue_import,
    resume_import,
    run_import,
    run_waiting_imports,
)
from libraries.models import Institution, StoredFile, User

from .conftest import marc_record, shared, upload

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
REAL_FILES = (
    ("marc", "indomarc_uji_30.mrc"),
    ("marc", "nlnz_1001_utf8.mrc"),
    ("marc", "folio_61print_246_with_items_945_999.mrc"),
    ("marc", "folio_100_utf8.mrc"),
    ("marc", "solrmarc_spec_76_marc8.mrc"),
    ("marc", "solrmarc_error_5_marc8.mrc"),
    ("slims", "slims-marc-export_tiruan.mrc"),
)


def bring_in(
    library: Institution, content: bytes, *, invent_copies: bool = False, batch: int = 200
) -> ImportJob:
    job = queue_import(institution=library, upload=upload(content), actor=None, invent_copies=invent_copies)
    claimed = claim_import(job_id=job.pk)
    assert claimed is not None
    return run_import(job=claimed, batch=batch)


def outcomes(job: ImportJob) -> list[str]:
    return list(job.records.order_by("position").values_list("outcome", flat=True))


def figures() -> tuple[int, int]:
    return Title.objects.count(), Copy.objects.count()


# --- what a record becomes -------------------------------------------------------------------------------------------


def test_a_record_becomes_a_title_with_its_copies_on_the_shelf(library: Institution) -> None:
    job = bring_in(library, marc_record(isbn="9786029900019", copies=("PYK1", "PYK2")))
    assert (job.status, job.done, job.created_titles, job.new_copies) == (ImportStatus.DONE, 1, 1, 2)
    title = Title.objects.get()
    assert (title.title, title.isbn, title.year, title.reading_level) == (
        "Danau di jendela kelas",
        "9786029900019",
        2020,
        ReadingLevel.GENERAL,
    )
    for copy in title.copies.all():
        assert (copy.owner, copy.holder, copy.place) == (library, library, CopyPlace.SHELF)
        assert copy.call_number == "899.2211"


def test_the_audit_knows_whose_import_it_was(library: Institution, circulation: User) -> None:
    job = queue_import(institution=library, upload=upload(marc_record(copies=("A1",))), actor=circulation)
    run_waiting_imports()
    for row in (Title.objects.get(), Copy.objects.get()):
        context = row.audit_trail.get().pgh_context.metadata
        assert (context["user"], context["import"]) == (str(circulation.pk), str(job.pk))


def test_one_bad_record_is_reported_and_the_others_are_kept(library: Institution) -> None:
    bad = shared("marc", "rusak", "e201_bad_indicator.bin").read_bytes()
    job = bring_in(library, marc_record("Pertama") + bad + marc_record("Terakhir"))
    assert outcomes(job) == [ImportOutcome.CREATED, ImportOutcome.REJECTED, ImportOutcome.CREATED]
    assert (job.rejected, job.done) == (1, 3)
    assert "245" in job.records.get(position=2).reason


def test_titles_of_another_library_are_recognised_and_get_copies_of_this_one(
    library: Institution, other_library: Institution
) -> None:
    bring_in(library, marc_record(isbn="9786029900019", copies=("A1",)))
    job = bring_in(
        other_library,
        marc_record("Danau di jendela kelas : puisi", isbn="9786029900019", year="2019", copies=("A1",)),
    )
    assert outcomes(job) == [ImportOutcome.MATCHED]
    assert Title.objects.count() == 1
    assert set(Copy.objects.values_list("owner__slug", "barcode")) == {
        ("bung-hatta", "A1"),
        ("payakumbuh", "A1"),
    }


@pytest.mark.parametrize(
    ("first", "second", "titles"),
    [
        ({"title": "Matematika kelas 4"}, {"title": "Matematika kelas 5"}, 2),
        (
            {"title": "Tafsir", "isbn": "9786029900026 (jil. 1)"},
            {"title": "Tafsir", "isbn": "9786029900026 (jil. 2)"},
            2,
        ),
        (
            {"title": "Bertanam cabai", "isbn": "9786029900019"},
            {"title": "Sejarah nagari", "isbn": "9786029900019"},
            2,
        ),
        ({"title": "Danau", "isbn": "9786029900019"}, {"title": "Danau", "isbn": "9786029900026"}, 2),
        ({"title": "Danau", "isbn": "9786029900019"}, {"title": "Danau", "isbn": ""}, 1),
        ({"title": "Danau", "year": "2019"}, {"title": "Danau", "year": "2020"}, 2),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_the_ladder(
    library: Institution, first: dict[str, str], second: dict[str, str], titles: int, together: bool
) -> None:
    pieces = [marc_record(**first), marc_record(**second)]
    for content in [b"".join(pieces)] if together else pieces:
        bring_in(library, content)
    assert Title.objects.count() == titles


def test_a_barcode_that_another_title_has_is_reported_and_not_taken(library: Institution) -> None:
    bring_in(library, marc_record("Pertama", copies=("A1",)))
    job = bring_in(library, marc_record("Sama sekali lain", copies=("A1", "A2")))
    assert outcomes(job) == [ImportOutcome.CREATED]
    assert job.new_copies == 1
    assert "Pertama" in job.records.get().reason
    assert Copy.objects.get(barcode="A1").title.title == "Pertama"


def test_a_description_corrected_here_is_found_by_its_copies(library: Institution) -> None:
    content = marc_record("Danau di jendela kls", copies=("A1",))
    bring_in(library, content)
    Title.objects.update(title="Danau di jendela kelas", match_key="corrected")
    assert outcomes(bring_in(library, content)) == [ImportOutcome.COPY_EXISTS]
    assert figures() == (1, 1)


def test_records_without_copies_may_get_one(library: Institution) -> None:
    content = marc_record("Pertama") + marc_record("Kedua", copies=("A1",))
    bring_in(library, content)
    assert figures() == (2, 1)
    job = bring_in(library, content, invent_copies=True)
    assert (job.new_copies, figures()) == (1, (2, 2))
    assert outcomes(bring_in(library, content, invent_copies=True)) == [ImportOutcome.COPY_EXISTS] * 2
    assert figures() == (2, 2)


# --- real files on top of the demo ---------------------------------------------------------------------------------


def test_real_files_come_in_on_top_of_the_demo_catalogue_and_only_once(
    library: Institution, other_library: Institution
) -> None:
    from libraries.catalogue.demo import load_catalogue

    contents = [shared(*name).read_bytes() for name in REAL_FILES]
    load_catalogue(library, other_library)
    before = figures()
    jobs = [bring_in(library, content, invent_copies=True) for content in contents]
    assert sum(job.done for job in jobs) == 1478
    assert sum(job.rejected for job in jobs) == 0
    after = figures()
    assert after[0] - before[0] > 1400
    # The SLiMS file describes the very titles of the INDOMARC one.
    assert jobs[-1].created_titles == 0
    assert not ImportRecord.objects.filter(title__is_demo=True).exists()
    for content in contents:
        again = bring_in(library, content, invent_copies=True)
        assert (again.created_titles, again.new_copies) == (0, 0)
    assert figures() == after


def test_statements_per_batch_do_not_grow_with_it(library: Institution) -> None:
    counted = []
    for number in (2, 60):
        content = b"".join(
            marc_record(f"Judul {number}-{each}", copies=(f"{number}-{each}",)) for each in range(number)
        )
        job = queue_import(institution=library, upload=upload(content), actor=None)
        claimed = claim_import(job_id=job.pk)
        assert claimed is not None
        with CaptureQueriesContext(
            connection,
        ) as queries:
            run_import(job=claimed)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 14


# --- being interrupted -----------------------------------------------------------------------------------------------


def test_an_import_goes_on_behind_the_last_batch(
    library: Institution, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"".join(marc_record(f"Judul {number}", copies=(f"B{number}",)) for number in range(50))
    job = queue_import(institution=library, upload=upload(content), actor=None)
    written = import_batches._write
    calls = iter(range(100))

    def dies_in_the_third(*args: Any) -> ImportJob:
        result = written(*args)
        if next(calls) == 2:
            raise KeyboardInterrupt  # what a worker sees when it is stopped; nothing catches it
        return result

    claimed = claim_import(job_id=job.pk)
    assert claimed is not None
    monkeypatch.setattr(import_batches, "_write", transaction.atomic(dies_in_the_third))
    with pytest.raises(KeyboardInterrupt):
        run_import(job=claimed, batch=10)
    monkeypatch.undo()
    job.refresh_from_db()
    assert (job.status, job.done, figures()) == (ImportStatus.RUNNING, 20, (20, 20))
    assert claim_import() is None  # the dead worker's claim still stands
    ImportJob.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
    assert run_waiting_imports() == 1
    job.refresh_from_db()
    assert (job.status, job.done, job.new_copies, figures()) == (ImportStatus.DONE, 50, 50, (50, 50))
    assert list(job.records.order_by("position").values_list("position", flat=True)) == list(range(1, 51))


def test_a_worker_that_was_overtaken_writes_nothing(library: Institution) -> None:
    content = b"".join(marc_record(f"Judul {number}") for number in range(6))
    job = queue_import(institution=library, upload=upload(content), actor=None)
    slow = claim_import()
    assert slow is not None
    ImportJob.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
    quick = claim_import()
    assert quick is not None
    run_import(job=quick, batch=4)
    assert run_import(job=slow, batch=4).status == ImportStatus.DONE
    assert (figures()[0], job.records.count()) == (6, 6)


def test_time_that_is_up_hands_the_job_back(library: Institution) -> None:
    content = b"".join(marc_record(f"Judul {number}") for number in range(6))
    queue_import(institution=library, upload=upload(content), actor=None)
    claimed = claim_import()
    assert claimed is not None
    run_import(job=claimed, batch=2, seconds=1e-9)
    assert figures()[0] == 2
    assert run_waiting_imports() == 1
    assert figures()[0] == 6


def test_what_the_database_refuses_costs_itself_only(
    library: Institution, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = import_batches.title_from

    def refusing(record: Any, key: str) -> Title:
        if record.title == "Judul 3":
            raise DataError("value too long")
        return made(record, key)

    monkeypatch.setattr(import_batches, "title_from", refusing)
    job = bring_in(library, b"".join(marc_record(f"Judul {number}") for number in range(6)))
    assert (
        outcomes(job) == [ImportOutcome.CREATED] * 3 + [ImportOutcome.REJECTED] + [ImportOutcome.CREATED] * 2
    )
    assert job.status == ImportStatus.DONE
    assert job.records.get(position=4).reason


def test_a_file_that_vanished_stops_the_import_and_a_librarian_resumes_it(
    library: Institution, circulation: User
) -> None:
    job = queue_import(institution=library, upload=upload(marc_record()), actor=None)
    path = Path(job.file.file.path)
    kept = path.read_bytes()
    path.unlink()
    assert run_waiting_imports() == 1
    job.refresh_from_db()
    assert job.status == ImportStatus.FAILED
    assert job.problem_sentence != job.problem
    path.write_bytes(kept)
    resume_import(job=job, actor=circulation)
    run_waiting_imports()
    job.refresh_from_db()
    assert (job.status, job.problem) == (ImportStatus.DONE, "")
    with pytest.raises(TransitionRefused):
        resume_import(job=job, actor=circulation)


def test_something_unforeseen_stops_the_import(library: Institution, monkeypatch: pytest.MonkeyPatch) -> None:
    queue_import(institution=library, upload=upload(marc_record()), actor=None)
    monkeypatch.setattr(importing.marc, "read", lambda *args, **options: 1 / 0)
    run_waiting_imports()
    assert ImportJob.objects.get().status == ImportStatus.FAILED


# --- the door -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04" + bytes(50),
        b"%PDF-1.7",
        b"title,gmd_name\r\nDanau,Text",
        b"<html></html>",
        b"=LDR  00000nam",
        bytes(100),
    ],
)
def test_what_is_no_catalogue_is_refused_with_a_sentence(library: Institution, content: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        queue_import(institution=library, upload=upload(content, "buku.mrc"), actor=None)
    assert refusal.value.field == "file"
    assert str(refusal.value)
    assert not StoredFile.objects.exists()


def test_too_large_is_refused(library: Institution, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 100
    with pytest.raises(InvalidInput) as refusal:
        queue_import(institution=library, upload=upload(marc_record()), actor=None)
    assert refusal.value.code == "file_too_large"


def test_only_librarians_of_the_library_import(
    library: Institution, circulation: User, crew: User, perpusnas: User, school: User
) -> None:
    for actor in (perpusnas, crew, school):
        with pytest.raises(NotPermitted):
            queue_import(institution=library, upload=upload(marc_record()), actor=actor)
    assert queue_import(institution=library, upload=upload(marc_record()), actor=circulation)


# --- two workers, and one that is killed ------------------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.usefixtures("committed")
def test_two_workers_take_one_job_once(library: Institution) -> None:
    for round_number in range(8):
        queue_import(institution=library, upload=upload(marc_record(f"Judul {round_number}")), actor=None)
        start = threading.Barrier(2)
        claims: list[ImportJob | None] = []

        def claim(start: threading.Barrier = start, claims: list[ImportJob | None] = claims) -> None:
            try:
                start.wait()
                claims.append(claim_import())
            finally:
                connection.close()

        workers = [threading.Thread(target=claim) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert sum(job is not None for job in claims) == 1
        taken = next(job for job in claims if job)
        run_import(job=taken)


@pytest.mark.race
@pytest.mark.usefixtures("committed")
def test_two_libraries_at_once_make_one_title(library: Institution, other_library: Institution) -> None:
    content = b"".join(marc_record(f"Judul {number}", copies=(f"C{number}",)) for number in range(40))
    jobs = [
        queue_import(institution=each, upload=upload(content), actor=None)
        for each in (library, other_library)
    ]
    start = threading.Barrier(2)

    def work(job: ImportJob) -> None:
        try:
            claimed = claim_import(job_id=job.pk)
            start.wait()
            assert claimed is not None
            run_import(job=claimed, batch=5)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert figures() == (40, 80)


KILLED = """
import sys, time, django
django.setup()
from libraries.catalogue.services import import_batches, importing
written = import_batches._write
def slowly(*args):
    result = written(*args)
    print(result.done, flush=True)
    time.sleep(0.05)
    return result
import_batches._write = slowly
importing.run_import(job=importing.claim_import(), batch=3)
"""


@pytest.mark.race
@pytest.mark.usefixtures("committed")
def test_kill_minus_nine_loses_and_doubles_nothing(library: Institution, settings: Any) -> None:
    content = b"".join(marc_record(f"Judul {number}", copies=(f"D{number}",)) for number in range(60))
    job = queue_import(institution=library, upload=upload(content), actor=None)
    database = connection.settings_dict
    url = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "DJANGO_SETTINGS_MODULE": "kerjasama.settings",
    }
    kills = 0
    while kills < 3:
        worker = subprocess.Popen(
            [sys.executable, "-c", KILLED], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert worker.stdout is not None
        for _ in range(2 + kills):
            assert worker.stdout.readline(), "the worker ended before it could be killed"
        time.sleep(0.02 * kills)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        kills += 1
        ImportJob.objects.filter(status=ImportStatus.RUNNING).update(
            claimed_until=clock.now() - timedelta(seconds=1)
        )
        time.sleep(0.2)  # the server notices that the connection is gone
        job.refresh_from_db()
        assert job.done == job.records.count() == Copy.objects.count()
        assert job.done % 3 == 0
    assert 0 < job.done < 60
    run_waiting_imports()
    job.refresh_from_db()
    assert (job.status, job.done, job.new_copies, figures()) == (ImportStatus.DONE, 60, 60, (60, 60))
