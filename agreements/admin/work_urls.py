"""Addresses of the officer's work pages, below /admin/kerja/ and in the namespace ``work``."""

from django.urls import path

from agreements.admin import activities, activity_acts, acts, desk, equipment, pages, request_acts, requests
from agreements.admin import activities, activity_acts, acts, equipment, pages, request_acts, requests
from agreements.admin import acts, authority, board, continuing, draft, duties, page, pages, rules, templates
from agreements.admin import (
    activities,
    activity_acts,
    acts,
    authority,
    board,
    continuing,
    draft,
    duties,
    equipment,
    page,
    pages,
    request_acts,
    requests,
    rules,
    templates,
)

urlpatterns = [
    path("perjanjian/", pages.AgreementList.as_view(), name="agreements"),
    path("perjanjian/baru/", pages.AgreementNew.as_view(), name="agreement_new"),
    path("perjanjian/papan/", board.ExpiryBoard.as_view(), name="agreement_board"),
    path("perjanjian/<uuid:pk>/", page.AgreementPage.as_view(), name="agreement"),
    path("perjanjian/<uuid:pk>/ubah/", draft.AgreementEdit.as_view(), name="agreement_edit"),
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
    path("kegiatan/", activities.ActivityList.as_view(), name="activities"),
    path("kegiatan/kalender/", activities.ActivityCalendar.as_view(), name="activity_calendar"),
    path("kegiatan/baru/", activities.ActivityNew.as_view(), name="activity_new"),
    path("kegiatan/<uuid:pk>/", activities.ActivityPage.as_view(), name="activity"),
    path("kegiatan/<uuid:pk>/ubah/", activities.ActivityEdit.as_view(), name="activity_edit"),
    path(
        "kegiatan/<uuid:pk>/langkah/<slug:action>/",
        activity_acts.ActivityStep.as_view(),
        name="activity_step",
    ),
    path(
        "kegiatan/<uuid:pk>/terbitkan/<slug:paper>/", activity_acts.PaperAct.as_view(), name="activity_paper"
    ),
    path("kegiatan/<uuid:pk>/magang/", activity_acts.CohortEdit.as_view(), name="activity_cohort"),
    path("kegiatan/<uuid:pk>/magang/tambah/", activity_acts.InternAdd.as_view(), name="activity_intern_add"),
    path(
        "kegiatan/<uuid:pk>/magang/<uuid:intern>/lepas/",
        activity_acts.InternRemove.as_view(),
        name="activity_intern_remove",
    ),
    path("kegiatan/<uuid:pk>/presensi/", activity_acts.Attendance.as_view(), name="activity_attendance"),
    path("kegiatan/<uuid:pk>/daftar.pdf", activity_acts.CohortList.as_view(), name="activity_interns"),
    path(
        "kegiatan/<uuid:pk>/peserta/tambah/", activity_acts.ContactAdd.as_view(), name="activity_contact_add"
    ),
    path(
        "kegiatan/<uuid:pk>/peserta/<uuid:attendee>/lepas/",
        activity_acts.ContactRemove.as_view(),
        name="activity_contact_remove",
    ),
    path(
        "kegiatan/<uuid:pk>/bukti/tambah/", activity_acts.EvidenceAdd.as_view(), name="activity_evidence_add"
    ),
    path(
        "kegiatan/<uuid:pk>/bukti/<uuid:evidence>/lepas/",
        activity_acts.EvidenceRemove.as_view(),
        name="activity_evidence_remove",
    ),
    path("peralatan/", equipment.EquipmentList.as_view(), name="equipment_list"),
    path("peralatan/baru/", equipment.EquipmentNew.as_view(), name="equipment_new"),
    path("peralatan/pemesanan/", equipment.BookingList.as_view(), name="bookings"),
    path("peralatan/pemesanan/<uuid:pk>/", equipment.BookingPage.as_view(), name="booking"),
    path(
        "peralatan/pemesanan/<uuid:pk>/langkah/<slug:action>/",
        equipment.BookingStep.as_view(),
        name="booking_step",
    ),
    path("peralatan/<uuid:pk>/", equipment.EquipmentPage.as_view(), name="equipment"),
    path("peralatan/<uuid:pk>/ubah/", equipment.EquipmentEdit.as_view(), name="equipment_edit"),
    path("peralatan/<uuid:pk>/foto/", equipment.EquipmentPicture.as_view(), name="equipment_picture"),
    path("peralatan/<uuid:pk>/pesan/", equipment.BookingNew.as_view(), name="booking_new"),
    path("cek-layanan/", desk.DeskCheck.as_view(), name="desk_check"),
    path("cek-layanan/lembaga/", desk.SuggestInstitutions.as_view(), name="desk_check_institutions"),
    path("cek-layanan/wilayah/", desk.SuggestRegions.as_view(), name="desk_check_regions"),
    path("aturan-peminjaman/", desk.BorrowingRulePage.as_view(), name="borrowing_rule"),
    path("izin/", desk.PermissionPage.as_view(), name="permission"),
    path(
        "perjanjian/<uuid:pk>/pihak/<uuid:party>/cabut-tanda-tangan/",
        acts.Unsign.as_view(),
        name="agreement_unsign",
    ),
    path("perjanjian/<uuid:pk>/kewajiban/tambah/", duties.DutyAdd.as_view(), name="agreement_duty_add"),
    path("perjanjian/<uuid:pk>/kewajiban/<uuid:duty>/", duties.DutyEdit.as_view(), name="agreement_duty"),
    path(
        "perjanjian/<uuid:pk>/kewajiban/<uuid:duty>/<slug:action>/",
        duties.DutyStep.as_view(),
        name="agreement_duty_step",
    ),
    path("perjanjian/<uuid:pk>/perpanjang/", continuing.Renew.as_view(), name="agreement_renew"),
    path("perjanjian/<uuid:pk>/tuliskan/", continuing.WriteDown.as_view(), name="agreement_write_down"),
    path("perjanjian/<uuid:pk>/adendum/", continuing.Amend.as_view(), name="agreement_amend"),
    path("perjanjian/<uuid:pk>/turunan/", continuing.Derive.as_view(), name="agreement_derive"),
    path("perjanjian/<uuid:pk>/salin/", continuing.Copy.as_view(), name="agreement_copy"),
    path("perjanjian/<uuid:pk>/templat/", continuing.MakeTemplate.as_view(), name="agreement_template"),
    path("wewenang/", authority.Authority.as_view(), name="authority"),
    path("wewenang/tambah/", authority.AuthorityAdd.as_view(), name="authority_add"),
    path("wewenang/<uuid:pk>/", authority.AuthorityEdit.as_view(), name="authority_edit"),
    path("aturan/", rules.Rules.as_view(), name="agreement_rules"),
    path("aturan/<uuid:pk>/<slug:kind>/", rules.RuleEdit.as_view(), name="agreement_rule"),
    path("templat/", templates.TemplateList.as_view(), name="agreement_templates"),
    path("templat/baru/", templates.TemplateEdit.as_view(), name="agreement_template_new"),
    path("templat/<uuid:pk>/", templates.TemplateEdit.as_view(), name="agreement_template_edit"),
]
