"""The outbox: rows that become e-mails. Nothing here speaks to a mail server.

A sender claims rows by a conditional write, and from then on names its claim by the very moment on which it ends: a row
that was meanwhile taken back does not match any more. ``wire_opened_at`` is set in a commit of its own right before
the text of a mail leaves. A sender that died before it delivered nothing, so the row waits again; one that died after
may have delivered, so the row is "perhaps sent" and a person decides (R4, R5).
"""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, NotPermitted
from libraries.access import access_of
from libraries.choices import OFFICE_ROLES, MessageStatus
from libraries.models import Institution, Message, Notice, User
from libraries.models.message import new_message_id

# Longer than a whole conversation with a slow mail server, each answer of which may take EMAIL_TIMEOUT.
LEASE = timedelta(minutes=3)
ATTEMPTS = 8
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)


def new_message(
    *,
    address: str,
    template: str,
    dedupe_key: str,
    user: User | None = None,
    office: Institution | None = None,
    notice: Notice | None = None,
    language: str = "id",
    context: dict[str, Any] | None = None,
    not_before: datetime | None = None,
) -> Message:
    """A row of the outbox, not yet saved. ``office`` is in whose name it goes out; its staff see what became of it."""
    return Message(
        user=user,
        office=office,
        notice=notice,
        address=address,
        language=language,
        template=template,
        context=context or {},
        dedupe_key=dedupe_key,
        message_id=new_message_id(),
        not_before=not_before or clock.now(),
    )


def queue(messages: Iterable[Message]) -> None:
    """Put messages into the outbox; one whose dedupe key is there already is left out. One statement."""
    Message.objects.bulk_create(messages, ignore_conflicts=True)


def claim(limit: int) -> list[Message]:
    """Take up to ``limit`` waiting messages, oldest first, for one sender until the lease ends."""
    now = clock.now()
    with transaction.atomic():
        waiting = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(status=MessageStatus.PENDING, not_before__lte=now)
            .order_by("not_before", "pk")
            .values_list("pk", flat=True)
        )
        keys = list(waiting[:limit])
        if keys:
            Message.objects.filter(pk__in=keys).update(
                status=MessageStatus.SENDING, claimed_until=now + LEASE, wire_opened_at=None, updated_at=now
            )
    if not keys:
        return []
    rows = Message.objects.filter(pk__in=keys).select_related("user", "office", "notice__recipient")
    return list(rows.order_by("not_before", "pk"))


def open_wire(message: Message) -> bool:
    """Commit that the text is about to leave. False: the claim is lost or the matter was settled; then do not send."""
    now = clock.now()
    opened = (
        _claimed(message)
        .filter(Q(notice__isnull=True) | Q(notice__settled_at__isnull=True))
        .update(wire_opened_at=now, claimed_until=now + LEASE, updated_at=now)
    )
    if opened:
        message.wire_opened_at, message.claimed_until = now, now + LEASE
        return True
    fall_silent(message)
    return False


def fall_silent(message: Message) -> None:
    """Nobody needs this message any more."""
    _finish(message, MessageStatus.SILENCED)


def mark_sent(message: Message) -> None:
    _finish(message, MessageStatus.SENT, sent_at=clock.now(), attempts=F("attempts") + 1, last_error="")


def mark_unsure(message: Message, error: str) -> None:
    """The server may have taken it, and did not say."""
    _finish(message, MessageStatus.UNSURE, attempts=F("attempts") + 1, last_error=error)


def mark_failed(message: Message, error: str) -> None:
    """It was refused for good."""
    _finish(message, MessageStatus.FAILED, attempts=F("attempts") + 1, last_error=error)


def postpone(message: Message, error: str) -> None:
    """It was certainly not taken: try again later, each time twice as much later; after the last attempt it failed."""
    if message.attempts + 1 >= ATTEMPTS:
        mark_failed(message, error)
        return
    _finish(
        message,
        MessageStatus.PENDING,
        attempts=F("attempts") + 1,
        last_error=error,
        wire_opened_at=None,
        not_before=clock.now() + wait_after(message.attempts),
    )


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many earlier attempts: doubling, with jitter so that failures do not return as one."""
    wait: timedelta = min(_FIRST_WAIT * 2 ** min(attempts, 16), _LONGEST_WAIT)
    return wait * random.uniform(0.75, 1.25)  # noqa: S311  # no secret


def release(messages: Iterable[Message], error: str = "") -> None:
    """Give claimed messages back untried: the mail server is away, which says nothing about them."""
    for message in messages:
        _finish(message, MessageStatus.PENDING, **({"last_error": error} if error else {}))


def take_back_abandoned() -> int:
    """Messages whose sender died: waiting again if it had not yet spoken, "perhaps sent" if it had."""
    now = clock.now()
    abandoned = Message.objects.filter(status=MessageStatus.SENDING, claimed_until__lt=now)
    unsure = abandoned.filter(wire_opened_at__isnull=False).update(
        status=MessageStatus.UNSURE,
        claimed_until=None,
        attempts=F("attempts") + 1,
        last_error=_("The sender stopped while the mail was on its way."),
        updated_at=now,
    )
    waiting = abandoned.filter(wire_opened_at__isnull=True).update(
        status=MessageStatus.PENDING, claimed_until=None, updated_at=now
    )
    return unsure + waiting


def send_again(*, message: Message, actor: User) -> Message:
    """A person decides that a failed or perhaps sent message goes out once more, under the same Message-ID.

    Raises NotPermitted (``role_missing``) for whoever does not work at its office, Conflict (``not_stuck``) when the
    message is not stuck.
    """
    with transaction.atomic():
        fresh = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
        if not access_of(actor).at(fresh.office_id) & OFFICE_ROLES:
            raise NotPermitted("role_missing", _("Only staff of the office that sends it can send it again."))
        if fresh.status not in (MessageStatus.UNSURE, MessageStatus.FAILED):
            raise Conflict(
                "not_stuck",
                _("This message is not stuck: it was sent, waits to be sent, or is no longer needed."),
                facts={"state": fresh.status},
            )
        fresh.status = MessageStatus.PENDING
        fresh.attempts = 0
        fresh.not_before = clock.now()
        fresh.wire_opened_at = None
        fresh.save(update_fields=["status", "attempts", "not_before", "wire_opened_at", "updated_at"])
    return fresh


def forget(start_of_key: str) -> int:
    """Delete messages whose dedupe key begins so: the person they went to is to be forgotten. Returns how many."""
    count, _models = Message.objects.filter(dedupe_key__startswith=start_of_key).delete()
    return count


def _claimed(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(
        pk=message.pk, status=MessageStatus.SENDING, claimed_until=message.claimed_until
    )


def _finish(message: Message, status: MessageStatus, **fields: Any) -> None:
    """End our claim with ``status``; nothing happens when it is no longer ours."""
    _claimed(message).update(status=status, claimed_until=None, updated_at=clock.now(), **fields)
