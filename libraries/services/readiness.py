"""Readiness assessments: asked of one partner or of many, answered, reviewed; gaps become follow-ups (D6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries import addresses, questions
from libraries.access import roles_toward
from libraries.choices import AnswerValue, AssessmentStatus, FilePurpose, NetworkStatus, Role, Tone
from libraries.lifecycle import ASSESSMENT, KEEPS
from libraries.models import Answer, Assessment, FollowUp, Institution, Network, StoredFile, User
from libraries.services.files import keep_upload
from libraries.services.networks import focal_point, lock_network
from libraries.services.notices import Announcement, announce_all, settle
from libraries.services.stepping import require_reason, roles_of, take_step, write_event

# What a gap is given to be closed, when nobody says otherwise: half a term.
FOLLOW_UP_DAYS = 90
# The language in which the proposals are written down; they are edited by people afterwards.
FOLLOW_UP_LANGUAGE = "id"
NOTE_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One answer as it is handed in."""

    question: str
    value: str
    note: str = ""
    evidence: StoredFile | None = None


@dataclass(slots=True)
class SentReport:
    """What came of asking many: those asked now, and those who still have questions to answer."""

    sent: list[Assessment] = field(default_factory=list)
    waiting: list[Institution] = field(default_factory=list)


@transaction.atomic
def send_assessment(
    *,
    actor: User,
    office: Institution,
    due_on: date,
    respondent: Institution | None = None,
    network: Network | None = None,
    message: str = "",
) -> Assessment:
    """Ask a partner about itself, or a network's focal point about the network. It is told at once.

    Raises NotPermitted; InvalidInput (``nobody_asked``, ``due_in_the_past``, ``no_focal_point``); Conflict
    (``already_asked``, ``network_at_rest``).
    """
    _require_keeper(actor, office)
    today = clock.today(office.zone)
    _require_due(due_on, today)
    if network is not None:
        respondent = _speaker_of(network, office)
    if respondent is None:
        raise InvalidInput("nobody_asked", _("Choose who is to answer."), field="respondent")
    open_ones = Assessment.objects.filter(status=AssessmentStatus.SENT, network=network)
    if network is None:
        open_ones = open_ones.filter(office=office, respondent=respondent)
    if open_ones.exists():
        raise Conflict(
            "already_asked",
            _(
                "%(respondent)s still has questions to answer. Wait for the answers, or take the questions back."
            )
            % {"respondent": network or respondent},
        )
    return _send(actor, office, [respondent], today, due_on, network, message)[0]


@transaction.atomic
def send_assessments(
    *, actor: User, office: Institution, respondents: Iterable[Institution], due_on: date, message: str = ""
) -> SentReport:
    """Ask many partners at once. Who still has questions to answer is left alone and named in the report.

    Raises NotPermitted, InvalidInput (``nobody_asked``, ``due_in_the_past``).
    """
    _require_keeper(actor, office)
    today = clock.today(office.zone)
    _require_due(due_on, today)
    asked = {row.pk: row for row in respondents if row.pk != office.pk}
    if not asked:
        raise InvalidInput("nobody_asked", _("Tick at least one institution."), field="respondents")
    waiting = set(
        Assessment.objects.filter(
            office=office, respondent__in=asked, status=AssessmentStatus.SENT, network__isnull=True
        ).values_list("respondent", flat=True)
    )
    fresh = [row for key, row in asked.items() if key not in waiting]
    return SentReport(
        _send(actor, office, fresh, today, due_on, None, message),
        [row for key, row in asked.items() if key in waiting],
    )


@transaction.atomic
def answer_assessment(*, assessment: Assessment, actor: User, answers: Sequence[GivenAnswer]) -> Assessment:
    """All answers at once. Each "partly" or "no" proposes a follow-up; the office is told.

    Raises InvalidInput (``unanswered`` naming the first open question, ``unknown_question``, ``answered_twice``,
    ``unknown_answer``, ``foreign_evidence``).
    """
    fresh = lock_assessment(assessment)
    asked = fresh.question_set
    today = clock.today(fresh.office.zone)
    take_step(ASSESSMENT, "answer", fresh, actor=actor, answered_on=today, answered_by=actor)
    given = _checked(fresh, answers)
    Answer.objects.bulk_create(
        Answer(
            assessment=fresh,
            question=code,
            value=given[code].value,
            note=given[code].note.strip()[:NOTE_LENGTH],
            evidence=given[code].evidence,
        )
        for code in asked.codes
    )
    _propose(fresh, {code: it.value for code, it in given.items()}, today, actor)
    settle(fresh.pk)
    announce_all(
        [
            Announcement(
                recipient=fresh.office,
                sender=fresh.office,
                rule="assessment_answered",
                subject_kind="assessment",
                subject_id=fresh.pk,
                due_on=today,
                context={
                    "about": str(fresh.about),
                    "readiness": questions.readiness({c: it.value for c, it in given.items()}, asked),
                    "gaps": len(questions.gaps({c: it.value for c, it in given.items()}, asked)),
                    "on": today,
                },
                path=addresses.assessment_for_desk(fresh.pk),
                roles=(Role.OFFICER, Role.COORDINATOR),
            )
        ]
    )
    return fresh


def keep_evidence(
    *, assessment: Assessment, actor: User, upload: "UploadedFile[bytes]", field: str = "file"
) -> StoredFile:
    """Keep a file that goes with an answer before the answers are handed in; it belongs to who is asked.

    Raises NotPermitted or TransitionRefused where the actor cannot answer now, and InvalidInput as ``keep_upload`` does.
    """
    # Asked before anything is written to the disk.
    ASSESSMENT.ask("answer", assessment.status, roles_of(actor, assessment))
    return keep_upload(
        upload,
        owner=assessment.respondent,
        counterpart=assessment.office,
        purpose=FilePurpose.EVIDENCE,
        actor=actor,
        field=field,
    )


@transaction.atomic
def review_assessment(*, assessment: Assessment, actor: User, note: str = "") -> Assessment:
    """Close it: the answers were talked over and the follow-ups are as they should be."""
    fresh = lock_assessment(assessment)
    take_step(ASSESSMENT, "review", fresh, actor=actor, note=note.strip(), review_note=note.strip())
    settle(fresh.pk)
    return fresh


@transaction.atomic
def cancel_assessment(*, assessment: Assessment, actor: User, note: str) -> Assessment:
    """Take questions back that nobody has answered, with a reason; reminders fall silent."""
    fresh = lock_assessment(assessment)
    take_step(ASSESSMENT, "cancel", fresh, actor=actor, note=require_reason(note))
    settle(fresh.pk)
    return fresh


def lock_assessment(assessment: Assessment) -> Assessment:
    return (
        Assessment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office", "respondent", "network")
        .get(pk=assessment.pk)
    )


def previous_of(assessment: Assessment) -> Assessment | None:
    """The one answered before it about the same partner or network, with the same questions."""
    return (
        Assessment.objects.counted()
        .filter(
            office=assessment.office_id,
            network=assessment.network_id,
            questions=assessment.questions,
            created_at__lt=assessment.created_at,
        )
        .filter(**({} if assessment.network_id else {"respondent": assessment.respondent_id}))
        .prefetch_related("answers")
        .order_by("-answered_on", "-created_at")
        .first()
    )


def paths_of(assessment: Assessment) -> str:
    """Where the one who is asked answers: schools in the portal, libraries that work here at their desk."""
    if assessment.respondent.is_office:
        return addresses.answering_for_desk(assessment.pk)
    return addresses.assessment_for_partner(assessment.pk)


def _send(
    actor: User,
    office: Institution,
    respondents: Sequence[Institution],
    today: date,
    due_on: date,
    network: Network | None,
    message: str,
) -> list[Assessment]:
    """A row, its event and its notice for each; the number of statements grows with the rows, the notices are one."""
    current = questions.CURRENT["network" if network else "partner"].code
    sent = []
    for respondent in respondents:
        row = Assessment(
            office=office,
            respondent=respondent,
            network=network,
            questions=current,
            message=message.strip(),
            asked_on=today,
            due_on=due_on,
        )
        row.save(force_insert=True)
        write_event(row, "send", actor=actor)
        sent.append(row)
    announce_all(
        Announcement(
            recipient=row.respondent,
            sender=office,
            rule="assessment_sent",
            subject_kind="assessment",
            subject_id=row.pk,
            due_on=due_on,
            tone=Tone.DUE,
            context=facts_of(row),
            path=paths_of(row),
        )
        for row in sent
    )
    return sent


def facts_of(assessment: Assessment) -> dict[str, object]:
    """What the sentences of its notices are made of."""
    return {
        "school": str(assessment.respondent),
        "lender": str(assessment.office),
        "network": str(assessment.network or ""),
        "questions": len(assessment.question_set.codes),
        "message": assessment.message,
        "due_on": assessment.due_on,
    }


def _propose(assessment: Assessment, values: Mapping[str, str], today: date, actor: User) -> None:
    """One follow-up for each gap, in the words of the question; people change them afterwards."""
    due_on = today + clock.days(FOLLOW_UP_DAYS)
    asked = assessment.question_set
    with translation.override(FOLLOW_UP_LANGUAGE):
        rows = [
            FollowUp(
                assessment=assessment,
                question=code,
                what=str(asked.question(code).gap),
                who=str(assessment.about),
                due_on=due_on,
            )
            for code in questions.gaps(values, asked)
        ]
    for row in rows:
        row.save(force_insert=True)
        write_event(row, "propose", actor=actor)


def _checked(assessment: Assessment, answers: Sequence[GivenAnswer]) -> dict[str, GivenAnswer]:
    asked = assessment.question_set
    given: dict[str, GivenAnswer] = {}
    for answer in answers:
        if answer.question not in asked.codes:
            raise InvalidInput(
                "unknown_question",
                _("“%(question)s” is not one of the questions.") % {"question": answer.question},
                field="answers",
            )
        if answer.question in given:
            raise InvalidInput(
                "answered_twice",
                _("“%(question)s” is answered twice. Send one answer to each question.")
                % {"question": asked.question(answer.question).label},
                field="answers",
            )
        if answer.value not in AnswerValue.values:
            raise InvalidInput("unknown_answer", _("Answer with yes, partly or no."), field=answer.question)
        file = answer.evidence
        if file is not None and assessment.respondent_id not in (file.owner_id, file.counterpart_id):
            raise InvalidInput(
                "foreign_evidence",
                _("This file belongs to somebody else. Upload it here again."),
                field="answers",
            )
        given[answer.question] = answer
    open_ones = [code for code in asked.codes if code not in given]
    if open_ones:
        raise InvalidInput(
            "unanswered",
            _("Not answered yet: %(questions)s. Choose yes, partly or no for each.")
            % {"questions": ", ".join(str(asked.question(code).label) for code in open_ones)},
            facts={"missing": open_ones, "state": AssessmentStatus.SENT},
            field="answers",
        )
    return given


def _speaker_of(network: Network, office: Institution) -> Institution:
    if network.office_id != office.pk:
        raise NotPermitted("role_missing", _("Only the office that keeps the network asks it."))
    fresh = lock_network(network)
    if fresh.status == NetworkStatus.DISSOLVED:
        raise Conflict("network_at_rest", _("This network is dissolved; nobody answers for it any more."))
    focal = focal_point(fresh)
    if focal is None:
        raise InvalidInput(
            "no_focal_point", _("The network has no focal point to ask. Appoint one first."), field="network"
        )
    return focal.institution


def _require_keeper(actor: User, office: Institution) -> None:
    if not office.is_office or not roles_toward(actor, office=office.pk) & KEEPS:
        raise NotPermitted(
            "role_missing",
            _("Only a cooperation officer or a network coordinator of %(office)s sends these questions.")
            % {"office": office},
        )


def _require_due(due_on: date, today: date) -> None:
    if due_on < today:
        raise InvalidInput(
            "due_in_the_past",
            _("The day to answer by has already passed. Choose a later one."),
            field="due_on",
        )
