from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat, Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Versioned
from libraries.catalogue.choices import Material, ReadingLevel

# What a book is remembered by, in capitals: one text, so that one index finds any word of it. The authors are a list, and
# PostgreSQL lets no list into an index as text but through a function of ours (migration 0003).
SAID = Upper(
    Concat(
        "title",
        Value(" "),
        "subtitle",
        Value(" "),
        "responsibility",
        Value(" "),
        Func(F("authors"), function="catalogue_joined", output_field=models.TextField()),
        Value(" "),
        "isbn",
        output_field=models.TextField(),
    )
)


class TitleQuerySet(models.QuerySet["Title"]):
    def visible_to(self, user: object) -> "TitleQuerySet":
        """The union catalogue is open to everyone who signs in (D3)."""
        return self if getattr(user, "is_authenticated", False) else self.none()


@audited()
class Title(Versioned):
    """One entry per title, whichever libraries hold copies of it (D3)."""

    title = models.TextField(_("title"))
    subtitle = models.TextField(_("subtitle"), blank=True)
    part = models.CharField(_("volume or part"), max_length=120, blank=True)
    responsibility = models.TextField(_("statement of responsibility"), blank=True)
    authors = ArrayField(
        models.CharField(max_length=200), verbose_name=_("authors"), default=list, blank=True
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    place = models.CharField(pgettext_lazy("publication", "place"), max_length=120, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    edition = models.CharField(_("edition"), max_length=120, blank=True)
    series = models.CharField(_("series"), max_length=300, blank=True)
    extent = models.CharField(_("pages"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=3, blank=True, help_text=_("ISO 639-2 code, such as ind.")
    )
    isbn = models.CharField(_("ISBN"), max_length=13, blank=True, help_text=_("13 digits without hyphens."))
    ddc = models.CharField(_("DDC number"), max_length=40, blank=True)
    subjects = ArrayField(
        models.CharField(max_length=200), verbose_name=_("subjects"), default=list, blank=True
    )
    reading_level = models.CharField(
        _("reading level"), max_length=10, choices=ReadingLevel, default=ReadingLevel.GENERAL
    )
    material = models.CharField(_("material"), max_length=10, choices=Material, default=Material.BOOK)
    control_number = models.CharField(_("control number"), max_length=60, blank=True)
    match_key = models.CharField(max_length=300, editable=False, db_index=True)
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    objects = TitleQuerySet.as_manager()

    class Meta:
        verbose_name = _("title")
        verbose_name_plural = _("titles")
        ordering = ("title", "id")
        indexes = [
            models.Index(fields=["isbn"], condition=~Q(isbn=""), name="title_isbn"),
            GinIndex(OpClass(SAID, name="gin_trgm_ops"), name="title_said_trgm"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def author_line(self) -> str:
        return "; ".join(self.authors)

    @property
    def subject_class(self) -> str:
        """The hundred of its DDC number ("300"), which quotas and spreads are made of; "" when unknown."""
        return f"{self.ddc[0]}00" if self.ddc[:1].isdigit() else ""
