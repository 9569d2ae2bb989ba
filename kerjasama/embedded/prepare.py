"""One process that makes an empty database ready: tables, static files, demo data, the table of logins.

Run as `python -m kerjasama.embedded.prepare` with the servers' addresses in the environment. One process, because
each start of Django costs more than most of these steps.
"""

import argparse
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from kerjasama.embedded.host import CHECKOUT


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        description="Make a database ready for the demo, for tests' pictures or figures."
    )
    parser.add_argument("--demo-data", action="store_true", help="load the demo data, unless it is loaded")
    parser.add_argument("--logins", type=Path, help="write the table of demo logins to this file")
    options = parser.parse_args(arguments)

    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    step("tables", lambda: call_command("migrate", interactive=False, verbosity=0))
    step("cache table", lambda: call_command("createcachetable", verbosity=0))
    static = Path(settings.STATIC_ROOT)
    if not _is_current(static):
        step("static files", lambda: call_command("collectstatic", interactive=False, verbosity=0))
        (static / ".made-from").write_text(_fingerprint(), encoding="ascii")
    if options.demo_data:
        step("demo data", lambda: call_command("demo_data"))
    if options.logins:
        with options.logins.open("w", encoding="utf-8") as file:
            call_command("demo_logins", stdout=file)


def step(title: str, work: Callable[[], object]) -> None:
    """Do one piece of work and say how long it took."""
    began = time.monotonic()
    work()
    print(f"{title}: {time.monotonic() - began:.1f} s", flush=True)


def _is_current(static: Path) -> bool:
    note = static / ".made-from"
    return note.exists() and note.read_text(encoding="ascii") == _fingerprint()


def _fingerprint() -> str:
    """What the collected static files depend on: our own files' times and sizes, and the locked packages."""
    digest = sha256((CHECKOUT / "requirements.txt").read_bytes())
    for pattern in ("static/**/*", "*/static/**/*"):
        for path in sorted(CHECKOUT.glob(pattern)):
            if path.is_file() and not path.is_relative_to(CHECKOUT / "var"):
                status = path.stat()
                digest.update(
                    f"{path.relative_to(CHECKOUT)} {status.st_mtime_ns} {status.st_size}\n".encode()
                )
    return digest.hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
