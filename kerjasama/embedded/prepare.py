"""One process that makes an empty database ready: tables, demo data, the table of logins.

Run as `python -m kerjasama.embedded.prepare` with the servers' addresses in the environment. One process, because
each start of Django costs more than most of these steps.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        description="Make a database ready for the demo, for tests' pictures or figures."
    )
    parser.add_argument("--demo-data", action="store_true", help="load the demo data, unless it is loaded")
    parser.add_argument("--logins", type=Path, help="write the table of demo logins to this file")
    options = parser.parse_args(arguments)

    import django

    django.setup()
    from django.core.management import call_command

    step("tables", lambda: call_command("migrate", interactive=False, verbosity=0))
    step("cache table", lambda: call_command("createcachetable", verbosity=0))
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


if __name__ == "__main__":
    main(sys.argv[1:])
