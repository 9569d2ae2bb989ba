"""What the route planner is given: stops, vehicles, days, driving times and what is already decided. Plain data.

Keys are text (a UUID, a code: the caller's business). Times of the day and durations are numbers of one unit, minutes as a rule, counted
from any moment that is the same for all (midnight). Days are numbers too: consecutive numbers are consecutive calendar days and day 1 is
a Monday, so that a number says weekday, week and gap. Tables may come in any order. ``reading.py`` has the same as JSON.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar. ``closed``: nobody drives (a holiday); it is listed all the same, so that its visits are moved and told."""

    number: int
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """From ``opens`` to ``closes`` on these ``days`` or ``weekdays`` (1 is Monday); with neither, on every day that has none of its own.

    Hours for a day go before those for its weekday, and these before the general ones. A shift of a vehicle, or a window of a stop.
    """

    opens: float
    closes: float
    weekdays: tuple[int, ...] = ()
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rest:
    """A break of ``minutes`` that begins between ``earliest`` and ``latest``, after a visit. A tour that is home by ``latest`` needs none."""

    minutes: float
    earliest: float
    latest: float


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One vehicle, one tour a day. Without shifts it may be out at any time; with shifts, only on the days that they name.

    ``capacity`` bounds what the visits of one tour demand, ``most_minutes`` the time from leaving to coming back, ``most_distance`` the
    way. ``start`` and ``end`` are places of the matrix; ``matrix`` names the driving times that hold for it. ``off``: not on these days.
    """

    key: str
    shifts: tuple[Hours, ...] = ()
    capacity: int | None = None
    most_minutes: float | None = None
    most_distance: float | None = None
    start: int = 0
    end: int = 0
    rest: Rest | None = None
    off: tuple[int, ...] = ()
    matrix: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop and how often it is visited. ``place`` is its row in the matrix; several stops may share one.

    How often: ``patterns`` lists the sets of days that are allowed, one of which is chosen; or ``every`` so many days (14: every second
    week, on the same weekday), as often as the horizon holds, or ``times`` when given; or only ``times`` (1), as evenly as can be.
    ``drift``: a gap may be so many days shorter or longer. ``windows``: the visit lies wholly within one of them (see
    ``Problem.windows``). ``vehicles``: only these come, "" any. ``priority``: what a missed visit counts, 1 as a rule.
    """

    key: str
    place: int
    service: float
    windows: tuple[Hours, ...] = ()
    every: int = 0
    times: int = 0
    drift: int = 0
    patterns: tuple[tuple[int, ...], ...] = ()
    banned_weekdays: tuple[int, ...] = ()
    banned_days: tuple[int, ...] = ()
    vehicles: tuple[str, ...] = ()
    banned_vehicles: tuple[str, ...] = ()
    demand: int = 0
    priority: float = 1.0


@dataclass(frozen=True, slots=True)
class Matrix:
    """Driving times from each place to each, which need not be the same both ways; ``distances`` likewise, when they are known."""

    minutes: tuple[tuple[float, ...], ...]
    distances: tuple[tuple[float, ...], ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """Decided by hand: this stop is visited on this day, by this vehicle if one is named, as this one of its tour if ``position`` > 0."""

    stop: str
    day: int
    vehicle: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Earlier:
    """A visit of an earlier plan, kept where that costs less than ``Weights.stay``."""

    stop: str
    day: int
    vehicle: str = ""


@dataclass(frozen=True, slots=True)
class Weights:
    """What a plan costs: ``minutes`` for each minute of driving, ``distance`` for each unit of way, ``tour`` for each vehicle that leaves
    the depot on a day, ``stay`` for each visit that leaves the day (half of it: the vehicle) that an earlier plan gave it. A missed visit
    costs more than any way; ``missed`` says how much, 0 lets the planner choose.
    """

    minutes: float = 1.0
    distance: float = 0.0
    tour: float = 0.0
    stay: float = 0.0
    missed: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: after ``seconds``, or after ``iterations`` (then the same problem gives the same plan, byte for byte)."""

    seconds: float = 60.0
    iterations: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """One fleet's calendar over ``days``.

    ``cycle``: the calendar repeats after so many days (28). Then the first such stretch is planned, repeated over all days, and repaired
    in the weeks that have closed days. ``windows``: "visit", a visit lies wholly within a window, or "start", it only begins in it.
    """

    stops: tuple[Stop, ...]
    vehicles: tuple[Vehicle, ...]
    days: tuple[Day, ...]
    matrices: tuple[Matrix, ...]
    cycle: int = 0
    windows: str = "visit"
    pins: tuple[Pin, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    weights: Weights = field(default_factory=Weights)
    limits: Limits = field(default_factory=Limits)
    seed: int = 1


def weekday(day: int) -> int:
    """1 is Monday."""
    return (day - 1) % 7 + 1


def week(day: int) -> int:
    """Weeks count from 1 and begin on Monday."""
    return (day - 1) // 7 + 1


def hours_on(rows: tuple[Hours, ...], day: int) -> tuple[Hours, ...]:
    """Which of these hours hold on a day: its own, else its weekday's, else the general ones."""
    for found in (
        tuple(it for it in rows if day in it.days),
        tuple(it for it in rows if not it.days and weekday(day) in it.weekdays),
        tuple(it for it in rows if not it.days and not it.weekdays),
    ):
        if found:
            return found
    return ()
