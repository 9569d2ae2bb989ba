from django.db import models
from django.db.models import Count, F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.audit import audited
from kerjasama.domain.models import Record, StatusEvent, Versioned
from libraries.access import access_of
from libraries.choices import LegalForm, NetworkKind, NetworkRole, NetworkStatus


class NetworkMemberQuerySet(models.QuerySet["NetworkMember"]):
    def current(self) -> "NetworkMemberQuerySet":
        return self.filter(left_on__isnull=True)

    def in_order(self) -> "NetworkMemberQuerySet":
        """The focal point first, then the offices of the network, then the members by name; those who left at the end."""
        roles = [models.When(role=role, then=models.Value(n)) for n, role in enumerate(NetworkRole.values)]
        place = models.Case(*roles, output_field=models.SmallIntegerField())
        return self.select_related("institution").order_by(
            F("left_on").asc(nulls_first=True), place, "institution__name", "pk"
        )


class NetworkQuerySet(models.QuerySet["Network"]):
    def visible_to(self, user: object) -> "NetworkQuerySet":
        """The office that keeps it, and its members."""
        access = access_of(user)
        if access.everything:
            return self
        within = NetworkMember.objects.current().filter(institution__in=access.institutions)
        return self.filter(Q(office__in=access.offices) | Q(pk__in=within.values("network")))

    def published(self) -> "NetworkQuerySet":
        """What anybody may read: the networks at work."""
        return self.filter(status=NetworkStatus.ACTIVE, is_public=True)

    def for_list(self) -> "NetworkQuerySet":
        """With its office, the number of members, and ``focal``: a list of the focal point's row, or of none."""
        focal = NetworkMember.objects.current().filter(role=NetworkRole.FOCAL).select_related("institution")
        return (
            self.select_related("office")
            .prefetch_related(Prefetch("members", focal, to_attr="focal"))
            .annotate(member_count=Count("members", filter=Q(members__left_on__isnull=True)))
            .order_by("name", "pk")
        )


@audited()
class Network(Versioned):
    """Libraries that work together for good: a network, or a consortium with a legal form (D7)."""

    office = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("kept by"),
        on_delete=models.PROTECT,
        related_name="kept_networks",
        help_text=_("The library whose coordinator keeps this network here."),
    )
    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=NetworkKind, default=NetworkKind.NETWORK)
    legal_form = models.CharField(_("legal form"), max_length=12, choices=LegalForm, default=LegalForm.NONE)
    legal_basis = models.CharField(
        _("founding paper"),
        max_length=200,
        blank=True,
        help_text=_("Number and date of the decree, deed or agreement it rests on."),
    )
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    starts_on = models.DateField(_("term begins"), null=True, blank=True)
    ends_on = models.DateField(_("term ends"), null=True, blank=True)
    purpose = models.TextField(
        _("purpose"), blank=True, help_text=_("What the members do together, and why.")
    )
    standards = models.TextField(
        _("agreed standards"),
        blank=True,
        help_text=_("Classification, cataloguing rules, data format, fees: what all members keep to."),
    )
    is_public = models.BooleanField(
        _("shown on the public pages"),
        default=True,
        help_text=_("An active network and its members then stand under /jaringan/ for everybody to read."),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=NetworkStatus, default=NetworkStatus.FORMING, editable=False
    )

    objects = NetworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        ordering = ("name", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="network_ends_after_start",
                violation_error_message=_("The term must end after it begins."),
            ),
            models.CheckConstraint(condition=Q(status__in=NetworkStatus.values), name="network_status_known"),
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class NetworkMember(Record):
    """One institution's membership, from a day until it left. Who left and comes back gets a new row."""

    network = models.ForeignKey("libraries.Network", on_delete=models.CASCADE, related_name="members")
    institution = models.ForeignKey(
        "libraries.Institution",
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        related_name="network_memberships",
    )
    role = models.CharField(_("role"), max_length=12, choices=NetworkRole, default=NetworkRole.MEMBER)
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)
    left_reason = models.TextField(_("why it left"), blank=True)

    objects = NetworkMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a network")
        verbose_name_plural = _("members of networks")
        ordering = ("network", "joined_on", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["network", "institution"],
                condition=Q(left_on__isnull=True),
                name="network_member_once",
                violation_error_message=_("This institution is already a member."),
            ),
            models.UniqueConstraint(
                fields=["network"],
                condition=Q(left_on__isnull=True, role=NetworkRole.FOCAL),
                name="network_one_focal_point",
                violation_error_message=_("The network already has a focal point."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="network_member_leaves_after_joining",
                violation_error_message=_("A member cannot leave before it joined."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | ~Q(left_reason=""), name="network_member_left_why"
            ),
        ]

    def __str__(self) -> str:
        return str(self.institution)


class NetworkEvent(StatusEvent):
    """One step in the life of a network: who came, who left, who leads it."""

    subject = models.ForeignKey("libraries.Network", on_delete=models.CASCADE, related_name="events")

    class Meta(StatusEvent.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.action} → {self.to_state}"
