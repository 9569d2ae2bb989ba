from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, Versioned
from libraries.access import access_of
from mobile_service.choices import StopKind, Weekday
from mobile_service.models.fleet import OfficeOwnQuerySet
from mobile_service.models.place import place_is_whole


class StopQuerySet(models.QuerySet["Stop"]):
    def visible_to(self, user: object) -> "StopQuerySet":
        """The office's desk and crew; a school the stops at its own gate."""
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(Q(office__in=access.offices) | Q(partner__in=access.institutions))

    def public(self) -> "StopQuerySet":
        """What anybody may know of."""
        return self.filter(is_public=True, is_active=True)

    def for_list(self) -> "StopQuerySet":
        return self.select_related("office", "partner", "vehicle", "hours_proposal").prefetch_related(
            "windows"
        )


@audited()
class Stop(Versioned):
    """Where the van stands: at a school or a village place, when it may come, for how long and how often (M1)."""

    office = models.ForeignKey(
        "libraries.Institution", verbose_name=_("library"), on_delete=models.PROTECT, related_name="stops"
    )
    partner = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("school or partner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="van_stops",
        help_text=_("Empty for a village place."),
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address name"), max_length=80, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=StopKind)
    address = models.CharField(_("address"), max_length=200, blank=True)
    community = models.CharField(
        _("village or neighbourhood"), max_length=80, blank=True, help_text=_("Kelurahan, nagari or desa.")
    )
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes needed"), default=60)
    every_weeks = models.PositiveSmallIntegerField(
        _("wanted every (weeks)"), default=4, help_text=_("1 is every week; 13 is once a quarter.")
    )
    same_weekday = models.BooleanField(_("always on the same weekday"), default=True)
    vehicle = models.ForeignKey(
        "mobile_service.Vehicle",
        verbose_name=_("only this vehicle"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    closed_on = ArrayField(
        models.DateField(), verbose_name=_("days on which it cannot be"), default=list, blank=True
    )
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_phone = models.CharField(_("contact's telephone"), max_length=30, blank=True)
    hint = models.CharField(
        _("how to find it"), max_length=200, blank=True, help_text=_("Where to park, which gate.")
    )
    is_public = models.BooleanField(
        _("public"), default=True, help_text=_("Anybody may come; it is shown on the public calendar.")
    )
    feed_key = models.CharField(max_length=43, unique=True, null=True, editable=False)
    is_active = models.BooleanField(_("visited"), default=True)
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = StopQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                name="stop_name_once",
                violation_error_message=_("Another stop of this library has this name."),
            ),
            place_is_whole("stop_place_is_whole"),
            models.CheckConstraint(condition=Q(kind__in=StopKind.values), name="stop_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind="school") | Q(partner__isnull=False),
                name="stop_school_is_partner",
                violation_error_message=_("Choose the school of this stop."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(5, 480)),
                name="stop_minutes_sane",
                violation_error_message=_("A visit takes 5 minutes to 8 hours."),
            ),
            models.CheckConstraint(
                condition=Q(every_weeks__range=(1, 52)),
                name="stop_every_weeks_sane",
                violation_error_message=_("A stop is wanted every 1 to 52 weeks."),
            ),
        ]
        indexes = [models.Index(fields=["office", "is_active"], name="stop_by_office")]

    def __str__(self) -> str:
        return self.name


class StopWindow(models.Model):
    """From when to when the van may stand there on a weekday; several a day. No row for a stop: any time."""

    stop = models.ForeignKey("mobile_service.Stop", on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    opens_at = models.TimeField(_("from"))
    closes_at = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("time window")
        verbose_name_plural = _("time windows")
        ordering = ("weekday", "opens_at")
        constraints = [
            models.UniqueConstraint(fields=["stop", "weekday", "opens_at"], name="stop_window_once"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="stop_window_forward",
                violation_error_message=_("A time window ends after it begins."),
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="stop_window_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H.%M}–{self.closes_at:%H.%M}"


class TravelTimeQuerySet(OfficeOwnQuerySet):
    def for_list(self) -> "TravelTimeQuerySet":
        return self.select_related("office", "origin", "target")

    def typed(self) -> "TravelTimeQuerySet":
        """What a person knows; the others are kept answers of a road engine."""
        return self.filter(is_typed=True)


class TravelTime(Record):
    """How long the drive takes from one place to the next, where somebody or a road engine knows it better than the crow.

    No stop at either end means the depot.
    """

    office = models.ForeignKey("libraries.Institution", on_delete=models.CASCADE, related_name="+")
    origin = models.ForeignKey("mobile_service.Stop", null=True, on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey("mobile_service.Stop", null=True, on_delete=models.CASCADE, related_name="+")
    minutes = models.DecimalField(_("minutes"), max_digits=6, decimal_places=1)
    kilometres = models.DecimalField(_("kilometres"), max_digits=7, decimal_places=2, null=True)
    is_typed = models.BooleanField(_("typed by hand"), default=False)

    objects = TravelTimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("driving time")
        verbose_name_plural = _("driving times")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "origin", "target"], name="travel_time_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(minutes__gte=0), name="travel_time_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.origin or '–'} → {self.target or '–'}"
