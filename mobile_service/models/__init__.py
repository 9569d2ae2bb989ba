from mobile_service.models.device import Device, Entry, TripFile
from mobile_service.models.feed import SchoolFeed
from mobile_service.models.fleet import CrewMember, Outage, Vehicle, VehicleHours
from mobile_service.models.hours_proposal import HoursProposal
from mobile_service.models.request import VisitRequest, VisitRequestEvent
from mobile_service.models.route_plan import RoutePlan, RoutePlanEvent
from mobile_service.models.series import Series, SeriesEvent
from mobile_service.models.stop import Stop, StopWindow, TravelTime
from mobile_service.models.stop_sheet import StopSheet
from mobile_service.models.trip import Duty, Trip, TripEvent, TripLoad
from mobile_service.models.visit import Tally, Visit, VisitEvent

__all__ = [
    "CrewMember",
    "Device",
    "Duty",
    "Entry",
    "HoursProposal",
    "Outage",
    "RoutePlan",
    "RoutePlanEvent",
    "SchoolFeed",
    "Series",
    "SeriesEvent",
    "Stop",
    "StopSheet",
    "StopWindow",
    "Tally",
    "TravelTime",
    "Trip",
    "TripEvent",
    "TripFile",
    "TripLoad",
    "Vehicle",
    "VehicleHours",
    "Visit",
    "VisitEvent",
    "VisitRequest",
    "VisitRequestEvent",
]
