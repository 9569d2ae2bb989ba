"""A broker, a worker and a beat of these tests' own: they are stopped, hung and killed on the way."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection

from kerjasama.embedded import broker as embedded
from kerjasama.embedded.host import LOOPBACK
from kerjasama.embedded.servers import bare_environment
from kerjasama.embedded.supervisor import Console, Supervisor
from tests.clock.post_office import PostOffice, running, send_to


class Broker:
    """A running broker by its address."""

    def __init__(self, url: str, process: psutil.Process) -> None:
        self.url = url
        self.process = process

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, decode_responses=True)

    @contextmanager
    def hung(self) -> Iterator[None]:
        """It listens and accepts, and never answers."""
        self.process.suspend()
        try:
            yield
        finally:
            self.process.resume()


class Worker:
    """A real worker process with one child, and what it logs."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log

    def said(self) -> str:
        return self._log.read_text(errors="replace")

    def children(self) -> list[psutil.Process]:
        """The processes that run tasks."""
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found


@pytest.fixture(scope="session")
def broker_of_our_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    found = embedded.find(os.environ)
    if found is None:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail("No broker program was found on this machine.")
        pytest.skip("No broker program was found on this machine.")
    log = tmp_path_factory.mktemp("broker") / "broker.log"
    with Supervisor(Console(io.StringIO())) as supervisor:
        url = embedded.start(found, supervisor, env=bare_environment(os.environ), log=log)
        children = psutil.Process().children(recursive=True)
        (process,) = [child for child in children if child.name().startswith(("valkey", "redis"))]
        yield Broker(url, process)


@pytest.fixture
def broker(broker_of_our_own: Broker) -> Broker:
    return broker_of_our_own


@pytest.fixture(scope="module")
def mail_server() -> Iterator[tuple[PostOffice, int]]:
    with running() as found:
        yield found


@pytest.fixture
def post(mail_server: tuple[PostOffice, int], settings: Any) -> PostOffice:
    """The one mail server of worker and test, with nothing in it."""
    office, port = mail_server
    office.mails.clear()
    office.pause = 0
    send_to(settings, port)
    return office


@pytest.fixture(scope="module")
def environment(
    broker_of_our_own: Broker, mail_server: tuple[PostOffice, int], django_db_setup: None
) -> dict[str, str]:
    """What worker and beat run with: the tests' database, broker and mail server."""
    server, _slash, _name = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")
    return {
        **os.environ,
        "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}",
        "CELERY_BROKER_URL": broker_of_our_own.url,
        "EMAIL_URL": f"smtp://{LOOPBACK}:{mail_server[1]}",
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture(scope="module")
def worker(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """One for all tests of a module: it is to stand what they do to it."""
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    arguments = ["worker", "--loglevel=INFO", "--concurrency=1", "--without-gossip", "--without-mingle"]
    with celery(arguments, environment, log) as process:
        started = Worker(process, log)
        until(lambda: "ready." in started.said(), 60, started.said)
        yield started


@pytest.fixture
def beat(environment: dict[str, str], tmp_path: Path) -> Iterator[None]:
    arguments = ["beat", "--loglevel=INFO", f"--schedule={tmp_path / 'beat'}", "--max-interval=1"]
    with celery(arguments, environment, tmp_path / "beat.log"):
        yield


@contextmanager
def celery(arguments: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "tests.broker.quick", *arguments]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=django_settings.BASE_DIR,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for child in family:
            if child.is_running():
                child.kill()


def until(happened: Callable[[], object], seconds: float, otherwise: Callable[[], object] = str) -> None:
    """Wait until something is so; fail with what ``otherwise`` says after a while."""
    ends = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > ends:
            pytest.fail(f"did not happen within {seconds} s: {otherwise()}")
        time.sleep(0.05)
