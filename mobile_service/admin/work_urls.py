"""The mobile library's pages at the desk, below /admin/kerja/pusling/. Included under the namespace ``work``."""

from django.urls import URLPattern, URLResolver, path

from mobile_service.admin import asking, calendars, figures, fleet_urls, plan_urls, road_urls, route_urls

urlpatterns: list[URLPattern | URLResolver] = [
    *road_urls.urlpatterns,
    path("pusling/permintaan/", asking.VisitRequestList.as_view(), name="visit_requests"),
    path("pusling/permintaan/<uuid:pk>/", asking.VisitRequestPage.as_view(), name="visit_request"),
    path("pusling/permintaan/<uuid:pk>/terima/", asking.Accept.as_view(), name="visit_request_accept"),
    path("pusling/permintaan/<uuid:pk>/usul/", asking.Propose.as_view(), name="visit_request_propose"),
    path("pusling/permintaan/<uuid:pk>/titik/", asking.Locate.as_view(), name="visit_request_locate"),
    path(
        "pusling/permintaan/<uuid:pk>/langkah/<slug:action>/",
        asking.Step.as_view(),
        name="visit_request_step",
    ),
    path("pusling/angka/", figures.FiguresPage.as_view(), name="van_figures"),
    path("pusling/angka/laporan.pdf", figures.FiguresReport.as_view(), name="van_report"),
    path("pusling/angka/titik.json", figures.FiguresPoints.as_view(), name="van_points"),
    path("pusling/angka/titik/<uuid:pk>/", figures.StopFigures.as_view(), name="van_stop_figures"),
    *fleet_urls.urlpatterns,
    path("pusling/kalender/", calendars.Calendars.as_view(), name="van_calendars"),
    path("pusling/kalender/<slug:kind>/<uuid:pk>/", calendars.Renew.as_view(), name="van_calendar_renew"),
    *route_urls.urlpatterns,
    *plan_urls.urlpatterns,
]
