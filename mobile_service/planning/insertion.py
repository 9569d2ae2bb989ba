"""Stops put into tours one after another: the cheapest pattern each, first the stop that would lose most by waiting."""

from math import inf
from typing import Any

import numpy as np

from mobile_service.planning.state import State
from mobile_service.planning.tables import Tables

Array = Any


class Choices:
    """The patterns of every stop as one array: stops × patterns × visits, the numbers of days; filled up with a day of no cost."""

    def __init__(self, tables: Tables, patterns: list[list[tuple[int, ...]]] | None = None) -> None:
        rows = _whole_and_parts(tables) if patterns is None else patterns
        self.patterns = rows
        most = max((len(it) for it in rows), default=1) or 1
        longest = max((len(it) for row in rows for it in row), default=1) or 1
        nothing = len(tables.days)
        self.days = np.full((len(rows), most, longest), nothing, dtype=np.int64)
        # A pattern with fewer visits than are asked is charged for those that it leaves out.
        self.fixed = np.full((len(rows), most), inf)
        for at, row in enumerate(rows):
            for number, days in enumerate(row):
                self.days[at, number, : len(days)] = days
                self.fixed[at, number] = float(tables.missed[at]) * max(0, tables.asked[at] - len(days))
        self.alone = longest == 1
        self.count = np.array([max(1, len(it)) for it in rows], dtype=np.int64)
        self.sets = [{tuple(sorted(it)) for it in row} for row in rows]

    def costs(self, state: State, stops: Array) -> Array:
        """What each pattern of each of these stops would add: as many columns as the one with the most patterns has."""
        most = int(self.count[stops].max())
        days, fixed = self.days[stops, :most], self.fixed[stops, :most]
        if self.alone:
            return state.least[days[:, :, 0], stops[:, None]] + fixed
        return state.least[days, stops[:, None, None]].sum(axis=2) + fixed


def _whole_and_parts(tables: Tables) -> list[list[tuple[int, ...]]]:
    return [[*whole, *parts] for whole, parts in zip(tables.patterns, tables.parts, strict=True)]


def insert_by_regret(
    state: State, choices: Choices, stops: list[int], regret: int = 2, noise: Array | None = None
) -> list[int]:
    """Insert what fits; the stops that do not are returned. ``noise`` multiplies what a stop's patterns seem to cost."""
    left = np.array(sorted(stops), dtype=np.int64)
    out: list[int] = []
    while len(left):
        costs = choices.costs(state, left)
        if noise is not None:
            costs = costs * noise[left][:, : costs.shape[1]]
        best = costs.argmin(axis=1)
        least = costs[np.arange(len(left)), best]
        full = np.isinf(least)
        if full.any():
            # What has no place now gets none by others coming in.
            out += [int(it) for it in left[full]]
            left, costs, best, least = left[~full], costs[~full], best[~full], least[~full]
            if not len(left):
                break
        if regret > 1 and costs.shape[1] >= regret:
            second = np.partition(costs, regret - 1, axis=1)[:, regret - 1]
            # Stops with a single way left go first; among them the dearest.
            loss = np.where(np.isinf(second), 1e12 + least, second - least)
        else:
            loss = -least
        at = int(loss.argmax())
        stop = int(left[at])
        state.insert(stop, choices.patterns[stop][int(best[at])])
        left = np.delete(left, at)
    return out


def insert_all(state: State, choices: Choices) -> list[int]:
    """Every stop, those that a hand has pinned first: others find room beside them more easily than they beside others."""
    stops = range(len(state.chosen))
    pinned = [it for it in stops if state.tables.held[it]]
    out = insert_by_regret(state, choices, pinned)
    return out + insert_by_regret(state, choices, [it for it in stops if not state.tables.held[it]])


def insert_more(state: State, choices: Choices) -> None:
    """What fits now: stops without a visit, and of pinned stops the visits beside those that a hand wants."""
    insert_by_regret(state, choices, state.unvisited())
    for stop, chosen in enumerate(state.chosen):
        if state.tables.parts[stop] and 0 < len(chosen) < state.tables.asked[stop]:
            before = state.keep()
            out = state.remove([stop])
            if insert_in_order(state, choices, out) or state.cost >= before[2]:
                state.restore(before)


def insert_in_order(
    state: State, choices: Choices, stops: list[int], noise: Array | None = None
) -> list[int]:
    """Insert one after another as they come, each where it is cheapest."""
    out = []
    for stop in stops:
        costs = choices.costs(state, np.array([stop]))[0]
        if noise is not None:
            costs = costs * noise[stop][: len(costs)]
        best = int(costs.argmin())
        if costs[best] == inf:
            out.append(stop)
        else:
            state.insert(stop, choices.patterns[stop][best])
    return out
