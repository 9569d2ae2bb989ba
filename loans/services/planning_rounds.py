"""Which periods of which programmes one rotation plan covers, and which of them share a round (L2).

A van cannot swap every school on one day: schools are visited in turn, week after week. Where each school has its own choice, all
are planned together and the planner is told the day of every swap. Fixed boxes go round a ring instead: there, schools that swap
within a fortnight of each other make a wave, with its rounds and its own part of the collection.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low
from uuid import UUID

from django.db.models import Max, Q

from kerjasama.domain import clock
from loans.choices import ConsignmentStatus, PeriodStatus, PlanMode, ProgrammeStatus
from loans.models import Consignment, Period, Programme, RotationPlan

# Swaps of one round are this near to its middle day.
SAME_DAYS = timedelta(days=14)
MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A programme that the plan cannot cover. Codes: ``nothing_planned``, ``other_rhythm``."""

    programme: Programme
    code: str


@dataclass(frozen=True, slots=True)
class Wave:
    """``days`` are the rounds' middle days; ``periods`` the period of each programme in each round, counted from 1.

    ``in_turn``: schools swap on days of their own, one after another, and the planner is to know them.
    """

    days: Sequence[date]
    periods: Mapping[UUID, Mapping[int, Period]]
    programmes: Sequence[Programme]
    in_turn: bool = False

    @property
    def begins_on(self) -> date:
        return min(row.starts_on for mine in self.periods.values() for row in mine.values())

    @property
    def last_swap_on(self) -> date:
        return max(row.starts_on for mine in self.periods.values() for row in mine.values())

    def swap_on(self, programme: UUID, number: int) -> date:
        """The day of a programme's delivery in that round; the round's middle day where it has none."""
        period = self.periods[programme].get(number)
        return period.starts_on if period else self.days[number - 1]

    @property
    def places(self) -> int:
        return sum(row.quantity * len(self.periods[row.pk]) for row in self.programmes)


def waves_of(plan: RotationPlan) -> tuple[list[Wave], list[LeftOut]]:
    """The periods that ``plan`` covers: planned, not packed yet, from its first day on. Three statements.

    A plan from today on covers the swaps that are late as well, as long as the school is to have their books at all.
    """
    programmes = list(
        Programme.objects.filter(lender=plan.lender_id, status=ProgrammeStatus.RUNNING)
        .select_related("partner", "profile")
        .prefetch_related("profile__rows")
        .order_by("partner__name", "pk")
    )
    planned = _planned_periods(plan, programmes)
    left_out = [LeftOut(row, "nothing_planned") for row in programmes if not planned[row.pk]]
    if plan.mode == PlanMode.PERSONAL:
        covered = [row for row in programmes if planned[row.pk]]
        return ([_all_together(covered, planned, plan.periods)] if covered else []), left_out
    rhythms: dict[int, list[Programme]] = defaultdict(list)
    for row in programmes:
        if planned[row.pk]:
            rhythms[row.interval_months].append(row)
    waves = []
    for months, rows in sorted(rhythms.items()):
        due = list(_together(rows, planned, months, plan.periods))
        while due:
            together = due.pop(0)
            wave, others = _wave(together, planned, months, plan.periods)
            if wave.programmes:
                waves.append(wave)
            if others and len(others) < len(together):
                # They do not keep step with these, but perhaps with each other.
                due += _together(others, planned, months, plan.periods)
            else:
                left_out += [LeftOut(row, "other_rhythm") for row in others]
    return waves, left_out


def _all_together(rows: Sequence[Programme], planned: Mapping[UUID, Sequence[Period]], count: int) -> Wave:
    """The next ``count`` deliveries of every programme, whatever its rhythm. A round's day is the middle one of its swaps."""
    periods = {row.pk: dict(enumerate(planned[row.pk][:count], start=1)) for row in rows}
    most = max(len(mine) for mine in periods.values())
    days = [
        median_low([mine[number].starts_on for mine in periods.values() if number in mine])
        for number in range(1, most + 1)
    ]
    spans: dict[int, set[tuple[date, date]]] = defaultdict(set)
    for mine in periods.values():
        for number, row in mine.items():
            spans[number].add((row.starts_on, row.ends_on))
    return Wave(days, periods, rows, in_turn=any(len(found) > 1 for found in spans.values()))


def _planned_periods(plan: RotationPlan, programmes: Sequence[Programme]) -> dict[UUID, list[Period]]:
    planned: dict[UUID, list[Period]] = {row.pk: [] for row in programmes}
    packed = (
        Consignment.objects.filter(lender=plan.lender_id)
        .exclude(status=ConsignmentStatus.CANCELLED)
        .values("period")
    )
    rows = (
        Period.objects.filter(programme__in=planned, status=PeriodStatus.PLANNED)
        .exclude(pk__in=packed)
        .order_by("starts_on", "pk")
    )
    today = clock.today(plan.lender.zone)
    due = Q(starts_on__gte=plan.starts_on)
    if plan.continues_id is not None:
        # The rest of a plan ends where that plan ended.
        [schools] = RotationPlan.objects.filter(pk=plan.continues_id).values_list("schools", flat=True)
        keys = [UUID(key) for row in schools for key in row["periods"].values()]
        ends = Period.objects.filter(pk__in=keys).aggregate(last=Max("starts_on"))["last"]
        rows = rows.filter(starts_on__lte=(ends or plan.starts_on) + SAME_DAYS)
        due |= Q(pk__in=keys)
    elif plan.starts_on <= today:
        due |= Q(ends_on__gt=today)
    for row in rows.filter(due):
        planned[row.programme_id].append(row)
    return planned


def _together(
    rows: Sequence[Programme], planned: Mapping[UUID, Sequence[Period]], months: int, count: int
) -> list[list[Programme]]:
    """Programmes whose first planned swaps lie within a wave of each other, the earliest first.

    One that has begun already swaps next in a later round of those that have not: it stays in their wave, absent from the
    rounds before, so that books still go from one to the other.
    """
    found: list[list[Programme]] = []
    begins: list[date] = []
    for row in sorted(rows, key=lambda it: (planned[it.pk][0].starts_on, str(it.pk))):
        first = planned[row.pk][0].starts_on
        wave = next((n for n, day in enumerate(begins) if _in_step(day, first, months, count)), None)
        if wave is None:
            wave = len(found)
            found.append([])
            begins.append(first)
        found[wave].append(row)
    return found


def _in_step(begins: date, first: date, months: int, count: int) -> bool:
    rounds = [begins + timedelta(days=round(number * months * MONTH)) for number in range(count)]
    return any(abs(first - day) <= 2 * SAME_DAYS for day in rounds)


def _wave(
    rows: Sequence[Programme], planned: Mapping[UUID, Sequence[Period]], months: int, count: int
) -> tuple[Wave, list[Programme]]:
    """The rounds of programmes that begin together, and those that do not keep step with them."""
    days = [planned[row.pk][0].starts_on for row in rows]
    first = median_low([day for day in days if day <= min(days) + 2 * SAME_DAYS])
    due = [first + timedelta(days=round(number * months * MONTH)) for number in range(count)]
    covered: dict[UUID, dict[int, Period]] = {}
    for row in rows:
        mine = _fitted(planned[row.pk], due)
        if mine:
            covered[row.pk] = mine
    used = sorted({number for mine in covered.values() for number in mine})
    # A round in which nobody swaps (the agreements end before it) is none.
    number_of = {number: place for place, number in enumerate(used, start=1)}
    kept = {key: {number_of[n]: period for n, period in mine.items()} for key, mine in covered.items()}
    middle = [due[number - 1] for number in used]
    inside = sorted((row for row in rows if row.pk in kept), key=lambda row: (row.partner.name, str(row.pk)))
    return Wave(middle, kept, inside), [row for row in rows if row.pk not in kept]


def _fitted(periods: Sequence[Period], days: Sequence[date]) -> dict[int, Period] | None:
    """The period of each round; None when the programme swaps at other times than the others."""
    found: dict[int, Period] = {}
    for row in periods:
        if row.starts_on > days[-1] + SAME_DAYS:
            break
        number = min(range(1, len(days) + 1), key=lambda n: abs(days[n - 1] - row.starts_on))
        if abs(days[number - 1] - row.starts_on) > 2 * SAME_DAYS or number in found:
            return None
        found[number] = row
    return found
