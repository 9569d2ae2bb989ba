from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record
from libraries.access import access_of
from libraries.choices import InstitutionKind, RowOutcome, SheetStatus
from libraries.sheets.findings import sentence


class SheetQuerySet(models.QuerySet["Sheet"]):
    def visible_to(self, user: object) -> "SheetQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(office__in=access.offices)


@audited(fields=["office", "file", "status", "mapping", "started_by", "kind", "region", "list_publicly"])
class Sheet(Record):
    """A spreadsheet of institutions on its way into the directory (D1).

    Its columns are chosen first, then every row is checked without anything being written, and only then adopted. A killed
    worker resumes after the last finished batch.
    """

    office = models.ForeignKey(
        "libraries.Institution", verbose_name=_("library"), on_delete=models.PROTECT, related_name="sheets"
    )
    file = models.ForeignKey(
        "libraries.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("file")
    )
    name = models.CharField(_("file name"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=SheetStatus, default=SheetStatus.MAPPING)
    heads = models.JSONField(
        default=list, editable=False, help_text="The heads of the columns, from the first."
    )
    head_row = models.PositiveIntegerField(default=1, editable=False)
    samples = models.JSONField(default=list, editable=False, help_text="The first rows, to choose by.")
    mapping = models.JSONField(_("columns"), default=dict, help_text="Field to number of its column.")
    kind = models.CharField(
        _("kind of those that do not say"),
        max_length=20,
        choices=InstitutionKind,
        default=InstitutionKind.SCHOOL,
    )
    region = models.ForeignKey(
        "libraries.Region",
        verbose_name=_("all of them lie in"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    list_publicly = models.BooleanField(_("new ones are shown in the public directory"), default=False)
    only_new = models.BooleanField(_("only new ones"), default=False, editable=False)
    total = models.PositiveIntegerField(_("rows"), default=0, editable=False)
    done = models.PositiveIntegerField(_("rows dealt with"), default=0, editable=False)
    new = models.PositiveIntegerField(default=0, editable=False)
    changed = models.PositiveIntegerField(default=0, editable=False)
    unchanged = models.PositiveIntegerField(default=0, editable=False)
    bad = models.PositiveIntegerField(default=0, editable=False)
    adopted = models.PositiveIntegerField(default=0, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    problem = models.CharField(max_length=40, blank=True, editable=False)
    problem_facts = models.JSONField(default=dict, editable=False)
    started_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("spreadsheet of institutions")
        verbose_name_plural = _("spreadsheets of institutions")
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.name

    @property
    def running(self) -> bool:
        return self.status in (SheetStatus.CHECKING, SheetStatus.ADOPTING)

    @property
    def percent(self) -> int:
        """How far the present step has come, 0–100."""
        whole = self.total if self.status != SheetStatus.ADOPTING else self.new + self.changed
        done = self.done if self.status != SheetStatus.ADOPTING else self.adopted
        return min(99, 100 * done // whole) if whole else 0

    @property
    def problem_sentence(self) -> str:
        return sentence(self.problem, self.problem_facts) if self.problem else ""


class SheetRow(models.Model):
    """What one row of a spreadsheet means: the values read, what would change, and what there is to say about it.

    ``values``: field to value as it would be kept. ``changes``: [field, before, after], the values shown as text.
    """

    sheet = models.ForeignKey("libraries.Sheet", on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=RowOutcome)
    label = models.CharField(_("name"), max_length=200, blank=True)
    values = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    institution = models.ForeignKey(
        "libraries.Institution", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    adopted = models.BooleanField(_("adopted"), default=False)

    class Meta:
        verbose_name = _("row of a spreadsheet")
        verbose_name_plural = _("rows of spreadsheets")
        ordering = ("sheet", "number")
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="sheet_row_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.label}"

    @property
    def sentences(self) -> list[str]:
        return [sentence(code, facts) for code, facts in self.findings]

    @property
    def changed_fields(self) -> list[dict[str, Any]]:
        from libraries.sheets.fields import label_of

        return [{"label": label_of(name), "before": old, "after": new} for name, old, new in self.changes]
