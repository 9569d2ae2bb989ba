from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreementKind, Factor
from kerjasama.domain.audit import audited
from kerjasama.domain.models import Versioned
from libraries.access import access_of


class OfOfficeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: object) -> "OfOfficeQuerySet":
        """An office sees its own, and what belongs to every office."""
        access = access_of(user)
        if access.everything:
            return self
        if not access.is_office:
            return self.none()
        return self.filter(models.Q(office__in=access.offices) | models.Q(office__isnull=True))


@audited()
class KindRule(Versioned):
    """What one office asks of a kind of agreement beyond, or instead of, the usual (A2, A3, A10).

    Without a row the usual holds: ``agreements.terms``.
    """

    office = models.ForeignKey(
        "libraries.Institution", verbose_name=_("office"), on_delete=models.CASCADE, related_name="kind_rules"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AgreementKind)
    required = ArrayField(
        models.CharField(max_length=20, choices=Factor),
        verbose_name=_("must be filled in"),
        default=list,
        blank=True,
        help_text=_("Without these it cannot come into force. The first and the last day are always needed."),
    )
    needs_review = models.BooleanField(
        _("legal review before signing"),
        default=False,
        help_text=_(
            "It can be sent for signature only after somebody has recorded that the review is passed."
        ),
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice"), default=30, validators=[MaxValueValidator(365)]
    )
    review_months = models.PositiveSmallIntegerField(
        _("an unwritten one is reviewed after (months)"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
    )

    legal_basis = models.TextField(
        _("legal basis"),
        max_length=4000,
        blank=True,
        validators=[MaxLengthValidator(4000)],
        help_text=_(
            "What the paper stands on (“mengingat”), one law or regulation to a line, in their order. The authority by which "
            "each party signs is added by itself. Empty: the law on libraries and its regulation."
        ),
    )

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule for a kind of agreement")
        verbose_name_plural = _("rules for kinds of agreements")
        ordering = ("office", "kind")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "kind"],
                name="kind_rule_once",
                violation_error_message=_("This office already has its rule for this kind."),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


@audited()
class AgreementTemplate(Versioned):
    """Words and terms that a new draft of a kind begins with (A8). Without an office, every office may use it."""

    office = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("office"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="agreement_templates",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AgreementKind)
    name = models.CharField(_("name"), max_length=120)
    words = models.JSONField(
        _("words"), default=dict, help_text=_("Name of a field of the agreement → its text.")
    )
    lending = models.JSONField(_("terms of the loan"), null=True, blank=True)
    provisions = models.JSONField(_("terms of other forms"), default=dict, blank=True)
    months = models.PositiveSmallIntegerField(
        _("usual term (months)"), default=12, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    is_active = models.BooleanField(_("offered"), default=True)

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        ordering = ("kind", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                nulls_distinct=False,
                name="template_name_once",
                violation_error_message=_("A template of this name exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
