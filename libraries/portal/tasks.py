"""What a school has to do now about questions it was asked, and about what it took on."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from kerjasama.house import PortalTask
from libraries.choices import AssessmentStatus, FollowUpStatus
from libraries.models import Assessment, FollowUp, Institution

# From when on a follow-up is worth a school's first page.
NEAR = timedelta(days=14)
SHOWN = 3


def portal_tasks(user: Any, school: Institution, today: date) -> Iterable[PortalTask]:
    """Questions that wait, and follow-ups whose day is near. One query: the first page has many to ask."""
    near = FollowUp.objects.filter(
        assessment=OuterRef("pk"), status=FollowUpStatus.OPEN, due_on__lte=today + NEAR
    ).order_by("due_on", "pk")
    facts = JSONObject(id="id", what="what", due_on="due_on")
    rows: list[Any] = list(
        Assessment.objects.visible_to(user)
        .filter(respondent=school)
        .annotate(near=ArraySubquery(near.values(told=facts)))
        .filter(Q(status=AssessmentStatus.SENT) | Exists(near))
        .select_related("office", "network")
        .order_by("due_on", "pk")
    )
    for row in rows:
        if row.status == AssessmentStatus.SENT:
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
    todo = [it for row in rows for it in row.near]
    for it in sorted(todo, key=lambda it: (it["due_on"], it["id"]))[:SHOWN]:
        due_on = date.fromisoformat(it["due_on"])
        yield PortalTask(
            what=it["what"],
            why=_("This came out of your answers about readiness."),
            url=reverse("portal:follow_up_done", args=[it["id"]]),
            act=_("Say that it is done"),
            icon="check",
            due_on=due_on,
            tone="late" if due_on < today else "calm",
            order=65,
        )
