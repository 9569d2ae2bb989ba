"""The pattern search: take some stops out with all their visits, put them in again on other days, keep what is better, and at first also
what is a little worse (large neighbourhood search with annealing). It is what knows that a stop always comes on its weekday.
"""

import random
import time
from collections.abc import Callable
from math import inf, log
from typing import Any

import numpy as np

from mobile_service.planning.insertion import Choices, insert_by_regret, insert_in_order
from mobile_service.planning.state import State
from mobile_service.planning.tables import Tables

Array = Any
# Of the stops, so many are taken out at a time, and twelve at most; fewer where each of them is in many tours.
SHARE = 0.2
OFTEN = 2.0
# While stops are missed, so many steps of a hundred make room for one of them.
ROOM = 40
Kept = tuple[list[tuple[int, ...]], list[tuple[int, ...]], float]


class Search:
    """One annealing after another on the same state; ``best`` is the best plan met so far."""

    def __init__(self, tables: Tables, state: State, choices: Choices, seed: int) -> None:
        self.tables, self.state, self.choices = tables, state, choices
        self.dice = random.Random(seed)  # noqa: S311 (no secret)
        self.noise_dice = np.random.default_rng(seed)
        self.near = Near(tables)
        self.best: Kept = state.keep()
        self.steps = self.taken = 0
        # How often each stop was asked for and found no place: who is hard to place is not put out for another.
        self.failed = [0] * len(tables.stops)

    def run(
        self,
        until: float,
        steps: int = 0,
        *,
        hot: float = 1.0,
        cold: float = 0.01,
        told: Callable[[Kept], None] | None = None,
        met: Callable[[State], None] | None = None,
    ) -> None:
        """Until a moment of ``time.monotonic`` or, with ``steps``, for so many. ``hot`` and ``cold``: in mean legs between two stops.

        ``told`` hears of better plans, ``met`` of every one that is tried.
        """
        tables, state, dice = self.tables, self.state, self.dice
        stops = len(tables.stops)
        if stops < 2 or not tables.slots:
            return
        leg = _mean_leg(tables)
        first, last = max(1e-9, hot * leg), max(1e-10, cold * leg)
        began = time.monotonic()
        mean = min(12.0, max(3.0, SHARE * stops))
        mean = max(3.0, mean * min(1.0, OFTEN * stops / max(1, sum(tables.asked))))
        temperature, done, share = first, 0, 0.0
        now = state.keep()
        while True:
            if done % 16 == 0:
                share = done / steps if steps else (time.monotonic() - began) / max(1e-9, until - began)
                if share >= 1:
                    break
                temperature = first * (last / first) ** share
            done += 1
            missed = state.unvisited()
            wanted = dice.choice(missed) if missed and dice.randrange(100) < ROOM else None
            out = state.remove(self._take_out(mean) if wanted is None else self._make_room(wanted))
            self.taken = len(out)
            if wanted is not None and insert_in_order(state, self.choices, [wanted]):
                self.failed[wanted] += 1
            self._put_in([*out, *(it for it in missed if not state.chosen[it])])
            for stop in out if wanted is not None else ():
                self.failed[stop] += not state.chosen[stop]
            if met is not None:
                met(state)
            if state.cost < now[2] - temperature * log(max(1e-12, dice.random())):
                now = state.keep()
                if state.cost < self.best[2] - 1e-7:
                    self.best = now
                    if told is not None:
                        told(now)
            else:
                state.restore(now)
        self.steps += done
        state.restore(self.best)

    def _put_in(self, stops: list[int]) -> None:
        dice = self.dice
        draw = dice.random()
        noise = None
        if draw < 0.35:
            insert_by_regret(self.state, self.choices, stops, 2 if draw < 0.25 else 3)
            return
        if dice.random() < 0.9:
            noise = self._noise()
        if draw < 0.55:
            insert_by_regret(self.state, self.choices, stops, 2, noise)
            return
        order = list(stops)
        draw = dice.random()
        if draw < 0.4:
            dice.shuffle(order)
            if draw < 0.2:
                # What was missed until now comes first; it stands at the end.
                order.sort(key=lambda it: stops.index(it) < self.taken)
        elif draw < 0.6:
            weight = self.tables.service
            if len(stops) > self.taken and dice.random() < 0.5:
                # Where not all find a place, more of the short ones do.
                order.sort(key=lambda it: (int(weight[it]) * self.tables.asked[it], it))
            else:
                order.sort(key=lambda it: (-self.tables.asked[it], -int(weight[it]), it))
        else:
            order.sort(key=lambda it: (-self.near.far[it] if draw < 0.9 else self.near.far[it], it))
        insert_in_order(self.state, self.choices, order, noise)

    def _noise(self) -> Array:
        shape = self.choices.fixed.shape
        return 1.0 + 0.15 * self.noise_dice.random(shape)

    def _take_out(self, mean: float) -> list[int]:
        dice, state = self.dice, self.state
        visited = [at for at, it in enumerate(state.chosen) if it]
        if not visited:
            return []
        draw = dice.random()
        seed = dice.choice(visited)
        missed = state.unvisited()
        if missed and dice.random() < 0.5:
            # Room is made where it is wanted.
            near = [it for it in self.near.order[dice.choice(missed)] if state.chosen[it]]
            seed = near[int(len(near) * dice.random() ** 4)]
        if draw < 0.1:
            return self._random(visited, mean)
        if draw < 0.2:
            return self._tours(seed)
        if draw < 0.3:
            return self._coupled(seed)
        if draw < 0.55:
            return self._related(seed, mean)
        return self._strings(seed, mean)

    def _make_room(self, wanted: int) -> list[int]:
        """Stops that stand in the way of a missed one: some of a tour on each full day of a set of days on which few are full."""
        tables, state, dice = self.tables, self.state, self.dice
        patterns = self.choices.patterns[wanted]
        if not patterns:
            return []
        full = np.isinf(state.least[self.choices.days[wanted, : len(patterns)], wanted]).sum(axis=1)
        pattern = patterns[int((full + 1.5 * self.noise_dice.random(len(patterns))).argmin())]
        out: dict[int, None] = {}
        for day in pattern:
            if state.least[day, wanted] < inf:
                continue
            slots = [it for it in tables.slots_of_day[day] if tables.allowed[it, wanted] and state.routes[it]]
            if not slots:
                return []
            route = state.routes[dice.choice(slots)]
            many = min(len(route), dice.choice((1, 1, 2, 3)))
            pieces = [route[at : at + many] for at in range(len(route) - many + 1)]
            tried = [dice.choice(pieces) for _each in range(3)]
            out.update(dict.fromkeys(min(tried, key=lambda it: sum(self.failed[stop] for stop in it))))
        return list(out)

    def _random(self, visited: list[int], mean: float) -> list[int]:
        return self.dice.sample(visited, min(len(visited), self.dice.randint(1, int(1.2 * mean))))

    def _tours(self, seed: int) -> list[int]:
        """All stops of one tour of the seed, and of some that come near it."""
        out: dict[int, None] = {}
        many, seen = self.dice.randint(1, 3), set()
        for stop in [seed, *self.near.order[seed]]:
            slots = [it for it in self.state.chosen[stop] if it not in seen]
            if not slots:
                continue
            slot = self.dice.choice(slots)
            seen.add(slot)
            out.update(dict.fromkeys(self.state.routes[slot]))
            if len(seen) >= many or len(out) > 25:
                break
        return list(out)

    def _coupled(self, seed: int) -> list[int]:
        """A tour of the seed, and the tours on other days of the stops in it that come more than once: they only move together."""
        state = self.state
        slot = self.dice.choice(state.chosen[seed])
        out = dict.fromkeys(state.routes[slot])
        for stop in state.routes[slot]:
            if len(state.chosen[stop]) > 1:
                other = self.dice.choice([it for it in state.chosen[stop] if it != slot])
                out.update(dict.fromkeys(state.routes[other]))
            if len(out) > 20:
                break
        return list(out)

    def _related(self, seed: int, mean: float) -> list[int]:
        """Neighbours, the nearer the likelier."""
        many = self.dice.randint(2, int(2 * mean))
        order = [it for it in self.near.order[seed] if self.state.chosen[it]]
        out = [seed]
        while order and len(out) < many:
            out.append(order.pop(int(len(order) * self.dice.random() ** 5)))
        return out

    def _strings(self, seed: int, mean: float) -> list[int]:
        """Pieces of tours that pass near the seed."""
        out: dict[int, None] = {}
        seen: set[int] = set()
        longest = self.dice.randint(1, 6)
        many = self.dice.randint(2, int(2 * mean))
        for stop in [seed, *self.near.order[seed]]:
            if stop in out or not self.state.chosen[stop]:
                continue
            slots = [it for it in self.state.chosen[stop] if it not in seen]
            if not slots:
                continue
            slot = self.dice.choice(slots)
            seen.add(slot)
            route = self.state.routes[slot]
            size = min(len(route), longest)
            at = route.index(stop)
            begin = self.dice.randint(max(0, at - size + 1), min(at, len(route) - size))
            out.update(dict.fromkeys(route[begin : begin + size]))
            if len(out) >= many:
                break
        return list(out)


class Near:
    """For each stop the others from near to far, and how far it lies from where vehicles start."""

    def __init__(self, tables: Tables) -> None:
        table = tables.costs[0]
        across = table[np.ix_(tables.places, tables.places)]
        across = across + across.T
        np.fill_diagonal(across, inf)
        order = np.argsort(across, axis=1, kind="stable")
        self.order = [[int(it) for it in row[:-1]] for row in order]
        start = tables.problem.vehicles[0].start
        self.far = [float(it) for it in table[start, tables.places]]


def _mean_leg(tables: Tables) -> float:
    """How far a stop lies from its nearest ones, as a measure of what a little worse is."""
    table = tables.costs[0][np.ix_(tables.places, tables.places)].copy()
    np.fill_diagonal(table, inf)
    near = np.sort(table, axis=1)[:, : min(4, table.shape[1] - 1)]
    start = tables.problem.vehicles[0].start
    mean = float(near[np.isfinite(near)].mean()) if near.size else 0.0
    return mean or float(tables.costs[0][start].mean()) / 10 or 1.0
