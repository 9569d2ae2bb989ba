from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.identity import uuid7
from kerjasama.domain.models import Record
from libraries.access import access_of
from libraries.choices import MessageStatus, Tone


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: object) -> "NoticeQuerySet":
        access = access_of(user)
        return self if access.everything else self.filter(recipient__in=access.institutions)

    def open(self) -> "NoticeQuerySet":
        return self.filter(settled_at__isnull=True)


class Notice(Record):
    """Something an institution must be told, exactly once (L9).

    Unique on rule, rung, subject, due date and recipient: however often a sweep runs or dies, the row exists once.
    It is shown in the portal and the admin at once; a sweep turns it into one message per person. When the matter is
    settled, ``settled_at`` is set: the notice leaves the page, and messages not yet sent fall silent.
    """

    recipient = models.ForeignKey(
        "libraries.Institution", verbose_name=_("recipient"), on_delete=models.CASCADE, related_name="notices"
    )
    sender = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("in the name of"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_(
            "The office that speaks: answers to the mail go there, and its staff see what became of it."
        ),
    )
    rule = models.CharField(_("rule"), max_length=40)
    rung = models.SmallIntegerField(
        _("rung"),
        default=0,
        help_text=_("Days relative to the due date: -7 is a week before, 3 is three days late."),
    )
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    due_on = models.DateField(_("due"))
    tone = models.CharField(_("tone"), max_length=10, choices=Tone, default=Tone.CALM)
    context = models.JSONField(
        default=dict, help_text=_("Facts for the sentence, frozen: names, numbers, dates.")
    )
    path = models.CharField(
        max_length=200, blank=True, help_text=_("Where in the portal or admin the matter stands.")
    )
    roles = models.JSONField(
        default=list, help_text=_("Roles whose holders get a message; empty means all members.")
    )
    addressed_at = models.DateTimeField(null=True, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "rung", "subject_kind", "subject_id", "due_on", "recipient"],
                name="notice_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["recipient", "created_at"],
                condition=Q(addressed_at__isnull=True, settled_at__isnull=True),
                name="notice_unaddressed",
            ),
            models.Index(fields=["recipient"], condition=Q(settled_at__isnull=True), name="notice_open"),
            models.Index(fields=["subject_id"], name="notice_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.due_on}"


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: object) -> "MessageQuerySet":
        access = access_of(user)
        if access.everything:
            return self
        if access.is_office:
            return self.filter(Q(notice__recipient__in=access.institutions) | Q(office__in=access.offices))
        return self.filter(user_id=getattr(user, "pk", None))


class Message(Record):
    """A row of the outbox: one e-mail to one person, with a fixed Message-ID and a dedupe key.

    Claimed by a conditional write, sent outside any transaction. A sender that died before it spoke to the mail server
    leaves the row claimable; one that may have died after is marked "perhaps sent" and not repeated blindly.
    """

    user = models.ForeignKey(
        "libraries.User", verbose_name=_("to"), null=True, on_delete=models.CASCADE, related_name="messages"
    )
    office = models.ForeignKey("libraries.Institution", null=True, on_delete=models.CASCADE, related_name="+")
    address = models.EmailField(_("address"))
    language = models.CharField(max_length=2, default="id")
    template = models.CharField(max_length=60)
    context = models.JSONField(default=dict)
    notice = models.ForeignKey(
        "libraries.Notice", null=True, on_delete=models.CASCADE, related_name="messages"
    )
    dedupe_key = models.CharField(max_length=160, unique=True)
    message_id = models.CharField(max_length=120, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=MessageStatus, default=MessageStatus.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    wire_opened_at = models.DateTimeField(
        null=True, help_text=_("Set just before the mail server is spoken to.")
    )
    sent_at = models.DateTimeField(_("sent"), null=True)
    last_error = models.TextField(_("last error"), blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=MessageStatus.SENDING) | Q(claimed_until__isnull=False),
                name="message_claim_ends",
            )
        ]
        indexes = [
            models.Index(
                F("not_before"), condition=Q(status__in=["pending", "sending"]), name="message_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.address}"


def new_message_id() -> str:
    """The local part of a Message-ID; the host is added by the sender."""
    return uuid7().hex
