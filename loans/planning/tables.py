"""A problem as arrays: what each pair of school and title is worth, how many copies there are, and the stations of the network.

Every delivery is a small tree of *stations*: the whole delivery at the root, a station for each quota, and a *pool* for places
that no quota asks for. A school's titles hang on the station of their cell: its *terminal*.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from loans.planning.days import chains, has_days
from loans.planning.problem import Crossing, Problem, School, Title
from loans.planning.quotas import Nest, cells_of, nest, places_left

Ints = NDArray[np.int64]
FORBIDDEN = -(2**30)


@dataclass(slots=True)
class Stations:
    """``arcs`` lead from station to station with ``places`` in each period. Roots have no arc that leads to them."""

    school: list[int] = field(default_factory=list)
    quota: list[int] = field(default_factory=list)
    is_pool: list[bool] = field(default_factory=list)
    root_of: list[int] = field(default_factory=list)
    arc_from: list[int] = field(default_factory=list)
    arc_to: list[int] = field(default_factory=list)
    arc_places: list[list[int]] = field(default_factory=list)
    places: list[list[int]] = field(default_factory=list)
    cells: list[list[int]] = field(default_factory=list)

    def add(self, school: int, quota: int, places: list[int], *, pool: bool = False) -> int:
        self.school.append(school)
        self.quota.append(quota)
        self.is_pool.append(pool)
        self.places.append(places)
        self.cells.append([])
        return len(self.school) - 1

    def join(self, source: int, target: int, places: list[int]) -> None:
        self.arc_from.append(source)
        self.arc_to.append(target)
        self.arc_places.append(places)

    def name(self, station: int, schools: list[School]) -> tuple[str, int]:
        """How a plan names a station: its school and the number of its quota; pools below −1."""
        number = self.quota[station]
        return schools[self.school[station]].key, -2 - number if self.is_pool[station] else number


@dataclass(frozen=True, slots=True)
class Rule:
    """A crossing quota over the whole plan: of the titles in ``counts`` at least ``low`` and at most ``high`` (None: any number).

    ``number`` is its place in the school's ``crossing``, or −1 − its place in the school's ``quotas``. ``over``: so many more than
    the quota allows are fixed by hand.
    """

    school: int
    number: int
    low: int
    high: int | None
    counts: NDArray[np.bool_]
    over: int = 0


class Tables:
    """Everything the solvers ask for. Schools and titles are numbered in the order of their keys (titles: by cell first)."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.schools = sorted(problem.schools, key=lambda it: it.key)
        self.titles = sorted(problem.titles, key=lambda it: (it.level, it.subject, it.key))
        self.cells = cells_of(problem)
        self.periods = problem.periods
        self.school_at = {school.key: at for at, school in enumerate(self.schools)}
        self.title_at = {title.key: at for at, title in enumerate(self.titles)}
        number = {cell: at for at, cell in enumerate(self.cells)}
        self.cell_of = np.array([number[it.level, it.subject] for it in self.titles], dtype=np.int64)
        # Titles of a cell lie side by side: first_of[c] up to first_of[c + 1].
        self.first_of = np.searchsorted(self.cell_of, np.arange(len(self.cells) + 1))
        self.hot = np.array([title.hot for title in self.titles], dtype=bool)
        self.locks = [
            (self.school_at[it.school], self.title_at[it.title], it.period - 1, it.copy)
            for it in sorted(problem.locks, key=lambda it: (it.school, it.period, it.title))
        ]
        self.capacity = self._capacity()
        self.late: dict[tuple[int, int], int] = {}
        self.value = self._preference()
        self.stays = self._stays()
        self.nests: list[Nest] = []
        self.stations = Stations()
        self.terminal = np.full((len(self.schools), len(self.cells)), -1, dtype=np.int64)
        self._plant()
        self.rules = list(self._rules())

    @property
    def demand(self) -> int:
        """Places of all schools over all periods that no lock has filled."""
        return int(sum(sum(self.stations.places[root]) for root in self.stations.root_of))

    def _capacity(self) -> Ints:
        """Copies of each title in each period that no lock has taken."""
        if has_days(self.problem):
            return self._capacity_in_days()
        change = np.zeros((len(self.titles), self.periods + 1), dtype=np.int64)
        for copy in self.problem.copies:
            at = self.title_at[copy.title]
            change[at, min(max(copy.first, 1), self.periods + 1) - 1] += 1
            if copy.last:
                change[at, min(max(copy.last, copy.first - 1, 0), self.periods)] -= 1
        capacity: Ints = np.cumsum(change[:, : self.periods], axis=1)
        for _school, title, period, _copy in self.locks:
            capacity[title, period] -= 1
        return capacity

    def _capacity_in_days(self) -> Ints:
        """What the copies of each title can serve at most, all of it told in the first column: only the sum over the year counts."""
        capacity = np.zeros((len(self.titles), self.periods), dtype=np.int64)
        count = chains(self.problem)
        for copy in self.problem.copies:
            capacity[self.title_at[copy.title], 0] += count(copy.day)
        for _school, title, _period, _copy in self.locks:
            capacity[title, 0] -= 1
        return np.maximum(capacity, 0)

    def _preference(self) -> NDArray[np.int32]:
        """Points of each pair; FORBIDDEN where the school may not have the title at all."""
        weights, problem = self.problem.weights, self.problem
        wear = np.zeros((2, len(self.titles)), dtype=np.int64)
        for copy in problem.copies:
            wear[:, self.title_at[copy.title]] += (copy.wear, 1)
        base = np.array([title.points for title in self.titles], dtype=np.int64)
        base -= weights.wear * (wear[0] // np.maximum(wear[1], 1))
        tongue = np.array([title.language for title in self.titles])
        level = np.array([title.level for title in self.titles])
        dice = _dice(problem.seed, "title", [title.key for title in self.titles])
        throws = _dice(problem.seed, "school", [school.key for school in self.schools])
        dead = self.capacity.max(axis=1) <= 0
        dead[[title for _school, title, _period, _copy in self.locks]] = False
        value = np.empty((len(self.schools), len(self.titles)), dtype=np.int32)
        for at, school in enumerate(self.schools):
            row = base + weights.language * np.isin(tongue, school.languages)
            row += variety(throws[at], dice, weights.variety)
            row[dead | ~np.isin(level, school.levels)] = FORBIDDEN
            value[at] = row
        for wish in problem.wishes:
            title = self.title_at.get(wish.title)
            if title is not None:
                cell = self.school_at[wish.school], title
                if value[cell] != FORBIDDEN:
                    value[cell] += weights.wish * wish.priority
        self.locked_points = int(sum(value[school, title] for school, title, _period, _copy in self.locks))
        self._forbid_what_was_had(value)
        for school_at, title, _period, _copy in self.locks:
            value[school_at, title] = FORBIDDEN
        return value

    def _forbid_what_was_had(self, value: NDArray[np.int32]) -> None:
        """And what is banned."""
        problem, memory = self.problem, self.problem.memory
        for row in problem.history:
            school = self.school_at[row.school]
            titles = [self.title_at[key] for key in row.titles if key in self.title_at]
            # The first period (from 0) in which the school may have it again.
            again = self.periods if memory is None else memory - row.ago + 1
            if again >= self.periods:
                value[school, titles] = FORBIDDEN
            elif again > 0:
                for title in titles:
                    self.late[school, title] = max(again, self.late.get((school, title), 0))
        for ban in problem.bans:
            value[
                self.school_at[ban.school], [self.title_at[it] for it in ban.titles if it in self.title_at]
            ] = FORBIDDEN
        for pair in [pair for pair in self.late if value[pair] == FORBIDDEN]:
            del self.late[pair]

    def _stays(self) -> NDArray[np.bool_] | None:
        """Pairs that an earlier plan had; each is worth ``Weights.stay`` more."""
        if not self.problem.earlier:
            return None
        stays = np.zeros(self.value.shape, dtype=bool)
        for row in self.problem.earlier:
            stays[
                self.school_at[row.school], [self.title_at[it] for it in row.titles if it in self.title_at]
            ] = True
        stays &= self.value != FORBIDDEN
        self.value[stays] += self.problem.weights.stay
        return stays

    def _rules(self) -> Iterator[Rule]:
        masks: dict[tuple[str, str, str, str], NDArray[np.bool_]] = {}
        for at, school in enumerate(self.schools):
            asked = list(enumerate(school.crossing))
            deliveries = self.periods - len(school.absent)
            for number in self.nests[at].crossing:
                quota = school.quotas[number]
                rule = Crossing(quota.places * deliveries, level=quota.level, subject=quota.subject)
                asked.append((-1 - number, rule))
            for number, rule in asked:
                kind = (rule.tag, rule.language, rule.level, rule.subject)
                if kind not in masks:
                    masks[kind] = np.array([_counts(title, rule) for title in self.titles], dtype=bool)
                counts = masks[kind]
                lying = sum(bool(counts[title]) for one, title, _period, _copy in self.locks if one == at)
                most = lying if rule.at_most is None else rule.at_most
                high = None if rule.at_most is None else max(most - lying, 0)
                low = max(rule.at_least - lying, 0)
                # One that asks for nothing and forbids nothing is no rule.
                if low or high is not None:
                    yield Rule(at, number, low, high, counts, max(lying - most, 0))

    def _plant(self) -> None:
        """The stations of every school, with the places that locks leave in each period."""
        locked: dict[tuple[int, int], list[int]] = defaultdict(list)
        for fixed, title, period, _copy in self.locks:
            locked[fixed, period].append(int(self.cell_of[title]))
        for at, school in enumerate(self.schools):
            tree = nest(school, self.cells)
            self.nests.append(tree)
            left = []
            for period in range(self.periods):
                if period + 1 in school.absent:
                    left.append([0] * len(tree.nodes))
                elif (at, period) in locked:
                    inside = locked[at, period]
                    rest = places_left(tree.nodes, inside)
                    left.append([tree.nodes[0].places - len(inside), *rest[1:]])
                else:
                    left.append([node.places for node in tree.nodes])
            self._plant_tree(at, tree, [list(row) for row in zip(*left, strict=True)])

    def _plant_tree(self, at: int, tree: Nest, places: list[list[int]]) -> None:
        """A station may take more than its places from the pool above it, never less because of it."""
        stations = self.stations
        own = [stations.add(at, node.number, places[index]) for index, node in enumerate(tree.nodes)]
        stations.root_of.append(own[0])
        pools: dict[int, int] = {}
        spare: dict[int, list[int]] = {}
        for index, node in enumerate(tree.nodes):
            holder = own[index]
            above = pools.get(node.parent)
            if node.children:
                within = zip(places[index], *(places[child] for child in node.children), strict=True)
                free = [whole - sum(inside) for whole, *inside in within]
                more = spare.get(node.parent, [0] * self.periods)
                for child in node.children:
                    stations.join(own[index], own[child], places[child])
                spare[index] = [sum(it) for it in zip(free, more, strict=True)]
                if not any(spare[index]):
                    continue
                holder = pools[index] = stations.add(at, node.number, free, pool=True)
                stations.join(own[index], holder, free)
            if above is not None:
                stations.join(above, holder, spare[node.parent])
            stations.cells[holder] = sorted(node.own_cells)
            self.terminal[at, stations.cells[holder]] = holder


def _counts(title: Title, rule: Crossing) -> bool:
    return (
        (not rule.tag or rule.tag in title.tags)
        and rule.language in ("", title.language)
        and rule.level in ("", title.level)
        and rule.subject in ("", title.subject)
    )


def _dice(seed: int, kind: str, keys: list[str]) -> NDArray[np.uint64]:
    """A number for each key that depends on nothing but the seed, so that a plan does not shake when a school joins."""
    thrown = [blake2b(f"{seed}|{kind}|{key}".encode(), digest_size=8).digest() for key in keys]
    return np.frombuffer(b"".join(thrown), dtype="<u8")


def variety(school: np.uint64, titles: NDArray[np.uint64], most: int) -> Ints:
    """0 to ``most`` points for each title, by chance."""
    mixed = (titles ^ school) * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(31)
    mixed *= np.uint64(0x94D049BB133111EB)
    drawn: Ints = ((mixed >> np.uint64(33)) % np.uint64(most + 1)).astype(np.int64)
    return drawn
