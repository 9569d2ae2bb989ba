"""The real server on a free port of this machine, two processes, and one client that asks it."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

READY_SECONDS = 60


class Client:
    """One kept-alive connection with a token."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[Any, float]:
        """The answer and the seconds until it was read whole. Anything but success stops the run."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "id"}
        data = None
        if body is not None:
            data = json.dumps(body)
            headers["Content-Type"] = "application/json"
        began = time.perf_counter()
        self.connection.request(method, path, data, headers)
        response = self.connection.getresponse()
        text = response.read()
        took = time.perf_counter() - began
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {text[:500]!r}")
        return (json.loads(text) if text else None), took

    def open(self, path: str, session: str) -> float:
        """The seconds until a signed-in page was read whole. ``session`` is the cookie, "name=value"."""
        began = time.perf_counter()
        self.connection.request("GET", path, headers={"Cookie": session, "Accept-Language": "id"})
        response = self.connection.getresponse()
        text = response.read()
        took = time.perf_counter() - began
        if response.status != 200:
            raise RuntimeError(f"GET {path}: {response.status} {text[:500]!r}")
        return took


@contextlib.contextmanager
def serving() -> Iterator[int]:
    """Gunicorn with two workers, as in production; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "kerjasama.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "2",
        "--log-level", "error", "--timeout", "300",
    ]  # fmt: skip
    env = {**os.environ, "LOG_LEVEL": "ERROR", "BEHIND_TLS": "false", "ALLOWED_HOSTS": "127.0.0.1"}
    # Pages are asked for with a session of the bench's own making; nobody is there to type a second factor.
    env["STAFF_SECOND_FACTOR"] = "false"
    process = subprocess.Popen(command, env=env)
    try:
        _await(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _await(port: int) -> None:
    for _attempt in range(READY_SECONDS * 5):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise RuntimeError("The server did not come up.")
