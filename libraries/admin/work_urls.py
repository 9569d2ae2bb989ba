"""Addresses of the office's work pages, below /admin/kerja/ and in the namespace ``work``."""

from django.urls import path

from libraries.admin import finding, follow_ups, networks, readiness

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
]
