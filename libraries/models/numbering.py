from django.db import models
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record
from libraries.access import access_of
from libraries.choices import PaperKind, Role


class NumberPatternQuerySet(models.QuerySet["NumberPattern"]):
    def visible_to(self, user: object) -> "NumberPatternQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(institution__in=access.offices)

    def editable_by(self, user: object) -> "NumberPatternQuerySet":
        return self.filter(institution__in=access_of(user).having({Role.OFFICER, Role.ADMINISTRATOR}))


@audited()
class NumberPattern(Record):
    """How an office numbers one kind of paper (A8), for example ``{number:03}/BAST/{unit}/{roman_month}/{year}``."""

    institution = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("office"),
        on_delete=models.CASCADE,
        related_name="number_patterns",
    )
    kind = models.CharField(_("kind of paper"), max_length=20, choices=PaperKind)
    pattern = models.CharField(
        _("pattern"),
        max_length=120,
        help_text=_(
            "Words in braces are filled in: {number} {number:03} {code} {unit} {month} {roman_month} {year}."
        ),
    )
    code = models.CharField(_("classification code"), max_length=30, blank=True)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    resets_yearly = models.BooleanField(_("starts at 1 every year"), default=True)

    objects = NumberPatternQuerySet.as_manager()

    class Meta:
        verbose_name = _("numbering pattern")
        verbose_name_plural = _("numbering patterns")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "kind"],
                name="number_pattern_once",
                violation_error_message=_("This office already numbers this kind of paper."),
            )
        ]

    def __str__(self) -> str:
        return self.pattern


class NumberCounter(models.Model):
    """The last number drawn per office, kind and year. One row, locked by its own update: no double, no gap.

    A number is drawn in the transaction that uses it; if that rolls back, so does the number.
    """

    institution = models.ForeignKey("libraries.Institution", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=PaperKind)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "kind", "year"], name="number_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"
