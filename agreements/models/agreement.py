from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from agreements.choices import WRITTEN_KINDS, AgreedHow, AgreementKind, AgreementStatus, InitiatedBy
from kerjasama.domain.audit import audited
from kerjasama.domain.models import Versioned
from libraries.access import access_of


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: object) -> "AgreementQuerySet":
        """The office that keeps it, and its parties; a partner does not see drafts."""
        access = access_of(user)
        if access.everything:
            return self
        party_to = Q(
            pk__in=self.model.parties.rel.related_model.objects.filter(
                institution__in=access.institutions
            ).values("agreement")
        )
        return self.filter(
            Q(office__in=access.offices)
            | party_to & ~Q(status__in=[AgreementStatus.DRAFT, AgreementStatus.CANCELLED])
        )

    def in_force(self, on: date) -> "AgreementQuerySet":
        return self.filter(status=AgreementStatus.ACTIVE, starts_on__lte=on, ends_on__gte=on)

    def to_expire(self, on: date) -> "AgreementQuerySet":
        return self.filter(status=AgreementStatus.ACTIVE, ends_on__lt=on)

    def running_between(self, office: object, partner: object, on: date) -> "AgreementQuerySet":
        """Those in force ``on`` that day to which both are parties, the one that began last first."""
        parties = self.model.parties.rel.related_model.objects
        return (
            self.in_force(on)
            .filter(
                pk__in=parties.filter(institution=office).values("agreement"),
            )
            .filter(pk__in=parties.filter(institution=partner).values("agreement"))
            .order_by("-starts_on", "-pk")
        )

    def for_list(self) -> "AgreementQuerySet":
        return self.select_related("office", "partner", "lending_term")


@audited()
class Agreement(Versioned):
    """What a library and a partner agreed on, written or implicit (A1–A5, A9)."""

    office = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("office"),
        on_delete=models.PROTECT,
        related_name="kept_agreements",
        help_text=_("The library that keeps this agreement and carries it out."),
    )
    partner = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("partner"),
        on_delete=models.PROTECT,
        related_name="agreements",
        help_text=_("The main partner. Further parties are added below."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AgreementKind)
    title = models.CharField(
        _("about"), max_length=200, help_text=_("What the agreement is about, in a few words.")
    )
    number = models.CharField(
        _("number"),
        max_length=120,
        blank=True,
        help_text=_("Leave empty to draw the next number when it is sent for signature."),
    )
    partner_number = models.CharField(_("number at the partner"), max_length=120, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("under"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text=_("The agreement that this one carries out or, as an addendum, changes."),
    )
    predecessor = models.ForeignKey(
        "self",
        verbose_name=_("continues"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="successors",
        editable=False,
        help_text=_("The term before this one, or the unwritten agreement that it puts in writing."),
    )
    chain = models.UUIDField(
        null=True,
        editable=False,
        help_text=_("Shared by all terms of one cooperation; empty as long as there is one term only."),
    )
    initiated_by = models.CharField(
        _("began with"), max_length=10, choices=InitiatedBy, default=InitiatedBy.LIBRARY
    )
    status = models.CharField(
        _("status"), max_length=12, choices=AgreementStatus, default=AgreementStatus.DRAFT, editable=False
    )
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    signed_place = models.CharField(_("signed at"), max_length=80, blank=True)

    # The nine factors (A2); parties and term stand in fields of their own.
    aims = models.TextField(_("reasons and aims"), blank=True)
    scope = models.TextField(_("scope"), blank=True)
    relation = models.TextField(_("relation between the parties"), blank=True)
    division_of_work = models.TextField(_("division of work"), blank=True)
    procedures = models.TextField(_("procedures and equipment"), blank=True)
    financing = models.TextField(_("financing"), blank=True)
    technology = models.TextField(_("technology"), blank=True)

    recitals = models.TextField(
        _("considerations"),
        blank=True,
        help_text=_("What the parties consider first (“menimbang”), one to a line."),
    )
    further_provisions = models.TextField(
        _("further provisions"), blank=True, help_text=_("What else is agreed, one provision to a line.")
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice"),
        default=30,
        validators=[MaxValueValidator(365)],
        help_text=_("Who wants to end it, or not to go on, says so this many days before."),
    )
    reviewed_by = models.CharField(_("reviewed by"), max_length=120, blank=True, editable=False)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True, editable=False)

    # An implicit agreement: who agreed, when, how, and a note or a witness (A1).
    agreed_by = models.CharField(
        _("agreed by"), max_length=200, blank=True, help_text=_("Names and positions of those who agreed.")
    )
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    agreed_how = models.CharField(_("how"), max_length=10, choices=AgreedHow, blank=True)
    agreed_note = models.TextField(_("note or witness"), blank=True)
    review_on = models.DateField(
        _("to be reviewed on"),
        null=True,
        blank=True,
        help_text=_("The day on which both look whether it still holds, and whether to write it down."),
    )

    signed_scan = models.ForeignKey(
        "libraries.StoredFile",
        verbose_name=_("signed scan"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    document = models.ForeignKey(
        "libraries.Document",
        verbose_name=_("document"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="agreement_ends_after_start",
                violation_error_message=_("The agreement must end after it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(office=F("partner")),
                name="agreement_two_sides",
                violation_error_message=_("A library cannot make an agreement with itself."),
            ),
            models.CheckConstraint(
                condition=~Q(status=AgreementStatus.ACTIVE)
                | Q(starts_on__isnull=False, ends_on__isnull=False),
                name="agreement_in_force_has_term",
            ),
            models.CheckConstraint(
                condition=Q(status__in=AgreementStatus.values), name="agreement_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[AgreementKind.WORK_PLAN, AgreementKind.ADDENDUM])
                | Q(parent__isnull=False),
                name="agreement_stands_under_another",
                violation_error_message=_("Say under which agreement it stands."),
            ),
            ExclusionConstraint(
                name="agreement_terms_apart",
                expressions=[
                    ("chain", RangeOperators.EQUAL),
                    (
                        Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(status=AgreementStatus.ACTIVE, chain__isnull=False),
                violation_error_message=_("Another term of this cooperation is in force on these days."),
            ),
            models.UniqueConstraint(
                fields=["office", "kind", "number"],
                condition=~Q(number=""),
                name="agreement_number_once",
                violation_error_message=_(
                    "This number is already used for another agreement of this office."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["ends_on"], condition=Q(status="active"), name="agreement_running"),
            models.Index(fields=["office", "status"], name="agreement_by_office"),
            models.Index(fields=["-created_at", "-id"], name="agreement_newest"),
        ]

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def is_written(self) -> bool:
        return self.kind in WRITTEN_KINDS
