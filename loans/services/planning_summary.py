"""What a plan means for each school, in a few numbers kept with it: the preview reads these, not a hundred thousand books."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import Count

from libraries.catalogue.choices import ReadingLevel
from libraries.catalogue.models import Copy, Title
from loans.choices import Subject
from loans.models import PlannedBook, Programme, RotationPlan
from loans.planning import Fault, Plan, Problem
from loans.services.planning_rounds import Wave


def summary_of(problem: Problem, plan: Plan, wave: Wave) -> list[dict[str, Any]]:
    """A row for each programme: its periods, and how many books it gets, lacks, is handed on directly and keeps.

    ``kept`` of the ``earlier`` titles that the plan in force promises stay in their period, ``dropped`` do not, ``new`` ones
    come; ``short`` names each quota that falls short, with how many it needs and gets; ``served`` of its ``wishes`` come.
    """
    books: dict[str, int] = defaultdict(int)
    direct: dict[str, int] = defaultdict(int)
    titles: dict[tuple[str, int], set[str]] = defaultdict(set)
    for delivery in plan.deliveries:
        books[delivery.school] += len(delivery.items)
        direct[delivery.school] += sum(1 for item in delivery.items if item.source)
        titles[delivery.school, delivery.period].update(item.title for item in delivery.items)
    earlier: dict[str, int] = defaultdict(int)
    kept: dict[str, int] = defaultdict(int)
    for row in problem.earlier:
        earlier[row.school] += len(row.titles)
        kept[row.school] += len(titles[row.school, row.period].intersection(row.titles))
    short: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for gap in plan.shortages:
        short[gap.school].append(
            {
                "level": gap.level,
                "subject": gap.subject,
                "needs": gap.needs,
                "gets": gap.gets,
                "had_all": gap.had_all,
            }
        )
    for school, across in _across(problem, plan):
        short[school].append(across)
    wishes: dict[str, int] = defaultdict(int)
    for wish in problem.wishes:
        wishes[wish.school] += 1
    waiting: dict[str, int] = defaultdict(int)
    for missed in plan.unserved:
        waiting[missed.school] += 1
    rows = []
    for programme in wave.programmes:
        key, mine = str(programme.pk), wave.periods[programme.pk]
        rows.append(
            {
                "programme": key,
                "partner": str(programme.partner_id),
                "name": programme.for_whom,
                "periods": {str(number): str(period.pk) for number, period in mine.items()},
                "places": programme.quantity * len(mine),
                "books": books[key],
                "direct": direct[key],
                "earlier": earlier[key],
                "kept": kept[key],
                "new": books[key] - kept[key],
                "dropped": earlier[key] - kept[key],
                "wishes": wishes[key],
                "served": wishes[key] - waiting[key],
                "short": short[key],
            }
        )
    return rows


def adopted_of(plan: RotationPlan) -> dict[str, int]:
    """How many books each programme is promised by this very plan, by its key; one that has not adopted it is not named."""
    rows = PlannedBook.objects.filter(plan=plan)
    counted = rows.order_by().values_list("period__programme").annotate(n=Count("pk"))
    return {str(programme): n for programme, n in counted}


def _across(problem: Problem, plan: Plan) -> Iterator[tuple[str, dict[str, Any]]]:
    """Quotas of a language or a material that the year misses; they run across levels and subjects."""
    crossing = {school.key: school.crossing for school in problem.schools}
    for gap in plan.crossing_gaps:
        if gap.number < 0:
            continue
        rule = crossing[gap.school][gap.number]
        yield (
            gap.school,
            {
                "level": rule.level,
                "subject": rule.subject,
                "language": rule.language,
                "material": rule.tag,
                "needs": rule.at_least,
                "gets": rule.at_least - gap.missing,
                "had_all": 0,
            },
        )


# Over several waves these add up; the others are named below.
SUMS = (
    "places", "empty", "preference", "score", "bound", "wishes", "wishes_served", "swapped", "direct", "trips", "kept", "earlier",
)  # fmt: skip


def figures_of(plans: Sequence[Plan]) -> dict[str, float | None]:
    """The figures of a plan of several waves; the mean wait is over the wishes that are served.

    ``gap`` is None when one of them proves nothing (fixed boxes).
    """
    rows = [asdict(plan.figures) for plan in plans]
    told: dict[str, float | None] = {name: sum(row[name] for row in rows) for name in SUMS}
    served = sum(row["wishes_served"] for row in rows)
    waited = sum(row["mean_wait"] * row["wishes_served"] for row in rows)
    told["mean_wait"] = round(waited / served, 3) if served else 0.0
    told["hot_least"] = min(row["hot_least"] for row in rows)
    told["hot_most"] = max(row["hot_most"] for row in rows)
    gaps = [row["gap"] for row in rows]
    told["gap"] = None if None in gaps else max(gaps)
    told["waves"] = len(rows)
    return told


def faults_of(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    """Faults to keep and to show: with the names of schools and titles where the planner has keys. Three statements."""
    asked: dict[str, set[str]] = defaultdict(set)
    for fault in faults:
        for name in ("school", "title", "copy"):
            if name in fault.facts:
                asked[name].add(str(fault.facts[name]))
    names: dict[str, dict[str, str]] = {
        "school": {
            str(row.pk): row.partner.name
            for row in Programme.objects.filter(pk__in=_keys(asked["school"])).select_related("partner")
        },
        "title": {str(row.pk): row.title for row in Title.objects.filter(pk__in=_keys(asked["title"]))},
        "copy": {str(row.pk): row.barcode for row in Copy.objects.filter(pk__in=_keys(asked["copy"]))},
        "level": {str(value): str(label) for value, label in ReadingLevel.choices},
        "subject": {str(value): str(label) for value, label in Subject.choices},
    }
    return [
        {
            "code": fault.code,
            "facts": {
                name: names.get(name, {}).get(str(value), value) for name, value in fault.facts.items()
            },
        }
        for fault in faults
    ]


def _keys(given: set[str]) -> list[UUID]:
    found = []
    for text in given:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
