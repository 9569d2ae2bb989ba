from agreements.models.activity import Activity, ActivityEvent, Attendee, Evidence, Participation
from agreements.models.agreement import Agreement
from agreements.models.authority import SigningAuthority
from agreements.models.borrowing import BorrowingRule, DeskCount
from agreements.models.cohort import AttendanceDay, Cohort, Intern
from agreements.models.equipment import Booking, BookingEvent, Equipment
from agreements.models.evaluation import Evaluation, EvaluationEvent, Indicator, Measurement, Obstacle
from agreements.models.event import AgreementEvent
from agreements.models.obligation import Obligation, ObligationEvent
from agreements.models.party import Party
from agreements.models.provision import Provision
from agreements.models.request import CooperationRequest, RequestEvent, RequestMessage
from agreements.models.ruling import AgreementTemplate, KindRule
from agreements.models.term import LendingTerm
from agreements.models.version import PaperVersion, SignedScan

__all__ = [
    "Activity",
    "ActivityEvent",
    "Agreement",
    "AgreementEvent",
    "AgreementTemplate",
    "AttendanceDay",
    "Attendee",
    "Booking",
    "BookingEvent",
    "BorrowingRule",
    "Cohort",
    "CooperationRequest",
    "DeskCount",
    "Equipment",
    "Evaluation",
    "EvaluationEvent",
    "Evidence",
    "Indicator",
    "Intern",
    "KindRule",
    "LendingTerm",
    "Measurement",
    "Obligation",
    "ObligationEvent",
    "Obstacle",
    "PaperVersion",
    "Participation",
    "Party",
    "Provision",
    "RequestEvent",
    "RequestMessage",
    "SignedScan",
    "SigningAuthority",
]
