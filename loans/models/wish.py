from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, StatusEvent
from libraries.access import access_of
from libraries.catalogue.choices import Condition, CopyPlace, ReadingLevel
from libraries.catalogue.models import Copy
from loans.choices import (
    OPEN_LINES,
    OPEN_WISHES,
    PeriodStatus,
    Subject,
    WishPriority,
    WishStatus,
)
from loans.models.missing import looked_for

# Copies that can be brought to a school at all, now or when they are back.
TRAVELLING = Q(place__in=[CopyPlace.SHELF, CopyPlace.PACKED, CopyPlace.AWAY], may_travel=True) & ~Q(
    condition=Condition.DAMAGED
)

# Nobody has said anything yet, or what was promised for a period did not come in it.
UNANSWERED = Q(status=WishStatus.OPEN) | Q(status=WishStatus.PLANNED) & (
    Q(period__isnull=True) | Q(period__status__in=[PeriodStatus.CLOSED, PeriodStatus.CANCELLED])
)


class WishQuerySet(models.QuerySet["Wish"]):
    def visible_to(self, user: object) -> "WishQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(Q(lender__in=access.offices) | Q(partner__in=access.institutions))

    def open(self) -> "WishQuerySet":
        return self.filter(status__in=OPEN_WISHES)

    def unanswered(self) -> "WishQuerySet":
        return self.filter(UNANSWERED)

    def with_stock(self) -> "WishQuerySet":
        """Adds ``stock``, the copies of the lender that may travel, and ``free``, those of them that could go now."""
        copies = Copy.objects.filter(TRAVELLING, title=OuterRef("title"), owner=OuterRef("lender"))
        return self.annotate(stock=counted(copies), free=counted(free_of(copies)))

    def for_list(self) -> "WishQuerySet":
        return self.select_related("lender", "partner", "title", "period", "consignment")


def free_of(copies: models.QuerySet[Copy]) -> models.QuerySet[Copy]:
    """Those on the shelf and on no list."""
    on_shelf = copies.filter(place=CopyPlace.SHELF).exclude(looked_for())
    return on_shelf.exclude(loan_lines__status__in=OPEN_LINES)


def counted(copies: models.QuerySet[Copy]) -> Coalesce:
    """The number of ``copies``, which name the title of the outer row."""
    number = copies.order_by().values("title").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


@audited()
class Wish(Record):
    """What a school would like to be brought (L10): a title of the catalogue, a subject, or a book in its own words."""

    lender = models.ForeignKey(
        "libraries.Institution", verbose_name=_("library"), on_delete=models.PROTECT, related_name="+"
    )
    partner = models.ForeignKey(
        "libraries.Institution", verbose_name=_("school"), on_delete=models.PROTECT, related_name="wishes"
    )
    title = models.ForeignKey(
        "catalogue.Title",
        verbose_name=_("title"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="wishes",
    )
    subject = models.CharField(_("subject"), max_length=3, choices=Subject, blank=True)
    reading_level = models.CharField(_("reading level"), max_length=10, choices=ReadingLevel, blank=True)
    words = models.CharField(
        _("book in the school's own words"),
        max_length=300,
        blank=True,
        help_text=_("Where the catalogue does not have it: title, author, or what it is about."),
    )
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("What it is for. No names of pupils.")
    )
    priority = models.PositiveSmallIntegerField(
        _("how much it is wanted"),
        choices=WishPriority,
        default=WishPriority.WANTED,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
    )
    status = models.CharField(
        _("status"), max_length=10, choices=WishStatus, default=WishStatus.OPEN, editable=False
    )
    wished_on = models.DateField(_("wished on"))
    wished_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(
        "loans.Period",
        verbose_name=_("promised for"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="wishes",
        help_text=_("Empty again when the period itself was given up."),
    )
    consignment = models.ForeignKey(
        "loans.Consignment",
        verbose_name=_("came with"),
        null=True,
        on_delete=models.PROTECT,
        related_name="wishes",
    )
    answer = models.TextField(_("answer"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True)

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        ordering = ("-wished_on", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "title"],
                condition=Q(status__in=["open", "planned"]),
                name="wish_one_open_per_title",
                violation_error_message=_("This title is on the list of wishes already."),
            ),
            models.CheckConstraint(
                condition=Q(title__isnull=False, subject="", words="")
                | Q(title__isnull=True, words="") & ~Q(subject="")
                | Q(title__isnull=True, subject="") & ~Q(words=""),
                name="wish_is_for_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(reading_level="") | ~Q(subject=""), name="wish_level_has_subject"
            ),
            models.CheckConstraint(condition=Q(priority__range=(1, 3)), name="wish_priority_known"),
            models.CheckConstraint(condition=Q(status__in=WishStatus.values), name="wish_status_known"),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(answer=""), name="wish_declined_says_why"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "withdrawn"]) | Q(answered_on__isnull=False),
                name="wish_answered_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lender", "title"], condition=Q(status__in=["open", "planned"]), name="wish_waiting"
            ),
            models.Index(fields=["partner", "status"], name="wish_of_school"),
        ]

    def __str__(self) -> str:
        if self.title is not None:
            return self.title.title
        if self.words:
            return self.words
        level = f", {self.get_reading_level_display()}" if self.reading_level else ""
        return f"{self.subject} {self.get_subject_display()}{level}"


class WishEvent(StatusEvent):
    subject = models.ForeignKey("loans.Wish", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"
