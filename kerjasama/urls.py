"""Every door of the house, by string, readable in one screen."""

from django.contrib import admin
from django.urls import include, path

handler400 = "kerjasama.pages.views.bad_request"
handler403 = "kerjasama.pages.views.forbidden"
handler404 = "kerjasama.pages.views.not_found"
handler500 = "kerjasama.pages.views.server_error"

urlpatterns = [
    path("", include("kerjasama.pages.urls")),
    path("akun/", include("allauth.urls")),
    path("", include("libraries.pages_urls")),
    path("portal/", include("loans.portal.urls")),
    path("portal/", include("agreements.portal.urls")),
    path("admin/kerja/", include("agreements.admin.work_urls")),
    path("admin/kerja/", include("loans.admin.work_urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("kerjasama.api.urls")),
]
