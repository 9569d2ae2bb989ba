"""The way of a spreadsheet of institutions: handed over, its columns chosen, checked by a worker, adopted, or put aside (D1).

Nothing is done in the request of the person who waits but reading the heads. A worker claims the row for some minutes; one
that was killed costs at most the batch it was in.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import IO, cast
from uuid import UUID

import pghistory
import structlog
from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.access import access_of
from libraries.choices import FilePurpose, RowOutcome, SheetStatus
from libraries.models import Institution, Region, Sheet, SheetRow, User
from libraries.services.directory import KEEPS_DIRECTORY
from libraries.services.files import keep_upload
from libraries.services.sheet_adopting import adopt_rows
from libraries.services.sheet_checking import Known, decide_rows, tally
from libraries.services.sheet_places import RegionFinder
from libraries.sheets.fields import BY_NAME, guess_mapping
from libraries.sheets.findings import SheetRefused
from libraries.sheets.reading import data_rows, layout_of
from libraries.sheets.values import Read, read_row

BATCH = 500
#: How long a worker may be silent before another takes over.
LEASE = timedelta(minutes=3)
#: Rows hold names of people; the report is read within days.
KEPT_FOR = timedelta(days=30)
WORKING = (SheetStatus.CHECKING, SheetStatus.ADOPTING)
OPEN = (SheetStatus.MAPPING, SheetStatus.CHECKED, SheetStatus.STOPPED)

log = structlog.get_logger(__name__)


def hand_over_sheet(*, office: Institution, upload: UploadedFile[bytes], actor: User) -> Sheet:
    """Keep the file, find its heads and guess what its columns mean, or take the choice of an earlier file with the same heads.

    Raises NotPermitted (``role_missing``), InvalidInput (field ``file``) with what is wrong with the file.
    """
    _require_keeper(office, actor)
    stream = cast(IO[bytes], upload)
    try:
        upload.seek(0)
        layout = layout_of(stream)
    except SheetRefused as refusal:
        raise InvalidInput(f"sheet_{refusal.code}", refusal.text, field="file")
    with transaction.atomic():
        stored = keep_upload(upload, owner=office, counterpart=None, purpose=FilePurpose.SHEET, actor=actor)
        earlier = (
            Sheet.objects.filter(office=office, heads=layout.heads)
            .exclude(status=SheetStatus.MAPPING)
            .order_by("-created_at")
            .first()
        )
        return Sheet.objects.create(
            office=office,
            file=stored,
            name=stored.original_name,
            heads=layout.heads,
            head_row=layout.head_row,
            samples=layout.samples,
            mapping=earlier.mapping if earlier else guess_mapping(layout.heads),
            region=earlier.region if earlier else None,
            started_by=actor,
        )


@transaction.atomic
def choose_columns(
    *,
    sheet: Sheet,
    actor: User,
    mapping: Mapping[str, int],
    kind: str,
    region: Region | None = None,
    list_publicly: bool = False,
) -> Sheet:
    """Say what the columns mean and have every row checked. What was checked before is forgotten; nothing was adopted yet.

    Raises InvalidInput (``name_column_missing``, ``column_unknown``, ``column_twice``), Conflict (``sheet_busy``).
    """
    sheet = _locked(sheet, actor)
    if sheet.status not in OPEN:
        raise Conflict(
            "sheet_busy", _("This list is being worked on, or was adopted already. Hand it over anew.")
        )
    if "name" not in mapping:
        raise InvalidInput("name_column_missing", _("Say which column holds the name."), field="name")
    for name, column in mapping.items():
        if name not in BY_NAME or not 0 <= column < len(sheet.heads):
            raise InvalidInput("column_unknown", _("One of the columns is not in this file."), field=name)
    if len(set(mapping.values())) < len(mapping):
        raise InvalidInput(
            "column_twice", _("A column can mean one thing only; one of them was chosen twice.")
        )
    SheetRow.objects.filter(sheet=sheet).delete()
    sheet.mapping, sheet.kind, sheet.region, sheet.list_publicly = dict(mapping), kind, region, list_publicly
    sheet.total = sheet.done = sheet.new = sheet.changed = sheet.unchanged = sheet.bad = sheet.adopted = 0
    return _queued(sheet, SheetStatus.CHECKING)


@transaction.atomic
def adopt_sheet(*, sheet: Sheet, actor: User, only_new: bool = False) -> Sheet:
    """Have the usable rows written to the directory: all of them, or only those of new institutions.

    Raises Conflict (``sheet_not_checked``, ``nothing_to_adopt``).
    """
    sheet = _locked(sheet, actor)
    if sheet.status != SheetStatus.CHECKED:
        raise Conflict("sheet_not_checked", _("Have the rows checked first; then they can be adopted."))
    if not sheet.new and (only_new or not sheet.changed):
        raise Conflict("nothing_to_adopt", _("There is nothing to adopt: no row is new or changes anything."))
    sheet.only_new, sheet.adopted = only_new, 0
    return _queued(sheet, SheetStatus.ADOPTING)


@transaction.atomic
def put_sheet_aside(*, sheet: Sheet, actor: User) -> Sheet:
    """The list is not to be adopted: its rows and its file go. Raises Conflict (``sheet_busy``) while a worker is at it."""
    sheet = _locked(sheet, actor)
    if sheet.status not in OPEN:
        raise Conflict("sheet_busy", _("This list is being worked on, or was adopted already."))
    sheet.status, sheet.finished_at = SheetStatus.CANCELLED, clock.now()
    sheet.save(update_fields=["status", "finished_at", "updated_at"])
    _forget(sheet)
    return sheet


def _require_keeper(office: Institution, actor: User) -> None:
    if not access_of(actor).at(office.pk) & KEEPS_DIRECTORY:
        raise NotPermitted(
            "role_missing", _("Only a cooperation officer or a network coordinator keeps the directory.")
        )


def _locked(sheet: Sheet, actor: User) -> Sheet:
    row = Sheet.objects.select_for_update(of=("self",), no_key=True).select_related("office").get(pk=sheet.pk)
    _require_keeper(row.office, actor)
    return row


def _queued(sheet: Sheet, status: str) -> Sheet:
    sheet.status, sheet.claimed_until, sheet.problem, sheet.problem_facts = status, None, "", {}
    sheet.finished_at = None
    sheet.save()
    return sheet


# --- the worker ---------------------------------------------------------------------------------------------------


def run_waiting_sheets(*, seconds: float = 600) -> int:
    """Check and adopt lists until none waits or the time is up; returns how many were taken."""
    ends = time.monotonic() + seconds
    taken = 0
    while time.monotonic() < ends and (sheet := claim_sheet()):
        taken += 1
        run_sheet(sheet, ends=ends)
    return taken


@transaction.atomic
def claim_sheet() -> Sheet | None:
    """Take a list that waits, or whose worker has died. Two workers at once get different ones, or one gets nothing."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=clock.now())
    sheet = (
        Sheet.objects.filter(free, status__in=WORKING)
        .order_by("updated_at")
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("file", "started_by", "office")
        .first()
    )
    if sheet is not None:
        Sheet.objects.filter(pk=sheet.pk).update(claimed_until=clock.now() + LEASE)
    return sheet


def run_sheet(sheet: Sheet, *, ends: float | None = None) -> None:
    """Go through a claimed list, batch by batch, until its step is finished or the time is up."""
    step = _check if sheet.status == SheetStatus.CHECKING else _adopt
    try:
        with pghistory.context(task="sheet", sheet=str(sheet.pk), user=str(sheet.started_by_id)):
            for _batch in step(sheet):
                if ends is not None and time.monotonic() > ends:
                    Sheet.objects.filter(pk=sheet.pk, status__in=WORKING).update(claimed_until=None)
                    return
    except SheetRefused as refusal:
        _stop(sheet.pk, refusal.code, refusal.facts)
    except FileNotFoundError:
        _stop(sheet.pk, "file_missing", {})
    except (OperationalError, InterfaceError):
        raise  # the database is away: the claim runs out and another worker goes on
    except Exception:
        log.exception("sheet_stopped", sheet=str(sheet.pk))
        _stop(sheet.pk, "unexpected", {})


def _check(sheet: Sheet) -> Iterator[None]:
    if sheet.file is None:
        raise FileNotFoundError
    with sheet.file.file.open("rb") as stream:
        if not sheet.total:
            sheet.total = sum(1 for _row in data_rows(stream, sheet.head_row))
            Sheet.objects.filter(pk=sheet.pk).update(total=sheet.total)
        if not sheet.total:
            raise SheetRefused("no_rows")
        known, finder = Known.now(sheet), RegionFinder(sheet.region_id or "")
        reads = (
            read_row(number, cells, sheet.mapping, sheet.kind)
            for number, cells in islice(data_rows(stream, sheet.head_row), sheet.done, None)
        )
        while batch := list(islice(reads, BATCH)):
            if not _write_checked(sheet, batch, known, finder):
                return
            yield
    _finish(sheet, SheetStatus.CHECKING, SheetStatus.CHECKED)


@transaction.atomic
def _write_checked(sheet: Sheet, batch: list[Read], known: Known, finder: RegionFinder) -> bool:
    """One batch and its count in one transaction; False when somebody else has taken over or stopped it."""
    fresh = Sheet.objects.select_for_update(of=("self",), no_key=True).get(pk=sheet.pk)
    if fresh.status != SheetStatus.CHECKING or fresh.done != sheet.done:
        return False
    rows = decide_rows(sheet, batch, known, finder)
    SheetRow.objects.bulk_create(rows)
    counts = tally(rows)
    Sheet.objects.filter(pk=sheet.pk).update(
        done=F("done") + len(batch),
        claimed_until=clock.now() + LEASE,
        **{outcome: F(outcome) + count for outcome, count in counts.items()},
    )
    sheet.done += len(batch)
    return True


def _adopt(sheet: Sheet) -> Iterator[None]:
    wanted = [RowOutcome.NEW] if sheet.only_new else [RowOutcome.NEW, RowOutcome.CHANGED]
    while True:
        with transaction.atomic():
            fresh = Sheet.objects.select_for_update(of=("self",), no_key=True).get(pk=sheet.pk)
            if fresh.status != SheetStatus.ADOPTING:
                return
            rows = list(
                SheetRow.objects.filter(sheet=sheet, outcome__in=wanted, adopted=False).order_by("number")[
                    :BATCH
                ]
            )
            if not rows:
                break
            adopted, refused = adopt_rows(sheet, rows)
            Sheet.objects.filter(pk=sheet.pk).update(
                adopted=F("adopted") + adopted,
                bad=F("bad") + sum(refused.values()),
                claimed_until=clock.now() + LEASE,
                **{outcome: F(outcome) - count for outcome, count in refused.items()},
            )
        yield
    _finish(sheet, SheetStatus.ADOPTING, SheetStatus.DONE)


def _finish(sheet: Sheet, before: str, after: str) -> None:
    now = clock.now()
    Sheet.objects.filter(pk=sheet.pk, status=before).update(
        status=after, claimed_until=None, finished_at=now, updated_at=now
    )


def _stop(key: UUID, problem: str, facts: dict[str, object]) -> None:
    Sheet.objects.filter(pk=key, status__in=WORKING).update(
        status=SheetStatus.STOPPED,
        problem=problem,
        problem_facts=facts,
        claimed_until=None,
        updated_at=clock.now(),
    )


# --- afterwards ---------------------------------------------------------------------------------------------------


def forget_sheets() -> int:
    """Delete the rows and files of lists that nobody has touched for a month: they hold names of people."""
    old = Sheet.objects.filter(updated_at__lt=clock.now() - KEPT_FOR, file__isnull=False).exclude(
        status__in=WORKING
    )
    count = 0
    for sheet in old.select_related("file")[:200]:
        with transaction.atomic():
            _forget(sheet)
        count += 1
    return count


def _forget(sheet: Sheet) -> None:
    SheetRow.objects.filter(sheet=sheet).delete()
    file, sheet.file, sheet.samples = sheet.file, None, []
    sheet.save(update_fields=["file", "samples"])
    if file is not None:
        storage, name = file.file.storage, str(file.file.name)
        file.delete()
        transaction.on_commit(lambda: storage.delete(name))
