"""Whatever comes in whatever order, no book is lost from the books, and no plan touches what has left the shelf (L2, L5).

Plans, adoptions, their undoing, proposals, handovers, returns, losses and fixed books are interleaved as they come.
"""

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.catalogue.choices import CopyPlace
from libraries.catalogue.models import Copy
from libraries.models import Institution, User
from loans.choices import ConsignmentStatus, LineStatus, PeriodStatus, PlanStatus
from loans.models import Consignment, LoanLine, Period, PlannedBook, Programme, RotationPlan
from loans.planning import Problem, Run
from loans.planning.reading import plan_to_json
from loans.planning.solving import plan_rotation
from loans.services import rotating
from loans.services.adopting import adopt_plan
from loans.services.claiming import report_loss
from loans.services.continuing import replan_rest
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from loans.services.fixing import fix_book
from loans.services.programmes import open_programme
from loans.services.proposing import cancel_consignment, propose_consignment
from loans.services.returning import ReturnedCopy, open_return_visit, return_copies
from loans.services.rotating import ask_plan, run_waiting_plans
from loans.services.undoing import undo_adoption
from tests.conftest import scan_all
from tests.factories import AgreementFactory, shelve

pytestmark = pytest.mark.django_db

SCHOOLS, TITLES = 3, 24
# What changes promises, and must leave everything else as it is.
PLANNING = {"plan", "replan", "undo", "fix"}


class House:
    """A small library, and every act that somebody may do to it; ``number`` chooses whom it is about."""

    def __init__(self, library: Institution, actor: User) -> None:
        self.library, self.actor = library, actor
        shelve(library, TITLES)
        self.programmes: list[Programme] = [
            open_programme(agreement=AgreementFactory(office=library, in_force=True), actor=actor)
            for _school in range(SCHOOLS)
        ]
        self.copies = Copy.objects.filter(owner=library).count()

    def plan(self, number: int) -> None:
        asked = ask_plan(
            office=self.library,
            actor=self.actor,
            starts_on=clock.today() - timedelta(days=30),
            seed=number + 1,
        )
        self._adopt(asked, number)

    def replan(self, number: int) -> None:
        present = RotationPlan.objects.filter(status=PlanStatus.ADOPTED).order_by("-adopted_at").first()
        if present is not None:
            self._adopt(replan_rest(plan=present, actor=self.actor), 0)

    def _adopt(self, asked: RotationPlan, number: int) -> None:
        run_waiting_plans()
        asked.refresh_from_db()
        assert asked.status == PlanStatus.READY, asked.faults
        some = None if number % 3 else [self.programmes[number % SCHOOLS].pk]
        adopt_plan(plan=asked, actor=self.actor, programmes=some)

    def undo(self, number: int) -> None:
        present = RotationPlan.objects.filter(status=PlanStatus.ADOPTED).order_by("-adopted_at").first()
        if present is not None:
            undo_adoption(plan=present, actor=self.actor)

    def fix(self, number: int) -> None:
        copies = list(Copy.objects.filter(owner=self.library).order_by("pk"))
        period = self.programmes[number % SCHOOLS].periods.get(sequence=1 + number % 4)
        fix_book(period=period, actor=self.actor, copy=copies[number % len(copies)])

    def propose(self, number: int) -> None:
        rows = self.programmes[number % SCHOOLS].periods.filter(status=PeriodStatus.PLANNED)
        period = rows.order_by("sequence").first()
        if period is not None:
            propose_consignment(period=period, actor=self.actor)

    def dispatch(self, number: int) -> None:
        row = self._one(Consignment.objects.filter(status=ConsignmentStatus.PICKING), number)
        if row is not None:
            scan_all(row, self.actor)
            dispatch_consignment(consignment=row, actor=self.actor)

    def scan(self, number: int) -> None:
        row = self._one(Consignment.objects.filter(status=ConsignmentStatus.PICKING), number)
        if row is not None:
            scan_all(row, self.actor)

    def cancel(self, number: int) -> None:
        row = self._one(Consignment.objects.filter(status=ConsignmentStatus.PICKING), number)
        if row is not None:
            cancel_consignment(consignment=row, actor=self.actor, note="Salah sekolah.")

    def back(self, number: int) -> None:
        partner = self.programmes[number % SCHOOLS].partner
        out = LoanLine.objects.filter(consignment__partner=partner, status=LineStatus.OUT)
        wanted = [ReturnedCopy(row.copy.barcode) for row in out.order_by("pk")[: 1 + number % 6]]
        if wanted:
            visit = open_return_visit(lender=self.library, partner=partner, actor=self.actor)
            return_copies(visit=visit, copies=wanted, actor=self.actor)

    def lose(self, number: int) -> None:
        row = self._one(LoanLine.objects.filter(status=LineStatus.OUT), number)
        if row is not None:
            report_loss(line=row, actor=self.actor, kind="lost", account="Hanyut.")

    def _one(self, rows: Any, number: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[number % len(found)] if found else None


ACTS = (
    "plan", "replan", "replan", "undo", "fix", "propose", "propose", "dispatch", "dispatch", "scan", "cancel", "back", "lose",
)  # fmt: skip
# Every example begins with a plan and books that are out.
BEGINNING = [("plan", 1), ("propose", 0), ("dispatch", 0)]


def gone_out() -> dict[str, set[tuple[Any, ...]]]:
    """What a plan must not touch: lines, where every copy is, and what packed and begun deliveries were promised."""
    packed = Consignment.objects.exclude(status=ConsignmentStatus.CANCELLED).values("period")
    return {
        "lines": set(LoanLine.objects.values_list("consignment", "copy", "status")),
        "places": set(Copy.objects.values_list("pk", "place", "holder")),
        "promises": set(PlannedBook.objects.filter(period__in=packed).values_list("period", "title", "copy")),
        "periods": set(Period.objects.values_list("pk", "status", "starts_on")),
    }


def check(house: House) -> None:
    assert list(check_custody()) == []
    places = Counter(Copy.objects.filter(owner=house.library).values_list("place", flat=True))
    lines = Counter(LoanLine.objects.values_list("status", flat=True))
    assert sum(places.values()) == house.copies, "a book has vanished, or has come from nowhere"
    assert places[CopyPlace.AWAY] == lines[LineStatus.OUT]
    assert places[CopyPlace.PACKED] == lines[LineStatus.PICKED]
    assert places[CopyPlace.LOST] == lines[LineStatus.LOST]
    waiting = PlannedBook.objects.filter(period__status=PeriodStatus.PLANNED).exclude(
        period__in=Consignment.objects.exclude(status=ConsignmentStatus.CANCELLED).values("period")
    )
    for programme in house.programmes:
        had = LoanLine.objects.filter(consignment__partner=programme.partner).exclude(
            status=LineStatus.DROPPED
        )
        titles = list(had.values_list("copy__title", flat=True))
        titles += waiting.filter(period__programme=programme).values_list("title", flat=True)
        assert max(Counter(titles).values(), default=0) <= 1, "a title comes twice to a school"
    stays: dict[Any, list[tuple[Any, Any]]] = {}
    for copy, start, end in waiting.values_list("copy", "period__starts_on", "period__ends_on"):
        stays.setdefault(copy, []).append((start, end))
    for spans in stays.values():
        assert all(one[1] <= two[0] + timedelta(days=14) for one, two in itertools.pairwise(sorted(spans)))


@contextmanager
def undone() -> Iterator[None]:
    """Every example begins with the same house."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def at_once(problem: Problem, **_watching: Any) -> Run:
    """The planner itself, without the process around it: that one is tested where it belongs."""
    plan = plan_rotation(problem)
    return Run(plan, plan_to_json(plan), 0.0, 0.0, 0.0)


@pytest.fixture
def house(library: Institution, circulation: User, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(rotating, "run", at_once)
    return House(library, circulation)


@settings(
    max_examples=12,
    deadline=None,
    # The acts are listed in the failure; looking for fewer of them takes minutes.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 30)), min_size=6, max_size=14))
def test_books_are_conserved_and_plans_touch_only_promises(acts: list[tuple[str, int]], house: House) -> None:
    with undone():
        for act, number in [*BEGINNING, *acts]:
            before = gone_out()
            try:
                getattr(house, act)(number)
                event(act)
            except DomainError as refused:
                event(f"{act}: {refused.code}")
            if act in PLANNING:
                assert gone_out() == before, f"{act} touched what has left the shelf"
            check(house)
