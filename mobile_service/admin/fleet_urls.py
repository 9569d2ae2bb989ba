"""Vehicles, crew and stops below /admin/kerja/pusling/."""

from django.urls import path

from mobile_service.admin import fleet, stop_hours, stop_sheets, stops

urlpatterns = [
    path("pusling/kendaraan/", fleet.VehicleList.as_view(), name="vehicles"),
    path("pusling/kendaraan/baru/", fleet.EditVehicle.as_view(), name="vehicle_new"),
    path("pusling/kendaraan/<uuid:pk>/", fleet.VehiclePage.as_view(), name="vehicle"),
    path("pusling/kendaraan/<uuid:pk>/ubah/", fleet.EditVehicle.as_view(), name="vehicle_edit"),
    path("pusling/kendaraan/<uuid:pk>/pakai/", fleet.RetireVehicle.as_view(), name="vehicle_retire"),
    path("pusling/kendaraan/<uuid:pk>/tidak-jalan/", fleet.AddOutage.as_view(), name="vehicle_outage"),
    path("pusling/tidak-jalan/<uuid:pk>/", fleet.DropOutage.as_view(), name="outage_drop"),
    path("pusling/awak/baru/", fleet.EditCrewMember.as_view(), name="crew_member_new"),
    path("pusling/awak/<uuid:pk>/", fleet.EditCrewMember.as_view(), name="crew_member"),
    path("pusling/awak/<uuid:pk>/tugas/", fleet.RetireCrewMember.as_view(), name="crew_member_retire"),
    path("pusling/titik/", stops.StopList.as_view(), name="stops"),
    path("pusling/titik/peta.json", stops.StopPoints.as_view(), name="stop_points"),
    path("pusling/titik/baru/", stops.EditStop.as_view(), name="stop_new"),
    path("pusling/titik/dari-mitra/", stops.StopsOfPartners.as_view(), name="stops_of_partners"),
    path("pusling/titik/<uuid:pk>/", stops.StopPage.as_view(), name="stop"),
    path("pusling/titik/<uuid:pk>/ubah/", stops.EditStop.as_view(), name="stop_edit"),
    path("pusling/titik/<uuid:pk>/tutup/", stops.CloseStop.as_view(), name="stop_close"),
    path("pusling/titik/<uuid:pk>/jam/terima/", stop_hours.AcceptHours.as_view(), name="stop_hours_accept"),
    path("pusling/titik/<uuid:pk>/jam/tolak/", stop_hours.DeclineHours.as_view(), name="stop_hours_decline"),
    path("pusling/titik/daftar/", stop_sheets.StopSheetList.as_view(), name="stop_sheets"),
    path(
        "pusling/titik/daftar/contoh.csv", stop_sheets.StopSheetTemplate.as_view(), name="stop_sheet_template"
    ),
    path("pusling/titik/daftar/<uuid:pk>/", stop_sheets.StopSheetPage.as_view(), name="stop_sheet"),
    path(
        "pusling/titik/daftar/<uuid:pk>/terima/",
        stop_sheets.StopSheetStep.as_view(step="adopt"),
        name="stop_sheet_adopt",
    ),
    path(
        "pusling/titik/daftar/<uuid:pk>/sisihkan/",
        stop_sheets.StopSheetStep.as_view(step="aside"),
        name="stop_sheet_aside",
    ),
]
