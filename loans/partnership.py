"""What the page about a partner says of lending: its programmes, what it holds now, and what is open between us."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.house import PartnerPart
from kerjasama.pages.templatetags.house import plain_date
from libraries.models import Institution
from loans.models import Case, Consignment, Programme, Wish

SHOWN = 10


def partner_parts(user: Any, institution: Institution) -> Iterable[PartnerPart]:
    """Nothing for an institution that nothing was ever lent to."""
    lines = [
        (
            _("Programme: %(count)d books every %(months)d months")
            % {"count": row.quantity, "months": row.interval_months}
            + (f" · {row.label}" if row.label else ""),
            _("until %(day)s") % {"day": plain_date(row.ends_on)},
            reverse("work:programme", args=[row.pk]),
            row.status,
            str(row.get_status_display()),
        )
        for row in Programme.objects.visible_to(user)
        .filter(partner=institution)
        .order_by("-starts_on")[:SHOWN]
    ]
    lines += [
        (
            _("Delivery %(code)s") % {"code": row.code},
            ngettext("%(count)d book", "%(count)d books", row.quantity) % {"count": row.quantity}
            + (" · " + _("back by %(day)s") % {"day": plain_date(row.due_on)} if row.due_on else ""),
            reverse("work:consignment", args=[row.pk]),
            row.status,
            str(row.get_status_display()),
        )
        for row in Consignment.objects.visible_to(user)
        .filter(partner=institution)
        .out()
        .order_by("due_on")[:SHOWN]
    ]
    lines += [
        (
            str(row.code),
            str(row.get_kind_display()),
            reverse("work:case", args=[row.pk]),
            row.status,
            str(row.get_status_display()),
        )
        for row in Case.objects.visible_to(user).filter(partner=institution).open().order_by("due_on")[:SHOWN]
    ]
    wishes = Wish.objects.visible_to(user).filter(partner=institution).open().select_related("title")
    waiting = [
        (
            str(row),
            str(row.get_priority_display()),
            reverse("work:wish", args=[row.pk]),
            row.status,
            str(row.get_status_display()),
        )
        for row in wishes.order_by("-priority", "wished_on", "pk")[:SHOWN]
    ]
    if waiting:
        yield PartnerPart(
            title=_("Wishes"),
            icon="wish",
            lines=tuple(waiting),
            url=f"{reverse('work:wishes')}?sekolah={institution.pk}",
            order=31,
        )
    if lines:
        yield PartnerPart(title=_("Lending"), icon="box", lines=tuple(lines), order=30)
