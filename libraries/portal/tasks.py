"""What a school has to do now about questions it was asked, and about what it took on."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kerjasama.house import PortalTask
from libraries.choices import AssessmentStatus
from libraries.models import Assessment, FollowUp, Institution

# From when on a follow-up is worth a school's first page.
NEAR = timedelta(days=14)


def portal_tasks(user: Any, school: Institution, today: date) -> Iterable[PortalTask]:
    """Questions that wait, and follow-ups whose day is near. Two queries."""
    waiting = Assessment.objects.visible_to(user).filter(respondent=school, status=AssessmentStatus.SENT)
    for row in waiting.select_related("office", "network").order_by("due_on"):
        yield PortalTask(
            what=_("Answer %(n)s questions about %(about)s")
            % {"n": len(row.question_set.codes), "about": row.network or _("our library")},
            why=_("%(library)s asks. It takes five minutes, and you can stop and go on later.")
            % {"library": row.office},
            url=reverse("portal:assessment", args=[row.pk]),
            act=_("Answer the questions"),
            icon="edit",
            due_on=row.due_on,
            tone="late" if row.due_on < today else "due",
            order=45,
        )
    near = (
        FollowUp.objects.visible_to(user)
        .filter(assessment__respondent=school, due_on__lte=today + NEAR)
        .open()
        .order_by("due_on", "pk")[:3]
    )
    for it in near:
        yield PortalTask(
            what=it.what,
            why=_("This came out of your answers about readiness."),
            url=reverse("portal:follow_up_done", args=[it.pk]),
            act=_("Say that it is done"),
            icon="check",
            due_on=it.due_on,
            tone="late" if it.due_on < today else "calm",
            order=65,
        )
