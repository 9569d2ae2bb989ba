"""What a school has to do about its books now: confirm, get ready for the swap, replace."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.house import PortalTask
from libraries.models import Institution
from loans.choices import OWED_CASES, ConsignmentStatus, LineStatus, ReceiptState
from loans.models import Case, Consignment

# A swap is worth a thought two weeks before its day: that is when the books are gathered from the classes.
GATHER = timedelta(days=14)


def portal_tasks(user: Any, school: Institution, today: date) -> Iterable[PortalTask]:
    """Two queries, whatever the number of books."""
    for consignment in out_at(user, school):
        if consignment.status in (ConsignmentStatus.DISPATCHED, ConsignmentStatus.FLAGGED):
            yield _to_confirm(consignment, today)
        if consignment.held_count and consignment.due_on <= today + GATHER:
            yield _to_give_back(consignment, today)
    cases = (
        Case.objects.visible_to(user)
        .filter(partner=school, status__in=OWED_CASES)
        .select_related("copy__title", "lender")
        .order_by("due_on")
    )
    for case in cases:
        yield PortalTask(
            what=_("Replace “%(title)s”") % {"title": case.copy.title},
            why=_("The library has sent a letter that says what is asked of you."),
            url=reverse("portal:case", args=[case.pk]),
            act=_("See what to do"),
            icon="book",
            due_on=case.due_on,
            tone="late" if case.due_on < today else "due",
            order=30,
        )


def out_at(user: Any, school: Institution) -> list[Any]:
    """Deliveries that are at the school, soonest back first. Adds ``held_count``, ``missing_count``, ``lost_count``."""
    out = Q(lines__status=LineStatus.OUT)
    absent = Q(lines__receipt=ReceiptState.MISSING)
    return list(
        Consignment.objects.visible_to(user)
        .filter(partner=school)
        .out()
        .annotate(
            held_count=Count("lines", filter=out & ~absent),
            missing_count=Count("lines", filter=out & absent),
            lost_count=Count("lines", filter=Q(lines__status=LineStatus.LOST)),
        )
        .select_related("lender", "period")
        .order_by("due_on", "pk")
    )


def _to_confirm(consignment: Any, today: date) -> PortalTask:
    late = consignment.status == ConsignmentStatus.FLAGGED or consignment.confirm_by < today
    count = consignment.held_count + consignment.missing_count
    return PortalTask(
        what=ngettext(
            "Confirm that %(count)d book has arrived", "Confirm that %(count)d books have arrived", count
        )
        % {"count": count},
        why=_("From %(library)s. When all is complete it takes one minute.")
        % {"library": consignment.lender},
        url=reverse("portal:confirm", args=[consignment.pk]),
        act=_("Confirm receipt"),
        icon="check",
        due_on=consignment.confirm_by,
        tone="late" if late else "due",
        order=10,
    )


def _to_give_back(consignment: Any, today: date) -> PortalTask:
    count = consignment.held_count
    if consignment.due_on < today:
        what = ngettext(
            "%(count)d book should have gone back", "%(count)d books should have gone back", count
        ) % {"count": count}
        why = _("Gather them now, and agree with the library on a day.")
    else:
        what = ngettext(
            "Get %(count)d book ready to go back", "Get %(count)d books ready to go back", count
        ) % {"count": count}
        why = _("Gather them from the classes; the list shows each one.")
    return PortalTask(
        what=what,
        why=why,
        url=reverse("portal:consignment", args=[consignment.pk]),
        act=_("See the list of books"),
        icon="swap",
        due_on=consignment.due_on,
        tone="late" if consignment.due_on < today else "due",
        order=20,
    )
