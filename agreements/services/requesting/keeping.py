"""Requests forget: the clock deletes what nobody confirmed and forgets strangers in time, and a contact that is erased is
erased here as well (UU 27/2022)."""

from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from agreements.choices import OPEN_REQUESTS, RequestChannel, RequestStatus
from agreements.limits import CLOSED_CONTACT_DAYS, SILENT_CONTACT_DAYS, UNCONFIRMED_DAYS
from agreements.models import CooperationRequest
from agreements.services.requesting.stepping import write_event
from agreements.services.requesting.telling import forget_mails
from kerjasama.domain import clock
from libraries.models import Person, User
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row, sweep


def keep_requests(*, batch: int = BATCH) -> Swept:
    """Delete unconfirmed requests after some days, erase the contacts of closed and silent ones after some months."""
    return sweep("agreements.keep_requests", partial(_keep, batch))


def _keep(batch: int) -> Swept:
    swept = row_by_row(partial(keys_after, unconfirmed()), delete_unconfirmed, batch=batch)
    return swept + row_by_row(partial(keys_after, to_forget()), erase_contact, batch=batch)


def unconfirmed() -> QuerySet[CooperationRequest]:
    """Asked long enough ago, and never confirmed."""
    return CooperationRequest.objects.filter(
        status=RequestStatus.UNCONFIRMED, asked_at__lt=clock.now() - clock.days(UNCONFIRMED_DAYS)
    )


def to_forget() -> QuerySet[CooperationRequest]:
    """Strangers' requests that are closed, or silent, for longer than their contact is kept."""
    now = clock.now()
    closed = Q(closed_at__lt=now - clock.days(CLOSED_CONTACT_DAYS))
    silent = Q(status__in=OPEN_REQUESTS, updated_at__lt=now - clock.days(SILENT_CONTACT_DAYS))
    return CooperationRequest.objects.filter(
        closed | silent, came_by=RequestChannel.PUBLIC, contact_erased_at__isnull=True
    )


@transaction.atomic
def delete_unconfirmed(key: UUID) -> bool:
    row = unconfirmed().select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        return False
    forget_mails(row)
    row.delete()
    return True


@transaction.atomic
def erase_contact(key: UUID) -> bool:
    """A stranger is forgotten when the time is over that the public page promises."""
    row = to_forget().select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        return False
    _remove_contact(row, None)
    return True


def requests_of(person: Person) -> list[CooperationRequest]:
    """Requests in which this contact stands as the one who asks, whoever it was asked of.

    The same person is told by name, mailbox or telephone at its institution; by the mailbox wherever nobody has yet said
    which institution of the directory the stranger speaks for.
    """
    here = Q(institution=person.institution_id)
    if person.email:
        here |= Q(institution__isnull=True, contact_email__iexact=person.email)
    if person.institution.name:
        here |= Q(institution__isnull=True, institution_name__iexact=person.institution.name)
    rows = CooperationRequest.objects.filter(here, contact_erased_at__isnull=True).exclude(
        contact_name="", contact_email="", contact_phone=""
    )
    return [row for row in rows.order_by("pk") if _same(row, person)]


def forget_contact(person: Person, actor: User | None) -> int:
    """Take an erased contact out of the requests too, in the transaction that erases it. Returns how many there were.

    What was said stays readable: it was said by the institution.
    """
    keys = [row.pk for row in requests_of(person)]
    rows = list(CooperationRequest.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    for row in rows:
        _remove_contact(row, actor)
    return len(rows)


def _same(row: CooperationRequest, person: Person) -> bool:
    def plain(text: str) -> str:
        return " ".join(text.split()).casefold()

    phone = _digits(person.phone)
    return bool(
        (person.email and plain(row.contact_email) == plain(person.email))
        or (phone and _digits(row.contact_phone) == phone)
        or (person.name and plain(row.contact_name) == plain(person.name))
    )


def _digits(phone: str) -> str:
    """A number however it was typed: 0812-3456 and +62 812 3456 are one."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return "0" + digits[2:] if digits.startswith("62") else digits


def _remove_contact(row: CooperationRequest, actor: User | None) -> None:
    """Name, position, mailbox and telephone go, and with them the secret link and every mail that was sent."""
    forget_mails(row)
    erased = (
        "contact_name",
        "contact_position",
        "contact_email",
        "contact_phone",
        "link_seed",
        "link_digest",
    )
    for name in erased:
        setattr(row, name, "")
    row.contact_erased_at = clock.now()
    row.save(update_fields=[*erased, "contact_erased_at", "updated_at"])
    write_event(row, "erase_contact", actor=actor, before=row.status)
