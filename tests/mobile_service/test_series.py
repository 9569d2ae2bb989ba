"""Visits that repeat: made, changed, excepted, ended; their days stand in the calendar and nowhere else (M2)."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.models import Closure, Institution, Notice, User
from libraries.services.notices import announce_all
from mobile_service.choices import SeriesStatus, VisitStatus
from mobile_service.models import CrewMember, Duty, Series, Stop, Trip, Vehicle, Visit
from mobile_service.recurrence import days_of, parse
from mobile_service.services.checking import said
from mobile_service.services.nightly import extend_series, plan_ahead
from mobile_service.services.occurring import HORIZON, materialise
from mobile_service.services.scheduling import cancel_visit, move_visit, place_visit, restore_visit
from mobile_service.services.series import (
    change_series,
    end_series,
    except_day,
    include_day,
    make_series,
)
from mobile_service.services.series_days import next_days, preview
from mobile_service.services.telling_at_desk import tell_of_visit
from tests.factories import WIB, CrewMemberFactory, StopFactory, VehicleFactory, VisitRequestFactory

pytestmark = pytest.mark.django_db

TODAY = clock.today()
MONDAY = TODAY + timedelta(days=(0 - TODAY.weekday()) % 7 + 7)
WEEK = timedelta(weeks=1)


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return VehicleFactory(office=library, name="Pusling Harau")


@pytest.fixture
def stop(library: Institution, school_library: Institution) -> Stop:
    return StopFactory(school=True, office=library, partner=school_library, name="SDN 01")


@pytest.fixture
def weekly(van: Vehicle, stop: Stop, officer: User) -> Series:
    return make(van, stop, officer)


def make(van: Vehicle, stop: Stop, actor: User, **given: Any) -> Series:
    wanted = {"rule": "FREQ=WEEKLY;BYDAY=MO", "starts_on": MONDAY - timedelta(2), "begins_at": time(9)}
    return make_series(actor=actor, stop=stop, vehicle=van, **{**wanted, **given})


def refusal(act: Any, **given: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        act(**given)
    return refused.value


def days(series: Series, **which: Any) -> list[date]:
    return list(series.visits.filter(**which).order_by("series_on").values_list("series_on", flat=True))


def agrees(series: Series) -> bool:
    """The rule without the days left out is exactly the visits, up to the horizon."""
    last = min(series.ends_on or date.max, clock.today() + HORIZON)
    wanted = days_of(parse(series.rule), series.starts_on, series.starts_on, last)
    return days(series) == [day for day in wanted if day not in series.left_out]


def test_a_series_stands_in_the_calendar_for_half_a_year(weekly: Series, stop: Stop) -> None:
    assert weekly.starts_on == MONDAY and weekly.rule == "FREQ=WEEKLY;BYDAY=MO"
    assert agrees(weekly) and len(days(weekly)) in (25, 26)
    first = weekly.visits.order_by("begins_at").first()
    assert first and first.begins_at == datetime.combine(MONDAY, time(9), WIB) and not first.is_pinned
    assert set(Trip.objects.values_list("on", flat=True)) == set(days(weekly))
    assert first.events.get().action == "plan"
    notice = Notice.objects.get(recipient=stop.partner)
    assert (notice.context["rule"], notice.context["what"]) == ("FREQ=WEEKLY;BYDAY=MO", "planned")


def test_days_that_cannot_be_are_left_out_with_the_reason(van: Vehicle, stop: Stop, officer: User) -> None:
    Closure.objects.create(starts_on=MONDAY + WEEK, ends_on=MONDAY + WEEK, reason="Idulfitri")
    place_visit(
        actor=officer,
        stop=StopFactory(office=van.office),
        vehicle=van,
        begins_at=datetime.combine(MONDAY + 2 * WEEK, time(9, 30), WIB),
    )
    refused = refusal(make, van=van, stop=stop, actor=officer, careful=True)
    assert refused.code == "days_clash"
    assert [day["on"] for day in refused.facts["days"]] == [MONDAY + WEEK, MONDAY + 2 * WEEK]
    assert not Series.objects.exists()
    series = make(van, stop, officer)
    assert series.left_out == [MONDAY + WEEK, MONDAY + 2 * WEEK] and agrees(series)
    notes = series.events.filter(action="except").values_list("note", flat=True)
    assert any("Idulfitri" in note for note in notes)
    assert not Trip.objects.filter(on=MONDAY + WEEK).exists()


def test_a_series_on_no_possible_day_is_refused(van: Vehicle, stop: Stop, officer: User) -> None:
    Closure.objects.create(starts_on=MONDAY, ends_on=MONDAY + HORIZON, reason="Wabah")
    assert refusal(make, van=van, stop=stop, actor=officer).code == "no_day_possible"
    assert not Series.objects.exists() and not Trip.objects.exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"rule": "FREQ=YEARLY"}, "rule_unsupported"),
        ({"starts_on": TODAY - timedelta(1)}, "in_the_past"),
        ({"ends_on": MONDAY - timedelta(1)}, "no_day"),
        ({"starts_on": date(9999, 12, 1)}, "too_far"),
    ],
)
def test_what_is_no_series(van: Vehicle, stop: Stop, officer: User, given: Any, code: str) -> None:
    assert refusal(make, van=van, stop=stop, actor=officer, **given).code == code


def test_no_series_begins_or_changes_beyond_the_calendar(
    weekly: Series, van: Vehicle, stop: Stop, officer: User
) -> None:
    far = date(9999, 12, 1)
    assert refusal(change_series, series=weekly, actor=officer, from_on=far).code == "too_far"
    looked = {"rule": parse(weekly.rule), "starts_on": far, "begins_at": time(9), "minutes": 60}
    assert refusal(preview, stop=stop, vehicle=van, ends_on=None, **looked).code == "too_far"
    # What never ends may say so.
    assert agrees(make(van, stop, officer, begins_at=time(13), ends_on=date.max))


def test_only_the_desk_and_only_own_vehicles(van: Vehicle, stop: Stop, officer: User, school: User) -> None:
    assert refusal(make, van=van, stop=stop, actor=school).code == "role_missing"
    assert refusal(make, van=VehicleFactory(), stop=stop, actor=officer).code == "other_office"


def test_a_series_is_changed_from_a_day_on(weekly: Series, stop: Stop, officer: User) -> None:
    moved = weekly.visits.get(series_on=MONDAY + 5 * WEEK)
    move_visit(visit=moved, actor=officer, begins_at=moved.begins_at + timedelta(days=1), tell=False)
    Notice.objects.all().delete()
    turn = MONDAY + 3 * WEEK
    new = change_series(
        series=weekly, actor=officer, from_on=turn, rule="FREQ=MONTHLY;BYDAY=2TU,4TU", begins_at=time(10)
    )
    weekly.refresh_from_db()
    assert weekly.status == SeriesStatus.ACTIVE and weekly.ends_on == turn - timedelta(1)
    assert days(weekly, status=VisitStatus.PLANNED) == [MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK]
    # What somebody had moved by hand is called off and stays to be read.
    assert days(weekly, status=VisitStatus.CANCELLED) == [MONDAY + 5 * WEEK]
    assert agrees(new) and all(day.weekday() == 1 for day in days(new))
    notice = Notice.objects.get()
    assert notice.recipient == stop.partner and notice.context["what"] == "changed"
    assert not Trip.objects.filter(visits=None).exists()


def test_a_day_out_keeps_its_crew_when_the_series_changes(
    weekly: Series, van: Vehicle, officer: User
) -> None:
    """At another time the trip is the same, with whom the desk has put on it; with another van the usual crew of that one goes."""
    other = VehicleFactory(office=van.office)
    helper = CrewMemberFactory(office=van.office)
    usual, lent = CrewMemberFactory.create_batch(2, office=van.office, vehicle=other)
    trip = Trip.objects.get(on=MONDAY)
    for member in (helper, lent):
        Duty.objects.create(trip=trip, member=member, on=MONDAY)
    Trip.objects.filter(pk=trip.pk).update(note="Bawa tenda")
    new = change_series(series=weekly, actor=officer, begins_at=time(9, 30))
    trip.refresh_from_db()
    assert new.visits.get(series_on=MONDAY).trip == trip and trip.note == "Bawa tenda"
    assert set(trip.duties.values_list("member", flat=True)) == {helper.pk, lent.pk}
    last = change_series(series=new, actor=officer, vehicle=other)
    assert not Trip.objects.filter(vehicle=van).exists()
    crew = last.visits.get(series_on=MONDAY).trip.duties.values_list("member", flat=True)
    assert set(crew) == {usual.pk, lent.pk}


def test_weeks_go_on_being_counted_when_only_the_time_changes(
    van: Vehicle, stop: Stop, officer: User
) -> None:
    series = make(van, stop, officer, rule="FREQ=WEEKLY;INTERVAL=8;BYDAY=MO")
    new = change_series(series=series, actor=officer, from_on=MONDAY + WEEK, begins_at=time(11))
    assert new.starts_on == MONDAY + 8 * WEEK and agrees(new)
    assert {row.begins_at.astimezone(WIB).hour for row in new.visits.all()} == {11}
    later = preview(
        stop=stop, vehicle=van, rule=parse(new.rule), starts_on=new.starts_on, ends_on=None,
        begins_at=time(11, 30), minutes=60, instead_of=new,
    )  # fmt: skip
    assert later and all(not day.clashes for day in later)


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO,TH"])
def test_a_changed_series_does_not_bring_back_what_was_called_off_or_has_been(
    rule: str, weekly: Series, van: Vehicle, stop: Stop, officer: User
) -> None:
    second = MONDAY + WEEK
    cancel_visit(visit=weekly.visits.get(series_on=second), actor=officer, note="Banjir")
    weekly.visits.filter(series_on=MONDAY).update(status=VisitStatus.DONE)
    with clock.pretend(datetime.combine(MONDAY, time(12), WIB)):
        change: dict[str, Any] = {"rule": rule, "begins_at": time(14)}
        looked = preview(
            stop=stop, vehicle=van, rule=parse(rule), starts_on=MONDAY, ends_on=None,
            begins_at=time(14), minutes=60, instead_of=weekly,
        )  # fmt: skip
        new = change_series(series=weekly, actor=officer, from_on=MONDAY, **change)
        assert not {MONDAY, second} & set(days(new)) and {MONDAY, second} <= set(new.left_out)
        assert agrees(new) and [day.on for day in looked] == days(new)
        # Who wants it all the same puts it back.
        include_day(series=new, actor=officer, on=second)
        assert new.visits.get(series_on=second).begins_at == datetime.combine(second, time(14), WIB)


def test_a_day_with_a_past_is_put_back(weekly: Series, van: Vehicle, officer: User) -> None:
    """What somebody had moved and then left out stands where the rule has it, on the row that calendars know."""
    on, other = MONDAY + WEEK, VehicleFactory(office=van.office)
    visit = weekly.visits.get(series_on=on)
    move_visit(
        visit=visit, actor=officer, begins_at=visit.begins_at + timedelta(days=1, hours=1), vehicle=other
    )
    except_day(series=weekly, actor=officer, on=on, note="Ujian")
    back = include_day(series=weekly, actor=officer, on=on)
    assert back.left_out == [] and agrees(back)
    visit.refresh_from_db()
    assert (visit.status, visit.reason, visit.vehicle, visit.is_pinned) == ("planned", "", van, False)
    assert visit.begins_at == datetime.combine(on, time(9), WIB) and visit.trip.on == on
    assert visit.sequence == 3 and visit.events.order_by("at").last().action == "restore"
    assert [row.context["what"] for row in Notice.objects.open().filter(subject_id=visit.pk)] == ["restored"]
    # Something stands in its way meanwhile.
    except_day(series=weekly, actor=officer, on=on, note="Ujian")
    place_visit(
        actor=officer, stop=StopFactory(office=van.office), vehicle=van,
        begins_at=datetime.combine(on, time(9, 30), WIB),
    )  # fmt: skip
    assert refusal(include_day, series=weekly, actor=officer, on=on).code == "vehicle_busy"


def test_a_left_out_visit_that_was_put_back_by_itself_is_a_day_again(weekly: Series, officer: User) -> None:
    on = MONDAY + WEEK
    visit = weekly.visits.get(series_on=on)
    move_visit(visit=visit, actor=officer, begins_at=visit.begins_at + timedelta(hours=1))
    except_day(series=weekly, actor=officer, on=on, note="Ujian")
    restore_visit(visit=visit, actor=officer)
    weekly.refresh_from_db()
    assert weekly.left_out == [] and weekly.events.order_by("at").last().action == "include"
    assert refusal(include_day, series=weekly, actor=officer, on=on).code == "not_left_out"
    assert weekly.visits.get(series_on=on).begins_at.astimezone(WIB).hour == 10


def test_one_day_is_left_out_and_put_back(weekly: Series, stop: Stop, officer: User) -> None:
    on = MONDAY + WEEK
    wrong = refusal(except_day, series=weekly, actor=officer, on=on + timedelta(1), note="x")
    assert wrong.code == "not_a_day" and said(on) in str(wrong)
    assert refusal(except_day, series=weekly, actor=officer, on=on, note="").code == "reason_missing"
    Notice.objects.all().delete()
    fresh = except_day(series=weekly, actor=officer, on=on, note="Ujian")
    assert fresh.left_out == [on] and agrees(fresh) and not Trip.objects.filter(on=on).exists()
    assert on not in next_days(fresh)
    notice = Notice.objects.open().get()
    assert (notice.context["what"], notice.context["reason"]) == ("cancelled", "Ujian")
    assert refusal(except_day, series=weekly, actor=officer, on=on, note="x").code == "not_a_day"
    back = include_day(series=weekly, actor=officer, on=on)
    assert back.left_out == [] and agrees(back)
    assert [row.context["what"] for row in Notice.objects.open()] == ["planned"]
    assert refusal(include_day, series=weekly, actor=officer, on=on).code == "not_left_out"
    cancel_visit(visit=back.visits.get(series_on=on), actor=officer, note="Hujan")
    assert refusal(except_day, series=weekly, actor=officer, on=on, note="x").code == "day_begun"


@pytest.mark.parametrize("before", ["nothing", "moved", "asked for", "put back"])
def test_who_leaves_out_a_day_is_heard_whatever_happened_to_it_before(
    before: str, weekly: Series, stop: Stop, officer: User
) -> None:
    on = MONDAY
    Duty.objects.create(
        trip=Trip.objects.get(on=on), member=CrewMemberFactory(office=stop.office, user=officer), on=on
    )
    visit = weekly.visits.get(series_on=on)
    if before == "moved":
        move_visit(visit=visit, actor=officer, begins_at=visit.begins_at + timedelta(hours=1))
    elif before == "asked for":
        VisitRequestFactory(office=stop.office, partner=stop.partner, stop=stop, place="", visit=visit)
    elif before == "put back":
        except_day(series=weekly, actor=officer, on=on, note="Ujian")
        include_day(series=weekly, actor=officer, on=on)
        Duty.objects.create(trip=Trip.objects.get(on=on), member=CrewMember.objects.get(), on=on)
    with clock.pretend(datetime.combine(on - timedelta(1), time(8), WIB)):
        except_day(series=weekly, actor=officer, on=on, note="Banjir")
    spoken = Notice.objects.open().filter(subject_kind="visit").order_by("created_at")
    told = {row.recipient: row.context for row in spoken}
    assert set(told) == {stop.partner, stop.office}
    assert {(it["what"], it["reason"]) for it in told.values()} == {("cancelled", "Banjir")}


def test_a_series_ends_and_the_school_is_told_once(weekly: Series, stop: Stop, officer: User) -> None:
    Notice.objects.all().delete()
    turn = MONDAY + 2 * WEEK
    end_series(series=weekly, actor=officer, on=turn, note="Sekolah tutup")
    weekly.refresh_from_db()
    assert weekly.status == SeriesStatus.ACTIVE and weekly.ends_on == turn - timedelta(1)
    assert days(weekly) == [MONDAY, MONDAY + WEEK] and agrees(weekly)
    assert Notice.objects.get().context["what"] == "ended"
    assert weekly.events.get(action="end").note == f"{turn}: Sekolah tutup"
    # Asked for twice it is done once, and told once; it may still end earlier.
    for on in (turn, turn + WEEK):
        assert refusal(end_series, series=weekly, actor=officer, on=on).code == "ends_already"
    end_series(series=weekly, actor=officer)
    assert days(weekly) == [] and refusal(end_series, series=weekly, actor=officer).code == "wrong_state"


def test_what_was_left_out_after_the_last_day_is_put_back_by_nobody(weekly: Series, officer: User) -> None:
    kept, lost = MONDAY + WEEK, MONDAY + 3 * WEEK
    for on in (kept, lost):
        except_day(series=weekly, actor=officer, on=on, note="Ujian")
    ended = end_series(series=weekly, actor=officer, on=MONDAY + 2 * WEEK)
    assert ended.left_out == [kept] and agrees(ended)
    assert refusal(include_day, series=weekly, actor=officer, on=lost).code == "not_left_out"


@pytest.mark.parametrize("act", ["end", "change"])
def test_what_has_begun_today_stays(act: str, weekly: Series, officer: User) -> None:
    """The van may be there; its phone has no network and tells of it in the evening (M5)."""
    second = weekly.visits.get(series_on=MONDAY + WEEK)
    today = weekly.visits.get(series_on=MONDAY)
    with clock.pretend(datetime.combine(MONDAY, time(7), WIB)):
        # Of another week, and brought forward: it has begun as well.
        move_visit(visit=second, actor=officer, begins_at=datetime.combine(MONDAY, time(7, 30), WIB))
    with clock.pretend(datetime.combine(MONDAY, time(9, 20), WIB)):
        if act == "end":
            end_series(series=weekly, actor=officer)
            told = Notice.objects.open().get(subject_kind="series", context__what="ended")
            assert told.due_on == MONDAY + timedelta(days=1)
        else:
            look = preview(
                stop=weekly.stop, vehicle=weekly.vehicle, rule=parse(weekly.rule), starts_on=MONDAY, ends_on=None,
                begins_at=time(14), minutes=60, instead_of=weekly,
            )  # fmt: skip
            new = change_series(series=weekly, actor=officer, begins_at=time(14))
            assert days(new)[0] == MONDAY + 2 * WEEK and agrees(new)
            assert [day.on for day in look] == days(new)
    weekly.refresh_from_db()
    for visit in (today, second):
        visit.refresh_from_db()
        assert (visit.status, visit.trip.on) == (VisitStatus.PLANNED, MONDAY)
    assert (weekly.status, weekly.ends_on, weekly.left_out) == (SeriesStatus.ENDED, MONDAY, [])
    assert days(weekly) == [MONDAY, MONDAY + WEEK]
    with clock.pretend(datetime.combine(MONDAY, time(9, 30), WIB)):
        told = tell_of_visit(visit=today, actor=officer, action="arrive")
    assert told.status == VisitStatus.ARRIVED


@pytest.mark.parametrize("act", [end_series, change_series])
def test_what_comes_later_today_does_not_take_place(act: Any, weekly: Series, officer: User) -> None:
    with clock.pretend(datetime.combine(MONDAY + WEEK, time(8), WIB)):
        act(series=weekly, actor=officer)
        weekly.refresh_from_db()
        assert days(weekly) == [MONDAY] and weekly.ends_on == MONDAY + WEEK - timedelta(1)
        assert weekly.status == SeriesStatus.ENDED


def test_no_day_is_left_out_that_has_passed_or_whose_visit_has_begun(weekly: Series, officer: User) -> None:
    second = MONDAY + WEEK
    with clock.pretend(datetime.combine(second, time(9), WIB)):
        for on, code in ((MONDAY, "in_the_past"), (second, "day_begun")):
            assert refusal(except_day, series=weekly, actor=officer, on=on, note="Ujian").code == code
        assert days(weekly)[:2] == [MONDAY, second] and second not in next_days(weekly)
    with clock.pretend(datetime.combine(second, time(8, 59), WIB)):
        assert second in next_days(weekly)
        assert except_day(series=weekly, actor=officer, on=second, note="Ujian").left_out == [second]


@pytest.mark.parametrize("act", [end_series, change_series])
def test_until_its_last_day_a_series_goes_on_whatever_was_decided_for_later(
    act: Any, weekly: Series, officer: User
) -> None:
    """A year ahead, which is beyond what stands in the calendar: the night adds the days between, and people leave some out."""
    turn, out = MONDAY + 52 * WEEK, MONDAY + 40 * WEEK
    given = {"on": turn} if act is end_series else {"from_on": turn, "begins_at": time(11)}
    act(series=weekly, actor=officer, **given)
    assert except_day(series=weekly, actor=officer, on=out, note="Ujian").left_out == [out]
    first = datetime.combine(MONDAY, time(2), WIB)
    for weeks in (12, 28, 51):
        with clock.pretend(first + weeks * WEEK):
            plan_ahead()
            weekly.refresh_from_db()
            assert agrees(weekly) and weekly.status == SeriesStatus.ACTIVE
    assert days(weekly)[-1] == turn - WEEK and len(days(weekly)) == 51
    with clock.pretend(first + 52 * WEEK):
        plan_ahead()
        weekly.refresh_from_db()
    assert weekly.status == SeriesStatus.ENDED and weekly.ends_on == turn - timedelta(1)


def test_what_was_decided_for_later_is_not_decided_once_more(
    weekly: Series, van: Vehicle, stop: Stop, officer: User
) -> None:
    """By another desk, or by the same form gone back to: two series would go on side by side, at other hours."""
    turn = MONDAY + 4 * WEEK
    change: dict[str, Any] = {"series": weekly, "actor": officer, "ends_on": None, "begins_at": time(11)}
    change_series(**change, from_on=turn)
    for from_on in (turn, turn + WEEK, MONDAY + WEEK):
        assert (
            refusal(change_series, **{**change, "begins_at": time(14)}, from_on=from_on).code
            == "ends_already"
        )
    assert Series.objects.count() == 2
    # What is left of it may be changed; and what has an end from its beginning may go on for longer.
    del change["ends_on"]
    middle = change_series(**{**change, "begins_at": time(14)}, from_on=MONDAY + WEEK)
    assert days(middle) == [MONDAY + WEEK, MONDAY + 2 * WEEK, MONDAY + 3 * WEEK] and agrees(middle)
    short = make(van, stop, officer, begins_at=time(16), ends_on=MONDAY + WEEK)
    assert change_series(series=short, actor=officer, ends_on=None).ends_on is None


def test_what_was_ended_for_later_before_goes_on_too(weekly: Series) -> None:
    """As it stood before the decision left the status alone: ended at once, with its last day ahead."""
    Series.objects.update(status=SeriesStatus.ENDED, ends_on=MONDAY + 30 * WEEK)
    with clock.pretend(clock.now() + 10 * WEEK):
        assert plan_ahead().count == 1
        weekly.refresh_from_db()
        assert agrees(weekly) and days(weekly)[-1] == MONDAY + 30 * WEEK


def test_a_series_that_has_not_begun_ends_with_nothing_left(weekly: Series, officer: User) -> None:
    end_series(series=weekly, actor=officer)
    weekly.refresh_from_db()
    assert days(weekly) == [] and weekly.left_out == [MONDAY] and next_days(weekly) == []
    assert not Trip.objects.exists()


def test_the_night_extends_running_series_and_ends_those_that_are_over(
    weekly: Series, van: Vehicle, stop: Stop, officer: User
) -> None:
    short = make(van, stop, officer, begins_at=time(13), ends_on=MONDAY + WEEK)
    seen = len(days(weekly))
    assert not extend_series(weekly.pk)
    Closure.objects.create(
        starts_on=max(days(weekly)) + WEEK, ends_on=max(days(weekly)) + WEEK, reason="Waisak"
    )
    Notice.objects.all().delete()
    with clock.pretend(clock.now() + 3 * WEEK):
        plan_ahead()
        assert plan_ahead().count == 0
    weekly.refresh_from_db()
    short.refresh_from_db()
    assert len(days(weekly)) == seen + 2 and len(weekly.left_out) == 1
    assert short.status == SeriesStatus.ENDED
    notice = Notice.objects.get()
    assert notice.rule == "van_left_out" and notice.recipient == van.office
    assert announce_all([]) == 0


def test_past_days_are_never_made_up(weekly: Series) -> None:
    Visit.objects.filter(series=weekly).delete()
    with clock.pretend(clock.now() + 4 * WEEK):
        extend_series(weekly.pk)
        assert min(days(weekly)) >= clock.today()


def test_the_night_plans_nothing_for_a_series_that_was_ended_while_it_waited(
    weekly: Series, officer: User
) -> None:
    shortened, ended = Series.objects.get(pk=weekly.pk), Series.objects.get(pk=weekly.pk)
    last = MONDAY + 2 * WEEK
    weekly.visits.filter(series_on__gte=last).delete()
    Trip.objects.filter(visits=None).delete()
    Series.objects.update(ends_on=last)
    visits, _out = materialise(shortened, actor=None)
    assert [visit.series_on for visit in visits] == [last]
    end_series(series=weekly, actor=officer)
    assert materialise(ended, actor=None) == ([], [])
    assert not Trip.objects.exists() and not days(weekly)
