"""Addresses of the circulation desk's work pages, below /admin/kerja/ and in the namespace ``work``."""

from django.urls import path

from loans.admin import cases, consignments, programmes, receipts, returning, scan_desk, tracking

urlpatterns = [
    path("program/", programmes.ProgrammeList.as_view(), name="programmes"),
    path("program/<uuid:pk>/", programmes.ProgrammePage.as_view(), name="programme"),
    path(
        "program/<uuid:pk>/langkah/<slug:action>/", programmes.ProgrammeStep.as_view(), name="programme_step"
    ),
    path("program/<uuid:pk>/hitung-ulang/", programmes.Replan.as_view(), name="programme_replan"),
    path("program/<uuid:pk>/tukar/", returning.Swap.as_view(), name="swap"),
    path("perjanjian/<uuid:pk>/program/", programmes.OpenProgramme.as_view(), name="programme_open"),
    path("periode/<uuid:pk>/usulkan/", programmes.Propose.as_view(), name="propose"),
    path("periode/<uuid:pk>/geser/", programmes.MovePeriod.as_view(), name="period_move"),
    path("periode/<uuid:pk>/batal/", programmes.CancelPeriod.as_view(), name="period_cancel"),
    path("kiriman/", consignments.ConsignmentList.as_view(), name="consignments"),
    path("kiriman/<uuid:pk>/", consignments.ConsignmentPage.as_view(), name="consignment"),
    path("kiriman/<uuid:pk>/tambah/", consignments.AddLine.as_view(), name="line_add"),
    path("kiriman/<uuid:pk>/serahkan/", consignments.Dispatch.as_view(), name="dispatch"),
    path("kiriman/<uuid:pk>/batal/", consignments.CancelConsignment.as_view(), name="consignment_cancel"),
    path("kiriman/<uuid:pk>/daftar-ambil.pdf", consignments.PickList.as_view(), name="pick_list"),
    path("kiriman/<uuid:pk>/label-kotak.pdf", consignments.BoxLabels.as_view(), name="box_labels"),
    path("kiriman/<uuid:pk>/pindai/", scan_desk.PackingDesk.as_view(), name="scan"),
    path("kiriman/<uuid:pk>/pindai/tambah/", scan_desk.ScanAdd.as_view(), name="scan_add"),
    path("pindai/<uuid:pk>/tarik/", scan_desk.ScanUndo.as_view(), name="scan_undo"),
    path("baris/<uuid:pk>/lepas/", consignments.DropLine.as_view(), name="line_drop"),
    path("baris/<uuid:pk>/lapor/", consignments.ReportLoss.as_view(), name="report_loss"),
    path("selisih/<uuid:pk>/", consignments.Resolve.as_view(), name="discrepancy"),
    path("kembali/", returning.OpenVisit.as_view(), name="return_open"),
    path("kembali/<uuid:pk>/", scan_desk.ReturnDesk.as_view(), name="return_desk"),
    path("kembali/<uuid:pk>/selesai/", returning.FinishVisit.as_view(), name="return_finish"),
    path("penerimaan/", receipts.Receipts.as_view(), name="receipts"),
    path("posisi/", tracking.Tracking.as_view(), name="tracking"),
    path("posisi/eksemplar/<uuid:pk>/", tracking.CopyPage.as_view(), name="copy"),
    path("kasus/", cases.CaseList.as_view(), name="cases"),
    path("kasus/<uuid:pk>/", cases.CasePage.as_view(), name="case"),
    path("kasus/<uuid:pk>/nilai/", cases.Assess.as_view(), name="case_assess"),
    path("kasus/<uuid:pk>/selesaikan/", cases.Settle.as_view(), name="case_settle"),
    path("kasus/<uuid:pk>/ditemukan/", cases.Find.as_view(), name="case_find"),
]
