"""`/healthz` and `/readyz`: what decides, what is only told, and that neither ever hangs (R21)."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from kerjasama.embedded.host import LOOPBACK, free_port
from libraries.models import Message
from libraries.services.addressing import address_notices
from libraries.services.sweeps import Swept, sweep


@pytest.fixture
def deaf_broker(settings: Any) -> Iterator[socket.socket]:
    """It accepts, and never says a word."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        settings.CELERY_BROKER_URL = f"redis://{LOOPBACK}:{listener.getsockname()[1]}/0"
        yield listener


def test_alive_needs_nobody(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_tells_what_it_found(client: Client, deaf_broker: socket.socket) -> None:
    address_notices()
    response = client.get("/readyz")
    assert response.status_code == 200
    checks = response.json()["checks"]
    assert checks["database"] == {"ok": True}
    assert checks["migrations"] == {"ok": True, "unapplied": []}
    assert checks["outbox"] == {"ok": True, "waiting": 0, "stuck": 0, "oldest_seconds": 0}
    assert checks["sweeps"]["last"]["libraries.address_notices"]["seconds_ago"] < 60


@pytest.mark.django_db
@pytest.mark.parametrize("broker", ["deaf", "dead"])
def test_a_broker_that_is_away_is_told_at_once_and_changes_nothing(
    client: Client, deaf_broker: socket.socket, settings: Any, broker: str
) -> None:
    if broker == "dead":
        settings.CELERY_BROKER_URL = f"redis://{LOOPBACK}:{free_port()}/0"
    client.get("/readyz")
    began = time.monotonic()
    response = client.get("/readyz")
    assert time.monotonic() - began < 5, "nobody waits for a broker"
    assert response.status_code == 200
    assert response.json()["checks"]["broker"] == {"ok": False}


@pytest.mark.django_db
def test_a_migration_that_is_missing_makes_it_unready(client: Client, deaf_broker: socket.socket) -> None:
    MigrationRecorder.Migration.objects.filter(app="loans").delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "loans.0001_initial" in response.json()["checks"]["migrations"]["unapplied"]


@pytest.mark.django_db
def test_old_mail_and_failed_sweeps_are_told(client: Client, deaf_broker: socket.socket) -> None:
    from datetime import timedelta

    from kerjasama.domain import clock

    long_ago = clock.now() - timedelta(hours=2)
    for number, status in enumerate(("pending", "unsure", "failed", "sent")):
        Message.objects.create(
            address="a@contoh.test",
            template="received",
            dedupe_key=str(number),
            status=status,
            not_before=long_ago,
        )
    sweep("test", lambda: Swept(2, failed=1))
    checks = client.get("/readyz").json()["checks"]
    assert (checks["outbox"]["waiting"], checks["outbox"]["stuck"]) == (1, 2)
    assert checks["outbox"]["oldest_seconds"] >= 7200
    assert checks["sweeps"]["ok"] is False
    assert checks["sweeps"]["last"]["test"]["ok"] is False


def test_without_a_database_it_lives_but_is_not_ready() -> None:
    """A process of its own, whose database is not there."""
    ask = (
        "import django, json; django.setup();"
        "from django.test import Client;"
        "c = Client(raise_request_exception=False); a, b = c.get('/healthz'), c.get('/readyz');"
        "print(json.dumps([a.status_code, b.status_code, b.json()]))"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "kerjasama.settings",
        "DATABASE_URL": f"postgres://nobody@{LOOPBACK}:{free_port()}/nothing",
        "CELERY_BROKER_URL": f"redis://{LOOPBACK}:{free_port()}/0",
        "ALLOWED_HOSTS": "testserver",
        "BEHIND_TLS": "0",
    }
    done = subprocess.run(
        [sys.executable, "-c", ask],
        env=environment,
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    alive, ready, body = json.loads(done.stdout.strip().splitlines()[-1])
    assert (alive, ready) == (200, 503)
    assert body["checks"]["database"]["ok"] is False
