"""What the van has brought: summed up once, beside the time before, stop by stop, on paper and for other parts of the house (M8)."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from kerjasama.domain import clock
from kerjasama.house import collect
from libraries.models import Institution, User
from mobile_service.models import Stop, Tally, Trip, Visit
from mobile_service.services.statistics import Reach, bringing_little, by_part, figures_of, stops_of
from mobile_service.spans import Span, span_of
from tests.factories import InstitutionFactory, StopFactory, TripFactory, VehicleFactory, VisitFactory

pytestmark = pytest.mark.django_db

NOVEMBER = span_of("month", date(2026, 11, 9))
WIB = ZoneInfo("Asia/Jakarta")


def trip(office: Institution, on: date, **fields: Any) -> Trip:
    return TripFactory(vehicle=VehicleFactory(office=office), on=on, **{"status": "done", **fields})


def visit(out: Trip, stop: Stop, hour: int = 9, status: str = "done", **counted: int) -> Visit:
    begins = datetime.combine(out.on, time(hour), WIB)
    times = {"arrived_at": begins, "left_at": begins + timedelta(minutes=45)} if status == "done" else {}
    row = VisitFactory(trip=out, stop=stop, begins_at=begins, status=status, **times)
    if counted:
        lent, returned = counted.pop("lent", 0), counted.pop("returned", 0)
        Tally.objects.create(
            visit=row, visitors=counted, visitor_count=sum(counted.values()), lent=lent, returned=returned
        )
    return row


@pytest.fixture
def november(library: Institution, school_library: Institution) -> Iterator[dict[str, Any]]:
    """Two trips of November and one of October: a school, a place where many come and one where few do, one never visited.
    It is the 24th."""
    school = StopFactory(
        office=library, partner=school_library, kind="school", name="SDN 01", is_public=False
    )
    busy = StopFactory(office=library, name="Balai Ramai", community="Koto Tangah")
    quiet = StopFactory(office=library, name="Balai Sepi", community="Tilatang")
    never = StopFactory(office=library, name="Balai Jauh", community="Koto Tangah")
    first = trip(
        library, date(2026, 11, 2), odometer_start=1000, odometer_end=1042, planned_km=Decimal("40.5")
    )
    visit(first, school, 8, pupils=60, teachers=3, lent=40, returned=35)
    visit(first, busy, 10, children=20, adults=10, lent=12)
    visit(first, quiet, 12, adults=2)
    second = trip(library, date(2026, 11, 9), planned_km=Decimal("12.5"))
    visit(second, school, 8, pupils=50, lent=30)
    visit(second, busy, 10, children=25, adults=5, lent=8)
    visit(second, quiet, 12, elderly=1)
    visit(second, never, 14, status="missed")
    third = trip(library, date(2026, 11, 30), status="planned")
    visit(third, school, 8, status="planned")
    visit(third, quiet, 10, status="cancelled")
    earlier = trip(library, date(2026, 10, 31), odometer_start=900, odometer_end=1000)
    visit(earlier, school, 8, pupils=10, lent=5)
    elsewhere = StopFactory()
    visit(trip(elsewhere.office, date(2026, 11, 2)), elsewhere, adults=500)
    # They stood before all of it, whenever this runs.
    Stop.objects.update(created_at=datetime(2026, 9, 1, tzinfo=WIB))
    with clock.pretend(datetime(2026, 11, 24, 9, tzinfo=WIB)):
        yield {"school": school, "busy": busy, "quiet": quiet, "never": never}


class TestSums:
    def test_everything_is_counted_once(self, library: Institution, november: dict[str, Any]) -> None:
        found = figures_of(library, NOVEMBER)
        visits = found.visits
        assert (visits.planned, visits.done, visits.missed, visits.cancelled, visits.ahead) == (9, 6, 1, 1, 1)
        assert visits.done_percent == 75
        assert (visits.visitors, visits.lent, visits.returned) == (176, 90, 35)
        assert visits.kinds == {"pupils": 110, "teachers": 3, "children": 45, "adults": 17, "elderly": 1}
        assert visits.stay_hours == Decimal("4.5")
        # 42 by the odometer, 12.5 by the plan.
        assert (found.trips.trips, found.trips.kilometres, found.trips.estimated) == (
            2,
            Decimal("54.5"),
            Decimal("12.5"),
        )
        assert (found.schools.reached, found.schools.whole) == (1, 1)
        assert (found.places.reached, found.places.whole) == (2, 3)
        assert (found.communities.reached, found.communities.whole) == (2, 2)

    def test_what_nobody_has_told_yet_is_due_and_not_ahead(
        self, library: Institution, november: dict[str, Any]
    ) -> None:
        yesterday = trip(library, date(2026, 11, 23), status="planned")
        visit(yesterday, november["busy"], 9, status="planned")
        visits = figures_of(library, NOVEMBER).visits
        assert (visits.planned, visits.ahead, visits.due, visits.done_percent) == (10, 1, 9, 67)

    def test_no_time_is_less_than_none(self, library: Institution, november: dict[str, Any]) -> None:
        """A phone's clock was wrong; and a van came after it was to be gone, and nobody told that it left."""
        before = figures_of(library, NOVEMBER)
        noon = datetime(2026, 11, 16, 12, tzinfo=WIB)
        out = trip(library, noon.date(), started_at=noon, finished_at=noon - timedelta(hours=5))
        late = visit(out, november["busy"], 9, status="arrived")
        Visit.objects.filter(pk=late.pk).update(arrived_at=noon)
        good = trip(library, date(2026, 11, 17), started_at=noon, finished_at=noon + timedelta(hours=2))
        assert good.pk
        found = figures_of(library, NOVEMBER)
        assert found.visits.stay == before.visits.stay
        assert found.trips.out - before.trips.out == timedelta(hours=2)

    def test_the_whole_and_its_stops_agree_on_what_took_place(
        self, library: Institution, november: dict[str, Any]
    ) -> None:
        """Of a stop that nobody told to have left; and of one whose time the desk gave away, until a person has decided."""
        out = trip(library, date(2026, 11, 16), status="under_way")
        visit(out, november["never"], 8, status="arrived", adults=7, lent=3)
        visit(out, november["quiet"], 10, status="missed", adults=50)
        found, stops = figures_of(library, NOVEMBER), stops_of(library, NOVEMBER)
        assert (found.visits.done, found.visits.ahead, found.visits.visitors) == (7, 1, 183)
        assert sum(stop.visits_done for stop in stops) == 7
        assert sum(stop.visitors for stop in stops) == 183 == sum(found.visits.kinds.values())
        assert (found.places.reached, sum(stop.lent for stop in stops)) == (3, found.visits.lent)

    def test_a_month_that_is_over_keeps_its_coverage(
        self, library: Institution, november: dict[str, Any]
    ) -> None:
        october = NOVEMBER.before()

        def coverage() -> list[tuple[int, int]]:
            found = figures_of(library, october)
            return [(part.reached, part.whole) for part in (found.schools, found.places, found.communities)]

        before, names = coverage(), [stop.name for stop in stops_of(library, october)]
        StopFactory(office=library, name="Balai Baru", community="Baru")  # made in November
        Stop.objects.filter(office=library).exclude(name="Balai Baru").update(is_active=False)
        assert coverage() == before and sum(whole for _reached, whole in before) > 3
        assert [stop.name for stop in stops_of(library, october)] == names
        # What was visited counts; from then on they are no stops any more.
        assert figures_of(library, NOVEMBER).schools == Reach(1, 1)
        assert figures_of(library, span_of("month", clock.today() + clock.days(40))).schools.whole == 0

    def test_the_time_before_is_as_long(self, library: Institution, november: dict[str, Any]) -> None:
        before = figures_of(library, NOVEMBER.before())
        assert (before.visits.done, before.visits.visitors, before.trips.kilometres) == (1, 10, Decimal(100))

    def test_a_day_is_that_of_the_library(self, library: Institution) -> None:
        late = datetime(2026, 10, 31, 17, 30, tzinfo=ZoneInfo("UTC"))  # 00.30 on the first of November
        out = trip(library, date(2026, 11, 1))
        VisitFactory(trip=out, stop=StopFactory(office=library), begins_at=late, status="done")
        assert figures_of(library, NOVEMBER).visits.done == 1
        assert figures_of(library, NOVEMBER.before()).visits.done == 0

    def test_what_is_listed_as_not_visited_is_counted_among_those_to_be_reached(
        self, library: Institution, november: dict[str, Any]
    ) -> None:
        """Also a stop that was entered only afterwards, with a visit of then that did not take place."""
        late = StopFactory(office=library, name="Balai Lambat", community="Kamang")
        Stop.objects.filter(pk=late.pk).update(created_at=datetime(2027, 3, 1, tzinfo=WIB))
        before = figures_of(library, NOVEMBER).places
        visit(trip(library, date(2026, 11, 20)), late, status="missed")
        after = figures_of(library, NOVEMBER)
        assert (after.places.reached, after.places.whole) == (before.reached, before.whole + 1)
        listed = [row for row in stops_of(library, NOVEMBER) if row.kind != "school"]
        assert late in listed and len(listed) == after.places.whole

    def test_parts_sum_up_to_the_whole(self, library: Institution, november: dict[str, Any]) -> None:
        for span in (NOVEMBER, span_of("quarter", date(2026, 11, 9)), span_of("year", date(2026, 11, 9))):
            parts = by_part(library, span)
            whole = figures_of(library, span).visits
            assert sum(found.done for _part, found in parts) == whole.done
            assert sum(found.visitors for _part, found in parts) == whole.visitors
            assert (parts[0][0].start, parts[-1][0].end) == (span.start, span.end)

    def test_stops_that_bring_little(self, library: Institution, november: dict[str, Any]) -> None:
        stops = list(stops_of(library, NOVEMBER))
        assert [stop.name for stop in stops] == ["SDN 01", "Balai Ramai", "Balai Sepi", "Balai Jauh"]
        assert [stop.name for stop in bringing_little(stops)] == ["Balai Sepi"]
        assert (stops[0].visits_planned, stops[0].visits_done, stops[0].visitors, stops[0].lent) == (
            3,
            2,
            113,
            70,
        )

    def test_the_cost_does_not_grow(
        self,
        library: Institution,
        november: dict[str, Any],
        officer: User,
        signed_in: Callable[[Any], Client],
    ) -> None:
        address = reverse("work:van_figures") + "?rentang=bulan&mulai=2026-11-01"
        desk = signed_in(officer)

        def cost() -> int:
            desk.get(address)
            with CaptureQueriesContext(connection) as queries:
                desk.get(address)
            return len(queries)

        few = cost()
        for day in range(10, 25):
            out = trip(library, date(2026, 11, day))
            for hour in (8, 10):
                visit(out, StopFactory(office=library), hour, adults=day)
        assert cost() == few <= 20


class TestSpans:
    @pytest.mark.parametrize(
        ("kind", "first", "last", "before"),
        [
            ("month", date(2026, 2, 1), date(2026, 2, 28), date(2026, 1, 1)),
            ("quarter", date(2026, 1, 1), date(2026, 3, 31), date(2025, 10, 1)),
            ("year", date(2026, 1, 1), date(2026, 12, 31), date(2025, 1, 1)),
        ],
    )
    def test_spans(self, kind: str, first: date, last: date, before: date) -> None:
        span = span_of(kind, date(2026, 2, 14))
        assert (span.start, span.end, span.before().start) == (first, last, before)
        assert span.before().after() == span
        assert Span(date(2026, 1, 11), date(2026, 1, 20)).before() == Span(
            date(2026, 1, 1), date(2026, 1, 10)
        )


class TestDoors:
    def test_the_page_the_stop_and_the_map(
        self, november: dict[str, Any], officer: User, signed_in: Callable[[Any], Client]
    ) -> None:
        desk = signed_in(officer)
        page = desk.get(reverse("work:van_figures"), {"rentang": "bulan", "mulai": "2026-11-01"})
        words = " ".join(page.content.decode().split())
        assert page.status_code == 200
        assert "Balai Sepi" in words and "Balai Jauh" in words
        points = desk.get(reverse("work:van_points"), {"rentang": "bulan", "mulai": "2026-11-01"}).json()
        tones = {point["properties"]["name"]: point["properties"]["tone"] for point in points["features"]}
        assert tones == {"SDN 01": "", "Balai Ramai": "", "Balai Sepi": "", "Balai Jauh": "empty"}
        stop = desk.get(
            reverse("work:van_stop_figures", args=[november["school"].pk]),
            {"rentang": "bulan", "mulai": "2026-11-01"},
        )
        assert stop.status_code == 200
        assert [row.visitors for _part, row in _parts(stop)][-2:] == [10, 113]

    def test_a_library_in_its_first_month_opens_with_this_one(
        self, signed_in: Callable[[User], Client], library: Institution, officer: User
    ) -> None:
        """Nothing was planned in the last month, with which the page opens otherwise; who goes there reads why it is empty."""
        client, address = signed_in(officer), reverse("work:van_figures")
        assert client.get(address).context["no_stops"] is True
        StopFactory(office=library, name="Balai Baru")
        page = client.get(address)
        assert page.context["no_stops"] is False
        assert [row.name for row, _address in page.context["stops"]] == ["Balai Baru"]
        before = client.get(page.context["back_url"])
        said = before.content.decode()
        assert before.context["idle"] and before.context["stops"] == []
        assert "Tidak ada kunjungan dalam waktu ini" in said and "Per titik" not in said
        assert client.get(before.context["next_url"]).context["span"] == page.context["span"]
        other = InstitutionFactory(office=True)
        officer.memberships.create(institution=other, role="officer")
        assert b'name="kantor"' in client.get(address, {"kantor": str(other.pk)}).content

    def test_rubbish_in_the_address_gives_a_month(
        self, november: dict[str, Any], officer: User, signed_in: Callable[[Any], Client]
    ) -> None:
        for asked in (
            {"mulai": "x"},
            {"rentang": "abad"},
            {"mulai": "0001-01-01"},
            {"mulai": "9999-12-31"},
            {"kantor": "x"},
        ):
            assert signed_in(officer).get(reverse("work:van_figures"), asked).status_code == 200, asked

    def test_the_sheet_holds_numbers(
        self, november: dict[str, Any], officer: User, signed_in: Callable[[Any], Client]
    ) -> None:
        asked = {"rentang": "bulan", "mulai": "2026-11-01", "bentuk": "xlsx"}
        answer = signed_in(officer).get(reverse("work:van_figures"), asked)
        rows = list(load_workbook(BytesIO(answer.content)).active.values)
        assert rows[1][:1] + rows[1][3:10] == ("SDN 01", 3, 2, 0, 0, 113, 56.5, 70)

    def test_the_csv_tells_moments_by_the_clock_of_the_place(
        self, november: dict[str, Any], officer: User, signed_in: Callable[[Any], Client]
    ) -> None:
        asked = {"rentang": "bulan", "mulai": "2026-11-01", "bentuk": "csv"}
        said = signed_in(officer).get(reverse("work:van_figures"), asked).content.decode()
        row = next(line for line in said.splitlines() if line.startswith("SDN 01"))
        last = november["school"].visits.filter(status="done").latest("begins_at").begins_at
        assert row.endswith(f"{last.astimezone(WIB):%Y-%m-%d %H:%M:%S}") and "+00:00" not in said

    def test_the_workbook_says_all_that_the_report_says(
        self,
        library: Institution,
        november: dict[str, Any],
        officer: User,
        signed_in: Callable[[Any], Client],
    ) -> None:
        asked = {"rentang": "bulan", "mulai": "2026-11-01", "bentuk": "xlsx"}
        desk = signed_in(officer)
        book = load_workbook(BytesIO(desk.get(reverse("work:van_figures"), asked).content))
        stops, sums, parts, kinds, reach = (list(page.values) for page in book.worksheets)
        said = dict(row[:2] for row in sums)
        assert said["Kilometer"] == 54.5 and sums[-1][1] == 12.5
        assert (said["Kunjungan terlaksana"], said["Pengunjung"], said["Perjalanan"]) == (6, 176, 2)
        assert [row[3] for row in parts[1:]] == [part.done for _span, part in by_part(library, NOVEMBER)]
        assert sum(row[1] for row in kinds[1:]) == 176
        assert [row[1:] for row in reach[1:]] == [(1, 1, 100), (2, 3, 67), (2, 2, 100)]
        assert len(stops) == 5
        # A CSV holds one list.
        lines = (
            desk.get(reverse("work:van_figures"), {**asked, "bentuk": "csv"}).content.decode().splitlines()
        )
        assert len(lines) == 5

    def test_the_report_is_a_paper(
        self, november: dict[str, Any], officer: User, signed_in: Callable[[Any], Client]
    ) -> None:
        asked = {"rentang": "triwulan", "mulai": "2026-11-01"}
        answer = signed_in(officer).get(reverse("work:van_report"), asked)
        assert answer.content.startswith(b"%PDF-")
        assert "laporan-pusling-bung-hatta-2026-10-triwulan" in answer["Content-Disposition"]

    def test_another_library_sees_nothing_of_it(
        self, november: dict[str, Any], perpusnas: User, signed_in: Callable[[Any], Client]
    ) -> None:
        page = signed_in(perpusnas).get(reverse("work:van_figures"), {"mulai": "2026-11-01"})
        assert b"Balai" not in page.content
        stop = reverse("work:van_stop_figures", args=[november["school"].pk])
        assert signed_in(perpusnas).get(stop).status_code == 404


def _parts(answer: Any) -> list[Any]:
    return [(part["label"], part["figures"]) for part in answer.context["parts"]]


class TestOtherParts:
    def test_indicators_of_a_cooperation(
        self, library: Institution, school_library: Institution, november: dict[str, Any]
    ) -> None:
        with CaptureQueriesContext(connection) as queries:
            found = {
                row.key: row.value
                for config in ["mobile"]
                for row in collect("indicators", library, school_library, NOVEMBER.start, NOVEMBER.end)
                if row.key.startswith(config)
            }
        assert len(queries) < 20
        # A third of 42 and of 12.5 kilometres: three visits were made on each trip.
        assert found == {
            "mobile.visits": 2,
            "mobile.visitors": 113,
            "mobile.loans": 70,
            "mobile.kilometres": Decimal("18.2"),
        }

    def test_the_partners_page_shows_the_van(
        self,
        school_library: Institution,
        november: dict[str, Any],
        officer: User,
        signed_in: Callable[[Any], Client],
    ) -> None:
        page = signed_in(officer).get(reverse("work:partner", args=[school_library.pk]))
        assert reverse("work:van_stop_figures", args=[november["school"].pk]) in page.content.decode()
