"""What the reader of a plan needs in words and names: what to buy or to borrow, wishes that wait and why, straight moves (L2).

Made once, when the plan is reckoned, and kept with it: a page, a paper and a program read the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Substr

from kerjasama.domain.clock import add_months
from libraries.catalogue.choices import Condition, CopyPlace
from libraries.catalogue.models import Copy, Title
from libraries.models import Institution
from loans.choices import OPEN_WISHES, PlanStatus
from loans.duedates import never_open
from loans.models import Programme, RotationPlan, Wish
from loans.planning import Plan, Problem
from loans.planning.distances import kilometres, near
from loans.planning.plan import Remedy
from loans.services.planning_rounds import Wave

# Of each cell so many libraries that could help, and so many titles of which one more copy helps most.
HELPERS = 3
MOST_TITLES = 5


def report_of(
    plan: RotationPlan,
    parts: Sequence[tuple[Wave, Problem, Plan]],
    left_out: Sequence[Programme] = (),
) -> dict[str, Any]:
    """``remedies``, ``unserved`` wishes, ``trips`` and ``remarks`` of all waves, with names. Four statements at the most.

    ``left_out``: programmes that the plan does not cover; what is odd about them is remarked all the same.
    """
    names = {str(row.pk): str(row.partner) for wave, _problem, _answer in parts for row in wave.programmes}
    remedies = _together(row for _wave, _problem, answer in parts for row in answer.remedies)
    unserved = [row for _wave, _problem, answer in parts for row in answer.unserved]
    asked = {key for row in remedies for key in row.more_of} | {row.title for row in unserved}
    titles = {
        str(row.pk): row.title
        for row in Title.objects.filter(pk__in=[UUID(key) for key in asked]).only("title")
    }
    here, elsewhere = _help(plan, remedies) if remedies else ({}, {})
    return {
        "remedies": [
            {
                "level": row.level,
                "subject": row.subject,
                "missing": row.missing,
                "copies": row.copies,
                "new_titles": row.new_titles,
                "more_of": [titles[key] for key in row.more_of if key in titles],
                "here": _sum(here, row),
                "elsewhere": _most(elsewhere, row),
            }
            for row in remedies
        ],
        "unserved": sorted(
            (
                {
                    "programme": row.school,
                    "school": names.get(row.school, ""),
                    "title": titles.get(row.title, ""),
                    "title_id": row.title,
                    "reason": row.reason,
                }
                for row in unserved
            ),
            key=lambda it: (it["school"], it["title"]),
        ),
        "trips": sorted(
            (
                {
                    "on": wave.swap_on(UUID(trip.target), trip.period).isoformat(),
                    "source": names.get(trip.source, ""),
                    "target": names.get(trip.target, ""),
                    "books": trip.books,
                }
                for wave, _problem, answer in parts
                for trip in answer.trips
            ),
            key=lambda it: (it["on"], it["source"], it["target"]),
        ),
        "meetings": sum(_meetings(problem) for wave, problem, _answer in parts if wave.in_turn),
        "remarks": [
            remark
            for programme in [
                *(row for wave, _problem, _answer in parts for row in wave.programmes),
                *left_out,
            ]
            for remark in _remarks(plan, programme)
        ],
    }


def _meetings(problem: Problem) -> int:
    """How often one school gives its books back on the day on which a near one gets its own: only then a box goes straight."""
    schools = list(problem.schools)
    close = near(schools, kilometres(schools), problem.weights.near_km)
    gives: dict[int, set[int]] = defaultdict(set)
    for at, school in enumerate(schools):
        for out, back in school.days:
            if back > out:
                gives[back].add(at)
    # What went out before the plan comes back as well.
    place = {school.key: at for at, school in enumerate(schools)}
    for copy in problem.copies:
        if copy.at in place:
            gives[copy.day].add(place[copy.at])
    return sum(
        bool(close[giver, taker])
        for taker, school in enumerate(schools)
        for out, back in school.days
        if back > out
        for giver in gives[out]
    )


def _remarks(plan: RotationPlan, programme: Programme) -> Iterator[dict[str, Any]]:
    """What of a school is no mistake and makes its plan worse all the same. Codes: see ``planner_words.remark``."""
    row = {"programme": str(programme.pk), "school": str(programme.partner)}
    if not programme.reading_levels and not (programme.profile and programme.profile.levels):
        yield row | {"code": "without_level"}
    if add_months(programme.starts_on, programme.interval_months) >= programme.ends_on:
        yield row | {"code": "one_delivery", "months": programme.interval_months}
    if never_open([plan.lender.closed_weekdays, programme.partner.closed_weekdays]):
        yield row | {"code": "never_open"}


def why_unserved(wish: Wish) -> str | None:
    """Why the plan in force does not bring what a school waits for, as a code of the planner; None: it does not say."""
    if wish.title_id is None or wish.status not in OPEN_WISHES:
        return None
    plans = RotationPlan.objects.filter(lender=wish.lender_id, status=PlanStatus.ADOPTED)
    unserved = plans.order_by("-adopted_at").values_list("report__unserved", flat=True).first() or ()
    mine = {
        str(key) for key in Programme.objects.filter(partner=wish.partner_id).values_list("pk", flat=True)
    }
    asked = [row for row in unserved if row["title_id"] == str(wish.title_id) and row["programme"] in mine]
    return asked[0]["reason"] if asked else None


def _together(rows: Iterable[Remedy]) -> list[Remedy]:
    """The gaps of the same kind in several waves as one."""
    cells: dict[tuple[str, str], list[Remedy]] = defaultdict(list)
    for row in rows:
        cells[row.level, row.subject].append(row)
    return [
        Remedy(
            level,
            subject,
            missing=sum(row.missing for row in found),
            copies=sum(row.copies for row in found),
            new_titles=max(row.new_titles for row in found),
            more_of=tuple(dict.fromkeys(key for row in found for key in row.more_of))[:MOST_TITLES],
        )
        for (level, subject), found in sorted(cells.items())
    ]


Cells = dict[tuple[str, str, str], int]


def _help(plan: RotationPlan, remedies: Sequence[Remedy]) -> tuple[Cells, Cells]:
    """(level, subject, library) → copies of the own house that may not travel yet; titles of others that the house lacks."""
    wanted = Q()
    for row in remedies:
        cell = Q()
        if row.level:
            cell &= Q(title__reading_level=row.level)
        if row.subject:
            cell &= Q(title__ddc__startswith=row.subject[:1])
        wanted |= cell
    resting = (
        Copy.objects.filter(wanted, place=CopyPlace.SHELF)
        .exclude(condition=Condition.DAMAGED)
        .annotate(hundred=Substr("title__ddc", 1, 1))
        .order_by()
    )
    own = Copy.objects.filter(owner=plan.lender_id, title=OuterRef("title"))
    others = resting.filter(may_travel=True, owner__in=Institution.objects.offices()).exclude(
        owner=plan.lender_id
    )
    kept = resting.filter(owner=plan.lender_id, may_travel=False)
    return (
        {
            (level, f"{hundred}00", ""): n
            for level, hundred, n in kept.values_list("title__reading_level", "hundred").annotate(
                n=Count("pk")
            )
        },
        {
            (level, f"{hundred}00", name): n
            for level, hundred, name, n in others.filter(~Exists(own))
            .values_list("title__reading_level", "hundred", "owner__name")
            .annotate(n=Count("title", distinct=True))
        },
    )


def _of(cells: Cells, row: Remedy) -> Iterable[tuple[str, int]]:
    for (level, subject, library), count in cells.items():
        if row.level in ("", level) and row.subject in ("", subject):
            yield library, count


def _sum(cells: Cells, row: Remedy) -> int:
    return sum(count for _library, count in _of(cells, row))


def _most(cells: Cells, row: Remedy) -> list[dict[str, Any]]:
    by_library: dict[str, int] = defaultdict(int)
    for library, count in _of(cells, row):
        by_library[library] += count
    found = sorted(by_library.items(), key=lambda it: (-it[1], it[0]))[:HELPERS]
    return [{"library": library, "titles": count} for library, count in found]
