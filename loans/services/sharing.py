"""Several programmes of one partner share the lender's titles, so that no title comes twice to the school (L1, L2).

The planner knows each programme as a school of its own. What one programme of a partner may bring is therefore kept from its others:
the titles are dealt to them by their numbers of books, kind by kind, so that each has its part of every level and subject.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from libraries.catalogue.choices import ReadingLevel
from libraries.catalogue.models import Title
from loans.choices import PeriodStatus, ProgrammeStatus
from loans.models import Period, PlannedBook, Programme, RotationPlan
from loans.planning.problem import Ban

# title → the programme that may bring it, for each partner with several programmes.
Dealt = Mapping[UUID, Mapping[str, UUID]]
Kind = tuple[str, str, str]


def dealt_titles(plan: RotationPlan, partners: Iterable[UUID]) -> Dealt:
    """Which programme of a partner brings which title. The same for every wave of a plan; at most three statements."""
    several = _several(plan, partners)
    if not several:
        return {}
    keys = [row.pk for rows in several.values() for row in rows]
    promised: dict[UUID, dict[str, UUID]] = defaultdict(dict)
    for partner, programme, title in (
        PlannedBook.objects.filter(period__programme__in=keys, period__status=PeriodStatus.PLANNED)
        .order_by("is_locked", "pk")
        .values_list("period__programme__partner_id", "period__programme_id", "title_id")
    ):
        promised[partner][str(title)] = programme
    titles = sorted(
        (level, ddc[:1], str(key))
        for key, level, ddc in Title.objects.filter(copies__owner=plan.lender_id)
        .values_list("pk", "reading_level", "ddc")
        .distinct()
    )
    return {partner: deal(rows, titles, promised[partner]) for partner, rows in several.items()}


def _several(plan: RotationPlan, partners: Iterable[UUID]) -> dict[UUID, list[Programme]]:
    coming = Period.objects.filter(
        programme=OuterRef("pk"), status=PeriodStatus.PLANNED, starts_on__gte=plan.starts_on
    )
    found: dict[UUID, list[Programme]] = defaultdict(list)
    for row in (
        Programme.objects.filter(
            Exists(coming),
            lender=plan.lender_id,
            partner__in=list(partners),
            status=ProgrammeStatus.RUNNING,
        )
        .select_related("profile")
        .order_by("pk")
    ):
        found[row.partner_id].append(row)
    return {partner: rows for partner, rows in found.items() if len(rows) > 1}


def deal(
    rows: Sequence[Programme], titles: Sequence[Kind], promised: Mapping[str, UUID]
) -> Mapping[str, UUID]:
    """Titles, sorted by level, subject and key, to the programmes that take their level, by their numbers of books.

    What is promised to one of them already stays with it.
    """
    owed: dict[UUID, float] = {row.pk: 0.0 for row in rows}
    takes = {row.pk: set(levels_of(row)) for row in rows}
    found: dict[str, UUID] = dict(promised)
    for level, _subject, key in titles:
        if key in found:
            continue
        may = [row for row in rows if level in takes[row.pk]]
        if not may:
            continue
        books = sum(row.quantity for row in may)
        for row in may:
            owed[row.pk] += row.quantity / books
        taker = max(may, key=lambda row: owed[row.pk])
        owed[taker.pk] -= 1
        found[key] = taker.pk
    return found


def levels_of(programme: Programme) -> Sequence[Any]:
    """The levels that a programme takes: of its profile, its own, or all."""
    profile = programme.profile
    return (profile.levels if profile else []) or programme.reading_levels or tuple(ReadingLevel.values)


def kept_from_each_other(
    dealt: Dealt, partners: Mapping[UUID, Sequence[Programme]], titles: Iterable[str]
) -> Iterator[Ban]:
    """For every programme of a partner with several, the titles that another of them brings."""
    known = set(titles)
    for partner, owners in dealt.items():
        for programme in partners.get(partner, ()):
            others = sorted(key for key, owner in owners.items() if owner != programme.pk and key in known)
            if others:
                yield Ban(str(programme.pk), tuple(others))
