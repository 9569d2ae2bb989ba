"""`make test`, `make bench`, `make screenshots`: the same servers, thrown away afterwards."""

import contextlib
import os
import secrets
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kerjasama.embedded.catalogues import compile_catalogues
from kerjasama.embedded.demo import PREPARE_SECONDS, demo_environment, serve
from kerjasama.embedded.host import NotPossible, abandoned_rooms, free_port, throwaway_room
from kerjasama.embedded.servers import start_servers
from kerjasama.embedded.static_files import finish_collecting, start_collecting
from kerjasama.embedded.supervisor import LEDGER, Console, Supervisor, end_leftovers

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_GET_CHROMIUM = (
    "Chromium was not found on PATH. Debian and Ubuntu: apt-get install chromium. Fedora: dnf install chromium. "
    "macOS: brew install --cask chromium. Or name a Chromium or Chrome program in KERJASAMA_CHROMIUM."
)


def find_chromium(environ: Mapping[str, str]) -> str | None:
    """The browser named in KERJASAMA_CHROMIUM, else the first of the known names on PATH."""
    named = environ.get("KERJASAMA_CHROMIUM")
    if named:
        return named
    for name in BROWSERS:
        path = shutil.which(name, path=environ.get("PATH"))
        if path is not None:
            return path
    return None


def with_chromium(environ: Mapping[str, str], console: Console, *, needed: bool) -> dict[str, str]:
    """The environment with KERJASAMA_CHROMIUM set, if there is one.

    Raises `NotPossible` where it is needed, and under CI=true, where tests that silently do not run are worse than none.
    """
    chromium = find_chromium(environ)
    if chromium is not None:
        return {**environ, "KERJASAMA_CHROMIUM": chromium}
    if needed or environ.get("CI", "").lower() in ("1", "true"):
        raise NotPossible(HOW_TO_GET_CHROMIUM)
    console.plain(f"{HOW_TO_GET_CHROMIUM} The tests that need it are skipped.")
    return dict(environ)


@contextlib.contextmanager
def trial(console: Console) -> Iterator[tuple[Path, Supervisor]]:
    """A throwaway folder and a supervisor for it; what an earlier one left behind when it was killed is cleared first."""
    with abandoned_rooms() as rooms:
        for room in rooms:
            end_leftovers(room / LEDGER, console)
            shutil.rmtree(room, ignore_errors=True)
    with throwaway_room() as room, Supervisor(console, ledger=room / LEDGER) as supervisor:
        yield room, supervisor


def run_tests(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run pytest with a PostgreSQL that forgets everything and a broker. Returns pytest's exit code."""
    console = Console()
    environ = with_chromium(environ, console, needed=False)
    compile_catalogues()
    with trial(console) as (room, supervisor):
        database, broker = start_servers(supervisor, room, durable=False, environ=environ)
        env = {
            **demo_environment(room, free_port(), database, broker, environ=environ),
            "SECRET_KEY": secrets.token_urlsafe(48),
            "DEMO": "false",
        }
        return supervisor.run_in_front(
            [sys.executable, "-m", "pytest", *side_by_side(arguments), *arguments], env=env
        )


def side_by_side(arguments: Sequence[str]) -> list[str]:
    """What makes pytest use two processes: for the whole suite, not for tests that somebody named."""
    if any(argument.startswith("-n") or not argument.startswith("-") for argument in arguments):
        return []
    # Contiguous halves keep what a module has set up in one process; whoever is done first takes from the other.
    return ["-n", str(min(2, os.cpu_count() or 1)), "--dist", "worksteal"]


def run_bench(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Measure on an empty, migrated, durable PostgreSQL. Returns the exit code of `tests.bench`."""
    console = Console()
    compile_catalogues()
    with trial(console) as (room, supervisor):
        database, broker = start_servers(supervisor, room, durable=True, environ=environ)
        env = demo_environment(room, free_port(), database, broker, environ=environ)
        collecting = start_collecting(supervisor, env=env)
        prepare = [sys.executable, "-m", "kerjasama.embedded.prepare"]
        supervisor.run("prepare", prepare, env=env, seconds=PREPARE_SECONDS)
        finish_collecting(supervisor, collecting, env=env)
        return supervisor.run_in_front([sys.executable, "-m", "tests.bench", *arguments], env=env)


def run_screenshots(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Take the pictures of the README from a demo of their own. Returns the exit code of `tests.screenshots`."""
    console = Console()
    environ = with_chromium(environ, console, needed=True)
    port = free_port()
    with trial(console) as (room, supervisor):
        env = serve(supervisor, room, port, environ=environ, durable=False)
        return supervisor.run_in_front([sys.executable, "-m", "tests.screenshots", *arguments], env=env)
