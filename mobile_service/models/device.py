from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.fields import Uuid7Field
from kerjasama.domain.models import Record
from mobile_service.choices import EntryKind, EntryOutcome
from mobile_service.models.fleet import OfficeOwnQuerySet


class DeviceQuerySet(OfficeOwnQuerySet["Device"]):
    def for_list(self) -> "DeviceQuerySet":
        return self.select_related("office", "member", "invited_by")

    def usable(self) -> "DeviceQuerySet":
        return self.filter(enrolled_at__isnull=False, revoked_at__isnull=True)


@audited(exclude=["seen_at", "told_until", "key", "invitation"])
class Device(Record):
    """A phone of the crew. It signs in by a code that is shown once, as QR, and is good for an hour; it can be revoked (M5).

    Only digests are kept, of the invitation and of the key that the phone then holds in a cookie.
    """

    office = models.ForeignKey(
        "libraries.Institution", verbose_name=_("library"), on_delete=models.CASCADE, related_name="+"
    )
    member = models.ForeignKey(
        "mobile_service.CrewMember",
        verbose_name=_("crew member"),
        on_delete=models.PROTECT,
        related_name="devices",
    )
    name = models.CharField(_("name"), max_length=80)
    invited_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    invitation = models.CharField(max_length=64, unique=True, null=True, editable=False)
    invitation_ends_at = models.DateTimeField(null=True, editable=False)
    key = models.CharField(max_length=64, unique=True, null=True, editable=False)
    enrolled_at = models.DateTimeField(_("signed in"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    seen_at = models.DateTimeField(_("last seen"), null=True, editable=False)
    # Up to which number of its own counting nothing is missing: what moves books is done in the order of the phone.
    told_until = models.PositiveIntegerField(default=0, editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("crew's phone")
        verbose_name_plural = _("crew's phones")
        ordering = ("name", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(enrolled_at__isnull=True) | Q(key__isnull=False) | Q(revoked_at__isnull=False),
                name="device_enrolled_has_key",
            )
        ]

    def __str__(self) -> str:
        return self.name


class EntryQuerySet(OfficeOwnQuerySet["Entry"]):
    def for_list(self) -> "EntryQuerySet":
        return self.select_related(
            "office",
            "trip__vehicle",
            "visit__trip",
            "visit__stop",
            "device__member",
            "actor",
            "decided_by",
        )

    def to_decide(self) -> "EntryQuerySet":
        return self.filter(outcome=EntryOutcome.REVIEW)


class Entry(models.Model):
    """One thing that a crew's phone told of a trip. Rows are added once, by the id that the phone gave it (M5).

    What happened is the sum of the entries, in whatever order, twice or from two phones they came in.
    """

    id = Uuid7Field()
    # The phone's own id of it: a second arrival of the same is answered like the first and changes nothing.
    client_id = models.UUIDField(unique=True)
    office = models.ForeignKey("libraries.Institution", on_delete=models.PROTECT, related_name="+")
    # None: what the phone named is no trip of this library, and a person decides.
    trip = models.ForeignKey(
        "mobile_service.Trip", null=True, on_delete=models.PROTECT, related_name="entries"
    )
    visit = models.ForeignKey(
        "mobile_service.Visit", null=True, on_delete=models.PROTECT, related_name="entries"
    )
    device = models.ForeignKey(
        "mobile_service.Device", null=True, on_delete=models.PROTECT, related_name="entries"
    )
    # In whose name it is done: the crew member's account, or that of whoever gave out the phone.
    actor = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    # In which order the phone wrote it: its clock may be wrong, its counter is not.
    counter = models.PositiveIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind)
    data = models.JSONField(default=dict)
    # What the phone's clock said, and what it would have said on ours.
    told_at = models.DateTimeField(_("by the phone's clock"))
    at = models.DateTimeField(_("at"))
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=EntryOutcome)
    code = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    decided_by = models.ForeignKey("libraries.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    decision = models.CharField(_("decision"), max_length=40, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a trip")
        verbose_name_plural = _("entries of trips")
        ordering = ("at", "counter", "id")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_known"),
            models.CheckConstraint(condition=Q(outcome__in=EntryOutcome.values), name="entry_outcome_known"),
        ]
        indexes = [
            models.Index(fields=["trip", "at"], name="entry_by_trip"),
            models.Index(fields=["office"], condition=Q(outcome="review"), name="entry_to_decide"),
            models.Index(fields=["device", "counter"], name="entry_by_device"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H.%M}"


class TripFile(models.Model):
    """A photograph or a signature from a phone, by the phone's own id of it."""

    id = Uuid7Field()
    client_id = models.UUIDField(unique=True)
    trip = models.ForeignKey("mobile_service.Trip", on_delete=models.PROTECT, related_name="files")
    visit = models.ForeignKey(
        "mobile_service.Visit", null=True, on_delete=models.PROTECT, related_name="files"
    )
    device = models.ForeignKey("mobile_service.Device", null=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20)  # photograph, school_signature, crew_signature
    file = models.ForeignKey("libraries.StoredFile", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file of a trip")
        verbose_name_plural = _("files of trips")

    def __str__(self) -> str:
        return self.purpose
