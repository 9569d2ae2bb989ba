"""The crew's trip below /portal/van/, and what a school asks of the mobile library. Included under the namespace ``portal``."""

from django.urls import URLPattern, URLResolver, path

from mobile_service.portal import van

urlpatterns: list[URLPattern | URLResolver] = [
    path("van/", van.van, name="van"),
    path("van/sw.js", van.worker, name="van_worker"),
    path("van/manifest.webmanifest", van.manifest, name="van_manifest"),
]
