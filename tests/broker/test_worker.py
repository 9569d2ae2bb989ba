"""One real worker and beat on a real broker (R6, R8)."""

import os
import signal
import time
from pathlib import Path

import pytest

from libraries.choices import MessageStatus
from libraries.models import Institution, Message, SweepRun, User
from libraries.services.notices import announce
from loans.models import Consignment
from tests.broker.conftest import Broker, Worker, until
from tests.broker.quick import app, write_down
from tests.clock.post_office import PostOffice

pytestmark = [pytest.mark.broker, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def to_worker(broker: Broker):  # type: ignore[no-untyped-def]
    """A connection that this process publishes by, to the tests' broker instead of the settings' one."""
    with app.connection_for_write(broker.url) as connection:
        yield connection


def test_what_a_school_is_told_arrives_end_to_end(
    worker: Worker, beat: None, post: PostOffice, dispatched: Consignment, school: User
) -> None:
    """Books are handed over in this process; beat and worker find out from the rows and write to the school."""
    until(lambda: Message.objects.filter(user=school).exists(), 60, worker.said)
    # By night it waits for the morning, as it should; here is the morning.
    Message.objects.update(not_before=Message.objects.latest("created_at").created_at)
    until(lambda: post.to(school.email), 60, worker.said)
    until(
        lambda: Message.objects.get(user=school).status == MessageStatus.SENT,
        20,
        lambda: (Message.objects.values("status", "last_error"), worker.said()),
    )
    (mail,) = post.to(school.email)
    assert dispatched.partner.name in mail["Subject"]
    runs = set(SweepRun.objects.filter(finished_at__isnull=False).values_list("name", flat=True))
    assert {"libraries.deliver_messages", "libraries.address_notices"} <= runs


def test_a_task_whose_process_is_killed_runs_again(worker: Worker, to_worker: object, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    write_down.apply_async([str(notes), 2.0], connection=to_worker)
    until(lambda: notes.exists() and "began" in notes.read_text(), 20, worker.said)
    first = int(notes.read_text().split()[1])
    assert first in {child.pid for child in worker.children()}
    killed = time.monotonic()
    os.kill(first, signal.SIGKILL)
    until(lambda: notes.read_text().count("began") == 2, 20, worker.said)
    assert time.monotonic() - killed < 15
    until(lambda: "ended" in notes.read_text(), 20, worker.said)
    assert f"ended {first}" not in notes.read_text()


def test_a_sender_killed_while_speaking_is_made_up_by_the_next_turn(
    worker: Worker,
    to_worker: object,
    post: PostOffice,
    library: Institution,
    school_library: Institution,
    school: User,
) -> None:
    from libraries.services.addressing import address_batch
    from libraries.tasks import deliver_messages

    for day in (1, 2):
        announce(
            recipient=school_library,
            sender=library,
            rule="received",
            subject_kind="consignment",
            subject_id=library.pk if day == 1 else school.pk,
            due_on=library.created_at.date(),
            context={"partner": "SDN 01", "code": f"KRM-{day}", "differences": 0, "received_by": "Yusnimar"},
        )
    address_batch()
    Message.objects.update(not_before=library.created_at)
    post.pause = 4
    deliver_messages.apply_async(connection=to_worker)
    until(lambda: Message.objects.filter(wire_opened_at__isnull=False).exists(), 20, worker.said)
    (sender,) = worker.children()
    sender.kill()
    # The task comes back at once; the row that was on the wire stays claimed until its lease ends.
    post.pause = 0
    until(lambda: Message.objects.filter(status=MessageStatus.SENDING).exists(), 10, worker.said)
    Message.objects.filter(status=MessageStatus.SENDING).update(claimed_until=library.created_at)
    deliver_messages.apply_async(connection=to_worker)
    until(
        lambda: (
            sorted(Message.objects.values_list("status", flat=True))
            == [MessageStatus.SENT, MessageStatus.UNSURE]
        ),
        30,
        worker.said,
    )
    assert max(post.ids().count(key) for key in post.ids()) == 1


def test_an_idle_worker_stays_connected(
    worker: Worker, broker: Broker, to_worker: object, tmp_path: Path
) -> None:
    """``socket_timeout`` bounds the worker's blocking read as well: longer idleness must not cut it off."""
    time.sleep(12)
    assert "Connection to broker lost" not in worker.said()
    assert worker.process.poll() is None
    notes = tmp_path / "notes"
    write_down.apply_async([str(notes), 0.0], connection=to_worker)
    until(lambda: notes.exists() and "ended" in notes.read_text(), 3, worker.said)


def test_a_broker_that_hung_is_taken_up_again(
    worker: Worker, broker: Broker, to_worker: object, tmp_path: Path
) -> None:
    with broker.hung():
        time.sleep(8)
    notes = tmp_path / "notes"
    until(lambda: broker.client().ping(), 10)
    with app.connection_for_write(broker.url) as fresh:
        write_down.apply_async([str(notes), 0.0], connection=fresh)
    until(lambda: notes.exists() and "ended" in notes.read_text(), 40, worker.said)


def test_the_web_does_not_notice_a_hung_broker(
    broker: Broker, settings: object, signed_in: object, circulation: User, school: User, programme: object
) -> None:
    """Nothing that a page or a service does speaks to the broker; what was queued goes out afterwards (R8)."""
    from libraries.services.addressing import address_notices
    from libraries.services.delivering import deliver_messages
    from loans.services.dispatching import dispatch_consignment
    from loans.services.proposing import propose_consignment
    from tests.conftest import scan_all
    from tests.factories import shelve

    settings.CELERY_BROKER_URL = broker.url  # type: ignore[attr-defined]
    app.conf.broker_url = broker.url
    with broker.hung():
        began = time.monotonic()
        client = signed_in(school)  # type: ignore[operator]
        assert client.get("/portal/").status_code == 200
        answer = client.get("/readyz")
        assert answer.status_code == 200
        assert answer.json()["checks"]["broker"] == {"ok": False}
        shelve(programme.lender, 6)  # type: ignore[attr-defined]
        period = programme.periods.order_by("sequence")[0]  # type: ignore[attr-defined]
        consignment = propose_consignment(period=period, actor=circulation)
        scan_all(consignment, circulation)
        dispatch_consignment(consignment=consignment, actor=circulation)
        assert time.monotonic() - began < 20, "nobody waits for a broker"
        address_notices()
        Message.objects.update(not_before=school.date_joined)
        assert deliver_messages().count == 1
