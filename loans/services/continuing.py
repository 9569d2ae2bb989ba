"""The rest of an adopted plan after something has happened: lost books, a school that has ended or joined (L2).

What has begun, left the building or is being packed stays as it is; of the rest as much as can be.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.domain.errors import Conflict
from libraries.catalogue.choices import Condition
from libraries.models import User
from loans.choices import ConsignmentStatus, PeriodStatus, PlanStatus, ProgrammeStatus
from loans.lifecycle import PLAN
from loans.models import Consignment, Period, PlannedBook, Programme, RotationPlan
from loans.services.planned import GONE
from loans.services.planning_rounds import SAME_DAYS
from loans.services.rotating import ask_plan, lock_plan
from loans.services.stepping import roles_of, take_step

# To leave a book with the school that it was promised to is worth more than any preference, and less than a filled place.
STAY = 500


@dataclass(frozen=True, slots=True)
class Holes:
    """What has opened in an adopted plan: promised books that are gone, schools that ended, schools that joined."""

    books: int
    ended: int
    joined: int

    @property
    def any(self) -> bool:
        return bool(self.books or self.ended or self.joined)


@transaction.atomic
def replan_rest(*, plan: RotationPlan, actor: User) -> RotationPlan:
    """Ask for a new plan of what is left of ``plan``, that shakes as little as it can. Nothing changes before it is adopted.

    Raises NotPermitted, TransitionRefused, Conflict (``nothing_left``, ``plan_under_way``).
    """
    fresh = lock_plan(plan)
    PLAN.ask("replan", fresh.status, roles_of(actor, fresh))
    left = set(_open_periods(fresh).values_list("pk", flat=True))
    rounds = {number for row in fresh.schools for number, key in row["periods"].items() if UUID(key) in left}
    if not rounds:
        raise Conflict(
            "nothing_left",
            _("Every delivery of this plan has begun, is being packed or was cancelled. Ask for a new plan."),
        )
    made = ask_plan(
        office=fresh.lender,
        actor=actor,
        starts_on=fresh.starts_on,
        periods=len(rounds),
        mode=fresh.mode,
        fixed=fresh.fixed,
        memory=fresh.memory,
        weights={**fresh.weights, "stay": STAY},
        seed=fresh.seed,
        continues=fresh,
    )
    take_step(PLAN, "replan", fresh, actor=actor)
    return made


def holes_of(plan: RotationPlan) -> Holes:
    """How many holes an adopted plan has by now; none, when another plan was adopted after it. Four statements."""
    if plan.status != PlanStatus.ADOPTED or _overtaken(plan):
        return Holes(0, 0, 0)
    gone = (
        Q(copy__place__in=GONE)
        | Q(copy__condition=Condition.DAMAGED)
        | Q(copy__may_travel=False)
        | Q(copy__missed__isnull=False, copy__missed__found_at__isnull=True)
    )
    books = PlannedBook.objects.filter(gone, period__in=_open_periods(plan)).distinct().count()
    mine = [UUID(row["programme"]) for row in plan.schools]
    ended = Programme.objects.filter(pk__in=mine, status=ProgrammeStatus.ENDED).count()
    periods = Period.objects.filter(
        pk__in=[UUID(key) for row in plan.schools for key in row["periods"].values()]
    )
    last = periods.order_by("-starts_on").values_list("starts_on", flat=True).first()
    joined = 0
    if last is not None:
        planned = PlannedBook.objects.filter(period=OuterRef("pk"))
        empty = _unpacked().filter(
            ~Exists(planned),
            programme__lender=plan.lender_id,
            programme__status=ProgrammeStatus.RUNNING,
            starts_on__gte=plan.starts_on,
            starts_on__lte=last + SAME_DAYS,
        )
        joined = empty.exclude(programme__in=mine).values("programme").distinct().count()
    return Holes(books, ended, joined)


def holes_words(holes: Holes) -> str:
    """The holes in a sentence each."""
    parts = []
    if holes.books:
        parts.append(
            ngettext(
                "%(n)s promised book is lost, damaged, withdrawn or not on its shelf.",
                "%(n)s promised books are lost, damaged, withdrawn or not on their shelves.",
                holes.books,
            )
            % {"n": holes.books}
        )
    if holes.ended:
        parts.append(
            ngettext(
                "%(n)s programme of the plan has ended; its books are free.",
                "%(n)s programmes of the plan have ended; their books are free.",
                holes.ended,
            )
            % {"n": holes.ended}
        )
    if holes.joined:
        parts.append(
            ngettext(
                "%(n)s programme has joined and is promised nothing yet.",
                "%(n)s programmes have joined and are promised nothing yet.",
                holes.joined,
            )
            % {"n": holes.joined}
        )
    return " ".join(parts)


def _unpacked() -> "QuerySet[Period]":
    packed = Consignment.objects.filter(period=OuterRef("pk")).exclude(status=ConsignmentStatus.CANCELLED)
    return Period.objects.filter(~Exists(packed), status=PeriodStatus.PLANNED)


def _open_periods(plan: RotationPlan) -> "QuerySet[Period]":
    """Those of the plan that are still only planned, of programmes that run."""
    keys = [UUID(key) for row in plan.schools for key in row["periods"].values()]
    return _unpacked().filter(pk__in=keys, programme__status=ProgrammeStatus.RUNNING)


def _overtaken(plan: RotationPlan) -> bool:
    later = RotationPlan.objects.filter(lender=plan.lender_id, status=PlanStatus.ADOPTED)
    return bool(plan.adopted_at and later.filter(adopted_at__gt=plan.adopted_at).exclude(pk=plan.pk).exists())
