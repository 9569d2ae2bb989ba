"""Every door of the house, by string, readable in one screen."""

from django.contrib import admin
from django.urls import include, path

handler400 = "kerjasama.pages.views.bad_request"
handler403 = "kerjasama.pages.views.forbidden"
handler404 = "kerjasama.pages.views.not_found"
handler500 = "kerjasama.pages.views.server_error"

# The partners' face is one namespace, whichever app a page comes from.
PORTAL = [
    path("", include("loans.portal.urls")),
    path("", include("mobile_service.portal.urls")),
    path("", include("agreements.portal.urls")),
    path("", include("libraries.portal.urls")),
    path("", include("libraries.catalogue.portal.urls")),
]

# The librarians' work pages are one namespace too, below the admin's own address.
WORK = [
    path("", include("libraries.admin.work_urls")),
    path("", include("libraries.catalogue.admin.work_urls")),
    path("", include("agreements.admin.work_urls")),
    path("", include("agreements.admin.evaluation_urls")),
    path("", include("loans.admin.work_urls")),
    path("", include("mobile_service.admin.work_urls")),
]

urlpatterns = [
    path("", include("kerjasama.pages.urls")),
    path("akun/", include("allauth.urls")),
    path("", include("libraries.pages_urls")),
    path("", include("agreements.public.urls")),
    path("", include("mobile_service.public.urls")),
    path("portal/", include((PORTAL, "portal"))),
    path("admin/kerja/", include((WORK, "work"))),
    path("admin/", admin.site.urls),
    path("api/v1/", include("kerjasama.api.urls")),
]
