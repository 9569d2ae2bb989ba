"""What is due today in the office, and its place in the menu of the desk."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from kerjasama.house import Area, HomeCard, MenuItem
from kerjasama.pages.templatetags.house import plain_date
from libraries.access import access_of
from libraries.choices import AssessmentStatus, MessageStatus, Role
from libraries.models import Assessment, FollowUp, Message

SHOWN = 3
# From when on a follow-up stands among today's work.
NEAR = timedelta(days=14)
# Who keeps networks and asks partners how ready they are.
KEEPS = {Role.OFFICER, Role.COORDINATOR, Role.ADMINISTRATOR}


def work_menu(user: Any) -> Iterable[MenuItem]:
    yield MenuItem(_("Today"), reverse("admin:index"), "home", order=10)
    yield MenuItem(_("Find"), reverse("work:search"), "search", order=12)
    access = access_of(user)
    if access.everything or access.having({*KEEPS, Role.HEAD}):
        yield MenuItem(_("Networks"), reverse("work:networks"), "globe", order=42, area=Area.PARTNERS)
        yield MenuItem(_("Readiness"), reverse("work:readiness"), "check", order=43, area=Area.PARTNERS)
    yield MenuItem(
        _("Directory"),
        reverse("work:directory"),
        "school",
        order=41,
        area=Area.PARTNERS,
        also=("/admin/libraries/institution/", "/admin/libraries/person/"),
    )


def home_cards(user: Any) -> Iterable[HomeCard]:
    """Mails that a person must decide about, because nobody else will; and what readiness asks of the office."""
    if not access_of(user).is_office:
        return
    yield from _of_readiness(user)
    stuck = list(
        Message.objects.visible_to(user)
        .filter(status__in=[MessageStatus.FAILED, MessageStatus.UNSURE])
        .annotate(total=Window(Count("pk")))
        .order_by("-updated_at")[:SHOWN]
    )
    if stuck:
        yield HomeCard(
            title=_("Mails that did not arrive"),
            count=stuck[0].total,
            sentence=_("Put the address right or send them again; until then nobody was told."),
            url=reverse("admin:libraries_message_changelist") + "?status__in=failed,unsure",
            tone="late",
            order=90,
            lines=tuple(
                (
                    row.address,
                    str(row.get_status_display()),
                    reverse("admin:libraries_message_change", args=[row.pk]),
                )
                for row in stuck
            ),
        )


def _of_readiness(user: Any) -> Iterable[HomeCard]:
    """Answers that wait for somebody to read them, and follow-ups whose day is near or past. One query each."""
    access = access_of(user)
    order = 30 if access.everything or access.having(KEEPS) else 85
    today = clock.today()
    answered = list(
        Assessment.objects.visible_to(user)
        .filter(status=AssessmentStatus.ANSWERED)
        .select_related("respondent", "network")
        .annotate(total=Window(Count("pk")))
        .order_by("answered_on", "pk")[:SHOWN]
    )
    if answered:
        yield HomeCard(
            title=_("Answers about readiness to look at"),
            count=answered[0].total,
            sentence=_("Look at the follow-ups that are proposed, then close the assessment."),
            url=reverse("work:readiness") + "?bagian=ditinjau",
            order=order,
            lines=tuple(
                (str(row.about), plain_date(row.answered_on), reverse("work:assessment", args=[row.pk]))
                for row in answered
                if row.answered_on
            ),
        )
    near = list(
        FollowUp.objects.visible_to(user)
        .filter(due_on__lte=today + NEAR)
        .open()
        .for_list()
        .annotate(total=Window(Count("pk")))
        .order_by("due_on", "pk")[:SHOWN]
    )
    if near:
        yield HomeCard(
            title=_("Follow-ups whose day is near"),
            count=near[0].total,
            sentence=_("What came out of the readiness questions and is not yet done."),
            url=reverse("work:follow_ups"),
            tone="late" if near[0].due_on < today else "due",
            order=order + 1,
            lines=tuple(
                (
                    f"{row.assessment.about}: {Truncator(row.what).words(6)}",
                    plain_date(row.due_on),
                    reverse("work:assessment", args=[row.assessment_id]),
                )
                for row in near
            ),
        )
