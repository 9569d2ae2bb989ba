"""Closed vocabularies of agreements."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AgreementKind(TextChoices):
    """A1. Written kinds are signed by every party; an implicit one is agreed but unwritten, and rests on evidence."""

    MOU = "mou", _("Memorandum of understanding (MoU)")
    PKS = "pks", _("Cooperation agreement (PKS)")
    IMPLICIT = "implicit", _("Implicit agreement (unwritten)")


WRITTEN_KINDS = frozenset({AgreementKind.MOU, AgreementKind.PKS})


class AgreementStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    SIGNING = "signing", _("Being signed")
    ACTIVE = "active", _("In force")
    EXPIRED = "expired", _("Expired")
    TERMINATED = "terminated", _("Terminated")
    CANCELLED = "cancelled", _("Cancelled")


class PartyRole(TextChoices):
    """A5."""

    FIRST = "first", _("First party")
    SECOND = "second", _("Second party")
    FOCAL = "focal", _("Focal point")
    MEMBER = "member", _("Member")


class AgreedHow(TextChoices):
    """How an unwritten agreement came about."""

    MEETING = "meeting", _("At a meeting")
    VISIT = "visit", _("During a visit")
    TELEPHONE = "telephone", _("By telephone")
    WHATSAPP = "whatsapp", _("By WhatsApp")
    LETTER = "letter", _("By letter or e-mail")


class InitiatedBy(TextChoices):
    """A6."""

    LIBRARY = "library", _("The library's own outreach")
    PARTNER = "partner", _("The partner's request")


class ReplacementWay(TextChoices):
    """A9: what may take the place of a lost item."""

    SAME_TITLE = "same_title", _("The same title")
    EQUAL_TITLE = "equal_title", _("An equal title")
    PRICE = "price", _("Its price")
