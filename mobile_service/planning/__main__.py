"""``python -m mobile_service.planning [SECONDS [SINCE]] < problem.json``: the planner's own process. See ``running.py`` for what it writes.

``SINCE``: the moment (seconds since 1970) from which the time counts: on a busy machine Python alone may take a second to start.
"""

import json
import os
import sys
import threading
import time
from hashlib import sha256
from pathlib import Path

BEGAN = time.monotonic()

from mobile_service.planning.faults import BadProblem  # noqa: E402
from mobile_service.planning.reading import plan_to_json, problem_from_json  # noqa: E402

# Better tours are told at most so often.
EVERY = 0.25
# How long starting Python takes as a rule, where nobody says when it was asked.
STARTED = 0.3


def main() -> int:
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    text = sys.stdin.buffer.read()
    try:
        problem = problem_from_json(text)
        digest = sha256(text).hexdigest()
        del text
        from mobile_service.planning.finishing import plan_routes

        seconds = float(sys.argv[1]) if len(sys.argv) > 1 else None
        ago = min(max(0.0, time.time() - float(sys.argv[2])), 60.0) if len(sys.argv) > 2 else None
        began = BEGAN - STARTED if ago is None else time.monotonic() - ago
        plan = plan_routes(problem, Teller(), inputs=digest, began=began, seconds=seconds)
    except BadProblem as bad:
        _write(json.dumps({"faults": [{"code": it.code, "facts": dict(it.facts)} for it in bad.faults]}))
        return 2
    # In one piece and at the very end: a reader has the whole plan or none.
    answer = plan_to_json(plan)
    _write(f'{{"cpu":{time.process_time():.2f},"peak_mb":{_peak_mb():.1f},"plan":{answer}}}')
    return 0


class Teller:
    """Says how far the work is, and every now and then with which tours, so that they are not lost whatever happens next."""

    def __init__(self) -> None:
        self.last = 0.0
        self.stage = ""

    def __call__(self, stage: str, share: float, routes: list[list[str]] | None) -> None:
        now = time.monotonic()
        if stage == self.stage and now - self.last < EVERY:
            return
        self.last, self.stage = now, stage
        row: dict[str, object] = {"stage": stage, "share": round(min(1.0, share), 3)}
        if routes is not None:
            row["routes"] = routes
        _write(json.dumps(row))


def _write(line: str) -> None:
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()


def _peak_mb() -> float:
    """The most memory that this process has held; 0 where the system does not say."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return 0.0
    peak = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(peak.split()[1]) / 1024


def _end_with_parent(parent: int) -> None:
    """When whoever asked is killed, nobody wants the plan any more."""
    from mobile_service.planning.routing import end_workers

    while os.getppid() == parent:
        time.sleep(1)
    end_workers()
    os._exit(3)


if __name__ == "__main__":
    sys.exit(main())
