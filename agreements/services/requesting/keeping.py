"""What the clock does with requests: deletes what nobody confirmed, and forgets strangers in time (UU 27/2022)."""

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
    """Name, position, mailbox and telephone go, and with them the secret link and every mail that was sent."""
    row = to_forget().select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        return False
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
    write_event(row, "erase_contact", actor=None, before=row.status)
    return True
