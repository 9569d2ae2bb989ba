"""Days that hang together, and what may be exchanged between them.

A stop that comes every fortnight ties a day to the one two weeks later; so the tours of both are one block, and every visit of a stop lies
in one block. Where each stop comes once, each tour is a block by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from mobile_service.planning.rows import Route
from mobile_service.planning.tables import Tables

Array = Any
# Fewer blocks, or longer ones, leave little to be put together.
FEWEST = 4
LONGEST = 4
Places = tuple[int, ...]
Kinds = tuple[int, ...]


@dataclass(slots=True)
class Blocks:
    """``slots``: of each block, in the order of their days, and their ``kinds``.

    ``fits``: for each stop, by its places in a block, in which blocks it may have them. Blocks of the same number in ``alike`` are
    interchangeable, exactly or but for the days that a stop cannot have. ``turns``: whether two tours may change places within a block.
    """

    slots: list[tuple[int, ...]]
    kinds: list[Kinds]
    fits: list[dict[Places, Array]]
    alike: Array
    turns: bool

    def of(self, routes: Sequence[Route]) -> list[tuple[Kinds, tuple[Route, ...]]]:
        """A plan, block by block."""
        return [
            (kinds, tuple([routes[it] for it in slots]))
            for kinds, slots in zip(self.kinds, self.slots, strict=True)
        ]

    def suit(self, kinds: Kinds, routes: Sequence[Route]) -> Array:
        """The blocks in which these tours can stand."""
        found = np.array([it == kinds for it in self.kinds])
        places: dict[int, list[int]] = {}
        for at, route in enumerate(routes):
            for stop in route:
                places.setdefault(stop, []).append(at)
        for stop, at_all in places.items():
            fits = self.fits[stop].get(tuple(at_all))
            if fits is None:
                return np.zeros(len(self.slots), dtype=bool)
            found &= fits
        return found

    def ordered(self, routes: tuple[Route, ...]) -> tuple[Route, ...]:
        """The same for tours that only changed places."""
        return tuple(sorted(routes, key=sorted)) if self.turns else routes


def blocks_of(tables: Tables) -> Blocks | None:
    """None where too many days hang together."""
    slots: list[tuple[int, ...]] = [(it.number,) for it in tables.slots] if tables.single else _tied(tables)
    if not slots or (not tables.single and (len(slots) < FEWEST or max(map(len, slots)) > LONGEST)):
        return None
    kinds = [tuple(tables.slots[it].kind for it in block) for block in slots]
    fits = _fits(tables, slots)
    looks: list[Any] = list(kinds)
    if not tables.single:
        # Where each stop comes once, nearly every day is closed to somebody else: what is put where is looked for afterwards.
        looks = [
            (it, *(bool(rows[at]) for row in fits for rows in row.values())) for at, it in enumerate(kinds)
        ]
    number = {look: at for at, look in enumerate(dict.fromkeys(looks))}
    return Blocks(slots, kinds, fits, np.array([number[it] for it in looks]), _turns(kinds, fits))


def _tied(tables: Tables) -> list[tuple[int, ...]]:
    root = list(range(len(tables.days)))

    def root_of(day: int) -> int:
        while root[day] != day:
            day = root[day]
        return day

    for patterns in tables.patterns:
        for first, *others in patterns:
            for day in others:
                root[root_of(day)] = root_of(first)
    found: dict[int, tuple[int, ...]] = {}
    for it in tables.slots:
        day = root_of(it.day)
        found[day] = (*found.get(day, ()), it.number)
    return list(found.values())


def _fits(tables: Tables, slots: Sequence[tuple[int, ...]]) -> list[dict[Places, Array]]:
    where = {slot: (at, place) for at, block in enumerate(slots) for place, slot in enumerate(block)}
    found: list[dict[Places, Array]] = []
    for stop, patterns in enumerate(tables.patterns):
        fits: dict[Places, Array] = {}
        for days in patterns:
            for some in product(*(tables.slots_of_day[day] for day in days)):
                if not all(tables.allowed[slot, stop] for slot in some):
                    continue
                block = where[some[0]][0]
                if all(where[slot][0] == block for slot in some):
                    places = tuple(sorted(where[slot][1] for slot in some))
                    fits.setdefault(places, np.zeros(len(slots), dtype=bool))[block] = True
        found.append(fits)
    return found


def _turns(kinds: Sequence[Kinds], fits: Sequence[dict[Places, Array]]) -> bool:
    if any(len(it) != 2 or it[0] != it[1] for it in kinds):
        return False
    return all(np.array_equal(it.get((0,), ()), it.get((1,), ())) for it in fits)
