"""What no plan can exceed, recomputed from the prices and the certificate that a plan carries. Part of the checker."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from loans.planning.faults import Fault
from loans.planning.following import most_deliveries
from loans.planning.plan import Certificate, Plan
from loans.planning.problem import Crossing, Problem, School, Title
from loans.planning.slots import WHOLE, Cell, Slots, over_the_year

Row = NDArray[np.int64]


def counts_for(title: Title, rule: Crossing) -> bool:
    return (
        (not rule.tag or rule.tag in title.tags)
        and rule.language in ("", title.language)
        and rule.level in ("", title.level)
        and rule.subject in ("", title.subject)
    )


def known_part(problem: Problem, plan: Plan) -> tuple[Plan, list[Fault]]:
    """The plan without deliveries to schools that do not exist, and without a proof that names schools or titles that do not."""
    schools = {school.key for school in problem.schools}
    titles = {title.key for title in problem.titles}
    lost = sorted({it.school for it in plan.deliveries} - schools)
    faults = [Fault("wrong_delivery", {"school": key, "period": 0}) for key in lost]
    proof, certificate = plan.proof, plan.certificate
    if proof is not None:
        named = {key for key, *_rest in (*proof.fair, *proof.crossing)}
        if named - schools or {key for key, _price in proof.prices} - titles:
            faults.append(Fault("unknown_in_proof"))
            proof = None
    if certificate is not None and (
        {key for key, _number in certificate.quotas} - schools or set(certificate.titles) - titles
    ):
        faults.append(Fault("unknown_in_proof"))
        certificate = None
    deliveries = tuple(it for it in plan.deliveries if it.school in schools) if lost else plan.deliveries
    return replace(plan, deliveries=deliveries, proof=proof, certificate=certificate), faults


class Prover:
    """The limits of one problem."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.cell = [(title.level, title.subject) for title in problem.titles]
        cells = sorted(set(self.cell))
        self.rows = {cell: np.flatnonzero([it == cell for it in self.cell]) for cell in cells}
        self.hot = np.array([title.hot for title in problem.titles], dtype=bool)
        self.column = {title.key: at for at, title in enumerate(problem.titles)}
        self.slots = {school.key: Slots(school, cells) for school in problem.schools}
        locked: dict[str, dict[int, Counter[Cell]]] = defaultdict(lambda: defaultdict(Counter))
        self.locked: dict[str, set[str]] = defaultdict(set)
        self.room = np.zeros(len(problem.titles), dtype=np.int64)
        in_days = any(school.days for school in problem.schools)
        most = most_deliveries(problem) if in_days else {}
        for copy in problem.copies:
            if in_days:
                self.room[self.column[copy.title]] += most[copy.day]
                continue
            last = copy.last or problem.periods
            self.room[self.column[copy.title]] += max(0, min(last, problem.periods) - max(copy.first, 1) + 1)
        for lock in problem.locks:
            at = self.column[lock.title]
            locked[lock.school][lock.period][self.cell[at]] += 1
            self.locked[lock.school].add(lock.title)
            self.room[at] -= 1
        self.places = {
            school.key: over_the_year(problem, school, self.slots[school.key], locked[school.key])
            for school in problem.schools
        }
        self.fair: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
        for key, number, low, high in plan.proof.fair if plan.proof else ():
            self.fair[key][number] = (low, high)
        self.crossing: dict[str, dict[int, int]] = defaultdict(dict)
        asking = dict(zip(self.slots, problem.schools, strict=True))
        for key, number, price in plan.proof.crossing if plan.proof else ():
            # A price for a quota that the school does not have proves nothing.
            if number in self.rules(asking[key]):
                self.crossing[key][number] = price
        self.last_had: dict[str, dict[int, int]] = defaultdict(dict)
        for row in problem.history:
            known = self.last_had[row.school]
            for it in row.titles:
                if it in self.column:
                    known[self.column[it]] = min(row.ago, known.get(self.column[it], row.ago))

        self.banned: dict[str, list[int]] = defaultdict(list)
        for ban in problem.bans:
            self.banned[ban.school] += [self.column[it] for it in ban.titles if it in self.column]

    def rules(self, school: School) -> dict[int, Crossing]:
        """Crossing quotas by number: the school's own, and below 0 those of its quotas that fit into no tree."""
        found = dict(enumerate(school.crossing))
        deliveries = self.problem.periods - len(school.absent)
        for number in self.slots[school.key].crossing:
            quota = school.quotas[number]
            found[-1 - number] = Crossing(quota.places * deliveries, level=quota.level, subject=quota.subject)
        return found

    def _counts(self, rule: Crossing) -> NDArray[np.bool_]:
        return np.array([counts_for(title, rule) for title in self.problem.titles], dtype=bool)

    def missed(self, school: School, given: Iterable[str]) -> int:
        """By how many books the school's crossing quotas are missed in all."""
        total = 0
        mine = [self.problem.titles[self.column[key]] for key in given if key in self.column]
        for rule in self.rules(school).values():
            books = sum(counts_for(title, rule) for title in mine)
            total += max(rule.at_least - books, 0)
            total += 0 if rule.at_most is None else max(books - rule.at_most, 0)
        return total

    def crossing_rest(self) -> int:
        """What the prices of crossing quotas take back: each price times the number that its quota allows without it.

        And what every plan misses, because more is fixed by hand than a quota allows.
        """
        total = 0
        missing = self.plan.proof.missing if self.plan.proof else 0
        for school in self.problem.schools:
            prices = self.crossing.get(school.key, {})
            for number, rule in self.rules(school).items() if prices or self.locked.get(school.key) else ():
                lying = sum(
                    counts_for(self.problem.titles[self.column[key]], rule) for key in self.locked[school.key]
                )
                price = prices.get(number, 0)
                limit = rule.at_least if price > 0 else rule.at_most or 0
                total -= price * max(limit - lying, 0)
                total -= missing * (0 if rule.at_most is None else max(lying - rule.at_most, 0))
        return total

    def prices_are_fair(self) -> bool:
        """No title has a price below 0, and no book of a crossing quota is dearer than missing it."""
        proof = self.plan.proof
        return proof is None or (
            all(price >= 0 for _key, price in proof.prices)
            and all(abs(price) <= proof.missing for _key, _number, price in proof.crossing)
        )

    def allowed(self, school: School) -> NDArray[np.bool_]:
        """Titles that the school may have in at least one period, and that no lock gives it."""
        may = np.array([title.level in school.levels for title in self.problem.titles], dtype=bool)
        for at, ago in self.last_had[school.key].items():
            if self.problem.memory is None or self.problem.periods - 1 + ago <= self.problem.memory:
                may[at] = False
        may[self.banned.get(school.key, [])] = False
        may[[self.column[key] for key in self.locked[school.key]]] = False
        return may & (self.room > 0)

    def terminals(self, school: School) -> dict[int, Row]:
        """The titles that hang on each terminal of a school."""
        slots = self.slots[school.key]
        places = self.places[school.key]
        found: dict[int, list[Row]] = defaultdict(list)
        for cell, rows in self.rows.items():
            terminal = slots.terminal(cell)
            if terminal is not None:
                number = terminal if terminal in slots.asked and not slots.inner[terminal] else -2 - terminal
                if number == terminal or self._spare(slots, number, places) > 0:
                    found[terminal].append(rows)
        return {terminal: np.concatenate(rows) for terminal, rows in found.items()}

    def _spare(self, slots: Slots, number: int, places: dict[int, int]) -> int:
        """Free places of a quota that has others inside, with those of the quotas around it."""
        total, at = 0, number
        while True:
            total += places[at] - sum(places[it] for it in slots.inner[at])
            outer = [other for other, inner in slots.inner.items() if at in inner]
            if not outer:
                return total
            at = outer[0]

    def best_of(self, school: School, worth: Row, prices: Row) -> int:
        """The most that the places of a school can earn at these prices, empty ones at the penalty."""
        proof = self.plan.proof
        assert proof is not None
        slots, places = self.slots[school.key], self.places[school.key]
        may = self.allowed(school)
        worth = worth.copy()
        for number, price in self.crossing[school.key].items():
            worth[self._counts(self.rules(school)[number])] += price
        offers: dict[int, Row] = {}
        for terminal, rows in self.terminals(school).items():
            open_rows = rows[may[rows]]
            gain = worth[open_rows] - prices[open_rows]
            share = self.fair[school.key].get(terminal)
            if share is not None:
                hot = self.hot[open_rows]
                liked = -np.sort(-gain[hot])
                bonus = self.problem.weights.fairness
                liked[: share[0]] += bonus
                liked[: share[0] // 2] += bonus
                liked[share[1] :] -= 2 * bonus
                gain = np.concatenate([liked, gain[~hot]])
            offers[terminal] = gain
        wanted = places[WHOLE]
        none = np.zeros(0, dtype=np.int64)

        def fill(number: int) -> tuple[Row, Row]:
            """What the places of a quota take, and what is left for free places around it."""
            taken, rest = (
                none,
                offers.get(number, none) if not slots.inner[number] else offers.get(-2 - number, none),
            )
            for inside in slots.inner[number]:
                mine, left = fill(inside)
                taken, rest = np.concatenate([taken, mine]), np.concatenate([rest, left])
            rest = -np.sort(-rest)
            count = places[number] - sum(places[it] for it in slots.inner[number])
            return np.concatenate([taken, rest[:count]]), rest[count:]

        taken, _rest = fill(WHOLE)
        taken = np.maximum(taken, -proof.penalty)
        return int(taken.sum()) - proof.penalty * (wanted - len(taken))

    def certified(self, certificate: Certificate | None, empty: int) -> bool:
        """The named quotas ask for more than the named titles, and single links to others, can give: by so many places."""
        if certificate is None:
            return False
        titles = np.zeros(len(self.problem.titles), dtype=bool)
        titles[[self.column[key] for key in certificate.titles]] = True
        reached: dict[str, set[int]] = defaultdict(set)
        for key, number in certificate.quotas:
            reached[key].add(number)
        demand = links = 0
        for school in self.problem.schools:
            mine = frozenset(reached.get(school.key, ()))
            if not mine:
                continue
            slots, places = self.slots[school.key], self.places[school.key]
            demand += places[WHOLE] - slots.outside(WHOLE, places, mine)
            may = self.allowed(school)
            for terminal, rows in self.terminals(school).items():
                if terminal in mine:
                    links += int((may[rows] & ~titles[rows]).sum())
        supply = int(self.room[titles].sum())
        return demand - supply - links == empty == certificate.empty
