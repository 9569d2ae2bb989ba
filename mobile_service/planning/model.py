"""Tours as a model of PyVRP: every visit a client, every day and vehicle a type of vehicle that has its own ways.

A client that may not be visited on a day is so far away there (twenty times the longest way, never PyVRP's own default: it can hang on
that) that no shift is long enough. What has no counterpart in PyVRP (breaks, the choice of a pattern) is looked at afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mobile_service.planning.tables import NEVER, Tables

Array = Any
# Costs become whole numbers of about this size for the longest way.
FINE = 1_000_000


@dataclass
class Job:
    """Plain values, so that another process can be given them. ``visits``: (stop, days it may be on) of each client."""

    visits: list[tuple[int, tuple[int, ...]]]
    clients: list[dict[str, Any]] = field(default_factory=list)
    groups: list[list[int]] = field(default_factory=list)
    types: list[dict[str, Any]] = field(default_factory=list)
    costs: list[Array] = field(default_factory=list)
    minutes: list[Array] = field(default_factory=list)
    depots: list[int] = field(default_factory=list)
    locations: int = 0
    slots: list[list[int]] = field(default_factory=list)
    of_client: list[int] = field(default_factory=list)
    start: list[tuple[int, list[int]]] = field(default_factory=list)
    seed: int = 1
    until: float = 0.0
    iterations: int = 0
    """``slots``: those of each type; ``of_client``: the visit of each client; ``start``: (type, clients) of each tour to begin from."""


def model_of(tables: Tables, visits: list[tuple[int, tuple[int, ...]]], fine: float | None = None) -> Job:
    """The model in which each visit is on one of its days, in any tour that may serve it, or is missed."""
    job = Job(visits)
    fine = fine or _fineness(tables)
    used = sorted({day for _stop, days in visits for day in days})
    slots = [it for it in tables.slots if it.day in set(used)]
    _clients(tables, job, slots, fine)
    profiles: dict[Any, int] = {}
    types: dict[Any, int] = {}
    alike: dict[Any, int] = {}
    for slot in slots:
        kind = tables.kinds[slot.kind]
        dearer = None if tables.extra is None else tables.extra[slot.number]
        same = (
            slot.kind,
            slot.day,
            tables.allowed[slot.number].tobytes(),
            b"" if dearer is None else dearer.tobytes(),
        )
        if same in alike:
            job.slots[alike[same]].append(slot.number)
            continue
        barred = tuple(
            at
            for at, visit in enumerate(job.of_client)
            if slot.day not in visits[visit][1]
            or not tables.allowed[slot.number, visits[visit][0]]
            or job.clients[at]["window"] not in tables.windows[kind.signature][visits[visit][0]]
        )
        look = (kind.matrix, kind.start, kind.end, barred, None if dearer is None else dearer.tobytes())
        if look not in profiles:
            profiles[look] = len(job.costs)
            _profile(tables, job, kind.matrix, barred, dearer, fine)
        key = (slot.kind, profiles[look], slot.day)
        if key not in types:
            types[key] = len(job.types)
            job.types.append(_type(tables, job, slot.kind, profiles[look], fine))
            job.slots.append([])
        alike[same] = types[key]
        job.slots[types[key]].append(slot.number)
    for number, row in enumerate(job.types):
        row["num_available"] = len(job.slots[number])
    return job


def size_of(tables: Tables, visits: list[tuple[int, tuple[int, ...]]]) -> int:
    """About how many bytes the matrices of the model would take: a pair for each sort of day, a row for each visit and window."""
    used = sorted({day for _stop, days in visits for day in days})
    signs = {
        day: {tables.kinds[tables.slots[it].kind].signature for it in tables.slots_of_day[day]}
        for day in used
    }
    clients = sum(
        len({it for day in days for sign in signs[day] for it in tables.windows[sign][stop]})
        for stop, days in visits
    )
    barred = {
        (
            frozenset(at for at, (_stop, days) in enumerate(visits) if day in days),
            frozenset(signs[day]),
            *(() if tables.extra is None else (day,)),
        )
        for day in used
    }
    return 16 * clients * clients * len(barred)


def _fineness(tables: Tables) -> float:
    longest = max(float(it.max()) for it in tables.costs)
    if all(
        bool(np.all(np.abs(it * tables.scale - np.round(it * tables.scale)) < 1e-6)) for it in tables.costs
    ):
        return float(tables.scale)
    return FINE / longest if longest else 1.0


def _clients(tables: Tables, job: Job, slots: Sequence[Any], fine: float) -> None:
    """One client for each visit; where its windows differ from day to day, or are several, one for each, of which one is visited."""
    signatures = {day: set() for day in range(len(tables.days))}  # type: dict[int, set[int]]
    for slot in slots:
        signatures[slot.day].add(tables.kinds[slot.kind].signature)
    for number, (stop, days) in enumerate(job.visits):
        windows = sorted(
            {it for day in days for sign in signatures[day] for it in tables.windows[sign][stop]}
        )
        first = len(job.clients)
        for opens, closes in windows or [(1, 0)]:
            # Without a window the client is there to be missed.
            job.of_client.append(number)
            job.clients.append(
                {
                    "window": (opens, closes),
                    "location": stop,
                    "service_duration": int(tables.service[stop]),
                    "tw_early": max(0, opens) if opens <= closes else 0,
                    "tw_late": min(NEVER, closes) if opens <= closes else 0,
                    "delivery": [int(tables.demand[stop])],
                    "prize": max(1, round(float(tables.missed[stop] + tables.held[stop]) * fine)),
                }
            )
        if len(job.clients) - first > 1:
            job.groups.append(list(range(first, len(job.clients))))
    # Every client is a location of its own: what is far on a day for one is not for its double.
    for at, row in enumerate(job.clients):
        row["place"] = int(tables.places[row["location"]])
        row["location"] = at


def _profile(
    tables: Tables, job: Job, matrix: int, barred: tuple[int, ...], dearer: Array | None, fine: float
) -> None:
    depots = _depots(tables)
    places = np.array([*(it["place"] for it in job.clients), *depots], dtype=np.int64)
    job.depots, job.locations = depots, len(places)
    across = np.ix_(places, places)
    cost = np.round(tables.costs[matrix][across] * fine).astype(np.int64)
    minutes = tables.minutes[matrix][across].copy()
    if dearer is not None:
        for at, visit in enumerate(job.of_client):
            cost[:, at] += round(float(dearer[job.visits[visit][0]]) * fine)
    if barred:
        rows = np.array(barred)
        far = 20 * max(1, int(cost.max()))
        late = max(
            20 * int(minutes.max()),
            1,
            *(it.closes - it.opens + 1 for it in tables.kinds if it.closes < NEVER),
            1,
        )
        cost[:, rows], minutes[:, rows] = far, late
        cost[rows, :], minutes[rows, :] = far, late
    np.fill_diagonal(cost, 0)
    np.fill_diagonal(minutes, 0)
    job.costs.append(cost)
    job.minutes.append(minutes)


def _depots(tables: Tables) -> list[int]:
    return sorted({place for it in tables.kinds for place in (it.start, it.end)})


def _type(tables: Tables, job: Job, kind_number: int, profile: int, fine: float) -> dict[str, Any]:
    kind = tables.kinds[kind_number]
    row: dict[str, Any] = {
        "capacity": [min(kind.capacity, 2**40)],
        "start_depot": job.depots.index(kind.start),
        "end_depot": job.depots.index(kind.end),
        "fixed_cost": round(tables.problem.weights.tour * fine),
        "profile": profile,
        "tw_early": max(0, kind.opens),
    }
    # A break is time that is missing in the day.
    rest = kind.rest[0] if kind.rest else 0
    if kind.closes < NEVER:
        row["tw_late"] = max(0, max(kind.opens, kind.closes - rest))
    if kind.most_minutes < NEVER:
        row["shift_duration"] = max(0, kind.most_minutes - rest)
    if kind.most_distance < NEVER and not tables.problem.weights.minutes and tables.problem.weights.distance:
        row["max_distance"] = int(kind.most_distance * tables.problem.weights.distance * fine)
    return row


def begin_from(job: Job, tables: Tables, routes: Sequence[Sequence[int]]) -> None:
    """Let the search begin from these tours; visits that the model does not have are left out."""
    clients: dict[tuple[int, int], list[int]] = {}
    for at, visit in enumerate(job.of_client):
        stop, days = job.visits[visit]
        for day in days:
            clients.setdefault((stop, day), []).append(at)
    taken: set[int] = set()
    for number, slots in enumerate(job.slots):
        for slot in slots:
            day, kind = tables.slots[slot].day, tables.kinds[tables.slots[slot].kind]
            tour = []
            for stop in routes[slot]:
                windows = tables.windows[kind.signature][stop]
                fitting = [
                    it
                    for it in clients.get((stop, day), ())
                    if job.of_client[it] not in taken and job.clients[it]["window"] in windows
                ]
                if fitting:
                    taken.add(job.of_client[fitting[0]])
                    tour.append(fitting[0])
            if tour:
                job.start.append((number, tour))


def routes_of(job: Job, tables: Tables, tours: Sequence[tuple[int, Sequence[int]]]) -> list[tuple[int, ...]]:
    """The model's tours as the tables': for each slot its stops."""
    routes: list[tuple[int, ...]] = [()] * len(tables.slots)
    free = [list(it) for it in job.slots]
    for number, clients in tours:
        routes[free[number].pop(0)] = tuple(job.visits[job.of_client[it]][0] for it in clients)
    return routes
