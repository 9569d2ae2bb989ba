from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record
from libraries.access import access_of
from libraries.hours import WEEKDAYS, Week, interval_words, week_of


class OpeningQuerySet(models.QuerySet["Opening"]):
    def visible_to(self, user: object) -> "OpeningQuerySet":
        """Hours are told to whoever sees the institution."""
        access = access_of(user)
        if access.is_office:
            return self
        return self.filter(Q(institution__in=access.institutions) | Q(institution__is_office=True))

    def week(self) -> Week:
        """The week of one institution, whose rows these are."""
        return week_of(self.values_list("weekday", "opens", "closes"))


def _minute(name: str) -> Func:
    """The minute of the day, for a span that can be held against others."""
    return Func(
        F(name), template="(extract(epoch from %(expressions)s) / 60)::int", output_field=IntegerField()
    )


@audited()
class Opening(Record):
    """One span of hours on one weekday; a day with a break has two (D1)."""

    institution = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("institution"),
        on_delete=models.CASCADE,
        related_name="openings",
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=list(enumerate(WEEKDAYS)))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ("weekday", "opens")
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_weekday_known"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="opening_ends_after_start",
                violation_error_message=_("The closing time must be after the opening time."),
            ),
            ExclusionConstraint(
                name="opening_no_overlap",
                expressions=[
                    ("institution", "="),
                    ("weekday", "="),
                    (Func(_minute("opens"), _minute("closes"), function="int4range"), "&&"),
                ],
                violation_error_message=_("Two spans of hours on the same day overlap."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {interval_words((self.opens, self.closes))}"
