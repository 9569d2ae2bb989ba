"""What the planner is told of a lender's house: its rows as plain data (L2). A constant number of statements."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from libraries.catalogue.choices import Condition, CopyPlace
from libraries.catalogue.models import Copy as CopyRow
from libraries.catalogue.models import Title as TitleRow
from loans.choices import OPEN_LINES, LineStatus
from loans.models import LoanLine, PlannedBook, Programme, QuotaRow, RotationPlan, TitleBan
from loans.models.missing import looked_for
from loans.planning.problem import (
    LIBRARY,
    Ban,
    Copy,
    Crossing,
    Earlier,
    History,
    Lock,
    Problem,
    Quota,
    School,
    Title,
    Weights,
    Wish,
)
from loans.services.planned import GONE, HELD
from loans.services.planning_rounds import SAME_DAYS, Wave
from loans.services.sharing import Dealt, dealt_titles, kept_from_each_other, levels_of
from loans.services.wishing import open_wishes

# A title counts as new in its first year on the shelf; new and much borrowed titles are to reach every school.
NEW = timedelta(days=365)
MUCH_BORROWED = 0.1
POINTS = 400
WEAR = {Condition.GOOD: 0, Condition.WORN: 2}

# A partner may have several programmes; the planner knows each as a school of its own, by the programme's key.
Partners = dict[UUID, list[Programme]]


def problem_of(plan: RotationPlan, wave: Wave, shelf: Sequence[Copy]) -> Problem:
    """Schools, their part of the shelf, memory, wishes and what is fixed, for one wave of ``plan``."""
    partners: Partners = defaultdict(list)
    for row in wave.programmes:
        partners[row.partner_id].append(row)
    copies = [*shelf, *_returning(plan, wave, partners)]
    begins_on = wave.begins_on
    titles = _titles(plan, {row.title for row in copies}, wave.days[0])
    present = _present(wave, {row.key for row in copies}, {row.key for row in titles})
    dealt = dealt_titles(plan, partners)
    return Problem(
        schools=tuple(_school(row, wave, begins_on) for row in wave.programmes),
        titles=titles,
        copies=tuple(copies),
        wishes=tuple(_wishes(plan, partners, dealt)),
        periods=len(wave.days),
        history=tuple(_history(plan, wave, partners)),
        bans=(*_bans(plan, partners), *kept_from_each_other(dealt, partners, (row.key for row in titles))),
        locks=tuple(row for row in present if isinstance(row, Lock)),
        earlier=tuple(row for row in present if isinstance(row, Earlier)),
        memory=plan.memory,
        mode=plan.mode,
        fixed=plan.fixed,
        weights=Weights(**plan.weights),
        seed=plan.seed,
    )


def quotas_of(
    rows: Sequence[QuotaRow], quantity: int, periods: int
) -> tuple[tuple[Quota, ...], tuple[Crossing, ...]]:
    """Shares of a hundred as books of a delivery. Those of a language or a material count over the year.

    Rounded down: rounded to the nearest, 30, 30 and 40 of a hundred would be six of five books. The rest is the planner's choice.
    """
    fixed, crossing = [], []
    for row in rows:
        books = row.share * quantity // 100
        if row.language or row.material:
            crossing.append(
                Crossing(
                    at_least=books * periods,
                    tag=row.material,
                    language=row.language,
                    level=row.reading_level,
                    subject=row.subject,
                )
            )
        elif books:
            fixed.append(Quota(books, row.reading_level, row.subject))
    return tuple(fixed), tuple(crossing)


def _school(programme: Programme, wave: Wave, begins_on: date) -> School:
    partner, profile = programme.partner, programme.profile
    quotas, crossing = quotas_of(
        list(profile.rows.all()) if profile else [], programme.quantity, len(wave.periods[programme.pk])
    )
    covered = wave.periods[programme.pk]
    return School(
        key=str(programme.pk),
        size=programme.quantity,
        levels=tuple(levels_of(programme)),
        quotas=quotas,
        crossing=crossing,
        latitude=float(partner.latitude) if partner.latitude is not None else None,
        longitude=float(partner.longitude) if partner.longitude is not None else None,
        ring=str(profile.pk) if profile else "",
        absent=tuple(n for n in range(1, len(wave.days) + 1) if n not in covered),
        days=_days(programme, wave, begins_on) if wave.in_turn else (),
    )


def _days(programme: Programme, wave: Wave, begins_on: date) -> tuple[tuple[int, int], ...]:
    """On which days each delivery comes and goes back, counted from the wave's first; (0, 0) where there is none."""
    covered, origin = wave.periods[programme.pk], begins_on
    found = []
    for number in range(1, len(wave.days) + 1):
        here, following = covered.get(number), covered.get(number + 1)
        if here is None:
            found.append((0, 0))
            continue
        # A swap that was moved forward takes the old books along.
        back = min(here.ends_on, following.starts_on) if following else here.ends_on
        found.append(((here.starts_on - origin).days, (back - origin).days))
    return tuple(found)


def shelf_of(plan: RotationPlan, waves: Sequence[Wave]) -> list[list[Copy]]:
    """What rests on the shelf or comes back from schools outside the plan, dealt to the waves by their places.

    A copy that is promised to a school goes to its wave; the other copies of a title go round the waves, so that each has
    as many different titles as can be.
    """
    shelf = (
        _free(plan)
        .filter(place=CopyPlace.SHELF)
        .exclude(loan_lines__status__in=OPEN_LINES)
        .exclude(looked_for())
    )
    rows = [
        (title, key, condition, None)
        for key, title, condition in shelf.values_list("pk", "title_id", "condition").iterator(5000)
    ]
    inside = {row.partner_id for wave in waves for row in wave.programmes}
    away = _out(plan).exclude(consignment__partner__in=inside)
    rows += [(title, key, condition, due) for key, title, condition, _partner, due in away.iterator(5000)]
    dealt: list[list[Copy]] = [[] for _wave in waves]
    owed = [0.0 for _wave in waves]
    back = [_back_in(wave) for wave in waves]
    share = [wave.places / sum(wave.places for wave in waves) for wave in waves]
    promised = _promised(waves)
    # The promised ones first: what they take of a wave's share, the others make up for.
    rows.sort(key=lambda row: (row[1] not in promised, str(row[0]), str(row[1])))
    for title, key, condition, due in rows:
        owed = [have + more for have, more in zip(owed, share, strict=True)]
        taker = promised.get(key, max(range(len(waves)), key=lambda number: owed[number]))
        owed[taker] -= 1
        when = (1, 0) if due is None else back[taker](due)
        if when is not None:
            dealt[taker].append(_copy(key, title, LIBRARY, condition, when))
    return dealt


def _promised(waves: Sequence[Wave]) -> dict[UUID, int]:
    """The wave that each copy is promised to; the earliest, where there are several."""
    wave_of = {
        period.pk: number
        for number, wave in enumerate(waves)
        for mine in wave.periods.values()
        for period in mine.values()
    }
    if len(waves) < 2:
        return {}
    books = PlannedBook.objects.filter(period__in=wave_of).order_by("-is_locked", "period__starts_on", "pk")
    found: dict[UUID, int] = {}
    for copy, period in books.values_list("copy_id", "period_id").iterator(5000):
        found.setdefault(copy, wave_of[period])
    return found


def _free(plan: RotationPlan) -> "QuerySet[CopyRow]":
    return CopyRow.objects.filter(owner=plan.lender_id, may_travel=True).exclude(condition=Condition.DAMAGED)


def _out(plan: RotationPlan) -> "QuerySet[LoanLine, Any]":
    """Copies that schools hold, or that are being packed for them: key, title, condition, school, and when they are due."""
    return (
        LoanLine.objects.filter(status__in=HELD, copy__in=_free(plan).exclude(place__in=GONE).values("pk"))
        .values_list(
            "copy_id", "copy__title_id", "copy__condition", "consignment__partner_id", "consignment__due_on"
        )
        .order_by("pk")
    )


def _returning(plan: RotationPlan, wave: Wave, partners: Partners) -> list[Copy]:
    """What the wave's own schools hold: it can go on to another of them when it is due."""
    found = []
    back, begins_on = _back_in(wave), wave.begins_on
    # What is late already comes back when the van calls next.
    calls = {
        partner: min(row.starts_on for programme in rows for row in wave.periods[programme.pk].values())
        for partner, rows in partners.items()
    }
    for key, title, condition, partner, due in _out(plan).filter(consignment__partner__in=partners):
        when = back(calls[partner] if due < begins_on else due)
        if when is not None:
            at = str(partners[partner][0].pk) if when[0] == 1 else LIBRARY
            found.append(_copy(key, title, at, condition, when))
    return found


def _copy(key: UUID, title: UUID, at: str, condition: str, when: tuple[int, int]) -> Copy:
    first, day = when
    return Copy(str(key), str(title), at, WEAR.get(Condition(condition), 0), first, day=day)


def _back_in(wave: Wave) -> Callable[[date], tuple[int, int] | None]:
    """For the day on which a book is due: the first round and the first day that it can go out in; None when it is too late."""
    begins_on, last = wave.begins_on, wave.last_swap_on

    def when(due: date) -> tuple[int, int] | None:
        if wave.in_turn:
            return (1, max((due - begins_on).days, 0)) if due <= last else None
        rounds = enumerate(wave.days, start=1)
        first = next((number for number, day in rounds if due <= day + SAME_DAYS), None)
        return None if first is None else (first, 0)

    return when


def _titles(plan: RotationPlan, keys: set[str], today: date) -> tuple[Title, ...]:
    """Titles with their cell, and how much they are asked for: by how often the lender's copies went out."""
    rows = list(
        TitleRow.objects.filter(copies__owner=plan.lender_id)
        .annotate(
            lent=Count("copies__loan_lines", filter=~Q(copies__loan_lines__status=LineStatus.DROPPED)),
            came=Max("copies__acquired_on"),
        )
        .values_list("pk", "reading_level", "ddc", "language", "material", "lent", "came")
        .order_by("pk")
    )
    rows = [row for row in rows if str(row[0]) in keys]
    most = max((row[5] for row in rows), default=0) or 1
    often = sorted((row[5] for row in rows), reverse=True)
    bar = often[int(len(often) * MUCH_BORROWED)] if often else 0
    return tuple(
        Title(
            key=str(pk),
            level=level,
            subject=f"{ddc[0]}00" if ddc[:1].isdigit() else "",
            points=round(POINTS * lent / most),
            language=language,
            tags=(material,),
            hot=lent > bar or (came is not None and today - came < NEW),
        )
        for pk, level, ddc, language, material, lent, came in rows
    )


def _history(plan: RotationPlan, wave: Wave, partners: Partners) -> list[History]:
    """What each school has or had from this lender, by how many periods ago."""
    had: dict[tuple[UUID, int], set[str]] = defaultdict(set)
    lines = (
        LoanLine.objects.filter(consignment__lender=plan.lender_id, consignment__partner__in=partners)
        .exclude(status=LineStatus.DROPPED)
        .values_list("consignment__partner_id", "copy__title_id", "consignment__due_on")
        .order_by("pk")
    )
    for partner, title, due in lines.iterator(5000):
        for programme in partners[partner]:
            ago = max(1, 1 + (wave.days[0] - due).days // (programme.interval_months * 30))
            had[programme.pk, ago].add(str(title))
    return [History(str(key), tuple(sorted(titles)), ago) for (key, ago), titles in had.items()]


def _bans(plan: RotationPlan, partners: Partners) -> Iterator[Ban]:
    """What is never to go to a school, however long ago it had it."""
    banned: dict[UUID, set[str]] = defaultdict(set)
    rows = TitleBan.objects.filter(lender=plan.lender_id, partner__in=partners)
    for partner, title in rows.values_list("partner_id", "title_id").order_by("pk"):
        banned[partner].add(str(title))
    for partner, titles in banned.items():
        for programme in partners[partner]:
            yield Ban(str(programme.pk), tuple(sorted(titles)))


def _wishes(plan: RotationPlan, partners: Partners, dealt: Dealt) -> Iterator[Wish]:
    """Titles that the wave's schools wait for (L10); of those that it cannot get the plan says why.

    Of several programmes the one that may bring the title is asked.
    """
    for partner, title, priority in open_wishes(plan.lender):
        rows = partners.get(partner)
        if rows:
            brings = dealt.get(partner, {}).get(str(title), rows[0].pk)
            if brings in {row.pk for row in rows}:
                yield Wish(str(brings), str(title), priority)


def _present(wave: Wave, copies: set[str], titles: set[str]) -> list[Lock | Earlier]:
    """What the plan in force promises these periods; what a person has fixed stays with its copy.

    Where that copy is gone from the house, any other copy of the title will do, and without one nothing is fixed.
    """
    where = {
        period.pk: (str(programme.pk), number)
        for programme in wave.programmes
        for number, period in wave.periods[programme.pk].items()
    }
    locks: list[Lock | Earlier] = []
    promised: dict[tuple[str, int], list[str]] = defaultdict(list)
    books = PlannedBook.objects.filter(period__in=where).values_list(
        "period_id", "title_id", "copy_id", "is_locked", "copy__place"
    )
    for period, title, copy, locked, place in books.order_by("pk").iterator(5000):
        school, number = where[period]
        promised[school, number].append(str(title))
        if locked and (str(copy) in copies or place not in GONE):
            locks.append(Lock(school, str(title), number, str(copy)))
        elif locked and str(title) in titles:
            locks.append(Lock(school, str(title), number))
    return [
        *locks,
        *(Earlier(school, number, tuple(titles)) for (school, number), titles in promised.items()),
    ]
