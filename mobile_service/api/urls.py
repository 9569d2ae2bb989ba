from django.urls import URLPattern, URLResolver

from kerjasama.api.routing import NounRouter
from mobile_service.api.asking import VisitRequestViewSet
from mobile_service.api.calendar import SeriesViewSet, VisitViewSet
from mobile_service.api.fleet import CrewMemberViewSet, VehicleViewSet
from mobile_service.api.route_plans import RoutePlanViewSet, TravelTimeViewSet
from mobile_service.api.school_calendars import SchoolCalendarViewSet
from mobile_service.api.statistics import VisitStatisticsViewSet
from mobile_service.api.stop_lists import StopSheetViewSet
from mobile_service.api.stops import StopViewSet
from mobile_service.api.telling import DeviceViewSet, TripEntryViewSet
from mobile_service.api.trips import TripViewSet

router = NounRouter()
for viewset in (
    VehicleViewSet,
    CrewMemberViewSet,
    StopViewSet,
    StopSheetViewSet,
    RoutePlanViewSet,
    TravelTimeViewSet,
    SeriesViewSet,
    VisitViewSet,
    TripViewSet,
    TripEntryViewSet,
    DeviceViewSet,
    VisitRequestViewSet,
    SchoolCalendarViewSet,
    VisitStatisticsViewSet,
):
    router.add(viewset)

urlpatterns: list[URLPattern | URLResolver] = router.urls
