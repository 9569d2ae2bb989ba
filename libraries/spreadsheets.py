"""Lists as files for a spreadsheet: CSV and Excel (U25).

What begins like a formula is text and must stay text, whoever typed it.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any, NamedTuple

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from kerjasama.domain.errors import Sentence

CSV, XLSX = "csv", "xlsx"
FORMATS = (CSV, XLSX)
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a cell and the name of a page of a workbook hold.
LONGEST_TEXT = 32_767
LONGEST_NAME = 31
WIDTHS = (10, 48)
_NOT_IN_NAMES = re.compile(r"[\\/?*:\[\]]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def spreadsheet(
    name: str, heads: Sequence[Sentence], rows: Iterable[Sequence[Any]], form: str
) -> HttpResponse:
    """``rows`` under ``heads`` as the file ``name``, in one of ``FORMATS``."""
    name, titles = str(name), [str(head) for head in heads]
    if form == XLSX:
        return sheets(name, [Sheet(name, titles, rows)])
    return HttpResponse(csv_lines(titles, rows), content_type=CSV_TYPE, headers=_named(name, CSV))


def streamed(name: str, heads: Sequence[Sentence], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A CSV that is sent while its rows are read, for lists that have no end."""
    lines = csv_lines([str(head) for head in heads], rows)
    return StreamingHttpResponse(lines, content_type=CSV_TYPE, headers=_named(name, CSV))


def _named(name: str, form: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}.{form}"',
        "Cache-Control": "private, no-store",
    }


def cell(value: Any) -> str:
    """A value for a CSV: a formula is told to be text by the sign that spreadsheets know."""
    if isinstance(value, datetime):
        # As in a workbook: the clock on the wall of the reader, in a form that spreadsheets take for a moment.
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%Y-%m-%d %H:%M:%S}"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


class _Echo:
    """A file that hands every line straight back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(heads: list[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A CSV that a spreadsheet in Indonesia opens by a double click: UTF-8 with its mark, semicolons between cells."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow([cell(head) for head in heads])
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


class Sheet(NamedTuple):
    """One page of a workbook."""

    name: Sentence
    heads: Sequence[Sentence]
    rows: Iterable[Sequence[Any]]


def sheets(name: str, pages: Iterable[Sheet]) -> HttpResponse:
    """Several lists as one workbook, the file ``name``; their names differ."""
    return HttpResponse(workbook(pages), content_type=XLSX_TYPE, headers=_named(name, XLSX))


def workbook(pages: Iterable[Sheet]) -> bytes:
    """A workbook whose numbers and dates are numbers and dates. Its rows go to the disk as they come."""
    book = Workbook(write_only=True)
    for page in pages:
        _write(book, str(page.name), [str(head) for head in page.heads], page.rows)
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        return file.read()


def _write(book: Workbook, name: str, heads: list[str], rows: Iterable[Sequence[Any]]) -> None:
    page = book.create_sheet(_NOT_IN_NAMES.sub(" ", name)[:LONGEST_NAME])
    page.freeze_panes = "A2"
    for column, head in enumerate(heads, start=1):
        width = min(max(len(head) + 2, WIDTHS[0]), WIDTHS[1])
        page.column_dimensions[get_column_letter(column)].width = width
    titles = [_cell(page, head) for head in heads]
    for title in titles:
        title.font = Font(bold=True)
    page.append(titles)
    for row in rows:
        page.append([_cell(page, value) for value in row])


def _cell(page: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        # A spreadsheet knows no zones: the clock on the wall of the reader.
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return WriteOnlyCell(page, local.replace(tzinfo=None))
    if value is None or isinstance(value, bool | int | float | Decimal | date | time):
        return WriteOnlyCell(page, value)
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:LONGEST_TEXT]
    made = WriteOnlyCell(page, text)
    # Never a formula, not even after somebody has opened the cell and left it again.
    made.data_type = "s"
    made.quotePrefix = text.startswith(_FORMULA)
    return made
