"""The planner in a process of its own: it can be watched, stopped and bounded, and it takes its memory with it when it ends.

The process reads a problem as JSON on its standard input and writes lines of JSON: ``{"stage": …, "share": …}`` while it works, at
last ``{"cpu": …, "peak_mb": …, "plan": …}`` or ``{"faults": …}``. Whatever else happens to it, there is no plan.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import IO

from loans.planning.faults import BadProblem, Fault, NotPlanned
from loans.planning.plan import Plan
from loans.planning.problem import Problem
from loans.planning.reading import plan_from_json, problem_to_json

ROOT = Path(__file__).resolve().parents[2]
LOOK = 0.1
# One core is what the figures are stated for, and a planner must not starve the web.
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}


@dataclass(frozen=True, slots=True)
class Run:
    """A plan and what it took. ``text`` is the plan in its canonical form.

    ``cpu_seconds`` and ``peak_mb`` are the process's own; ``seconds`` is what passed, on a machine that may have other work.
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
    limit_seconds: float = 600.0,
) -> Run:
    """Plan in a child process.

    ``progress`` hears the stage (examine, year, split, copies, crossing, kits) and the share done of it. ``cancelled`` is asked
    ten times a second. Raises BadProblem with what is wrong, or NotPlanned (``cancelled``, ``time_limit``, ``memory``,
    ``crashed``); then the process is dead and nothing is left of it.
    """
    began = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-m", "loans.planning"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, **ENVIRONMENT},
    )
    lines: Queue[bytes | None] = Queue()
    complaints: list[bytes] = []
    assert child.stdin and child.stdout and child.stderr
    feeding = threading.Thread(target=_feed, args=(child.stdin, problem), daemon=True)
    reading = threading.Thread(target=_read, args=(child.stdout, lines), daemon=True)
    listening = threading.Thread(target=_listen, args=(child.stderr, complaints), daemon=True)
    for thread in (feeding, reading, listening):
        thread.start()
    try:
        while True:
            try:
                line = lines.get(timeout=LOOK)
            except Empty:
                line = b""
            seconds = time.monotonic() - began
            if cancelled is not None and cancelled():
                raise NotPlanned("cancelled", seconds=seconds)
            if seconds > limit_seconds:
                raise NotPlanned("time_limit", seconds=seconds)
            if line is None:
                break
            answer = _answer(line, progress)
            if answer is not None:
                return Run(plan_from_json(answer[0]), answer[0], seconds, answer[1], answer[2])
        code = child.wait()
        listening.join(1)
        words = b"".join(complaints).decode(errors="replace").strip()
        out_of_memory = code == -9 or "MemoryError" in words
        raise NotPlanned(
            "memory" if out_of_memory else "crashed", seconds=seconds, detail=f"exit {code}: {words}"[-500:]
        )
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        for pipe in (child.stdout, child.stderr):
            pipe.close()


def _answer(line: bytes, progress: Callable[[str, float], None] | None) -> tuple[str, float, float] | None:
    """The plan's text, the seconds of computing and the peak memory, when the line has them."""
    if not line:
        return None
    # The plan is passed on as it was written, not taken apart and put together again.
    head, found, rest = line.partition(b',"plan":')
    if found:
        measured = json.loads(head + b"}")
        return rest.rstrip()[:-1].decode(), measured["cpu"], measured["peak_mb"]
    said = json.loads(line)
    if "faults" in said:
        raise BadProblem([Fault(row["code"], row["facts"]) for row in said["faults"]])
    if progress is not None:
        progress(said["stage"], said["share"])
    return None


def _feed(pipe: IO[bytes], problem: Problem) -> None:
    try:
        pipe.write(problem_to_json(problem).encode())
        pipe.close()
    except (BrokenPipeError, ValueError):
        # It died before it had read everything; its end says why.
        return


def _listen(pipe: IO[bytes], complaints: list[bytes]) -> None:
    complaints.append(pipe.read()[-2000:])


def _read(pipe: IO[bytes], lines: "Queue[bytes | None]") -> None:
    try:
        for line in pipe:
            lines.put(line)
    except ValueError:
        # Closed because the run was stopped.
        return
    lines.put(None)
