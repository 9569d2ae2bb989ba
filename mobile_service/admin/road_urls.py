"""Addresses of the trip itself: the crew's phones, what they told, what a van takes along."""

from django.urls import URLPattern, URLResolver, path

from mobile_service.admin import devices, entry_reviews, loads

urlpatterns: list[URLPattern | URLResolver] = [
    path("pusling/perangkat/", devices.DeviceList.as_view(), name="van_devices"),
    path("pusling/perangkat/baru/", devices.InviteDevice.as_view(), name="van_device_new"),
    path("pusling/perangkat/<uuid:pk>/kode/", devices.NewCode.as_view(), name="van_device_code"),
    path("pusling/perangkat/<uuid:pk>/cabut/", devices.RevokeDevice.as_view(), name="van_device_revoke"),
    path("pusling/tinjauan/", entry_reviews.EntryReviews.as_view(), name="entry_reviews"),
    path("pusling/tinjauan/<uuid:pk>/kerjakan/", entry_reviews.ApplyEntry.as_view(), name="entry_apply"),
    path("pusling/tinjauan/<uuid:pk>/pindah/", entry_reviews.AttachEntry.as_view(), name="entry_attach"),
    path("pusling/tinjauan/<uuid:pk>/catat/", entry_reviews.NoteEntry.as_view(), name="entry_note"),
    path("pusling/perjalanan/<uuid:pk>/muatan/", loads.TripLoadPage.as_view(), name="trip_load"),
    path("pusling/perjalanan/<uuid:pk>/muatan/usul/", loads.ProposeLoads.as_view(), name="trip_load_propose"),
    path("pusling/perjalanan/<uuid:pk>/muatan/tambah/", loads.AddLoad.as_view(), name="trip_load_add"),
    path(
        "pusling/perjalanan/<uuid:pk>/muatan/<uuid:load>/lepas/",
        loads.RemoveLoad.as_view(),
        name="trip_load_remove",
    ),
    path("pusling/perjalanan/<uuid:pk>/muatan.pdf", loads.LoadPaper.as_view(), name="trip_load_paper"),
]
