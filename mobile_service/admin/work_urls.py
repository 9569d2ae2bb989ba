"""The mobile library's pages at the desk, below /admin/kerja/pusling/. Included under the namespace ``work``."""

from django.urls import URLPattern, URLResolver, path

from mobile_service.admin import calendars, figures, fleet_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("pusling/angka/", figures.FiguresPage.as_view(), name="van_figures"),
    path("pusling/angka/laporan.pdf", figures.FiguresReport.as_view(), name="van_report"),
    path("pusling/angka/titik.json", figures.FiguresPoints.as_view(), name="van_points"),
    path("pusling/angka/titik/<uuid:pk>/", figures.StopFigures.as_view(), name="van_stop_figures"),
    *fleet_urls.urlpatterns,
    path("pusling/kalender/", calendars.Calendars.as_view(), name="van_calendars"),
    path("pusling/kalender/<slug:kind>/<uuid:pk>/", calendars.Renew.as_view(), name="van_calendar_renew"),
]
