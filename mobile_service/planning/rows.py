"""What it costs to put each stop into a tour, for all stops at once, and remembered: the same tours come back again and again."""

from math import inf
from typing import Any, NamedTuple

import numpy as np

from mobile_service.planning.tables import NEVER, Kind, Tables
from mobile_service.planning.timing import drive, fits, way

Array = Any
Route = tuple[int, ...]
# Bytes that remembered rows may take.
MEMORY = 120_000_000


class Row(NamedTuple):
    """For each stop the least that it adds to the tour, and the place where it does; infinite where it does not fit."""

    added: Array
    place: Array


class Rows:
    """The rows of all tours of all kinds. Stops of a tour are whole numbers, as in the tables."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.kept: list[dict[Route, Row]] = [{} for _kind in tables.kinds]
        self.ways: list[dict[Route, float]] = [{(): 0.0} for _kind in tables.kinds]
        self.standing: list[dict[Route, bool]] = [{} for _kind in tables.kinds]
        self.most = max(2_000, MEMORY // max(1, 12 * len(tables.stops)))
        self.count = 0
        self.kinds = [_Prepared(tables, kind) for kind in tables.kinds]

    def of(self, kind: int, route: Route) -> Row:
        found = self.kept[kind].get(route)
        if found is None:
            if self.count > self.most:
                for rows in self.kept:
                    rows.clear()
                for ways in self.ways:
                    ways.clear()
                    ways[()] = 0.0
                self.count = 0
            found = self.kept[kind][route] = self.kinds[kind].row(route)
            self.count += 1
        return found

    def stands(self, kind: int, route: Route) -> bool:
        """Whether the tour can be driven as it is."""
        found = self.standing[kind].get(route)
        if found is None:
            if len(self.standing[kind]) > self.most:
                self.standing[kind].clear()
            found = self.standing[kind][route] = fits(self.tables, self.tables.kinds[kind], route)
        return found

    def cost(self, kind: int, route: Route) -> float:
        """What driving the tour costs, with what it costs that it is driven at all."""
        found = self.ways[kind].get(route)
        if found is None:
            found = way(self.tables, self.tables.kinds[kind], route) + self.tables.problem.weights.tour
            self.ways[kind][route] = found
        return found


class _Prepared:
    """A kind's matrices with the stops as rows and columns; the last two are where its vehicles start and end."""

    def __init__(self, tables: Tables, kind: Kind) -> None:
        self.tables, self.kind = tables, kind
        places = np.concatenate([tables.places, [kind.start, kind.end]])
        across = np.ix_(places, places)
        self.start, self.end = len(tables.places), len(tables.places) + 1
        stops = slice(0, len(tables.places))
        self.minutes = tables.minutes[kind.matrix][across].astype(float)
        self.cost = tables.costs[kind.matrix][across]
        self.to, self.back = self.minutes[:, stops].copy(), self.minutes[stops].T.copy()
        self.cost_to, self.cost_back = self.cost[:, stops].copy(), self.cost[stops].T.copy()
        self.far_to: Array = None
        self.far_back: Array = None
        self.far: Array = None
        table = tables.distances[kind.matrix]
        if kind.most_distance < inf and table is not None:
            self.far = table[across]
            self.far_to, self.far_back = self.far[:, stops].copy(), self.far[stops].T.copy()
        self.service = tables.service.astype(float)
        # Single numbers come out of lists faster than out of arrays.
        self.legs: list[list[float]] = self.minutes.tolist()
        self.lasts: list[float] = self.service.tolist()
        windows = tables.windows[kind.signature]
        most = max((len(it) for it in windows), default=0)
        # One layer for each window of a stop; where there are fewer, one that never fits.
        self.layers = [
            (
                np.array([it[at][0] if at < len(it) else 0 for it in windows], dtype=float),
                np.array([it[at][1] if at < len(it) else -NEVER for it in windows], dtype=float),
            )
            for at in range(most)
        ]
        bounded = kind.most_minutes < NEVER
        self.bounded = bounded and kind.rest is None and len(self.layers) == 1
        self.slow = bounded and not self.bounded

    def row(self, route: Route) -> Row:
        tables, kind = self.tables, self.kind
        before = [self.start, *route]
        after = [*route, self.end]
        legs = self.cost[before, after]
        added = self.cost_to[before] + self.cost_back[after] - legs[:, None]
        if not route:
            added = added + tables.problem.weights.tour
            # A tour that does not take place costs nothing, nor does the way from the depot to the depot.
            added += legs[:, None]
        timed = self._in_time if kind.rest is None else self._in_time_with_break
        ok = timed(route, before, after)
        if self.bounded:
            ok &= self._lasts(route, before, after) <= kind.most_minutes
        room = kind.capacity - sum(int(tables.demand[it]) for it in route)
        ok &= tables.demand <= room
        if self.far is not None:
            far = self.far[before, after]
            total = far.sum() if route else 0.0
            more = self.far_to[before] + self.far_back[after] - (far[:, None] if route else 0.0)
            ok &= total + more <= kind.most_distance + 1e-9
        added = np.where(ok, added, inf)
        if self.slow:
            added = self._only_driveable(route, added)
        best = added.argmin(axis=0)
        return Row(added[best, np.arange(added.shape[1])], best)

    def _in_time(self, route: Route, before: list[int], after: list[int]) -> Array:
        """For each place in the tour and each stop: whether every window and the shift still hold. Breaks are not looked at."""
        ready = np.empty(len(before))
        latest = np.empty(len(after))
        windows = self.tables.windows[self.kind.signature]
        clock = ready[0] = float(self.kind.opens)
        for at, stop in enumerate(route):
            clock = _begin(windows[stop], clock + self.legs[before[at]][stop]) + self.lasts[stop]
            ready[at + 1] = clock
        # Up to when one must be at what follows.
        late = latest[-1] = float(self.kind.closes)
        for at in range(len(route) - 1, -1, -1):
            stop = route[at]
            late = _last(windows[stop], late - self.legs[stop][after[at + 1]] - self.lasts[stop])
            latest[at] = late
        comes = ready[:, None] + self.to[before]
        must = latest[:, None] - self.back[after] - self.service
        ok = None
        for opens, closes in self.layers:
            held = (comes <= closes) & (np.maximum(comes, opens) <= must)
            ok = held if ok is None else ok | held
        return np.zeros_like(comes, dtype=bool) if ok is None else ok

    def _in_time_with_break(self, route: Route, before: list[int], after: list[int]) -> Array:
        """The same where a break is due: two clocks, of a tour that has not had it and of one that has, driven to the end for all at once."""
        kind, windows = self.kind, self.tables.windows[self.kind.signature]
        assert kind.rest is not None
        closes, latest = kind.closes, kind.rest[2]
        plain, rested = [float(kind.opens)], [inf]
        for at, stop in enumerate(route):
            leg, lasts = self.legs[before[at]][stop], self.lasts[stop]
            clock = _begin(windows[stop], plain[-1] + leg) + lasts
            plain.append(clock)
            rested.append(min(_begin(windows[stop], rested[-1] + leg) + lasts, self._after_break(clock)))
        to = self.to[before]
        first = self._begun(np.array(plain)[:, None] + to) + self.service
        second = np.minimum(
            self._begun(np.array(rested)[:, None] + to) + self.service, self._after_breaks(first)
        )
        legs = self.back[after]
        for at, stop in enumerate(route):
            # What was put in before this stop comes to it from there, or from the stop that it followed until now.
            came = np.full(at + 1, self.minutes[before[at], stop])[:, None] + np.zeros(to.shape[1])
            came[at] = legs[at]
            first[: at + 1] = _begins(windows[stop], first[: at + 1] + came) + self.service[stop]
            second[: at + 1] = np.minimum(
                _begins(windows[stop], second[: at + 1] + came) + self.service[stop],
                self._after_breaks(first[: at + 1]),
            )
        home = np.full(to.shape, self.minutes[route[-1], self.end] if route else 0.0)
        home[-1] = legs[-1]
        return (first + home <= min(latest, closes)) | (second + home <= closes)

    def _lasts(self, route: Route, before: list[int], after: list[int]) -> Array:
        """How long the tour would take at least, leaving as late as that allows. Each stop has one window, which is known to hold.

        A piece of a tour is how long it takes, and the earliest and the latest moment to begin it so that it takes no longer.
        """
        opens, closes = self.layers[0]
        depot = (0.0, float(self.kind.opens), float(self.kind.closes))
        stops = [(self.lasts[it], float(opens[it]), float(closes[it])) for it in route]
        heads, tails = [depot], [depot]
        for at, piece in enumerate(stops):
            heads.append(_joined(heads[-1], piece, self.legs[before[at]][route[at]]))
        for at in range(len(stops) - 1, -1, -1):
            tails.append(_joined(stops[at], tails[-1], self.legs[route[at]][after[at + 1]]))
        head, tail = np.array(heads)[:, :, None], np.array(tails[::-1])[:, :, None]
        there = head[:, 0] + self.to[before]
        waits = np.maximum(opens - there - head[:, 2], 0)
        latest = np.minimum(closes - there, head[:, 2])
        so_far = there + self.service + waits + self.back[after]
        return so_far + tail[:, 0] + np.maximum(tail[:, 1] - so_far - latest, 0)

    def _begun(self, comes: Array) -> Array:
        """When the visit of each stop begins; infinite where it is too late for every window."""
        found = np.full_like(comes, inf)
        for opens, closes in reversed(self.layers):
            found = np.where(comes <= closes, np.maximum(comes, opens), found)
        return found

    def _after_break(self, clock: float) -> float:
        assert self.kind.rest is not None
        minutes, earliest, latest = self.kind.rest
        begins = max(clock, earliest)
        return begins + minutes if begins <= latest else inf

    def _after_breaks(self, clocks: Array) -> Array:
        assert self.kind.rest is not None
        minutes, earliest, latest = self.kind.rest
        begins = np.maximum(clocks, earliest)
        return np.where(begins <= latest, begins + minutes, inf)

    def _only_driveable(self, route: Route, added: Array) -> Array:
        """Where a longest tour counts: from the cheapest place on, the first at which the tour can really be driven."""
        found = np.full_like(added, inf)
        for stop in range(added.shape[1]):
            for at in np.argsort(added[:, stop], kind="stable"):
                if added[at, stop] == inf:
                    break
                if drive(self.tables, self.kind, (*route[:at], stop, *route[at:])) is not None:
                    found[at, stop] = added[at, stop]
                    break
        return found


def _begin(windows: list[tuple[int, int]], arrives: float) -> float:
    for opens, closes in windows:
        if arrives <= closes:
            return max(arrives, opens)
    return inf


Piece = tuple[float, float, float]


def _joined(first: Piece, second: Piece, leg: float) -> Piece:
    """Two pieces of a tour, one after the other."""
    there = first[0] + leg
    waits = max(second[1] - there - first[2], 0.0)
    earliest = max(second[1] - there, first[1]) - waits
    return there + second[0] + waits, earliest, min(second[2] - there, first[2])


def _begins(windows: list[tuple[int, int]], comes: Array) -> Array:
    found = np.full_like(comes, inf)
    for opens, closes in reversed(windows):
        found = np.where(comes <= closes, np.maximum(comes, opens), found)
    return found


def _last(windows: list[tuple[int, int]], latest: float) -> float:
    """The last moment at which a visit may begin so that it begins by ``latest``; −infinite where there is none."""
    for opens, closes in reversed(windows):
        if opens <= latest:
            return min(closes, latest)
    return -inf
