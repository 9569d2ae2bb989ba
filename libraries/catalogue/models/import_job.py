from django.db import models
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record
from libraries.access import access_of
from libraries.catalogue.choices import ImportFormat, ImportOutcome, ImportStatus
from libraries.catalogue.findings import sentence


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def visible_to(self, user: object) -> "ImportJobQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(institution__in=access.offices)


@audited(
    exclude=[
        "position",
        "claimed_until",
        "done",
        "created_titles",
        "matched_titles",
        "new_copies",
        "rejected",
    ]
)
class ImportJob(Record):
    """A catalogue file on its way in.

    Progress is written with each batch, in the batch's own transaction, so a killed worker resumes after the last
    finished batch and nothing is doubled.
    """

    institution = models.ForeignKey(
        "libraries.Institution", verbose_name=_("library"), on_delete=models.PROTECT, related_name="imports"
    )
    file = models.ForeignKey("libraries.StoredFile", on_delete=models.PROTECT, related_name="+")
    format = models.CharField(_("format"), max_length=10, choices=ImportFormat, default=ImportFormat.MARC)
    status = models.CharField(_("status"), max_length=10, choices=ImportStatus, default=ImportStatus.WAITING)
    invent_copies = models.BooleanField(
        _("make one copy for records that name none"),
        default=False,
        help_text=_("Such a copy gets a barcode made from the import."),
    )
    position = models.PositiveBigIntegerField(default=0, editable=False, help_text=_("Bytes read so far."))
    total_bytes = models.PositiveBigIntegerField(default=0, editable=False)
    done = models.PositiveIntegerField(_("records read"), default=0, editable=False)
    created_titles = models.PositiveIntegerField(_("new titles"), default=0, editable=False)
    matched_titles = models.PositiveIntegerField(_("known titles"), default=0, editable=False)
    new_copies = models.PositiveIntegerField(_("new copies"), default=0, editable=False)
    rejected = models.PositiveIntegerField(_("not readable"), default=0, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    problem = models.TextField(_("why it stopped"), blank=True, editable=False)
    started_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return str(self.file)

    @property
    def problem_sentence(self) -> str:
        return sentence(self.problem, {})

    @property
    def percent(self) -> int:
        """How much of the file has been read, 0–100."""
        if self.status == ImportStatus.DONE:
            return 100
        return min(99, 100 * self.position // self.total_bytes) if self.total_bytes else 0


class ImportRecord(models.Model):
    """What became of one record of a file."""

    job = models.ForeignKey("catalogue.ImportJob", on_delete=models.CASCADE, related_name="records")
    position = models.PositiveIntegerField(_("record"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=ImportOutcome)
    label = models.CharField(_("title"), max_length=300, blank=True)
    # [[code, facts], …] of libraries.catalogue.findings: the sentence is said in the language of the reader.
    findings = models.JSONField(_("findings"), default=list, blank=True)
    title = models.ForeignKey("catalogue.Title", null=True, on_delete=models.SET_NULL, related_name="+")
    copies = models.PositiveSmallIntegerField(_("new copies"), default=0)

    class Meta:
        verbose_name = _("imported record")
        verbose_name_plural = _("imported records")
        ordering = ("job", "position")
        constraints = [models.UniqueConstraint(fields=["job", "position"], name="import_record_once")]

    def __str__(self) -> str:
        return f"{self.position}: {self.label}"

    @property
    def reason(self) -> str:
        """Why the record was refused, or what was put right in it; "" when there is nothing to say."""
        return " ".join(sentence(code, facts) for code, facts in self.findings)
