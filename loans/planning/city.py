"""Invented cities to measure and test planners on: the same size and seed give the same city.

Schools lie around the centres of sub-districts, no title has only one copy, and a few are liked far more than the others. Four
periods have been lent already, school after school, by a hand that took what is liked; the books of the last one still stand in
the schools.
"""

from typing import Any

import numpy as np

from loans.planning.problem import Copy, History, Problem, Quota, School, Title, Weights, Wish

LEVELS = ("1-3", "4-6")
SUBJECTS = {
    "arts": 0.08,
    "fiction": 0.40,
    "language": 0.10,
    "religion": 0.10,
    "science": 0.20,
    "social": 0.12,
}
LANGUAGES = (("ind", 0.80), ("eng", 0.12), ("mak", 0.08))
PAST = 4
KM = 111.32
# How far the hand that lent the past periods strayed from what is liked most, in points of twenty.
STRAYED = 10


def city(
    schools: int,
    size: int = 100,
    periods: int = 4,
    *,
    seed: int = 1,
    ratio: float = 1.25,
    scarce: str = "",
    fairness: int = 0,
    alike: bool = False,
) -> Problem:
    """``ratio``: copies for each place of one period; ``scarce``: a subject of the lower level that has four fifths of its need.

    ``alike`` gives all schools the same quotas, as fixed boxes need.
    """
    dice = np.random.default_rng([seed, schools, size])
    cells = [(level, subject) for level in LEVELS for subject in SUBJECTS]
    quotas = _quotas(dice, schools, size, alike)
    titles, counts, liking = _titles(dice, schools, cells, quotas.sum(axis=0), ratio, scarce)
    had, last = _past(dice, cells, titles, counts, liking, quotas)
    codes = [f"S{at + 1:04}" for at in range(schools)]
    places = _places(dice, schools)
    # The language that a school asks for more of: any, whatever the library is rich in.
    tongues = dice.choice([code for code, _share in LANGUAGES], schools)
    rows = tuple(
        School(
            key=codes[at],
            size=size,
            levels=LEVELS,
            quotas=tuple(
                Quota(int(places), level, subject)
                for places, (level, subject) in zip(quotas[at], cells, strict=True)
                if places
            ),
            languages=(str(tongues[at]),),
            latitude=round(float(places[at, 1]), 6),
            longitude=round(float(places[at, 0]), 6),
        )
        for at in range(schools)
    )
    return Problem(
        schools=rows,
        titles=tuple(titles),
        copies=tuple(_copies(dice, titles, counts, last, codes)),
        periods=periods,
        wishes=tuple(_wishes(dice, codes, titles, liking, had, size)),
        history=tuple(
            History(codes[at], tuple(titles[it].key for it in sorted(had[at][ago])), PAST - ago)
            for at in range(schools)
            for ago in range(PAST)
        ),
        weights=Weights(fairness=fairness),
        seed=seed,
    )


def _quotas(dice: np.random.Generator, schools: int, size: int, alike: bool) -> Any:
    """Places of each cell in the delivery of each school; they add up to its size."""
    shares = np.array(list(SUBJECTS.values()))
    rows = np.empty((schools, 2 * len(shares)), dtype=np.int64)
    for at in range(schools):
        lower = 0.5 if alike else dice.choice([0.4, 0.5, 0.6])
        subjects = shares if alike else dice.dirichlet(120 * shares)
        drawn = np.concatenate([lower * subjects, (1 - lower) * subjects])
        whole = np.floor(drawn * size).astype(np.int64)
        rest = np.argsort(-(drawn * size - whole), kind="stable")[: size - whole.sum()]
        whole[rest] += 1
        rows[at] = whole
    return rows


def _titles(
    dice: Any, schools: int, cells: Any, demand: Any, ratio: float, scarce: str
) -> tuple[list[Title], Any, Any]:
    mean = 3.3 * (schools / 58) ** 0.45  # beside the first copy: at least one more
    counts: list[int] = []
    where: list[int] = []
    for cell, (level, subject) in enumerate(cells):
        needed = demand[cell] * (0.8 if subject == scarce and level == LEVELS[0] else ratio)
        given = 0
        while given < needed:
            count = 1 + int(dice.geometric(1 / mean))
            counts.append(count)
            where.append(cell)
            given += count
    copies = np.array(counts)
    # How much a title is liked: its rank by a very uneven draw times what its copies say of it.
    drawn = (
        np.log(dice.pareto(1.2, len(counts))) + 0.6 * np.log(copies) + 0.3 * dice.standard_normal(len(counts))
    )
    liking = np.argsort(np.argsort(drawn, kind="stable"), kind="stable") / len(counts)
    border = np.quantile(liking, 0.9)
    codes, shares = zip(*LANGUAGES, strict=True)
    speech = dice.choice(codes, len(counts), p=shares)
    titles = [
        Title(
            key=f"T{at + 1:05}",
            level=cells[where[at]][0],
            subject=cells[where[at]][1],
            points=round(20 * float(liking[at])),
            language=str(speech[at]),
            hot=bool(liking[at] >= border),
            tags=("local",) if dice.random() < 0.2 else (),
        )
        for at in range(len(counts))
    ]
    return titles, copies, liking


def _places(dice: np.random.Generator, schools: int) -> Any:
    centres = dice.uniform(0, 20, (max(1, round(schools / 12)), 2))
    km = centres[dice.integers(0, len(centres), schools)] + dice.normal(0, 1.1, (schools, 2))
    return km / KM + np.array([119.40, -5.15])


def _past(
    dice: Any, cells: Any, titles: list[Title], counts: Any, liking: Any, quotas: Any
) -> tuple[Any, Any]:
    """What each school had in each past period, first come first served; the last is where the books are."""
    number = {cell: at for at, cell in enumerate(cells)}
    of_cell = np.array([number[title.level, title.subject] for title in titles])
    inside = [np.flatnonzero(of_cell == cell) for cell in range(len(cells))]
    had: list[list[list[int]]] = [[[] for _each in range(PAST)] for _school in quotas]
    seen = np.zeros((len(quotas), len(titles)), dtype=bool)
    for past in range(PAST):
        left = counts.copy()
        for school in range(len(quotas)):
            taste = 20 * liking + STRAYED * dice.random(len(titles))
            for cell, rows in enumerate(inside):
                free = rows[(left[rows] > 0) & ~seen[school, rows]]
                best = free[np.argsort(-taste[free], kind="stable")[: quotas[school, cell]]]
                left[best] -= 1
                seen[school, best] = True
                had[school][past] += best.tolist()
    last: list[list[int]] = [[] for _title in titles]
    for at, row in enumerate(had):
        for title in row[-1]:
            last[title].append(at)
    return had, last


def _copies(dice: Any, titles: list[Title], counts: Any, last: Any, codes: list[str]) -> list[Copy]:
    wear = dice.integers(0, 4, int(counts.sum())).tolist()
    rows: list[Copy] = []
    for at, title in enumerate(titles):
        for number in range(int(counts[at])):
            holder = codes[last[at][number]] if number < len(last[at]) else ""
            rows.append(Copy(f"B{len(rows) + 1:06}", title.key, holder, wear[len(rows)]))
    return rows


def _wishes(dice: Any, codes: list[str], titles: list[Title], liking: Any, had: Any, size: int) -> list[Wish]:
    """For a delivery of a hundred fifteen to forty-five titles, mostly what is liked; those that a school has had are dropped."""
    rows = []
    chance = liking**4 / (liking**4).sum()
    for at, code in enumerate(codes):
        known = {title for past in had[at] for title in past}
        asked = min(round(int(dice.integers(15, 46)) * size / 100), int((chance > 0).sum()))
        drawn = dice.choice(len(titles), asked, replace=False, p=chance).tolist()
        rows += [Wish(code, titles[it].key) for it in sorted(drawn) if it not in known]
    return rows
