"""The checker's own reading of a school's quotas. It shares nothing with the planner's (``quotas.py``), on purpose."""

from collections import Counter
from collections.abc import Iterable, Mapping

from loans.planning.problem import Problem, School

Cell = tuple[str, str]
WHOLE = -1


class Slots:
    """Quotas of a school by number; WHOLE is the delivery. ``inner`` lists what lies directly within each."""

    def __init__(self, school: School, cells: Iterable[Cell]) -> None:
        self.school = school
        own = frozenset(cell for cell in cells if cell[0] in school.levels)
        self.cells: dict[int, frozenset[Cell]] = {WHOLE: own}
        self.asked = {WHOLE: school.size}
        self.inner: dict[int, list[int]] = {WHOLE: []}
        wanted = []
        for number, quota in enumerate(school.quotas):
            inside = frozenset(
                cell for cell in own if quota.level in ("", cell[0]) and quota.subject in ("", cell[1])
            )
            if quota.places > 0:
                wanted.append((-len(inside), number, inside, quota.places))
        self.crossing: list[int] = []
        for _size, number, inside, places in sorted(wanted, key=lambda it: (it[0], -it[3], it[1])):
            if any(it & inside and not inside <= it for it in self.cells.values()):
                self.crossing.append(number)
                continue
            # The last one that contains it is the narrowest: they come from wide to narrow.
            outer = [other for other, it in self.cells.items() if inside <= it][-1]
            self.inner[outer].append(number)
            self.cells[number], self.asked[number], self.inner[number] = inside, places, []
        self.home = {}
        for number, inside in self.cells.items():
            for cell in inside:
                self.home[cell] = number

    def lacking(self, number: int, lying: Mapping[Cell, int]) -> int:
        """How many books a quota still asks for when these lie in the delivery."""
        there = sum(count for cell, count in lying.items() if cell in self.cells[number])
        return max(self.asked[number] - there, sum(self.lacking(it, lying) for it in self.inner[number]))

    def fits(self, lying: Mapping[Cell, int]) -> bool:
        """These books and all that the quotas still ask for are not more than the delivery holds."""
        return (
            sum(lying.values()) + sum(self.lacking(it, lying) for it in self.inner[WHOLE])
            <= self.asked[WHOLE]
        )

    def open(self, lying: Mapping[Cell, int]) -> dict[int, int]:
        """Places of each quota that these books leave."""
        found = {number: self.lacking(number, lying) for number in self.asked}
        found[WHOLE] = self.asked[WHOLE] - sum(lying.values())
        return found

    def outside(
        self, number: int, open_places: Mapping[int, int], reached: frozenset[int], *, above: bool = False
    ) -> int:
        """How many places of a quota can be filled by cells that are not among the ``reached`` terminals.

        A terminal is a quota with none inside (its number), or the free places of one that has (−2 − number).
        """
        inner = self.inner[number]
        if not inner:
            return 0 if number in reached else open_places[number]
        free = open_places[number] - sum(open_places[it] for it in inner)
        total = sum(self.outside(it, open_places, reached) for it in inner)
        return total + (free if self._leads_out(number, reached) else 0)

    def _leads_out(self, number: int, reached: frozenset[int]) -> bool:
        """Whether free places of a quota may be filled from a terminal that is not reached."""
        inner = self.inner[number]
        if not inner:
            return number not in reached
        own = any(home == number for home in self.home.values())
        return (own and -2 - number not in reached) or any(self._leads_out(it, reached) for it in inner)

    def terminal(self, cell: Cell) -> int | None:
        """On what the titles of a cell hang; None where no place may be filled from it."""
        number = self.home.get(cell)
        if number is None:
            return None
        return number if not self.inner[number] else -2 - number


def over_the_year(
    problem: Problem, school: School, slots: Slots, locked: Mapping[int, Counter[Cell]]
) -> dict[int, int]:
    """Places of each quota in all periods together that no lock has filled."""
    total: Counter[int] = Counter(dict.fromkeys(slots.asked, 0))
    for period in range(1, problem.periods + 1):
        if period not in school.absent:
            total.update(slots.open(locked.get(period, Counter())))
    return dict(total)
