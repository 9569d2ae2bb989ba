"""Reading the list of regions: whole, again, changed, and damaged (D1)."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from kerjasama.domain.errors import InvalidInput
from libraries.models import Region
from libraries.services.regions import RegionReport, import_regions

from .conftest import shared

pytestmark = pytest.mark.django_db

LIST = "kode,nama\n13,Sumatera Barat\n13.76,Kota Payakumbuh\n13.76.01,Payakumbuh Barat\n13.76.01.1002,Tanjung Gadang\n"


def bring_in(text: str | bytes) -> RegionReport:
    return import_regions(stream=io.BytesIO(text.encode() if isinstance(text, str) else text))


def test_a_real_province_comes_in_whole_and_only_once() -> None:
    path = shared("wilayah", "wilayah_sumbar_13.csv")
    with path.open("rb") as stream:
        report = import_regions(stream=stream)
    assert (report.created, report.changed, report.rejected_count) == (1_464, 0, 0)
    assert Region.objects.get(code="13.76").name == "Kota Payakumbuh"
    assert Region.objects.get(code="13.76.01").parent_id == "13.76"
    assert set(Region.objects.values_list("level", flat=True)) == {
        "district",
        "province",
        "regency",
        "village",
    }
    with path.open("rb") as stream:
        again = import_regions(stream=stream)
    assert (again.created, again.changed, again.unchanged, again.absent) == (0, 0, 1_464, 0)


def test_a_newer_list_renames_adds_and_keeps() -> None:
    bring_in(LIST)
    report = bring_in(
        LIST.replace("Kota Payakumbuh", "Payakumbuh Kota").replace(
            "13.76.01.1002,Tanjung Gadang\n", "13.77,Kota Pariaman\n"
        )
    )
    assert (report.created, report.changed, report.unchanged, report.absent) == (1, 1, 2, 1)
    assert Region.objects.filter(code="13.76.01.1002").exists()


def test_rows_that_cannot_be_used_are_named_with_their_line() -> None:
    report = bring_in(
        LIST + "1376,Salah\n13.78,\n13,Dua kali\n99.01,Tanpa induk\n99.01.01,Di bawahnya\n\n13.79,Kota Baru\n"
    )
    assert [row.line for row in report.rejected[:3]] == [6, 7, 8]
    assert (report.rejected_count, report.created) == (5, 5)
    assert all(str(row.reason) for row in report.rejected)


@pytest.mark.parametrize(
    "text",
    [
        LIST.replace(",", ";"),
        "\ufeff" + LIST,
        LIST.replace("\n", "\r\n"),
        LIST.replace("kode,nama", '"Kode","Nama"'),
    ],
)
def test_dialects(text: str) -> None:
    assert bring_in(text).created == 4


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", LIST.replace("Barat", "B\xe9rat").encode("latin-1"), b"\x00\x01\x02"]
)
def test_other_files_are_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        bring_in(content)
    assert str(refusal.value)
    assert not Region.objects.exists()


def test_the_command(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_regions", str(shared("wilayah", "wilayah_sumbar_13.csv")))
    assert "1464" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("import_regions", "/nowhere/at/all.csv")
