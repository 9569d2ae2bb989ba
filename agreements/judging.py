"""How a figure is judged against what was before and what was aimed at (A11). Pure: numbers in, verdicts out.

A value that adds up over time (visits of half a year) is converted to the length of the time before, so that half a year is
not held against a whole one. What is a state or a share (members, per cent) is compared as it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from agreements.choices import Direction, Gathering, ObstacleKind, Verdict

CENT = Decimal("0.01")
# Times whose lengths differ by less than this share are compared as they are.
ALIKE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Aim:
    """What an indicator says: ``baseline`` held from ``baseline_from`` to ``baseline_until``, if a time is known."""

    direction: str = Direction.MORE
    gathering: str = Gathering.SUM
    baseline: Decimal | None = None
    baseline_from: date | None = None
    baseline_until: date | None = None
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """One measurement, both days included."""

    starts_on: date
    ends_on: date
    value: Decimal
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """An indicator over a time. ``measured``: what was found; ``now``: that, in the length of the time before."""

    measured: Decimal | None
    now: Decimal | None
    verdict: str
    days: int = 0

    @property
    def is_converted(self) -> bool:
        return self.measured != self.now


def days_of(starts_on: date, ends_on: date) -> int:
    return (ends_on - starts_on).days + 1


def judge(aim: Aim, values: Sequence[Value]) -> Judged:
    """The verdict on an aim from its measurements, oldest first."""
    measured = gathered(aim.gathering, values)
    if measured is None:
        return Judged(None, None, Verdict.UNMEASURED)
    days = sum(days_of(row.starts_on, row.ends_on) for row in values)
    now = converted(aim, measured, days)
    return Judged(measured, now, verdict(aim, now), days)


def gathered(how: str, values: Sequence[Value]) -> Decimal | None:
    """Several measurements as one: their sum, the latest, or the average weighted by days."""
    if not values:
        return None
    if how == Gathering.LATEST:
        return max(values, key=lambda row: row.ends_on).value
    if how == Gathering.SUM:
        return sum((row.value for row in values), Decimal(0))
    days = [days_of(row.starts_on, row.ends_on) for row in values]
    total = sum((row.value * length for row, length in zip(values, days, strict=True)), Decimal(0))
    return (total / sum(days)).quantize(CENT)


def converted(aim: Aim, measured: Decimal, days: int) -> Decimal:
    """A sum over ``days`` as a sum over the length of the time before."""
    if aim.gathering != Gathering.SUM or aim.baseline_from is None or aim.baseline_until is None:
        return measured
    before = days_of(aim.baseline_from, aim.baseline_until)
    if abs(Decimal(days) / before - 1) <= ALIKE:
        return measured
    # Nobody counts a quarter of a visit: what was counted whole is converted to a whole number.
    whole = measured == measured.to_integral_value()
    return (measured * before / days).quantize(Decimal(1) if whole else CENT)


def verdict(aim: Aim, now: Decimal) -> str:
    better = 1 if aim.direction == Direction.MORE else -1
    if aim.target is not None and (now - aim.target) * better >= 0:
        return Verdict.REACHED
    if aim.baseline is not None:
        change = (now - aim.baseline) * better
        return Verdict.BETTER if change > 0 else Verdict.WORSE if change < 0 else Verdict.SAME
    return Verdict.NOTED if aim.target is None else Verdict.MISSED


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One line of an evaluation: an indicator with what was before, aimed at and found. Kept as JSON once finished."""

    name: str
    unit: str
    direction: str
    baseline: Decimal | None
    baseline_from: date | None
    baseline_until: date | None
    baseline_source: str
    target: Decimal | None
    target_on: date | None
    measured: Decimal | None
    now: Decimal | None
    days: int
    verdict: str
    source: str
    """ "counted", "entered", or "" when nothing was measured; "both" when it is made of both."""

    @property
    def is_converted(self) -> bool:
        return self.measured != self.now

    @property
    def label(self) -> str:
        return str(Verdict(self.verdict).label)


@dataclass(frozen=True, slots=True)
class ObstacleLine:
    """One obstacle in an evaluation."""

    kind: str
    description: str
    remedy: str
    owner: str
    due_on: date | None
    resolved_on: date | None
    resolution: str

    @property
    def label(self) -> str:
        return str(ObstacleKind(self.kind).label)


def frozen(line: FigureLine | ObstacleLine) -> dict[str, Any]:
    """A line as JSON keeps it: dates as ISO text, numbers as text, so that nothing is rounded."""
    return {
        name: value.isoformat()
        if isinstance(value, date)
        else str(value)
        if isinstance(value, Decimal)
        else value
        for name, value in asdict(line).items()
    }


def thawed_figure(kept: Mapping[str, Any]) -> FigureLine:
    return FigureLine(**_thawed(FigureLine, kept))


def thawed_obstacle(kept: Mapping[str, Any]) -> ObstacleLine:
    return ObstacleLine(**_thawed(ObstacleLine, kept))


_NUMBERS = {"baseline", "target", "measured", "now"}


def _thawed(kind: type, kept: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields(kind):
        value = kept[field.name]
        if value is not None and field.name in _NUMBERS:
            value = Decimal(value)
        elif value is not None and field.name.endswith(("_on", "_from", "_until")):
            value = date.fromisoformat(value)
        found[field.name] = value
    return found
