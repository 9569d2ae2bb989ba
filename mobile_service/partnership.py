"""What the page about a partner says of the mobile library: the van's next visits to its stops, and the last ones."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.domain import clock
from kerjasama.house import PartnerPart
from kerjasama.pages.templatetags.house import moment
from libraries.models import Institution
from mobile_service.choices import OPEN_REQUESTS, VisitStatus
from mobile_service.models import Visit, VisitRequest

SHOWN = 5


def partner_parts(user: Any, institution: Institution) -> Iterable[PartnerPart]:
    """Nothing for an institution to which the van has never come. Three queries."""
    now = clock.now()
    seen = Visit.objects.visible_to(user).filter(stop__partner=institution).select_related("stop", "tally")
    ahead = seen.filter(begins_at__gte=now, status=VisitStatus.PLANNED).order_by("begins_at")[:SHOWN]
    past = seen.filter(begins_at__lt=now).exclude(status=VisitStatus.CANCELLED).order_by("-begins_at")[:SHOWN]
    asked = (
        VisitRequest.objects.visible_to(user)
        .filter(partner=institution, status__in=OPEN_REQUESTS)
        .select_related("stop")[:SHOWN]
    )
    lines = [
        (
            _("Asked for: %(place)s") % {"place": row},
            moment(row.created_at),
            reverse("work:visit_request", args=[row.pk]),
            row.status,
            str(row.get_status_display()),
        )
        for row in asked
    ]
    lines += [_line(row) for row in (*ahead, *past)]
    if lines:
        yield PartnerPart(
            title=_("Mobile library"),
            icon="van",
            lines=tuple(lines),
            url=reverse("work:van_figures"),
            order=35,
        )


def _line(row: Visit) -> tuple[str, str, str, str, str]:
    tally = getattr(row, "tally", None)
    counted = (
        ngettext("%(count)d visitor", "%(count)d visitors", tally.visitor_count)
        % {"count": tally.visitor_count}
        if tally is not None
        else ""
    )
    return (
        moment(row.begins_at),
        " · ".join(part for part in (str(row.stop), counted) if part),
        reverse("work:van_stop_figures", args=[row.stop_id]),
        row.status,
        str(row.get_status_display()),
    )
