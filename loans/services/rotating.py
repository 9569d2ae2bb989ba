"""The life of a rotation plan: asked for, reckoned by a worker in a process of its own, looked at, thrown away (L2).

Nothing but the plan's own row is written before somebody adopts it (``adopting``): a worker that is killed leaves no half plan.
"""

import time
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from kerjasama.domain.wording import plain_date
from libraries.access import roles_toward
from libraries.models import Institution, User
from loans.choices import PlanMode, PlanStatus
from loans.lifecycle import DESK, PLAN
from loans.models import RotationPlan
from loans.planning import BadProblem, Fault, NotPlanned, Plan, Problem
from loans.planning.reading import plan_from_json
from loans.planning.running import Run, run
from loans.services.holding import run_shaking_little
from loans.services.planning_input import problem_of, shelf_of
from loans.services.planning_report import report_of
from loans.services.planning_rounds import Wave, waves_of
from loans.services.planning_summary import faults_of, figures_of, summary_of
from loans.services.stepping import take_step, write_event
from loans.services.weighing import FAIRNESS

# A worker that has said nothing for so long is dead, and the next one begins again.
LEASE = timedelta(minutes=2)
# Below the time limit of a task: the planner is stopped, and says so, before the worker is.
LIMIT_SECONDS = 600
MOST_PERIODS = 12
WEIGHTS = frozenset({"wish", "language", "wear", "variety", "stay", "fairness", "near_km"})

# From which to which percent each stage of the planner takes the reader.
STAGES = {"examine": (0, 5), "year": (5, 50), "split": (50, 80), "copies": (80, 95)}

log = structlog.get_logger(__name__)


@transaction.atomic
def ask_plan(
    *,
    office: Institution,
    actor: User,
    starts_on: date | None = None,
    periods: int = 4,
    mode: str = PlanMode.PERSONAL,
    fixed: int = 0,
    memory: int | None = None,
    weights: Mapping[str, int | float] | None = None,
    seed: int = 1,
    continues: RotationPlan | None = None,
) -> RotationPlan:
    """A plan of the next ``periods`` periods of all running programmes of ``office``; a worker reckons it.

    ``continues``: the adopted plan whose rest it reckons again; it ends where that one ends.

    Raises NotPermitted (``role_missing``), Conflict (``plan_under_way``, ``nothing_to_plan``), InvalidInput (``bad_periods``,
    ``unknown_mode``, ``fixed_missing``, ``unknown_weight``, ``bad_weight``).
    """
    if not roles_toward(actor, lender=office.pk) & DESK:
        raise NotPermitted(
            "role_missing",
            _("Only the circulation desk or an officer of %(office)s plans its rotation.")
            % {"office": office},
        )
    # Two desks asking at once: the second waits here, and is shown the plan of the first.
    Institution.objects.select_for_update(no_key=True).get(pk=office.pk)
    if RotationPlan.objects.filter(
        lender=office, status__in=(PlanStatus.WAITING, PlanStatus.RUNNING)
    ).exists():
        raise Conflict("plan_under_way", _("A plan is being reckoned already. Wait for it, or cancel it."))
    _check(periods, mode, fixed, weights or {})
    plan = RotationPlan(
        lender=office,
        starts_on=starts_on or clock.today(office.zone),
        periods=periods,
        mode=mode,
        fixed=fixed if mode == PlanMode.MIXED else 0,
        memory=memory,
        weights={"fairness": FAIRNESS, **(weights or {})},
        seed=seed,
        asked_by=actor,
        continues=continues,
    )
    if not waves_of(plan)[0]:
        raise Conflict(
            "nothing_to_plan",
            _(
                "No running programme has a planned delivery from %(day)s on that is not being packed. "
                "Choose an earlier day, or open a programme first."
            )
            % {"day": plain_date(plan.starts_on, get_language() or "id")},
        )
    plan.full_clean()
    plan.save(force_insert=True)
    write_event(plan, "ask", actor=actor, before="")
    return plan


def _check(periods: int, mode: str, fixed: int, weights: Mapping[str, int | float]) -> None:
    if not 1 <= periods <= MOST_PERIODS:
        raise InvalidInput(
            "bad_periods",
            _("A plan covers 1 to %(most)s periods.") % {"most": MOST_PERIODS},
            field="periods",
        )
    if mode not in PlanMode.values:
        raise InvalidInput("unknown_mode", _("Choose how the books are to travel."), field="mode")
    if mode == PlanMode.MIXED and fixed < 1:
        raise InvalidInput(
            "fixed_missing", _("Say how many books of each delivery travel in fixed boxes."), field="fixed"
        )
    for name, value in weights.items():
        if name not in WEIGHTS:
            raise InvalidInput(
                "unknown_weight",
                _("“%(name)s” is no weight of the planner.") % {"name": name},
                field="weights",
            )
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10_000:
            raise InvalidInput(
                "bad_weight",
                _("The weight “%(name)s” must be a number from 0 to 10,000.") % {"name": name},
                field="weights",
            )


@transaction.atomic
def cancel_plan(*, plan: RotationPlan, actor: User) -> RotationPlan:
    """Stop the reckoning; the worker sees it within seconds and kills the planner. The plan in force stays."""
    fresh = lock_plan(plan)
    take_step(PLAN, "cancel", fresh, actor=actor)
    return fresh


@transaction.atomic
def retry_plan(*, plan: RotationPlan, actor: User) -> RotationPlan:
    """Put a plan that failed back into the queue, with the house as it is now."""
    fresh = lock_plan(plan)
    take_step(PLAN, "retry", fresh, actor=actor, faults=[], progress=0)
    return fresh


@transaction.atomic
def discard_plan(*, plan: RotationPlan, actor: User) -> RotationPlan:
    """Throw a plan away that nobody adopted; it stays readable."""
    fresh = lock_plan(plan)
    take_step(PLAN, "discard", fresh, actor=actor)
    return fresh


def run_waiting_plans() -> int:
    """The worker: claim and reckon plans until none waits. Returns how many were taken."""
    taken = 0
    while plan := claim_plan():
        taken += 1
        reckon(plan)
    return taken


def claim_plan() -> RotationPlan | None:
    """Take one plan that waits, or whose worker has died, for :data:`LEASE`. Two workers never get the same one."""
    ready = Q(status=PlanStatus.WAITING) | Q(status=PlanStatus.RUNNING, claimed_until__lt=clock.now())
    with transaction.atomic():
        plan = (
            RotationPlan.objects.filter(ready)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("lender")
            .order_by("created_at", "id")
            .first()
        )
        if plan is None:
            return None
        if plan.status == PlanStatus.WAITING:
            take_step(PLAN, "begin", plan, actor=None)
        plan.claimed_until = clock.now() + LEASE
        plan.progress = 0
        plan.save(update_fields=["claimed_until", "progress", "updated_at"])
    return plan


def reckon(plan: RotationPlan) -> RotationPlan:
    """Reckon a claimed plan and keep what came of it: a result to look at, or why there is none."""
    watch = _Watch(plan)
    answers: list[Run] = []
    schools: list[dict[str, Any]] = []
    parts: list[tuple[Wave, Problem, Plan]] = []
    try:
        waves, left_out = waves_of(plan)
        if not waves:
            return _fail(plan, [Fault("nothing_to_plan")])
        for number, (wave, shelf) in enumerate(zip(waves, shelf_of(plan, waves), strict=True)):
            watch.wave(number, len(waves))
            problem = problem_of(plan, wave, shelf)
            answers.append(
                watch.run(problem)
                if plan.continues_id is None
                else run_shaking_little(problem, wave, watch.run)
            )
            schools += summary_of(problem, answers[-1].plan, wave)
            parts.append((wave, problem, answers[-1].plan))
    except BadProblem as trouble:
        return _fail(plan, trouble.faults)
    except NotPlanned as trouble:
        if trouble.code == "cancelled":
            return RotationPlan.objects.get(pk=plan.pk)
        log.warning("plan_failed", plan=str(plan.pk), code=trouble.code, detail=trouble.detail)
        return _fail(plan, [Fault(trouble.code, {"seconds": round(trouble.seconds)})])
    return _keep(
        plan,
        answers,
        sorted(schools, key=lambda row: (row["name"], row["programme"])),
        [{"name": str(row.programme.partner), "code": row.code} for row in left_out],
        report_of(plan, parts, [row.programme for row in left_out]),
    )


def result_of(plan: RotationPlan) -> list[Plan]:
    """What the planner answered, wave by wave. Raises ValueError when it has not."""
    if plan.result is None:
        raise ValueError("this plan has no result")
    return [plan_from_json(line) for line in zlib.decompress(bytes(plan.result)).splitlines()]


@transaction.atomic
def _keep(
    plan: RotationPlan,
    answers: list[Run],
    schools: list[dict[str, Any]],
    left_out: list[dict[str, str]],
    report: dict[str, Any],
) -> RotationPlan:
    fresh = lock_plan(plan)
    if fresh.status != PlanStatus.RUNNING:
        return fresh  # cancelled in its last second
    take_step(
        PLAN,
        "finish",
        fresh,
        actor=None,
        result=zlib.compress("\n".join(answer.text for answer in answers).encode(), 6),
        figures={
            **figures_of([answer.plan for answer in answers]),
            "seconds": round(sum(answer.seconds for answer in answers), 1),
            "peak_mb": round(max(answer.peak_mb for answer in answers)),
        },
        schools=schools,
        left_out=left_out,
        report=report,
        progress=100,
        claimed_until=None,
    )
    return fresh


@transaction.atomic
def _fail(plan: RotationPlan, faults: Sequence[Fault]) -> RotationPlan:
    fresh = lock_plan(plan)
    if fresh.status == PlanStatus.RUNNING:
        take_step(PLAN, "fail", fresh, actor=None, faults=faults_of(faults), claimed_until=None)
    return fresh


def lock_plan(plan: RotationPlan) -> RotationPlan:
    """The fresh row under lock, with its lender."""
    return (
        RotationPlan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("lender")
        .get(pk=plan.pk)
    )


class _Watch:
    """Tells the row how far the planner is, and the planner that somebody has cancelled: once a second at most."""

    def __init__(self, plan: RotationPlan) -> None:
        self.rows = RotationPlan.objects.filter(pk=plan.pk, status=PlanStatus.RUNNING)
        self.percent = 0
        self.asked = 0.0
        self.gone = False
        self.began = time.monotonic()
        self.wave(0, 1)

    def wave(self, number: int, count: int) -> None:
        """The ``number``-th of ``count`` waves begins, counted from 0."""
        self.begins, self.width = number / count, 1 / count

    def run(self, problem: Problem) -> Run:
        """The planner in its own process, watched."""
        return run(
            problem,
            progress=self.progress,
            cancelled=self.cancelled,
            limit_seconds=LIMIT_SECONDS - self.seconds(),
        )

    def seconds(self) -> float:
        return time.monotonic() - self.began

    def progress(self, stage: str, share: float) -> None:
        """Stages come in order; the first ones take the longest."""
        begins, ends = STAGES.get(stage, (95, 99))
        within = begins + (ends - begins) * share
        self.percent = max(self.percent, round(100 * self.begins + self.width * within))

    def cancelled(self) -> bool:
        if time.monotonic() - self.asked >= 1:
            self.asked = time.monotonic()
            until = clock.now() + LEASE
            self.gone = not self.rows.update(progress=self.percent, claimed_until=until)
        return self.gone
