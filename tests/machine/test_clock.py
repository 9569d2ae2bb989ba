"""Where there is no broker: one process in which beat hands tasks to the worker."""

import io
import os
import sys
import threading
import time

import pytest

from kerjasama.embedded.host import CHECKOUT
from kerjasama.embedded.supervisor import Console, Supervisor


@pytest.mark.broker
def test_beat_reaches_the_worker_within_one_process(tmp_path):
    stream = io.StringIO()
    env = os.environ | {
        "SECRET_KEY": "only-for-this-test-and-longer-than-fifty-characters",
        # Nobody answers there: that the task complains of it proves that it was sent, taken and begun.
        "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none",
        "CELERY_BROKER_URL": "memory://",
    }
    with Supervisor(Console(stream, colour=False)) as supervisor:
        command = [sys.executable, "-m", "kerjasama.embedded.clock", tmp_path]
        child = supervisor.start("worker", command, env=env, cwd=CHECKOUT, patience=30)
        deadline = time.monotonic() + 60
        while "raised unexpected" not in stream.getvalue():
            assert child.running and time.monotonic() < deadline, stream.getvalue()
            threading.Event().wait(0.2)
    assert "Connection refused" in stream.getvalue()
    assert not child.running
