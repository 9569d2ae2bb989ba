"""On which sets of days a stop may be visited: its rhythm as patterns, of which the planner chooses one."""

from collections.abc import Iterable, Iterator
from itertools import chain, combinations

from mobile_service.planning.problem import Hours, Problem, Stop, Vehicle, hours_on, weekday

# More patterns than these are no better choice, only a slower one.
MOST_PATTERNS = 600
# Of so many visits beside the pinned ones every part is looked at.
FEW = 4
# As far as a visit goes that a closed day has put out.
FAR = 6


def span(problem: Problem) -> int:
    """Days from the first to the last, in whole weeks; the cycle, where there is one."""
    if problem.cycle:
        return problem.cycle
    numbers = [it.number for it in problem.days]
    return -(-(max(numbers) - min(numbers) + 1) // 7) * 7 if numbers else 0


def may_drive(problem: Problem, stop: Stop) -> list[Vehicle]:
    """The vehicles that may come to a stop."""
    return [
        it
        for it in problem.vehicles
        if it.key not in stop.banned_vehicles and (not stop.vehicles or it.key in stop.vehicles)
    ]


def shift_on(vehicle: Vehicle, day: int) -> Hours | None:
    """When a vehicle may be out on a day; None: not at all."""
    if day in vehicle.off:
        return None
    if not vehicle.shifts:
        return Hours(float("-inf"), float("inf"))
    found = hours_on(vehicle.shifts, day)
    return found[0] if found else None


def banned(stop: Stop, day: int) -> bool:
    return day in stop.banned_days or weekday(day) in stop.banned_weekdays


def possible_days(problem: Problem, stop: Stop) -> list[int]:
    """The days on which the stop allows a visit and some vehicle that may come is out."""
    fleet = may_drive(problem, stop)
    return [
        it.number
        for it in problem.days
        if not it.closed
        and not banned(stop, it.number)
        and (not stop.windows or hours_on(stop.windows, it.number))
        and any(shift_on(vehicle, it.number) for vehicle in fleet)
    ]


def put_out(problem: Problem, stop: Stop) -> set[int]:
    """The days on which the stop could be visited in any other week: closed ones, and those on which every vehicle that comes is off."""
    fleet = may_drive(problem, stop)
    return {
        it.number
        for it in problem.days
        if not banned(stop, it.number)
        and (
            it.closed
            or (
                any(
                    it.number in row.off and (not row.shifts or hours_on(row.shifts, it.number))
                    for row in fleet
                )
                and not any(shift_on(row, it.number) for row in fleet)
                and (not stop.windows or hours_on(stop.windows, it.number))
            )
        )
    }


def remains_of(problem: Problem, stop: Stop) -> list[tuple[int, ...]]:
    """What is left of each set of days without those on which nobody can come: for stops of which no set is possible as a whole."""
    possible = set(possible_days(problem, stop))
    every, days = interval(problem, stop), sorted(it.number for it in problem.days)
    rows = stop.patterns or [
        tuple(range(first, days[-1] + 1, max(1, every)))[: asked(problem, stop)]
        for first in days
        if first < days[0] + every
    ]
    return sorted({left for row in rows if (left := tuple(it for it in row if it in possible))})


def asked(problem: Problem, stop: Stop) -> int:
    """How many visits a stop is to have."""
    if stop.patterns:
        return max(len(it) for it in stop.patterns)
    if stop.times:
        return stop.times
    return max(1, span(problem) // stop.every) if stop.every else 1


def interval(problem: Problem, stop: Stop) -> int:
    """Days between two visits; whole weeks where the horizon has some, so that the weekday stays the same."""
    if stop.every:
        return stop.every
    count, whole = asked(problem, stop), span(problem)
    if count <= 1:
        return whole
    weeks = whole // 7
    return 7 * (weeks // count) if weeks >= count else max(1, whole // count)


def nearest(days: Iterable[int], day: int) -> int:
    """Of two that are as near the earlier."""
    return min((abs(it - day), it) for it in days)[1]


def patterns_of(problem: Problem, stop: Stop) -> list[tuple[int, ...]]:
    """The allowed sets of days, each in order. Pinned days are in every one of them; empty: no day is possible."""
    possible = set(possible_days(problem, stop))
    closed = put_out(problem, stop)
    found = {
        bent
        for it in (stop.patterns or _rhythms(problem, stop, possible | closed))
        if (bent := _around(it, possible, closed))
    }
    pins = {it.day for it in problem.pins if it.stop == stop.key}
    if pins:
        found = _with_pins(found, pins)
    return sorted(found)


def parts_of(problem: Problem, stop: Stop) -> list[tuple[int, ...]]:
    """What a pinned stop may have where none of its patterns fits as a whole: its pinned days, and the more of a pattern the better."""
    pins = {it.day for it in problem.pins if it.stop == stop.key}
    whole = patterns_of(problem, stop) if pins else []
    found: set[tuple[int, ...]] = {tuple(sorted(pins))} if whole else set()
    for pattern in whole:
        others = [it for it in pattern if it not in pins]
        sizes = range(1, len(others)) if len(others) <= FEW else (len(others) - 1,)
        for some in chain.from_iterable(combinations(others, size) for size in sizes):
            found.add(tuple(sorted({*pins, *some})))
            if len(found) >= MOST_PATTERNS:
                break
    return sorted(found - set(whole))


def _rhythms(problem: Problem, stop: Stop, possible: set[int]) -> list[tuple[int, ...]]:
    count, every = asked(problem, stop), interval(problem, stop)
    days = sorted(it.number for it in problem.days)
    if not days:
        return []
    if count == 1:
        return [(day,) for day in days]
    drift, found = 0, list(_steps(problem, days, possible, count, every, 0))
    while drift < stop.drift:
        drift += 1
        wider = list(_steps(problem, days, possible, count, every, drift))
        if len(wider) > MOST_PATTERNS and found:
            break
        found = wider[:MOST_PATTERNS]
    return found


def _steps(
    problem: Problem, days: list[int], possible: set[int], count: int, every: int, drift: int
) -> Iterator[tuple[int, ...]]:
    """All rows of days whose gaps are ``every`` days, give or take ``drift``, from one in the first ``every`` days on."""
    first = days[0]

    def more(row: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(row) == count:
            home = row[0] + problem.cycle - row[-1] if problem.cycle else every
            if abs(home - every) <= drift:
                yield row
            return
        for step in range(every - drift, every + drift + 1):
            if step > 0 and row[-1] + step in possible:
                yield from more((*row, row[-1] + step))

    made = 0
    for day in days:
        if day >= first + every + drift:
            return
        for row in more((day,)) if day in possible else ():
            yield row
            made += 1
            if made > 20 * MOST_PATTERNS:
                return


def _around(pattern: tuple[int, ...], possible: set[int], closed: set[int]) -> tuple[int, ...]:
    """The pattern with each closed day put off to the nearest possible one; () where another day is impossible."""
    kept = {it for it in pattern if it in possible}
    out = [it for it in pattern if it not in possible]
    if any(it not in closed for it in out):
        return ()
    for day in out:
        near = [it for it in possible if abs(it - day) <= FAR and it not in kept]
        if near:
            kept.add(nearest(near, day))
    return tuple(sorted(kept))


def _with_pins(found: set[tuple[int, ...]], pins: set[int]) -> set[tuple[int, ...]]:
    """Only patterns with the pinned days; where there is none, the nearest day of each pattern gives way to the hand's."""
    having = {it for it in found if pins <= set(it)}
    if having:
        return having
    bent = set()
    for pattern in found or {()}:
        days = set(pattern)
        for pin in sorted(pins - days):
            others = days - pins
            if others:
                days.discard(nearest(others, pin))
            days.add(pin)
        bent.add(tuple(sorted(days)))
    return bent
