"""The outbox and a mail server that is slow, gone, refuses, or hangs up: nothing lost, nothing sent twice blindly."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, NotPermitted
from kerjasama.embedded.host import free_port
from libraries.choices import MessageStatus
from libraries.models import Institution, Message, Notice, User
from libraries.services import messages as outbox
from libraries.services.delivering import deliver_batch, deliver_messages
from libraries.services.notices import settle
from tests.clock.post_office import PostOffice, open_post_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(settings: Any) -> Iterator[PostOffice]:
    with open_post_office(settings) as office:
        yield office


@pytest.fixture
def waiting(library: Institution, school_library: Institution) -> list[Message]:
    """Three messages about three matters, oldest first."""
    return [a_message(number, library, school_library) for number in range(3)]


def a_message(number: int, library: Institution, school: Institution) -> Message:
    notice = Notice.objects.create(
        recipient=school,
        sender=library,
        rule="received",
        subject_kind="consignment",
        subject_id=uuid4(),
        due_on=clock.today(),
        context={"partner": "SDN 01", "code": f"KRM-{number}", "differences": 0, "received_by": "Yusnimar"},
    )
    message = outbox.new_message(
        address=f"guru{number}@contoh.test",
        template="received",
        notice=notice,
        office=library,
        dedupe_key=f"test:{number}",
        not_before=clock.now() - timedelta(minutes=10) + timedelta(seconds=number),
    )
    message.save()
    return message


def states() -> list[str]:
    return list(Message.objects.order_by("dedupe_key").values_list("status", flat=True))


def make_due() -> None:
    """As if the waiting time of postponed messages had passed."""
    Message.objects.filter(status=MessageStatus.PENDING).update(not_before=clock.now())


def leases_end() -> None:
    """As if a dead sender's time had passed."""
    Message.objects.filter(status=MessageStatus.SENDING).update(
        claimed_until=clock.now() - timedelta(seconds=1)
    )


def test_sent_in_order_over_one_connection(post: PostOffice, waiting: list[Message]) -> None:
    assert deliver_messages().count == 3
    assert [mail["To"] for mail in post.mails] == [message.address for message in waiting]
    assert post.conversations == 1
    assert states() == [MessageStatus.SENT] * 3
    assert deliver_messages().count == 0


def test_more_than_a_batch_goes_on_until_nothing_waits(
    post: PostOffice, library: Institution, school_library: Institution
) -> None:
    for number in range(45):
        a_message(number, library, school_library)
    assert deliver_messages().count == 45
    assert len(set(post.ids())) == len(post.mails) == 45


def test_refused_for_good_fails_at_once_and_holds_nobody_up(post: PostOffice, waiting: list[Message]) -> None:
    post.refuse = {"guru0@contoh.test": "550 no such mailbox"}
    assert deliver_messages().count == 2
    assert states() == [MessageStatus.FAILED, MessageStatus.SENT, MessageStatus.SENT]
    assert "no such mailbox" in Message.objects.get(address="guru0@contoh.test").last_error


def test_refused_for_now_waits_longer_each_time_and_fails_in_the_end(
    post: PostOffice, waiting: list[Message]
) -> None:
    post.refuse = {"guru0@contoh.test": "451 come back later"}
    waits: list[timedelta] = []
    for attempt in range(1, outbox.ATTEMPTS):
        make_due()
        before = clock.now()
        deliver_messages()
        message = Message.objects.get(address="guru0@contoh.test")
        assert (message.status, message.attempts) == (MessageStatus.PENDING, attempt)
        waits.append(message.not_before - before)
    assert all(later > sooner for sooner, later in pairwise(waits))
    assert waits[0] < timedelta(minutes=2)
    make_due()
    deliver_messages()
    message.refresh_from_db()
    assert (message.status, message.attempts) == (MessageStatus.FAILED, outbox.ATTEMPTS)
    assert not post.to("guru0@contoh.test")


def test_waiting_has_jitter_and_a_limit() -> None:
    assert len({outbox.wait_after(3) for _time in range(10)}) > 1
    assert outbox.wait_after(60) < timedelta(hours=8)


def test_dead_server_costs_one_attempt_to_connect_and_no_message(
    settings: Any, waiting: list[Message]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_TIMEOUT = 1
    assert deliver_messages().count == 0
    assert states() == [MessageStatus.PENDING] * 3
    assert set(Message.objects.values_list("attempts", flat=True)) == {0}
    assert all(Message.objects.values_list("last_error", flat=True))


def test_what_waited_out_an_outage_goes_in_order(settings: Any, waiting: list[Message]) -> None:
    test_dead_server_costs_one_attempt_to_connect_and_no_message(settings, waiting)
    with open_post_office(settings) as office:
        assert deliver_messages().count == 3
        assert [mail["To"] for mail in office.mails] == [message.address for message in waiting]


def test_cut_before_the_text_leaves_is_tried_again(post: PostOffice, waiting: list[Message]) -> None:
    post.drop = "recipient"
    assert deliver_messages().count == 0
    assert states() == [MessageStatus.PENDING] * 3
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    post.drop = ""
    make_due()
    assert deliver_messages().count == 3
    assert len(post.mails) == 3


def test_cut_after_the_text_left_is_perhaps_sent_and_not_repeated(
    post: PostOffice, waiting: list[Message]
) -> None:
    post.drop = "text"
    deliver_messages()
    assert states() == [MessageStatus.UNSURE, MessageStatus.PENDING, MessageStatus.PENDING]
    post.drop = ""
    make_due()
    deliver_messages()
    assert states() == [MessageStatus.UNSURE, MessageStatus.SENT, MessageStatus.SENT]
    assert len(post.to("guru0@contoh.test")) == 1


def test_a_server_too_slow_to_answer_leaves_doubt_too(
    settings: Any, post: PostOffice, waiting: list[Message]
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    post.pause = 1
    deliver_batch()
    assert states() == [MessageStatus.UNSURE, MessageStatus.PENDING, MessageStatus.PENDING]


def test_a_person_sends_again_under_the_same_message_id(
    post: PostOffice, waiting: list[Message], circulation: User, perpusnas: User
) -> None:
    post.drop = "text"
    deliver_messages()
    post.drop = ""
    message = Message.objects.get(status=MessageStatus.UNSURE)
    with pytest.raises(NotPermitted):
        outbox.send_again(message=message, actor=perpusnas)
    outbox.send_again(message=message, actor=circulation)
    deliver_messages()
    message.refresh_from_db()
    assert message.status == MessageStatus.SENT
    first, second = post.to(message.address)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]
    with pytest.raises(Conflict) as refusal:
        outbox.send_again(message=message, actor=circulation)
    assert refusal.value.code == "not_stuck"


def test_a_sender_that_died_before_speaking_loses_nothing(post: PostOffice, waiting: list[Message]) -> None:
    assert len(outbox.claim(10)) == 3
    assert deliver_messages().count == 0, "claimed rows are not taken twice"
    leases_end()
    assert deliver_messages().count == 3
    assert len(post.mails) == 3


def test_a_sender_that_died_while_speaking_leaves_doubt(post: PostOffice, waiting: list[Message]) -> None:
    first = outbox.claim(10)[0]
    assert outbox.open_wire(first)
    leases_end()
    assert deliver_messages().count == 2
    assert states() == [MessageStatus.UNSURE, MessageStatus.SENT, MessageStatus.SENT]


def test_a_slow_sender_whose_claim_was_taken_back_does_not_send(
    post: PostOffice, waiting: list[Message]
) -> None:
    slow = outbox.claim(10)
    leases_end()
    assert deliver_messages().count == 3
    assert not outbox.open_wire(slow[0])
    outbox.mark_failed(slow[0], "too late")
    assert states() == [MessageStatus.SENT] * 3


def test_settled_between_claim_and_sending_falls_silent(post: PostOffice, waiting: list[Message]) -> None:
    claimed = outbox.claim(10)
    notice = claimed[0].notice
    assert notice is not None
    settle(notice.subject_id)
    assert not outbox.open_wire(claimed[0])
    leases_end()
    deliver_messages()
    assert states() == [MessageStatus.SILENCED, MessageStatus.SENT, MessageStatus.SENT]


def test_a_message_that_cannot_be_written_fails_alone(post: PostOffice, waiting: list[Message]) -> None:
    Message.objects.filter(pk=waiting[0].pk).update(template="there_is_no_such_template")
    deliver_messages()
    assert states() == [MessageStatus.FAILED, MessageStatus.SENT, MessageStatus.SENT]


def test_the_same_key_is_queued_once(library: Institution) -> None:
    def message() -> Message:
        return outbox.new_message(address="a@contoh.test", template="received", dedupe_key="once")

    outbox.queue([message()])
    outbox.queue([message()])
    assert Message.objects.count() == 1
