"""An independent check of a plan: it shares nothing with the planner but the shapes of problem and plan.

It replays every rule book by book, counts the figures anew, and recomputes from the prices in the proof what no plan can exceed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from math import cos, hypot, radians

import numpy as np
from numpy.typing import NDArray

from loans.planning.faults import Fault
from loans.planning.following import Journeys
from loans.planning.plan import Plan
from loans.planning.problem import LIBRARY, Problem, School
from loans.planning.proving import Prover, known_part

Row = NDArray[np.int64]
DEGREE = 111.32


@dataclass(frozen=True, slots=True)
class Checked:
    """``faults`` is empty for a sound plan. ``gap``: how far its score may be from the best (None: the plan proves nothing).

    ``least``: the certificate proves that not fewer places can stay empty.
    """

    faults: tuple[Fault, ...]
    books: int
    empty: int
    preference: int
    score: int
    gap: float | None
    least: bool
    wishes_served: int
    mean_wait: float
    hot_least: int
    hot_most: int
    direct: int


def check(problem: Problem, plan: Plan) -> Checked:
    """Everything that can be recomputed. A plan may come from anywhere: what it names and nobody knows is a fault."""
    sound, unknown = known_part(problem, plan)
    found = _Check(problem, sound).run()
    return replace(found, faults=(*unknown, *found.faults))


class _Check:
    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.schools = {school.key: school for school in problem.schools}
        self.titles = {title.key: title for title in problem.titles}
        self.copies = {copy.key: copy for copy in problem.copies}
        self.column = {title.key: at for at, title in enumerate(problem.titles)}
        self.had: dict[str, dict[str, int]] = defaultdict(dict)
        for row in problem.history:
            known = self.had[row.school]
            for key in row.titles:
                known[key] = min(row.ago, known.get(key, row.ago))
        self.banned = {(row.school, key) for row in problem.bans for key in row.titles}
        self.prover = Prover(problem, plan)
        self.journeys = Journeys(problem, plan) if any(school.days for school in problem.schools) else None
        self.given: dict[str, dict[str, int]] = {key: {} for key in self.schools}
        for delivery in plan.deliveries:
            for item in delivery.items:
                self.given.setdefault(delivery.school, {})[item.title] = delivery.period

    def run(self) -> Checked:
        told = sum(row.missing for row in self.plan.crossing_gaps)
        missed_in_all = sum(self.prover.missed(it, self.given[it.key]) for it in self.problem.schools)
        if self.plan.mode != "personal":
            missed_in_all += self._missed_by_boxes()
        faults = [*self._deliveries(), *self._books(), *self._locks(), *self._told()]
        if self.journeys:
            faults += self.journeys.faults()
        if told != missed_in_all:
            faults.append(Fault("crossing_not_told", {"missing": missed_in_all, "told": told}))
        score, preference, limit = 0, 0, 0
        plan, proof = self.plan, self.plan.proof
        prices = np.zeros(len(self.problem.titles), dtype=np.int64)
        for key, price in proof.prices if proof else ():
            prices[self.column[key]] = price
        if proof is not None:
            limit += int((self.prover.room * prices).sum())
        for school, row in self._preferences():
            got = [self.column[title] for title in self.given[school.key] if title in self.column]
            preference += int(row[got].sum())
            stays = row + self._staying(school)
            free = [at for at in got if self.problem.titles[at].key not in self.prover.locked[school.key]]
            score += int(stays[free].sum()) + self._fairness(school)
            if proof is not None:
                limit += self.prover.best_of(school, stays, prices)
        empty = self._empty()
        gap = None
        if proof is not None:
            limit += self.prover.crossing_rest()
            over = limit + proof.penalty * empty + proof.missing * missed_in_all - score
            gap = over / max(abs(score), 1)
            if over < 0 or not self.prover.prices_are_fair():
                faults.append(Fault("bound_below_plan", {"over": over}))
        waits = [
            period
            for wish in self.problem.wishes
            if (period := self.given[wish.school].get(wish.title)) is not None
        ]
        hot = [
            sum(self.titles[it].hot for it in self.given[key] if it in self.titles) for key in self.schools
        ]
        checked = Checked(
            faults=tuple(faults),
            books=sum(len(it) for it in self.given.values()),
            empty=empty,
            preference=preference,
            score=score,
            gap=gap,
            least=empty == 0 or self.prover.certified(plan.certificate, empty),
            wishes_served=len(waits),
            mean_wait=sum(waits) / len(waits) if waits else 0.0,
            hot_least=min(hot),
            hot_most=max(hot),
            direct=sum(bool(item.source) for delivery in self.plan.deliveries for item in delivery.items),
        )
        return checked

    # The rules, book by book.

    def _deliveries(self) -> Iterator[Fault]:
        seen = Counter((it.school, it.period) for it in self.plan.deliveries)
        for (key, period), count in seen.items():
            here = self.schools.get(key)
            if count > 1 or here is None or not 1 <= period <= self.problem.periods or period in here.absent:
                yield Fault("wrong_delivery", {"school": key, "period": period})
        for delivery in self.plan.deliveries:
            here = self.schools.get(delivery.school)
            if here is None:
                continue
            inside = Counter(
                (title.level, title.subject)
                for item in delivery.items
                if (title := self.titles.get(item.title)) is not None
            )
            # Fixed boxes hold the mean of their ring; what a quota misses is told among the crossing gaps.
            whole = self.plan.mode == "personal"
            if not (
                self.prover.slots[delivery.school].fits(inside) if whole else inside.total() <= here.size
            ):
                yield Fault("quota_broken", {"school": delivery.school, "period": delivery.period})

    def _missed_by_boxes(self) -> int:
        """What the quotas of the schools miss, delivery by delivery."""
        total = 0
        for delivery in self.plan.deliveries:
            here = self.schools[delivery.school]
            mine = [self.titles[item.title] for item in delivery.items]
            for number, quota in enumerate(here.quotas):
                if number not in self.prover.slots[delivery.school].crossing:
                    books = sum(
                        quota.level in ("", it.level) and quota.subject in ("", it.subject) for it in mine
                    )
                    total += max(quota.places - books, 0)
        return total

    def _books(self) -> Iterator[Fault]:
        out: dict[int, dict[str, str]] = defaultdict(dict)
        times: Counter[tuple[str, str]] = Counter()
        for delivery in self.plan.deliveries:
            here = self.schools.get(delivery.school)
            for item in delivery.items:
                facts: dict[str, str | int] = {
                    "school": delivery.school, "period": delivery.period, "title": item.title, "copy": item.copy,
                }  # fmt: skip
                title, copy = self.titles.get(item.title), self.copies.get(item.copy)
                if title is None or copy is None or copy.title != item.title:
                    yield Fault("wrong_copy", facts)
                    continue
                if not copy.first <= delivery.period <= (copy.last or self.problem.periods):
                    yield Fault("copy_not_available", facts)
                if item.copy in out[delivery.period] and not self.journeys:
                    yield Fault("copy_in_two_places", facts)
                out[delivery.period][item.copy] = delivery.school
                times[delivery.school, item.title] += 1
                if times[delivery.school, item.title] > 1:
                    yield Fault("title_repeated", facts)
                ago = self.had[delivery.school].get(item.title)
                if ago is not None and (
                    self.problem.memory is None or delivery.period - 1 + ago <= self.problem.memory
                ):
                    yield Fault("title_had", facts)
                if (delivery.school, item.title) in self.banned:
                    yield Fault("title_banned", facts)
                if here is not None and title.level not in here.levels:
                    yield Fault("wrong_level", facts)
        for delivery in self.plan.deliveries:
            for item in delivery.items:
                if item.source and not self._straight(
                    item.copy, item.source, delivery.school, delivery.period, out
                ):
                    yield Fault("not_straight", {"copy": item.copy, "period": delivery.period})

    def _straight(
        self, copy: str, source: str, target: str, period: int, out: dict[int, dict[str, str]]
    ) -> bool:
        if self.journeys:
            before = self.journeys.before(copy, target, period)
        else:
            before = out[period - 1].get(copy, LIBRARY) if period > 1 else self.copies[copy].at
        one, other = self.schools.get(source), self.schools.get(target)
        if before != source or one is None or other is None:
            return False
        if self.plan.mode != "personal" or (one.tour and one.tour == other.tour):
            return True
        known = (one.latitude, one.longitude, other.latitude, other.longitude)
        if None in known:
            return False
        north, east, north_too, east_too = (float(it or 0) for it in known)
        away = hypot(north - north_too, (east - east_too) * cos(radians((north + north_too) / 2))) * DEGREE
        return away <= self.problem.weights.near_km * 1.001

    def _locks(self) -> Iterator[Fault]:
        where = {
            (delivery.school, item.title): (delivery.period, item.copy)
            for delivery in self.plan.deliveries
            for item in delivery.items
        }
        for lock in self.problem.locks:
            period, copy = where.get((lock.school, lock.title), (0, ""))
            if period != lock.period or (lock.copy and copy != lock.copy):
                yield Fault("lock_broken", {"school": lock.school, "title": lock.title})

    def _told(self) -> Iterator[Fault]:
        """What is missing must be said: the shortages add up to the empty places, school by school."""
        said: Counter[str] = Counter()
        for row in self.plan.shortages:
            said[row.school] += row.needs - row.gets
        for key, school in self.schools.items():
            places = school.size * (self.problem.periods - len(school.absent))
            if places - len(self.given[key]) != said[key]:
                yield Fault(
                    "shortage_not_told",
                    {"school": key, "missing": places - len(self.given[key]), "told": said[key]},
                )

    def _empty(self) -> int:
        return sum(
            school.size * (self.problem.periods - len(school.absent)) - len(self.given[key])
            for key, school in self.schools.items()
        )

    # What it is worth.

    def _preferences(self) -> Iterator[tuple[School, Row]]:
        """Points of every title for every school, whether it may have it or not."""
        problem, weights = self.problem, self.problem.weights
        worn: dict[str, list[int]] = defaultdict(list)
        for copy in problem.copies:
            worn[copy.title].append(copy.wear)
        base = np.array(
            [
                title.points - weights.wear * (sum(worn[title.key]) // max(len(worn[title.key]), 1))
                for title in problem.titles
            ],
            dtype=np.int64,
        )
        tongue = np.array([title.language for title in problem.titles])
        thrown = np.array([_thrown(problem.seed, "title", it.key) for it in problem.titles], dtype=np.uint64)
        wishes: dict[str, dict[int, int]] = defaultdict(dict)
        for wish in problem.wishes:
            if wish.title in self.column:
                wishes[wish.school][self.column[wish.title]] = weights.wish * wish.priority
        for school in problem.schools:
            row = base.copy()
            for language in school.languages:
                row[tongue == language] += weights.language
            drawn = (thrown ^ np.uint64(_thrown(problem.seed, "school", school.key))) * np.uint64(
                0xBF58476D1CE4E5B9
            )
            drawn = (drawn ^ (drawn >> np.uint64(31))) * np.uint64(0x94D049BB133111EB)
            row += ((drawn >> np.uint64(33)) % np.uint64(weights.variety + 1)).astype(np.int64)
            for at, points in wishes[school.key].items():
                row[at] += points
            yield school, row

    def _staying(self, school: School) -> Row:
        bonus = np.zeros(len(self.problem.titles), dtype=np.int64)
        for row in self.problem.earlier:
            if row.school == school.key:
                bonus[[self.column[it] for it in row.titles if it in self.column]] = self.problem.weights.stay
        return bonus

    def _fairness(self, school: School) -> int:
        fair = self.prover.fair[school.key]
        total = 0
        for terminal, rows in self.prover.terminals(school).items() if fair else ():
            if terminal in fair:
                low, high = fair[terminal]
                inside = set(rows.tolist())
                hot = sum(
                    self.titles[key].hot and self.column[key] in inside
                    for key in self.given[school.key]
                    if key in self.titles and key not in self.prover.locked[school.key]
                )
                # Those under half of the least, and those over the most, count double.
                worth = min(hot, low) + min(hot, low // 2) - 2 * max(hot - high, 0)
                total += self.problem.weights.fairness * worth
        return total


def _thrown(seed: int, kind: str, key: str) -> int:
    return int.from_bytes(blake2b(f"{seed}|{kind}|{key}".encode(), digest_size=8).digest(), "little")
