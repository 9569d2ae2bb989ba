"""A plan while it is being made: tours, what they cost, and what each stop would add to each day."""

from collections.abc import Collection, Iterable
from math import inf
from typing import Any

import numpy as np

from mobile_service.planning.rows import Route, Rows
from mobile_service.planning.tables import Tables

Array = Any


class State:
    """``routes``: for each slot its stops. ``chosen``: each stop's slots, () when it is not visited.

    ``added``: what each stop would add to each slot; ``least``: to each day, by its cheapest slot, with a last row of nothing that fills
    up patterns that are shorter than others.
    """

    def __init__(self, tables: Tables, rows: Rows) -> None:
        self.tables, self.rows = tables, rows
        slots, stops = len(tables.slots), len(tables.stops)
        self.kind = [it.kind for it in tables.slots]
        self.day = [it.day for it in tables.slots]
        self.routes: list[Route] = [()] * slots
        self.chosen: list[tuple[int, ...]] = [()] * stops
        self.cost = (
            float(tables.missed @ np.array(tables.asked, dtype=float) + tables.held.sum()) if stops else 0.0
        )
        # What it costs to visit nobody.
        self.nothing = self.cost
        self.forbidden = np.where(tables.allowed, 0.0, inf)
        if tables.extra is not None:
            self.forbidden = self.forbidden + tables.extra
        self.added = np.full((slots, stops), inf)
        self.least = np.full((len(tables.days) + 1, stops), inf)
        self.least[-1] = 0.0
        for slot in range(slots):
            self._look(slot)
        for day in range(len(tables.days)):
            self._of_day(day)

    def _look(self, slot: int) -> None:
        np.add(
            self.rows.of(self.kind[slot], self.routes[slot]).added, self.forbidden[slot], out=self.added[slot]
        )

    def _of_day(self, day: int) -> None:
        slots = self.tables.slots_of_day[day]
        if len(slots) == 1:
            self.least[day] = self.added[slots[0]]
        elif slots:
            # Slots of a day follow each other.
            self.added[slots[0] : slots[-1] + 1].min(axis=0, out=self.least[day])

    def set(self, slot: int, route: Route) -> None:
        """Another tour; the cost follows, but for visits that are missed."""
        kind = self.kind[slot]
        self.cost += self.rows.cost(kind, route) - self.rows.cost(kind, self.routes[slot])
        self.routes[slot] = route
        self._look(slot)
        self._of_day(self.day[slot])

    def insert(self, stop: int, days: tuple[int, ...]) -> None:
        """Visit a stop on these days, each where it adds least. It must fit."""
        tables, into = self.tables, []
        for day in days:
            slots = tables.slots_of_day[day]
            slot = slots[0]
            if len(slots) > 1:
                slot += int(self.added[slots[0] : slots[-1] + 1, stop].argmin())
            at = int(self.rows.of(self.kind[slot], self.routes[slot]).place[stop])
            route = self.routes[slot]
            if tables.extra is not None:
                self.cost += float(tables.extra[slot, stop])
            self.set(slot, (*route[:at], stop, *route[at:]))
            into.append(slot)
        self.chosen[stop] = tuple(into)
        self.cost -= self._worth(stop, len(days))

    def _worth(self, stop: int, visits: int) -> float:
        """What is not to be paid for a stop any more that has so many visits."""
        if not visits:
            return 0.0
        tables = self.tables
        return float(tables.missed[stop]) * min(visits, tables.asked[stop]) + float(tables.held[stop])

    def remove(self, stops: Iterable[int]) -> list[int]:
        """Take stops out of all their tours; returned is who left.

        A tour need not stand without one of its stops: the way may be shorter by that place, and where the length of a tour is bounded,
        waiting longer for the next one counts. All stops of such a tour leave with it.
        """
        gone = dict.fromkeys(stops)
        self._mend(self._out(set(gone)), gone)
        return list(gone)

    def _mend(self, slots: Iterable[int], gone: dict[int, None]) -> None:
        while fallen := {
            stop
            for slot in slots
            if not self.rows.stands(self.kind[slot], self.routes[slot])
            for stop in self.routes[slot]
        }:
            gone.update(dict.fromkeys(sorted(fallen)))
            slots = self._out(fallen)

    def _out(self, out: Collection[int]) -> list[int]:
        """Each tour is looked at anew only when all of them have left it; these tours are returned."""
        slots: set[int] = set()
        for stop in out:
            chosen = self.chosen[stop]
            slots.update(chosen)
            if self.tables.extra is not None:
                self.cost -= sum(float(self.tables.extra[slot, stop]) for slot in chosen)
            if chosen:
                self.cost += self._worth(stop, len(chosen))
            self.chosen[stop] = ()
        for slot in sorted(slots):
            self.set(slot, tuple(it for it in self.routes[slot] if it not in out))
        return sorted(slots)

    def keep(self) -> tuple[list[Route], list[tuple[int, ...]], float]:
        return list(self.routes), list(self.chosen), self.cost

    def restore(self, kept: tuple[list[Route], list[tuple[int, ...]], float]) -> None:
        routes, chosen, cost = kept
        days = set()
        for slot, route in enumerate(routes):
            if self.routes[slot] != route:
                self.routes[slot] = route
                self._look(slot)
                days.add(self.day[slot])
        for day in days:
            self._of_day(day)
        self.chosen, self.cost = list(chosen), cost

    def take(self, routes: list[Route]) -> None:
        """Take over tours instead of none; those that cannot be driven fall away."""
        chosen: list[list[int]] = [[] for _stop in self.chosen]
        cost = self.nothing
        for slot, route in enumerate(routes):
            cost += self.rows.cost(self.kind[slot], route)
            for stop in route:
                chosen[stop].append(slot)
                if self.tables.extra is not None:
                    cost += float(self.tables.extra[slot, stop])
        for stop, slots in enumerate(chosen):
            cost -= self._worth(stop, len(slots))
        self.restore((routes, [tuple(it) for it in chosen], cost))
        self._mend(range(len(routes)), {})

    def unvisited(self) -> list[int]:
        return [at for at, it in enumerate(self.chosen) if not it]
