"""Activities: planned, changed, done or called off, with their figures and evidence (A12, F9, F12)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from agreements.choices import ActivityKind, ActivityStatus, InvitationAnswer
from agreements.grounds import GROUPS
from agreements.lifecycle import ACTIVITY
from agreements.models import Activity, Agreement, Attendee, Evidence, Participation
from agreements.services.grounding import find_ground
from agreements.services.inviting import tell_cancelled, tell_moved
from agreements.services.together import (
    civil,
    require_order,
    require_reason,
    require_runs,
    roles_of,
    take_step,
    write_event,
)
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.models import Institution, Person, StoredFile, User
from libraries.services.notices import settle


def lock_activity(activity: Activity) -> Activity:
    """The fresh row, locked. Must be called inside a transaction."""
    return (
        Activity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office", "agreement")
        .get(pk=activity.pk)
    )


@transaction.atomic
def plan_activity(
    *,
    actor: User,
    office: Institution,
    kind: str,
    title: str,
    begins_at: datetime,
    ends_at: datetime,
    place: str,
    agreement: Agreement | None = None,
    plan: str = "",
) -> Activity:
    """Put an activity on the calendar.

    Raises NotPermitted (``role_missing``, ``agreement_needed``, ``not_ours``, ``not_in_force``) and InvalidInput.
    """
    require_runs(actor, office)
    _require_words(title=title, place=place)
    require_order(begins_at, ends_at)
    first = civil(begins_at, office)
    activity = Activity(
        office=office,
        kind=kind,
        title=title.strip(),
        agreement=agreement,
        ground=find_ground(office=office, kind=kind, agreement=agreement, on=first),
        begins_at=begins_at,
        ends_at=ends_at,
        begins_on=first,
        ends_on=civil(ends_at, office),
        place=place.strip(),
        plan=plan.strip(),
    )
    activity.save(force_insert=True)
    write_event(activity, "plan", actor=actor, before="")
    return activity


@transaction.atomic
def revise_activity(
    *, activity: Activity, actor: User, version: int | None = None, **changes: Any
) -> Activity:
    """Change what is planned; partners that were invited are told when the time or the place changes.

    ``changes``: title, kind, agreement, begins_at, ends_at, place, plan. Raises Conflict (``stale``, ``not_open``).
    """
    fresh = lock_activity(activity)
    require_runs(actor, fresh.office)
    if fresh.status not in (ActivityStatus.PLANNED, ActivityStatus.INVITED):
        raise Conflict(
            "not_open",
            _("It is done or called off, so the plan stays as it was."),
            facts={"state": fresh.status},
        )
    if version is not None and version != fresh.version:
        raise Conflict(
            "stale",
            _("Somebody else has changed this meanwhile. Read it again, then change it."),
            facts={"version": fresh.version},
        )
    before = (fresh.begins_at, fresh.ends_at, fresh.place)
    for name, value in changes.items():
        setattr(fresh, name, value.strip() if isinstance(value, str) else value)
    _require_words(title=fresh.title, place=fresh.place)
    require_order(fresh.begins_at, fresh.ends_at)
    if fresh.kind != ActivityKind.INTERNSHIP and hasattr(fresh, "cohort"):
        raise Conflict("has_cohort", _("There are interns taken down already, so it stays an internship."))
    fresh.begins_on, fresh.ends_on = civil(fresh.begins_at, fresh.office), civil(fresh.ends_at, fresh.office)
    fresh.ground = find_ground(
        office=fresh.office, kind=fresh.kind, agreement=fresh.agreement, on=fresh.begins_on
    )
    fresh.version += 1
    fresh.save()
    event = write_event(fresh, "revise", actor=actor)
    if before != (fresh.begins_at, fresh.ends_at, fresh.place):
        tell_moved(fresh, event.pk)
    return fresh


@transaction.atomic
def finish_activity(
    *,
    activity: Activity,
    actor: User,
    result: str = "",
    counts: Mapping[str, int] | None = None,
    attendance: Mapping[UUID, int] | None = None,
    minutes: str | None = None,
) -> Activity:
    """Record that it took place: how many came of each group, with how many each partner came, and what came of it.

    ``counts``: by group (``agreements.grounds.GROUPS``). ``attendance``: by institution; one that was not invited is
    added. Raises Conflict (``not_yet``) before it has begun.
    """
    fresh = lock_activity(activity)
    ACTIVITY.ask("finish", fresh.status, roles_of(actor, fresh))
    if fresh.begins_at > clock.now():
        raise Conflict(
            "not_yet", _("It has not begun yet. Change the date if it took place earlier, or call it off.")
        )
    take_step(ACTIVITY, "finish", fresh, actor=actor, **_record(fresh, result, counts, attendance, minutes))
    settle(fresh.pk)
    return fresh


@transaction.atomic
def correct_activity(
    *,
    activity: Activity,
    actor: User,
    result: str | None = None,
    counts: Mapping[str, int] | None = None,
    attendance: Mapping[UUID, int] | None = None,
    minutes: str | None = None,
) -> Activity:
    """Put right what was recorded about an activity that is done. What is not given stays."""
    fresh = lock_activity(activity)
    ACTIVITY.ask("correct", fresh.status, roles_of(actor, fresh))
    take_step(ACTIVITY, "correct", fresh, actor=actor, **_record(fresh, result, counts, attendance, minutes))
    return fresh


@transaction.atomic
def cancel_activity(*, activity: Activity, actor: User, note: str) -> Activity:
    """Call it off, with a reason that those who were invited read."""
    fresh = lock_activity(activity)
    ACTIVITY.ask("cancel", fresh.status, roles_of(actor, fresh))
    require_reason(note)
    take_step(ACTIVITY, "cancel", fresh, actor=actor, note=note.strip())
    settle(fresh.pk)
    tell_cancelled(fresh, note.strip())
    return fresh


@transaction.atomic
def add_evidence(*, activity: Activity, actor: User, file: StoredFile, caption: str = "") -> Evidence:
    """Keep a photograph or a paper that shows that it took place. The file is kept by ``files.keep_upload``."""
    require_runs(actor, activity.office)
    return Evidence.objects.create(activity=activity, file=file, caption=caption.strip())


@transaction.atomic
def remove_evidence(*, evidence: Evidence, actor: User) -> None:
    """Take a file off the activity; the file itself stays kept."""
    require_runs(actor, evidence.activity.office)
    evidence.delete()


@transaction.atomic
def add_attendee(*, activity: Activity, actor: User, person: Person) -> Attendee:
    """Note an official contact, an adult in an office, as a participant. Raises Conflict (``already_there``)."""
    fresh = lock_activity(activity)
    require_runs(actor, fresh.office)
    attendee, new = Attendee.objects.get_or_create(activity=fresh, person=person)
    if not new:
        raise Conflict("already_there", _("%(person)s is on the list already.") % {"person": person})
    return attendee


@transaction.atomic
def remove_attendee(*, attendee: Attendee, actor: User) -> None:
    """Take somebody off the list. Raises Conflict (``has_certificate``) once a certificate was issued."""
    require_runs(actor, attendee.activity.office)
    if attendee.certificate_id is not None:
        raise Conflict(
            "has_certificate", _("A certificate was issued already, so the name stays on the list.")
        )
    attendee.delete()


@dataclass(frozen=True)
class ActivityFigures:
    """What was done together in a period. ``by_kind``: activities by kind; ``by_group``: participants by group."""

    activities: int = 0
    participants: int = 0
    by_kind: Mapping[str, int] = field(default_factory=dict)
    by_group: Mapping[str, int] = field(default_factory=dict)


def activity_figures(
    *, office: Institution, partner: Institution | None, start: date, end: date
) -> ActivityFigures:
    """Activities of ``office`` that are done and began from ``start`` to ``end``, both included; two queries.

    With a ``partner``: those it took part in, sent interns to or holds the agreement of; ``participants`` are then
    those it came with, and its interns. Without: everybody who took part. ``by_group`` counts all participants.
    """
    done = Activity.objects.filter(
        office=office, status=ActivityStatus.DONE, begins_on__gte=start, begins_on__lte=end
    )
    if partner is not None:
        came = Participation.objects.filter(institution=partner, attended__gt=0).values("activity")
        done = done.filter(Q(pk__in=came) | Q(cohort__sender=partner) | Q(agreement__partner=partner))
    kinds: Any = (
        done.order_by().values("kind").annotate(n=Count("pk"), **{group: Sum(group) for group in GROUPS})
    )
    rows: list[dict[str, Any]] = list(kinds)
    by_group = {group: sum(row[group] for row in rows) for group in GROUPS}
    participants = sum(by_group.values())
    if partner is not None:
        own = done.aggregate(
            guests=Sum("participations__attended", filter=Q(participations__institution=partner))
        )["guests"]
        interns = done.filter(cohort__sender=partner).aggregate(n=Count("cohort__interns"))["n"]
        participants = (own or 0) + interns
    return ActivityFigures(
        activities=sum(row["n"] for row in rows),
        participants=participants,
        by_kind={row["kind"]: row["n"] for row in rows},
        by_group=by_group,
    )


def _record(
    fresh: Activity,
    result: str | None,
    counts: Mapping[str, int] | None,
    attendance: Mapping[UUID, int] | None,
    minutes: str | None,
) -> dict[str, Any]:
    """The fields to save; attendance is written at once."""
    fields: dict[str, Any] = {}
    if result is not None:
        fields["result"] = result.strip()
    if minutes is not None:
        fields["minutes"] = minutes.strip()
    for group, number in (counts or {}).items():
        if group not in GROUPS:
            raise InvalidInput("group_unknown", _("There is no such group of participants."), field="counts")
        if not 0 <= number <= 1_000_000:
            raise InvalidInput("count_wrong", _("Count people from 0 upwards."), field=group)
        fields[group] = number
    for institution, number in (attendance or {}).items():
        if not 0 <= number <= 30_000:
            raise InvalidInput("count_wrong", _("Count people from 0 upwards."), field="attendance")
        _row, new = Participation.objects.get_or_create(
            activity=fresh,
            institution_id=institution,
            defaults={"attended": number, "answer": InvitationAnswer.ACCEPTED},
        )
        if not new:
            Participation.objects.filter(activity=fresh, institution_id=institution).update(
                attended=number, updated_at=clock.now()
            )
    return fields


def _require_words(*, title: str, place: str) -> None:
    if not title.strip():
        raise InvalidInput("title_missing", _("Say in a few words what it is about."), field="title")
    if not place.strip():
        raise InvalidInput("place_missing", _("Say where it takes place."), field="place")
