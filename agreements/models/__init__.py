from agreements.models.activity import Activity, ActivityEvent, Attendee, Evidence, Participation
from agreements.models.agreement import Agreement
from agreements.models.cohort import AttendanceDay, Cohort, Intern
from agreements.models.equipment import Booking, BookingEvent, Equipment
from agreements.models.evaluation import Evaluation, EvaluationEvent, Indicator, Measurement, Obstacle
from agreements.models.event import AgreementEvent
from agreements.models.party import Party
from agreements.models.request import CooperationRequest, RequestEvent, RequestMessage
from agreements.models.term import LendingTerm

__all__ = [
    "Activity",
    "ActivityEvent",
    "Agreement",
    "AgreementEvent",
    "AttendanceDay",
    "Attendee",
    "Booking",
    "BookingEvent",
    "Cohort",
    "CooperationRequest",
    "Equipment",
    "Evaluation",
    "EvaluationEvent",
    "Evidence",
    "Indicator",
    "Intern",
    "LendingTerm",
    "Measurement",
    "Obstacle",
    "Participation",
    "Party",
    "RequestEvent",
    "RequestMessage",
]
