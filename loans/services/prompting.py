"""Reminding a school at the press of a button, besides the ladder that the clock climbs (L5, L9)."""

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict
from libraries.models import User
from libraries.services.notices import announce_all
from loans.lifecycle import CONSIGNMENT
from loans.models import Consignment
from loans.services.stepping import roles_of
from loans.services.telling import of_silent_receipt
from loans.services.tracking import lock_consignment_with_books
from loans.services.watching import UNCONFIRMED


@transaction.atomic
def remind_of_silence(*, consignment: Consignment, actor: User) -> Consignment:
    """Ask the school once more whether the books came, today and once only.

    Raises Conflict (``not_silent``: it was confirmed, or its days have not passed; ``told_today``), NotPermitted.
    """
    fresh = lock_consignment_with_books(consignment.pk)
    CONSIGNMENT.ask("take_back", fresh.status, roles_of(actor, fresh))
    today = clock.today(fresh.lender.zone)
    if fresh.status not in UNCONFIRMED or fresh.confirm_by is None or fresh.confirm_by >= today:
        raise Conflict(
            "not_silent", _("This delivery is confirmed, or the days to confirm it have not passed yet.")
        )
    # The rung is the day itself: it is told of once a day, whoever presses, and the ladder's own rungs count as well.
    rung = (today - fresh.confirm_by).days
    told = [
        one
        for one in of_silent_receipt(fresh, books=fresh.books_out, rung=rung, today=today)  # type: ignore[attr-defined]
        if one.recipient == fresh.partner
    ]
    if not announce_all(told):
        raise Conflict("told_today", _("The school was reminded today already."))
    return fresh
