"""The look-up desk: scan any book anywhere and be told what it is and where it belongs. Nothing is kept or changed."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator

from kerjasama.pages.camera import with_camera
from libraries.desk import DeskPage, plain
from loans.panels import Panel, panel_of
from loans.services.looking import look_up


@method_decorator(with_camera, name="dispatch")
class LookDesk(DeskPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(None)

    def post(self, request: HttpRequest) -> HttpResponse:
        look = look_up(barcode=plain(request.POST.get("barcode", "")), actor=self.actor)
        more = reverse("work:copy", args=[look.copy.pk]) if look.copy else ""
        panel = panel_of(look.answer, "", more_url=more)
        if self.request.htmx:
            return self.show("admin/loans/_scan_answer.html", panel=panel)
        return self.page(panel)

    def page(self, panel: Panel | None) -> HttpResponse:
        return self.show("admin/loans/look_desk.html", panel=panel, recent=[panel] if panel else [])
