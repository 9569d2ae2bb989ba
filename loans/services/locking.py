"""Fresh rows under lock, in the one order that all verbs keep: agreement, programme, period, consignment, copies.

A return visit or a stocktake comes before all of them, a case after its copy. The locks are of the weaker kind (NO KEY): a foreign key
is checked at the end of a transaction and would otherwise wait for whoever holds the row, who may be waiting for us.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kerjasama.domain.errors import InvalidInput
from libraries.catalogue.models import Copy
from libraries.models.person import PersonQuerySet
from loans.models import Consignment, LoanLine, ReturnVisit, Stocktake


def lock_consignment(consignment: Consignment) -> Consignment:
    """The fresh row with ``period.programme.agreement``, ``lender`` and ``partner``, all but the last two locked."""
    return _locked_chain().get(pk=consignment.pk)


def lock_consignments(wanted: Q) -> list[Consignment]:
    """Several deliveries, with their agreements, programmes and periods, in one order whoever asks."""
    rows = _locked_chain().filter(wanted)
    return list(rows.order_by("period__programme__agreement_id", "period__programme_id", "period_id", "pk"))


def lock_for_handover(consignment: Consignment) -> Consignment:
    """As ``lock_consignment``, with who signs for either side as ``lender_signs`` and ``partner_signs``: the handover
    of a hundred books has a dozen statements to spend."""
    rows = _locked_chain().annotate(
        lender_signs=PersonQuerySet.signing_for("lender"), partner_signs=PersonQuerySet.signing_for("partner")
    )
    return rows.get(pk=consignment.pk)


def _locked_chain() -> "QuerySet[Consignment]":
    return Consignment.objects.select_for_update(
        of=("period__programme__agreement", "period__programme", "period", "self"), no_key=True
    ).select_related("period__programme__agreement__lending_term", "lender", "partner", "handover_document")


def hold_consignment(consignment: Consignment) -> Consignment:
    """The fresh row alone under lock: enough for a scan, which must not wait for the whole house."""
    return (
        Consignment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("lender", "partner")
        .get(pk=consignment.pk)
    )


def hold_visit(visit: ReturnVisit) -> ReturnVisit:
    """The fresh return visit under lock, with its two sides."""
    return (
        ReturnVisit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("lender", "partner")
        .get(pk=visit.pk)
    )


def hold_stocktake(stocktake: Stocktake) -> Stocktake:
    """The fresh stocktake under lock, with its two sides. It comes where a return visit does."""
    return (
        Stocktake.objects.select_for_update(of=("self",), no_key=True)
        .select_related("lender", "partner")
        .get(pk=stocktake.pk)
    )


def lock_lines(wanted: Q) -> "QuerySet[LoanLine]":
    """Lines and their copies under lock, in the order of the copies' ids, with titles to print."""
    return (
        LoanLine.objects.select_for_update(of=("self", "copy"), no_key=True)
        .select_related("copy__title")
        .filter(wanted)
        .order_by("copy_id")
    )


def lock_copy(owner: UUID, barcode: str) -> Copy:
    """A copy of the library under lock, with its title. Raises InvalidInput (``unknown_barcode``)."""
    copy: Copy | None = (
        Copy.objects.select_for_update(of=("self",), no_key=True)
        .select_related("title")
        .filter(owner_id=owner, barcode=barcode.strip())
        .first()
    )
    if copy is None:
        raise InvalidInput(
            "unknown_barcode",
            _("No copy of this library has the barcode %(barcode)s.") % {"barcode": barcode},
            field="barcode",
        )
    return copy


def in_shelf_order(lines: Iterable[LoanLine]) -> list[LoanLine]:
    """Sorted as they stand on the shelf; locking needs another order, so this is done in memory."""
    return sorted(lines, key=lambda line: (line.copy.call_number, line.copy.barcode))
