"""The rows of lending for those who look for one: read-only, each leading to the page where its life is led."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from libraries.admin.base import ReadOnlyAdmin
from loans.models import Case, Consignment, CustodyMove, Programme, ReturnVisit, Wish


@admin.register(Programme)
class ProgrammeAdmin(ReadOnlyAdmin):
    work_page = "work:programme"
    list_display = ("partner", "quantity", "interval_months", "starts_on", "ends_on", "status")
    list_select_related = ("partner",)
    list_filter = ("status",)
    search_fields = ("partner__name",)


@admin.register(Consignment)
class ConsignmentAdmin(ReadOnlyAdmin):
    work_page = "work:consignment"
    list_display = ("code", "partner", "status", "dispatched_on", "due_on")
    list_select_related = ("partner",)
    list_filter = ("status", "due_on")
    search_fields = ("code", "partner__name")


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    work_page = "work:case"
    list_display = ("code", "kind", "partner", "status", "reported_on", "due_on")
    list_select_related = ("partner",)
    list_filter = ("status", "kind", "settlement")
    search_fields = ("code", "partner__name", "copy__barcode")


@admin.register(Wish)
class WishAdmin(ReadOnlyAdmin):
    work_page = "work:wish"
    list_display = ("__str__", "partner", "priority", "status", "wished_on")
    list_select_related = ("partner", "title")
    list_filter = ("status", "priority")
    search_fields = ("title__title", "words", "partner__name")


@admin.register(ReturnVisit)
class ReturnVisitAdmin(ReadOnlyAdmin):
    work_page = "work:return_desk"
    list_display = ("partner", "on", "status", "document")
    list_select_related = ("partner", "document")
    list_filter = ("status", "on")
    search_fields = ("partner__name",)


@admin.register(CustodyMove)
class CustodyMoveAdmin(ReadOnlyAdmin):
    """The ledger as it stands: rows are only ever added, and only by the custody service."""

    list_display = ("copy", "sequence", "kind", "from_holder", "to_holder", "at", "actor")
    list_select_related = ("copy", "from_holder", "to_holder", "actor")
    list_filter = ("kind", "at")
    search_fields = ("copy__barcode",)
    ordering = ("-at", "-id")

    def view_on_site(self, obj: Any) -> str:
        return reverse("work:copy", args=[obj.copy_id])

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("-at", "-id")
