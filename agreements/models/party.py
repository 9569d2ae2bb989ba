from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.choices import PartyRole
from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record


@audited()
class Party(Record):
    """One party of an agreement with its obligations and its signatory (A5)."""

    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.CASCADE, related_name="parties")
    institution = models.ForeignKey(
        "libraries.Institution", verbose_name=_("institution"), on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(_("role"), max_length=10, choices=PartyRole)
    obligations = models.TextField(_("obligations"), blank=True)
    signatory_name = models.CharField(_("signed by"), max_length=120, blank=True)
    signatory_position = models.CharField(_("position"), max_length=120, blank=True)
    signatory_nip = models.CharField(
        _("NIP"),
        max_length=18,
        blank=True,
        validators=[RegexValidator(r"^\d{18}$", _("A NIP has 18 digits."))],
    )
    contact = models.ForeignKey(
        "libraries.Person",
        verbose_name=_("contact"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Whom one calls about this agreement."),
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True, editable=False)
    signed_place = models.CharField(_("signed at"), max_length=80, blank=True, editable=False)
    signed_scan = models.ForeignKey(
        "libraries.StoredFile",
        verbose_name=_("scan of the signature page"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ("agreement", "created_at")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "institution"],
                name="party_once",
                violation_error_message=_("This institution is already a party of the agreement."),
            )
        ]

    def __str__(self) -> str:
        return str(self.institution)
