"""In which condition a book came back, where it is told after its return is on paper (L5)."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kerjasama.domain.errors import Conflict
from libraries.catalogue.choices import Condition
from libraries.catalogue.services.registering import keep_copy
from libraries.models import User
from loans.choices import CaseKind
from loans.models import LoanLine
from loans.services.claiming import open_case
from loans.services.locking import lock_consignment, lock_lines
from loans.services.returning import damaged_without_case

# From the best to the worst.
WORSE_AND_WORSE = (Condition.GOOD, Condition.WORN, Condition.DAMAGED)


@transaction.atomic
def record_condition(
    *, lender: UUID, partner: UUID | None, barcode: str, condition: str, actor: User
) -> None:
    """A book whose return is on paper came back worse than the paper says: the copy and its loan are in that condition, and where
    it is damaged a case says so, as when a return is finished. Once more changes nothing.

    Raises Conflict (``not_back``) and what the catalogue and the case refuse.
    """
    back = LoanLine.objects.filter(
        consignment__partner=partner, copy__owner=lender, copy__barcode=barcode, returned_at__isnull=False
    )
    past = back.select_related("consignment").order_by("-returned_at").first()
    if past is None:
        raise Conflict(
            "not_back",
            _("By the records this book has not come back from this school. Look where it is now."),
        )
    consignment = lock_consignment(past.consignment)
    line = lock_lines(Q(pk=past.pk)).get()
    copy = line.copy
    if rank(condition) > rank(copy.condition):
        copy.condition = condition
        keep_copy(copy=copy, actor=actor)
    if rank(condition) > rank(line.condition_back):
        line.condition_back = condition
        line.save(update_fields=["condition_back"])
    for each in damaged_without_case([line]):
        open_case(consignment, each, actor=actor, kind=CaseKind.DAMAGED, account="")


def rank(condition: str) -> int:
    return WORSE_AND_WORSE.index(Condition(condition)) if condition else 0
