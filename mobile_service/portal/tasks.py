"""What a school reads on its first page about the van: when it comes next, and in the days before it what to have ready."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.wording import long_date
from kerjasama.house import PortalTask
from libraries.models import Institution
from mobile_service.models import Visit
from mobile_service.services.publishing import COMING, with_all

# From when on a visit is a task, not only news: time enough to gather what goes back.
AHEAD = timedelta(days=3)


def portal_tasks(user: Any, school: Institution, today: date) -> Iterable[PortalTask]:
    """The next visit. One statement."""
    now = clock.now()
    visit = with_all(
        Visit.objects.visible_to(user).filter(stop__partner=school, status__in=COMING, ends_at__gte=now)
    ).first()
    if visit is None:
        return
    begins, language = visit.begins_at.astimezone(ZoneInfo(visit.stop.office.zone)), get_language() or "id"
    point = "." if language.startswith("id") else ":"
    facts = {"day": long_date(begins.date(), language), "time": f"{begins:%H{point}%M}"}
    words = (
        _("The van comes today at %(time)s")
        if begins.date() == today
        else _("The van comes on %(day)s at %(time)s")
    )
    yield PortalTask(
        what=words % facts,
        why=_("Have the books ready that go back, and tell the classes."),
        url=reverse("portal:van_visits"),
        act=_("See the visits of the van"),
        icon="van",
        tone="calm",
        order=15,
        is_news=visit.begins_at >= now + AHEAD,
    )
