"""PyVRP at arm's length: asked for tours, listened to, and killed when it is silent. See ``worker.py``."""

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any

from mobile_service.planning.model import Job, routes_of
from mobile_service.planning.recombining import Bundle, Choice
from mobile_service.planning.tables import Tables

ROOT = Path(__file__).resolve().parents[2]
# A worker that says nothing for so long hangs; large problems are slower to speak.
SILENT = 2.5
# To start Python and load PyVRP.
STARTING = 20.0
TRIES = 3
# How long it may take to notice that its time is over.
LATE = 0.3
# In less time nothing is chosen: to hand over what there is takes a part of it.
BRIEFEST = 1.0

Routes = list[tuple[int, ...]]
_alive: set[int] = set()


def end_workers() -> None:
    """When whoever asked is gone: a worker that hangs would never notice."""
    for process in list(_alive):
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)


class Solver:
    """One worker process, started when it is first asked and again after it had to be killed."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.heard: Queue[tuple[Any, ...] | None] = Queue()
        self.killed = 0
        self.loading, self.loading_until = False, 0.0

    def solve(
        self,
        tables: Tables,
        job: Job,
        until: float,
        told: Callable[[Routes], None] | None = None,
    ) -> Routes | None:
        """The best tours that were found by then, None without any. ``job.until`` is set here; ``job.iterations`` come from outside."""
        best: Routes | None = None
        silent = SILENT + len(job.clients) / 100
        for attempt in range(TRIES):
            left = until - time.monotonic()
            if left <= 0.05 or not job.clients:
                return best
            if not self._ready(until):
                return best
            job.until, job.seed = time.time() + until - time.monotonic() - 0.05, job.seed + 7_919 * attempt
            self._ask(job)
            last = time.monotonic()
            while True:
                now = time.monotonic()
                try:
                    words = self.heard.get(timeout=max(0.01, min(0.2, until + LATE - now)))
                except Empty:
                    # First: on a busy machine both may be true by the time that anybody looks.
                    if time.monotonic() - last > silent:
                        self.kill()
                        break
                    if time.monotonic() > until + LATE:
                        self.kill()
                        return best
                    continue
                last = time.monotonic()
                if words is None:
                    self.kill()
                    break
                if words[0] in ("best", "done") and words[1] is not None:
                    best = routes_of(job, tables, words[2])
                    if told is not None:
                        told(best)
                if words[0] == "done":
                    return best
            self.killed += 1
        return best

    def choose(self, choice: Choice, until: float) -> list[tuple[Bundle, int]]:
        """Which tours are cheapest together, each with its block; none where that was not found by then."""
        if until - time.monotonic() <= BRIEFEST or not choice.bundles or not self._ready(until):
            return []
        choice.until = time.time() + until - time.monotonic() - 0.1
        self._ask(choice)
        try:
            words = self.heard.get(timeout=until + LATE - time.monotonic())
        except Empty:
            words = None
        if words is None:
            self.kill()
            self.start()
            return []
        return list(words[1])

    def kill(self) -> None:
        """It answers nothing any more; with it goes whatever it was told and has not said."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        _alive.discard(self.process.pid)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.process = None

    def start(self) -> None:
        """Let it load while other things are done."""
        if self.process is not None:
            return
        self.heard = Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mobile_service.planning.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        _alive.add(self.process.pid)
        assert self.process.stdout is not None
        threading.Thread(target=_read, args=(self.process.stdout, self.heard), daemon=True).start()
        self.loading, self.loading_until = True, time.monotonic() + STARTING

    def _ready(self, until: float) -> bool:
        self.start()
        while self.loading:
            left = min(self.loading_until, until) - time.monotonic()
            try:
                words = self.heard.get(timeout=max(0.01, left))
            except Empty:
                if time.monotonic() < self.loading_until:
                    return False
                words = None
            if words is None:
                self.kill()
                self.killed += 1
                return False
            self.loading = False
        return True

    def _ask(self, job: Any) -> None:
        assert self.process is not None and self.process.stdin is not None
        with contextlib.suppress(OSError):
            pickle.dump(job, self.process.stdin)
            self.process.stdin.flush()


def _read(pipe: IO[bytes], heard: "Queue[tuple[Any, ...] | None]") -> None:
    while True:
        try:
            heard.put(pickle.load(pipe))  # noqa: S301 (our own child wrote it)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            heard.put(None)
            return


def visits_of(
    tables: Tables, chosen: Sequence[tuple[int, ...]], *, free: bool
) -> list[tuple[int, tuple[int, ...]]]:
    """The visits of a model. A stop that comes once may choose its day; one that comes more often has the days that were ``chosen`` for it.

    ``free``: those choose too, each visit for itself among the days that any pattern gives it (the relaxed model).
    """
    visits: list[tuple[int, tuple[int, ...]]] = []
    for stop, rows in enumerate(tables.patterns):
        if not rows:
            continue
        if all(len(it) == 1 for it in rows):
            visits.append((stop, tuple(sorted({it[0] for it in rows}))))
        elif free:
            rows = tables.steady(stop) or rows
            for at in range(max(len(it) for it in rows)):
                visits.append((stop, tuple(sorted({it[at] for it in rows if at < len(it)}))))
        elif chosen[stop]:
            visits += [(stop, days) for days in _together(tables, rows, tuple(sorted(chosen[stop])))]
    return visits


def _together(
    tables: Tables, rows: Sequence[tuple[int, ...]], chosen: tuple[int, ...]
) -> Sequence[tuple[int, ...]]:
    """Where a rhythm may drift: the days of the same weeks, if each of them goes with each; else the days that are chosen."""
    if len(rows) < 2 or len(chosen) > 4:
        return [(it,) for it in chosen]
    weeks = [(tables.days[it] - 1) // 7 for it in chosen]
    sets = [
        sorted(
            {row[at] for row in rows if len(row) == len(chosen) and (tables.days[row[at]] - 1) // 7 == week}
        )
        for at, week in enumerate(weeks)
    ]
    known = {tuple(sorted(it)) for it in rows}
    if all(tuple(sorted(it)) in known for it in product(*sets)):
        return [tuple(it) for it in sets]
    return [(it,) for it in chosen]
