"""What a partner has to do about visits that it asked for, and where it asks for one."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kerjasama.domain.wording import long_date
from kerjasama.house import PortalTask
from libraries.models import Institution
from mobile_service.choices import RequestStatus
from mobile_service.models import VisitRequest


def portal_tasks(user: Any, school: Institution, today: date) -> Iterable[PortalTask]:
    """A day that the library proposes. One query."""
    rows = VisitRequest.objects.visible_to(user).filter(partner=school, status=RequestStatus.PROPOSED)
    for row in rows.select_related("office")[:2]:
        yield PortalTask(
            what=_question(row),
            why=_("%(library)s proposes another day. It is not kept free until you agree.")
            % {"library": row.office},
            url=reverse("portal:visit_request", args=[row.pk]),
            act=_("Look at the day"),
            icon="van",
            order=35,
        )


def _question(row: VisitRequest) -> str:
    if row.proposed_at is None:
        return _("Does the day for the van suit you?")
    language = get_language() or "id"
    proposed, point = (
        row.proposed_at.astimezone(ZoneInfo(row.office.zone)),
        "." if language.startswith("id") else ":",
    )
    return _("Does %(day)s at %(time)s suit you for the van?") % {
        "day": long_date(proposed.date(), language),
        "time": f"{proposed:%H{point}%M}",
    }
