from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, Versioned
from libraries.access import access_of
from mobile_service.choices import CrewFunction, Weekday
from mobile_service.models.place import place_is_whole

M = TypeVar("M", bound=models.Model)


class OfficeOwnQuerySet(models.QuerySet[M]):
    """What only the desk and the crew of the office see."""

    path = "office__in"

    def visible_to(self, user: object) -> Self:
        access = access_of(user)
        return self if access.everything else self.filter(**{self.path: access.offices})


class VehicleQuerySet(OfficeOwnQuerySet["Vehicle"]):
    def for_list(self) -> "VehicleQuerySet":
        return self.select_related("office").prefetch_related("hours", "outages")


@audited()
class Vehicle(Versioned):
    """A van of the mobile library: what it carries, when it drives, where it starts (M1)."""

    office = models.ForeignKey(
        "libraries.Institution", verbose_name=_("library"), on_delete=models.PROTECT, related_name="vehicles"
    )
    name = models.CharField(
        _("name"), max_length=80, help_text=_("What everybody calls it, such as Pusling 1.")
    )
    plate = models.CharField(_("number plate"), max_length=15, blank=True)
    boxes = models.PositiveSmallIntegerField(
        _("boxes it carries"), default=12, help_text=_("Rotation boxes beside its own books.")
    )
    own_books = models.PositiveIntegerField(_("books of its own"), default=0)
    rest_minutes = models.PositiveSmallIntegerField(_("rest a day (minutes)"), default=45)
    # Empty: it starts at the library.
    depot = models.CharField(_("where it starts"), max_length=200, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    # The secret of its calendar's address: a vehicle stops at places, too, that nobody else need know of.
    feed_key = models.CharField(max_length=43, unique=True, null=True, editable=False)
    is_active = models.BooleanField(_("in use"), default=True)
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = VehicleQuerySet.as_manager()

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                name="vehicle_name_once",
                violation_error_message=_("Another vehicle of this library has this name."),
            ),
            place_is_whole("vehicle_place_is_whole"),
        ]

    def __str__(self) -> str:
        return self.name


class VehicleHours(models.Model):
    """From when to when a vehicle is out on a weekday. No row: it stays at home."""

    vehicle = models.ForeignKey("mobile_service.Vehicle", on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts_at = models.TimeField(_("leaves at"))
    ends_at = models.TimeField(_("back by"))

    class Meta:
        verbose_name = _("hours of a vehicle")
        verbose_name_plural = _("hours of a vehicle")
        ordering = ("weekday",)
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "weekday"],
                name="vehicle_hours_once",
                violation_error_message=_("This weekday stands there already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="vehicle_hours_forward",
                violation_error_message=_("The vehicle must be back after it leaves."),
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="vehicle_hours_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts_at:%H.%M}–{self.ends_at:%H.%M}"


class OutageQuerySet(OfficeOwnQuerySet["Outage"]):
    path = "vehicle__office__in"


@audited()
class Outage(Record):
    """Days on which a vehicle cannot drive: workshop, tax, lent to another service."""

    vehicle = models.ForeignKey("mobile_service.Vehicle", on_delete=models.CASCADE, related_name="outages")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=120)

    objects = OutageQuerySet.as_manager()

    class Meta:
        verbose_name = _("days out of service")
        verbose_name_plural = _("days out of service")
        ordering = ("starts_on",)
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="outage_ends_after_start",
                violation_error_message=_("The last day cannot be before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.reason


class CrewMemberQuerySet(OfficeOwnQuerySet["CrewMember"]):
    def for_list(self) -> "CrewMemberQuerySet":
        return self.select_related("office", "user", "vehicle")


@audited()
class CrewMember(Versioned):
    """Who drives and who serves. ``vehicle`` is where the person usually is on duty."""

    office = models.ForeignKey(
        "libraries.Institution", verbose_name=_("library"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("name"), max_length=120)
    function = models.CharField(_("function"), max_length=10, choices=CrewFunction)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    user = models.ForeignKey(
        "libraries.User",
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    vehicle = models.ForeignKey(
        "mobile_service.Vehicle",
        verbose_name=_("usually on"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="crew",
    )
    feed_key = models.CharField(max_length=43, unique=True, null=True, editable=False)
    is_active = models.BooleanField(_("on duty"), default=True)
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = CrewMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("crew member")
        verbose_name_plural = _("crew members")
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                name="crew_member_name_once",
                violation_error_message=_("Somebody of this name is on the crew already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
