"""The mobile library's pages at the desk, below /admin/kerja/pusling/. Included under the namespace ``work``."""

from django.urls import URLPattern, URLResolver, path

from mobile_service.admin import figures, fleet_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("pusling/angka/", figures.FiguresPage.as_view(), name="van_figures"),
    path("pusling/angka/laporan.pdf", figures.FiguresReport.as_view(), name="van_report"),
    path("pusling/angka/titik.json", figures.FiguresPoints.as_view(), name="van_points"),
    path("pusling/angka/titik/<uuid:pk>/", figures.StopFigures.as_view(), name="van_stop_figures"),
    *fleet_urls.urlpatterns,
]
