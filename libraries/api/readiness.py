"""Readiness assessments and their follow-ups over the API (D6)."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import Input, ModelInput, NoteInput, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet, ReviseMixin
from libraries import questions
from libraries.api.rows import INSTITUTION_ID
from libraries.choices import AnswerValue, FilePurpose
from libraries.filters import AssessmentFilter, FollowUpFilter
from libraries.lifecycle import ASSESSMENT, FOLLOW_UP
from libraries.models import Answer, Assessment, FollowUp, Institution, Network, StoredFile
from libraries.services import follow_ups, readiness
from libraries.services.printing import readiness_pdf
from libraries.services.readiness import GivenAnswer
from libraries.services.stepping import roles_of


def _actions(row: Assessment, audience: Audience) -> list[str]:
    return ASSESSMENT.available(row.status, roles_of(audience.user, row)) if audience.user else []


def _follow_up_actions(row: FollowUp, audience: Audience) -> list[str]:
    return FOLLOW_UP.available(row.status, roles_of(audience.user, row)) if audience.user else []


def _readiness(row: Any, audience: Audience) -> int | None:
    if row.answered_on is None:
        return None
    return questions.readiness({answer.question: answer.value for answer in row.given}, row.question_set)


ACTIONS = serializers.ListField(
    child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
)


class AnswerRow(Row):
    has_evidence = Computed(
        serializers.BooleanField(help_text="Whether a file was handed in with it."),
        lambda row, audience: row.evidence_id is not None,
    )

    class Meta:
        model = Answer
        example = {"question": "catalogue", "value": "partly", "note": "Baru separuh.", "has_evidence": False}
        fields = ("question", "value", "note", "has_evidence")


class AssessmentRow(Row):
    url = Url("assessments")
    display = Display()
    office = Link("institutions")
    respondent = Link("institutions")
    network = Link("networks", allow_null=True)
    readiness = Computed(
        serializers.IntegerField(
            help_text="Share of what could be reached, 0–100; null until it is answered.", allow_null=True
        ),
        _readiness,
    )
    available_actions = Computed(ACTIONS, _actions)

    class Meta:
        model = Assessment
        example = {
            "display": "SDN 01 2026-11-02",
            "office": "Perpustakaan Bung Hatta",
            "respondent": "SDN 01",
            "network": None,
            "questions": "conditions-1",
            "readiness": 75,
            "status": "answered",
            "available_actions": ["review"],
        }
        fields: tuple[str, ...] = (
            "id",
            "url",
            "display",
            "office",
            "respondent",
            "network",
            "questions",
            "status",
            "asked_on",
            "due_on",
            "answered_on",
            "readiness",
            "available_actions",
            "created_at",
            "updated_at",
        )


class AssessmentDetail(AssessmentRow):
    answers = AnswerRow(many=True)

    class Meta(AssessmentRow.Meta):
        fields = (*AssessmentRow.Meta.fields, "message", "review_note", "answers")


class FollowUpRow(Row):
    url = Url("follow-ups")
    display = Display()
    assessment = Link("assessments")
    institution = Link("institutions", through=lambda row: row.assessment.respondent)
    available_actions = Computed(ACTIONS, _follow_up_actions)

    class Meta:
        model = FollowUp
        example = {
            "display": "Mulai daftar koleksi.",
            "assessment": "SDN 01 2026-11-02",
            "institution": "SDN 01",
            "question": "catalogue",
            "what": "Mulai daftar koleksi.",
            "who": "Guru pustakawan",
            "status": "open",
            "closed_on": None,
            "available_actions": ["complete", "drop"],
        }
        fields = (
            "id",
            "url",
            "display",
            "assessment",
            "institution",
            "question",
            "what",
            "who",
            "due_on",
            "status",
            "closed_on",
            "available_actions",
            "version",
            "created_at",
            "updated_at",
        )


class AssessmentInput(Input):
    office = Visible(Institution, help_text="The library that asks; you must work there.")
    respondent = Visible(Institution, required=False, help_text="Whom to ask about itself.")
    network = Visible(Network, required=False, help_text="Or a network: its focal point is asked.")
    due_on = serializers.DateField()
    message = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class EvidenceUpload(Input):
    file = serializers.FileField(help_text="A PDF, JPEG or PNG file.")


class EvidenceFile(Visible):
    """A file that the sender has handed in for an answer. Anybody else's is told like an unknown one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(StoredFile, **kwargs)

    def get_queryset(self) -> Any:
        request = self.context.get("request")
        sent = StoredFile.objects.filter(purpose=FilePurpose.EVIDENCE)
        return sent.filter(uploaded_by=request.user) if request else sent.none()


class KeptFileRow(serializers.ModelSerializer):
    """A file that was taken: its pictures are written anew, so size and hash are those of what is kept."""

    class Meta:
        model = StoredFile
        fields = ("id", "original_name", "content_type", "size", "sha256")
        read_only_fields = fields


class AnswerInput(Input):
    question = serializers.CharField(max_length=30, help_text="Code of a question of the set.")
    value = serializers.ChoiceField(choices=AnswerValue.choices)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)

    evidence = EvidenceFile(
        required=False, help_text="The id that `attach_evidence` answered; you must have sent it yourself."
    )


class AnswersInput(Input):
    answers = AnswerInput(many=True, help_text="One for each question.")


class ReviewInput(Input):
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class FollowUpChange(ModelInput):
    class Meta:
        model = FollowUp
        fields: tuple[str, ...] = ("what", "who", "due_on")


class FollowUpInput(FollowUpChange):
    assessment = Visible(Assessment, help_text="An answered one that your library asked for.")

    class Meta(FollowUpChange.Meta):
        fields = ("assessment", "question", *FollowUpChange.Meta.fields)


def answer(view: Any, row: Assessment, data: dict[str, Any]) -> Assessment:
    given = [GivenAnswer(**each) for each in data["answers"]]
    return readiness.answer_assessment(assessment=row, actor=view.actor, answers=given)


def attach_evidence(view: Any, row: Assessment, data: dict[str, Any]) -> StoredFile:
    return readiness.keep_evidence(assessment=row, actor=view.actor, upload=data["file"])


class AssessmentViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """How ready a partner or a network is: asked by an office, answered by themselves. Both sides see it."""

    scope_noun = "assessments"
    queryset = Assessment.objects.for_list().prefetch_related("answers")
    list_queryset = Assessment.objects.for_list()
    serializer_class = AssessmentRow
    detail_class = AssessmentDetail
    filterset_class = AssessmentFilter
    create_input = AssessmentInput
    create_example = {"office": INSTITUTION_ID, "respondent": INSTITUTION_ID, "due_on": "2026-12-07"}
    lives = (ASSESSMENT,)
    subject = "assessment"
    acts = {
        "answer": Act(
            readiness.answer_assessment,
            AnswersInput,
            says="Answer all questions at once. Each “partly” or “no” proposes a follow-up.",
            example={"answers": [{"question": "catalogue", "value": "partly", "note": "Baru separuh."}]},
            run=answer,
        ),
        "attach_evidence": Act(
            readiness.keep_evidence,
            EvidenceUpload,
            says=(
                "Hand in a file as multipart before you answer; name its id as the `evidence` of an answer. "
                "Only while the questions are open, and by whom may answer them."
            ),
            answers=KeptFileRow,
            run=attach_evidence,
            parsers=(MultiPartParser,),
            status=201,
        ),
        "review": Act(
            readiness.review_assessment,
            ReviewInput,
            says="Close it after the answers were talked over.",
            example={"note": "Dibahas dengan kepala sekolah."},
        ),
        "cancel": Act(
            readiness.cancel_assessment,
            NoteInput,
            says="Take questions back that nobody has answered.",
            example={"note": "Dikirim dua kali."},
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Assessment:
        return readiness.send_assessment(actor=self.actor, **data)

    @extend_schema(
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, "One page.")},
        operation_id="assessments_pdf",
    )
    @action(detail=True, methods=["get"])
    def pdf(self, request: Request, **kwargs: Any) -> HttpResponse:
        """The answers on one page, beside those of the time before."""
        return HttpResponse(readiness_pdf(self.acting_object()), content_type="application/pdf")


class FollowUpViewSet(EventsMixin, CreateMixin, ReviseMixin, ReadViewSet):
    """What is done about the gaps that an assessment has shown."""

    scope_noun = "follow-ups"
    queryset = FollowUp.objects.for_list()
    serializer_class = FollowUpRow
    filterset_class = FollowUpFilter
    create_input = FollowUpInput
    revise_input = FollowUpChange
    create_example = {
        "assessment": INSTITUTION_ID,
        "question": "catalogue",
        "what": "Mulai daftar koleksi dengan lembar kerja.",
        "who": "Guru pustakawan",
        "due_on": "2027-02-28",
    }
    revise_example = {"due_on": "2027-03-31"}
    lives = (FOLLOW_UP,)
    subject = "follow_up"
    acts = {
        "complete": Act(
            follow_ups.complete_follow_up,
            ReviewInput,
            says="It is done; either side may say so.",
            example={"note": "Katalog selesai."},
        ),
        "drop": Act(
            follow_ups.drop_follow_up,
            NoteInput,
            says="It will not be done, and why.",
            example={"note": "Sekolah pindah gedung."},
        ),
        "reopen": Act(follow_ups.reopen_follow_up, says="It is taken up again."),
    }

    def do_create(self, data: dict[str, Any]) -> FollowUp:
        return follow_ups.add_follow_up(actor=self.actor, **data)

    def do_revise(self, row: FollowUp, data: dict[str, Any]) -> FollowUp:
        return follow_ups.revise_follow_up(follow_up=row, actor=self.actor, version=row.version, **data)
