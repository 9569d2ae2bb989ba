from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, StatusEvent
from libraries.access import access_of
from mobile_service.choices import RequestStatus
from mobile_service.models.place import place_is_whole


class VisitRequestQuerySet(models.QuerySet["VisitRequest"]):
    def visible_to(self, user: object) -> "VisitRequestQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(Q(office__in=access.offices) | Q(partner__in=access.institutions))

    def for_list(self) -> "VisitRequestQuerySet":
        return self.select_related("office", "partner", "stop", "visit__stop")


@audited()
class VisitRequest(Record):
    """A school or a village asks for the van: at its stop, or at a place that is none yet (M7)."""

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
    status = models.CharField(
        _("status"), max_length=10, choices=RequestStatus, default=RequestStatus.OPEN, editable=False
    )
    proposed_at = models.DateTimeField(_("proposed for"), null=True, editable=False)
    answer = models.CharField(_("answer"), max_length=300, blank=True, editable=False)
    visit = models.ForeignKey(
        "mobile_service.Visit",
        verbose_name=_("visit"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="requests",
        editable=False,
    )
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


class VisitRequestEvent(StatusEvent):
    subject = models.ForeignKey(
        "mobile_service.VisitRequest", on_delete=models.CASCADE, related_name="events"
    )

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"
