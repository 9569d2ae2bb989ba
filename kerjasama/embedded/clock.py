"""Worker and beat in one process, with messages handed over in memory.

For systems without a broker (Windows). Nothing is lost by it: the web never speaks to the broker, it writes rows, and
the sweeps that beat calls find them. It is no more than a demo, because the process can take one task at a time.
"""

import sys
from pathlib import Path

from celery.beat import EmbeddedService

from kerjasama.celery import app


def main(home: Path) -> None:
    beat = EmbeddedService(app, thread=True, schedule_filename=str(home / "beat"))
    beat.start()
    try:
        app.worker_main(["worker", "--loglevel=INFO", "--pool=solo", "--without-gossip", "--without-mingle"])
    finally:
        beat.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
