"""Pages about the school itself. Included under the namespace ``portal``."""

from django.urls import path

from libraries.portal import entry, networks, readiness, views

urlpatterns = [
    path("pemberitahuan/", views.notices, name="notices"),
    path("dokumen/", views.documents, name="documents"),
    path("sekolah/", views.school, name="school"),
    path("sekolah/bahasa/", views.language, name="language"),
    path("sekolah/data/", entry.own_entry, name="entry"),
    path("sekolah/jam/", entry.hours, name="hours"),
    path("sekolah/kontak/baru/", entry.contact_new, name="contact_new"),
    path("sekolah/kontak/<uuid:pk>/", entry.contact, name="contact"),
    path("sekolah/kontak/<uuid:pk>/data/", entry.contact_data, name="contact_data"),
    path("sekolah/kontak/<uuid:pk>/hapus/", entry.contact_erase, name="contact_erase"),
    path("sekolah/pilih/", views.act_for, name="act_for"),
    path("jaringan/", networks.networks, name="networks"),
    path("jaringan/<uuid:pk>/", networks.network, name="network"),
    path("kesiapan/", readiness.assessments, name="assessments"),
    path("kesiapan/<uuid:pk>/", readiness.assessment, name="assessment"),
    path("kesiapan/<uuid:pk>/simpan/", readiness.keep_answers, name="assessment_keep"),
    path("kesiapan/<uuid:pk>/lembar.pdf", readiness.assessment_pdf, name="assessment_pdf"),
    path("kesiapan/tindak-lanjut/<uuid:pk>/", readiness.follow_up_done, name="follow_up_done"),
]
