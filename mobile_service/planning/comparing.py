"""Plan against plan: what each reaches, and which visits differ."""

from dataclasses import dataclass
from typing import NamedTuple

from mobile_service.planning.plan import Figures, Plan, Visit


class Change(NamedTuple):
    """A visit that is not the same in both plans. ``kind``: ``added``, ``dropped``, ``other_day``, ``other_vehicle`` or ``other_time``.

    What one of the plans does not have is 0 and "".
    """

    kind: str
    stop: str
    day: int = 0
    vehicle: str = ""
    start: float = 0
    new_day: int = 0
    new_vehicle: str = ""
    new_start: float = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """``same`` visits are alike in day, vehicle and time (to ``slack`` minutes); the figures are those of the two plans."""

    before: Figures
    after: Figures
    same: int
    changes: tuple[Change, ...]


def compare(before: Plan, after: Plan, *, slack: float = 5.0) -> Comparison:
    """Visits of a stop are matched by their day first, then in the order of their days."""
    same, changes = 0, []
    old, new = _by_stop(before), _by_stop(after)
    for stop in sorted(old.keys() | new.keys()):
        mine, theirs = old.get(stop, []), new.get(stop, [])
        for was, now in _pairs(mine, theirs):
            kind = _kind(was, now, slack)
            if not kind:
                same += 1
                continue
            changes.append(
                Change(
                    kind,
                    stop,
                    *((was.day, was.vehicle, was.start) if was else (0, "", 0)),
                    *((now.day, now.vehicle, now.start) if now else (0, "", 0)),
                )
            )
    return Comparison(before.figures, after.figures, same, tuple(changes))


def _by_stop(plan: Plan) -> dict[str, list[Visit]]:
    found: dict[str, list[Visit]] = {}
    for visit in sorted(plan.visits, key=lambda it: (it.stop, it.day, it.start)):
        found.setdefault(visit.stop, []).append(visit)
    return found


def _pairs(mine: list[Visit], theirs: list[Visit]) -> list[tuple[Visit | None, Visit | None]]:
    days = {it.day for it in mine} & {it.day for it in theirs}
    by_day = {it.day: it for it in theirs}
    pairs: list[tuple[Visit | None, Visit | None]] = [(it, by_day[it.day]) for it in mine if it.day in days]
    left = [it for it in mine if it.day not in days]
    right = [it for it in theirs if it.day not in days]
    both = min(len(left), len(right))
    pairs += zip(left[:both], right[:both], strict=True)
    pairs += [(it, None) for it in left[both:]]
    pairs += [(None, it) for it in right[both:]]
    return pairs


def _kind(was: Visit | None, now: Visit | None, slack: float) -> str:
    if was is None:
        return "added"
    if now is None:
        return "dropped"
    if was.day != now.day:
        return "other_day"
    if was.vehicle != now.vehicle:
        return "other_vehicle"
    return "other_time" if abs(was.start - now.start) > slack else ""
