"""The collected static files of a home: made when what they come from has changed, beside the slower preparations."""

import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from kerjasama.embedded.host import CHECKOUT
from kerjasama.embedded.supervisor import Child, Supervisor

SECONDS = 300.0


def start_collecting(supervisor: Supervisor, *, env: Mapping[str, str]) -> Child | None:
    """Start collectstatic into STATIC_ROOT, or return None where nothing has changed since the last time."""
    note = _note(env)
    if note.exists() and note.read_text(encoding="ascii") == fingerprint():
        return None
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    return supervisor.start("static", command, env=env, cwd=CHECKOUT, ends=True)


def finish_collecting(supervisor: Supervisor, child: Child | None, *, env: Mapping[str, str]) -> None:
    """Wait until the static files are collected, and note from what."""
    if child is not None:
        supervisor.finish(child, seconds=SECONDS)
        _note(env).write_text(fingerprint(), encoding="ascii")


def _note(env: Mapping[str, str]) -> Path:
    return Path(env["STATIC_ROOT"]) / ".made-from"


def fingerprint() -> str:
    """What the files depend on: the times and sizes of our own, the locked packages, the settings."""
    digest = sha256()
    for name in ("requirements.txt", "kerjasama/settings.py"):
        digest.update((CHECKOUT / name).read_bytes())
    for folder in (CHECKOUT / "static", *sorted(CHECKOUT.glob("*/static"))):
        for path in sorted(folder.rglob("*")):
            status = path.stat()
            digest.update(f"{path.relative_to(CHECKOUT)} {status.st_mtime_ns} {status.st_size}\n".encode())
    return digest.hexdigest()
