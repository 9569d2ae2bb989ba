"""Sending what waits in the outbox. The mail leaves outside every transaction."""

import time
from functools import partial

import structlog

from libraries.emails import compose
from libraries.models import Message
from libraries.services.messages import (
    claim,
    fall_silent,
    mark_failed,
    mark_sent,
    mark_unsure,
    open_wire,
    postpone,
    release,
    take_back_abandoned,
)
from libraries.services.sweeps import Swept, sweep
from libraries.services.wire import Refused, Unsure, Wire, WireDown

log = structlog.get_logger(__name__)

BATCH = 20


def deliver_messages(*, seconds: float = 240) -> Swept:
    """Send what is due until nothing waits, the mail server goes away, or the time is over."""
    return sweep("libraries.deliver_messages", partial(_deliver, seconds))


def _deliver(seconds: float) -> Swept:
    ends = time.monotonic() + seconds
    take_back_abandoned()
    swept = deliver_batch()
    while swept.unfinished and time.monotonic() < ends:
        swept = Swept(swept.count, swept.failed) + deliver_batch()
    return swept


def deliver_batch(limit: int = BATCH) -> Swept:
    """Claim up to ``limit`` messages and send them over one connection.

    When the mail server cannot be reached, the claimed go back untried and the batch is over: a dead server costs one
    attempt to connect per turn, however much waits. ``unfinished`` means that a full batch left and more may wait.
    """
    messages = claim(limit)
    if not messages:
        return Swept()
    waiting = list(messages)
    sent = failed = 0
    try:
        with Wire() as wire:
            while waiting:
                taken, lost = _send(wire, waiting.pop(0))
                sent, failed = sent + taken, failed + lost
    except (WireDown, Unsure) as trouble:
        log.warning("mail_server_away", error=str(trouble), waiting=len(waiting))
        release(waiting, str(trouble))
        return Swept(sent, failed)
    except BaseException:
        release(waiting)
        raise
    return Swept(sent, failed, unfinished=len(messages) == limit)


def _send(wire: Wire, message: Message) -> tuple[int, int]:
    """Send one message. Returns (sent, failed). Raises WireDown or Unsure, after noting it on the message."""
    try:
        mail = compose(message)
    except Exception as trouble:
        log.exception("message_not_composed", message=str(message.pk), template=message.template)
        mark_failed(message, f"{type(trouble).__name__}: {trouble}")
        return 0, 1
    if mail is None:
        fall_silent(message)
        return 0, 0
    try:
        if not wire.send(mail, partial(open_wire, message)):
            return 0, 0
    except Refused as refusal:
        (mark_failed if refusal.for_good else postpone)(message, str(refusal))
        return 0, int(refusal.for_good)
    except WireDown as trouble:
        postpone(message, str(trouble))
        raise
    except Unsure as trouble:
        mark_unsure(message, str(trouble))
        raise
    mark_sent(message)
    return 1, 0
