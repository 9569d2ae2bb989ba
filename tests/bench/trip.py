"""``make bench ARGS=trip``: a day's entries of a crew's phone arrive at once when it finds a network again.

Five hundred: a school's hundred taken back and the next hundred put into its box and handed over, the rest counted at eight stops. Sent
over HTTP to the real server as the phone sends them, at most two hundred in a request; then all once more, which must change nothing.
"""

import http.client
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum

from kerjasama.domain import clock
from libraries.choices import Role
from loans.models import Consignment, CustodyMove
from loans.services.custody import check_custody
from loans.services.dispatching import dispatch_consignment
from mobile_service.models import Entry, Tally
from mobile_service.portal.van_api import COOKIE, PATH
from tests.bench.stage import BOOKS, Deliveries, Stage, barcodes
from tests.factories import (
    CopyFactory,
    InstitutionFactory,
    MembershipFactory,
    StopFactory,
    UserFactory,
    VisitFactory,
    number_papers,
)
from tests.mobile_service.road import Road

ENTRIES, AT_ONCE, STOPS = 500, 200, 8
SECONDS = 3.0
Told = tuple[str, str, str, bool | None]


def _day() -> tuple[Road, list[dict[str, Any]]]:
    """A school with a hundred books and the next hundred on the van, seven villages, and what the phone wrote."""
    office = InstitutionFactory(office=True, name="Perpustakaan Jalan", slug="ukur-jalan")
    number_papers(office)
    desk = UserFactory(username="meja-jalan", is_staff=True)
    for role in (Role.CIRCULATION, Role.OFFICER):
        MembershipFactory(user=desk, institution=office, role=role)
    copies = [copy.pk for copy in CopyFactory.create_batch(2 * BOOKS, owner=office)]
    deliveries = Deliveries(Stage(office, desk, "", copies))
    old = dispatch_consignment(consignment=deliveries.scanned(), actor=desk)
    following = _next_of(old, copies[BOOKS:])
    road = Road(office, old.partner, desk)
    road.load(following)
    villages = [
        VisitFactory(trip=road.trip, stop=StopFactory(office=office), hour=12 + number)
        for number in range(STOPS - 2)
    ]
    write, gate = road.phone.write, road.visit
    day = [write("start", odometer=1000), write("arrive", gate)]
    day += [write("take_back", gate, barcode=code) for code in barcodes(old)]
    day += [write("lend", gate, barcode=code) for code in barcodes(following)]
    day.append(write("hand_over", gate, consignment=str(following.pk), received_by="Ibu Yus"))
    stops = [gate, road.village, *villages]
    day += [write("leave", gate), write("finish", odometer=1042)]
    for number in range(ENTRIES - len(day)):
        day.append(write("count", stops[number % len(stops)], kind="pupils", delta=1))
    return road, day


def _next_of(old: Consignment, copies: list[Any]) -> Consignment:
    """The delivery of the next period, proposed, of the same school."""
    period = old.period.programme.periods.order_by("sequence")[1]
    made = Consignment.objects.create(
        code="UKR-BERIKUT",
        period=period,
        lender=old.lender,
        partner=old.partner,
        quantity=len(copies),
        due_on=period.ends_on,
    )
    made.lines.bulk_create(made.lines.model(consignment=made, copy_id=key) for key in copies)
    return made


def measures(port: int) -> Iterator[Told]:
    """What, measured, limit, and whether it holds."""
    road, day = _day()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    took, answers = _send(port, road, day)
    outcomes = {(row["outcome"], row["code"]) for row in answers}
    whole = {outcome for outcome, _code in outcomes} == {"applied"} and len(answers) == ENTRIES
    first = _truth()
    yield (
        f"trip: {ENTRIES} entries of a day, {2 * BOOKS} books of them, over HTTP",
        f"{took:.2f} s",
        f"< {SECONDS:.0f} s",
        took < SECONDS and whole and list(check_custody()) == [],
    )
    again, repeated = _send(port, road, day)
    same = sorted(answers, key=str) == sorted(repeated, key=str) and _truth() == first
    yield (
        "trip: the same once more, nothing done twice",
        f"{again:.2f} s",
        f"< {SECONDS:.0f} s",
        again < SECONDS and same,
    )


def _truth() -> tuple[int, int, int]:
    counted = Tally.objects.aggregate(Sum("visitor_count"))["visitor_count__sum"]
    return Entry.objects.count(), CustodyMove.objects.count(), counted


def _send(port: int, road: Road, day: list[dict[str, Any]]) -> tuple[float, list[Any]]:
    """As a phone does: in pieces, one after the other, and with its own clock."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    answers: list[Any] = []
    began = time.perf_counter()
    for start in range(0, len(day), AT_ONCE):
        body = {
            "version": 1,
            "sent_at": (clock.now() + timedelta(hours=5)).isoformat(),
            "from": 1 + start,
            "entries": day[start : start + AT_ONCE],
        }
        headers = {
            "Cookie": f"{COOKIE}={road.phone.key}",
            "Content-Type": "application/json",
            "Sec-Fetch-Site": "same-origin",
        }
        wire.request("POST", f"{PATH}kirim/", json.dumps(body), headers)
        response = wire.getresponse()
        text = response.read()
        if response.status != 200:
            raise RuntimeError(f"{response.status} {text[:500]!r}")
        answers += json.loads(text)["entries"]
    return time.perf_counter() - began, answers
