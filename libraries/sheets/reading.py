"""Rows out of an Excel workbook or a CSV file, one after the other, whatever program wrote it.

Nothing is trusted: a workbook is looked at before it is unpacked, its XML is read by defusedxml (which openpyxl takes
where it is installed), and a formula is never calculated: its last value is taken, and one without a value is told.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import IO, Any

from libraries.sheets.fields import guess_mapping
from libraries.sheets.findings import SheetRefused

# A list of all schools of a province has some twenty thousand rows.
MOST_ROWS = 100_000
MOST_COLUMNS = 100
LONGEST_CELL = 500
# What a workbook may be unpacked, and how often its packed size: text packs to a tenth, a bomb to a thousandth.
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PACKED_RATIO = 200
MOST_PARTS = 2000
# In which of the first rows the heads are looked for: official lists begin with a title and a date.
HEADS_WITHIN = 15
SAMPLES = 20

Cells = list[str]


class Formula(str):
    """A cell that holds a formula without a value; the text is the formula."""


@dataclass(frozen=True, slots=True)
class Layout:
    """``head_row`` counts from 1; the rows of data begin below it. ``samples`` are the first of them."""

    head_row: int
    heads: Cells
    samples: list[Cells]


def kind_of(head: bytes) -> str:
    """ "xlsx" or "csv" by the first bytes. Raises SheetRefused for what is neither."""
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        # The container of .xls, and of an .xlsx with a password.
        raise SheetRefused("locked" if b"E\x00n\x00c\x00r\x00y\x00p\x00t" in head else "old_excel")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "csv"
    if not head.strip() or b"\x00" in head or head.startswith((b"%PDF", b"<", b"\x89PNG", b"\xff\xd8")):
        raise SheetRefused("not_a_sheet")
    return "csv"


def layout_of(stream: IO[bytes]) -> Layout:
    """Where the heads are and what stands below them. Raises SheetRefused."""
    first = list(islice(rows_of(stream), HEADS_WITHIN + SAMPLES + 1))
    best: tuple[int, int, Cells] | None = None
    score = 0
    for number, (_row, cells) in enumerate(first[:HEADS_WITHIN]):
        # A head may be spread over two rows with merged cells: “Alamat” above “Kelurahan” and “Kecamatan”.
        below = first[number + 1][1] if number + 1 < len(first) else []
        for depth, heads in ((1, cells), (2, _together(cells, below))):
            known = guess_mapping(heads)
            if "name" in known and len(known) > score:
                best, score = (number, depth, heads), len(known)
    if best is None:
        # Heads in words of their own: the first row with text in at least two columns; the columns are chosen by hand.
        texts = [
            (number, 1, cells)
            for number, (_row, cells) in enumerate(first[:HEADS_WITHIN])
            if sum(1 for cell in cells if re.search(r"[^\W\d]", cell)) >= 2
        ]
        if not texts:
            raise SheetRefused("no_heads")
        best = texts[0]
    number, depth, heads = best
    body = first[number + depth :]
    if not body:
        raise SheetRefused("no_rows")
    return Layout(first[number][0] + depth - 1, heads, [cells for _row, cells in body[:SAMPLES]])


def data_rows(stream: IO[bytes], head_row: int) -> Iterator[tuple[int, Cells]]:
    """(number of the row in the file, its cells) below the heads, empty rows left out. Raises SheetRefused when too many."""
    seen = 0
    for number, cells in rows_of(stream):
        if number <= head_row:
            continue
        seen += 1
        if seen > MOST_ROWS:
            raise SheetRefused("too_many_rows", limit=MOST_ROWS)
        yield number, cells


def rows_of(stream: IO[bytes]) -> Iterator[tuple[int, Cells]]:
    """Every row that is not empty, with its number from 1."""
    stream.seek(0)
    kind = kind_of(stream.read(65_536))
    stream.seek(0)
    return _excel_rows(stream) if kind == "xlsx" else _text_rows(stream.read())


def _together(upper: Sequence[str], lower: Sequence[str]) -> Cells:
    width = max(len(upper), len(lower))
    return [
        (lower[at] if at < len(lower) else "") or (upper[at] if at < len(upper) else "")
        for at in range(width)
    ]


# --- text -------------------------------------------------------------------------------------------------------------


def decoded(content: bytes) -> str:
    """Text as Excel and LibreOffice write it: UTF-8 with or without its mark, UTF-16 with it, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    with suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig")
    # Five codes of Windows-1252 mean nothing; they must not stop a list.
    return content.decode("cp1252", errors="replace")


def _text_rows(content: bytes) -> Iterator[tuple[int, Cells]]:
    text = decoded(content).replace("\x00", "")
    start = text.lstrip("\r\n")[:20_000]
    # Excel may name the sign itself in a first line of its own.
    named = re.match(r"sep=(.)\r?\n", text)
    if named:
        text = text[named.end() :]
    lines = [line for line in start.splitlines()[:HEADS_WITHIN] if line.strip()]
    delimiter = (
        named[1] if named else max(";,\t|", key=lambda sign: sum(min(line.count(sign), 40) for line in lines))
    )
    csv.field_size_limit(1_000_000)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            cells = _trimmed([_text(cell) for cell in row[:MOST_COLUMNS]])
            if any(cells):
                yield number, cells
    except csv.Error:
        raise SheetRefused("not_a_sheet")


def _trimmed(cells: Cells) -> Cells:
    """Without the empty cells at the end, which every program writes as many of as it likes."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(cell: str) -> str:
    said = " ".join(cell.split())[:LONGEST_CELL]
    # ="0123" is how exports keep Excel from eating a zero; everything else that begins so is a formula.
    quoted = re.fullmatch(r'="([^"]*)"', said)
    if quoted:
        return quoted[1]
    return Formula(said) if re.match(r"[=@]|[+-]\s*[A-Z]+\(", said) else said


# --- workbooks --------------------------------------------------------------------------------------------------------


def _excel_rows(stream: IO[bytes]) -> Iterator[tuple[int, Cells]]:
    # Costs a tenth of a second to load, and only lists of schools need it.
    from defusedxml.common import DefusedXmlException
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    formulas = _look_inside(stream)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = load_workbook(stream, read_only=True, data_only=True)
            # Only where there are formulas at all is the workbook read a second time beside itself.
            beside = load_workbook(stream, read_only=True) if formulas else None
            sheet = _first_with_rows(values)
            if sheet is None:
                return
            asked = beside[sheet.title].iter_rows(values_only=True) if beside else None
            for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1):
                source = next(asked, ()) if asked else ()
                cells = _trimmed(
                    [_cell(value, source[at] if at < len(source) else None) for at, value in enumerate(row)]
                )
                if any(cells):
                    yield number, cells
    except DefusedXmlException:
        raise SheetRefused("entities")
    except SheetRefused:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError,
            SyntaxError, IndexError, EOFError):  # fmt: skip
        # openpyxl raises whatever it trips over in a damaged file.
        raise SheetRefused("unreadable")


def _first_with_rows(workbook: Any) -> Any:
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible" and any(
            any(value not in (None, "") for value in row)
            for row in islice(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), HEADS_WITHIN)
        ):
            return sheet
    return None


def _look_inside(stream: IO[bytes]) -> bool:
    """Refuse what would unpack to more than any list needs; whether there are formulas in the sheets."""
    formulas = False
    try:
        with zipfile.ZipFile(stream) as packed:
            parts = packed.infolist()
            whole = sum(part.file_size for part in parts)
            size = sum(part.compress_size for part in parts) or 1
            if (
                len(parts) > MOST_PARTS
                or whole > MOST_UNPACKED
                or whole > size * MOST_PACKED_RATIO + 1_000_000
            ):
                raise SheetRefused("bomb", size=whole // 1_048_576)
            for part in parts:
                if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                    formulas = formulas or _has_formula(packed, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise SheetRefused("unreadable")
    stream.seek(0)
    return formulas


def _has_formula(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    # The size that a part claims is only a claim: what comes out is counted.
    rest, unpacked = b"", 0
    with packed.open(part) as sheet:
        while piece := sheet.read(1 << 16):
            unpacked += len(piece)
            if unpacked > MOST_UNPACKED:
                raise SheetRefused("bomb", size=unpacked // 1_048_576)
            if b"<f>" in rest + piece or b"<f " in rest + piece:
                return True
            rest = piece[-3:]
    return False


def _cell(value: Any, source: Any) -> str:
    if isinstance(source, str) and source.startswith("=") and value is None:
        return Formula(source[:LONGEST_CELL])
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return _text(str(value)) if isinstance(value, str) else str(value)[:LONGEST_CELL]
