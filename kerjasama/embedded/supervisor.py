"""Child processes under one roof: started, told apart in the log, watched, and stopped in the reverse order.

Each child gets a process group of its own, so that Ctrl-C reaches the supervisor alone and children end in an order
that loses nothing (beat before the worker, the database last). A supervisor that was killed outright cannot do that;
it leaves a ledger of its children, and the next one starts by ending those.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType, TracebackType
from typing import IO, Any

import psutil

from kerjasama.embedded.host import Account, NotPossible

NAME_WIDTH = 8
# Where a supervisor notes its children, within the folder that is its home.
LEDGER = "children.json"
COLOURS = {
    "web": "36",
    "worker": "33",
    "beat": "35",
    "prepare": "34",
    "static": "34",
    "demo": "32",
    "servers": "32",
}


class Console:
    """The one terminal everybody writes to, a whole line at a time."""

    def __init__(self, stream: IO[str] | None = None, *, colour: bool | None = None) -> None:
        self._stream = stream if stream is not None else sys.stdout
        self._lock = threading.Lock()
        self._colour = (
            colour
            if colour is not None
            else self._stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        )

    def line(self, name: str, text: str) -> None:
        """One line with its speaker's name before it."""
        label = f"{name:<{NAME_WIDTH}}│"
        if self._colour:
            label = f"\x1b[{COLOURS.get(name, '37')}m{label}\x1b[0m"
        self.plain(f"{label} {text}")

    def plain(self, text: str = "") -> None:
        """A line of the supervisor's own, without a name. A terminal that went away is no reason to fail."""
        with self._lock, suppress(BrokenPipeError, OSError):
            self._stream.write(text + "\n")
            self._stream.flush()


@dataclass
class Child:
    """A running process and what it said last."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: int
    stop_command: Sequence[str | Path] | None
    patience: float
    ends: bool
    last_words: deque[str] = field(default_factory=lambda: deque(maxlen=30))
    reader: threading.Thread | None = None

    @property
    def running(self) -> bool:
        return self.process.poll() is None


class Interrupted(Exception):
    """Somebody pressed Ctrl-C, closed the terminal, or told the supervisor to end."""


class Supervisor:
    """Starts children, waits for their end or for a signal, and stops what is left.

    Use as a context manager: leaving it, by whatever way, stops every child, the newest first.
    """

    def __init__(self, console: Console, *, ledger: Path | None = None) -> None:
        self.console = console
        self._ledger = ledger
        self._children: list[Child] = []
        self._events: SimpleQueue[Child | int] = SimpleQueue()
        self._signals = 0
        self._last_signal = float("-inf")
        self._old_handlers: dict[int, Any] = {}

    # --- life of the supervisor itself ---------------------------------------------------------------------------

    def __enter__(self) -> "Supervisor":
        for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
            number = getattr(signal, name, None)
            if number is not None:
                self._old_handlers[number] = signal.signal(number, self._on_signal)
        if self._ledger is not None:
            end_leftovers(self._ledger, self.console)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop_all()
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # One Ctrl-C can arrive twice, from the terminal and from make; a second one is meant only a moment later.
        now = time.monotonic()
        if now - self._last_signal > 1:
            self._last_signal = now
            self._signals += 1
            self._events.put(number)

    # --- starting ------------------------------------------------------------------------------------------------

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: Path | None = None,
        account: Account | None = None,
        log: Path | None = None,
        say: str | None = None,
        stop_signal: int = signal.SIGTERM,
        stop_command: Sequence[str | Path] | None = None,
        patience: float = 10.0,
        ends: bool = False,
    ) -> Child:
        """Start a child. Its output goes to the console under its name, or to `log`.

        `say` is written to its standard input, which is closed afterwards. `patience` is how many seconds it may
        take after `stop_signal` before it is killed. Windows knows no signals: there `stop_command` is run instead.
        A child that `ends` is a step, not a server: its end is no alarm unless it failed.
        """
        extra: dict[str, Any] = {}
        if sys.platform == "win32":
            extra["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP
        else:
            extra["start_new_session"] = True
            if account is not None:
                extra |= {"user": account.uid, "group": account.gid, "extra_groups": []}
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.PIPE if say is not None else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                **extra,
            )
        except OSError as error:
            raise NotPossible(f"{name} could not be started: {error}") from error
        child = Child(name, process, stop_signal, stop_command, patience, ends)
        self._children.append(child)
        self._write_ledger()
        if process.stdin is not None:
            with suppress(BrokenPipeError), process.stdin as pipe:
                pipe.write((say or "").encode())
        child.reader = threading.Thread(target=self._read, args=(child, log), daemon=True)
        child.reader.start()
        threading.Thread(target=self._await_end, args=(child,), daemon=True).start()
        return child

    def _read(self, child: Child, log: Path | None) -> None:
        assert child.process.stdout is not None
        sink = log.open("w", encoding="utf-8") if log is not None else None
        try:
            for raw in child.process.stdout:
                text = raw.decode(errors="replace").rstrip()
                child.last_words.append(text)
                if sink is not None:
                    sink.write(text + "\n")
                    sink.flush()
                elif text:
                    self.console.line(child.name, text)
        finally:
            if sink is not None:
                sink.close()

    def _await_end(self, child: Child) -> None:
        child.process.wait()
        self._events.put(child)

    # --- waiting -------------------------------------------------------------------------------------------------

    def watch(self, *, until: Child | None = None, seconds: float | None = None) -> Child | None:
        """Wait for an end: of `until`, of any other child (an error), of the time (None), or by a signal.

        Raises `Interrupted` on a signal and `NotPossible` when a child ended that should be running.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            try:
                event = self._events.get(timeout=left)
            except Empty:
                return None
            if isinstance(event, int):
                raise Interrupted
            if event is until:
                self._forget(event)
                return event
            if event in self._children:
                if not event.ends:
                    raise NotPossible(self._obituary(event))
                self._forget(event)
                _check_step(event)

    def finish(self, child: Child, *, seconds: float) -> None:
        """Wait for the end of a step. Raises `NotPossible` when it fails or takes longer than `seconds`."""
        if child not in self._children:
            return
        if self.watch(until=child, seconds=seconds) is None:
            raise NotPossible(f"{child.name} did not finish within {seconds:.0f} seconds and was stopped.")
        _check_step(child)

    def run(
        self, name: str, command: Sequence[str | Path], *, env: Mapping[str, str], seconds: float
    ) -> None:
        """Run a child to its end. Raises `NotPossible` when it fails or takes longer than `seconds`."""
        self.finish(self.start(name, command, env=env, ends=True), seconds=seconds)

    def run_in_front(self, command: Sequence[str | Path], *, env: Mapping[str, str]) -> int:
        """Run a command with the terminal for itself, signals forwarded, and answer with its exit code."""
        process = subprocess.Popen([str(part) for part in command], env=dict(env))
        interactive = sys.stdin is not None and sys.stdin.isatty()
        while True:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(timeout=0.2)
            with suppress(Empty):
                event = self._events.get_nowait()
                # Ctrl-C in a terminal has reached the command already; a `kill` has reached only us.
                if isinstance(event, int):
                    if not (interactive and event == signal.SIGINT):
                        process.send_signal(event)
                elif event in self._children:
                    process.terminate()
                    process.wait()
                    raise NotPossible(self._obituary(event))

    @staticmethod
    def _obituary(child: Child) -> str:
        if child.reader is not None:
            child.reader.join(timeout=1)
        words = "\n".join(f"    {line}" for line in list(child.last_words)[-12:])
        code = child.process.returncode
        how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        return f"{child.name} {how}, so everything is stopped." + (
            f" Its last words:\n{words}" if words else ""
        )

    # --- stopping ------------------------------------------------------------------------------------------------

    def stop_all(self) -> None:
        """Stop every child, the newest first: politely, then (patience over, or a second Ctrl-C) by force."""
        while self._children:
            self._stop(self._children[-1])

    def _stop(self, child: Child) -> None:
        heard = self._signals
        if child.running:
            _ask_to_stop(child)
        deadline = time.monotonic() + child.patience
        while child.running and time.monotonic() < deadline and self._signals == heard:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(timeout=0.1)
        if child.running:
            self.console.line(child.name, "does not end by itself and is killed")
        _kill_group(child.process)
        child.process.wait()
        if child.reader is not None:
            child.reader.join(timeout=2)
        self._forget(child)

    def _forget(self, child: Child) -> None:
        if child in self._children:
            self._children.remove(child)
            self._write_ledger()

    def _write_ledger(self) -> None:
        if self._ledger is None:
            return
        rows = []
        for child in self._children:
            with suppress(psutil.Error):
                rows.append(
                    {
                        "name": child.name,
                        "pid": child.process.pid,
                        "created": psutil.Process(child.process.pid).create_time(),
                    }
                )
        if rows:
            draft = self._ledger.with_suffix(".new")
            draft.write_text(json.dumps(rows), encoding="utf-8")
            draft.replace(self._ledger)
        else:
            self._ledger.unlink(missing_ok=True)


def _check_step(child: Child) -> None:
    if child.process.returncode != 0:
        raise NotPossible(f"{child.name} failed (exit code {child.process.returncode}); the reason is above.")


def end_leftovers(ledger: Path, console: Console) -> None:
    """End the children that a killed supervisor left behind. A number that another process has now is left alone."""
    try:
        rows = json.loads(ledger.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    for row in reversed(rows):
        try:
            process = psutil.Process(row["pid"])
            if abs(process.create_time() - row["created"]) > 1:
                continue
            family = [process, *process.children(recursive=True)]
        except psutil.Error:
            continue
        console.line("demo", f"ends a {row['name']} that an earlier run left behind (process {row['pid']})")
        with suppress(psutil.Error):
            # PostgreSQL takes SIGTERM for "when the last client has left"; SIGINT is its fast and safe way down.
            process.send_signal(
                signal.SIGINT if row["name"] == "postgres" and os.name == "posix" else signal.SIGTERM
            )
        _, stubborn = psutil.wait_procs(family, timeout=10)
        for survivor in stubborn:
            with suppress(psutil.Error):
                survivor.kill()
        psutil.wait_procs(stubborn, timeout=5)
    ledger.unlink(missing_ok=True)


def _ask_to_stop(child: Child) -> None:
    if sys.platform != "win32":
        with suppress(ProcessLookupError):
            child.process.send_signal(child.stop_signal)
    elif child.stop_command is not None:
        command = [str(part) for part in child.stop_command]
        with suppress(subprocess.TimeoutExpired, OSError):
            subprocess.run(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=child.patience
            )
    else:
        child.process.terminate()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the child and of those it started."""
    with suppress(ProcessLookupError, PermissionError, psutil.Error):
        if sys.platform == "win32":
            for member in [
                *psutil.Process(process.pid).children(recursive=True),
                psutil.Process(process.pid),
            ]:
                member.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
