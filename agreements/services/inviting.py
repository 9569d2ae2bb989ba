"""Inviting partners to an activity, their answers, and what each side is told about it (A12, F9, F12)."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from agreements import addresses
from agreements.choices import ActivityStatus, InvitationAnswer
from agreements.lifecycle import ACTIVITY, GUESTS
from agreements.models import Activity, Participation
from agreements.services.together import roles_of, take_step
from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput
from kerjasama.domain.rungs import Ladder
from libraries.access import roles_toward
from libraries.choices import Role, Tone
from libraries.models import Institution, Notice, User
from libraries.services.ladders import phase_of, tone_of, unrecorded, zones_by_day
from libraries.services.notices import Announcement, announce_all, settle_where
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row, sweep

SOON_RULE = "activity_soon"
# The day before it begins; whoever plans it on that very day is reminded at once.
SOON = Ladder(-1)
OFFICE_ROLES = (Role.OFFICER, Role.CIRCULATION)


def _lock(activity: Activity) -> Activity:
    return (
        Activity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office")
        .get(pk=activity.pk)
    )


@transaction.atomic
def invite_partners(*, activity: Activity, actor: User, institutions: Sequence[Institution]) -> Activity:
    """Invite institutions; those that are invited already stay as they are.

    Raises InvalidInput (``nobody_invited``, ``own_office``).
    """
    fresh = _lock(activity)
    ACTIVITY.ask("invite", fresh.status, roles_of(actor, fresh))
    if not institutions:
        raise InvalidInput("nobody_invited", _("Choose at least one institution."), field="institutions")
    if any(row.pk == fresh.office_id for row in institutions):
        raise InvalidInput(
            "own_office", _("Your own library is there anyway; it is not invited."), field="institutions"
        )
    known = set(fresh.participations.values_list("institution_id", flat=True))
    new = {row.pk: row for row in institutions if row.pk not in known}
    Participation.objects.bulk_create(Participation(activity=fresh, institution=row) for row in new.values())
    take_step(ACTIVITY, "invite", fresh, actor=actor, note=", ".join(str(row) for row in new.values()))
    announce_all(_to_guest(fresh, row, "activity_invited", fresh.pk, tone=Tone.DUE) for row in new.values())
    return fresh


@transaction.atomic
def accept_invitation(
    *,
    activity: Activity,
    actor: User,
    institution: Institution | None = None,
    expected: int | None = None,
    note: str = "",
) -> Activity:
    """A guest says that it comes, and with how many. ``institution`` where the actor speaks for several."""
    return _answer(activity, "accept", actor, institution, expected, note)


@transaction.atomic
def decline_invitation(
    *, activity: Activity, actor: User, note: str, institution: Institution | None = None
) -> Activity:
    """A guest says that it cannot come, and why."""
    return _answer(activity, "decline", actor, institution, None, note)


def _answer(
    activity: Activity,
    action: str,
    actor: User,
    institution: Institution | None,
    expected: int | None,
    note: str,
) -> Activity:
    fresh = _lock(activity)
    ACTIVITY.ask(action, fresh.status, roles_of(actor, fresh))
    row = _own_row(fresh, actor, institution)
    comes = action == "accept"
    if not comes and not note.strip():
        raise InvalidInput(
            "reason_missing", _("Say in a few words why; the library plans better with it."), field="note"
        )
    if expected is not None and not 0 < expected <= 30_000:
        raise InvalidInput(
            "count_wrong", _("With how many people do you come? At least one."), field="expected"
        )
    row.answer = InvitationAnswer.ACCEPTED if comes else InvitationAnswer.DECLINED
    row.expected, row.note, row.answered_at = expected, note.strip(), clock.now()
    row.save(update_fields=["answer", "expected", "note", "answered_at", "updated_at"])
    said = f"{row.institution}: {row.note}" if row.note else str(row.institution)
    if action == "accept":
        take_step(ACTIVITY, "accept", fresh, actor=actor, note=said)
    else:
        take_step(ACTIVITY, "decline", fresh, actor=actor, note=said)
    settle_where(Q(subject_id=fresh.pk, rule="activity_invited", recipient=row.institution_id))
    announce_all(
        [
            Announcement(
                recipient=fresh.office,
                sender=fresh.office,
                rule="activity_answered",
                # An answer that is changed on the same day is told once more.
                rung=int(comes),
                subject_kind="participation",
                subject_id=row.pk,
                due_on=clock.today(fresh.office.zone),
                context={**facts_of(fresh), "partner": str(row.institution), "comes": comes},
                path=addresses.activity_for_desk(fresh.pk),
                roles=OFFICE_ROLES,
            )
        ]
    )
    return fresh


def _own_row(fresh: Activity, actor: User, institution: Institution | None) -> Participation:
    """The invitation that the actor answers. Raises InvalidInput (``institution_missing``)."""
    rows = [
        row
        for row in fresh.participations.select_related("institution")
        if roles_toward(actor, guest=row.institution_id) & GUESTS
        and (institution is None or row.institution_id == institution.pk)
    ]
    if len(rows) != 1:
        raise InvalidInput(
            "institution_missing",
            _("Say for which of the invited institutions you answer."),
            field="institution",
        )
    return rows[0]


def guests_to_tell(activity: Activity) -> list[Institution]:
    """Everybody who was invited and has not said no."""
    rows = activity.participations.exclude(answer=InvitationAnswer.DECLINED).select_related("institution")
    return [row.institution for row in rows]


def tell_moved(activity: Activity, event: UUID) -> None:
    """It takes place at another time or place. Each change is a matter of its own."""
    announce_all(
        _to_guest(activity, guest, "activity_moved", event, kind="activity_event", tone=Tone.DUE)
        for guest in guests_to_tell(activity)
    )


def tell_cancelled(activity: Activity, reason: str) -> None:
    announce_all(
        _to_guest(activity, guest, "activity_cancelled", activity.pk, tone=Tone.DUE, reason=reason)
        for guest in guests_to_tell(activity)
    )


def facts_of(activity: Activity) -> dict[str, Any]:
    """What mails say about an activity."""
    return {
        "office": str(activity.office),
        "title": activity.title,
        "begins_on": activity.begins_on,
        "time": f"{activity.begins_at.astimezone(ZoneInfo(activity.office.zone)):%H.%M}",
        "place": activity.place,
    }


def _to_guest(
    activity: Activity,
    guest: Institution,
    rule: str,
    subject: UUID,
    *,
    kind: str = "activity",
    tone: str = Tone.CALM,
    **facts: Any,
) -> Announcement:
    return Announcement(
        recipient=guest,
        sender=activity.office,
        rule=rule,
        subject_kind=kind,
        subject_id=subject,
        due_on=activity.begins_on,
        tone=tone,
        context={**facts_of(activity), "school": str(guest), **facts},
        path=addresses.activity_for_guest(activity.pk, is_office=guest.is_office),
        roles=OFFICE_ROLES if guest.is_office else (),
    )


# --- the clock ---------------------------------------------------------------------------------------------------


def remind_of_activities(*, batch: int = BATCH) -> Swept:
    """Tell the office and its guests the day before."""
    return sweep("agreements.remind_of_activities", partial(_remind, batch))


def _remind(batch: int) -> Swept:
    swept = Swept()
    hush()
    for today, zones in zones_by_day().items():
        coming = Activity.objects.open().filter(begins_on__gte=today)
        due = unrecorded(coming, rule=SOON_RULE, due="begins_on", ladder=SOON, today=today)
        waiting = due.filter(office__zone__in=zones)
        swept += row_by_row(partial(keys_after, waiting), remind_of_activity, batch=batch)
    return swept


def hush() -> int:
    """Settle notices of activities that are over, called off, or on another day now."""
    over = Notice.objects.open().filter(~Exists(_still_coming()), rule=SOON_RULE)
    keys = list(over.values_list("pk", flat=True))
    passed = Notice.objects.open().filter(
        rule__in=("activity_invited", "activity_moved", "activity_cancelled"), due_on__lt=clock.today()
    )
    return settle_where(Q(pk__in=[*keys, *passed.values_list("pk", flat=True)]))


def _still_coming() -> QuerySet[Activity]:
    return Activity.objects.open().filter(
        pk=OuterRef("subject_id"), begins_on=OuterRef("due_on"), ends_on__gte=clock.today()
    )


@transaction.atomic
def remind_of_activity(key: UUID) -> bool:
    """Tell both sides about one activity. Returns whether there was something to tell."""
    activity = (
        Activity.objects.select_for_update(of=("self",), no_key=True).select_related("office").get(pk=key)
    )
    today = clock.today(activity.office.zone)
    if activity.status not in (ActivityStatus.PLANNED, ActivityStatus.INVITED) or activity.begins_on < today:
        return False
    rung = SOON.reached(activity.begins_on, today)
    if rung is None:
        return False
    facts = {**facts_of(activity), **phase_of(activity.begins_on, today)}
    sides: Iterable[tuple[Institution, str, str, Sequence[str]]] = [
        (activity.office, "office", addresses.activity_for_desk(activity.pk), OFFICE_ROLES),
        *(
            (
                guest,
                "guest",
                addresses.activity_for_guest(activity.pk, is_office=guest.is_office),
                OFFICE_ROLES if guest.is_office else (),
            )
            for guest in guests_to_tell(activity)
        ),
    ]
    return (
        announce_all(
            Announcement(
                recipient=recipient,
                sender=activity.office,
                rule=SOON_RULE,
                rung=rung,
                subject_kind="activity",
                subject_id=activity.pk,
                due_on=activity.begins_on,
                tone=tone_of(activity.begins_on, today),
                context={**facts, "side": side, "school": str(recipient)},
                path=path,
                roles=roles,
            )
            for recipient, side, path, roles in sides
        )
        > 0
    )
