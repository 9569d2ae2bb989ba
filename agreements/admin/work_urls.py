"""Addresses of the officer's work pages, below /admin/kerja/ and in the namespace ``work``."""

from django.urls import path

from agreements.admin import acts, pages, request_acts, requests

urlpatterns = [
    path("perjanjian/", pages.AgreementList.as_view(), name="agreements"),
    path("perjanjian/baru/", pages.AgreementNew.as_view(), name="agreement_new"),
    path("perjanjian/<uuid:pk>/", pages.AgreementPage.as_view(), name="agreement"),
    path("perjanjian/<uuid:pk>/ubah/", pages.AgreementEdit.as_view(), name="agreement_edit"),
    path("perjanjian/<uuid:pk>/konsep.pdf", pages.DraftPdf.as_view(), name="agreement_draft"),
    path("perjanjian/<uuid:pk>/langkah/<slug:action>/", acts.AgreementStep.as_view(), name="agreement_step"),
    path("perjanjian/<uuid:pk>/pindaian/", acts.AttachScan.as_view(), name="agreement_scan"),
    path("perjanjian/<uuid:pk>/pihak/tambah/", acts.PartyAdd.as_view(), name="agreement_party_add"),
    path("perjanjian/<uuid:pk>/pihak/<uuid:party>/", acts.PartyEdit.as_view(), name="agreement_party"),
    path(
        "perjanjian/<uuid:pk>/pihak/<uuid:party>/lepas/",
        acts.PartyRemove.as_view(),
        name="agreement_party_remove",
    ),
    path("perjanjian/<uuid:pk>/pihak/<uuid:party>/tanda-tangan/", acts.Sign.as_view(), name="agreement_sign"),
    path("permintaan/", requests.RequestList.as_view(), name="requests"),
    path("permintaan/baru/", requests.RequestNew.as_view(), name="request_new"),
    path("permintaan/<uuid:pk>/", requests.RequestPage.as_view(), name="request"),
    path(
        "permintaan/<uuid:pk>/langkah/<slug:action>/",
        request_acts.RequestStep.as_view(),
        name="request_step",
    ),
    path("permintaan/<uuid:pk>/pertemuan/", request_acts.Meet.as_view(), name="request_meet"),
    path("permintaan/<uuid:pk>/terima/", request_acts.Accept.as_view(), name="request_accept"),
    path("permintaan/<uuid:pk>/lembaga/", request_acts.Link.as_view(), name="request_link"),
    path("permintaan/<uuid:pk>/lembaga/daftar/", request_acts.Register.as_view(), name="request_register"),
]
