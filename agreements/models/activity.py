from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agreements.choices import ActivityKind, ActivityStatus, Ground, InvitationAnswer
from agreements.grounds import GROUPS
from kerjasama.domain.audit import audited
from kerjasama.domain.fields import Uuid7Field
from kerjasama.domain.models import Record, StatusEvent, Versioned
from libraries.access import access_of


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, user: object) -> "ActivityQuerySet":
        """The office that runs it, whoever was invited, and the institution that sends interns."""
        access = access_of(user)
        if access.everything:
            return self
        invited = Participation.objects.filter(institution__in=access.institutions).values("activity")
        return self.filter(
            Q(office__in=access.offices) | Q(pk__in=invited) | Q(cohort__sender__in=access.institutions)
        )

    def open(self) -> "ActivityQuerySet":
        return self.filter(status__in=[ActivityStatus.PLANNED, ActivityStatus.INVITED])

    def between(self, first: date, last: date) -> "ActivityQuerySet":
        """Those of which at least one day lies from ``first`` to ``last``, both included."""
        return self.filter(begins_on__lte=last, ends_on__gte=first)

    def for_list(self) -> "ActivityQuerySet":
        return self.select_related("office", "agreement").prefetch_related("participations__institution")


def group_field(label: object) -> "models.PositiveIntegerField[int, int]":
    return models.PositiveIntegerField(label, default=0)


@audited()
class Activity(Versioned):
    """Something that an office does together with others: dates, partners, figures, result (A12, F9, F11, F12).

    Participants are counted by group; no pupil is ever named. ``begins_on`` and ``ends_on`` are the civil dates of the
    two moments in the office's own zone: what calendars and periods ask for.
    """

    office = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("office"),
        on_delete=models.PROTECT,
        related_name="run_activities",
        help_text=_("The library that runs it."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ActivityKind)
    title = models.CharField(_("about"), max_length=200)
    agreement = models.ForeignKey(
        "agreements.Agreement",
        verbose_name=_("under"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
        help_text=_("The agreement that it carries out."),
    )
    ground = models.CharField(_("ground"), max_length=10, choices=Ground, editable=False)
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    begins_on = models.DateField(_("first day"), editable=False)
    ends_on = models.DateField(_("last day"), editable=False)
    place = models.CharField(_("place"), max_length=200)
    plan = models.TextField(_("what is planned"), blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=ActivityStatus, default=ActivityStatus.PLANNED, editable=False
    )
    pupils = group_field(_("pupils"))
    students = group_field(_("students"))
    teachers = group_field(_("teachers"))
    librarians = group_field(_("librarians"))
    parents = group_field(_("parents"))
    public = group_field(_("general public"))
    minutes = models.TextField(_("minutes"), blank=True)
    result = models.TextField(_("result"), blank=True)
    minutes_document = models.ForeignKey(
        "libraries.Document", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ("-begins_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="activity_ends_after_begin",
                violation_error_message=_("The activity must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=ActivityStatus.values), name="activity_status_known"
            ),
            models.CheckConstraint(
                condition=Q(agreement__isnull=False) | Q(ground=Ground.FREE), name="activity_has_its_ground"
            ),
        ]
        indexes = [
            models.Index(fields=["office", "begins_on"], name="activity_by_day"),
            models.Index(
                fields=["begins_on"], condition=Q(status__in=["planned", "invited"]), name="activity_coming"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def people(self) -> int:
        """How many took part, all groups together."""
        return sum(getattr(self, group) for group in GROUPS)


class ActivityEvent(StatusEvent):
    """One step in the life of an activity."""

    subject = models.ForeignKey("agreements.Activity", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"


class Participation(Record):
    """A partner institution at an activity: invited, its answer, and with how many it came."""

    activity = models.ForeignKey(
        "agreements.Activity", on_delete=models.CASCADE, related_name="participations"
    )
    institution = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        related_name="participations",
    )
    answer = models.CharField(
        _("answer"), max_length=10, choices=InvitationAnswer, default=InvitationAnswer.WAITING
    )
    expected = models.PositiveSmallIntegerField(_("how many come"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    attended = models.PositiveSmallIntegerField(_("came with"), null=True, blank=True)

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ("activity", "created_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "institution"],
                name="participation_once",
                violation_error_message=_("This institution is already invited."),
            )
        ]

    def __str__(self) -> str:
        return str(self.institution)


class Attendee(Record):
    """An official contact, an adult in an office, who took part; and the certificate given."""

    activity = models.ForeignKey("agreements.Activity", on_delete=models.CASCADE, related_name="attendees")
    person = models.ForeignKey(
        "libraries.Person", verbose_name=_("person"), on_delete=models.CASCADE, related_name="+"
    )
    certificate = models.ForeignKey(
        "libraries.Document", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ("activity", "created_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"],
                name="attendee_once",
                violation_error_message=_("This person is already on the list."),
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class Evidence(models.Model):
    """A photograph or paper that shows that the activity took place."""

    id = Uuid7Field()
    activity = models.ForeignKey("agreements.Activity", on_delete=models.CASCADE, related_name="evidence")
    file = models.ForeignKey("libraries.StoredFile", on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(_("what it shows"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.caption or str(self.file)
