from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Upper
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Versioned
from libraries.access import access_of
from libraries.choices import InstitutionKind, ServiceKind, Zone
from libraries.identifiers import check_isil, check_npp, check_npsn

# What an institution is called by in talk, in capitals: one text, so that one index finds any word of it.
SAID = Upper(Concat("name", Value(" "), "short_name", Value(" "), "city", output_field=models.TextField()))


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def visible_to(self, user: object) -> "InstitutionQuerySet":
        """Offices keep the whole directory; a school sees itself and the libraries that run this system."""
        access = access_of(user)
        if access.is_office:
            return self
        if not access.institutions:
            return self.none()
        return self.filter(Q(pk__in=access.institutions) | Q(is_office=True))

    def offices(self) -> "InstitutionQuerySet":
        return self.filter(is_office=True)

    def listed(self) -> "InstitutionQuerySet":
        """What the public directory shows."""
        return self.filter(is_listed=True, is_active=True)


@audited()
class Institution(Versioned):
    """A library, a school, or a partner that is neither (D1)."""

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=InstitutionKind)
    is_office = models.BooleanField(
        _("works with this system"),
        default=False,
        help_text=_("Its staff lend, sign and dispatch here; partners of it do not need this."),
    )
    npp = models.CharField(
        _("NPP"),
        max_length=20,
        blank=True,
        help_text=_("Library number given by Perpusnas."),
        validators=[check_npp],
    )
    npsn = models.CharField(
        _("NPSN"),
        max_length=8,
        blank=True,
        help_text=_(
            "National school number: eight digits, or P or K and seven digits, or six digits for a university."
        ),
        validators=[check_npsn],
    )
    isil = models.CharField(
        _("ISIL"),
        max_length=16,
        blank=True,
        help_text=_("International number of a library (ISO 15511), such as ID-BKT0001."),
        validators=[check_isil],
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="units",
    )
    region = models.ForeignKey(
        "libraries.Region",
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    address = models.TextField(_("address"), blank=True)
    city = models.CharField(
        _("city"), max_length=80, blank=True, help_text=_("Printed before the date of a letter.")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    website = models.CharField(
        _("website"),
        max_length=200,
        blank=True,
        help_text=_("With https:// before it."),
        validators=[URLValidator(["http", "https"])],
    )
    services = ArrayField(
        models.CharField(max_length=20, choices=ServiceKind),
        verbose_name=_("services"),
        default=list,
        blank=True,
        help_text=_("What visitors and partners find there."),
    )
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=20, choices=Zone, default=Zone.WIB)
    closed_weekdays = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("closed every"),
        default=list,
        blank=True,
        help_text=_("Weekdays on which nobody is there: 0 is Monday, 6 is Sunday, separated by commas."),
    )
    letterhead = models.TextField(
        _("letterhead"), blank=True, help_text=_("Lines printed at the top of letters, above the name.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_listed = models.BooleanField(
        _("in the public directory"),
        default=False,
        help_text=_("Anybody can then read its entry; people are shown only with their consent."),
    )
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["npsn"],
                condition=~Q(npsn=""),
                name="institution_npsn_once",
                violation_error_message=_("Another institution already has this NPSN."),
            ),
            models.UniqueConstraint(
                fields=["npp"],
                condition=~Q(npp=""),
                name="institution_npp_once",
                violation_error_message=_("Another institution already has this NPP."),
            ),
            models.UniqueConstraint(
                Upper("isil"),
                condition=~Q(isil=""),
                name="institution_isil_once",
                violation_error_message=_("Another institution already has this ISIL."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="institution_place_is_whole",
                violation_error_message=_(
                    "A place on the map has a latitude (-90 to 90) and a longitude (-180 to 180), both or neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(closed_weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6])
                & ~Q(closed_weekdays__contains=[0, 1, 2, 3, 4, 5, 6]),
                name="institution_opens_some_day",
                violation_error_message=_(
                    "Weekdays are 0 (Monday) to 6 (Sunday), and at least one must stay open."
                ),
            ),
        ]
        indexes = [
            # Half-remembered names (public directory, desk search), any part of them.
            GinIndex(OpClass(SAID, name="gin_trgm_ops"), name="institution_said_trgm"),
            models.Index(fields=["kind", "city"], condition=Q(is_listed=True), name="institution_listed"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name
