"""Papers and files, verification for anybody, the rest through a checked view; networks for everybody to read."""

from django.urls import path

from libraries import health, network_pages, pages

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("verify/", pages.verify_lookup, name="verify_lookup"),
    path("verify/<str:code>", pages.verify, name="verify"),
    path("jaringan/", network_pages.networks, name="public_networks"),
    path("jaringan/<slug:slug>/", network_pages.network, name="public_network"),
    path("berkas/<uuid:pk>/", pages.file, name="file"),
    path("dokumen/<uuid:pk>.pdf", pages.document, name="document"),
]
