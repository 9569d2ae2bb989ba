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


class ActivityKind(TextChoices):
    """A12, F9, F11, F12: what libraries and their partners do together besides lending."""

    INTERNSHIP = "internship", _("Internship")
    TRAINING = "training", _("Training")
    MEETING = "meeting", _("Meeting")
    JOINT_EVENT = "joint_event", _("Joint event")
    EXHIBITION = "exhibition", _("Exhibition")
    CLASS_VISIT = "class_visit", _("Class visit")
    STUDY_VISIT = "study_visit", _("Study visit")
    PROCESSING = "processing", _("Learning of processing")
    PRESERVATION = "preservation", _("Preservation")
    BINDING = "binding", _("Binding")
    PROMOTION = "promotion", _("Promotion")
    GIFT_DRIVE = "gift_drive", _("Gift drive")


class ActivityStatus(TextChoices):
    PLANNED = "planned", _("Planned")
    INVITED = "invited", _("Invitations sent")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class Ground(TextChoices):
    """On what an activity stands (A4, A12)."""

    OWN = "own", _("Under an agreement of ours")
    DERIVED = "derived", _("Derived activity (turunan)")
    FREE = "free", _("Needs no agreement")


class InvitationAnswer(TextChoices):
    WAITING = "waiting", _("No answer yet")
    ACCEPTED = "accepted", _("Comes")
    DECLINED = "declined", _("Does not come")


class EquipmentOpenTo(TextChoices):
    """Who may book a tool (F14)."""

    PARTNERS = "partners", _("Partners with an agreement in force")
    NETWORK = "network", _("Partners, and members of our networks")


class BookingStatus(TextChoices):
    REQUESTED = "requested", _("Requested")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")
    RETURNED = "returned", _("Returned")
