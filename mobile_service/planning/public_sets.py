"""Public benchmark problems in the text formats that they are published in: Solomon's (one depot, time windows) and Cordeau's (periodic, with
several depots, with time windows). What is written of both formats is little, so a file is either read whole or refused.
"""

from collections.abc import Iterator
from itertools import islice
from math import dist, floor

from mobile_service.planning.faults import BadProblem, Fault
from mobile_service.planning.problem import Day, Hours, Matrix, Problem, Stop, Vehicle

PLAIN, PERIODIC, DEPOTS = 0, 1, 2
# Cordeau numbers the kinds of his problems; four more is the same kind with time windows. Sites for some vehicles only (3) are not read.
WINDOWS = 4
Point = tuple[float, float]


def from_public_set(text: str, decimals: int | None = None) -> Problem:
    """The problem in a file of Solomon's or Cordeau's. Ways are straight lines, as long as they take.

    ``decimals``: ways are cut (not rounded) to so many decimals, as comparisons with published results may want; None leaves them as they
    are. Raises BadProblem for anything else.
    """
    lines = [row for line in text.splitlines() if (row := line.split())]
    try:
        if any(row[0].upper() == "CUSTOMER" for row in lines):
            return _solomon(lines, decimals)
        return _cordeau(lines, decimals)
    except (ValueError, IndexError, StopIteration):
        raise BadProblem([Fault("not_public")]) from None


def _solomon(lines: list[list[str]], decimals: int | None) -> Problem:
    heads = [row[0].upper() for row in lines]
    vehicles, capacity = (int(it) for it in lines[heads.index("VEHICLE") + 2])
    rows = [[float(it) for it in row] for row in lines[heads.index("CUSTOMER") + 2 :]]
    _number, _x, _y, _demand, opens, closes, _service = rows[0]
    stops = [
        Stop(f"{number:.0f}", place, service, (Hours(early, late),), demand=int(demand))
        for place, (number, _x, _y, demand, early, late, service) in enumerate(rows)
        if place
    ]
    fleet = [Vehicle(f"v{at + 1}", (Hours(opens, closes),), capacity) for at in range(vehicles)]
    return _problem(stops, fleet, 1, [(row[1], row[2]) for row in rows], decimals)


def _cordeau(lines: list[list[str]], decimals: int | None) -> Problem:
    """First the kind, the vehicles (of each depot), the customers, and how many days or depots; then what binds a tour on each of them; then
    customers and depots.
    """
    kind, vehicles, count, parts = (int(it) for it in lines[0][:4])
    kind, windows = kind % WINDOWS, kind >= WINDOWS
    if kind not in (PLAIN, PERIODIC, DEPOTS):
        raise ValueError(kind)
    # Tours are bound alike on all days; with several depots each has its own bounds.
    bounds = [(float(row[0]), int(row[1])) for row in lines[1 : 1 + parts]]
    rows = lines[1 + parts :]
    depots, customers = (rows[count:], rows[:count]) if kind == DEPOTS else (rows[:1], rows[1:])
    days = parts if kind == PERIODIC else 1
    if len(customers) != count or len(depots) != (parts if kind == DEPOTS else 1):
        raise ValueError(len(rows))
    stops = [_customer(row, place, days, windows) for place, row in enumerate(customers, start=len(depots))]
    fleet = []
    for place, row in enumerate(depots):
        longest, capacity = bounds[place]
        for at in range(vehicles):
            fleet.append(
                Vehicle(
                    f"d{place + 1}v{at + 1}",
                    (Hours(float(row[-2]), float(row[-1])),) if windows else (),
                    capacity or None,
                    longest or None,
                    start=place,
                    end=place,
                )
            )
    points = [(float(row[1]), float(row[2])) for row in (*depots, *customers)]
    return _problem(stops, fleet, days, points, decimals)


def _customer(row: list[str], place: int, days: int, windows: bool) -> Stop:
    """Number, point, service, demand, how often, and the sets of days as bits, of which the last day is the lowest."""
    fields: Iterator[str] = iter(row)
    number, _x, _y, service, demand, _often, sets = islice(fields, 7)
    patterns = [
        tuple(day for day in range(1, days + 1) if int(code) >> (days - day) & 1)
        for code in islice(fields, int(sets))
    ]
    hours = [float(it) for it in islice(fields, 2)] if windows else []
    return Stop(
        number,
        place,
        float(service),
        (Hours(hours[0], hours[1]),) if windows else (),
        # The sets of a single day name depots.
        patterns=tuple(sorted(patterns)) if days > 1 else (),
        demand=int(float(demand)),
    )


def _problem(
    stops: list[Stop], fleet: list[Vehicle], days: int, points: list[Point], decimals: int | None
) -> Problem:
    ways = tuple(tuple(_cut(dist(a, b), decimals) for b in points) for a in points)
    return Problem(
        stops=tuple(stops),
        vehicles=tuple(fleet),
        days=tuple(Day(at + 1) for at in range(days)),
        matrices=(Matrix(ways),),
        windows="start",
    )


def _cut(value: float, decimals: int | None) -> float:
    # A way of exactly 0.3 is not to become 0.2.
    return value if decimals is None else floor(value * 10**decimals + 1e-9) / 10**decimals
