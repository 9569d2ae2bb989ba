"""Agreements among the record tables. Their life is led on the work pages (pages.py, acts.py), not here."""

from django.contrib import admin

from agreements.models import Activity, Agreement, Booking, Equipment
from libraries.admin.base import ReadOnlyAdmin


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin):
    work_page = "work:agreement"
    list_display = ("title", "number", "kind", "partner", "status", "starts_on", "ends_on")
    list_filter = ("status", "kind", "ends_on")
    list_select_related = ("partner",)
    search_fields = ("title", "number", "partner__name")


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    work_page = "work:activity"
    list_display = ("title", "kind", "status", "ground", "begins_on", "ends_on", "place")
    list_filter = ("status", "kind", "ground", "begins_on")
    search_fields = ("title", "place")


@admin.register(Equipment)
class EquipmentAdmin(ReadOnlyAdmin):
    work_page = "work:equipment"
    list_display = ("name", "owner", "place", "open_to", "is_active")
    list_filter = ("open_to", "is_active")
    list_select_related = ("owner",)
    search_fields = ("name", "description")


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    work_page = "work:booking"
    list_display = ("equipment", "institution", "begins_at", "ends_at", "status")
    list_filter = ("status", "begins_at")
    list_select_related = ("equipment", "institution")
    search_fields = ("equipment__name", "institution__name")
