from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.choices import Audience, CooperationForm, CostBearer, Proof
from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record


def _count(label: object, most: int, help_text: object = "") -> "models.PositiveIntegerField":
    return models.PositiveIntegerField(
        label,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(most)],
        help_text=help_text,
    )


@audited()
class Provision(Record):
    """The terms of one form of cooperation in an agreement, as data that the other parts obey (A7).

    Which columns a form uses, and which it cannot do without, stands in ``agreements.provisions``. The collection loan
    has terms of its own (LendingTerm).
    """

    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.CASCADE, related_name="provisions")
    form = models.CharField(_("form of cooperation"), max_length=24, choices=CooperationForm)
    quantity = _count(_("number"), 100_000)
    interval_months = _count(_("every (months)"), 60)
    loan_limit = _count(_("items at a time"), 1000)
    loan_days = _count(_("loan period (days)"), 730)
    replacement_days = _count(_("days to replace a loss"), 365)
    response_days = _count(_("days to answer a request"), 90)
    visits_per_month = _count(_("visits a month"), 31)
    ratio_given = _count(_("given"), 100, _("So many are given …"))
    ratio_received = _count(_("received"), 100, _("… for so many received."))
    audience = models.CharField(_("who may use it"), max_length=10, choices=Audience, blank=True)
    proof = models.CharField(
        _("on what proof"),
        max_length=20,
        choices=Proof,
        blank=True,
        help_text=_("It is looked at when somebody comes. Its number is not kept."),
    )
    cost_bearer = models.CharField(_("costs are borne by"), max_length=10, choices=CostBearer, blank=True)
    clause = models.TextField(
        _("further clause"),
        blank=True,
        help_text=_("Added to the article word for word, a paragraph to a line."),
    )

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        ordering = ("agreement", "created_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "form"],
                name="provision_form_once",
                violation_error_message=_("This form of cooperation already has its terms in the agreement."),
            ),
            models.CheckConstraint(
                condition=~models.Q(form=CooperationForm.COLLECTION_LOAN), name="provision_is_no_loan"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_form_display())
