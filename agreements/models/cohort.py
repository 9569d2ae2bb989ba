from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record


@audited()
class Cohort(Record):
    """The interns of one internship: who sends them, by which letter, how many places there are (F11)."""

    activity = models.OneToOneField("agreements.Activity", on_delete=models.CASCADE, related_name="cohort")
    sender = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("sent by"),
        on_delete=models.PROTECT,
        related_name="sent_cohorts",
    )
    places = models.PositiveSmallIntegerField(_("places"), default=2)
    letter_number = models.CharField(_("number of their letter"), max_length=120, blank=True)
    letter_on = models.DateField(_("date of their letter"), null=True, blank=True)
    letter_file = models.ForeignKey(
        "libraries.StoredFile", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    acceptance = models.ForeignKey(
        "libraries.Document", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    erased_on = models.DateField(_("names erased"), null=True, editable=False)

    class Meta:
        verbose_name = _("internship cohort")
        verbose_name_plural = _("internship cohorts")
        constraints = [
            models.CheckConstraint(
                condition=Q(places__gte=1),
                name="cohort_has_places",
                violation_error_message=_("There must be at least one place."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.sender} – {self.activity}"


class Intern(Record):
    """A university student of age, never a pupil. The name is erased some time after the internship (UU 27/2022).

    Not audited: an audit table would keep the name that the clock erases here.
    """

    cohort = models.ForeignKey("agreements.Cohort", on_delete=models.CASCADE, related_name="interns")
    name = models.CharField(_("name"), max_length=120, blank=True)
    programme = models.CharField(_("study programme"), max_length=120)
    of_age = models.BooleanField(_("is of age"))
    certificate = models.ForeignKey(
        "libraries.Document", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("intern")
        verbose_name_plural = _("interns")
        ordering = ("cohort", "created_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(of_age=True),
                name="intern_of_age",
                violation_error_message=_("Only students who are of age are taken down by name."),
            )
        ]

    def __str__(self) -> str:
        return self.name or str(_("(name erased)"))


class AttendanceDay(models.Model):
    """Whether one intern was there on one day."""

    intern = models.ForeignKey("agreements.Intern", on_delete=models.CASCADE, related_name="days")
    on = models.DateField(_("day"))
    present = models.BooleanField(_("present"))

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ("on",)
        constraints = [models.UniqueConstraint(fields=["intern", "on"], name="attendance_day_once")]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d}"
