"""The planner in a process of its own: watched, stopped, bounded. When its time is over the best that it has found is the plan.

The process reads a problem as JSON on its standard input and writes lines of JSON: ``{"stage": …, "share": …}`` while it works, with
``"routes"`` when it has better tours, at last ``{"cpu": …, "peak_mb": …, "plan": …}`` or ``{"faults": …}``.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any

from mobile_service.planning.faults import BadProblem, Fault, NotPlanned
from mobile_service.planning.plan import Plan
from mobile_service.planning.problem import Problem
from mobile_service.planning.reading import digest, plan_from_json, plan_to_json, problem_to_json

ROOT = Path(__file__).resolve().parents[2]
LOOK = 0.1
# What the process may take beyond its limit before it is ended: it winds up by itself well before.
GRACE = 1.0
# With a limit of iterations the clock is only there so that nothing runs for ever.
FOR_EVER = 3_600.0
# One core is what the figures are stated for, and a planner must not starve the web.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "MPLBACKEND": "Agg",
}


@dataclass(frozen=True, slots=True)
class Run:
    """A plan and what it took. ``text`` is the plan in its canonical form. ``seconds`` is what passed, on a machine that may have other
    work; ``cpu_seconds`` and ``peak_mb`` are the planner's own, without PyVRP's process.
    """

    plan: Plan
    text: str
    seconds: float
    cpu_seconds: float
    peak_mb: float


def run(
    problem: Problem,
    *,
    progress: Callable[[str, float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    limit_seconds: float | None = None,
) -> Run:
    """Plan in a child process, in ``problem.limits.seconds`` (or ``limit_seconds``, which goes before) and at most a second more.

    ``progress`` hears the stage (insertion, reference, patterns, tours, holidays, reasons) and the share of the time that is over.
    ``cancelled`` is asked ten times a second. Raises BadProblem with what is wrong, or NotPlanned: ``cancelled``; ``time_limit``,
    ``memory`` or ``crashed`` when not even a first plan was made. Then nothing is left of the process.
    """
    began = time.monotonic()
    seconds_given = problem.limits.seconds if limit_seconds is None else limit_seconds
    # At least long enough to hear what is wrong with it.
    limit = FOR_EVER if problem.limits.iterations else max(1.0, seconds_given)
    child = subprocess.Popen(  # noqa: S603 (our own program, and a number)
        [sys.executable, "-m", "mobile_service.planning", str(seconds_given), str(time.time())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, **ENVIRONMENT},
        start_new_session=True,
    )
    lines: Queue[bytes | None] = Queue()
    complaints: list[bytes] = []
    assert child.stdin and child.stdout and child.stderr
    feeding = threading.Thread(target=_feed, args=(child.stdin, problem), daemon=True)
    reading = threading.Thread(target=_read, args=(child.stdout, lines), daemon=True)
    listening = threading.Thread(target=_listen, args=(child.stderr, complaints), daemon=True)
    for thread in (feeding, reading, listening):
        thread.start()
    best: list[list[str]] | None = None
    try:
        while True:
            try:
                line = lines.get(timeout=LOOK)
            except Empty:
                line = b""
            seconds = time.monotonic() - began
            if cancelled is not None and cancelled():
                raise NotPlanned("cancelled", seconds=seconds)
            if line is None or seconds > limit + GRACE:
                break
            if not line:
                continue
            head, found, rest = line.partition(b',"plan":')
            if found:
                # The plan is passed on as it was written, not taken apart and put together again.
                measured, text = json.loads(head + b"}"), rest.rstrip()[:-1].decode()
                return Run(plan_from_json(text), text, seconds, measured["cpu"], measured["peak_mb"])
            best = _said(json.loads(line), progress) or best
        if line is None:
            # It ended by itself: what it complained of is on its way, and so is the code it ended with.
            listening.join(1)
            with suppress(subprocess.TimeoutExpired):
                child.wait(1)
        code, words = child.poll(), b"".join(complaints).decode(errors="replace").strip()
        if best is None:
            late = line is not None
            out_of_memory = code == -9 or "MemoryError" in words
            raise NotPlanned(
                "time_limit" if late else "memory" if out_of_memory else "crashed",
                seconds=seconds,
                detail=f"exit {code}: {words}"[-500:],
            )
    finally:
        _end(child)
    return _rescued(problem, best, began)


def _said(said: dict[str, Any], progress: Callable[[str, float], None] | None) -> list[list[str]] | None:
    """Better tours, when the line has some."""
    if "faults" in said:
        raise BadProblem([Fault(row["code"], row["facts"]) for row in said["faults"]])
    if progress is not None:
        progress(said["stage"], said["share"])
    return said.get("routes")


def _rescued(problem: Problem, routes: list[list[str]], began: float) -> Run:
    """The best tours of a process that had to be ended, as a plan."""
    from mobile_service.planning.finishing import finished

    plan = finished(problem, routes, status="stopped", inputs=digest(problem))
    return Run(plan, plan_to_json(plan), time.monotonic() - began, 0.0, 0.0)


def _end(child: subprocess.Popen[bytes]) -> None:
    """The process and its own child, which may heed nothing any more."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    elif child.poll() is None:
        child.kill()
    child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            with suppress(OSError, ValueError):
                pipe.close()


def _feed(pipe: IO[bytes], problem: Problem) -> None:
    try:
        pipe.write(problem_to_json(problem).encode())
        pipe.close()
    except (BrokenPipeError, ValueError):
        # It died before it had read everything; its end says why.
        return


def _listen(pipe: IO[bytes], complaints: list[bytes]) -> None:
    with suppress(ValueError):
        complaints.append(pipe.read()[-2000:])


def _read(pipe: IO[bytes], lines: "Queue[bytes | None]") -> None:
    try:
        for line in pipe:
            lines.put(line)
    except ValueError:
        # Closed because the run was stopped.
        return
    lines.put(None)
