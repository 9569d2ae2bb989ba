"""What a partner has to do about visits that it asked for, and where it asks for one."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kerjasama.house import PortalTask
from libraries.models import Institution
from mobile_service.choices import RequestStatus
from mobile_service.models import VisitRequest


def portal_tasks(user: Any, school: Institution, today: date) -> Iterable[PortalTask]:
    """A day that the library proposes. One query."""
    rows = VisitRequest.objects.visible_to(user).filter(partner=school, status=RequestStatus.PROPOSED)
    for row in rows.select_related("office")[:2]:
        yield PortalTask(
            what=_("Does the day for the van suit you?"),
            why=_("%(library)s proposes another day. It is not kept free until you agree.")
            % {"library": row.office},
            url=reverse("portal:visit_request", args=[row.pk]),
            act=_("Look at the day"),
            icon="van",
            order=35,
        )
