"""What the tests of the catalogue share: the shared data where it is at hand, a second library, and records made to order."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pymarc
import pytest
from django.core.files import File
from django.core.management.commands import flush
from django.core.management.sql import sql_flush

from libraries.models import Institution
from tests.factories import InstitutionFactory

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared(*parts: str) -> Path:
    """A file of the shared data; the test is skipped where there is none."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"no shared data beside the repository: {'/'.join(parts)}")
    return path


@pytest.fixture(scope="session")
def flush_cascades() -> Iterator[None]:
    """knox' own table, which ours replaces, still points at our accounts: emptying them has to cascade."""
    with mock.patch.object(
        flush, "sql_flush", lambda *args, **options: sql_flush(*args, **{**options, "allow_cascade": True})
    ):
        yield


@pytest.fixture
def committed(flush_cascades: None, transactional_db: None) -> None:
    """A database with real commits, for several connections."""


@pytest.fixture
def other_library(db: None) -> Institution:
    return InstitutionFactory(office=True, name="Perpustakaan Umum Kota Payakumbuh", slug="payakumbuh")


def marc_record(
    title: str = "Danau di jendela kelas",
    *,
    author: str = "Koto, Yenni",
    isbn: str = "",
    year: str = "2020",
    copies: tuple[str, ...] = (),
    extra: tuple[pymarc.Field, ...] = (),
) -> bytes:
    """One ISO 2709 record in UTF-8; ``copies`` are accession numbers in 990."""
    record = pymarc.Record()
    record.leader = pymarc.Leader("00000nam a2200000 a 4500")
    blank = pymarc.Indicators(" ", " ")

    def add(tag: str, **parts: str) -> None:
        subfields = [pymarc.Subfield(code, value) for code, value in parts.items()]
        record.add_field(pymarc.Field(tag=tag, indicators=blank, subfields=subfields))

    record.add_field(pymarc.Field(tag="001", data="INLIS0001"))
    if isbn:
        add("020", a=isbn)
    add("082", a="899.2211")
    if author:
        add("100", a=author)
    add("245", a=title)
    add("260", a="Padang :", b="Ombak Puruih,", c=year)
    for number in copies:
        add("990", a=number)
    for field in extra:
        record.add_field(field)
    return bytes(record.as_marc())


def upload(content: bytes, name: str = "katalog.mrc") -> File:
    return File(io.BytesIO(content), name=name)
