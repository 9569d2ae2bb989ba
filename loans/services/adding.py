"""A book that was given to a school after its delivery had been handed over (L4)."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agreements.services.permits import require_in_force, require_within
from kerjasama.domain.errors import Conflict
from libraries.catalogue.choices import CopyPlace
from libraries.choices import PaperKind
from libraries.models import Document, User
from libraries.services.documents import issue_document
from loans.choices import LineStatus, MoveKind
from loans.lifecycle import CONSIGNMENT
from loans.models import Consignment, LoanLine
from loans.services.custody import Move, move_copies
from loans.services.locking import lock_copy, lock_for_handover
from loans.services.printing import compose_handover
from loans.services.serving import serve_wishes
from loans.services.stepping import roles_of, write_event


@transaction.atomic
def lend_besides(*, consignment: Consignment, barcode: str, actor: User, on: date) -> dict[str, Any]:
    """Lend a book with a delivery that is at its school, on a record of its own: the one that both sides have signed is never
    written over. What came of it, as facts.

    Raises NotPermitted, TransitionRefused, LimitReached (``more_than_agreed``), InvalidInput (``unknown_barcode``), Conflict
    (``copy_not_free``, ``came_back_before``, ``on_other_list``).
    """
    fresh = lock_for_handover(consignment)
    # As long as its books may come back, the delivery lives.
    CONSIGNMENT.ask("take_back", fresh.status, roles_of(actor, fresh))
    agreement = fresh.period.programme.agreement
    require_in_force(agreement, on)
    require_within(agreement, fresh.lines.filter(status=LineStatus.OUT).count() + 1)
    line = _line_for(fresh, barcode)
    for kind in (MoveKind.PICK, MoveKind.DISPATCH):
        move_copies(
            [Move(line.copy_id, line.pk, line.copy.condition)],
            kind=kind,
            partner_id=fresh.partner_id,
            actor=actor,
            on=on,
        )
    record = _record_besides(fresh, line, actor, on)
    serve_wishes(fresh, [line.copy.title_id], actor=actor, on=on)
    title = str(line.copy.title.title)
    write_event(fresh, "dispatch", actor=actor, note=f"{title} ({barcode}): {record.number}")
    return {"title": title, "code": fresh.code, "number": record.number}


def _line_for(consignment: Consignment, barcode: str) -> LoanLine:
    """A fresh line of the locked delivery for the locked copy. That the book was given is a fact: only where it would have to
    be at two places is it refused."""
    copy = lock_copy(consignment.lender_id, barcode)
    if copy.place != CopyPlace.SHELF:
        raise Conflict("copy_not_free", _("%(barcode)s is not free to be lent now.") % {"barcode": barcode})
    back = consignment.lines.filter(copy=copy, status__in=[LineStatus.RETURNED, LineStatus.SETTLED])
    if back.exists():
        raise Conflict(
            "came_back_before",
            _("“%(title)s” was lent with delivery %(code)s and came back. Lend it with the next one.")
            % {"title": copy.title, "code": consignment.code},
        )
    try:
        with transaction.atomic():
            line, _created = LoanLine.objects.update_or_create(
                consignment=consignment, copy=copy, defaults={"status": LineStatus.PROPOSED}
            )
    except IntegrityError:
        raise Conflict("on_other_list", _("%(barcode)s is already on a list.") % {"barcode": barcode})
    line.copy = copy
    return line


def _record_besides(consignment: Consignment, line: LoanLine, actor: User, on: date) -> Document:
    return issue_document(
        issuer=consignment.lender,
        recipient=consignment.partner,
        kind=PaperKind.HANDOVER,
        title=lambda: (
            _("Handover of %(count)s books to %(partner)s") % {"count": 1, "partner": consignment.partner}
        ),
        template="handover",
        compose=lambda number, verification: compose_handover(consignment, [line], number, verification, on),
        on=on,
        actor=actor,
        item_count=1,
    )
