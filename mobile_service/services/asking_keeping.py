"""Requests for visits forget strangers: the clock deletes what nobody confirmed, and erases contacts when the matter is over
(UU 27/2022)."""

from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from kerjasama.domain import clock
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row, sweep
from mobile_service.choices import OPEN_REQUESTS, RequestStatus
from mobile_service.limits import CLOSED_CONTACT_DAYS, SILENT_CONTACT_DAYS, UNCALLED_DAYS, UNCONFIRMED_DAYS
from mobile_service.models import VisitRequest
from mobile_service.services.asking_telling import forget_mails
from mobile_service.services.stepping import write_event

ERASED = ("asker_name", "asker_phone", "asker_email", "link_seed", "link_digest")


def keep_visit_requests(*, batch: int = BATCH) -> Swept:
    """Delete what was not confirmed in time, erase the contacts of what is over, or has fallen silent."""
    return sweep("mobile_service.keep_visit_requests", partial(_keep, batch))


def _keep(batch: int) -> Swept:
    swept = row_by_row(partial(keys_after, unconfirmed()), delete_unconfirmed, batch=batch)
    return swept + row_by_row(partial(keys_after, to_forget()), erase_contact, batch=batch)


def unconfirmed() -> QuerySet[VisitRequest]:
    """Asked long enough ago; whoever waits for a call waits longer than a mail."""
    now = clock.now()
    by_mail = Q(asker_email__gt="", created_at__lt=now - clock.days(UNCONFIRMED_DAYS))
    by_phone = Q(asker_email="", created_at__lt=now - clock.days(UNCALLED_DAYS))
    return VisitRequest.objects.filter(by_mail | by_phone, status=RequestStatus.UNCONFIRMED)


def to_forget() -> QuerySet[VisitRequest]:
    """The visit, or the answer, is longer ago than a stranger's contact is kept; or nobody has spoken for long."""
    now = clock.now()
    rows = VisitRequest.objects.filter(is_from_outside=True, contact_erased_at__isnull=True)
    over = Q(closed_at__isnull=False, over_at__lt=now - clock.days(CLOSED_CONTACT_DAYS))
    silent = Q(status__in=OPEN_REQUESTS, updated_at__lt=now - clock.days(SILENT_CONTACT_DAYS))
    return rows.annotate(over_at=Coalesce("visit__ends_at", "closed_at")).filter(over | silent)


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
    """Name, mailbox, telephone and the secret link go; what was asked, and what came of it, stays."""
    row = to_forget().select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        return False
    forget_mails(row)
    for name in ERASED:
        setattr(row, name, "")
    row.contact_erased_at = clock.now()
    row.save(update_fields=[*ERASED, "contact_erased_at", "updated_at"])
    write_event(row, "erase_contact", actor=None)
    return True
