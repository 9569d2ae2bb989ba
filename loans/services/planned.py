"""What the plan in force says about one delivery: its books come first, and nobody else is given them (L2, L3)."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from kerjasama.domain.wording import plain_date
from libraries.catalogue.choices import Condition, CopyPlace
from libraries.catalogue.models import Copy
from loans.choices import OPEN_LINES, LineStatus, PeriodStatus
from loans.models import Consignment, LoanLine, Period, PlannedBook
from loans.models.missing import looked_for
from loans.services.planning_rounds import SAME_DAYS

GONE = (CopyPlace.LOST, CopyPlace.WITHDRAWN)
# In a school, or on the list of a delivery that is being packed.
HELD = (LineStatus.PROPOSED, LineStatus.PICKED, LineStatus.OUT)


def free_copies(consignment: Consignment) -> "QuerySet[Copy]":
    """What rests on the lender's shelf, as far as anybody knows, and no list has claimed."""
    return (
        Copy.objects.on_shelf()
        .filter(owner_id=consignment.lender_id, may_travel=True)
        .exclude(condition=Condition.DAMAGED)
        .exclude(looked_for())
        .exclude(loan_lines__status__in=OPEN_LINES)
        .exclude(loan_lines__consignment=consignment)
    )


def promised_to_others(consignment: Consignment) -> Exists:
    """Whether a copy is promised to another period that begins before this delivery is due back."""
    return Exists(
        PlannedBook.objects.filter(
            copy=OuterRef("pk"), period__status=PeriodStatus.PLANNED, period__starts_on__lt=consignment.due_on
        ).exclude(period=consignment.period_id)
    )


def put_planned(consignment: Consignment) -> int:
    """Put the planned books that rest on the shelf on the list; returns how many are still with other schools.

    For a planned copy that is not there another copy of its title is taken, if nobody else is to have it. Three statements.
    """
    taken = LoanLine.objects.filter(consignment=consignment).values("copy__title")
    wanted = list(
        PlannedBook.objects.filter(period=consignment.period_id)
        .exclude(title__in=taken)
        .order_by("-is_locked", "pk")
        .values_list("title_id", "copy_id", "copy__place")
    )
    room = consignment.quantity - consignment.lines.open().count()
    if not wanted or room <= 0:
        return 0
    free = dict(
        free_copies(consignment)
        .filter(Q(pk__in=[row[1] for row in wanted]) | Q(title__in=[row[0] for row in wanted]))
        .exclude(promised_to_others(consignment))
        .order_by("-barcode")
        .values_list("title_id", "pk")
    )
    named = set(
        free_copies(consignment).filter(pk__in=[row[1] for row in wanted]).values_list("pk", flat=True)
    )
    chosen, to_come = [], 0
    for title, copy, place in wanted:
        found = copy if copy in named else free.get(title)
        if found is not None:
            chosen.append(found)
        elif place in (CopyPlace.AWAY, CopyPlace.PACKED):
            to_come += 1
    chosen = chosen[:room]
    LoanLine.objects.bulk_create(
        [LoanLine(consignment=consignment, copy_id=copy) for copy in chosen], ignore_conflicts=True
    )
    return min(to_come, room - len(chosen))


def planned_left_out(consignment: Consignment) -> "QuerySet[PlannedBook]":
    """What the plan gives this delivery and is not on its list: before the handover with where its copy is now."""
    listed = LoanLine.objects.filter(consignment=consignment).exclude(status=LineStatus.DROPPED)
    return (
        PlannedBook.objects.filter(period=consignment.period_id)
        .exclude(title__in=listed.values("copy__title"))
        .select_related("title", "copy__holder")
        .order_by("title__title", "pk")
    )


def titles_to_come(period: Period) -> "QuerySet[PlannedBook]":
    """Titles that the plan gives this partner in other periods: nothing else brings them now."""
    return PlannedBook.objects.filter(
        period__programme=period.programme_id, period__status=PeriodStatus.PLANNED
    ).exclude(period=period)


def same_days(period: Period, span: tuple[date, date]) -> bool:
    """Two periods that only touch within a round's few days of swapping are one after the other."""
    return period.starts_on + SAME_DAYS < span[1] and span[0] + SAME_DAYS < period.ends_on


def said_day(day: date) -> str:
    """The day in the reader's language."""
    return plain_date(day, get_language() or "id")
