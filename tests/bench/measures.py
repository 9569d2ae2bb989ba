"""What is measured: one function per row of the table's groups, each answering with its rows."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client as InProcess
from django.test.utils import CaptureQueriesContext

from kerjasama.domain import clock
from libraries.models import Notice
from libraries.services.sweeps import Swept
from loans.services.reminding import send_due_reminders
from loans.services.returning import open_return_visit
from loans.services.tracking import track_returns
from tests.bench.limits import PlainSql
from tests.bench.server import Client
from tests.bench.stage import (
    AGREEMENTS,
    Deliveries,
    Stage,
    barcodes,
    late_programmes,
    session_of,
    some_agreements,
)

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "20"))
SHARED_MARC = Path(settings.BASE_DIR).parent / "shared" / "data" / "marc"


@dataclass(frozen=True)
class Row:
    """``figure`` as printed; ``limit`` what it is held against; ``holds`` None where nothing was demanded."""

    what: str
    figure: str
    limit: str = ""
    holds: bool | None = None


def percentile(times: Sequence[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def statements(stage: Stage, method: str, path: str, body: object = None) -> int:
    """How many statements one request sends, asked in this process with the very same code. BEGIN and COMMIT not."""
    client = InProcess(headers={"authorization": f"Bearer {stage.token}", "host": "127.0.0.1"})
    with CaptureQueriesContext(connection) as sent:
        if method == "GET":
            response = client.get(path)
        else:
            response = client.post(path, body, content_type="application/json")
    if response.status_code >= 300:
        raise RuntimeError(f"{method} {path}: {response.status_code} {response.content[:500]!r}")
    return sum(query["sql"] not in ("BEGIN", "COMMIT") for query in sent.captured_queries)


def calibration() -> list[Row]:
    """A fixed loop: how busy the machine is. 57–61 ms was a quiet machine where the limits were stated."""
    times = []
    for _each in range(5):
        began = time.perf_counter()
        total = 0
        for number in range(1_500_000):
            total += number
        times.append(time.perf_counter() - began)
    return [Row("calibration: 1.5 M additions", f"{ms(min(times))} – {ms(max(times))}", "57–150 ms seen")]


def scans(stage: Stage, deliveries: Deliveries, client: Client, plain: PlainSql) -> list[Row]:
    """One book after another at the packing desk, in turns with the plain SQL for the same."""
    ours, theirs, counts = [], [], set()
    for _round in range(max(2, ROUNDS // 8)):
        mine, other = deliveries.proposed(), deliveries.proposed()
        for at, (barcode, rival) in enumerate(zip(barcodes(mine), barcodes(other), strict=True)):
            body = {"desk": "pick", "consignment": str(mine.pk), "barcode": barcode}
            if at in (0, 50, 99):
                counts.add(statements(stage, "POST", "/api/v1/scans/", body))
            else:
                ours.append(client.ask("POST", "/api/v1/scans/", body)[1])
            theirs.append(plain.scan(other.pk, rival))
    p95, bare = percentile(ours, 0.95), percentile(theirs, 0.95)
    return [
        Row("scan, p50 / p95", f"{ms(statistics.median(ours))} / {ms(p95)}", "p95 ≤ 150 ms", p95 <= 0.150),
        Row("scan, plain SQL p50 / p95", f"{ms(statistics.median(theirs))} / {ms(bare)}"),
        Row("scan, ratio to plain SQL (p95)", f"{p95 / bare:.1f}×", "stated"),
        Row("scan, statements", _numbers(counts), "constant, ≤ 12", len(counts) == 1 and max(counts) <= 12),
    ]


def hundreds(stage: Stage, deliveries: Deliveries, client: Client, plain: PlainSql) -> list[Row]:
    """A hundred books handed over and taken back over the API, in turns with one plain statement (G7)."""
    over, back, plain_over, plain_back = [], [], [], []
    for _round in range(ROUNDS):
        mine, other = deliveries.scanned(), deliveries.scanned()
        over.append(client.ask("POST", f"/api/v1/consignments/{mine.pk}/dispatch/", {})[1])
        copies = list(other.lines.values_list("copy_id", flat=True))
        plain_over.append(plain.hand_over(other.pk, other.partner_id, copies))
        visit = open_return_visit(lender=mine.lender, partner=mine.partner, actor=stage.desk)
        body = {"copies": [{"barcode": barcode} for barcode in barcodes(mine)]}
        back.append(client.ask("POST", f"/api/v1/return-visits/{visit.pk}/take_back/", body)[1])
        plain_back.append(plain.take_back(other.pk, other.partner_id, copies))
    counts = {}
    for verb in ("dispatch", "take_back"):
        counts[verb] = {_statements_of(stage, deliveries, verb, books) for books in (10, 100)}
    rows = []
    for name, verb, times, limit in (
        ("hand over 100", "dispatch", over, plain_over),
        ("take back 100", "take_back", back, plain_back),
    ):
        p95, sent = percentile(times, 0.95), counts[verb]
        rows += [
            Row(
                f"{name}, p50 / p95",
                f"{ms(statistics.median(times))} / {ms(p95)}",
                "p95 ≤ 150 ms",
                p95 <= 0.150,
            ),
            Row(
                f"{name}, ratio to one plain statement (p50)",
                f"{statistics.median(times) / statistics.median(limit):.1f}× of {ms(statistics.median(limit))}",
                "stated",
            ),
            Row(
                f"{name}, statements for 10 and 100",
                _numbers(sent),
                "equal, ≤ 12",
                len(sent) == 1 and max(sent) <= 12,
            ),
        ]
    return rows


def _statements_of(stage: Stage, deliveries: Deliveries, verb: str, books: int) -> int:
    consignment = deliveries.scanned(books) if verb == "dispatch" else deliveries.out()
    if verb == "dispatch":
        return statements(stage, "POST", f"/api/v1/consignments/{consignment.pk}/dispatch/", {})
    visit = open_return_visit(lender=consignment.lender, partner=consignment.partner, actor=stage.desk)
    body = {"copies": [{"barcode": barcode} for barcode in barcodes(consignment)[:books]]}
    return statements(stage, "POST", f"/api/v1/return-visits/{visit.pk}/take_back/", body)


def lists(stage: Stage, client: Client) -> list[Row]:
    """Fifty of a hundred thousand copies: the first page, the thousandth, and the floor in turns."""
    path, floor = "/api/v1/copies/", "/floor/copies/"
    deep = _page(client, path, 1000)
    deep_floor = _page(client, floor, 1000)
    first, far, base, base_far = [], [], [], []
    for _round in range(ROUNDS * 3):
        first.append(client.ask("GET", path)[1])
        base.append(client.ask("GET", floor)[1])
        far.append(client.ask("GET", deep)[1])
        base_far.append(client.ask("GET", deep_floor)[1])
    middle, middle_base, middle_far = (statistics.median(times) for times in (first, base, far))
    sent = {statements(stage, "GET", path), statements(stage, "GET", deep)}
    p95 = percentile(first, 0.95)
    return [
        Row("list of 50 of 100,000, p50 / p95", f"{ms(middle)} / {ms(p95)}", "p95 ≤ 40 ms", p95 <= 0.040),
        Row("list, minimal DRF cursor view, p50", ms(middle_base), "5.5 ms seen"),
        Row(
            "list, ratio to the minimal view (p50)",
            f"{middle / middle_base:.2f}×",
            "≤ 3×",
            middle <= 3 * middle_base,
        ),
        Row(
            "list, page 1,000 to page 1 (p50)",
            f"{middle_far / middle:.2f}×",
            "≤ 1.3×",
            middle_far <= 1.3 * middle,
        ),
        Row("list, statements on page 1 and 1,000", _numbers(sent), "constant", len(sent) == 1),
    ]


def agreements(stage: Stage, client: Client) -> list[Row]:
    """The list of ten thousand agreements as an officer narrows it, at the desk and over the API."""
    partner = some_agreements(stage)
    analyse()
    session = session_of(stage.desk)
    desk = [
        "",
        "?bagian=berlaku&jenis=pks",
        "?bagian=segera&dalam=90",
        "?bentuk_kerja_sama=internship&bagian=berlaku",
        f"?mitra={partner.pk}",
        "?q=0421",
        "papan/",
    ]
    api = ["?kind=pks&status=active", "?q=0421", f"?partner={partner.pk}", f"?in_force_on={clock.today()}"]
    rows = []
    for what, ask in (
        ("at the desk", [partial(client.open, f"/admin/kerja/perjanjian/{part}", session) for part in desk]),
        ("over the API", [partial(_asked, client, f"/api/v1/agreements/{part}") for part in api]),
    ):
        for page in ask:
            page()
        times = [page() for _round in range(ROUNDS) for page in ask]
        p95 = percentile(times, 0.95)
        rows.append(
            Row(
                f"list of {AGREEMENTS:,} agreements with filters {what}, p50 / p95",
                f"{ms(statistics.median(times))} / {ms(p95)}",
                "p95 ≤ 200 ms",
                p95 <= 0.200,
            )
        )
    return rows


def _asked(client: Client, path: str) -> float:
    return client.ask("GET", path)[1]


def _page(client: Client, path: str, number: int) -> str:
    """The address of a page far down, reached as every client reaches it: by following ``next``."""
    for _step in range(number - 1):
        answer, _took = client.ask("GET", path)
        path = answer["next"].partition(f":{client.port}")[2] or answer["next"]
    return path


def sweeps(stage: Stage) -> list[Row]:
    """The nightly sweeps with everything due, and again with nothing left to do."""
    rows, spent = [], {}
    # What the other measures have left due is no part of these figures.
    _swept()
    before = Notice.objects.count()
    for schools in (58, 5_800):
        late_programmes(stage, schools)
        analyse()
        sent, took = _swept()
        again, took_again = _swept()
        spent[schools] = took / schools
        rows.append(
            Row(
                f"nightly sweep, {schools:,} schools late",
                f"{took:.2f} s, {sent * 1000 / schools:,.0f} statements per 1,000",
                f"{Notice.objects.count() - before:,} notices in all",
            )
        )
        rows.append(
            Row(
                f"the same again, nothing due, {schools:,} schools",
                f"{took_again:.2f} s, {again} statements in all",
            )
        )
    growth = spent[5_800] / spent[58]
    rows.append(
        Row(
            "nightly sweep, time per school at 5,800 to 58",
            f"{growth:.2f}×",
            "near-linear, ≤ 1.5×",
            growth <= 1.5,
        )
    )
    return rows


def analyse() -> None:
    """What autovacuum does within a minute of such a load, so that the planner knows the tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _swept() -> tuple[int, float]:
    sent = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal sent
        sent += 1
        return execute(sql, params, many, context)

    began = time.perf_counter()
    with connection.execute_wrapper(count):
        until_done(track_returns)
        until_done(send_due_reminders)
    return sent, time.perf_counter() - began


def until_done(sweep: Callable[[], Swept]) -> None:
    """A sweep takes a bounded batch; its task asks again while the batch was full."""
    while sweep().unfinished:
        pass


def imports(stage: Stage) -> list[Row]:
    """The real MARC files, in a process of their own, so that its peak memory is its own."""
    files = sorted(SHARED_MARC.glob("*.mrc"))
    if not files:
        return [Row("import of real MARC records", "not measured: the files are not beside this checkout")]
    code = (
        "import sys, time, django; django.setup();"
        "from django.core.management import call_command; began = time.perf_counter();"
        "[call_command('import_marc', name, institution='ukur', stdout=sys.stderr) for name in sys.argv[1:]];"
        # Not ru_maxrss: it keeps what the process that started this one had.
        "[peak] = [row.split()[1] for row in open('/proc/self/status') if row.startswith('VmHWM:')];"
        "print(time.perf_counter() - began, peak)"
    )
    usable = [str(path) for path in files if "invalid" not in path.name]
    done = subprocess.run(
        [sys.executable, "-c", code, *usable], env=os.environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return [Row("import of real MARC records", f"failed: {done.stderr[-300:]}", "", False)]
    took, peak = done.stdout.split()
    records = _records(usable)
    megabytes = int(peak) / 1024
    return [
        Row(
            "import of real MARC records",
            f"{records:,} in {float(took):.1f} s, {records / float(took):,.0f} a second",
        ),
        Row("import, peak memory", f"{megabytes:.0f} MB", "< 300 MB", megabytes < 300),
    ]


def _records(names: list[str]) -> int:
    return sum(Path(name).read_bytes().count(b"\x1d") for name in names)


def _numbers(found: set[int]) -> str:
    return ", ".join(str(number) for number in sorted(found))
