"""Closed vocabularies of the directory and the office."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InstitutionKind(TextChoices):
    """D1: libraries of all kinds, and partners that are none."""

    NATIONAL = "national", _("National library")
    PROVINCIAL = "provincial", _("Provincial library")
    CITY = "city", _("City or regency library")
    VILLAGE = "village", _("Village library")
    ACADEMIC = "academic", _("Academic library")
    SPECIAL = "special", _("Special library")
    SCHOOL = "school", _("School")
    MADRASAH = "madrasah", _("Madrasah")
    ARCHIVE = "archive", _("Archive")
    INFORMATION_CENTRE = "information_centre", _("Documentation or information centre")
    EDUCATION_OFFICE = "education_office", _("Education office")
    FACULTY = "faculty", _("University or faculty")
    COMMUNITY = "community", _("Community")
    OTHER = "other", _("Other partner")


class Zone(TextChoices):
    WIB = "Asia/Jakarta", _("WIB (Western Indonesia)")
    WITA = "Asia/Makassar", _("WITA (Central Indonesia)")
    WIT = "Asia/Jayapura", _("WIT (Eastern Indonesia)")


class Role(TextChoices):
    OFFICER = "officer", _("Cooperation officer")
    CIRCULATION = "circulation", _("Circulation librarian")
    CREW = "crew", _("Mobile-library crew")
    HEAD = "head", _("Head of the library")
    SCHOOL_CONTACT = "school_contact", _("School contact")
    COORDINATOR = "coordinator", _("Network coordinator")
    ADMINISTRATOR = "administrator", _("Administrator")


# Who works at a desk of the lending library. An administrator may do whatever any of them may.
OFFICE_ROLES = frozenset(
    {Role.OFFICER, Role.CIRCULATION, Role.CREW, Role.HEAD, Role.COORDINATOR, Role.ADMINISTRATOR}
)


class PersonFunction(TextChoices):
    """What a contact is at its institution (F15)."""

    PRINCIPAL = "principal", _("Principal")
    TEACHER = "teacher", _("Teacher")
    TEACHER_LIBRARIAN = "teacher_librarian", _("Teacher-librarian")
    CLASS_PARENT = "class_parent", _("Class parent")
    COMMITTEE = "committee", _("School committee")
    HEAD = "head", _("Head")
    LIBRARIAN = "librarian", _("Librarian")
    OFFICER = "officer", _("Officer")
    TECHNICIAN = "technician", _("Technician")
    OTHER = "other", _("Other")


class ConsentHow(TextChoices):
    """In which way somebody agreed that their name and number are kept or shown (UU 27/2022)."""

    SPOKEN = "spoken", _("Said in person or by telephone")
    FORM = "form", _("Signed on a form")
    LETTER = "letter", _("Written by letter or e-mail")
    PORTAL = "portal", _("Ticked in the portal")


class ServiceKind(TextChoices):
    """What somebody may find at an institution of the directory (D1)."""

    READING = "reading", _("Reading on the spot")
    LENDING = "lending", _("Lending to members")
    CHILDREN = "children", _("Children's corner")
    STORYTELLING = "storytelling", _("Storytelling")
    REFERENCE = "reference", _("Reference and questions")
    INTERNET = "internet", _("Internet and computers")
    DIGITAL = "digital", _("Digital collection")
    LOCAL = "local", _("Local history collection")
    ACCESSIBLE = "accessible", _("Braille and talking books")
    INTERLIBRARY = "interlibrary", _("Loans from other libraries")
    COPYING = "copying", _("Photocopies")
    TRAINING = "training", _("Training and guidance")
    CLASS_VISITS = "class_visits", _("Class visits")
    MOBILE = "mobile", _("Mobile library")
    ROOMS = "rooms", _("Rooms for meetings")


class SheetStatus(TextChoices):
    """How far a spreadsheet of institutions has come."""

    MAPPING = "mapping", _("Columns to be chosen")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    ADOPTING = "adopting", _("Being adopted")
    DONE = "done", _("Adopted")
    STOPPED = "stopped", _("Stopped")
    CANCELLED = "cancelled", _("Put aside")


class RowOutcome(TextChoices):
    """What one row of a spreadsheet means for the directory."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    BAD = "bad", _("Cannot be used")


class RegionLevel(TextChoices):
    PROVINCE = "province", _("Province")
    REGENCY = "regency", _("Regency or city")
    DISTRICT = "district", _("District (kecamatan)")
    VILLAGE = "village", _("Village (kelurahan, desa, nagari)")


class FilePurpose(TextChoices):
    SIGNED_SCAN = "signed_scan", _("Signed scan")
    PHOTOGRAPH = "photograph", _("Photograph")
    PAPER = "paper", _("Generated document")
    CATALOGUE = "catalogue", _("Catalogue file")
    EVIDENCE = "evidence", _("Evidence")
    ATTACHMENT = "attachment", _("Attachment of a message")
    SHEET = "sheet", _("Spreadsheet of institutions")


class PaperKind(TextChoices):
    """Kinds of numbered papers; each institution numbers each kind by its own pattern (A8)."""

    AGREEMENT = "agreement", _("Agreement")
    HANDOVER = "handover", _("Handover record (BAST)")
    RETURN = "return", _("Return record (BAST)")
    REPLACEMENT = "replacement", _("Replacement letter")
    SETTLEMENT = "settlement", _("Settlement record")
    ACCEPTANCE = "acceptance", _("Letter of acceptance")
    CERTIFICATE = "certificate", _("Certificate")
    MINUTES = "minutes", _("Minutes of a meeting")
    EVALUATION = "evaluation", _("Evaluation of a cooperation")
    # An office may number these apart; without a pattern of their own they count among the agreements.
    MOU = "mou", _("Memorandum of understanding (MoU)")
    WORK_PLAN = "work_plan", _("Work plan")
    ADDENDUM = "addendum", _("Addendum")
    IMPLICIT = "implicit", _("Note of an unwritten agreement")


# Kinds that only numbering knows: the paper itself is filed as an agreement.
NUMBERED_AS_AGREEMENTS = frozenset(
    {PaperKind.MOU, PaperKind.WORK_PLAN, PaperKind.ADDENDUM, PaperKind.IMPLICIT}
)


class PaperStatus(TextChoices):
    ISSUED = "issued", _("Issued")
    # Genuine as ever: people signed this very paper. The version after it says when and where they did.
    COMPLETED = "completed", _("Completed by a later version")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class MessageStatus(TextChoices):
    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    UNSURE = "unsure", _("Perhaps sent")
    FAILED = "failed", _("Failed")
    SILENCED = "silenced", _("No longer needed")


class Tone(TextChoices):
    CALM = "calm", _("For information")
    DUE = "due", _("Due")
    LATE = "late", _("Late")


class NetworkKind(TextChoices):
    """D7. A consortium is the more formal one: a body of several libraries that rests on a paper."""

    NETWORK = "network", _("Network")
    CONSORTIUM = "consortium", _("Consortium")


class LegalForm(TextChoices):
    """What a network rests on."""

    NONE = "none", _("No legal form")
    DECREE = "decree", _("Joint decree")
    FOUNDATION = "foundation", _("Foundation (yayasan)")
    ASSOCIATION = "association", _("Association (perkumpulan)")
    AGREEMENT = "agreement", _("Cooperation agreement")
    OTHER = "other", _("Other form")


class NetworkRole(TextChoices):
    FOCAL = "focal", _("Focal point")
    COORDINATOR = "coordinator", _("Coordinator")
    SECRETARY = "secretary", _("Secretary")
    TREASURER = "treasurer", _("Treasurer")
    MEMBER = "member", _("Member")


class NetworkStatus(TextChoices):
    FORMING = "forming", _("Being formed")
    ACTIVE = "active", _("Active")
    DISSOLVED = "dissolved", _("Dissolved")


class AssessmentStatus(TextChoices):
    """D6."""

    SENT = "sent", _("Waits for answers")
    ANSWERED = "answered", _("Answered")
    REVIEWED = "reviewed", _("Reviewed")
    CANCELLED = "cancelled", _("Cancelled")


class AnswerValue(TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class FollowUpStatus(TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class ClosureScope(TextChoices):
    """Who is closed on days that belong to no single institution."""

    EVERYONE = "everyone", _("Everyone")
    SCHOOLS = "schools", _("All schools")
