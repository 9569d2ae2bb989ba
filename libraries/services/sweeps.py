"""How the clock goes through rows: one run of a sweep at a time, bounded batches, one transaction per row.

A sweep asks the rows what is due, never the moment it runs at: a turn that was missed is made up by the next, and a
second turn finds nothing to do. What one row raises is logged and leaves the others alone.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pghistory
import structlog
from django.db import connection
from django.db.models import QuerySet

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.models import SweepRun

log = structlog.get_logger(__name__)

# The longest a sweep goes on in one task; well inside the task's time limit.
SECONDS = 600.0
BATCH = 200
# Our half of the 64 bits of an advisory lock, so that locks of other programs on this database are not met.
_LOCKS = 0x6B6A


@dataclass(frozen=True)
class Swept:
    """What a run did: rows dealt with, rows that failed, whether there is more to do at once."""

    count: int = 0
    failed: int = 0
    unfinished: bool = False

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(
            self.count + other.count, self.failed + other.failed, self.unfinished or other.unfinished
        )


def sweep(name: str, work: Callable[[], Swept]) -> Swept:
    """Run ``work`` unless the same sweep is under way elsewhere, and keep when it ran and what came of it.

    Two beats therefore double nothing. The lock belongs to the database session: it falls with a worker that dies.
    Audit rows written meanwhile name the sweep.
    """
    with _alone(name) as mine:
        if not mine:
            log.info("sweep_skipped", sweep=name)
            return Swept()
        _note_start(name)
        run = SweepRun.objects.filter(pk=name)
        try:
            with pghistory.context(task=name):
                swept = work()
        except Exception as trouble:
            run.update(finished_at=clock.now(), count=0, error=f"{type(trouble).__name__}: {trouble}"[:2000])
            raise
        error = f"{swept.failed} rows failed; see the log" if swept.failed else ""
        run.update(finished_at=clock.now(), count=swept.count, error=error)
    if swept.count or swept.failed:
        log.info("swept", sweep=name, count=swept.count, failed=swept.failed, unfinished=swept.unfinished)
    return swept


def row_by_row(
    find: Callable[[UUID | None, int], Sequence[UUID]],
    deal_with: Callable[[UUID], bool],
    *,
    batch: int = BATCH,
    seconds: float = SECONDS,
) -> Swept:
    """``find(after, batch)`` names the next rows by rising key, ``deal_with(key)`` does one in its own transaction.

    ``deal_with`` repeats the condition under the lock and returns whether it did anything. Going on behind the last
    key, not from the start, is what keeps a row that always fails from being asked for ever.
    """
    ends = time.monotonic() + seconds
    count = failed = 0
    after: UUID | None = None
    while True:
        keys = find(after, batch)
        for key in keys:
            try:
                count += deal_with(key)
            except DomainError as refusal:
                log.warning("sweep_refused", key=str(key), code=refusal.code)
            except Exception:
                failed += 1
                log.exception("sweep_row_failed", key=str(key))
        if len(keys) < batch:
            return Swept(count, failed)
        if time.monotonic() > ends:
            return Swept(count, failed, unfinished=True)
        after = keys[-1]


def keys_after(rows: QuerySet[Any], after: UUID | None, batch: int) -> Sequence[UUID]:
    """The next keys of ``rows``: a ``find`` for ``row_by_row`` once the rows are named."""
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:batch])


def _note_start(name: str) -> None:
    SweepRun.objects.bulk_create(
        [SweepRun(name=name, started_at=clock.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["started_at"],
    )


@contextmanager
def _alone(name: str) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_LOCKS, name])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_LOCKS, name])
