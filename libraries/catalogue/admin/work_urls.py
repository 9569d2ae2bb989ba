"""Addresses of the catalogue's work pages, below /admin/kerja/ and in the namespace ``work``."""

from django.urls import path

from libraries.catalogue.admin import reading_lists

urlpatterns = [
    path("daftar-bacaan/", reading_lists.ReadingLists.as_view(), name="reading_lists"),
    path("daftar-bacaan/<uuid:pk>/", reading_lists.ReadingListPage.as_view(), name="reading_list"),
    path(
        "daftar-bacaan/<uuid:pk>/dinding.pdf", reading_lists.ReadingListPdf.as_view(), name="reading_list_pdf"
    ),
]
