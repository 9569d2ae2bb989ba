from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, Versioned
from libraries.access import access_of
from libraries.catalogue.choices import Material, ReadingLevel
from loans.choices import Subject


class QuotaProfileQuerySet(models.QuerySet["QuotaProfile"]):
    def visible_to(self, user: object) -> "QuotaProfileQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(office__in=access.offices)


@audited()
class QuotaProfile(Versioned):
    """What a delivery to one sort of school is made of: so many of a hundred books of this level and subject (L1).

    Programmes share it: a change is the next plan's change for all of them.
    """

    office = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("office"),
        on_delete=models.CASCADE,
        related_name="quota_profiles",
    )
    name = models.CharField(_("name"), max_length=80)
    levels = models.JSONField(
        _("reading levels"),
        default=list,
        blank=True,
        help_text=_("Only books of these levels are chosen; empty means all."),
    )

    objects = QuotaProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota profile")
        verbose_name_plural = _("quota profiles")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                name="quota_profile_name_once",
                violation_error_message=_("There is already a profile of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class QuotaRowQuerySet(models.QuerySet["QuotaRow"]):
    def visible_to(self, user: object) -> "QuotaRowQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(profile__office__in=access.offices)


class QuotaRow(Record):
    """At least ``share`` of a hundred books are of this level, subject, language and material; empty is any.

    A row with a language or a material is kept over the year, across all subjects; one without is kept in every delivery.
    """

    profile = models.ForeignKey("loans.QuotaProfile", on_delete=models.CASCADE, related_name="rows")
    share = models.PositiveSmallIntegerField(_("of 100 books, at least"))
    reading_level = models.CharField(_("reading level"), max_length=10, choices=ReadingLevel, blank=True)
    subject = models.CharField(_("subject"), max_length=3, choices=Subject, blank=True)
    language = models.CharField(
        _("language"), max_length=3, blank=True, help_text=_("ISO 639-2 code, such as ind.")
    )

    material = models.CharField(_("material"), max_length=10, choices=Material, blank=True)

    objects = QuotaRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="quota_share_of_hundred"),
            models.CheckConstraint(
                condition=~Q(reading_level="", subject="", language="", material=""),
                name="quota_is_about_something",
            ),
            models.UniqueConstraint(
                fields=["profile", "reading_level", "subject", "language", "material"],
                name="quota_once",
                violation_error_message=_("This kind of book has its quota already."),
            ),
        ]

    def __str__(self) -> str:
        parts = (
            self.get_reading_level_display() if self.reading_level else "",
            self.get_subject_display() if self.subject else "",
            self.language,
            self.get_material_display() if self.material else "",
        )
        return f"{self.share}: " + ", ".join(str(part) for part in parts if part)
