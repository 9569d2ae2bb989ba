"""What the machine offers: ports, an account that may run a database server, room for files, one lock per home."""

import contextlib
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

LOOPBACK = "127.0.0.1"
ROOM_PREFIX = "kerjasama-trial-"
CHECKOUT = Path(__file__).resolve().parent.parent.parent


class NotPossible(Exception):
    """Why a command cannot go on, in a sentence for the person at the terminal. Shown without a traceback."""


@dataclass(frozen=True)
class Account:
    """An unprivileged account of the operating system, by number."""

    uid: int
    gid: int


def server_account() -> Account | None:
    """Whom PostgreSQL must run as: `nobody` when we are root (it refuses root), otherwise None for ourselves."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise NotPossible(
            "PostgreSQL does not run as root, and this machine has no account 'nobody' to run it as. "
            "Use an ordinary account, or set DATABASE_URL to a running PostgreSQL."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def can_reach(folder: Path, account: Account | None) -> bool:
    """Whether the account may pass through every folder from the root down to this one."""
    if account is None:
        return True
    for step in (folder, *folder.parents):
        status = step.stat()
        if status.st_uid == account.uid:
            passable = status.st_mode & 0o100
        elif status.st_gid == account.gid:
            passable = status.st_mode & 0o010
        else:
            passable = status.st_mode & 0o001
        if not passable:
            return False
    return True


def server_room(home: Path, account: Account | None) -> Path:
    """The folder where servers keep their files: the home itself, or a place outside when the account cannot enter it.

    A checkout below `/root` is closed to `nobody`. Opening the parents would be a change to somebody's machine that
    nobody asked for, so the files go where services keep theirs, under a name that belongs to this home.
    """
    home.mkdir(parents=True, exist_ok=True)
    if can_reach(home, account):
        return home
    room = Path("/var/lib") / f"kerjasama-{home.name}-{sha256(str(home).encode()).hexdigest()[:12]}"
    room.mkdir(mode=0o755, parents=True, exist_ok=True)
    return room


def give_to(path: Path, account: Account | None) -> None:
    """Make the account the owner of one file or folder."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


@contextlib.contextmanager
def throwaway_room() -> Iterator[Path]:
    """A temporary folder that any account can pass through, ours alone and gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=ROOM_PREFIX, ignore_cleanup_errors=True) as name:
        room = Path(name)
        room.chmod(0o711)
        with only_one(room):
            yield room


@contextlib.contextmanager
def abandoned_rooms() -> Iterator[list[Path]]:
    """The temporary folders of supervisors that were killed, held while they are cleared."""
    with contextlib.ExitStack() as held:
        rooms = []
        for room in Path(tempfile.gettempdir()).glob(ROOM_PREFIX + "*"):
            # Somebody else's, or one that is in use or just being set up, is left alone.
            with contextlib.suppress(OSError, NotPossible):
                if time.time() - (room / "lock").stat().st_mtime > 5:
                    held.enter_context(only_one(room))
                    rooms.append(room)
        yield rooms


def free_port() -> int:
    """A TCP port of the loopback address that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def claim_port(port: int) -> None:
    """Raise `NotPossible` with a way out when the port cannot be listened on."""
    if not 1 <= port <= 65535:
        raise NotPossible(f"PORT={port} is not a port: choose a number from 1024 to 65535.")
    with socket.socket() as probe:
        if sys.platform != "win32":
            # A port whose last connections are still closing is free for a server that sets the same option.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except PermissionError:
            raise NotPossible(
                f"Port {port} is reserved for the administrator of this machine. Try PORT=8080."
            ) from None
        except OSError:
            raise NotPossible(
                f"Port {port} is in use by another program. Stop that program, or choose another port: "
                f"make demo PORT={port + 1 if port < 65535 else 8000}"
            ) from None


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the home for one supervisor at a time. The lock falls with its process, however that ended."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "lock"
    # Opened for appending: a second supervisor must read the first one's number, not wipe it.
    with path.open("a+", encoding="utf-8") as file:
        if not _try_lock(file.fileno()):
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise NotPossible(
                f"A demo already runs from {home} (process {holder}). Stop it with Ctrl-C in its terminal, "
                "or give this one its own folder with KERJASAMA_HOME."
            )
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            # The byte that is locked lies far behind the text, so that others can still read who holds it.
            os.lseek(descriptor, 1024, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
