"""What the scan desks share: one field, one answer, one figure, and a list of codes at once (L3, L6).

Each scan is a POST that answers with the very fragment the page is made of: `static/js/scan.js` queues what the scanner types
and swaps the fragment in; without script the same POST answers with the whole page. A scan carries an id of its own, so one
that is sent again after a cut is answered again and not done twice.
"""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.domain.errors import DomainError
from kerjasama.pages.camera import with_camera
from libraries.catalogue.choices import Condition
from libraries.desk import DeskPage, chosen, plain, status_of
from loans.choices import ScanDesk, ScanOutcome
from loans.models import Scan
from loans.panels import Panel, panel_of, panel_of_row, refusal
from loans.scan_form import codes_of, event_id_of, kept_by_device, uuid_of
from loans.services.answers import ScanAnswer, answer_of
from loans.services.places import takes_scans
from loans.services.scanning import MOST_AT_ONCE, scan, scan_many

# As many as the eye takes in beside the answer; every scan stays in the history of its place.
SHOWN = 30
UNDO = "work:scan_undo"


@method_decorator(with_camera, name="dispatch")
class ScanPage(DeskPage):
    """A desk. A subclass knows its place and its counts."""

    template_name: str
    desk: str
    # The name under which the service takes the place.
    place_name: str
    route: str
    place: Any
    # Whether what another school has is taken back for it: at one door of the return desk.
    for_others = False

    def place_of(self, pk: UUID) -> Any:
        raise NotImplementedError

    def figures(self) -> tuple[int, int]:
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        raise NotImplementedError

    def recent(self) -> list[Panel]:
        undo = UNDO if takes_scans(self.place) else ""
        return [panel_of_row(row, undo) for row in self.place.scans.order_by("-at", "-id")[:SHOWN]]

    def condition(self) -> str:
        return chosen(self.request.POST.get("condition"), Condition.values) or Condition.GOOD

    def ask(self, barcode: str) -> ScanAnswer:
        place: dict[str, Any] = {self.place_name: self.place}
        return scan(
            desk=self.desk,
            barcode=barcode,
            actor=self.actor,
            client_event_id=event_id_of(self.request),
            condition=self.condition(),
            for_others=self.for_others,
            **place,
            **kept_by_device(self.request),
        )

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.place = self.place_of(pk)
        return self.page(None)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.place = self.place_of(pk)
        barcode = plain(request.POST.get("barcode", ""))
        try:
            answer = self.ask(barcode)
        except DomainError as error:
            return self.reply(refusal(error, barcode), None, status_of(error))
        return self.reply(panel_of(answer, UNDO), (answer.count, answer.total))

    def reply(self, panel: Panel, figures: tuple[int, int] | None, status: int = 200) -> HttpResponse:
        if not self.request.htmx:
            return self.page(panel, figures, status)
        done, total = figures or self.figures()
        return self.show(
            "admin/loans/_scan_answer.html",
            status,
            panel=panel,
            done=done,
            total=total,
            **self.urls(),
            **self.beside(),
        )

    def page(
        self, panel: Panel | None, figures: tuple[int, int] | None = None, status: int = 200
    ) -> HttpResponse:
        done, total = figures or self.figures()
        return self.show(
            self.template_name,
            status,
            panel=panel,
            done=done,
            total=total,
            recent=self.recent(),
            event_id=uuid.uuid4(),
            **self.urls(),
            **self.context(),
        )

    def beside(self) -> dict[str, Any]:
        """What else of the page each scan changes."""
        return {}

    def urls(self) -> dict[str, str]:
        """``many_url`` takes a list of codes; ``add_url`` puts a book on the list, where a desk has lists."""
        return {"many_url": reverse(f"{self.route}_many", args=[self.place.pk])}


class ManyMixin:
    """A list of codes at once: pasted, answered code by code, and what did not fit named with its reason.

    Mixed into a desk. POST sends on to ``?hasil=``, so that a page reloaded asks nothing again; ``?bentuk=csv`` is the file.
    """

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.place = self.place_of(pk)
        batch = uuid_of(request.GET.get("hasil"))
        if batch is None:
            return self.form("")
        rows = list(self.place.scans.filter(batch=batch).order_by("pk"))
        if not rows:
            raise Http404
        if self.wants_sheet:
            heads = (_("Barcode"), _("Title"), _("Answer"), _("Reason"))
            return self.sheet(
                "pindaian",
                heads,
                ((it.barcode, it.title, it.outcome_label, it.sentence) for it in map(Told, rows)),
            )
        told = [Told(row) for row in rows]
        refused = [it for it in told if it.outcome == ScanOutcome.ERROR]
        noted = [it for it in told if it.outcome == ScanOutcome.WARNING]
        return self.show(
            "admin/loans/scan_many_done.html",
            refused=refused,
            noted=noted,
            fine=len(told) - len(refused) - len(noted),
            told=told,
            **self.frame(),
        )

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.place = self.place_of(pk)
        text = request.POST.get("barcodes", "")
        codes = codes_of(text)
        batch = event_id_of(request)
        try:
            answers = scan_many(
                place=self.place, barcodes=codes, actor=self.actor, batch=batch, condition=self.condition()
            )
        except DomainError as error:
            return self.form(text, error)
        if twice := len(codes) - len(answers):
            messages.info(
                request,
                ngettext(
                    "%(count)d barcode stood in the list twice and was answered once.",
                    "%(count)d barcodes stood in the list twice and were answered once.",
                    twice,
                )
                % {"count": twice},
            )
        address = reverse(f"{self.route}_many", args=[self.place.pk])
        return HttpResponseRedirect(f"{address}?hasil={batch}")

    def form(self, text: str, error: DomainError | None = None) -> HttpResponse:
        return self.show(
            "admin/loans/scan_many.html",
            status_of(error) if error else 200,
            text=text,
            refusal=str(error.message) if error else "",
            event_id=self.request.POST.get("event") or uuid.uuid4(),
            most=MOST_AT_ONCE,
            conditions=Condition.choices if self.desk == ScanDesk.RETURN else None,
            condition=self.condition(),
            **self.frame(),
        )

    def frame(self) -> dict[str, Any]:
        return {
            "partner": self.place.partner,
            "desk_url": reverse(self.route, args=[self.place.pk]),
            "many_url": reverse(f"{self.route}_many", args=[self.place.pk]),
        }


class Told:
    """One scan of a list, in words."""

    def __init__(self, row: Scan) -> None:
        answer = answer_of(row)
        self.barcode, self.title, self.outcome = row.barcode, answer.title, row.outcome
        self.sentence, self.outcome_label = answer.sentence, row.get_outcome_display()
        self.undone = row.undone_at is not None
