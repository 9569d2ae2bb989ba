"""What pages about a partner, and about an agreement with it, say of the mobile library: when the van comes, when it came."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.choices import ENDED
from agreements.models import Agreement, Party
from kerjasama.domain import clock
from kerjasama.house import PartnerPart
from kerjasama.pages.templatetags.house import clock_time, long_date, moment
from libraries.models import Institution
from mobile_service.choices import OPEN_REQUESTS, VisitStatus
from mobile_service.models import Stop, Visit, VisitRequest
from mobile_service.services.publishing import Shown, coming_visits

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


def agreement_parts(user: Any, agreement: Agreement) -> Iterable[PartnerPart]:
    """The next dates of the van at the gates of those who agreed. One query, one more where there is no date."""
    if agreement.status in ENDED:
        return
    parties = Party.objects.filter(agreement=agreement).values("institution")
    stops = {"office": agreement.office_id, "partner__in": parties, "is_active": True}
    coming = _coming(user, **stops)
    if coming or Stop.objects.visible_to(user).filter(**stops).exists():
        yield PartnerPart(
            title=_("When the van comes"),
            icon="van",
            lines=tuple(_date(it, reverse("work:van_visit", args=[it.pk])) for it in coming),
            empty=_("No visit is planned yet."),
            url=reverse("work:van_calendar"),
            order=35,
        )


def portal_agreement_parts(user: Any, agreement: Agreement, school: Institution) -> Iterable[PartnerPart]:
    """The same for one school of them. One query."""
    if agreement.status in ENDED:
        return
    page = reverse("portal:van_visits")
    coming = _coming(user, office=agreement.office_id, partner=school.pk, is_active=True)
    if coming:
        yield PartnerPart(
            title=_("When the van comes"),
            icon="van",
            lines=tuple(_date(it, page) for it in coming),
            url=page,
            act=(_("All visits of the van"), page),
            order=35,
        )


def _coming(user: Any, **stop: Any) -> list[Shown]:
    at_stop = {f"stop__{name}": value for name, value in stop.items()}
    return coming_visits(Visit.objects.visible_to(user).filter(**at_stop), clock.now(), SHOWN)


def _date(visit: Shown, url: str) -> tuple[str, str, str, str, str]:
    def hour(moment: datetime) -> str:
        return str(clock_time(moment))

    return (
        str(long_date(visit.begins)),
        " · ".join((f"{hour(visit.begins)}–{hour(visit.ends)}", visit.stop)),
        url,
        visit.status,
        str(VisitStatus(visit.status).label),
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
