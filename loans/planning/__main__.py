"""``python -m loans.planning < problem.json``: the planner's own process. See ``running.py`` for what it writes."""

import json
import os
import sys
import threading
import time
from hashlib import sha256
from pathlib import Path

from loans.planning.faults import BadProblem
from loans.planning.reading import plan_to_json, problem_from_json


def main() -> int:
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    text = sys.stdin.buffer.read()
    try:
        problem = problem_from_json(text)
        digest = sha256(text).hexdigest()
        del text
        from loans.planning.solving import plan_rotation

        given = [problem]
        del problem
        plan = plan_rotation(given.pop(), _tell, digest=digest)
    except BadProblem as bad:
        _write(json.dumps({"faults": [{"code": it.code, "facts": dict(it.facts)} for it in bad.faults]}))
        return 2
    # In one piece and at the very end: a reader has the whole plan or none.
    answer = plan_to_json(plan)
    _write(f'{{"cpu":{time.process_time():.2f},"peak_mb":{_peak_mb():.1f},"plan":{answer}}}')
    return 0


def _tell(stage: str, share: float) -> None:
    _write(json.dumps({"stage": stage, "share": round(share, 3)}))


def _write(line: str) -> None:
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()


def _peak_mb() -> float:
    """The most memory that this process has held; 0 where the system does not say."""
    try:
        # Not getrusage: there a child starts with the peak of the process that it was forked from.
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return 0.0
    peak = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(peak.split()[1]) / 1024


def _end_with_parent(parent: int) -> None:
    """When whoever asked is killed, nobody wants the plan any more."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(3)


if __name__ == "__main__":
    sys.exit(main())
