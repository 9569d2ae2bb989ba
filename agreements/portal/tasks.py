"""What a partner has to do about its agreements now."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.choices import ActivityStatus, AgreementStatus, InvitationAnswer, RequestSide
from agreements.models import Agreement, CooperationRequest, Obligation, Participation, Party
from agreements.services.pressing import unanswered
from agreements.services.tool_reminding import tools_out
from kerjasama.house import PortalTask
from libraries.models import Institution

# From when on the end of an agreement is worth a school's attention.
ENDING = timedelta(days=30)
# From when on a meeting is worth a line of its own.
MEETING = timedelta(days=14)
# More cards than these would hide the books.
INVITATIONS = 3
TOOLS = 3
# From when on a tool that goes back stands on the first page.
BACK_AHEAD = timedelta(days=1)
DUTIES = 3
# From when on a duty stands on the first page, and from when on it is pressing.
DUTY_AHEAD = timedelta(days=14)
DUTY_SOON = timedelta(days=3)
OPEN = (AgreementStatus.NEGOTIATION, AgreementStatus.SIGNING, AgreementStatus.ACTIVE)


def portal_tasks(user: Any, school: Institution, today: date) -> Iterable[PortalTask]:
    """A paper that waits for the school's signature; an agreement about to end without a successor; a request that waits
    for its answer, a day to meet; a text to be read; duties. Three queries, two more where a text is negotiated."""
    yield from _about_requests(user, school, today)
    unsigned = Party.objects.filter(agreement=OuterRef("pk"), institution=school, signed_on__isnull=True)
    rows: list[Any] = list(
        Agreement.objects.visible_to(user)
        .filter(parties__institution=school, status__in=OPEN)
        .annotate(unsigned=Exists(unsigned))
        .select_related("office")
        .order_by("ends_on")
    )
    yield from _about_texts(rows, school)
    yield from _about_duties(school, today)
    soon = today + ENDING
    going_on = {row.office_id for row in rows if row.ends_on and row.ends_on > soon}
    for row in rows:
        if row.status == AgreementStatus.SIGNING and row.unsigned:
            yield PortalTask(
                what=_("Sign the agreement with %(library)s") % {"library": row.office},
                why=_("Print it, let the principal sign it, and give it to the library."),
                url=reverse("portal:agreement", args=[row.pk]),
                act=_("Read the agreement"),
                icon="handshake",
                order=40,
            )
        elif (
            row.status == AgreementStatus.ACTIVE
            and row.ends_on
            and today <= row.ends_on <= soon
            and row.office_id not in going_on
        ):
            yield PortalTask(
                what=_("The agreement with %(library)s ends soon") % {"library": row.office},
                why=_(
                    "Tell the library whether you want to go on. Without a new agreement no new books come."
                ),
                url=reverse("portal:agreement", args=[row.pk]),
                act=_("See the agreement"),
                icon="handshake",
                due_on=row.ends_on,
                tone="calm",
                order=60,
            )


def _about_texts(rows: Iterable[Agreement], school: Institution) -> Iterable[PortalTask]:
    """Texts that lie before the school and wait for its answer. Nothing is asked where none is under negotiation."""
    open_texts = [
        row for row in rows if row.status == AgreementStatus.NEGOTIATION and row.partner_id == school.pk
    ]
    if not open_texts:
        return
    waiting = {row.pk: row for row in unanswered().filter(partner=school)}
    for row in open_texts:
        if row.pk in waiting:
            yield PortalTask(
                what=_("Read the agreement that %(library)s puts before you") % {"library": row.office},
                why=_(
                    "Write what should be different, or agree with one button. Nothing is signed before that."
                ),
                url=reverse("portal:agreement_text", args=[row.pk]),
                act=_("Read and answer"),
                icon="handshake",
                order=35,
            )


def _about_duties(school: Institution, today: date) -> Iterable[PortalTask]:
    """What the school has taken on and is due by now or soon, most urgent first. One query."""
    rows = (
        Obligation.objects.unfulfilled()
        .filter(
            party__institution=school,
            agreement__status=AgreementStatus.ACTIVE,
            due_on__lte=today + DUTY_AHEAD,
        )
        .select_related("agreement__office")
        .order_by("due_on", "pk")
    )
    for row in rows[:DUTIES]:
        yield PortalTask(
            what=row.text,
            why=_("You took this on in the agreement with %(library)s.") % {"library": row.agreement.office},
            url=reverse("portal:duty", args=[row.pk]),
            act=_("Tick it off"),
            icon="check",
            due_on=row.due_on,
            tone="late" if row.due_on < today else "due" if row.due_on <= today + DUTY_SOON else "calm",
            order=50,
        )


def _about_requests(user: Any, school: Institution, today: date) -> Iterable[PortalTask]:
    rows = (
        CooperationRequest.objects.visible_to(user)
        .open()
        .filter(institution=school)
        .select_related("office")
        .order_by("asked_at")
    )
    for row in rows:
        url = reverse("portal:request", args=[row.pk])
        if row.meeting_on is not None and today <= row.meeting_on <= today + MEETING:
            yield PortalTask(
                what=_("Meet with %(library)s") % {"library": row.office},
                why=f"{row.meeting_time:%H.%M}, {row.meeting_place}"
                if row.meeting_time
                else row.meeting_place,
                url=url,
                act=_("See what it is about"),
                icon="calendar",
                due_on=row.meeting_on,
                tone="calm",
                order=45,
            )
        elif row.turn == RequestSide.PARTNER:
            yield PortalTask(
                what=_("Answer %(library)s") % {"library": row.office},
                why=row.subject,
                url=url,
                act=_("Read and answer"),
                icon="mail",
                order=45,
            )


def invitation_tasks(school: Institution, today: date) -> Iterable[PortalTask]:
    """Invitations that nobody has answered, soonest first. One query."""
    rows = (
        Participation.objects.filter(
            institution=school,
            answer=InvitationAnswer.WAITING,
            activity__status=ActivityStatus.INVITED,
            activity__ends_on__gte=today,
        )
        .select_related("activity__office")
        .order_by("activity__begins_at", "pk")
    )
    for row in rows[:INVITATIONS]:
        yield PortalTask(
            what=_("Do you come to “%(title)s”?") % {"title": row.activity.title},
            why=_("%(library)s has invited you and waits for your answer.")
            % {"library": row.activity.office},
            url=reverse("portal:activity", args=[row.activity_id]),
            act=_("Answer the invitation"),
            icon="calendar",
            due_on=row.activity.begins_on,
            order=45,
        )


def tool_tasks(school: Institution, today: date) -> Iterable[PortalTask]:
    """Tools that are here and go back by tomorrow, or should be back, the latest first. One query."""
    rows = (
        tools_out()
        .filter(institution=school, back_on__lte=today + BACK_AHEAD)
        .select_related("equipment__owner")
        .order_by("ends_at", "pk")
    )
    for row in rows[:TOOLS]:
        back_on: date = row.back_on
        yield PortalTask(
            what=_("Bring back “%(tool)s”") % {"tool": row.equipment},
            why=_("It belongs to %(library)s: %(place)s.")
            % {"library": row.equipment.owner, "place": row.equipment.place},
            url=reverse("portal:booking", args=[row.pk]),
            act=_("See the booking"),
            icon="back",
            due_on=back_on,
            tone="late" if back_on < today else "due",
            order=30,
        )
