"""The life of a route plan: asked for, reckoned by a worker in a process of its own, looked at, thrown away (M3).

Nothing but the plan's own row is written before somebody adopts it (``route_adopting``): a worker that is killed leaves no half plan,
and the calendar in force stays as it is.
"""

import time
import zlib
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.access import roles_toward
from libraries.models import Institution, User
from mobile_service.choices import RoutePlanStatus
from mobile_service.lifecycle import DESK, ROUTE_PLAN
from mobile_service.models import RoutePlan, Stop, Vehicle
from mobile_service.planning import BadProblem, Fault, NotPlanned, Run, examine, problem_to_json, run
from mobile_service.planning.examining import MOST_STOPS
from mobile_service.planning.problem import Problem
from mobile_service.services.bounds import require_near
from mobile_service.services.routing_hand import with_hand
from mobile_service.services.routing_input import House, house_of
from mobile_service.services.routing_summary import faults_of, names_of, report_of, summed_up, unmet_of
from mobile_service.services.stepping import roles_of, take_step, write_event

# A worker that has said nothing for so long is dead, and the next one begins again.
LEASE = timedelta(minutes=2)
# Below the time limit of a task: the planner is stopped, and says so, before the worker is.
MOST_SECONDS = 600
MOST_DAYS = 190
# From which to which percent each stage of the planner takes the reader.
LAST_PERCENT = 99

# Faults of one stop alone (``planning.examining``).
NEVER_SERVED = frozenset(
    {"no_vehicle_may_come", "all_days_banned", "window_too_short", "demand_above_capacity", "too_far"}
)

log = structlog.get_logger(__name__)


def next_quarter(today: date) -> tuple[date, date]:
    """The quarter that is planned next: the one after the present one, as first and last day."""
    first = (today.month - 1) // 3 * 3 + 4
    starts = date(today.year + (first > 12), (first - 1) % 12 + 1, 1)
    after = first + 3
    return starts, date(today.year + (after > 12), (after - 1) % 12 + 1, 1) - timedelta(days=1)


@transaction.atomic
def ask_plan(
    *,
    office: Institution,
    actor: User,
    starts_on: date | None = None,
    ends_on: date | None = None,
    seconds: int = 60,
    keeps_calendar: bool = True,
    seed: int = 1,
    continues: RoutePlan | None = None,
) -> RoutePlan:
    """A calendar of ``office``'s vans from ``starts_on`` to ``ends_on`` (the next quarter); a worker reckons it for ``seconds``.

    ``continues``: a plan that nobody has adopted; what a person changed in it by hand is kept.

    Raises NotPermitted (``role_missing``), Conflict (``plan_under_way``, ``no_vehicle``, ``no_start``, ``no_stop``), InvalidInput
    (``bad_seconds``, ``turned_round``, ``too_long``, ``too_far``, ``in_the_past``).
    """
    if not roles_toward(actor, office=office.pk) & DESK:
        raise NotPermitted(
            "role_missing",
            _("Only the circulation desk or an officer of %(office)s plans its vans.") % {"office": office},
        )
    _require_none_under_way(office.pk)
    today = clock.today(office.zone)
    first, last = next_quarter(today)
    starts_on = starts_on or first
    require_near(starts_on, today, field="starts_on")
    ends_on = ends_on or (last if starts_on == first else starts_on + timedelta(days=90))
    _check(starts_on, ends_on, seconds, today)
    _require_something(office)
    plan = RoutePlan(
        office=office,
        starts_on=starts_on,
        ends_on=ends_on,
        seconds=seconds,
        keeps_calendar=keeps_calendar,
        seed=seed,
        asked_by=actor,
        continues=continues,
        hand=list(continues.hand) if continues else [],
    )
    plan.full_clean(exclude=["hand", "figures", "unmet", "faults", "report"])
    plan.save(force_insert=True)
    write_event(plan, "ask", actor=actor, before="")
    return plan


def reckon_again(*, plan: RoutePlan, actor: User) -> RoutePlan:
    """The same days once more, as the house is now; what was changed by hand in a plan that nobody adopted is kept."""
    return ask_plan(
        office=plan.office,
        actor=actor,
        starts_on=max(plan.starts_on, min(clock.today(plan.office.zone) + timedelta(days=1), plan.ends_on)),
        ends_on=plan.ends_on,
        seconds=plan.seconds,
        keeps_calendar=plan.keeps_calendar,
        seed=plan.seed,
        continues=plan if plan.status in (RoutePlanStatus.READY, RoutePlanStatus.DISCARDED) else None,
    )


def _check(starts_on: date, ends_on: date, seconds: int, today: date) -> None:
    if not 1 <= seconds <= MOST_SECONDS:
        raise InvalidInput(
            "bad_seconds",
            _("The planner may take 1 to %(most)s seconds.") % {"most": MOST_SECONDS},
            field="seconds",
        )
    if ends_on < starts_on:
        raise InvalidInput("turned_round", _("The last day cannot be before the first."), field="ends_on")
    if (ends_on - starts_on).days >= MOST_DAYS:
        raise InvalidInput(
            "too_long", _("A plan covers at most half a year. Choose an earlier last day."), field="ends_on"
        )
    _require_ahead(ends_on, today)


def _require_ahead(ends_on: date, today: date) -> None:
    if ends_on <= today:
        raise InvalidInput("in_the_past", _("These days have passed. Choose later ones."), field="ends_on")


def _require_none_under_way(office: UUID) -> None:
    # Two desks asking at once: the second waits here, and is shown the plan of the first.
    Institution.objects.select_for_update(no_key=True).get(pk=office)
    if RoutePlan.objects.filter(
        office=office, status__in=(RoutePlanStatus.WAITING, RoutePlanStatus.RUNNING)
    ).exists():
        raise Conflict("plan_under_way", _("A plan is being reckoned already. Wait for it, or cancel it."))


def _require_something(office: Institution) -> None:
    vehicles = Vehicle.objects.filter(office=office, is_active=True, hours__isnull=False)
    if not vehicles.exists():
        raise Conflict(
            "no_vehicle", _("No vehicle in use has hours. Say first on which weekdays a vehicle is out.")
        )
    if office.latitude is None and not vehicles.filter(latitude__isnull=False).exists():
        raise Conflict(
            "no_start",
            _(
                "Neither the library nor a vehicle in use has a place on the map. Enter first where a vehicle starts."
            ),
        )
    stops = Stop.objects.filter(office=office, is_active=True, latitude__isnull=False).count()
    if not stops:
        raise Conflict("no_stop", _("No stop has a place on the map. Give the stops their places first."))
    if stops > MOST_STOPS:
        raise Conflict(
            "too_many_stops",
            _(
                "%(count)s stops have a place on the map; the planner takes %(most)s at once. Close those that no van visits any more."
            )
            % {"count": stops, "most": MOST_STOPS},
        )


@transaction.atomic
def cancel_plan(*, plan: RoutePlan, actor: User) -> RoutePlan:
    """Stop the reckoning; the worker sees it within seconds and kills the planner. The calendar in force stays."""
    fresh = lock_plan(plan)
    take_step(ROUTE_PLAN, "cancel", fresh, actor=actor)
    return fresh


@transaction.atomic
def retry_plan(*, plan: RoutePlan, actor: User) -> RoutePlan:
    """Put a plan that failed back into the queue, with the house as it is now.

    Raises NotPermitted and TransitionRefused as the table says, Conflict (``plan_under_way``), InvalidInput (``in_the_past``).
    """
    _require_none_under_way(plan.office_id)
    fresh = lock_plan(plan)
    ROUTE_PLAN.ask("retry", fresh.status, roles_of(actor, fresh))
    _require_ahead(fresh.ends_on, clock.today(fresh.office.zone))
    take_step(ROUTE_PLAN, "retry", fresh, actor=actor, faults=[], progress=0)
    return fresh


@transaction.atomic
def discard_plan(*, plan: RoutePlan, actor: User) -> RoutePlan:
    """Throw a plan away that nobody adopted; it stays readable."""
    fresh = lock_plan(plan)
    take_step(ROUTE_PLAN, "discard", fresh, actor=actor)
    return fresh


def run_waiting_plans() -> int:
    """The worker: claim and reckon plans until none waits. Returns how many were taken."""
    taken = 0
    while plan := claim_plan():
        taken += 1
        try:
            reckon(plan)
        except Exception:
            # One library's plan must not be claimed for ever, nor hold up those of all others.
            log.exception("route_plan_crashed", plan=str(plan.pk))
            _fail(plan, [{"code": "crashed", "facts": {}}])
    return taken


def claim_plan() -> RoutePlan | None:
    """Take one plan that waits, or whose worker has died, for :data:`LEASE`. Two workers never get the same one."""
    ready = Q(status=RoutePlanStatus.WAITING) | Q(
        status=RoutePlanStatus.RUNNING, claimed_until__lt=clock.now()
    )
    with transaction.atomic():
        plan: RoutePlan | None = (
            RoutePlan.objects.filter(ready)
            .select_for_update(skip_locked=True, of=("self",), no_key=True)
            .select_related("office")
            .order_by("created_at", "id")
            .first()
        )
        if plan is None:
            return None
        if plan.status == RoutePlanStatus.WAITING:
            take_step(ROUTE_PLAN, "begin", plan, actor=None)
        plan.claimed_until = clock.now() + LEASE
        plan.progress = 0
        plan.save(update_fields=["claimed_until", "progress", "updated_at"])
    return plan


def reckon(plan: RoutePlan) -> RoutePlan:
    """Reckon a claimed plan and keep what came of it: a result to look at, or why there is none."""
    if plan.ends_on <= clock.today(plan.office.zone):
        return _fail(plan, [{"code": "no_days", "facts": {}}])  # its last day came while it waited
    house = house_of(plan)
    problem = with_hand(house.problem, plan.hand, house.calendar)
    if without := never_served(problem):
        # One stop that no tour can serve must not cost all others their plan: it is left out, and said.
        house = house_of(plan, without=without)
        problem = with_hand(house.problem, plan.hand, house.calendar)
    names = names_of(house.calendar, house.stops, house.vehicles)
    watch = _Watch(plan)
    try:
        answer = run(problem, progress=watch.progress, cancelled=watch.cancelled)
    except BadProblem as trouble:
        return _fail(plan, faults_of(trouble.faults, names))
    except NotPlanned as trouble:
        if trouble.code == "cancelled":
            return RoutePlan.objects.get(pk=plan.pk)
        log.warning("route_plan_failed", plan=str(plan.pk), code=trouble.code, detail=trouble.detail)
        return _fail(plan, faults_of([Fault(trouble.code, {"seconds": round(trouble.seconds)})], names))
    return _keep(plan, house, problem, answer)


def never_served(problem: Problem) -> dict[str, Fault]:
    """Stops, by key, that no tour of these days could serve; none where that is true of all of them, or something else is wrong as well."""
    try:
        examine(problem)
    except BadProblem as trouble:
        found = {str(fault.facts["stop"]): fault for fault in trouble.faults if fault.code in NEVER_SERVED}
        if len(found) == len(trouble.faults) and len(found) < len(problem.stops):
            return found
    return {}


@transaction.atomic
def _keep(plan: RoutePlan, house: House, problem: Problem, answer: Run) -> RoutePlan:
    fresh = lock_plan(plan)
    if fresh.status != RoutePlanStatus.RUNNING:
        return fresh  # cancelled in its last second
    names = names_of(house.calendar, house.stops, house.vehicles)
    take_step(
        ROUTE_PLAN,
        "finish",
        fresh,
        actor=None,
        # Without what was decided by hand: that stands beside it, and may be let go of again.
        problem=zlib.compress(problem_to_json(house.problem).encode(), 6),
        result=zlib.compress(answer.text.encode(), 6),
        figures={**summed_up(answer.plan), "seconds": round(answer.seconds, 1)},
        unmet=unmet_of(answer.plan, names),
        report=report_of(house, problem, answer.plan),
        faults=[],
        progress=100,
        claimed_until=None,
    )
    return fresh


@transaction.atomic
def _fail(plan: RoutePlan, faults: Sequence[dict[str, object]]) -> RoutePlan:
    fresh = lock_plan(plan)
    if fresh.status == RoutePlanStatus.RUNNING:
        take_step(ROUTE_PLAN, "fail", fresh, actor=None, faults=list(faults), claimed_until=None)
    return fresh


def lock_plan(plan: RoutePlan) -> RoutePlan:
    """The fresh row under lock, with its library."""
    fresh: RoutePlan = (
        RoutePlan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office")
        .get(pk=plan.pk)
    )
    return fresh


class _Watch:
    """Tells the row how far the planner is, and the planner that somebody has cancelled: once a second at most."""

    def __init__(self, plan: RoutePlan) -> None:
        self.rows = RoutePlan.objects.filter(pk=plan.pk, status=RoutePlanStatus.RUNNING)
        self.percent = 0
        self.asked = 0.0
        self.gone = False

    def progress(self, stage: str, share: float) -> None:
        """``share``: of the time that it may take."""
        self.percent = max(self.percent, min(round(100 * share), LAST_PERCENT))

    def cancelled(self) -> bool:
        if time.monotonic() - self.asked >= 1:
            self.asked = time.monotonic()
            until = clock.now() + LEASE
            self.gone = not self.rows.update(progress=self.percent, claimed_until=until)
        return self.gone
