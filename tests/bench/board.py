"""The year board over HTTP: the four swaps of 58 schools, and of two thousand, page by page and narrowed."""

import statistics
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement
from kerjasama.domain import clock
from kerjasama.domain.identity import uuid7
from libraries.choices import Role
from libraries.models import Institution, User
from loans.models import Period, Programme
from tests.bench.server import Client
from tests.bench.stage import session_of
from tests.factories import AgreementFactory, InstitutionFactory, MembershipFactory, UserFactory

SWAPS = 4
ROUNDS = 10
PATH = "/admin/kerja/papan/"
Told = tuple[str, str, str, bool | None]


def measures(port: int) -> Iterator[Told]:
    """What, measured, limit, and whether it holds."""
    client = Client(port, "")
    counts = set()
    for schools, limit, asked in (
        (58, 0.200, ("", "?page=2", "?q=0007")),
        (2_000, 0.400, ("", "?page=40", "?q=0421", "?bagian=unplanned", "?bagian=running")),
    ):
        desk = _office_with(schools)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        session = session_of(desk)
        counts.add(_statements(desk))
        pages = [f"{PATH}{part}" for part in asked]
        for page in pages:
            client.open(page, session)
        times = sorted(client.open(page, session) for _round in range(ROUNDS) for page in pages)
        p95 = times[round(0.95 * (len(times) - 1))]
        yield (
            f"year board of {schools:,} schools × {SWAPS} swaps, p50 / p95",
            f"{statistics.median(times) * 1000:.1f} ms / {p95 * 1000:.1f} ms",
            f"p95 < {limit * 1000:.0f} ms",
            p95 < limit,
        )
    yield (
        "year board, statements for 58 and 2,000 schools",
        ", ".join(str(count) for count in sorted(counts)),
        "equal",
        len(counts) == 1,
    )


def _statements(desk: User) -> int:
    browser = Browser(headers={"host": "127.0.0.1"})
    browser.force_login(desk)
    browser.get(PATH)
    with CaptureQueriesContext(connection) as sent:
        if browser.get(PATH).status_code != 200:
            raise RuntimeError("the board does not open")
    return sum(query["sql"] not in ("BEGIN", "COMMIT") for query in sent.captured_queries)


def _office_with(count: int) -> User:
    """The desk of an office of its own, with ``count`` schools that swap four times within the year to come."""
    office = InstitutionFactory(office=True, slug=f"papan-{count}")
    desk = UserFactory(username=f"papan-{count}", is_staff=True)
    MembershipFactory(user=desk, institution=office, role=Role.CIRCULATION)
    today = clock.today()
    schools = [
        InstitutionFactory.build(school=True, name=f"SDN Papan {number:04}", slug=f"papan-{uuid7().hex}", npsn="")
        for number in range(count)
    ]  # fmt: skip
    Institution.objects.bulk_create(schools, batch_size=2000)
    agreements = [
        AgreementFactory.build(
            office=office, partner=school, in_force=True, starts_on=today, number=f"{uuid7().hex}/PAPAN"
        )
        for school in schools
    ]
    Agreement.objects.bulk_create(agreements, batch_size=2000)
    programmes = [
        Programme(
            agreement=agreement, lender=office, partner=agreement.partner, quantity=100, interval_months=3,
            receipt_days=3, replacement_days=30, starts_on=today, ends_on=clock.add_months(today, 12),
        )
        for agreement in agreements
    ]  # fmt: skip
    Programme.objects.bulk_create(programmes, batch_size=2000)
    Period.objects.bulk_create(
        [
            Period(
                programme=programme,
                sequence=turn + 1,
                nominal_on=(starts := clock.add_months(today, 3 * turn) + timedelta(days=number % 20)),
                starts_on=starts,
                ends_on=clock.add_months(starts, 3),
            )
            for number, programme in enumerate(programmes)
            for turn in range(SWAPS)
        ],
        batch_size=5000,
    )
    return desk
