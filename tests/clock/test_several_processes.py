"""Several workers at once, and workers that are killed: real processes on a real database (R4, R5, R11)."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from kerjasama.domain import clock
from libraries.choices import MessageStatus
from libraries.models import Institution, Message, Notice, SweepRun
from libraries.services.addressing import address_batch
from libraries.services.delivering import deliver_batch, deliver_messages
from libraries.services.messages import send_again
from libraries.services.sweeps import _LOCKS, Swept, sweep
from loans.models import Period
from loans.services.reminding import remind_of_swap, send_due_reminders
from loans.services.tracking import mark_late, track_returns
from tests.clock.post_office import PostOffice, open_post_office
from tests.clock.test_outbox import a_message

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

KILLS = 20


@pytest.fixture
def post(settings: Any) -> Iterator[PostOffice]:
    with open_post_office(settings) as office:
        yield office


def fork(work: Callable[[], object]) -> int:
    """Run ``work`` in a process of its own, which needs connections of its own."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        work()
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 1
    os._exit(code)


def together(work: Callable[[], object], processes: int = 4) -> None:
    children = [fork(work) for _child in range(processes)]
    for child in children:
        _pid, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0


def four_days_late(period: Period) -> None:
    today = clock.today()
    Period.objects.filter(pk=period.pk).update(
        starts_on=today - timedelta(days=94), ends_on=today - timedelta(days=4)
    )


def test_four_sweeps_at_once_tell_once(period: Period) -> None:
    four_days_late(period)

    def night() -> None:
        for _time in range(3):
            send_due_reminders()
            track_returns()
            address_batch()

    together(night)
    assert Notice.objects.filter(rule="swap").count() == 2
    assert period.events.filter(action="mark_overdue").count() == 1
    keys = list(Message.objects.values_list("dedupe_key", flat=True))
    assert len(keys) == len(set(keys))
    night()
    assert Notice.objects.filter(rule="swap").count() == 2
    assert Message.objects.count() == len(keys)


def test_rows_done_at_once_without_the_lock_of_the_sweep_are_told_once(period: Period) -> None:
    """The lock of the sweep saves work; what keeps it right is the row."""
    four_days_late(period)
    together(lambda: [mark_late(period.pk), remind_of_swap(period.pk)])
    assert Notice.objects.filter(rule="swap").count() == 2
    assert period.events.filter(action="mark_overdue").count() == 1


def test_a_sweep_under_way_elsewhere_is_left_alone() -> None:
    """The lock belongs to the session of whoever holds it, and falls with it."""
    elsewhere = connection.copy()
    with elsewhere.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [_LOCKS, "test"])
    assert sweep("test", lambda: pytest.fail("ran twice")) == Swept()
    assert not SweepRun.objects.filter(name="test").exists()
    elsewhere.close()
    time.sleep(0.1)
    assert sweep("test", lambda: Swept(3)) == Swept(3)
    run = SweepRun.objects.get(name="test")
    assert (run.count, run.error) == (3, "")
    assert run.finished_at is not None


def test_a_sweep_that_breaks_says_so_and_can_run_again() -> None:
    def breaks() -> Swept:
        raise RuntimeError("no disk")

    with pytest.raises(RuntimeError):
        sweep("test", breaks)
    assert "no disk" in SweepRun.objects.get(name="test").error
    assert sweep("test", lambda: Swept(1)).count == 1
    assert SweepRun.objects.get(name="test").error == ""


def test_four_senders_send_each_message_once(
    post: PostOffice, library: Institution, school_library: Institution
) -> None:
    for number in range(60):
        a_message(number, library, school_library)

    def send() -> None:
        while deliver_batch(5).count:
            pass

    together(send)
    assert Counter(post.ids()) == Counter(set(post.ids()))
    assert len(post.mails) == 60
    assert set(Message.objects.values_list("status", flat=True)) == {MessageStatus.SENT}


def test_senders_killed_at_random_lose_nothing_and_double_nothing(
    post: PostOffice, library: Institution, school_library: Institution, circulation: Any
) -> None:
    """kill -9 at twenty random points, then one quiet run: each mail went once, or is honestly "perhaps sent"."""
    count = 60
    for number in range(count):
        a_message(number, library, school_library)
    post.pause = 0.03
    dice = random.Random(20261123)

    def send() -> None:
        while True:
            deliver_batch(7)

    for _kill in range(KILLS):
        child = fork(send)
        time.sleep(dice.uniform(0.02, 0.2))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        Message.objects.filter(status=MessageStatus.SENDING).update(
            claimed_until=clock.now() - timedelta(seconds=1)
        )
    post.pause = 0
    deliver_messages()
    time.sleep(0.2)

    by_status = Counter(Message.objects.values_list("status", flat=True))
    assert Message.objects.count() == count
    assert set(by_status) <= {MessageStatus.SENT, MessageStatus.UNSURE}, by_status
    assert by_status[MessageStatus.UNSURE] <= KILLS
    arrived = Counter(str(mail["To"]) for mail in post.mails)
    assert max(arrived.values()) == 1, "a mail went out twice"
    for message in Message.objects.filter(status=MessageStatus.SENT):
        assert arrived[message.address] == 1
    for message in Message.objects.filter(status=MessageStatus.UNSURE):
        send_again(message=message, actor=circulation)
    deliver_messages()
    assert len({str(mail["To"]) for mail in post.mails}) == count


def test_sweepers_killed_at_random_lose_nothing_and_double_nothing(
    library: Institution, programme: Any, period: Period
) -> None:
    """Killed anywhere in the night, the next night tells what was not told yet, and no more."""
    four_days_late(period)
    dice = random.Random(1123)

    def night() -> None:
        track_returns()
        send_due_reminders()
        address_batch()

    for _kill in range(KILLS):
        child = fork(night)
        time.sleep(dice.uniform(0, 0.12))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    time.sleep(0.2)
    night()
    assert Notice.objects.filter(rule="swap").count() == 2
    assert period.events.filter(action="mark_overdue").count() == 1
    assert not Notice.objects.filter(addressed_at__isnull=True, settled_at__isnull=True).exists()
    assert Message.objects.filter(notice__rule="swap").count() == 2
