"""The crew's trip below /portal/van/, and what a school asks of the mobile library. Included under the namespace ``portal``."""

from django.urls import URLPattern, URLResolver, path

from mobile_service.portal import asking, stops, van, van_api, visits

urlpatterns: list[URLPattern | URLResolver] = [
    path("pusling/minta/", asking.visit_requests, name="visit_requests"),
    path("pusling/minta/baru/", asking.visit_request_new, name="visit_request_new"),
    path("pusling/minta/<uuid:pk>/", asking.visit_request, name="visit_request"),
    path(
        "pusling/minta/<uuid:pk>/langkah/<slug:action>/", asking.visit_request_step, name="visit_request_step"
    ),
    path("pusling/titik/", stops.stops, name="stops"),
    path("pusling/titik/<uuid:pk>/", stops.stop_correct, name="stop_correct"),
    path("pusling/titik/<uuid:pk>/jam/", stops.stop_hours, name="stop_hours"),
    path("van/", van.van, name="van"),
    path("van/halaman.<slug:made>.css", van.piece, {"kind": "css"}, name="van_css"),
    path("van/halaman.<slug:made>.js", van.piece, {"kind": "js"}, name="van_js"),
    path("van/sw.js", van.worker, name="van_worker"),
    path("van/manifest.webmanifest", van.manifest, name="van_manifest"),
    path("van/kamera/", van.frame, name="van_frame"),
    path("van/masuk/<str:code>/", van_api.sign_in, name="van_sign_in"),
    path("van/paket/", van_api.pack, name="van_pack"),
    path("van/kirim/", van_api.send, name="van_send"),
    path("van/berkas/<uuid:client_id>/", van_api.file, name="van_file"),
    path("van/keadaan/", van_api.state, name="van_state"),
    path("pusling/", visits.visits, name="van_visits"),
    path("pusling/kalender/", visits.feed, name="van_feed"),
]
