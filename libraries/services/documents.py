"""Issuing numbered papers, typesetting them when asked for, verifying and withdrawing them (A8, L4)."""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from kerjasama.documents.paper import Paper, Verification
from kerjasama.documents.rendering import content_of, typeset
from libraries.choices import FilePurpose, PaperStatus
from libraries.models import Document, DocumentView, Institution, StoredFile, User
from libraries.services.files import keep_bytes
from libraries.services.numbering import draw_number

Content = dict[str, Any]
# The language of the field's papers, whatever language the desk reads its pages in.
PAPER_LANGUAGE = "id"
# Letters and digits that cannot be mistaken for one another on paper or on the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_verify_code() -> str:
    """Twelve symbols in three groups: about 59 bits, beyond guessing, yet short enough to type."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _position in range(4)) for _group in range(3))


def issue_document(
    *,
    issuer: Institution,
    recipient: Institution | None,
    kind: str,
    title: str | Callable[[], str],
    template: str,
    compose: Callable[[str, Verification], Paper],
    on: date,
    actor: User | None,
    item_count: int = 0,
    number: str = "",
) -> Document:
    """Draw a number (or take ``number``), freeze what ``compose(number, verification)`` says, and keep the row.

    A paper is written in Indonesian whoever issues it: ``compose``, and ``title`` where it is a callable, run in that
    language. Two statements. The PDF is typeset later, by ``pdf_of``.
    """
    number = number or draw_number(office=issuer, kind=kind, on=on)
    code = new_verify_code()
    verification = Verification(code=code, url=settings.BASE_URL + reverse("verify", args=[code]))
    with translation.override(PAPER_LANGUAGE):
        named = title if isinstance(title, str) else title()
        content = content_of(compose(number, verification), language=PAPER_LANGUAGE)
    document = Document(
        issuer=issuer,
        recipient=recipient,
        kind=kind,
        number=number,
        title=named[:200],
        issued_on=on,
        verify_code=code,
        template=template,
        content=content,
        item_count=item_count,
        issued_by=actor,
    )
    document.save(force_insert=True)
    return document


def pdf_of(document: Document) -> StoredFile:
    """The document's PDF, typeset on first use and kept from then on, so that its SHA-256 stays the same.

    Two readers at once: the row lock lets one typeset, the other finds the file.
    """
    with transaction.atomic():
        locked = (
            Document.objects.select_for_update(of=("self",), no_key=True)
            .select_related("file")
            .get(pk=document.pk)
        )
        if locked.file is None:
            locked.file = keep_bytes(
                typeset(locked.template, locked.content),
                owner_id=locked.issuer_id,
                counterpart_id=locked.recipient_id,
                purpose=FilePurpose.PAPER,
                name=f"{locked.number} {locked.title}.pdf",
                extension="pdf",
                content_type="application/pdf",
                actor=None,
            )
            locked.save(update_fields=["file", "updated_at"])
        return locked.file


def rewrite_document(*, document: Document, compose: Callable[[Verification], Paper]) -> None:
    """Freeze the paper anew where the law asks that it forgets something, such as a name kept long enough (UU 27/2022).

    Number, date and code stay, so it can still be verified; a PDF that was typeset is deleted. Never used to change what
    a paper says.
    """
    with transaction.atomic():
        locked = (
            Document.objects.select_for_update(of=("self",), no_key=True)
            .select_related("file")
            .get(pk=document.pk)
        )
        mark = Verification(
            code=locked.verify_code,
            url=settings.BASE_URL + reverse("verify", args=[locked.verify_code]),
        )
        earlier, locked.file = locked.file, None
        with translation.override(PAPER_LANGUAGE):
            locked.content = content_of(compose(mark), language=PAPER_LANGUAGE)
        locked.save(update_fields=["content", "file", "updated_at"])
        if earlier is not None:
            stored = earlier.file
            earlier.delete()
            transaction.on_commit(lambda: stored.delete(save=False))


def complete_document(
    *,
    document: Document,
    compose: Callable[[Verification], Paper],
    complete: Callable[[Content, Content], Content],
    on: date,
    actor: User | None,
) -> Document:
    """The same paper under the same number once more, with what was not known yet when it was put before its signatories.

    ``complete(earlier, anew)`` says what the content takes over from the rows as they are now; everything else stays as it
    was frozen. The earlier paper stays genuine, for its code stands on what people have signed.
    """
    code = new_verify_code()
    mark = Verification(code=code, url=settings.BASE_URL + reverse("verify", args=[code]))
    with translation.override(PAPER_LANGUAGE):
        anew = content_of(compose(mark), language=PAPER_LANGUAGE)
    # First the earlier one: a number is issued once.
    Document.objects.filter(pk=document.pk).update(status=PaperStatus.COMPLETED)
    fresh = Document(
        issuer_id=document.issuer_id,
        recipient_id=document.recipient_id,
        kind=document.kind,
        number=document.number,
        title=document.title,
        issued_on=on,
        verify_code=code,
        template=document.template,
        content=complete(document.content, anew),
        item_count=document.item_count,
        issued_by=actor,
    )
    fresh.save(force_insert=True)
    return fresh


def reinstate_document(*, document: Document) -> None:
    """What completed this paper was withdrawn: it is the one that counts again."""
    document.status = PaperStatus.ISSUED
    document.save(update_fields=["status", "updated_at"])


def note_view(*, document: Document, user: User) -> None:
    """Remember who opened a document (A8)."""
    DocumentView.objects.create(document=document, user=user)


def withdraw_document(*, document: Document) -> None:
    """The paper no longer holds: its verification page says so, and its number may be used for the next version."""
    Document.objects.filter(pk=document.pk).update(status=PaperStatus.WITHDRAWN)
