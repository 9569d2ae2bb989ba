"""Pages about the school itself. Included under the namespace ``portal``."""

from django.urls import path

from libraries.portal import views

urlpatterns = [
    path("pemberitahuan/", views.notices, name="notices"),
    path("dokumen/", views.documents, name="documents"),
    path("sekolah/", views.school, name="school"),
    path("sekolah/bahasa/", views.language, name="language"),
    path("sekolah/kontak/<uuid:pk>/", views.contact, name="contact"),
    path("sekolah/pilih/", views.act_for, name="act_for"),
]
