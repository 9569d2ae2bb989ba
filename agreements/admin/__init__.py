"""Agreements among the record tables. Their life is led on the work pages (pages.py, acts.py), not here."""

from django.contrib import admin

from agreements.models import Agreement
from libraries.admin.base import ReadOnlyAdmin


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin):
    work_page = "work:agreement"
    list_display = ("title", "number", "kind", "partner", "status", "starts_on", "ends_on")
    list_filter = ("status", "kind", "ends_on")
    list_select_related = ("partner",)
    search_fields = ("title", "number", "partner__name")
