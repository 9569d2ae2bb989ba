"""Addresses of the calendar: visits, series, trips, closed days."""

from django.urls import URLPattern, URLResolver, path

from mobile_service.admin import calendar, days_off, series, telling, trips, visits

urlpatterns: list[URLPattern | URLResolver] = [
    path("pusling/jadwal/", calendar.VanCalendar.as_view(), name="van_calendar"),
    path("pusling/kunjungan/baru/", visits.NewVisit.as_view(), name="van_visit_new"),
    path("pusling/kunjungan/<uuid:pk>/", visits.VisitPage.as_view(), name="van_visit"),
    path("pusling/kunjungan/<uuid:pk>/<slug:action>/", visits.VisitAct.as_view(), name="van_visit_step"),
    path(
        "pusling/kunjungan/<uuid:pk>/lapor/<slug:action>/",
        telling.TellOfVisit.as_view(),
        name="van_visit_tell",
    ),
    path("pusling/seri/", series.SeriesList.as_view(), name="van_serieses"),
    path("pusling/seri/baru/", series.SeriesFormPage.as_view(), name="van_series_new"),
    path("pusling/seri/<uuid:pk>/", series.SeriesPage.as_view(), name="van_series"),
    path("pusling/seri/<uuid:pk>/change/", series.SeriesFormPage.as_view(), name="van_series_change"),
    path("pusling/seri/<uuid:pk>/<slug:action>/", series.SeriesAct.as_view(), name="van_series_step"),
    path("pusling/perjalanan/", trips.TripList.as_view(), name="van_trips"),
    path("pusling/perjalanan/baru/", trips.NewTrip.as_view(), name="van_trip_new"),
    path("pusling/perjalanan/<uuid:pk>/", trips.TripPage.as_view(), name="van_trip"),
    path("pusling/perjalanan/<uuid:pk>/<slug:action>/", trips.TripAct.as_view(), name="van_trip_step"),
    path(
        "pusling/perjalanan/<uuid:pk>/lapor/<slug:action>/",
        telling.TellOfTrip.as_view(),
        name="van_trip_tell",
    ),
    path("pusling/libur/", days_off.DaysOff.as_view(), name="days_off"),
    path("pusling/libur/ambil/", days_off.TakeOver.as_view(), name="days_off_take"),
    path("pusling/libur/kunjungan/", days_off.OnDaysOff.as_view(), name="days_off_visits"),
    path("pusling/tidak-jalan/kunjungan/", days_off.OnOutages.as_view(), name="outage_visits"),
    path("pusling/libur/<uuid:pk>/<slug:action>/", days_off.DayOffAct.as_view(), name="day_off_step"),
]
