from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreementStatus, BookingStatus, EquipmentOpenTo
from agreements.models.party import Party
from kerjasama.domain import clock
from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, StatusEvent, Versioned
from libraries.access import access_of
from libraries.models import NetworkMember


class EquipmentQuerySet(models.QuerySet["Equipment"]):
    def visible_to(self, user: object) -> "EquipmentQuerySet":
        """Its owner's office, and those who may book it or have booked it."""
        access = access_of(user)
        if access.everything:
            return self
        if not access.institutions:
            return self.none()
        booked = Booking.objects.filter(institution__in=access.institutions).values("equipment")
        may = self.bookable_by(access.institutions, clock.today())
        return self.filter(Q(owner__in=access.offices) | may | Q(pk__in=booked))

    @staticmethod
    def bookable_by(institutions: object, on: date) -> Q:
        """The condition that somebody of ``institutions`` may book a tool ``on`` that day."""
        partners = Party.objects.filter(
            institution__in=institutions,
            agreement__status=AgreementStatus.ACTIVE,
            agreement__starts_on__lte=on,
            agreement__ends_on__gte=on,
        )
        networks = NetworkMember.objects.filter(institution__in=institutions, left_on__isnull=True)
        members = NetworkMember.objects.filter(network__in=networks.values("network"), left_on__isnull=True)
        return Q(is_active=True) & (
            Q(owner__in=partners.values("agreement__office"))
            | Q(open_to=EquipmentOpenTo.NETWORK, owner__in=members.values("institution"))
        )

    def for_list(self) -> "EquipmentQuerySet":
        return self.select_related("owner", "photograph")


@audited()
class Equipment(Versioned):
    """A tool that a library lets others use: a projector, a laminator, a book binder (F14)."""

    owner = models.ForeignKey(
        "libraries.Institution", verbose_name=_("owner"), on_delete=models.PROTECT, related_name="equipment"
    )
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(
        _("description"), blank=True, help_text=_("What it can do, and what belongs to it.")
    )
    place = models.CharField(
        _("where it is fetched"), max_length=200, help_text=_("Building, room, and who hands it out.")
    )
    open_to = models.CharField(
        _("who may book it"), max_length=10, choices=EquipmentOpenTo, default=EquipmentOpenTo.PARTNERS
    )
    photograph = models.ForeignKey(
        "libraries.StoredFile", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    is_active = models.BooleanField(_("can be booked"), default=True)
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = EquipmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("tool")
        verbose_name_plural = _("tools")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: object) -> "BookingQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(Q(equipment__owner__in=access.offices) | Q(institution__in=access.institutions))

    def for_list(self) -> "BookingQuerySet":
        return self.select_related("equipment__owner", "institution")


@audited()
class Booking(Record):
    """A tool wanted by an institution from one moment to another (F14)."""

    equipment = models.ForeignKey("agreements.Equipment", on_delete=models.PROTECT, related_name="bookings")
    institution = models.ForeignKey(
        "libraries.Institution", verbose_name=_("for"), on_delete=models.PROTECT, related_name="bookings"
    )
    begins_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    purpose = models.CharField(_("what for"), max_length=300)
    status = models.CharField(
        _("status"), max_length=10, choices=BookingStatus, default=BookingStatus.REQUESTED, editable=False
    )
    condition = models.TextField(_("condition when it came back"), blank=True)
    returned_at = models.DateTimeField(_("came back"), null=True, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ("begins_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="booking_ends_after_begin",
                violation_error_message=_("The booking must end after it begins."),
            ),
            models.CheckConstraint(condition=Q(status__in=BookingStatus.values), name="booking_status_known"),
            ExclusionConstraint(
                name="booking_not_twice",
                expressions=[
                    ("equipment", RangeOperators.EQUAL),
                    (
                        Func("begins_at", "ends_at", function="TSTZRANGE", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(status=BookingStatus.CONFIRMED),
                violation_error_message=_("The tool is already given away for this time."),
            ),
        ]
        indexes = [
            models.Index(fields=["equipment", "begins_at"], name="booking_by_time"),
            models.Index(fields=["institution", "status"], name="booking_by_institution"),
        ]

    def __str__(self) -> str:
        return f"{self.equipment} – {self.institution}"


class BookingEvent(StatusEvent):
    """One step in the life of a booking."""

    subject = models.ForeignKey("agreements.Booking", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"
