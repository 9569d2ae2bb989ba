"""Where one more stop fits into a van's day, and what that costs in driving. Plain data in, places in the day out. Knows no Django.

What is published stays where it is: a new stop goes between two stops, before the first or after the last, or into a free day.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from mobile_service.driving import Drive

# Visits begin at times that a person would say.
GRID = timedelta(minutes=5)
DriveTo = Callable[[Hashable, Hashable], Drive]


@dataclass(frozen=True, slots=True)
class Stay:
    """The van stands at ``place`` (a stop's key) from then to then."""

    place: Hashable
    begins: datetime
    ends: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class DayOut:
    """When a van may be out on a day, where it starts, and where it stands already, in order."""

    leaves: datetime
    back: datetime
    depot: Hashable
    stays: tuple[Stay, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A new stop in a day: when, what it adds to the driving, and between which stops (empty: the depot)."""

    begins: datetime
    ends: datetime
    minutes: float
    kilometres: float
    after: str
    before: str


def gaps(
    day: DayOut,
    place: Hashable,
    minutes: int,
    windows: Iterable[tuple[datetime, datetime]],
    drive: DriveTo,
    grid: timedelta = GRID,
) -> list[Gap]:
    """One place for each gap of the day that has room, the least driving first, then the earliest."""
    wanted = list(windows)
    stay = timedelta(minutes=minutes)
    found = []
    for before, after in _neighbours(day):
        there, onward, direct = (
            drive(before.place, place),
            drive(place, after.place),
            drive(before.place, after.place),
        )
        reached = before.ends + timedelta(minutes=there.minutes)
        leave_by = after.begins - timedelta(minutes=onward.minutes)
        begins = _earliest(reached, leave_by - stay, stay, wanted, grid)
        if begins is not None:
            found.append(
                Gap(
                    begins,
                    begins + stay,
                    max(0.0, round(there.minutes + onward.minutes - direct.minutes, 1)),
                    max(0.0, round(there.kilometres + onward.kilometres - direct.kilometres, 1)),
                    before.name,
                    after.name,
                )
            )
    return sorted(found, key=lambda gap: (gap.minutes, gap.begins))


def fits(
    day: DayOut,
    place: Hashable,
    begins: datetime,
    minutes: int,
    windows: Iterable[tuple[datetime, datetime]],
    drive: DriveTo,
) -> Gap | None:
    """The gap at that very time, or None when it is not free any more."""
    ends = begins + timedelta(minutes=minutes)
    if not any(opens <= begins and ends <= closes for opens, closes in windows):
        return None
    found = gaps(day, place, minutes, [(begins, ends)], drive, grid=timedelta(0))
    return found[0] if found else None


def busy_minutes(day: DayOut, drive: DriveTo) -> float:
    """How long the van drives and stands on that day; what is left of its hours is rest."""
    legs = sum(drive(before.place, after.place).minutes for before, after in _neighbours(day))
    return legs + sum((stay.ends - stay.begins).total_seconds() / 60 for stay in day.stays)


def _neighbours(day: DayOut) -> list[tuple[Stay, Stay]]:
    start = Stay(day.depot, day.leaves, day.leaves)
    end = Stay(day.depot, day.back, day.back)
    row: Sequence[Stay] = (start, *sorted(day.stays, key=lambda stay: stay.begins), end)
    return list(pairwise(row))


def _earliest(
    reached: datetime,
    latest: datetime,
    stay: timedelta,
    windows: list[tuple[datetime, datetime]],
    grid: timedelta,
) -> datetime | None:
    for opens, closes in sorted(windows):
        begins = _on_grid(max(reached, opens), grid)
        if begins <= min(latest, closes - stay):
            return begins
    return None


def _on_grid(at: datetime, grid: timedelta) -> datetime:
    over = (at - at.replace(hour=0, minute=0, second=0, microsecond=0)) % grid if grid else timedelta(0)
    return at - over + grid if over else at
