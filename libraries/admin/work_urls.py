"""Addresses of the office's work pages, below /admin/kerja/ and in the namespace ``work``."""

from django.urls import path

from libraries.admin import contacts, finding, follow_ups, networks, partners, readiness, sheets

urlpatterns = [
    path("cari/", finding.Find.as_view(), name="search"),
    path("jaringan/", networks.NetworkList.as_view(), name="networks"),
    path("jaringan/baru/", networks.NetworkNew.as_view(), name="network_new"),
    path("jaringan/<uuid:pk>/", networks.NetworkPage.as_view(), name="network"),
    path("jaringan/<uuid:pk>/ubah/", networks.NetworkEdit.as_view(), name="network_edit"),
    path("jaringan/<uuid:pk>/langkah/<slug:action>/", networks.NetworkStep.as_view(), name="network_step"),
    path("jaringan/<uuid:pk>/kesiapan/", readiness.NetworkAsk.as_view(), name="network_ask"),
    path("jaringan/<uuid:pk>/anggota/tambah/", networks.MemberAdmit.as_view(), name="network_admit"),
    path(
        "jaringan/<uuid:pk>/anggota/<uuid:member>/peran/",
        networks.MemberRole.as_view(),
        name="network_role",
    ),
    path(
        "jaringan/<uuid:pk>/anggota/<uuid:member>/narahubung/",
        networks.MemberFocal.as_view(),
        name="network_focal",
    ),
    path(
        "jaringan/<uuid:pk>/anggota/<uuid:member>/keluar/",
        networks.MemberLeave.as_view(),
        name="network_leave",
    ),
    path("kesiapan/", readiness.ReadinessList.as_view(), name="readiness"),
    path("kesiapan/kirim/", readiness.SendQuestions.as_view(), name="readiness_send"),
    path("kesiapan/tindak-lanjut/", follow_ups.FollowUpList.as_view(), name="follow_ups"),
    path("kesiapan/tindak-lanjut/<uuid:pk>/ubah/", follow_ups.FollowUpEdit.as_view(), name="follow_up_edit"),
    path(
        "kesiapan/tindak-lanjut/<uuid:pk>/langkah/<slug:action>/",
        follow_ups.FollowUpStep.as_view(),
        name="follow_up_step",
    ),
    path("kesiapan/<uuid:pk>/", readiness.AssessmentPage.as_view(), name="assessment"),
    path("kesiapan/<uuid:pk>/jawab/", readiness.AnswerAtDesk.as_view(), name="assessment_answer"),
    path("kesiapan/<uuid:pk>/lembar.pdf", readiness.AssessmentPdf.as_view(), name="assessment_pdf"),
    path(
        "kesiapan/<uuid:pk>/langkah/<slug:action>/",
        readiness.AssessmentStep.as_view(),
        name="assessment_step",
    ),
    path("kesiapan/<uuid:pk>/tindak-lanjut/", follow_ups.FollowUpAdd.as_view(), name="follow_up_add"),
    path("direktori/", partners.PartnerList.as_view(), name="directory"),
    path("direktori/peta.json", partners.PartnerPoints.as_view(), name="directory_points"),
    path("direktori/cetak.pdf", partners.PartnerPaper.as_view(), name="directory_paper"),
    path("direktori/daftar/", sheets.SheetList.as_view(), name="sheets"),
    path("direktori/daftar/<uuid:pk>/", sheets.SheetReport.as_view(), name="sheet"),
    path("direktori/daftar/<uuid:pk>/kolom/", sheets.SheetColumns.as_view(), name="sheet_columns"),
    path("direktori/daftar/<uuid:pk>/kemajuan/", sheets.SheetProgress.as_view(), name="sheet_progress"),
    path("direktori/daftar/<uuid:pk>/ambil/", sheets.SheetStep.as_view(step="adopt"), name="sheet_adopt"),
    path("direktori/daftar/<uuid:pk>/sisihkan/", sheets.SheetStep.as_view(step="aside"), name="sheet_aside"),
    path("direktori/kontak/<uuid:pk>/", contacts.ContactPage.as_view(), name="contact"),
    path("direktori/kontak/<uuid:pk>/ubah/", contacts.ContactEdit.as_view(), name="contact_edit"),
    path("direktori/kontak/<uuid:pk>/cabut/", contacts.ConsentWithdraw.as_view(), name="contact_withdraw"),
    path("direktori/kontak/<uuid:pk>/hapus/", contacts.ContactErase.as_view(), name="contact_erase"),
    path("direktori/kontak/<uuid:pk>/data/", contacts.ContactData.as_view(), name="contact_data"),
    path("direktori/<uuid:pk>/", partners.PartnerPage.as_view(), name="partner"),
    path("direktori/<uuid:pk>/jam/", contacts.SetHours.as_view(), name="partner_hours"),
    path("direktori/<uuid:pk>/kontak/", contacts.ContactNew.as_view(), name="contact_new"),
]
