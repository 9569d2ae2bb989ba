"""PostgreSQL and a broker for one command: those named in the environment, or ours."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from kerjasama.embedded import broker, postgres
from kerjasama.embedded.host import server_account, server_room
from kerjasama.embedded.supervisor import Supervisor

# Without a broker (Windows), web runs alone with worker and beat in one process that hand messages over in memory.
NO_BROKER = "memory://"


def start_servers(
    supervisor: Supervisor, home: Path, *, durable: bool, environ: Mapping[str, str]
) -> tuple[str, str]:
    """Start what the environment does not name and return the addresses of database and broker."""
    logs = home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    return (
        _database(supervisor, home, logs, durable=durable, environ=environ),
        _broker(supervisor, logs, environ=environ),
    )


def _database(
    supervisor: Supervisor, home: Path, logs: Path, *, durable: bool, environ: Mapping[str, str]
) -> str:
    given = environ.get("DATABASE_URL")
    if given:
        postgres.check_given(given)
        supervisor.console.line("servers", "database: the one named in DATABASE_URL")
        return given
    account = server_account()
    room = server_room(home, account)
    data = room / "postgres"
    binaries = postgres.choose(postgres.find(environ), data)
    supervisor.console.line("servers", f"database: {binaries}, data in {data}")
    cluster = postgres.Cluster(data, postgres.within_reach(binaries, room, account), account, durable)
    cluster.initialise()
    return cluster.start(supervisor, env=bare_environment(environ), log=logs / "postgres.log")


def _broker(supervisor: Supervisor, logs: Path, *, environ: Mapping[str, str]) -> str:
    given = environ.get("CELERY_BROKER_URL")
    if given:
        broker.check_given(given)
        supervisor.console.line("servers", "broker:   the one named in CELERY_BROKER_URL")
        return given
    found = broker.find(environ)
    if found is None:
        supervisor.console.line(
            "servers", "broker:   none for this system; worker and beat share one process"
        )
        return NO_BROKER
    supervisor.console.line("servers", f"broker:   {found}")
    return broker.start(found, supervisor, env=bare_environment(environ), log=logs / "broker.log")


def bare_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for servers: without PG* variables, which would bend an initdb or a server of ours."""
    return {name: value for name, value in environ.items() if not name.startswith("PG")} | {
        "LC_MESSAGES": "C"
    }


def kept_secret(home: Path, name: str) -> str:
    """A random secret of this home, made at the first call and the same ever after."""
    path = home / "secrets.json"
    known: dict[str, str] = {}
    if path.exists():
        known = json.loads(path.read_text(encoding="utf-8"))
    if name not in known:
        known[name] = secrets.token_urlsafe(48)
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(known), encoding="utf-8")
        os.replace(draft, path)
    return known[name]
