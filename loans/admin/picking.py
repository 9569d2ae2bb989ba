"""Fetching books with a phone: one zone after the other, for two people at once (L3)."""

import uuid
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain.errors import DomainError
from libraries.access import roles_toward
from libraries.desk import ActPage, DeskPage, plain
from libraries.models import Institution
from loans.admin.scan_page import SHOWN, UNDO
from loans.admin.strays import WORKERS
from loans.lifecycle import CONSIGNMENT
from loans.models import Consignment, ShelfZone
from loans.panels import panel_of_row
from loans.services.places import takes_scans
from loans.services.zones import chosen_part, claim_zone, keep_zone, leave_zone, parts_of, remove_zone


class PickPage(DeskPage):
    """The list of one zone, large enough to be read while walking. htmx asks for the same part again every few seconds."""

    fragment = False

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        consignment = self.find(Consignment.objects.for_list(), pk)
        parts = parts_of(consignment)
        part = chosen_part(parts, plain(request.GET.get("zona", "")), self.actor)
        roles = roles_toward(request.user, lender=consignment.lender_id)
        undo = UNDO if takes_scans(consignment) else ""
        return self.show(
            "admin/loans/_pick_part.html" if self.fragment else "admin/loans/pick.html",
            consignment=consignment,
            parts=parts,
            part=part,
            may_pick="dispatch" in CONSIGNMENT.available(consignment.status, roles),
            picked=sum(each.picked for each in parts),
            total=sum(len(each.lines) for each in parts),
            event_id=uuid.uuid4(),
            panel=None,
            recent=[]
            if self.fragment
            else [panel_of_row(row, undo) for row in consignment.scans.order_by("-at", "-id")[:SHOWN]],
        )


class PickPart(PickPage):
    fragment = True


class PickZone(DeskPage):
    """“I fetch these”, and the end of it."""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        consignment = self.find(Consignment.objects.for_list(), pk)
        zone = plain(request.POST.get("zona", ""))
        act = leave_zone if "leave" in request.POST else claim_zone
        try:
            act(consignment=consignment, zone=zone, actor=self.actor)
        except DomainError as error:
            if error.status == 403:
                raise PermissionDenied from error
            messages.error(request, str(error.message))
        return redirect(f"{reverse('work:pick', args=[pk])}?{urlencode({'zona': zone})}")


class ZoneForm(forms.ModelForm):
    class Meta:
        model = ShelfZone
        fields = ("name", "shelves", "position")


class ZonePage(DeskPage):
    def office(self) -> Institution:
        """Whose zones are kept: the library where the reader works at the desk, the first by name."""
        rows = Institution.objects.filter(is_office=True).order_by("name")
        if not self.access.everything:
            rows = rows.filter(pk__in=self.access.having(WORKERS))
        found = rows.first()
        if found is None:
            raise PermissionDenied
        return found

    def back(self) -> str:
        return reverse("work:zones")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Shelf zones"), self.back())]


class ZoneList(ZonePage):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = ShelfZone.objects.visible_to(request.user).select_related("office")
        return self.show(
            "admin/loans/zones.html",
            page_obj=self.page_of(rows.order_by("office__name", "position", "name")),
            may_keep=self.access.everything or bool(self.access.having(WORKERS)),
        )


class EditZone(ZonePage, ActPage):
    subject: ShelfZone | None

    def subject_of(self, pk: UUID | None = None) -> ShelfZone | None:
        return self.find(ShelfZone.objects.select_related("office"), pk) if pk else self.office() and None

    def make_form(self, *data: Any) -> Any:
        # The service writes; the form works on a copy, so that a refusal leaves nothing half changed.
        row = self.subject
        return ZoneForm(*(data[:1]), instance=row or ShelfZone(office=self.office()))

    def title(self) -> str:
        return str(self.subject) if self.subject and self.subject.pk else _("New zone")

    def text(self) -> str:
        return _(
            "A zone is what one person fetches. The first zone that fits a book is taken; what fits none is found by "
            "its shelf location or class number."
        )

    def label(self) -> str:
        return _("Save")

    def act(self, cleaned: dict[str, Any]) -> str:
        office = self.subject.office if self.subject else self.office()
        keep_zone(office=office, actor=self.actor, zone=self.subject, **cleaned)
        return _("The zone is kept.")


class RemoveZone(ZonePage, ActPage):
    kind = "danger-solid"

    def subject_of(self, pk: UUID) -> Any:
        return self.find(ShelfZone.objects.select_related("office"), pk)

    def title(self) -> str:
        return _("Remove the zone “%(name)s”?") % {"name": self.subject}

    def label(self) -> str:
        return gettext_lazy("Remove")

    def act(self, cleaned: dict[str, Any]) -> str:
        remove_zone(zone=self.subject, actor=self.actor)
        return _("The zone is removed.")
