"""`.env.example` and the settings say the same, and a start without a secret is refused."""

import os
import subprocess
import sys

import pytest

from tests.machine.conftest import ROOT

COMPOSE_ONLY = {"POSTGRES_PASSWORD"}
ENOUGH = {"SECRET_KEY": "k" * 50, "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none"}


def test_every_setting_is_explained(settings_read, server_read, settings_explained):
    assert settings_read | server_read <= settings_explained


def test_nothing_is_explained_that_is_not_read(settings_read, server_read, settings_explained):
    assert settings_explained <= settings_read | server_read | COMPOSE_ONLY


def test_every_setting_has_its_sentence():
    previous = ""
    for line in (ROOT / ".env.example").read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            assert previous.startswith("#") or "=" in previous, f"{line} stands without a word"
        previous = line


def load_settings(**environment: str) -> subprocess.CompletedProcess[str]:
    keep = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "HOME") if name in os.environ}
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import kerjasama.settings as s; print(s.DEBUG, s.STAFF_SECOND_FACTOR, s.BEHIND_TLS)",
        ],
        cwd=ROOT,
        env=keep | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.skipif(
    (ROOT / ".env").exists(), reason="a .env of this checkout fills in what the test leaves out"
)
@pytest.mark.parametrize("missing", sorted(ENOUGH))
def test_a_missing_secret_stops_the_start(missing):
    answer = load_settings(**{name: value for name, value in ENOUGH.items() if name != missing})
    assert answer.returncode != 0
    assert missing in answer.stderr


def test_a_weak_key_stops_the_start():
    answer = load_settings(**ENOUGH | {"SECRET_KEY": "secret"})
    assert answer.returncode != 0
    assert "SECRET_KEY" in answer.stderr


def test_another_database_than_postgresql_stops_the_start():
    answer = load_settings(**ENOUGH | {"DATABASE_URL": "sqlite:///file.db"})
    assert answer.returncode != 0
    assert "PostgreSQL" in answer.stderr


@pytest.mark.skipif((ROOT / ".env").exists(), reason="a .env of this checkout may say otherwise")
def test_the_defaults_are_the_safe_ones():
    assert load_settings(**ENOUGH).stdout.split() == ["False", "True", "True"]
