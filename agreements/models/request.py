from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agreements.choices import (
    OPEN_REQUESTS,
    CooperationForm,
    RequestChannel,
    RequestSide,
    RequestStatus,
)
from kerjasama.domain.models import Record, StatusEvent
from libraries.access import access_of
from libraries.choices import InstitutionKind


class CooperationRequestQuerySet(models.QuerySet["CooperationRequest"]):
    def visible_to(self, user: object) -> "CooperationRequestQuerySet":
        """The office asked and the institution that asks. What a stranger has not confirmed yet bothers nobody."""
        access = access_of(user)
        confirmed = self.exclude(status=RequestStatus.UNCONFIRMED)
        if access.everything:
            return confirmed
        return confirmed.filter(Q(office__in=access.offices) | Q(institution__in=access.institutions))

    def open(self) -> "CooperationRequestQuerySet":
        return self.filter(status__in=OPEN_REQUESTS)

    def waiting_for(self, side: str) -> "CooperationRequestQuerySet":
        return self.open().filter(turn=side)

    def for_list(self) -> "CooperationRequestQuerySet":
        return self.select_related("office", "institution")


class CooperationRequest(Record):
    """Somebody wishes to cooperate: a partner in the portal, a stranger on the public page, or the library itself (A6).

    Not kept by the audit's triggers: what a stranger left must be erasable, and an audit table can only be added to. Who did
    what stands in its events. ``link_seed`` and ``link_digest`` belong to the secret link of a stranger; neither opens it.
    """

    office = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("library"),
        on_delete=models.PROTECT,
        related_name="requests_kept",
    )
    institution = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("institution"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
        help_text=_("Empty as long as a stranger's institution is not in the directory."),
    )
    came_by = models.CharField(_("came by"), max_length=10, choices=RequestChannel)
    status = models.CharField(_("status"), max_length=12, choices=RequestStatus, editable=False)
    turn = models.CharField(
        _("whose turn it is"), max_length=10, choices=RequestSide, blank=True, editable=False
    )
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(
        "libraries.User", verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    # What a stranger says about themselves: an official contact, never a pupil (UU 27/2022).
    institution_name = models.CharField(_("name of the institution"), max_length=200, blank=True)
    institution_kind = models.CharField(
        _("kind of institution"), max_length=20, choices=InstitutionKind, blank=True
    )
    institution_city = models.CharField(_("city"), max_length=80, blank=True)
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_position = models.CharField(_("position"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    contact_erased_at = models.DateTimeField(_("contact erased"), null=True, editable=False)
    language = models.CharField(max_length=2, default="id")
    link_seed = models.CharField(max_length=64, blank=True, editable=False)
    link_digest = models.CharField(max_length=64, blank=True, editable=False)

    subject = models.CharField(
        _("about"), max_length=200, help_text=_("What the cooperation is to be about, in a few words.")
    )
    wishes = models.TextField(_("what is wished for"), max_length=4000, validators=[MaxLengthValidator(4000)])
    forms = ArrayField(
        models.CharField(max_length=24, choices=CooperationForm),
        verbose_name=_("forms of cooperation"),
        default=list,
        blank=True,
    )
    wanted_from = models.DateField(_("wished start"), null=True, blank=True)
    wanted_months = models.PositiveSmallIntegerField(
        _("for how many months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    pupils = models.PositiveIntegerField(
        _("number of pupils"), null=True, blank=True, validators=[MaxValueValidator(100_000)]
    )
    books = models.PositiveSmallIntegerField(
        _("number of books"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(2000)],
    )

    meeting_on = models.DateField(_("meeting on"), null=True, blank=True, editable=False)
    meeting_time = models.TimeField(_("at"), null=True, blank=True, editable=False)
    meeting_place = models.CharField(_("place"), max_length=200, blank=True, editable=False)

    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closing_note = models.TextField(_("reason"), blank=True, editable=False)
    agreement = models.OneToOneField(
        "agreements.Agreement",
        verbose_name=_("agreement"),
        null=True,
        on_delete=models.PROTECT,
        related_name="origin",
        editable=False,
    )
    said_count = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text=_("How much was said so far; it numbers the notices about it.")
    )
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = CooperationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to cooperate")
        verbose_name_plural = _("requests to cooperate")
        ordering = ("-asked_at", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=RequestStatus.values), name="request_status_known"),
            models.CheckConstraint(
                condition=Q(institution__isnull=False) | ~Q(institution_name=""),
                name="request_says_who",
                violation_error_message=_("Say which institution it is about."),
            ),
            models.CheckConstraint(
                condition=Q(institution__isnull=True) | ~Q(office=F("institution")),
                name="request_two_sides",
                violation_error_message=_("A library cannot ask itself to cooperate."),
            ),
            models.CheckConstraint(
                condition=~Q(status=RequestStatus.ACCEPTED) | Q(agreement__isnull=False),
                name="request_accepted_has_agreement",
            ),
            models.CheckConstraint(
                condition=~Q(status=RequestStatus.UNCONFIRMED) | Q(came_by=RequestChannel.PUBLIC),
                name="request_unconfirmed_is_public",
            ),
            models.UniqueConstraint(
                fields=["link_digest"], condition=~Q(link_digest=""), name="request_link_once"
            ),
        ]
        indexes = [
            models.Index(fields=["office", "status"], name="request_by_office"),
            models.Index(fields=["asked_at"], condition=Q(status="unconfirmed"), name="request_unconfirmed"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def asker_name(self) -> str:
        """Who the other side is: the institution of the directory, else what the stranger typed."""
        return str(self.institution) if self.institution_id else self.institution_name

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_REQUESTS

    @property
    def is_outreach(self) -> bool:
        return self.came_by == RequestChannel.OUTREACH

    @property
    def by_mail(self) -> bool:
        """Whether the other side is reached by e-mail and the secret link instead of the portal."""
        return bool(self.contact_email and self.link_digest)

    @property
    def form_labels(self) -> list[str]:
        known = dict(CooperationForm.choices)
        return [str(known[code]) for code in CooperationForm.values if code in self.forms]


class RequestEvent(StatusEvent):
    """One step in the life of a request. ``by_link``: done by the stranger who holds the secret link."""

    subject = models.ForeignKey(
        "agreements.CooperationRequest", on_delete=models.CASCADE, related_name="events"
    )
    by_link = models.BooleanField(default=False)

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"


class RequestMessage(Record):
    """Something that one side said to the other about a request. Rows are only ever added."""

    request = models.ForeignKey(
        "agreements.CooperationRequest", on_delete=models.CASCADE, related_name="messages"
    )
    side = models.CharField(_("said by"), max_length=10, choices=RequestSide)
    author = models.ForeignKey(
        "libraries.User", verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("at"))
    text = models.TextField(_("text"), max_length=4000)
    attachment = models.ForeignKey(
        "libraries.StoredFile",
        verbose_name=_("attachment"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("message about a request")
        verbose_name_plural = _("messages about requests")
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.text[:60]
