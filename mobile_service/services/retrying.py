"""What waits is tried again by the clock; what waits in vain is listed for a person (M5).

Something earlier may be on its way for days, in a phone without a network. After a week, or once its phone is out of use, it
does not come any more: then somebody says what is to be done with what came after it.
"""

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from kerjasama.domain import clock
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row, sweep
from mobile_service.choices import EntryKind, EntryOutcome
from mobile_service.models import Entry, Trip
from mobile_service.services.stop_lending import BOOKS
from mobile_service.services.syncing import EARLIER_MISSING, NOTHING_TO_UNDO, settle_trips

PATIENCE = timedelta(days=7)
UNSIGNED = "signature_never_came"
IN_VAIN = (EARLIER_MISSING, UNSIGNED, NOTHING_TO_UNDO)


def retry_waiting(*, batch: int = BATCH) -> Swept:
    """Trips of which something waits, each for itself: what one raises leaves the others alone."""
    waiting = Entry.objects.filter(trip=OuterRef("pk"), outcome=EntryOutcome.WAITING)
    return sweep(
        "mobile_service.retry_entries",
        lambda: row_by_row(partial(keys_after, Trip.objects.filter(Exists(waiting))), _retry, batch=batch),
    )


def _retry(key: UUID) -> bool:
    settle_trips([key])
    # A handover that lacks its signatures held up what its phone wrote after it: that has its turn now.
    if _give_up(key, UNSIGNED, kind=EntryKind.HAND_OVER, code="signature_missing"):
        settle_trips([key])
    # Whatever else still waits needs something that was told before it.
    _give_up(key, NOTHING_TO_UNDO, kind=EntryKind.UNDO, visit__isnull=True)
    _give_up(key, EARLIER_MISSING, kind__in=[*BOOKS, EntryKind.UNDO])
    return True


@transaction.atomic
def _give_up(key: UUID, why: str, **which: object) -> int:
    Trip.objects.select_for_update(of=("self",), no_key=True).get(pk=key)
    return _in_vain().filter(trip=key, **which).update(outcome=EntryOutcome.REVIEW, code=why)


def _in_vain() -> "QuerySet[Entry]":
    late = Q(received_at__lt=clock.now() - PATIENCE) | Q(device__revoked_at__isnull=False)
    return Entry.objects.filter(late, outcome=EntryOutcome.WAITING)
