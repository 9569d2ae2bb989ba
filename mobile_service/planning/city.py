"""Invented towns to measure and test the route planner on: the same size and seed give the same town.

Stops lie in clusters around a depot in the middle; roads are a third longer than the straight line, and not quite as long one way as the
other. Schools have visitors in the morning, villages until the afternoon; many stops cannot be visited on one or two weekdays.
"""

from typing import Any

import numpy as np

from mobile_service.planning.problem import Day, Hours, Limits, Matrix, Problem, Stop, Vehicle

WIDE = 20.0
ROAD = 1.35
KM_A_MINUTE = 24 / 60
# Starting, parking and finding the way.
EACH_LEG = 2.0
WINDOWS = ((450, 720), (450, 840), (480, 930))
SHIFT = (420, 930)
LENGTHS = (30, 45, 60, 90, 120)
OFTEN = (0.20, 0.28, 0.25, 0.15, 0.12)
# Where stops are many, visits are shorter.
SHORT = (0.45, 0.30, 0.20, 0.05, 0.0)
MANY = 150
SUNDAYS = 13


def town(
    stops: int,
    vans: int = 1,
    *,
    seed: int = 1,
    sundays: bool = False,
    drift: int = 0,
    seconds: float = 60.0,
    iterations: int = 0,
    load: float = 0.0,
) -> Problem:
    """Four weeks of working days, a third of the stops every second week; or thirteen Sundays on which each stop comes once.

    ``load``: visits are stretched (or cut) until they take this share of the time that all vans are out; 0 leaves them as they come.
    """
    dice = np.random.default_rng([seed, stops, sundays])
    minutes, km = _ways(dice, stops)
    lengths = dice.choice(LENGTHS, stops, p=SHORT if stops >= MANY else OFTEN)
    hours = dice.choice(len(WINDOWS), stops, p=(0.5, 0.2, 0.3))
    fortnightly = dice.random(stops) < (0.15 if stops >= MANY else 0.35)
    days = (
        tuple(Day(7 * (at + 1)) for at in range(SUNDAYS))
        if sundays
        else tuple(Day(7 * week + at) for week in range(4) for at in range(1, 6))
    )
    longer = 1.0
    if load:
        times = 1 + fortnightly * (not sundays)
        longer = load * len(days) * vans * (SHIFT[1] - SHIFT[0]) / float((lengths * times).sum())
    rows = []
    for at in range(stops):
        banned = dice.random() < 0.4
        weekdays = sorted(int(it) for it in dice.choice(5, int(dice.integers(1, 3)), replace=False) + 1)
        dates = sorted(int(it) for it in dice.choice(SUNDAYS, int(dice.integers(0, 4)), replace=False))
        every = 14 if fortnightly[at] else 28
        rows.append(
            Stop(
                key=f"H{at + 1:03}",
                place=at + 1,
                service=round(int(lengths[at]) * longer),
                windows=(Hours(*WINDOWS[hours[at]]),),
                every=0 if sundays else every,
                drift=drift if every == 14 and not sundays else 0,
                banned_weekdays=tuple(weekdays) if banned and not sundays else (),
                banned_days=tuple(days[it].number for it in dates) if sundays else (),
            )
        )
    return Problem(
        stops=tuple(rows),
        vehicles=tuple(Vehicle(f"V{at + 1}", shifts=(Hours(*SHIFT),)) for at in range(vans)),
        days=days,
        matrices=(Matrix(minutes, km),),
        cycle=0 if sundays else 28,
        limits=Limits(seconds, iterations),
        seed=seed,
    )


def _ways(dice: Any, stops: int) -> tuple[tuple[tuple[float, ...], ...], tuple[tuple[float, ...], ...]]:
    """Minutes and kilometres between the depot, which is place 0, and the stops."""
    centres = dice.uniform(0, WIDE, (max(1, round(stops / 9)), 2))
    spots = centres[dice.integers(0, len(centres), stops)] + dice.normal(0, 1.0, (stops, 2))
    points = np.vstack([[[WIDE / 2, WIDE / 2]], np.clip(spots, 0, WIDE)])
    straight = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    km = straight * ROAD * dice.uniform(0.95, 1.05, straight.shape)
    minutes = np.round(km / KM_A_MINUTE + EACH_LEG, 1)
    np.fill_diagonal(minutes, 0.0)
    np.fill_diagonal(km, 0.0)
    for between in range(len(points)):
        minutes = np.minimum(minutes, minutes[:, [between]] + minutes[[between]])
    minutes = np.round(minutes, 1)
    return _tuples(minutes), _tuples(np.round(km, 2))


def _tuples(table: Any) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(it) for it in row) for row in table)
