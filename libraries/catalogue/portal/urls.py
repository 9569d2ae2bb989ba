"""Reading lists of a school's classes. Included under the namespace ``portal``."""

from django.urls import path

from libraries.catalogue.portal import reading_lists as views

urlpatterns = [
    path("daftar-bacaan/", views.reading_lists, name="reading_lists"),
    path("daftar-bacaan/baru/", views.reading_list_new, name="reading_list_new"),
    path("daftar-bacaan/<uuid:pk>/", views.reading_list, name="reading_list"),
    path("daftar-bacaan/<uuid:pk>/ubah/", views.reading_list_edit, name="reading_list_edit"),
    path("daftar-bacaan/<uuid:pk>/hapus/", views.reading_list_remove, name="reading_list_remove"),
    path("daftar-bacaan/<uuid:pk>/buku/", views.reading_list_add, name="reading_list_add"),
    path(
        "daftar-bacaan/<uuid:pk>/buku/<uuid:item>/<slug:act>/",
        views.reading_list_item,
        name="reading_list_item",
    ),
    path("daftar-bacaan/<uuid:pk>/dinding.pdf", views.reading_list_pdf_page, name="reading_list_pdf"),
]
