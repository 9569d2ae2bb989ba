"""Twenty desks that scan at the same time, and a year's plan of 58 schools that is adopted at once."""

import statistics
import threading
import time
from collections.abc import Iterator

from django.db import connection

from kerjasama.domain import clock
from loans.choices import PlanStatus
from loans.models import PlannedBook
from loans.services.adopting import adopt_plan
from loans.services.custody import check_custody
from loans.services.rotating import ask_plan, run_waiting_plans
from tests.bench.server import Client
from tests.bench.stage import Deliveries, Stage, barcodes

DESKS = 20
EVERY_SECONDS = 2.0
SCANS = 25
SCHOOLS = 58
Told = tuple[str, str, str, bool | None]


def measures(stage: Stage, deliveries: Deliveries, port: int) -> Iterator[Told]:
    """What, measured, limit, and whether it holds."""
    yield from _twenty_desks(stage, deliveries, port)
    yield from _adoption(stage, deliveries)


def _twenty_desks(stage: Stage, deliveries: Deliveries, port: int) -> Iterator[Told]:
    """Each desk packs a box of its own, a book every two seconds, all through the one server."""
    boxes = [deliveries.proposed() for _desk in range(DESKS)]
    work = [(str(box.pk), barcodes(box)[: SCANS + 1]) for box in boxes]
    times: list[float] = []
    faults: list[BaseException] = []

    def desk(number: int) -> None:
        client = Client(port, stage.token)
        box, codes = work[number]
        began = time.monotonic() + number * EVERY_SECONDS / DESKS
        try:
            for turn, barcode in enumerate(codes):
                time.sleep(max(0.0, began + turn * EVERY_SECONDS - time.monotonic()))
                body = {"desk": "pick", "consignment": box, "barcode": barcode}
                answer, took = client.ask("POST", "/api/v1/scans/", body)
                if answer["reason"] != "picked":
                    raise RuntimeError(f"desk {number}: {answer}")
                if turn:  # the first pays for opening the connection
                    times.append(took)
        except BaseException as fault:
            faults.append(fault)

    desks = [threading.Thread(target=desk, args=(number,)) for number in range(DESKS)]
    for thread in desks:
        thread.start()
    for thread in desks:
        thread.join()
    if faults:
        raise faults[0]
    ordered = sorted(times)
    p95 = ordered[round(0.95 * (len(ordered) - 1))]
    yield (
        f"scan, {DESKS} desks each every two seconds, p50 / p95 of {len(times)}",
        f"{statistics.median(times) * 1000:.1f} ms / {p95 * 1000:.1f} ms",
        "p95 ≤ 60 ms",
        p95 <= 0.060,
    )


def _adoption(stage: Stage, deliveries: Deliveries) -> Iterator[Told]:
    """58 schools of a hundred books each: one period is 5,800 copies, a year four times as many."""
    before = {programme.pk for programme in stage.office.lent_programmes.all()}
    stage.office.lent_programmes.filter(pk__in=before).update(status="paused")
    for _school in range(SCHOOLS):
        deliveries.programme()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for periods in (1, 4):
        began = time.perf_counter()
        plan = ask_plan(
            office=stage.office, actor=stage.desk, starts_on=clock.today().replace(day=1), periods=periods
        )
        run_waiting_plans()
        reckoned = time.perf_counter() - began
        plan.refresh_from_db()
        if plan.status != PlanStatus.READY:
            raise RuntimeError(f"the plan is {plan.status}: {plan.faults}")
        began = time.perf_counter()
        answer = adopt_plan(plan=plan, actor=stage.desk)
        took = time.perf_counter() - began
        if PlannedBook.objects.filter(plan=plan).count() != answer.books:
            raise RuntimeError("the plan was not adopted whole")
        yield (
            f"plan of {SCHOOLS} schools × {periods} with a catalogue of 100,000 copies, from the order to the look",
            f"{reckoned:.1f} s",
            "stated",
            None,
        )
        yield (
            f"adopting it: {answer.books:,} copies in one transaction",
            f"{took:.1f} s",
            "≤ 10 s" if periods == 1 else "stated",
            took <= 10 if periods == 1 else None,
        )
    wrong = len(list(check_custody()))
    yield "check_custody after it: copies in two places or none", str(wrong), "none", wrong == 0
