"""`python -m kerjasama.embedded <command>`: what `make` calls, and what to type where there is no make."""

import os
import sys

from kerjasama.embedded.catalogues import compile_catalogues
from kerjasama.embedded.demo import run_demo
from kerjasama.embedded.host import NotPossible
from kerjasama.embedded.supervisor import Interrupted
from kerjasama.embedded.trials import run_bench, run_screenshots, run_tests

USAGE = """usage: python -m kerjasama.embedded <command>

  demo                  web, worker and beat with demo data, until Ctrl-C (PORT=8000, KERJASAMA_HOME=var/demo)
  test [pytest args]    the tests, on servers that are thrown away
  bench [args]          the figures
  screenshots [args]    the pictures of the README
  messages              compile the message catalogues
"""


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    environ = dict(os.environ)
    try:
        match command:
            case "demo":
                return run_demo(environ)
            case "test":
                return run_tests(rest, environ)
            case "bench":
                return run_bench(rest, environ)
            case "screenshots":
                return run_screenshots(rest, environ)
            case "messages":
                compile_catalogues()
                return 0
            case _:
                print(USAGE, end="")
                return 0 if command in ("", "-h", "--help", "help") else 2
    except NotPossible as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except Interrupted:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
