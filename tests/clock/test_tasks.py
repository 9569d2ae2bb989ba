"""The doors of the clock: each calls its service, twice changes nothing (R7), and audit rows say which sweep it was."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import connection

from agreements.models import Agreement
from agreements.tasks import keep_terms, remind_expiring, remind_of_duties, remind_of_tools
from libraries.models import Institution, Message, Notice, SweepRun, User
from libraries.tasks import address_notices, clear_sessions, deliver_messages
from loans.models import Consignment, Period, Programme
from loans.tasks import flag_silent_receipts, open_programmes, send_due_reminders, track_returns
from tests.clock.conftest import at_six
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db

Days = Callable[[int], AbstractContextManager[object]]
TABLES = (
    "libraries_notice",
    "libraries_message",
    "loans_period",
    "loans_periodevent",
    "loans_consignment",
    "loans_consignmentevent",
    "loans_programme",
    "agreements_agreement",
    "agreements_agreementevent",
)


def dump() -> dict[str, list[tuple[object, ...]]]:
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")  # a fixed list of our own tables
            found[table] = cursor.fetchall()
    return found


def all_tasks() -> None:
    for task in (
        keep_terms,
        remind_expiring,
        remind_of_duties,
        remind_of_tools,
        open_programmes,
        track_returns,
        flag_silent_receipts,
        send_due_reminders,
        address_notices,
        deliver_messages,
        clear_sessions,
    ):
        task()


def test_every_task_twice_changes_nothing(
    dispatched: Consignment, agreement: Agreement, school: User, library: Institution
) -> None:
    AgreementFactory(office=library, in_force=True)
    assert dispatched.confirm_by is not None
    with at_six(agreement.ends_on - timedelta(days=6)):
        all_tasks()
        once = dump()
        assert Programme.objects.count() == 2
        assert Notice.objects.exists()
        assert Message.objects.filter(status="sent").exists()
        all_tasks()
    assert dump() == once
    names = set(SweepRun.objects.values_list("name", flat=True))
    assert {"agreements.keep_terms", "loans.track_returns", "libraries.deliver_messages"} <= names


def test_agreement_ending_is_told_on_three_rungs(agreement: Agreement, officer: User, school: User) -> None:
    for day in range(-100, 0, 5):
        with at_six(agreement.ends_on + timedelta(days=day)):
            remind_expiring()
    told = Notice.objects.filter(rule="agreement_ends").order_by("created_at", "recipient__slug")
    assert [(n.recipient.slug, n.rung) for n in told] == [
        (slug, rung) for rung in (-90, -30, -7) for slug in ("bung-hatta", "sdn-01")
    ]
    assert set(Notice.objects.open().values_list("rung", flat=True)) == {-7}


def test_an_agreement_that_ended_is_reminded_of_no_more(agreement: Agreement) -> None:
    with at_six(agreement.ends_on - timedelta(days=7)):
        remind_expiring()
        assert Notice.objects.open().count() == 2
    with at_six(agreement.ends_on + timedelta(days=1)):
        keep_terms()
        remind_expiring()
    assert not Notice.objects.open().filter(rule="agreement_ends").exists()


def test_audit_rows_say_which_sweep_it_was(period: Period, days_from_end: Days) -> None:
    with days_from_end(2):
        track_returns()
    row = period.audit_trail.latest("pgh_id")
    assert row.overdue_since == period.ends_on + timedelta(days=1)
    assert row.pgh_context.metadata["task"] == "loans.track_returns"
