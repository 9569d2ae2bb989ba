"""A mail server of the tests' own: it listens on the loopback address, keeps what it takes, and misbehaves on demand."""

import asyncio
import email
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from kerjasama.embedded.host import LOOPBACK, free_port


class PostOffice:
    """``mails`` are those it took. ``pause`` seconds pass before it answers to a text; ``refuse`` answers recipients.

    ``drop`` cuts the line: at "recipient" before the text could leave, at "text" after it was taken.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.conversations = 0
        self.pause = 0.0
        self.refuse: dict[str, str] = {}
        self.drop = ""
        self._lock = threading.Lock()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.conversations += 1
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.drop == "recipient":
            _cut(server)
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        if self.pause:
            # Half of the pause before the mail counts as taken, half before the answer: both can be interrupted.
            await asyncio.sleep(self.pause / 2)
        with self._lock:
            mail: Any = email.message_from_bytes(content, policy=default)
            self.mails.append(mail)
        if self.pause:
            await asyncio.sleep(self.pause / 2)
        if self.drop == "text":
            _cut(server)
        return "250 OK"

    def ids(self) -> list[str]:
        """The Message-IDs taken, as often as they were."""
        return [str(mail["Message-ID"]) for mail in self.mails]

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == address]


def _cut(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.abort()


@contextmanager
def running() -> Iterator[tuple[PostOffice, int]]:
    """One that listens, and its port."""
    # Its own talk would bury what a failing test has to say.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    office = PostOffice()
    controller = Controller(office, hostname=LOOPBACK, port=free_port())
    controller.start()
    try:
        yield office, controller.port
    finally:
        controller.stop()


def send_to(settings: Any, port: int) -> None:
    """Let Django send to the mail server on this port."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = LOOPBACK
    settings.EMAIL_PORT = port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 2


@contextmanager
def open_post_office(settings: Any) -> Iterator[PostOffice]:
    """Run one, and let Django send to it."""
    with running() as (office, port):
        send_to(settings, port)
        yield office


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())
