from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, Versioned
from kerjasama.house import collect
from libraries.access import access_of


class ReadingListQuerySet(models.QuerySet["ReadingList"]):
    def visible_to(self, user: object) -> "ReadingListQuerySet":
        """The school itself, the libraries whose partner it is, and every partner where the school shares the list."""
        access = access_of(user)
        if access.everything:
            return self
        if not access.institutions:
            return self.none()
        seen = Q(institution__in=access.institutions) | Q(is_public=True)
        if access.offices:
            # Who is whose partner, the agreements know; this floor asks the house.
            seen |= Q(institution__in=collect("partners", access.offices))
        return self.filter(seen)

    def for_list(self) -> "ReadingListQuerySet":
        return (
            self.select_related("institution")
            .annotate(item_count=Count("items"))
            .order_by("-school_year", "class_name", "-created_at", "pk")
        )


@audited()
class ReadingList(Versioned):
    """What a class reads in a school year, chosen by its teachers (F15). It names books, never pupils."""

    institution = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("school"),
        on_delete=models.CASCADE,
        related_name="reading_lists",
    )
    class_name = models.CharField(
        _("class"),
        max_length=40,
        help_text=_("For example: Class 4, or classes 1 and 2. No names of pupils."),
    )
    school_year = models.CharField(
        _("school year"),
        max_length=9,
        validators=[RegexValidator(r"^\d{4}/\d{4}$", _("Write the school year as 2026/2027."))],
    )
    title = models.CharField(_("title"), max_length=120, help_text=_("For example: Stories about the sea."))
    note = models.TextField(_("note"), blank=True)
    is_public = models.BooleanField(
        _("shared"), default=False, help_text=_("Other partner schools may read it too.")
    )

    objects = ReadingListQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading list")
        verbose_name_plural = _("reading lists")
        ordering = ("-school_year", "class_name", "-created_at", "id")
        indexes = [models.Index(fields=["institution", "school_year"], name="reading_list_of_school")]

    def __str__(self) -> str:
        return f"{self.title} ({self.class_name})"


@audited()
class ReadingListItem(Record):
    """One book of a list: a title of the catalogue, or what was typed where the catalogue does not have it."""

    reading_list = models.ForeignKey("catalogue.ReadingList", on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("place in the list"))
    title = models.ForeignKey(
        "catalogue.Title",
        verbose_name=_("title in the catalogue"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    typed_title = models.CharField(_("title"), max_length=300, blank=True)
    author = models.CharField(_("author"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("book of a reading list")
        verbose_name_plural = _("books of reading lists")
        ordering = ("reading_list", "position")
        constraints = [
            models.UniqueConstraint(
                fields=["reading_list", "position"],
                name="reading_list_place_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["reading_list", "title"],
                condition=Q(title__isnull=False),
                name="reading_list_title_once",
                violation_error_message=_("This title is on the list already."),
            ),
            models.CheckConstraint(
                condition=Q(title__isnull=False) | ~Q(typed_title=""), name="reading_list_item_has_title"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.title.title if self.title else self.typed_title

    @property
    def author_line(self) -> str:
        return self.title.author_line if self.title else self.author
