"""Reminding of readiness questions that nobody has answered (D6, L9)."""

from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from kerjasama.domain import clock
from kerjasama.domain.rungs import Ladder
from libraries import addresses
from libraries.choices import AssessmentStatus, Role
from libraries.models import Assessment, Notice
from libraries.services.ladders import phase_of, tone_of, unrecorded, zones_by_day
from libraries.services.notices import Announcement, announce_all, settle_where
from libraries.services.readiness import facts_of, lock_assessment, paths_of
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row, sweep

RULE = "assessment_due"
# Days relative to the day by which the answers are wanted.
ANSWERS = Ladder(-3, 1, 8)
# From this rung on the office is told too: perhaps a telephone call is better than a third mail.
OFFICE_FROM = 8
# News for the office leaves its page by itself.
NEWS_DAYS = 30


def remind_unanswered(*, batch: int = BATCH) -> Swept:
    """Remind three days before the day, the day after it, and a week later."""
    return sweep("libraries.remind_unanswered", partial(_remind_unanswered, batch))


def _remind_unanswered(batch: int) -> Swept:
    swept = Swept()
    old = clock.now() - clock.days(NEWS_DAYS)
    settle_where(Q(rule="assessment_answered", created_at__lt=old))
    hush()
    for today, zones in zones_by_day().items():
        due = unrecorded(unanswered(), rule=RULE, due="due_on", ladder=ANSWERS, today=today)
        swept += row_by_row(
            partial(keys_after, due.filter(office__zone__in=zones)), remind_of_questions, batch=batch
        )
    return swept


def unanswered() -> QuerySet[Assessment]:
    return Assessment.objects.filter(status=AssessmentStatus.SENT)


def hush() -> int:
    """Settle reminders of questions that are answered or taken back."""
    still_open = unanswered().filter(pk=OuterRef("subject_id"), due_on=OuterRef("due_on"))
    over = Notice.objects.open().filter(~Exists(still_open), rule=RULE)
    return settle_where(Q(pk__in=list(over.values_list("pk", flat=True))))


@transaction.atomic
def remind_of_questions(key: UUID) -> bool:
    """Tell the one who is asked, and late also the one who asks. Returns whether there was something to tell."""
    assessment = lock_assessment(Assessment(pk=key))
    today = clock.today(assessment.office.zone)
    rung = ANSWERS.reached(assessment.due_on, today)
    if assessment.status != AssessmentStatus.SENT or rung is None:
        return False
    facts = {**facts_of(assessment), **phase_of(assessment.due_on, today)}
    sides = [(assessment.respondent, "partner", paths_of(assessment), ())]
    if rung >= OFFICE_FROM:
        desk = addresses.assessment_for_desk(assessment.pk)
        sides.append((assessment.office, "lender", desk, (Role.OFFICER, Role.COORDINATOR)))  # type: ignore[arg-type]
    return (
        announce_all(
            Announcement(
                recipient=recipient,
                sender=assessment.office,
                rule=RULE,
                rung=rung,
                subject_kind="assessment",
                subject_id=assessment.pk,
                due_on=assessment.due_on,
                tone=tone_of(assessment.due_on, today),
                context={**facts, "side": side},
                path=path,
                roles=roles,
            )
            for recipient, side, path, roles in sides
        )
        > 0
    )
