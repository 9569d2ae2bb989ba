"""What mails say: templates, facts and the reader's language in, a mail out.

Every kind of mail is a pair ``templates/emails/<name>_subject.txt`` (the sentence that says it all, which is also what
pages show) and ``<name>_body.txt`` (what to do about it). The frame around them, greeting, link and sender, is one
layout for all, in plain text and in HTML.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import translation

from kerjasama.domain.links import token_of
from libraries.models import Institution, Message, Notice

DIGEST = "digest"
# A first line that a phone shows whole in its list of messages (U40).
FIRST_LINE = 160
# How far names are cut, step by step, until the first line fits. The subject keeps them whole.
_NAME_LENGTHS = range(60, 11, -4)


def compose(message: Message) -> EmailMultiAlternatives | None:
    """The mail for one row of the outbox, in its reader's language; None when nothing in it matters any more.

    The same row always makes the same Message-ID and Date, so a mail that had to go twice is recognised as one.
    """
    with translation.override(message.language):
        if message.template == DIGEST:
            return _digest(message)
        notice = message.notice
        facts = {**(notice.context if notice else {}), **message.context}
        url = address_of(notice) if notice else _address_in(message)
        body = _text(f"emails/{message.template}_body.txt", facts)
        return _framed(message, facts, body=body, url=url)


def headline(notice: Notice, language: str | None = None) -> str:
    """The one sentence of a notice, for pages: in ``language``, or in that of the page."""
    with translation.override(language or translation.get_language() or settings.LANGUAGE_CODE):
        return _subject(notice.rule, notice.context)


def address_of(notice: Notice) -> str:
    """The page of the very task (U11); who is not signed in lands on it after signing in."""
    return f"{settings.BASE_URL}{notice.path}"


def _address_in(message: Message) -> str:
    """Where a mail without a notice leads. A secret link is made here, when the mail is written: no table holds it."""
    link = message.context.get("link")
    return f"{settings.BASE_URL}{link['path'] % token_of(link['seed'])}" if link else settings.BASE_URL


def _digest(message: Message) -> EmailMultiAlternatives | None:
    notices = list(
        Notice.objects.open().filter(pk__in=message.context["notices"]).order_by("due_on", "created_at")
    )
    if not notices:
        return None
    lines = [(_subject(notice.rule, notice.context), address_of(notice)) for notice in notices]
    facts = {"count": len(lines), "lines": lines, **message.context}
    url = settings.BASE_URL + "/"
    return _framed(message, facts, body=_text(f"emails/{DIGEST}_body.txt", facts), url=url, lines=lines)


def _framed(
    message: Message,
    facts: Mapping[str, Any],
    *,
    body: str,
    url: str,
    lines: list[tuple[str, str]] | None = None,
) -> EmailMultiAlternatives:
    sender = message.office
    subject = _subject(message.template, facts)
    frame = {
        "headline": subject,
        "first_line": f"{_fitting(message.template, facts, url)} {url}",
        "url": url,
        "body": body,
        "paragraphs": [part.strip() for part in body.split("\n\n") if part.strip()],
        "lines": lines,
        "reader": message.user,
        "sender": sender,
        "site_name": settings.SITE_NAME,
        "language": message.language,
    }
    mail = EmailMultiAlternatives(
        subject=subject,
        body=_text("emails/layout.txt", frame),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.address],
        reply_to=_answers_to(sender),
        headers=_headers(message),
    )
    mail.attach_alternative(render_to_string("emails/layout.html", frame), "text/html")
    return mail


def _headers(message: Message) -> dict[str, str]:
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return {
        "Message-ID": f"<{message.message_id}@{host}>",
        "Date": format_datetime(message.created_at),
        # No machine should answer, and no list or holiday message should be set off (RFC 3834).
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": f"{settings.SITE_NAME} <notices.{host}>",
        "Content-Language": message.language,
    }


def _answers_to(sender: Institution | None) -> list[str] | None:
    return [sender.email] if sender is not None and sender.email else None


def _fitting(template: str, facts: Mapping[str, Any], url: str) -> str:
    """The headline, with long names cut as far as it takes to keep headline and link in one short line."""
    text = ""
    for length in _NAME_LENGTHS:
        text = _subject(template, {key: _cut(value, length) for key, value in facts.items()})
        if len(f"{text} {url}") <= FIRST_LINE:
            break
    return text


def _cut(value: Any, length: int) -> Any:
    if isinstance(value, str) and len(value) > length:
        return value[: length - 1].rstrip() + "…"
    return value


def _subject(template: str, facts: Mapping[str, Any]) -> str:
    # One line: whatever white space the template and the names bring, a header must not break.
    return " ".join(_text(f"emails/{template}_subject.txt", facts).split())


def _text(template: str, facts: Mapping[str, Any]) -> str:
    """Render plain text: nothing is escaped, because nothing here is HTML."""
    plain = get_template(template).template
    return str(plain.render(Context(dict(_thawed(facts)), autoescape=False))).strip()


def _thawed(facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Facts were frozen as JSON: ``on``, and whatever ends in ``_on``, are dates again, in rows of a list too."""
    for name, value in facts.items():
        if (name == "on" or name.endswith("_on")) and isinstance(value, str) and value:
            yield name, date.fromisoformat(value)
        elif isinstance(value, list):
            yield name, [dict(_thawed(row)) if isinstance(row, Mapping) else row for row in value]
        else:
            yield name, value
