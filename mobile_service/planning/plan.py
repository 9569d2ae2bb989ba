"""What the route planner answers: who is visited when and in which order, what is missed and why, and what it costs.

The same problem with the same limit of iterations gives the same plan, byte for byte (``reading.plan_to_json``).
"""

from dataclasses import dataclass
from typing import NamedTuple


class Visit(NamedTuple):
    """A visit: ``position`` counts from 1 in the tour of that day and vehicle; times as in the problem. ``end`` − ``start`` is the service."""

    stop: str
    day: int
    vehicle: str
    position: int
    arrival: float
    start: float
    end: float


class Tour(NamedTuple):
    """One vehicle's day. ``rest`` is when the break begins, −1 without one. ``travel`` and ``distance`` are its driving alone."""

    day: int
    vehicle: str
    departs: float
    returns: float
    travel: float
    distance: float
    visits: int
    demand: int
    rest: float = -1


class Relaxation(NamedTuple):
    """A way to make a missed visit possible, tried out: what it would take (``amount``) and what driving it would add (``cost``).

    Kinds: ``longer_shift`` (minutes more for that vehicle on that day), ``wider_window`` (minutes), ``other_day`` (that day in spite of
    its ban), ``another_van`` (one more vehicle like that one on that day), ``other_vehicle`` (in spite of its ban), ``more_room`` (so
    much more capacity), ``fewer_visits`` (so many visits can be made without any change).
    """

    kind: str
    amount: float
    cost: float
    day: int = 0
    vehicle: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """Visits of a stop that the plan does not make; ``day`` where one day of its pattern is concerned, else 0.

    ``reason``: what binds. ``never`` (no vehicle can serve it on any day, however empty), ``window``, ``shift``, ``weekday`` (it would
    fit on days that are banned or off its rhythm), ``vans`` (it fits an empty tour: they are all full), ``capacity``, ``vehicle`` (one
    that is banned could come), ``holiday`` (nobody drives on its day, and none near it is free), ``pin`` (it had to leave its tour, so that
    a pinned visit is at its place). ``ways`` has the cheapest first.
    """

    stop: str
    visits: int
    reason: str
    day: int = 0
    ways: tuple[Relaxation, ...] = ()


class Gap(NamedTuple):
    """Days between two visits of a stop that are not what was asked for."""

    stop: str
    first: int
    second: int
    asked: int


class Moved(NamedTuple):
    """A visit that a closed day has moved; ``to`` is 0 where no day was found for it."""

    stop: str
    day: int
    to: int


@dataclass(frozen=True, slots=True)
class Figures:
    """``asked`` visits, of them ``met``. ``hours`` is the time vehicles are out; ``least`` and ``most`` of it in a tour say how fairly the
    days are shared, ``spread`` is the standard deviation. ``kept`` of ``earlier`` visits are on their day. ``gap``: how far travel lies above the
    relaxed ``reference`` (the best travel found when the visits of a stop need not be in rhythm), None where none was reckoned.
    """

    asked: int
    met: int
    tours: int
    travel: float
    distance: float
    hours: float
    service: float
    waiting: float
    least: float
    most: float
    spread: float
    objective: float
    reference: float | None = None
    gap: float | None = None
    kept: int = 0
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """``inputs`` is the SHA-256 of the problem it answers; ``solver`` says with what it was made.

    ``status``: ``done`` (its work was finished), ``optimal`` (nothing could be better), ``time_limit`` (the best that was found in time) or
    ``stopped`` (the solver hung or died and was ended: the best that it had found).
    """

    inputs: str
    solver: str
    seed: int
    status: str
    visits: tuple[Visit, ...]
    tours: tuple[Tour, ...]
    missed: tuple[Missed, ...]
    figures: Figures
    gaps: tuple[Gap, ...] = ()
    moved: tuple[Moved, ...] = ()
