"""The house's own addresses, and beside them the least that a framework can do for the same rows."""

from django.urls import include, path

from tests.bench.floor import FloorView

urlpatterns = [path("floor/copies/", FloorView.as_view()), path("", include("kerjasama.urls"))]

handler404 = "kerjasama.pages.views.not_found"
handler500 = "kerjasama.pages.views.server_error"
