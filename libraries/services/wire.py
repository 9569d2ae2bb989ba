"""One conversation with the mail server, in steps: we must know whether a mail that broke off can have been taken.

Until the text has left, nothing was delivered, whatever happens. From then until the server's answer, nobody can know.
"""

import smtplib
from collections.abc import Callable
from types import TracebackType

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address


class WireDown(Exception):
    """The mail server cannot be reached, or turned away; it is of no use to go on now. This mail was not taken."""


class Refused(Exception):
    """The server did not take this mail. ``for_good``: it never will."""

    def __init__(self, answer: str, *, for_good: bool) -> None:
        super().__init__(answer)
        self.for_good = for_good


class Unsure(Exception):
    """The text had left and no answer came: taken or not, nobody knows. Of no use to go on now."""


class Wire:
    """``with Wire() as wire: wire.send(mail, about_to_leave)``. Raises WireDown when there is no way to the server."""

    def __init__(self) -> None:
        self._backend = get_connection(fail_silently=False)

    def __enter__(self) -> "Wire":
        try:
            self._backend.open()
        except OSError as trouble:
            raise WireDown(_said(trouble)) from trouble
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._backend.close()
        except OSError:
            # The mails are over by now; a server that does not say goodbye changes nothing.
            return

    def send(self, mail: EmailMultiAlternatives, about_to_leave: Callable[[], bool]) -> bool:
        """Hand over one mail to its one recipient.

        ``about_to_leave`` is called right before the text goes; when it returns False, the mail is dropped and False
        returned. Raises Refused, WireDown or Unsure.
        """
        if not isinstance(self._backend, EmailBackend):
            # The console in development, the memory in tests: they cannot break off half-way.
            if not about_to_leave():
                return False
            self._backend.send_messages([mail])
            return True
        server = self._backend.connection
        assert server is not None
        return self._speak(server, mail, about_to_leave)

    def _speak(
        self, server: smtplib.SMTP, mail: EmailMultiAlternatives, about_to_leave: Callable[[], bool]
    ) -> bool:
        encoding = mail.encoding or "utf-8"
        text = mail.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
        try:
            server.ehlo_or_helo_if_needed()
            code, answer = server.mail(sanitize_address(mail.from_email, encoding))
            if code != 250:
                # Who speaks is the same in every mail: without it, none of them will be taken.
                raise WireDown(_answered(code, answer))
            code, answer = server.rcpt(sanitize_address(mail.to[0], encoding))
            if code == 421:
                raise WireDown(_answered(code, answer))
            if code not in (250, 251):
                server.rset()
                raise Refused(_answered(code, answer), for_good=code >= 500)
            if not about_to_leave():
                server.rset()
                return False
        except OSError as trouble:
            raise WireDown(_said(trouble)) from trouble
        try:
            code, answer = server.data(text)
        except smtplib.SMTPDataError as trouble:
            # The server answered before the text left.
            raise Refused(_said(trouble), for_good=trouble.smtp_code >= 500) from trouble
        except OSError as trouble:
            raise Unsure(_said(trouble)) from trouble
        if code != 250:
            raise Refused(_answered(code, answer), for_good=code >= 500)
        return True


def _answered(code: int, answer: bytes) -> str:
    return f"{code} {answer.decode(errors='replace')}"


def _said(trouble: OSError) -> str:
    if isinstance(trouble, smtplib.SMTPResponseException):
        answer = trouble.smtp_error
        return _answered(trouble.smtp_code, answer if isinstance(answer, bytes) else str(answer).encode())
    return f"{type(trouble).__name__}: {trouble}"
