"""The application as it is, with a clock that does not keep a test waiting, and one task that can be killed half-way.

For worker and beat of the tests: ``celery -A tests.broker.quick worker``.
"""

import os
import time
from pathlib import Path

from kerjasama.celery import app

app.conf.beat_schedule = {
    "outbox": {"task": "libraries.tasks.deliver_messages", "schedule": 1.0},
    "notices": {"task": "libraries.tasks.address_notices", "schedule": 1.0},
}


@app.task
def write_down(path: str, seconds: float) -> None:
    """Note that it began, in which process, and that it ended."""
    with Path(path).open("a") as file:
        file.write(f"began {os.getpid()}\n")
    time.sleep(seconds)
    with Path(path).open("a") as file:
        file.write(f"ended {os.getpid()}\n")
