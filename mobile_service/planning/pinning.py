"""Visits that a person wants at a certain place of a tour: the order is changed until they are there."""

from collections.abc import Sequence
from itertools import permutations

from mobile_service.planning.tables import Kind, Tables
from mobile_service.planning.timing import fits, way

# Up to so many other visits every order is tried.
ALL_ORDERS = 6


def in_place(tables: Tables, routes: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """The same tours with pinned visits at their position, or as late as may be where a tour is shorter; others leave it when there is no
    other way.
    """
    stops = {it.key: at for at, it in enumerate(tables.stops)}
    vehicles = {it.key: at for at, it in enumerate(tables.problem.vehicles)}
    slots = {(tables.days[it.day], it.vehicle): it.number for it in tables.slots}
    wanted: dict[int, dict[int, int]] = {}
    for pin in tables.problem.pins:
        slot = slots.get((pin.day, vehicles.get(pin.vehicle, -1)))
        if pin.position and slot is not None and stops[pin.stop] in routes[slot]:
            wanted.setdefault(slot, {})[pin.position - 1] = stops[pin.stop]
    found = [tuple(it) for it in routes]
    for slot, places in sorted(wanted.items()):
        found[slot] = _order(tables, tables.kinds[tables.slots[slot].kind], found[slot], places)
    return found


def _order(tables: Tables, kind: Kind, route: tuple[int, ...], places: dict[int, int]) -> tuple[int, ...]:
    others = [it for it in route if it not in places.values()]
    pinned = {it.stop for it in tables.problem.pins}
    while True:
        best: tuple[float, tuple[int, ...]] | None = None
        orders = permutations(others) if len(others) <= ALL_ORDERS else [tuple(others)]
        for order in orders:
            tour = _with(order, places)
            if fits(tables, kind, tour):
                cost = way(tables, kind, tour)
                if best is None or cost < best[0]:
                    best = cost, tour
        if best is not None:
            return best[1]
        free = [it for it in others if tables.stops[it].key not in pinned] or others
        if not free:
            return route
        # The stop that takes the longest makes most room.
        others.remove(max(free, key=lambda it: (int(tables.service[it]), it)))


def _with(order: Sequence[int], places: dict[int, int]) -> tuple[int, ...]:
    """Whoever is wanted behind the end takes the last places that are left, in their order."""
    size = len(order) + len(places)
    row = {at: it for at, it in places.items() if at < size}
    late = [places[at] for at in sorted(places) if at >= size]
    row.update(zip([at for at in range(size) if at not in row], [*order, *late], strict=True))
    return tuple(row[at] for at in range(size))
