"""`make demo`: everything in one terminal, with data that stays."""

import http.client
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from kerjasama.embedded.catalogues import compile_catalogues
from kerjasama.embedded.host import CHECKOUT, LOOPBACK, NotPossible, claim_port, only_one
from kerjasama.embedded.servers import NO_BROKER, kept_secret, start_servers
from kerjasama.embedded.static_files import finish_collecting, start_collecting
from kerjasama.embedded.supervisor import LEDGER, Child, Console, Interrupted, Supervisor

PREPARE_SECONDS = 600.0
READY_SECONDS = 90.0


def demo_home(environ: Mapping[str, str]) -> Path:
    """Where the demo keeps its data: `var/demo` of the checkout, or the folder named in KERJASAMA_HOME."""
    return Path(environ.get("KERJASAMA_HOME") or CHECKOUT / "var" / "demo").absolute()


def wanted_port(environ: Mapping[str, str]) -> int:
    """The port in PORT, 8000 by default."""
    text = environ.get("PORT") or "8000"
    try:
        return int(text)
    except ValueError:
        raise NotPossible(f"PORT={text} is not a number.") from None


def run_demo(environ: Mapping[str, str]) -> int:
    """Run the demo until Ctrl-C. Returns the exit code: 0 after Ctrl-C."""
    began = time.monotonic()
    port = wanted_port(environ)
    home = demo_home(environ)
    console = Console()
    with only_one(home):
        try:
            with Supervisor(console, ledger=home / LEDGER) as supervisor:
                # After the supervisor has ended what an earlier run may have left behind, on this very port.
                claim_port(port)
                env = serve(supervisor, home, port, environ=environ, durable=True)
                _greet(console, home, env["BASE_URL"], time.monotonic() - began)
                supervisor.watch()
        except Interrupted:
            console.plain()
            console.line("demo", "stopped. The data is kept; `make demo` goes on where this ended.")
    return 0


def serve(
    supervisor: Supervisor, home: Path, port: int, *, environ: Mapping[str, str], durable: bool
) -> dict[str, str]:
    """Servers, demo data, web, worker and beat, until `/readyz` is content. Returns the children's environment."""
    compile_catalogues()
    database, broker = start_servers(supervisor, home, durable=durable, environ=environ)
    env = demo_environment(home, port, database, broker, environ=environ)
    logins = home / "logins.txt"
    collecting = start_collecting(supervisor, env=env)
    supervisor.run(
        "prepare",
        [sys.executable, "-m", "kerjasama.embedded.prepare", "--demo-data", "--logins", logins],
        env=env,
        seconds=PREPARE_SECONDS,
    )
    finish_collecting(supervisor, collecting, env=env)
    start_web(supervisor, port, env=env)
    await_ready(supervisor, port)
    # Only now: their start would compete with the page that somebody waits for.
    start_clock(supervisor, home, env=env)
    return env


def demo_environment(
    home: Path, port: int, database: str, broker: str, *, environ: Mapping[str, str]
) -> dict[str, str]:
    """The settings of the demo: the caller's environment, and over it what makes a demo of it."""
    return {
        **environ,
        "DJANGO_SETTINGS_MODULE": "kerjasama.settings",
        "PYTHONUNBUFFERED": "1",
        "DEMO": "true",
        "DEBUG": "false",
        "SECRET_KEY": kept_secret(home, "secret_key"),
        "DATABASE_URL": database,
        "CELERY_BROKER_URL": broker,
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "BASE_URL": f"http://localhost:{port}",
        "BEHIND_TLS": "false",
        "STAFF_SECOND_FACTOR": "false",
        "LOG_JSON": "false",
        "MEDIA_ROOT": str(home / "media"),
        "STATIC_ROOT": str(home / "static"),
        # The schools of the demo are invented, their addresses need not be: mail goes into the log and nowhere else.
        "EMAIL_URL": "consolemail://",
    }


def start_web(supervisor: Supervisor, port: int, *, env: Mapping[str, str]) -> Child:
    """gunicorn; on Windows, where it does not run, Django's own server."""
    address = f"{LOOPBACK}:{port}"
    if sys.platform == "win32":
        command = [sys.executable, "manage.py", "runserver", "--noreload", "--insecure", address]
    else:
        command = [sys.executable, "-m", "gunicorn", "-c", "python:kerjasama.gunicorn", "kerjasama.wsgi"]
    return supervisor.start("web", command, env={**env, "BIND": address}, cwd=CHECKOUT)


def start_clock(supervisor: Supervisor, home: Path, *, env: Mapping[str, str]) -> None:
    """Worker and beat, the worker first: beat is then the first to stop."""
    if env["CELERY_BROKER_URL"] == NO_BROKER:
        supervisor.start(
            "worker", [sys.executable, "-m", "kerjasama.embedded.clock", home], env=env, cwd=CHECKOUT
        )
        return
    # In a container or a virtual machine one is root, and need not be told at each start.
    hush = "ignore:You're running the worker with superuser privileges"
    celery = [sys.executable, "-W", hush, "-m", "celery", "--quiet", "-A", "kerjasama"]
    supervisor.start(
        "worker",
        [*celery, "worker", "--loglevel=INFO", "--concurrency=1", "--without-gossip", "--without-mingle"],
        env=env,
        cwd=CHECKOUT,
        patience=30,
    )
    supervisor.start(
        "beat", [*celery, "beat", "--loglevel=WARNING", f"--schedule={home / 'beat'}"], env=env, cwd=CHECKOUT
    )


def await_ready(supervisor: Supervisor, port: int) -> None:
    """Return when `/readyz` answers 200; raise `NotPossible` after a while, with what it answered last."""
    deadline = time.monotonic() + READY_SECONDS
    answer = "nothing"
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            response = connection.getresponse()
            if response.status == 200:
                return
            answer = f"{response.status}: {response.read(500).decode(errors='replace')}"
        except (OSError, http.client.HTTPException) as error:
            answer = str(error)
        finally:
            connection.close()
        supervisor.watch(seconds=0.2)
    raise NotPossible(
        f"The web was not ready after {READY_SECONDS:.0f} seconds. /readyz answered last: {answer}"
    )


def _greet(console: Console, home: Path, address: str, seconds: float) -> None:
    console.plain()
    console.plain(f"  {address}/    (ready after {seconds:.1f} s; Ctrl-C stops everything)")
    console.plain()
    logins = home / "logins.txt"
    if logins.exists():
        for line in logins.read_text(encoding="utf-8").splitlines():
            console.plain(f"  {line}")
        console.plain()
