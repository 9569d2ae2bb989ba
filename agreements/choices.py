"""Closed vocabularies of agreements."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AgreementKind(TextChoices):
    """A1. Written kinds are signed by every party; an implicit one is agreed but unwritten, and rests on evidence.

    A work plan carries out a MoU or PKS that somebody above has signed: it is how a unit without authority works (A4).
    """

    MOU = "mou", _("Memorandum of understanding (MoU)")
    PKS = "pks", _("Cooperation agreement (PKS)")
    WORK_PLAN = "work_plan", _("Work plan (derived activity)")
    ADDENDUM = "addendum", _("Addendum")
    IMPLICIT = "implicit", _("Implicit agreement (unwritten)")


WRITTEN_KINDS = frozenset(
    {AgreementKind.MOU, AgreementKind.PKS, AgreementKind.WORK_PLAN, AgreementKind.ADDENDUM}
)


class SignedKind(TextChoices):
    """Kinds that need authority to sign (A4)."""

    MOU = "mou", _("Memorandum of understanding (MoU)")
    PKS = "pks", _("Cooperation agreement (PKS)")


# These stand under another agreement, or they stand on nothing.
KINDS_UNDER_ANOTHER = frozenset({AgreementKind.WORK_PLAN, AgreementKind.ADDENDUM})


class AgreementStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    NEGOTIATION = "negotiation", _("Being negotiated")
    LEGAL_REVIEW = "legal_review", _("In legal review")
    SIGNING = "signing", _("Being signed")
    ACTIVE = "active", _("In force")
    EXPIRED = "expired", _("Expired")
    RENEWED = "renewed", _("Renewed")
    SUPERSEDED = "superseded", _("Superseded by a written one")
    TERMINATED = "terminated", _("Terminated")
    CANCELLED = "cancelled", _("Cancelled")


# What came of an agreement once it no longer holds.
ENDED = frozenset(
    {
        AgreementStatus.EXPIRED,
        AgreementStatus.RENEWED,
        AgreementStatus.SUPERSEDED,
        AgreementStatus.TERMINATED,
        AgreementStatus.CANCELLED,
    }
)


class PartyRole(TextChoices):
    """A5."""

    FIRST = "first", _("First party")
    SECOND = "second", _("Second party")
    FOCAL = "focal", _("Focal point")
    MEMBER = "member", _("Member")
    EXECUTOR = "executor", _("Carries it out")


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


class CooperationForm(TextChoices):
    """F1–F15: the forms of cooperation that an agreement can give terms for (A7). Each is carried out somewhere here."""

    COLLECTION_LOAN = "collection_loan", _("Collection loan with rotation")
    EXCHANGE = "exchange", _("Exchange of library material")
    REDISTRIBUTION = "redistribution", _("Redistribution and gifts")
    JOINT_ACQUISITION = "joint_acquisition", _("Joint acquisition")
    JOINT_PROCESSING = "joint_processing", _("Joint processing")
    SERVICE_USE = "service_use", _("Use of facilities and services")
    INTERLIBRARY_LOAN = "interlibrary_loan", _("Interlibrary loan")
    INTERLIBRARY_SERVICE = "interlibrary_service", _("Interlibrary service (silang layang)")
    LIBRARIANS_TOGETHER = "librarians_together", _("Librarians together: meetings and training")
    UNION_CATALOGUE = "union_catalogue", _("Union catalogue")
    INTERNSHIP = "internship", _("Internship")
    JOINT_EVENTS = "joint_events", _("Joint events and promotion")
    MOBILE_LIBRARY = "mobile_library", _("Mobile library")
    EQUIPMENT_SHARING = "equipment_sharing", _("Sharing of equipment")
    SCHOOL_INSIDE = "school_inside", _("Cooperation inside the school")


class RequestChannel(TextChoices):
    """A6: by which door a request to cooperate came."""

    PORTAL = "portal", _("Portal")
    PUBLIC = "public", _("Public page")
    OUTREACH = "outreach", _("Our own outreach")


class RequestStatus(TextChoices):
    UNCONFIRMED = "unconfirmed", _("Not confirmed yet")
    RECEIVED = "received", pgettext_lazy("request", "Received")
    DISCUSSING = "discussing", _("In discussion")
    ACCEPTED = "accepted", pgettext_lazy("request", "Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")


OPEN_REQUESTS = frozenset({RequestStatus.RECEIVED, RequestStatus.DISCUSSING})


class RequestSide(TextChoices):
    """The two who talk about a request."""

    OFFICE = "office", _("The library")
    PARTNER = "partner", _("The partner")


class IndicatorKind(TextChoices):
    """A11: what an aim is told by. What none of them says is in one's own words."""

    VISITS = "visits", _("Visits")
    MEMBERS = "members", _("Members")
    LOANS = "loans", _("Loans to readers")
    BOOKS_OUT = "books_out", _("Books lent to the partner")
    LOSSES = "losses", _("Lost books")
    EVENTS = "events", _("Events joined")
    IN_TIME = "in_time", _("Deliveries confirmed in time")
    OWN = "own", _("In own words")


class Direction(TextChoices):
    MORE = "more", _("More is better")
    LESS = "less", _("Less is better")


class Gathering(TextChoices):
    """How several measurements become the one value of a longer time."""

    SUM = "sum", _("Added up")
    LATEST = "latest", _("The latest counts")
    MEAN = "mean", _("Their average")


class MeasurementSource(TextChoices):
    ENTERED = "entered", _("Entered")
    COUNTED = "counted", _("Counted by the system")


class Verdict(TextChoices):
    """What an indicator says about its aim: computed, never chosen."""

    REACHED = "reached", _("Target reached")
    BETTER = "better", _("Better than before")
    SAME = "same", _("As before")
    WORSE = "worse", _("Worse than before")
    MISSED = "missed", _("Target not reached")
    NOTED = "noted", _("Measured, nothing to compare with")
    UNMEASURED = "unmeasured", _("Not measured")


class ObstacleKind(TextChoices):
    """A11: the eight obstacles to cooperation between libraries."""

    FACILITIES = "facilities", _("Facilities and equipment")
    COLLECTION = "collection", _("Collection")
    STAFF = "staff", _("Staffing")
    UNDERSTANDING = "understanding", _("Benefits not understood")
    FUNDS = "funds", _("Funds")
    INFORMATION = "information", _("Little information between libraries")
    COPYRIGHT = "copyright", _("Copyright rules read differently")
    SYSTEMS = "systems", _("Rules and systems do not match")


class EvaluationStatus(TextChoices):
    DRAFT = "draft", _("Being written")
    FINISHED = "finished", _("Finished")


class Recommendation(TextChoices):
    RENEW = "renew", _("Renew")
    CHANGE = "change", _("Renew with changes")
    END = "end", _("Let it end")


class Audience(TextChoices):
    """Who of the partner may use a service (F6)."""

    EVERYBODY = "everybody", _("Everybody of the partner")
    STUDENTS = "students", _("Students")
    PUPILS = "pupils", _("Pupils")
    TEACHERS = "teachers", _("Teachers and lecturers")
    STAFF = "staff", _("Staff")


class Proof(TextChoices):
    """What a person shows at the desk. It is looked at, never kept: no number of it is stored."""

    NONE = "none", _("Nothing")
    ID_CARD = "id_card", _("Identity card (KTP)")
    ENROLMENT_LETTER = "enrolment_letter", _("Enrolment letter (surat aktif kuliah)")
    STUDENT_CARD = "student_card", _("Student card")
    STAFF_CARD = "staff_card", _("Staff card")
    ASSIGNMENT_LETTER = "assignment_letter", _("Letter of assignment")
    MEMBER_CARD = "member_card", _("Library membership card")


class CostBearer(TextChoices):
    EACH = "each", _("Each party its own")
    FIRST = "first", _("The first party")
    SECOND = "second", _("The second party")
    REQUESTER = "requester", _("The party that asks")


class ObligationStatus(TextChoices):
    """A5: one duty of one party."""

    OPEN = "open", _("Open")
    PARTLY = "partly", _("Partly fulfilled")
    FULFILLED = "fulfilled", _("Fulfilled")
    LAPSED = "lapsed", _("Lapsed")


class Factor(TextChoices):
    """A2: those of the nine factors that an office may demand or not. Parties and term are always needed."""

    AIMS = "aims", _("Reasons and aims")
    SCOPE = "scope", _("Scope")
    RELATION = "relation", _("Relation between the parties")
    DIVISION_OF_WORK = "division_of_work", _("Division of work")
    PROCEDURES = "procedures", _("Procedures and equipment")
    FINANCING = "financing", _("Financing")
    TECHNOLOGY = "technology", _("Technology")


class DeskOutcome(TextChoices):
    """F6: what a desk check came to. Counted a day, never kept about a person."""

    BORROW = "borrow", _("May borrow under an agreement")
    MEMBER = "member", _("May become a member and borrow")
    PROOF = "proof", _("May read; a proof is missing to borrow")
    READ = "read", _("May read on the spot")
