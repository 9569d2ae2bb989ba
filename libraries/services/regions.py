"""Filling the list of provinces, regencies, districts and villages from a CSV with Kemendagri codes (D1).

The list changes every year by decree. Reading a newer one updates names and adds what is new; nothing is deleted, because
institutions may still stand in a region that was split. Reading the same list twice changes nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.errors import InvalidInput
from libraries.choices import RegionLevel
from libraries.models import Region

MOST_REJECTED_SHOWN = 1000
NAME_LENGTH = 120
_CODE = re.compile(r"\d{2}(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?")
_LEVELS = {
    0: RegionLevel.PROVINCE.value,
    1: RegionLevel.REGENCY.value,
    2: RegionLevel.DISTRICT.value,
    3: RegionLevel.VILLAGE.value,
}
_COLUMNS = {
    "kode": "code",
    "code": "code",
    "nama": "name",
    "name": "name",
    "induk": "parent",
    "parent": "parent",
}

# One statement sorts the new list into new, changed and unchanged, and tells how many of each there were.
_MERGE = """
WITH merged AS (
    INSERT INTO {region} AS kept (code, name, level, parent_id)
    SELECT code, name, level, parent FROM region_list
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, level = excluded.level, parent_id = excluded.parent_id
    WHERE (kept.name, kept.level, kept.parent_id) IS DISTINCT FROM (excluded.name, excluded.level, excluded.parent_id)
    RETURNING (xmax = 0) AS created
)
SELECT count(*) FILTER (WHERE created), count(*) FILTER (WHERE NOT created) FROM merged
"""
# Only in provinces that the list covers: a list of one province says nothing about the others.
_ABSENT = """
SELECT count(*) FROM {region} AS kept
WHERE split_part(kept.code, '.', 1) IN (SELECT DISTINCT split_part(code, '.', 1) FROM region_list)
AND NOT EXISTS (SELECT FROM region_list WHERE region_list.code = kept.code)
"""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    line: int
    text: str
    reason: str | Promise


@dataclass(slots=True)
class RegionReport:
    """What came of a list. ``absent`` counts regions known here that a list of their province no longer names."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    absent: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)
    rejected_count: int = 0

    def reject(self, line: int, text: str, reason: str | Promise) -> None:
        self.rejected_count += 1
        if len(self.rejected) < MOST_REJECTED_SHOWN:
            self.rejected.append(RejectedRow(line, text[:120], reason))


def import_regions(*, stream: IO[bytes]) -> RegionReport:
    """Read a CSV with the columns ``kode,nama`` and, if it likes, ``induk`` (the code of the region it is part of).

    Without ``induk`` the code itself names the parent. Rows that cannot be used are reported with their line; the others are
    taken. Raises ``InvalidInput`` when the file as a whole cannot be read.
    """
    report = RegionReport()
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        return _merge(list(_rows(text, report)), report)
    except UnicodeDecodeError as error:
        raise InvalidInput(
            "region_list_encoding", _("The list is not in UTF-8. Save it as “CSV UTF-8”."), field="file"
        ) from error
    except csv.Error as error:
        raise InvalidInput(
            "region_list_unreadable", _("The list is not a CSV file."), field="file"
        ) from error
    finally:
        text.detach()  # the stream is the caller's to close


def _rows(text: io.TextIOWrapper, report: RegionReport) -> Iterator[tuple[str, str, str, str | None]]:
    first = text.readline()
    delimiter = max(",;\t", key=first.count)
    header = [_COLUMNS.get(name.strip().strip('"').casefold(), "") for name in first.split(delimiter)]
    if "code" not in header or "name" not in header:
        raise InvalidInput(
            "region_list_columns", _("The first line must name the columns “kode” and “nama”."), field="file"
        )
    code_at, name_at = header.index("code"), header.index("name")
    parent_at = header.index("parent") if "parent" in header else None
    seen: set[str] = set()
    reader = csv.reader(text, delimiter=delimiter)
    for row in reader:
        line = reader.line_num + 1
        if not any(row):
            continue
        code = row[code_at].strip() if code_at < len(row) else ""
        name = " ".join(row[name_at].replace("\x00", "").split()) if name_at < len(row) else ""
        given = row[parent_at].strip() if parent_at is not None and parent_at < len(row) else ""
        whole = delimiter.join(row)
        if not _CODE.fullmatch(code):
            report.reject(line, whole, _("The code is not of the form 13, 13.76, 13.76.01 or 13.76.01.1002."))
        elif not name or len(name) > NAME_LENGTH:
            report.reject(line, whole, _("The name is missing or longer than 120 characters."))
        elif given and not code.startswith(f"{given}."):
            report.reject(
                line, whole, _("The region is said to be part of one whose code does not begin its own.")
            )
        elif code in seen:
            report.reject(line, whole, _("The code occurs twice; the first row was taken."))
        else:
            seen.add(code)
            yield code, name, _LEVELS[code.count(".")], given or code.rpartition(".")[0] or None


@transaction.atomic
def _merge(rows: list[tuple[str, str, str, str | None]], report: RegionReport) -> RegionReport:
    rows = list(_with_parents(rows, report))
    table = connection.ops.quote_name(Region._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE region_list (code text, name text, level text, parent text) ON COMMIT DROP"
        )
        cursor.copy_expert("COPY region_list FROM STDIN WITH (FORMAT csv)", _as_csv(rows))
        cursor.execute("ANALYZE region_list")
        cursor.execute(_MERGE.format(region=table))
        report.created, report.changed = cursor.fetchone()
        report.unchanged = len(rows) - report.created - report.changed
        # The planner still believes the table as small as it was before the merge, and would compare row by row.
        cursor.execute(f"ANALYZE {table}")
        cursor.execute(_ABSENT.format(region=table))
        report.absent = cursor.fetchone()[0]
        cursor.execute("DROP TABLE region_list")
    return report


def _with_parents(
    rows: list[tuple[str, str, str, str | None]], report: RegionReport
) -> Iterable[tuple[str, str, str, str | None]]:
    """Only rows whose parent is in the list or known already; a village of an unknown district would hang in the air."""
    known = {row[0] for row in rows}
    missing = {row[3] for row in rows if row[3]} - known
    known |= set(Region.objects.filter(code__in=missing).values_list("code", flat=True))
    lost: set[str] = set()
    for row in sorted(rows):
        if row[3] and (row[3] not in known or row[3] in lost):
            lost.add(row[0])
            report.reject(0, f"{row[0]} {row[1]}", _("The region that it is part of is unknown."))
        else:
            yield row


def _as_csv(rows: list[tuple[str, str, str, str | None]]) -> io.StringIO:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    buffer.seek(0)
    return buffer
