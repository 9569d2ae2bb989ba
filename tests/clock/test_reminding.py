"""Reminders: one per rung, caught up after missed nights, none twice, silent when settled (L9)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest

from kerjasama.domain import clock
from libraries.choices import MessageStatus, Tone
from libraries.models import Institution, Message, Notice, User
from libraries.services.addressing import address_notices
from loans.models import Case, Consignment, Period, Programme
from loans.services.reminding import send_due_reminders
from loans.services.tracking import flag_silent_receipts, track_returns
from tests.clock.conftest import at_six

pytestmark = pytest.mark.django_db

Days = Callable[[int], AbstractContextManager[object]]


def told(rule: str) -> list[tuple[str, int]]:
    """Who was told at which rung, in order."""
    rows = Notice.objects.filter(rule=rule).order_by("created_at", "recipient__slug")
    return [(row.recipient.slug, row.rung) for row in rows.select_related("recipient")]


def both(rung: int) -> list[tuple[str, int]]:
    return [("bung-hatta", rung), ("sdn-01", rung)]


def test_a_school_year_of_one_period(days_from_end: Days) -> None:
    """Every night the sweep runs; every rung is told once, to both sides."""
    for day in range(-20, 40):
        with days_from_end(day):
            track_returns()
            send_due_reminders()
    assert told("swap") == [row for rung in (-14, -3, 0, 1, 3, 14, 30) for row in both(rung)]


def test_nothing_before_the_first_rung(days_from_end: Days) -> None:
    with days_from_end(-15):
        assert send_due_reminders().count == 0
    assert told("swap") == []


def test_missed_nights_are_made_up_by_one_reminder(days_from_end: Days) -> None:
    with days_from_end(-15):
        send_due_reminders()
    with days_from_end(20):
        assert send_due_reminders().count == 1
    assert told("swap") == both(14)


def test_a_second_run_adds_nothing(days_from_end: Days) -> None:
    with days_from_end(-3):
        assert send_due_reminders().count == 1
        assert send_due_reminders().count == 0
    assert told("swap") == both(-3)


def test_an_idle_run_costs_a_handful_of_queries(
    days_from_end: Days, django_assert_max_num_queries: Any
) -> None:
    with days_from_end(-3):
        send_due_reminders()
        with django_assert_max_num_queries(16):
            send_due_reminders()


def test_the_latest_word_takes_the_place_of_the_earlier(days_from_end: Days, school: User) -> None:
    for day in (-14, -3):
        with days_from_end(day):
            send_due_reminders()
    open_now = Notice.objects.open().filter(rule="swap")
    assert {notice.rung for notice in open_now} == {-3}
    assert open_now.count() == 2


def test_tone_rises(days_from_end: Days) -> None:
    for day, tone in ((-14, Tone.CALM), (-3, Tone.DUE), (0, Tone.DUE), (3, Tone.LATE)):
        with days_from_end(day):
            send_due_reminders()
        assert {n.tone for n in Notice.objects.open().filter(rule="swap")} == {tone}


def test_a_moved_date_begins_a_new_ladder(period: Period, days_from_end: Days) -> None:
    with days_from_end(-3):
        send_due_reminders()
    with days_from_end(-2):
        Period.objects.filter(pk=period.pk).update(ends_on=period.ends_on + timedelta(days=10))
        send_due_reminders()
    notices = Notice.objects.open().filter(rule="swap")
    assert {(n.rung, n.due_on) for n in notices} == {(-14, period.ends_on + timedelta(days=10))}


def test_returned_books_fall_silent(
    dispatched: Consignment, days_from_end: Days, school: User, circulation: User
) -> None:
    with days_from_end(3):
        send_due_reminders()
        address_notices()
        assert Message.objects.filter(status=MessageStatus.PENDING, notice__rule="swap").count() == 2
        dispatched.lines.update(status="returned")
        send_due_reminders()
    assert not Notice.objects.open().filter(rule="swap").exists()
    assert set(Message.objects.filter(notice__rule="swap").values_list("status", flat=True)) == {
        MessageStatus.SILENCED
    }
    with days_from_end(14):
        send_due_reminders()
        track_returns()
    assert not Notice.objects.open().filter(rule="swap").exists()


def test_first_delivery_is_announced_to_both(programme: Programme) -> None:
    first = programme.periods.get(sequence=1)
    for day in range(-10, 0):
        with at_six(first.starts_on + timedelta(days=day)):
            send_due_reminders()
    assert told("delivery") == both(-7) + both(-1)
    subjects = set(Notice.objects.filter(rule="delivery").values_list("subject_id", flat=True))
    assert subjects == {first.pk}


def test_later_deliveries_come_with_the_swap(period: Period, days_from_end: Days) -> None:
    with days_from_end(-1):
        send_due_reminders()
    assert not Notice.objects.open().filter(rule="delivery").exists()


def test_silence_is_flagged_not_taken_for_receipt(dispatched: Consignment) -> None:
    confirm_by = dispatched.confirm_by
    assert confirm_by is not None
    with at_six(confirm_by):
        assert flag_silent_receipts().count == 0
    with at_six(confirm_by + timedelta(days=1)):
        assert flag_silent_receipts().count == 1
        assert flag_silent_receipts().count == 0
    dispatched.refresh_from_db()
    assert dispatched.status == "flagged"
    event = dispatched.events.latest("at")
    assert (event.action, event.from_state, event.to_state, event.actor) == (
        "flag",
        "dispatched",
        "flagged",
        None,
    )
    assert told("receipt") == both(1)
    about = Notice.objects.open().filter(subject_id=dispatched.pk, recipient=dispatched.partner)
    assert [notice.rule for notice in about] == ["receipt"], "one word about one delivery"


def test_silence_is_reminded_of_once_more_after_a_week(dispatched: Consignment) -> None:
    confirm_by = dispatched.confirm_by
    assert confirm_by is not None
    for day in range(1, 20):
        with at_six(confirm_by + timedelta(days=day)):
            flag_silent_receipts()
            send_due_reminders()
    assert told("receipt") == both(1) + both(8)


def test_a_flag_that_comes_late_says_only_the_latest(dispatched: Consignment) -> None:
    assert dispatched.confirm_by is not None
    with at_six(dispatched.confirm_by + timedelta(days=12)):
        flag_silent_receipts()
        send_due_reminders()
    assert told("receipt") == both(8)


def test_late_periods_are_marked_once(period: Period, days_from_end: Days) -> None:
    with days_from_end(0):
        assert track_returns().count == 0
    with days_from_end(2):
        assert track_returns().count == 1
        assert track_returns().count == 0
        assert send_due_reminders().count == 0
    period.refresh_from_db()
    assert period.overdue_since == period.ends_on + timedelta(days=1)
    event = period.events.latest("at")
    assert (event.action, event.to_state, event.actor) == ("mark_overdue", "running", None)
    assert told("swap") == both(1)


def test_tracking_that_missed_nights_does_not_double_the_reminder(days_from_end: Days) -> None:
    with days_from_end(5):
        track_returns()
        send_due_reminders()
    assert told("swap") == both(3)


@pytest.fixture
def case(dispatched: Consignment, circulation: User) -> Case:
    line = dispatched.lines.select_related("copy").first()
    assert line is not None
    return Case.objects.create(
        code="KHR-UJI-1",
        kind="lost",
        line=line,
        copy=line.copy,
        lender=dispatched.lender,
        partner=dispatched.partner,
        status="assessed",
        reported_on=clock.today(),
        due_on=clock.today() + timedelta(days=30),
    )


def test_replacement_ladder(case: Case) -> None:
    for day in range(-10, 40):
        with at_six(case.due_on + timedelta(days=day)):
            send_due_reminders()
    assert told("replacement") == [row for rung in (-7, 0, 7, 14, 30) for row in both(rung)]


def test_a_case_only_reported_is_not_due(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(status="reported")
    with at_six(case.due_on):
        send_due_reminders()
    assert told("replacement") == []


def test_today_is_that_of_the_lender(period: Period, library: Institution) -> None:
    """At 15:30 UTC it is already tomorrow in Jayapura, and still today in Jakarta."""
    import time_machine

    evening_before = f"{period.ends_on - timedelta(days=1)}T15:30:00Z"
    with time_machine.travel(evening_before):
        send_due_reminders()
        assert {rung for _slug, rung in told("swap")} == {-3}
        Institution.objects.filter(pk=library.pk).update(zone="Asia/Jayapura")
        send_due_reminders()
        assert {rung for _slug, rung in told("swap")} == {-3, 0}


def test_one_bad_row_does_not_stop_the_others(
    period: Period, days_from_end: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row whose facts cannot be read is counted as failed, and the run says so."""
    from libraries.models import SweepRun
    from loans.services import reminding

    def fails(_key: Any) -> bool:
        raise RuntimeError("cannot be read")

    rules = tuple(
        reminding.Rule(r.name, r.ladder, r.due, r.lender, r.rows, fails) if r.name == "swap" else r
        for r in reminding.RULES
    )
    monkeypatch.setattr(reminding, "RULES", rules)
    with days_from_end(-3):
        swept = send_due_reminders(batch=1)
    assert (swept.count, swept.failed, swept.unfinished) == (0, 1, False)
    assert SweepRun.objects.get(pk="loans.send_due_reminders").error


def test_due_date_in_words_of_the_day(period: Period, days_from_end: Days) -> None:
    with days_from_end(3):
        send_due_reminders()
    notice = Notice.objects.get(rule="swap", recipient__slug="sdn-01")
    assert notice.context["books"] == 5
    assert (notice.context["phase"], notice.context["days"]) == ("after", 3)
    assert date.fromisoformat(notice.context["due_on"]) == period.ends_on
