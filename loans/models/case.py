from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.choices import ReplacementWay
from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, StatusEvent
from libraries.access import access_of
from libraries.catalogue.choices import Condition, CopyPlace
from loans.choices import OPEN_CASES, OWED_CASES, CaseKind, CaseStatus, PleaAnswer, PleaKind, Settlement

# Closed, and the copy has left the stock, but nobody has noted yet by which list or decision (L8).
WITHOUT_NUMBER = Q(
    status__in=(CaseStatus.SETTLED, CaseStatus.WRITTEN_OFF),
    write_off_number="",
    copy__place=CopyPlace.WITHDRAWN,
)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: object) -> "CaseQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(Q(lender__in=access.offices) | Q(partner__in=access.institutions))

    def open(self) -> "CaseQuerySet":
        return self.filter(status__in=OPEN_CASES)

    def overdue(self, on: date) -> "CaseQuerySet":
        return self.filter(status__in=OWED_CASES, due_on__lt=on)

    def for_list(self) -> "CaseQuerySet":
        return self.select_related("lender", "partner", "copy__title", "line__consignment")


@audited()
class Case(Record):
    """The loss or damage of one copy, from the report to its settlement (L8). Open cases outlive their agreement."""

    code = models.CharField(_("code"), max_length=20, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=CaseKind)
    line = models.ForeignKey("loans.LoanLine", on_delete=models.PROTECT, related_name="cases")
    copy = models.ForeignKey(
        "catalogue.Copy", verbose_name=_("copy"), on_delete=models.PROTECT, related_name="cases"
    )
    lender = models.ForeignKey(
        "libraries.Institution", verbose_name=_("lender"), on_delete=models.PROTECT, related_name="+"
    )
    partner = models.ForeignKey(
        "libraries.Institution", verbose_name=_("partner"), on_delete=models.PROTECT, related_name="cases"
    )
    status = models.CharField(
        _("status"), max_length=12, choices=CaseStatus, default=CaseStatus.REPORTED, editable=False
    )
    reported_on = models.DateField(_("reported on"))
    reported_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    account = models.TextField(_("what happened"), blank=True)
    photograph = models.ForeignKey(
        "libraries.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    demand = models.CharField(_("to be replaced by"), max_length=12, choices=ReplacementWay, blank=True)
    amount = models.DecimalField(_("amount (Rp)"), max_digits=12, decimal_places=2, null=True, blank=True)
    due_on = models.DateField(
        _("replacement due"), help_text=_("From the agreement, until assessed otherwise.")
    )
    settlement = models.CharField(_("settled by"), max_length=12, choices=Settlement, blank=True)
    settled_on = models.DateField(_("settled on"), null=True)
    paid_amount = models.DecimalField(_("amount paid (Rp)"), max_digits=12, decimal_places=2, null=True)
    replacement_copy = models.OneToOneField(
        "catalogue.Copy", verbose_name=_("replacement"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)
    letter = models.ForeignKey(
        "libraries.Document", verbose_name=_("letter"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    settlement_record = models.ForeignKey(
        "libraries.Document",
        verbose_name=_("settlement record"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    write_off_number = models.CharField(
        _("write-off decision"),
        max_length=120,
        blank=True,
        help_text=_("Number of the list or decision by which the copy left the inventory."),
    )
    warning = models.ForeignKey(
        "libraries.Document",
        verbose_name=_("letter to the head"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("loss or damage case")
        verbose_name_plural = _("loss and damage cases")
        ordering = ("-reported_on", "-id")
        constraints = [
            models.UniqueConstraint(fields=["lender", "code"], name="case_code_once"),
            models.UniqueConstraint(
                fields=["copy"],
                condition=Q(status__in=["reported", "assessed", "offered", "accepted", "appealed"]),
                name="case_one_open_per_copy",
                violation_error_message=_("There is already an open case about this copy."),
            ),
            models.CheckConstraint(
                condition=~Q(status="settled") | ~Q(settlement=""), name="case_settled_says_how"
            ),
            models.CheckConstraint(
                condition=~Q(settlement="waived") | ~Q(reason=""),
                name="case_waived_says_why",
                violation_error_message=_("A waiver needs a reason."),
            ),
            models.CheckConstraint(
                condition=~Q(settlement="price") | Q(paid_amount__gt=0), name="case_paid_says_how_much"
            ),
            models.CheckConstraint(
                condition=~Q(settlement__in=["same_title", "equal_title"])
                | Q(replacement_copy__isnull=False),
                name="case_replaced_names_copy",
            ),
            models.CheckConstraint(
                condition=~Q(status="written_off") | (~Q(write_off_number="") & ~Q(reason="")),
                name="case_written_off_says_by_what",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(status__in=["assessed", "accepted"]), name="case_due"
            ),
            models.Index(fields=["lender", "partner", "status"], name="case_of_partner"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_CASES

    def days_late(self, on: date) -> int:
        """Days past the day; 0 while the library has the next word."""
        running = {CaseStatus.REPORTED, *OWED_CASES}
        return max(0, (on - self.due_on).days) if self.status in running else 0


class PleaQuerySet(models.QuerySet["Plea"]):
    def visible_to(self, user: object) -> "PleaQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(Q(case__lender__in=access.offices) | Q(case__partner__in=access.institutions))


@audited()
class Plea(Record):
    """What a school says to a demand, and what the library answers: a book offered in its place, or an objection (L8)."""

    case = models.ForeignKey("loans.Case", on_delete=models.PROTECT, related_name="pleas")
    kind = models.CharField(_("kind"), max_length=10, choices=PleaKind)
    words = models.TextField(_("in the school's words"), blank=True)
    title = models.CharField(_("title offered"), max_length=300, blank=True)
    isbn = models.CharField(_("ISBN"), max_length=20, blank=True)
    condition = models.CharField(_("condition"), max_length=10, choices=Condition, blank=True)
    photograph = models.ForeignKey(
        "libraries.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_on = models.DateField(_("made on"))
    made_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(_("answer"), max_length=10, choices=PleaAnswer, blank=True)
    answer_note = models.TextField(_("reason"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True)
    answered_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(
        "libraries.Document", verbose_name=_("letter"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PleaQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer or objection")
        verbose_name_plural = _("offers and objections")
        ordering = ("created_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(answer=""), name="plea_one_open_per_case"),
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_on__isnull=False), name="plea_answer_has_its_day"
            ),
            models.CheckConstraint(condition=~Q(kind="offer") | ~Q(title=""), name="plea_offer_names_title"),
            models.CheckConstraint(condition=~Q(kind="appeal") | ~Q(words=""), name="plea_appeal_has_words"),
        ]

    def __str__(self) -> str:
        return self.title if self.kind == PleaKind.OFFER else str(self.get_kind_display())


class CaseEvent(StatusEvent):
    subject = models.ForeignKey("loans.Case", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"
