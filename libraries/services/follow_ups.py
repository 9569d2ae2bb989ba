"""What is done about a gap: agreed on, changed, finished, dropped with a reason (D6)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted, TransitionRefused, refuse_unknown
from libraries.choices import AssessmentStatus, FollowUpStatus
from libraries.lifecycle import FOLLOW_UP, KEEPS
from libraries.models import Assessment, FollowUp, User
from libraries.services.readiness import lock_assessment
from libraries.services.stepping import require_reason, roles_of, take_step, write_event

EDITABLE = frozenset({"what", "who", "due_on"})


@transaction.atomic
def add_follow_up(
    *, assessment: Assessment, actor: User, what: str, due_on: date, who: str = "", question: str = ""
) -> FollowUp:
    """One more, beside those that were proposed. Raises TransitionRefused (``not_answered``), InvalidInput."""
    fresh = lock_assessment(assessment)
    if not roles_of(actor, fresh) & KEEPS:
        raise NotPermitted("role_missing", _("Only the office that asked adds follow-ups."))
    if fresh.status not in (AssessmentStatus.ANSWERED, AssessmentStatus.REVIEWED):
        raise TransitionRefused(
            "not_answered",
            _("There are no answers yet, so nothing follows from them."),
            facts={"state": fresh.status},
        )
    if question and question not in fresh.question_set.codes:
        raise InvalidInput("unknown_question", _("Choose one of the questions."), field="question")
    row = FollowUp(assessment=fresh, question=question, what=what.strip(), who=who.strip(), due_on=due_on)
    row.full_clean(exclude=["assessment"])
    row.save(force_insert=True)
    write_event(row, "add", actor=actor)
    return row


@transaction.atomic
def revise_follow_up(
    *, follow_up: FollowUp, actor: User, version: int | None = None, **changes: Any
) -> FollowUp:
    """Change what, who and until when, while it is open. Raises Conflict (``stale``), TransitionRefused (``closed``)."""
    fresh = lock_follow_up(follow_up)
    if not roles_of(actor, fresh) & KEEPS:
        raise NotPermitted("role_missing", _("Only the office that asked changes its follow-ups."))
    if fresh.status != FollowUpStatus.OPEN:
        raise TransitionRefused(
            "closed", _("It is closed. Open it again to change it."), facts={"state": fresh.status}
        )
    if version is not None and version != fresh.version:
        raise Conflict(
            "stale",
            _("Somebody else has changed this follow-up meanwhile. Read it again, then change it."),
            facts={"version": fresh.version},
        )
    refuse_unknown(changes, EDITABLE)
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.version += 1
    fresh.full_clean(exclude=["assessment"])
    fresh.save(update_fields=[*changes, "version", "updated_at"])
    return fresh


@transaction.atomic
def complete_follow_up(*, follow_up: FollowUp, actor: User, note: str = "") -> FollowUp:
    """It is done; whoever did it may say so, on either side."""
    fresh = lock_follow_up(follow_up)
    today = clock.today(fresh.assessment.office.zone)
    take_step(FOLLOW_UP, "complete", fresh, actor=actor, note=note.strip(), closed_on=today)
    return fresh


@transaction.atomic
def drop_follow_up(*, follow_up: FollowUp, actor: User, note: str) -> FollowUp:
    """It will not be done, and why."""
    fresh = lock_follow_up(follow_up)
    today = clock.today(fresh.assessment.office.zone)
    take_step(FOLLOW_UP, "drop", fresh, actor=actor, note=require_reason(note), closed_on=today)
    return fresh


@transaction.atomic
def reopen_follow_up(*, follow_up: FollowUp, actor: User) -> FollowUp:
    """It was not done after all, or is taken up again."""
    fresh = lock_follow_up(follow_up)
    take_step(FOLLOW_UP, "reopen", fresh, actor=actor, closed_on=None)
    return fresh


def lock_follow_up(follow_up: FollowUp) -> FollowUp:
    return (
        FollowUp.objects.select_for_update(of=("self",), no_key=True)
        .select_related("assessment__office", "assessment__respondent", "assessment__network")
        .get(pk=follow_up.pk)
    )
