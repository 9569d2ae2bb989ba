from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record
from libraries.access import access_of
from libraries.choices import PaperKind, PaperStatus
from libraries.models.sharing import shared_with


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: object) -> "DocumentQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        return self.filter(
            Q(issuer__in=access.institutions)
            | Q(recipient__in=access.institutions)
            | shared_with("shared_documents", access.institutions)
        )


@audited(exclude=["content"])
class Document(Record):
    """A numbered paper (A8, L4).

    ``content`` is frozen when the number is drawn; the PDF is typeset from it when it is first asked for, and kept. So
    handing over a hundred books never waits for a typesetter, and the paper still says what was true at that moment.
    """

    issuer = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("issued by"),
        on_delete=models.PROTECT,
        related_name="issued_documents",
    )
    recipient = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("given to"),
        null=True,
        on_delete=models.PROTECT,
        related_name="received_documents",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=PaperKind)
    number = models.CharField(_("number"), max_length=120)
    title = models.CharField(_("title"), max_length=200)
    issued_on = models.DateField(_("date"))
    verify_code = models.CharField(_("verification code"), max_length=20, unique=True)
    template = models.CharField(max_length=60)
    content = models.JSONField()
    item_count = models.PositiveIntegerField(_("items"), default=0)
    status = models.CharField(_("status"), max_length=10, choices=PaperStatus, default=PaperStatus.ISSUED)
    file = models.ForeignKey("libraries.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    issued_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-issued_on", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "kind", "number"],
                condition=Q(status=PaperStatus.ISSUED),
                name="document_number_once",
                violation_error_message=_("This number is already used for another document of this office."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class DocumentView(models.Model):
    """Who opened a document, and when (A8)."""

    document = models.ForeignKey("libraries.Document", on_delete=models.CASCADE, related_name="views")
    user = models.ForeignKey("libraries.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.user} {self.at:%Y-%m-%d %H:%M}"
