from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, StatusEvent
from libraries.access import access_of
from mobile_service.choices import OPEN_REQUESTS, RequestStatus
from mobile_service.models.place import place_is_whole


class VisitRequestQuerySet(models.QuerySet["VisitRequest"]):
    def visible_to(self, user: object) -> "VisitRequestQuerySet":
        """The office asked and the partner that asks.

        What a stranger has not confirmed from the mailbox bothers nobody; one who gave only a telephone is called by the desk.
        """
        access = access_of(user)
        heard = self.exclude(status=RequestStatus.UNCONFIRMED, asker_email__gt="")
        if access.everything:
            return heard
        return heard.filter(Q(office__in=access.offices) | Q(partner__in=access.institutions))

    def open(self) -> "VisitRequestQuerySet":
        return self.filter(status__in=OPEN_REQUESTS)

    def for_list(self) -> "VisitRequestQuerySet":
        return self.select_related("office", "partner", "stop__partner", "visit__vehicle", "proposed_vehicle")


@audited(exclude=["asker_name", "asker_phone", "asker_email", "link_seed", "link_digest", "told_count"])
class VisitRequest(Record):
    """A school or a village asks for the van: at its stop, or at a place that is none yet (M7).

    What a stranger says about themselves, and the secret link, stay out of the audit, whose tables can only be added to.
    """

    office = models.ForeignKey(
        "libraries.Institution", verbose_name=_("library"), on_delete=models.PROTECT, related_name="+"
    )
    partner = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("school or partner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="visit_requests",
    )
    stop = models.ForeignKey(
        "mobile_service.Stop",
        verbose_name=_("stop"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
    )
    place = models.CharField(
        _("place"), max_length=200, blank=True, help_text=_("Where, if it is no stop yet.")
    )
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    wanted_on = ArrayField(
        models.DateField(), verbose_name=_("days that suit"), default=list, blank=True, size=5
    )
    wanted_from = models.TimeField(_("not before"), null=True, blank=True)
    wanted_until = models.TimeField(_("not after"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes needed"), default=60)
    people = models.PositiveSmallIntegerField(_("people expected"), null=True, blank=True)
    occasion = models.TextField(_("what for"))
    # Of somebody who asks on the public page: erased when the matter is over.
    asker_name = models.CharField(_("name"), max_length=120, blank=True)
    asker_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    asker_email = models.EmailField(_("e-mail"), blank=True)
    is_from_outside = models.BooleanField(_("asked on the public page"), default=False, editable=False)
    asked_by = models.ForeignKey(
        "libraries.User", verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(max_length=2, default="id", editable=False)
    link_seed = models.CharField(max_length=64, blank=True, editable=False)
    link_digest = models.CharField(max_length=64, blank=True, editable=False)
    contact_erased_at = models.DateTimeField(_("contact erased"), null=True, editable=False)
    status = models.CharField(
        _("status"), max_length=12, choices=RequestStatus, default=RequestStatus.OPEN, editable=False
    )
    proposed_at = models.DateTimeField(_("proposed for"), null=True, editable=False)
    proposed_vehicle = models.ForeignKey(
        "mobile_service.Vehicle",
        verbose_name=_("vehicle proposed"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    answer = models.CharField(_("answer"), max_length=300, blank=True, editable=False)
    visit = models.ForeignKey(
        "mobile_service.Visit",
        verbose_name=_("visit"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="requests",
        editable=False,
    )
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    # How much was said so far: it numbers the notices, so that nothing is told twice.
    told_count = models.PositiveSmallIntegerField(default=0, editable=False)
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = VisitRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit request")
        verbose_name_plural = _("visit requests")
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=RequestStatus.values), name="visit_request_status_known"
            ),
            place_is_whole("visit_request_place_is_whole"),
            models.CheckConstraint(
                condition=Q(partner__isnull=False) | Q(is_from_outside=True), name="visit_request_says_who"
            ),
            models.CheckConstraint(
                condition=Q(stop__isnull=False) | ~Q(place=""),
                name="visit_request_says_where",
                violation_error_message=_("Say where the van is to come."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(5, 480)),
                name="visit_request_minutes_sane",
                violation_error_message=_("A visit takes 5 minutes to 8 hours."),
            ),
            models.CheckConstraint(
                condition=~Q(status=RequestStatus.UNCONFIRMED) | Q(is_from_outside=True),
                name="visit_request_unconfirmed_is_outside",
            ),
            models.UniqueConstraint(
                fields=["link_digest"], condition=~Q(link_digest=""), name="visit_request_link_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "created_at"],
                condition=Q(status__in=["open", "proposed"]),
                name="visit_request_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.stop or self.place}"

    @property
    def who(self) -> str:
        """Who asks: the partner, else what the stranger typed, as long as it is kept."""
        return str(self.partner) if self.partner_id else self.asker_name

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_REQUESTS

    @property
    def by_mail(self) -> bool:
        """Whether the other side is reached by e-mail and the secret link."""
        return bool(self.asker_email and self.link_digest)

    @property
    def by_telephone(self) -> bool:
        """Whether nobody but a person with a telephone reaches the other side."""
        return self.is_from_outside and not self.asker_email and not self.partner_id


class VisitRequestEvent(StatusEvent):
    """One step in the life of a request. ``by_link``: done by the stranger who holds the secret link."""

    subject = models.ForeignKey(
        "mobile_service.VisitRequest", on_delete=models.CASCADE, related_name="events"
    )
    by_link = models.BooleanField(default=False)

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"
