"""Run all measures on an empty, migrated database and print one table. Exits with 1 when something demanded fails."""

import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

import django

django.setup()

from django.db import connection

from libraries.models import Institution
from tests.bench import board, measures, planner, routes, schedule, stations, trip, van_page, year
from tests.bench.limits import PlainSql
from tests.bench.measures import Row
from tests.bench.server import Client, serving
from tests.bench.stage import COPIES, Deliveries, set_up

ALONE = {"van": van_page.measures, "trip": trip.measures, "schedule": schedule.measures}


def main() -> int:
    if sys.argv[1:] == ["year"]:
        return year.main()
    if sys.argv[1:2] == ["routes"]:
        return routes.main(sys.argv[2:])
    if Institution.objects.exists():
        print("The bench wants an empty database; this one has institutions in it.", file=sys.stderr)
        return 2
    if sys.argv[1:] and sys.argv[1] in ALONE:
        return alone(ALONE[sys.argv[1]])
    began = time.monotonic()
    stage = set_up()
    say(f"stage: {COPIES:,} copies in {time.monotonic() - began:.0f} s")
    measures.analyse()
    rows = measures.calibration()
    deliveries = Deliveries(stage)
    settings = connection.settings_dict
    dsn = {"host": settings["HOST"], "port": settings["PORT"] or 5432, "dbname": settings["NAME"],
           "user": settings["USER"], "password": settings["PASSWORD"]}  # fmt: skip
    plain = PlainSql({name: value for name, value in dsn.items() if value}, stage.office.pk, stage.desk.pk)
    with serving() as port:
        client = Client(port, stage.token)
        for path in ("/api/v1/copies/", "/floor/copies/"):
            for _warm in range(10):
                client.ask("GET", path)
        for name, measure in (
            ("lists", lambda: measures.lists(stage, client)),
            ("agreements", lambda: measures.agreements(stage, client)),
            ("scans", lambda: measures.scans(stage, deliveries, client, plain)),
            ("hundreds", lambda: measures.hundreds(stage, deliveries, client, plain)),
        ):
            say(f"measuring {name}")
            rows += measure()
        say("measuring the year board")
        rows += [Row(*told) for told in board.measures(port)]
        say("measuring twenty desks, and the adoption of a plan")
        rows += [Row(*told) for told in stations.measures(stage, deliveries, port)]
        say("measuring the trip of the van")
        rows += [Row(*told) for told in trip.measures(port)]
        rows += list(van_page.measures(port))
        # Late schools and visits are written straight into the tables: what asks where every copy is comes before them.
        say("measuring sweeps")
        rows += measures.sweeps(stage)
        say("measuring the days of the van")
        rows += [Row(*told) for told in schedule.measures(port)]
    say("measuring imports")
    rows += measures.imports(stage)
    rows += [Row(*told) for told in planner.measures(say)]
    rows += [Row(*told) for told in routes.measures(say)]
    print_table(rows)
    return int(any(row.holds is False for row in rows))


def alone(measure: Callable[[int], Iterable[Any]]) -> int:
    """One group of measures, on the real server and nothing else."""
    with serving() as port:
        rows = [told if isinstance(told, Row) else Row(*told) for told in measure(port)]
    print_table(rows)
    return int(any(row.holds is False for row in rows))


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def print_table(rows: list[Row]) -> None:
    signs = {True: "holds", False: "FAILS", None: ""}
    cells = [("what", "measured", "limit", "")] + [
        (row.what, row.figure, row.limit, signs[row.holds]) for row in rows
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    for number, row in enumerate(cells):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


if __name__ == "__main__":
    sys.exit(main())
