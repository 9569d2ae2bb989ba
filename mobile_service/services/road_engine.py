"""One question to a road engine (OSRM's ``table`` service): driving times and ways from some places to others.

The address is the operator's own (``OSRM_URL``); nothing that a user types gets into it but numbers. It is not left for another
one, its answer is bounded, and whatever is wrong with it is one error, after which the caller reckons by itself.
"""

import json
from collections.abc import Sequence
from http.client import HTTPException
from math import isfinite
from typing import Any
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from mobile_service.driving import Drive, Point

SECONDS = 10.0
# A block of 50 × 50 places is about 60 kB; whoever sends so much more is no road engine.
MOST_BYTES = 4_000_000


class RoadEngineDown(Exception):
    """It does not answer, or not with a table. Its word is for the log."""


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = build_opener(_Stay)


def ask_table(
    url: str, sources: Sequence[Point], targets: Sequence[Point], *, seconds: float = SECONDS
) -> list[list[Drive | None]]:
    """From each source to each target; None where no road leads. Raises RoadEngineDown."""
    points = [*sources, *targets]
    places = ";".join(f"{it.longitude:.6f},{it.latitude:.6f}" for it in points)
    first = ";".join(map(str, range(len(sources))))
    second = ";".join(map(str, range(len(sources), len(points))))
    asked = (
        f"{url}/table/v1/driving/{places}?sources={first}&destinations={second}&annotations=duration,distance"
    )
    if not asked.startswith(("http://", "https://")):
        raise RoadEngineDown("OSRM_URL is no web address")
    question = Request(asked, headers={"Accept": "application/json"})  # noqa: S310 (the operator's own address, http or https)
    try:
        with _opener.open(question, timeout=seconds) as answer:
            text = answer.read(MOST_BYTES + 1)
        if len(text) > MOST_BYTES:
            raise RoadEngineDown("answer too large")
        return _read(json.loads(text), len(sources), len(targets))
    except (URLError, HTTPException, OSError, ValueError) as trouble:
        raise RoadEngineDown(f"{type(trouble).__name__}: {trouble}"[:200]) from trouble


def _read(answer: Any, rows: int, columns: int) -> list[list[Drive | None]]:
    """Raises ValueError for whatever is not the table that was asked for."""
    if not isinstance(answer, dict) or answer.get("code") != "Ok":
        raise ValueError("no table")
    durations: Any = answer.get("durations")
    distances: Any = answer.get("distances")
    for table in (durations, distances):
        if not isinstance(table, list) or len(table) != rows or any(len(row) != columns for row in table):
            raise ValueError("table of another size")
    return [
        [_drive(seconds, metres) for seconds, metres in zip(times, ways, strict=True)]
        for times, ways in zip(durations, distances, strict=True)
    ]


def _drive(seconds: Any, metres: Any) -> Drive | None:
    if seconds is None or metres is None:
        return None
    minutes, kilometres = float(seconds) / 60, float(metres) / 1000
    if not (
        isfinite(minutes) and isfinite(kilometres) and 0 <= minutes < 10_000 and 0 <= kilometres < 10_000
    ):
        raise ValueError("no driving time")
    return Drive(round(minutes, 1), round(kilometres, 2))
