"""What the rotation planner answers: who gets which copy when, from where, what is missing and why, and the proof.

The same problem gives the same plan, byte for byte (``reading.plan_to_json``). Times and memory are not part of it.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Item(NamedTuple):
    """One book of a delivery. ``source`` is the near school that hands it on directly, or "" when it comes by the library."""

    title: str
    copy: str
    source: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a school gets in a period. ``kit`` names the fixed box that the books travel in, if there is one."""

    school: str
    period: int
    items: tuple[Item, ...]
    kit: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """A quota of a school that falls short over the year: it ``needs`` so many books, ``gets`` so many.

    ``had_all`` of the missing ones lack because the school has had the titles, or is never to get them; the rest because there are too few copies.
    "" as level and subject: the free places of the school.
    """

    school: str
    level: str
    subject: str
    needs: int
    gets: int
    had_all: int


@dataclass(frozen=True, slots=True)
class Remedy:
    """What closes the gap of a cell: ``copies`` more books, at least ``new_titles`` different ones among them new to the shelf.

    ``more_of`` names titles of which a further copy helps most. "" as level or subject: any.
    """

    level: str
    subject: str
    missing: int
    copies: int
    new_titles: int
    more_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """Why not fewer places can stay empty: ``demand`` − ``supply`` − ``links`` = ``empty``.

    The named quotas (school and number in its list; −1: the whole delivery; −2 − number: the free places of a quota that has others
    inside, −1 being the whole delivery) ask for ``demand`` places over the year. They can be served from ``titles`` (together ``supply`` places) and by single pairs that go to other titles (``links``), and by nothing else.
    """

    empty: int
    demand: int
    supply: int
    links: int
    quotas: tuple[tuple[str, int], ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unserved:
    """A wish that the plan does not serve. Codes: ``no_copy``, ``had``, ``banned``, ``level``, ``outbid``."""

    school: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class CrossingGap:
    """A crossing quota that the year misses by so many books, too few or too many.

    ``number`` is its place in the school's ``crossing``, or −1 − its place in ``quotas`` for one that crosses others there, and for
    any that fixed boxes miss.
    """

    school: str
    number: int
    missing: int


@dataclass(frozen=True, slots=True)
class Trip:
    """Books that go from one school straight to another at the beginning of a period: one box, if all fit."""

    period: int
    source: str
    target: str
    books: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Prices from which anybody can recompute that no plan has a better ``score``.

    A price for a place of each title over the year (only those above 0). ``penalty`` is what an empty place costs; for every plan:
    score − penalty × empty places − ``missing`` × books that crossing quotas miss ≤ ``bound``. ``crossing`` prices a book of each
    crossing quota (school, number, price): above 0 when it has too few, below when too many. ``fair`` says for
    each quota (numbered as in ``Certificate``) below and above how many hot titles a year fairness counts; below half of the
    one (rounded down), and above the other, it counts double.
    """

    penalty: int
    bound: int
    prices: tuple[tuple[str, int], ...]
    crossing: tuple[tuple[str, int, int], ...] = ()
    fair: tuple[tuple[str, int, int, int], ...] = ()
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """``preference`` is the sum of points of all pairs; ``score`` adds what fairness and staying are worth.

    ``gap`` is how far the score may be from the best, as a share; None when nothing is proven: fixed boxes, or periods so
    unlike that more places stay empty than the year as a whole would leave.
    """

    places: int
    empty: int
    preference: int
    score: int
    bound: int
    gap: float | None
    wishes: int
    wishes_served: int
    mean_wait: float
    hot_least: int
    hot_most: int
    swapped: int
    direct: int
    trips: int
    kept: int
    earlier: int


@dataclass(frozen=True, slots=True)
class Plan:
    """``inputs`` is the SHA-256 of the problem it answers; ``solver`` says with what it was made."""

    inputs: str
    solver: str
    seed: int
    mode: str
    deliveries: tuple[Delivery, ...]
    figures: Figures
    shortages: tuple[Empty, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    certificate: Certificate | None = None
    crossing_gaps: tuple[CrossingGap, ...] = ()
    unserved: tuple[Unserved, ...] = ()
    trips: tuple[Trip, ...] = ()
    proof: Proof | None = None
