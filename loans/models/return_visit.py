from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, StatusEvent
from libraries.access import access_of
from loans.choices import VisitStatus


class ReturnVisitQuerySet(models.QuerySet["ReturnVisit"]):
    def visible_to(self, user: object) -> "ReturnVisitQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(
            Q(lender__in=access.offices) | Q(partner__in=access.institutions, status=VisitStatus.CLOSED)
        )


@audited()
class ReturnVisit(Record):
    """One occasion on which books come back from a partner: mixed, partial, scanned one by one (L6).

    It ends with a return record (BAST) of what came back in it and what is still out.
    """

    lender = models.ForeignKey(
        "libraries.Institution", verbose_name=_("lender"), on_delete=models.PROTECT, related_name="+"
    )
    partner = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("partner"),
        on_delete=models.PROTECT,
        related_name="return_visits",
    )
    status = models.CharField(
        _("status"), max_length=10, choices=VisitStatus, default=VisitStatus.OPEN, editable=False
    )
    on = models.DateField(_("date"))
    opened_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    document = models.OneToOneField(
        "libraries.Document",
        verbose_name=_("return record"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ReturnVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("return visit")
        verbose_name_plural = _("return visits")
        ordering = ("-on", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["lender", "partner"],
                condition=Q(status="open"),
                name="return_visit_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.on}"


class ReturnVisitEvent(StatusEvent):
    subject = models.ForeignKey("loans.ReturnVisit", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"
