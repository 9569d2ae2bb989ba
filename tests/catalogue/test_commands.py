"""`manage.py import_marc`: the summary, the trial, and what it says when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from libraries.catalogue.models import Copy, ImportJob, Title
from libraries.models import Institution, StoredFile

from .conftest import marc_record, shared

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> object:
    with translation.override("en"):
        yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "katalog.mrc"
    path.write_bytes(marc_record("Pertama", copies=("A1", "A2")) + marc_record("Kedua"))
    return path


def test_it_imports_and_sums_up(library: Institution, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_marc", str(file), institution=library.slug)
    said = capsys.readouterr().out
    assert "2 records" in said
    assert "2 new titles" in said
    assert "2 new copies" in said
    assert (Title.objects.count(), Copy.objects.count(), ImportJob.objects.count()) == (2, 2, 1)


def test_a_trial_changes_nothing_and_leaves_no_file(
    library: Institution, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_marc", str(file), institution=library.slug, dry_run=True)
    assert "2 new titles" in capsys.readouterr().out
    assert not Title.objects.exists()
    assert not StoredFile.objects.exists()
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_copies_can_be_invented(library: Institution, file: Path) -> None:
    call_command("import_marc", str(file), institution=library.slug, invent_copies=True)
    assert Copy.objects.count() == 3


@pytest.mark.parametrize(
    ("path", "slug", "words"),
    [
        ("/nowhere/at/all.mrc", "bung-hatta", "cannot be read"),
        ("FILE", "unknown", "no institution"),
        ("folio_invalid_18bytes.mrc", "bung-hatta", "not a MARC file"),
        ("rusak/e201_bad_indicator.bin", "bung-hatta", "Not one record"),
    ],
)
def test_bad_input_gets_a_sentence_and_exit_code_1(
    library: Institution, file: Path, path: str, slug: str, words: str
) -> None:
    source = (
        str(file)
        if path == "FILE"
        else path
        if path.startswith("/")
        else str(shared("marc", *path.split("/")))
    )
    with pytest.raises(CommandError) as refusal:
        call_command("import_marc", source, institution=slug)
    assert words in str(refusal.value)
    assert refusal.value.returncode == 1
