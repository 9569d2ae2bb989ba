from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.fields import Uuid7Field
from kerjasama.domain.models import StatusEvent, Versioned
from kerjasama.domain.wording import long_date
from mobile_service.choices import TripStatus
from mobile_service.models.fleet import OfficeOwnQuerySet


class TripQuerySet(OfficeOwnQuerySet["Trip"]):
    def for_list(self) -> "TripQuerySet":
        return self.select_related("office", "vehicle").prefetch_related("duties__member")


@audited()
class Trip(Versioned):
    """A vehicle's day out: its crew, what it loads, the stops in order, and what the odometer said (M3, M5, M6)."""

    office = models.ForeignKey(
        "libraries.Institution", verbose_name=_("library"), on_delete=models.PROTECT, related_name="+"
    )
    vehicle = models.ForeignKey(
        "mobile_service.Vehicle", verbose_name=_("vehicle"), on_delete=models.PROTECT, related_name="trips"
    )
    on = models.DateField(_("day"))
    leaves_at = models.TimeField(_("leaves at"), null=True, blank=True)
    back_at = models.TimeField(_("back by"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=TripStatus, default=TripStatus.PLANNED, editable=False
    )
    planned_km = models.DecimalField(
        _("kilometres planned"), max_digits=7, decimal_places=1, null=True, editable=False
    )
    odometer_start = models.PositiveIntegerField(_("odometer at the start"), null=True, blank=True)
    odometer_end = models.PositiveIntegerField(_("odometer at the end"), null=True, blank=True)
    started_at = models.DateTimeField(_("set off"), null=True, editable=False)
    finished_at = models.DateTimeField(_("back"), null=True, editable=False)
    note = models.TextField(_("note"), blank=True)
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = TripQuerySet.as_manager()

    class Meta:
        verbose_name = _("trip")
        verbose_name_plural = _("trips")
        ordering = ("-on", "vehicle")
        constraints = [
            # Two trips of one vehicle never overlap (R1): a day is one trip.
            models.UniqueConstraint(
                fields=["vehicle", "on"],
                condition=~Q(status=TripStatus.CANCELLED),
                name="trip_one_a_day",
                violation_error_message=_("This vehicle has a trip on that day already."),
            ),
            models.CheckConstraint(condition=Q(status__in=TripStatus.values), name="trip_status_known"),
            models.CheckConstraint(
                condition=Q(odometer_start__isnull=True)
                | Q(odometer_end__isnull=True)
                | Q(odometer_end__gte=F("odometer_start")),
                name="trip_odometer_forward",
                violation_error_message=_("The odometer cannot show less at the end than at the start."),
            ),
        ]
        indexes = [models.Index(fields=["office", "on"], name="trip_by_day")]

    def __str__(self) -> str:
        return f"{self.vehicle}, {long_date(self.on, get_language() or 'id')}"


class TripEvent(StatusEvent):
    subject = models.ForeignKey("mobile_service.Trip", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"


class Duty(models.Model):
    """Who is on a trip. ``on`` repeats the trip's day, so that the database keeps anybody out of two vans."""

    id = Uuid7Field()
    trip = models.ForeignKey("mobile_service.Trip", on_delete=models.CASCADE, related_name="duties")
    member = models.ForeignKey(
        "mobile_service.CrewMember",
        verbose_name=_("crew member"),
        on_delete=models.PROTECT,
        related_name="duties",
    )
    on = models.DateField(_("day"))

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "on"],
                name="duty_one_van_a_day",
                violation_error_message=_("This person is on another van on that day."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.on}"


class TripLoad(models.Model):
    """A delivery that rides with a visit: packed at the library, handed over at the stop (M6)."""

    id = Uuid7Field()
    visit = models.ForeignKey("mobile_service.Visit", on_delete=models.CASCADE, related_name="loads")
    consignment = models.OneToOneField("loans.Consignment", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("load of a trip")
        verbose_name_plural = _("loads of a trip")

    def __str__(self) -> str:
        return str(self.consignment)
