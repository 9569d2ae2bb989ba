from datetime import date

from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, StatusEvent, Versioned
from libraries.access import access_of
from libraries.choices import AnswerValue, AssessmentStatus, FollowUpStatus
from libraries.questions import SETS, QuestionSet

# What has been answered counts; what was given up does not.
COUNTED = (AssessmentStatus.ANSWERED, AssessmentStatus.REVIEWED)


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: object) -> "AssessmentQuerySet":
        """The office that asked, and the institution that was asked."""
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(Q(office__in=access.offices) | Q(respondent__in=access.institutions))

    def counted(self) -> "AssessmentQuerySet":
        return self.filter(status__in=COUNTED)

    def late(self, on: date) -> "AssessmentQuerySet":
        return self.filter(status=AssessmentStatus.SENT, due_on__lt=on)

    def for_list(self) -> "AssessmentQuerySet":
        """With whom it is about, and ``given``: its answers, read at once."""
        answers = Answer.objects.only("assessment_id", "question", "value")
        return self.select_related("office", "respondent", "network").prefetch_related(
            Prefetch("answers", answers, to_attr="given")
        )


class Assessment(Record):
    """How ready a partner, or a network, is to work together: asked on a day, answered by themselves (D6)."""

    office = models.ForeignKey(
        "libraries.Institution", verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    respondent = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        related_name="assessments",
        help_text=_("The partner itself; for a network, its focal point."),
    )
    network = models.ForeignKey(
        "libraries.Network",
        verbose_name=_("network"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assessments",
        help_text=_("Empty when the partner answers about itself."),
    )
    questions = models.CharField(_("questions"), max_length=30)
    message = models.TextField(_("message"), blank=True)
    asked_on = models.DateField(_("asked on"))
    due_on = models.DateField(_("to be answered by"))
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "libraries.User",
        verbose_name=_("filled in by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    review_note = models.TextField(_("what came of it"), blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=AssessmentStatus, default=AssessmentStatus.SENT, editable=False
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("readiness assessment")
        verbose_name_plural = _("readiness assessments")
        ordering = ("-asked_on", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=AssessmentStatus.values), name="assessment_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=COUNTED) | Q(answered_on__isnull=False),
                name="assessment_answered_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("asked_on")),
                name="assessment_due_after_asked",
                violation_error_message=_("The day to answer by cannot be before the day of asking."),
            ),
            models.UniqueConstraint(
                fields=["office", "respondent"],
                condition=Q(status=AssessmentStatus.SENT, network__isnull=True),
                name="assessment_one_open",
            ),
            models.UniqueConstraint(
                fields=["network"],
                condition=Q(status=AssessmentStatus.SENT),
                name="assessment_one_open_of_network",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(status="sent"), name="assessment_waiting"),
            models.Index(fields=["respondent", "-answered_on"], name="assessment_of_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.asked_on.isoformat()}"

    @property
    def about(self) -> models.Model:
        """Whom the answers are about."""
        return self.network or self.respondent

    @property
    def question_set(self) -> QuestionSet:
        return SETS[self.questions]


class Answer(models.Model):
    """The answer to one question of an assessment. Written once, with all the others."""

    assessment = models.ForeignKey("libraries.Assessment", on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(_("question"), max_length=30)
    value = models.CharField(_("answer"), max_length=6, choices=AnswerValue)
    note = models.TextField(_("note"), blank=True)
    evidence = models.ForeignKey(
        "libraries.StoredFile",
        verbose_name=_("evidence"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="answer_once"),
            models.CheckConstraint(condition=Q(value__in=AnswerValue.values), name="answer_known"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: object) -> "FollowUpQuerySet":
        """Both sides of the assessment that it came from."""
        return self.filter(assessment__in=Assessment.objects.visible_to(user))

    def open(self) -> "FollowUpQuerySet":
        return self.filter(status=FollowUpStatus.OPEN)

    def overdue(self, on: date) -> "FollowUpQuerySet":
        return self.open().filter(due_on__lt=on)

    def for_list(self) -> "FollowUpQuerySet":
        return self.select_related("assessment__respondent", "assessment__network", "assessment__office")


@audited()
class FollowUp(Versioned):
    """What is to be done about a gap: what, who, until when (D6)."""

    assessment = models.ForeignKey(
        "libraries.Assessment", on_delete=models.PROTECT, related_name="follow_ups"
    )
    question = models.CharField(_("condition"), max_length=30, blank=True)
    what = models.CharField(_("what is to be done"), max_length=400)
    who = models.CharField(
        _("who does it"),
        max_length=160,
        blank=True,
        help_text=_("The library, the school, or a position such as “teacher-librarian”."),
    )
    due_on = models.DateField(_("until"))
    status = models.CharField(
        _("status"), max_length=8, choices=FollowUpStatus, default=FollowUpStatus.OPEN, editable=False
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ("due_on", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=FollowUpStatus.values), name="follow_up_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=FollowUpStatus.OPEN, closed_on__isnull=True)
                | ~Q(status=FollowUpStatus.OPEN) & Q(closed_on__isnull=False),
                name="follow_up_closed_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(status="open"), name="follow_up_due")]

    def __str__(self) -> str:
        return self.what


class AssessmentEvent(StatusEvent):
    """One step in the life of an assessment."""

    subject = models.ForeignKey("libraries.Assessment", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"


class FollowUpEvent(StatusEvent):
    """One step in the life of a follow-up."""

    subject = models.ForeignKey("libraries.FollowUp", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"
