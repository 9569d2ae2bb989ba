"""Papers and files, verification for anybody, the rest through a checked view; networks and the directory for everybody to read."""

from django.urls import path

from libraries import health, network_pages, pages, public_directory

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("verify/", pages.verify_lookup, name="verify_lookup"),
    path("verify/<str:code>", pages.verify, name="verify"),
    path("jaringan/", network_pages.networks, name="public_networks"),
    path("jaringan/<slug:slug>/", network_pages.network, name="public_network"),
    path("direktori/", public_directory.directory, name="directory"),
    path("direktori/peta.json", public_directory.points, name="directory_points"),
    path("direktori/cetak.pdf", public_directory.paper, name="directory_paper"),
    path("direktori/<slug:slug>/", public_directory.entry, name="directory_entry"),
    path("kamera/", pages.camera_frame, name="camera_frame"),
    path("berkas/<uuid:pk>/", pages.file, name="file"),
    path("dokumen/<uuid:pk>.pdf", pages.document, name="document"),
]
