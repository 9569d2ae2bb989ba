"""What the rotation planner is given: schools, titles, copies, history, wishes and what is already decided. Plain data.

Keys are text (a UUID, a code: the caller's business); periods are counted from 1. Every table may come in any order: the plan
does not depend on it. ``reading.py`` has the same as JSON.
"""

from dataclasses import dataclass, field
from datetime import date

LIBRARY = ""
"""Where a copy is that no school has."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title lies in one cell: its reading level and its subject.

    ``points`` say how much it is liked (whole numbers, say 0–400). ``hot`` titles are new or much asked for: every school is to
    get its fair share of them. ``tags`` are what crossing quotas count ("local").
    """

    key: str
    level: str
    subject: str
    points: int = 0
    language: str = ""
    hot: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """One book that may travel, from period ``first`` to period ``last`` (0: to the end).

    ``at`` is the school that holds it now, or LIBRARY. ``wear`` 0 (new) to 3: the less worn goes first. ``day``: where schools
    have days, the one from which it is free.
    """

    key: str
    title: str
    at: str = LIBRARY
    wear: int = 0
    first: int = 1
    last: int = 0
    day: int = 0


@dataclass(frozen=True, slots=True)
class Quota:
    """At least ``places`` books of every delivery are of this level and subject; "" means any.

    A quota may lie within another one of the same school (a subject within a level). Two that overlap without one being in the
    other are taken for crossing: they are met over the year, not in each delivery.
    """

    places: int
    level: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Over the whole plan at least ``at_least`` and at most ``at_most`` books of this kind, across all cells; "" is any.

    These are kept as nearly as can be, after the number of books and before preference; what misses is said.
    """

    at_least: int = 0
    at_most: int | None = None
    tag: str = ""
    language: str = ""
    level: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class School:
    """``size`` books in each delivery, of the school's ``levels`` only.

    ``quotas`` may add up to less than ``size``: the rest is free. ``absent`` lists periods without a delivery. Schools of one
    ``tour``, or near each other by their coordinates, may hand books on directly. ``ring`` parts the schools whose fixed boxes
    travel among themselves (one ring for each kind of school). ``days``: for each period the days on which the delivery arrives and
    goes back, counted from the first day of the plan; all schools have them, or none: then all swap on the same day.
    """

    key: str
    size: int
    levels: tuple[str, ...]
    quotas: tuple[Quota, ...] = ()
    crossing: tuple[Crossing, ...] = ()
    languages: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    tour: str = ""
    ring: str = ""
    absent: tuple[int, ...] = ()
    days: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """A school asks for a title; the higher the priority (1 to 9), the more it counts."""

    school: str
    title: str
    priority: int = 1


@dataclass(frozen=True, slots=True)
class History:
    """Titles that a school had ``ago`` periods before the first planned one (1: the period just ending)."""

    school: str
    titles: tuple[str, ...]
    ago: int = 1


@dataclass(frozen=True, slots=True)
class Ban:
    """Titles that never go to a school, however long it has not had them: it owns them, or does not want them."""

    school: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lock:
    """Fixed by hand: this title is at this school in this period, with this copy if one is named."""

    school: str
    title: str
    period: int
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier plan had promised a school for a period. Kept where it costs nothing (``Weights.stay``)."""

    school: str
    period: int
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much. ``stay`` is what it is worth to leave a title with the school that an earlier plan gave it.

    ``variety`` points are drawn for each pair of school and title from the seed, so that schools that are alike do not get all
    the same. ``fairness`` is what it is worth to give a school one hot title more when it has less than half of its fair
    share (twice that below a quarter), and half of what it is worth to give it one less when it has a quarter more than its
    share; 0 leaves it to preference. With points to 20, 6 is much.
    """

    wish: int = 100
    language: int = 6
    wear: int = 1
    variety: int = 7
    stay: int = 1
    fairness: int = 0
    near_km: float = 2.5


@dataclass(frozen=True, slots=True)
class Calendar:
    """The agreement that the periods must fit into; given, the planner refuses what cannot be delivered."""

    starts_on: date
    ends_on: date
    interval_months: int
    closed_weekdays: tuple[int, ...] = ()
    closed: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One library's rotation over ``periods`` periods.

    ``memory``: a school does not get a title again within so many periods; None is never again. ``mode`` is "personal" (every
    school its own choice), "kits" (fixed boxes round a ring) or "mixed" (``fixed`` books of each delivery travel in boxes); boxes hold
    the mean of the quotas of their ring, and what a school's own quotas miss is said.
    ``kit_gap``: a title comes again in a box only so many periods later.
    """

    schools: tuple[School, ...]
    titles: tuple[Title, ...]
    copies: tuple[Copy, ...]
    periods: int = 4
    wishes: tuple[Wish, ...] = ()
    history: tuple[History, ...] = ()
    bans: tuple[Ban, ...] = ()
    locks: tuple[Lock, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    memory: int | None = None
    mode: str = "personal"
    fixed: int = 0
    kit_gap: int = 8
    weights: Weights = field(default_factory=Weights)
    calendar: Calendar | None = None
    seed: int = 1
