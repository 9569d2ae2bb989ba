"""The calendar at the desk, led as people lead it: forms that say what is in the way before anything is saved (M2)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kerjasama.domain import clock
from kerjasama.domain.wording import long_date
from libraries.models import Closure, Institution, User
from loans.models import Consignment
from mobile_service.choices import TripStatus, VisitStatus
from mobile_service.models import Outage, Stop, Trip, TripLoad, Vehicle, Visit
from mobile_service.services.scheduling import place_visit
from tests.factories import CrewMemberFactory, InstitutionFactory, StopFactory, VehicleFactory
from tests.mobile_service.calendar_desk import MONDAY, TODAY, at, desk, form_of, stop, van, visit

__all__ = ["desk", "stop", "van", "visit"]

pytestmark = pytest.mark.django_db


def test_the_month_and_the_agenda_show_the_same_visits(desk: Client, visit: Visit, van: Vehicle) -> None:
    month = f"{MONDAY:%Y-%m}"
    Closure.objects.create(starts_on=MONDAY, ends_on=MONDAY, reason="Nyepi")
    # Days with nothing but a holiday; of three days one lies before what is shown.
    over = MONDAY.replace(day=1)
    Closure.objects.create(
        starts_on=over - timedelta(days=1), ends_on=over + timedelta(days=1), reason="Cuti bersama"
    )
    address = reverse("work:van_calendar")
    for given in ({}, {"tampilan": "agenda"}):
        page = desk.get(address, {"bulan": month, **given}).content.decode()
        assert reverse("work:van_visit", args=[visit.pk]) in page and "09:00" in page
        assert "A visit is planned on a closed day" in page
        assert "Nyepi" in page and "Cuti bersama" in page
    assert page.count("Cuti bersama") == 2
    other = VehicleFactory(office=van.office)
    page = desk.get(address, {"bulan": month, "mobil": other.pk}).content.decode()
    assert reverse("work:van_visit", args=[visit.pk]) not in page
    sheet = desk.get(address, {"bulan": month, "bentuk": "csv"}).content.decode()
    assert "SDN 01" in sheet and str(MONDAY) in sheet


@pytest.mark.parametrize("view", [{}, {"tampilan": "agenda"}])
def test_a_month_asks_as_often_however_many_visits_it_has(
    view: dict[str, str], desk: Client, visit: Visit, van: Vehicle, library: Institution
) -> None:
    asked = {"bulan": f"{MONDAY:%Y-%m}", **view}

    def statements() -> int:
        with CaptureQueriesContext(connection) as sent:
            assert desk.get(reverse("work:van_calendar"), asked).status_code == 200
        return len(sent)

    statements()
    few = statements()
    for hour in (11, 13, 15):
        place_visit(actor=None, stop=StopFactory(office=library), vehicle=van, begins_at=at(MONDAY, hour))
    Closure.objects.create(starts_on=MONDAY, ends_on=MONDAY, reason="Nyepi")
    assert statements() == few <= 12


def test_a_visit_is_planned_after_reading_what_is_in_the_way(
    desk: Client, visit: Visit, van: Vehicle, library: Institution
) -> None:
    village = StopFactory(office=library, name="Balai")
    address = reverse("work:van_visit_new")
    answer = desk.post(address, form_of(van, village))
    assert (
        answer.status_code == 409
        and "Pusling Harau is at SDN 01 from 09:00 to 10:00." in answer.content.decode()
    )
    free = answer.context["free"]
    taken = desk.post(address, form_of(van, village, instead=free[0].isoformat()))
    made = Visit.objects.get(stop=village)
    assert taken.status_code == 302 and made.begins_at == free[0]


def test_a_free_time_is_read_where_the_stop_is(
    desk: Client, visit: Visit, van: Vehicle, library: Institution, officer: User
) -> None:
    """Whoever works for libraries in two zones presses ten o'clock at the stop, and means it."""
    for name in ("Aaa", "Zzz"):
        other = InstitutionFactory(office=True, name=name, zone="Asia/Jayapura")
        officer.memberships.create(institution=other, role="officer")
    village = StopFactory(office=library, name="Balai")
    address = reverse("work:van_visit_new")
    free = desk.post(address, form_of(van, village)).context["free"][0]
    assert desk.post(address, form_of(van, village, instead=free.isoformat())).status_code == 302
    assert Visit.objects.get(stop=village).begins_at == free


def test_what_is_in_the_way_is_said_once_and_marked_at_the_field_that_it_is_about(
    desk: Client, visit: Visit, van: Vehicle, stop: Stop, library: Institution
) -> None:
    village = StopFactory(office=library, name="Balai")
    nyepi = MONDAY + timedelta(days=1)
    Closure.objects.create(starts_on=nyepi, ends_on=nyepi, reason="Nyepi")
    new, move = reverse("work:van_visit_new"), reverse("work:van_visit_step", args=[visit.pk, "move"])

    def refused(address: str, **given: Any) -> tuple[set[str], str]:
        answer = desk.post(address, given)
        assert answer.status_code in (409, 422)
        return set(answer.context["form"].errors), answer.content.decode()

    fields, page = refused(new, **form_of(van, village))
    assert fields == {"begins_at"} and page.count("Pusling Harau is at SDN 01") == 1
    for address, given in ((new, form_of(van, village, nyepi)), (move, form_of(van, stop, nyepi))):
        fields, page = refused(address, **given)
        assert fields == {"on"} and page.count("is closed: Nyepi") == 1
    fields, page = refused(new, **form_of(van, village, TODAY - timedelta(days=1)))
    assert fields == {"on"} and "This day has passed. Choose another one." in page
    # What may be accepted is no mistake of any field.
    fields, page = refused(move, **form_of(van, stop, begins_at="18:00"))
    assert fields <= {"__all__"} and page.count("Pusling Harau is out from") == 1


def test_a_day_in_another_year_is_asked_about(desk: Client, van: Vehicle, stop: Stop) -> None:
    address = reverse("work:van_visit_new")
    far = MONDAY + timedelta(weeks=4 * 52)
    answer = desk.post(address, form_of(van, stop, far))
    assert [clash["code"] for clash in answer.context["clashes"]] == ["far_ahead"]
    page = answer.content.decode()
    assert "is more than a year away. Check the year." in page and "No free time was found" not in page
    assert desk.post(address, form_of(van, stop, far, despite="on")).status_code == 302
    assert desk.post(address, form_of(van, stop, MONDAY + timedelta(weeks=50))).status_code == 302


def test_warnings_are_accepted_with_a_tick(desk: Client, van: Vehicle, stop: Stop) -> None:
    sunday = MONDAY + timedelta(days=6)
    address = reverse("work:van_visit_new")
    answer = desk.post(address, form_of(van, stop, sunday))
    assert answer.status_code == 409 and "save it all the same" in answer.content.decode()
    assert desk.post(address, form_of(van, stop, sunday, despite="on")).status_code == 302


def test_a_visit_is_moved_called_off_and_put_back(desk: Client, visit: Visit, van: Vehicle) -> None:
    def step(name: str, **given: Any) -> Any:
        return desk.post(reverse("work:van_visit_step", args=[visit.pk, name]), given)

    page = reverse("work:van_visit", args=[visit.pk])
    assert "Move" in desk.get(page).content.decode()
    assert desk.get(reverse("work:van_visit_step", args=[visit.pk, "move"])).status_code == 200
    given = {"on": MONDAY + timedelta(1), "begins_at": "10.00", "vehicle": van.pk, "reason": "Rapat guru"}
    assert step("move", **given).status_code == 302
    visit.refresh_from_db()
    assert visit.begins_at == at(MONDAY + timedelta(1), 10) and visit.reason == "Rapat guru"
    assert step("unpin").status_code == 302
    assert step("cancel").status_code == 422
    assert step("cancel", note="Mesin rusak").status_code == 302
    assert "Mesin rusak" in desk.get(page).content.decode()
    Closure.objects.create(starts_on=MONDAY, ends_on=MONDAY + timedelta(1), reason="Nyepi")
    refused = step("restore")
    assert refused.status_code == 409 and "Nyepi" in refused.content.decode()
    Closure.objects.all().delete()
    assert step("restore").status_code == 302
    visit.refresh_from_db()
    assert visit.status == VisitStatus.PLANNED
    assert desk.get(reverse("work:van_visit_step", args=[visit.pk, "dance"])).status_code == 404


def test_a_form_that_a_colleague_was_faster_than_shows_how_it_stands_and_keeps_what_was_typed(
    desk: Client, visit: Visit, van: Vehicle, officer: User
) -> None:
    """Two tabs (R15): in one the day is changed, in the other the hour alone, and then the visit is called off."""
    address = {
        name: reverse("work:van_visit_step", args=[visit.pk, name]) for name in ("move", "cancel", "restore")
    }
    tab = desk.get(address["move"]).context["form"].initial
    given = {
        "on": MONDAY,
        "begins_at": "10:00",
        "vehicle": van.pk,
        "reason": "Rapat",
        "sequence": tab["sequence"],
    }
    tuesday = MONDAY + timedelta(1)
    assert desk.post(address["move"], {**given, "on": tuesday, "begins_at": "10:30"}).status_code == 302
    refused = desk.post(address["move"], {**given, "despite": "on"})
    page = refused.content.decode()
    assert refused.status_code == 409 and "Somebody else has changed this meanwhile" in page
    assert long_date(tuesday, "en") in page and "10:30–11:30" in page
    assert 'value="10:00"' in page and 'value="Rapat"' in page and f'value="{MONDAY}"' in page
    # The warnings that were accepted were about the visit as it stood before.
    assert not refused.context["form"]["despite"].value()
    refused = desk.post(address["cancel"], {"note": "Banjir", "sequence": tab["sequence"]})
    assert refused.status_code == 409 and "Banjir" in refused.content.decode()
    visit.refresh_from_db()
    assert visit.status == VisitStatus.PLANNED and visit.begins_at == at(tuesday, 10) + timedelta(minutes=30)
    # Pressed once more, it is a choice made knowingly.
    again = {"note": "Banjir", "sequence": refused.context["form"]["sequence"].value()}
    assert desk.post(address["cancel"], again).status_code == 302
    assert desk.post(address["restore"], {"sequence": tab["sequence"]}).status_code == 409
    visit.refresh_from_db()
    assert visit.status == VisitStatus.CANCELLED


def test_nobody_is_asked_about_a_step_that_is_over(desk: Client, visit: Visit, van: Vehicle) -> None:
    def step(name: str) -> str:
        return reverse("work:van_visit_step", args=[visit.pk, name])

    page = reverse("work:van_visit", args=[visit.pk])
    early = desk.get(step("restore"), follow=True)
    assert early.redirect_chain == [(page, 302)]
    assert "“Put back” is not possible now: the status is “Planned”." in early.content.decode()
    assert desk.post(step("cancel"), {"note": "Banjir"}).status_code == 302
    for name in ("move", "cancel", "pin"):
        late = desk.get(step(name), follow=True)
        assert late.redirect_chain == [(page, 302)]
        assert "is not possible now: the status is “Cancelled”." in late.content.decode()
    # Whoever has typed already keeps it.
    given = {"on": MONDAY, "begins_at": "10:00", "vehicle": van.pk, "reason": "Rapat guru"}
    refused = desk.post(step("move"), given)
    assert refused.status_code == 409 and "Rapat guru" in refused.content.decode()


def test_an_hour_of_today_that_has_passed_is_accepted_with_a_tick(
    desk: Client, van: Vehicle, stop: Stop
) -> None:
    address = reverse("work:van_visit_new")
    with clock.pretend(at(MONDAY, 12)):
        answer = desk.post(address, form_of(van, stop))
        assert answer.status_code == 409 and "It is past 09:00 already." in answer.content.decode()
        assert desk.post(address, form_of(van, stop, despite="on")).status_code == 302


@pytest.mark.parametrize("name", ["cancel", "move"])
def test_a_reason_longer_than_is_published_is_refused_beside_it(
    name: str, desk: Client, visit: Visit, van: Vehicle
) -> None:
    """Ten thousand letters without a space stood in the public calendar, and made the page wider than the screen."""
    address = reverse("work:van_visit_step", args=[visit.pk, name])
    long = "b" * 10_000
    given = {"note": long, "reason": long, "on": MONDAY, "begins_at": "10:00", "vehicle": van.pk}
    refused = desk.post(address, given)
    assert refused.status_code == 422 and long in refused.content.decode()
    assert set(refused.context["form"].errors) == {"note" if name == "cancel" else "reason"}


def test_a_trip_has_its_stops_its_crew_and_is_called_off(desk: Client, visit: Visit, van: Vehicle) -> None:
    driver = CrewMemberFactory(office=van.office, name="Deri")

    def step(name: str, **given: Any) -> Any:
        address = reverse("work:van_trip_step", args=[visit.trip_id, name])
        assert desk.get(address).status_code == 200
        return desk.post(address, given)

    page = reverse("work:van_trip", args=[visit.trip_id])
    crumb = f"{van}, {long_date(visit.trip.on, 'en')}"
    assert crumb in desk.get(reverse("work:van_trip_step", args=[visit.trip_id, "cancel"])).content.decode()
    assert "Nobody is on duty yet" in desk.get(page).content.decode()
    assert step("crew", members=[driver.pk]).status_code == 302
    assert step("revise", leaves_at="08:00", back_at="07:00").status_code == 422
    assert step("revise", leaves_at="08:00", back_at="14:00", note="Isi bensin").status_code == 302
    shown = desk.get(page).content.decode()
    assert "Deri" in shown and "08:00" in shown and "SDN 01" in shown
    assert "SDN 01" not in desk.get(reverse("work:van_trips")).content.decode()
    twice = desk.post(reverse("work:van_trip_new"), {"vehicle": van.pk, "on": MONDAY})
    assert twice.status_code == 409
    assert step("cancel", note="Banjir").status_code == 302
    assert Trip.objects.get().status == TripStatus.CANCELLED


def test_a_trip_says_what_it_brings_to_whom(desk: Client, visit: Visit, picking: Consignment) -> None:
    TripLoad.objects.create(consignment=picking, visit=visit, added_at=visit.begins_at)
    visit.trip.status = TripStatus.UNDER_WAY
    visit.trip.save()
    assert f"brings {picking}" in desk.get(reverse("work:van_trip", args=[visit.trip_id])).content.decode()


def test_a_year_of_holidays_is_kept_and_its_visits_dealt_with(desk: Client, visit: Visit) -> None:
    year = reverse("work:days_off") + f"?tahun={MONDAY.year}"
    assert desk.get(year).status_code == 200
    wrong = {"reason": "Cuti", "starts_on": MONDAY, "ends_on": MONDAY - timedelta(1), "scope": "everyone"}
    assert desk.post(year, wrong).status_code == 422
    assert desk.post(year, {**wrong, "ends_on": ""}).status_code == 302
    for more in ({"reason": "Cuti"}, {"reason": "Cuti lagi"}):
        twice = desk.post(year, {**wrong, **more, "ends_on": ""})
        assert twice.status_code == 409 and twice.context["form"].errors["starts_on"]
    lost = desk.post(year, {**wrong, "starts_on": date(1800, 8, 17), "ends_on": ""})
    assert lost.status_code == 422 and lost.context["form"].errors["starts_on"]
    row = Closure.objects.get(reason="Cuti")
    change = reverse("work:day_off_step", args=[row.pk, "change"])
    assert desk.get(change).status_code == 200
    assert desk.post(change, {**wrong, "reason": "Cuti bersama", "ends_on": MONDAY}).status_code == 302
    home = desk.get(reverse("admin:index")).content.decode()
    assert "Visits on closed days" in home
    address = reverse("work:days_off_visits")
    key = f"visit-{visit.pk}"
    assert key in desk.get(address).content.decode()
    for wrong_choice in ("leave", "rubbish", f"{MONDAY}T09:00"):
        assert desk.post(address, {key: wrong_choice, "note": "Libur"}).status_code == 422
    assert desk.post(address, {key: "cancel", "note": "Cuti bersama"}).status_code == 302
    visit.refresh_from_db()
    assert visit.status == VisitStatus.CANCELLED
    taken = desk.post(reverse("work:days_off_take") + "?tahun=2027", {"day": ["2027-08-17", "rubbish"]})
    assert taken.status_code == 302 and Closure.objects.filter(starts_on=date(2027, 8, 17)).count() == 1
    assert desk.post(reverse("work:day_off_step", args=[row.pk, "remove"])).status_code == 302


def test_visits_without_their_vehicle_are_marked_everywhere_and_dealt_with_on_one_page(
    desk: Client, visit: Visit, van: Vehicle, stop: Stop
) -> None:
    place_visit(actor=None, stop=stop, vehicle=van, begins_at=at(MONDAY + timedelta(1), 9))
    address = reverse("work:outage_visits")
    pages = [
        reverse("work:van_visit", args=[visit.pk]),
        reverse("work:van_trip", args=[visit.trip_id]),
        reverse("work:van_trips"),
        reverse("work:vehicle", args=[van.pk]),
        f"{reverse('work:van_calendar')}?bulan={MONDAY:%Y-%m}",
        f"{reverse('work:van_calendar')}?bulan={MONDAY:%Y-%m}&tampilan=agenda",
        reverse("admin:index"),
    ]

    def marked() -> list[bool]:
        told = [desk.get(page).content.decode().lower() for page in pages]
        return [
            "out of service: ganti kopling" in page or "vehicle out of service" in page for page in told[:-1]
        ] + ["visits without their vehicle" in told[-1]]

    Outage.objects.create(
        vehicle=VehicleFactory(office=van.office), starts_on=MONDAY, ends_on=MONDAY, reason="Ganti kopling"
    )
    assert not any(marked())
    noted = desk.post(
        reverse("work:vehicle_outage", args=[van.pk]),
        {"starts_on": MONDAY, "ends_on": MONDAY, "reason": "Ganti kopling"},
    )
    assert noted.headers["Location"] == address and all(marked())
    key = f"visit-{visit.pk}"
    shown = desk.get(address)
    assert key in shown.content.decode() and len(shown.context["rows"]) == 1
    free = shown.context["rows"][0][2][0][1]
    assert desk.post(address, {key: free, "note": "Bengkel"}).headers["Location"] == reverse("work:vehicles")
    visit.refresh_from_db()
    assert visit.trip.on != MONDAY and not any(marked())
    # Days on which nothing is planned lead back to the vehicle.
    later = MONDAY + timedelta(days=3)
    noted = desk.post(
        reverse("work:vehicle_outage", args=[van.pk]),
        {"starts_on": later, "ends_on": later, "reason": "Pajak"},
    )
    assert noted.headers["Location"] == reverse("work:vehicle", args=[van.pk])


def test_the_crew_reads_and_plans_nothing(crew: User, visit: Visit) -> None:
    client = Client()
    client.force_login(crew)
    for name in ("van_calendar", "van_trips", "van_serieses", "days_off"):
        assert client.get(reverse(f"work:{name}")).status_code == 200
    for name in ("van_visit_new", "van_series_new", "van_trip_new"):
        assert client.get(reverse(f"work:{name}")).status_code == 403
    assert (
        client.post(reverse("work:van_visit_step", args=[visit.pk, "cancel"]), {"note": "x"}).status_code
        == 403
    )
