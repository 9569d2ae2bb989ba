"""The boxes at the packing desk: begun, counted and closed, opened again (L3)."""

import re
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from kerjasama.domain.errors import DomainError, InvalidInput
from libraries.desk import DeskPage
from loans.models import Consignment
from loans.services.crating import close_box, find_box, open_box, reopen_box

COUNT = re.compile(r"[0-9]{1,4}")


class Boxes(DeskPage):
    """``act``: ``open`` the next box, ``close`` box ``number`` of which ``counted`` books were counted, ``reopen`` it."""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        consignment = self.find(Consignment.objects.for_list(), pk)
        try:
            self.perform(consignment)
        except DomainError as error:
            if error.status == 403:
                raise PermissionDenied from error
            messages.error(request, str(error.message))
        return redirect("work:scan", pk)

    def perform(self, consignment: Consignment) -> None:
        act = self.request.POST.get("act")
        if act not in ("close", "reopen"):
            box = open_box(consignment=consignment, actor=self.actor)
            messages.success(self.request, _("Box %(number)s is open.") % {"number": box.number})
            return
        number = self.request.POST.get("number", "")
        box = find_box(consignment, int(number) if COUNT.fullmatch(number) else 0)
        if act == "reopen":
            reopen_box(box=box, actor=self.actor)
            messages.success(self.request, _("Box %(number)s is open.") % {"number": box.number})
            return
        done = close_box(box=box, actor=self.actor, counted=self.counted())
        messages.success(
            self.request,
            format_html(
                '{} <a href="{}?nomor={}">{}</a>',
                _("Box %(number)s is closed, %(count)s books.")
                % {"number": done.number, "count": done.counted},
                reverse("work:box_labels", args=[consignment.pk]),
                done.number,
                _("Print its label (PDF)"),
            ),
        )

    def counted(self) -> int:
        typed = self.request.POST.get("counted", "").strip()
        if not COUNT.fullmatch(typed):
            raise InvalidInput("count_missing", _("Count the books in the box and type how many."))
        return int(typed)
