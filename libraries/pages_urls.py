"""Papers and files: verification for anybody, the rest through a checked view."""

from django.urls import path

from libraries import health, pages

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("verify/", pages.verify_lookup, name="verify_lookup"),
    path("verify/<str:code>", pages.verify, name="verify"),
    path("berkas/<uuid:pk>/", pages.file, name="file"),
    path("dokumen/<uuid:pk>.pdf", pages.document, name="document"),
]
