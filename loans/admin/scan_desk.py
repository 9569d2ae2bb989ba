"""The scan desks: packing a delivery, and taking books back in a visit (L3, L6).

Each scan is a POST that answers with the very fragment the page is made of: `static/js/scan.js` queues what the scanner types
and swaps the fragment in; without script the same POST answers with the whole page. A scan carries an id of its own, so one
that is sent again after a cut is answered again and not done twice.
"""

import uuid
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.catalogue.choices import Condition
from libraries.desk import DeskPage, chosen, plain, status_of
from loans.admin.wording import OUTCOMES
from loans.choices import LineStatus, ScanDesk, ScanOutcome
from loans.models import Consignment, LoanLine, ReturnVisit, Scan
from loans.services.answers import ScanAnswer, sentence_of
from loans.services.proposing import add_line
from loans.services.scanning import scan, undo_scan

# As many as the eye takes in beside the answer; every scan stays in the history of the delivery.
SHOWN = 30
UNDOABLE = frozenset({"picked", "returned", "returned_worn", "returned_damaged"})


@dataclass(frozen=True, slots=True)
class Panel:
    """The answer as it is shown: colour, picture and words, never colour alone (U16)."""

    tone: str
    icon: str
    word: Any
    sentence: str
    barcode: str = ""
    title: str = ""
    scan_id: UUID | None = None
    may_undo: bool = False
    may_add: bool = False
    undone: bool = False
    at: Any = None

    @property
    def key(self) -> str:
        return str(self.scan_id or "")


def panel_of(answer: ScanAnswer) -> Panel:
    tone, icon, word = OUTCOMES[answer.outcome]
    return Panel(
        tone,
        icon,
        word,
        answer.sentence,
        answer.barcode,
        answer.title,
        answer.scan_id,
        answer.reason in UNDOABLE,
        answer.may_add,
        at=clock.now(),
    )


def panel_of_row(row: Scan) -> Panel:
    tone, icon, word = OUTCOMES[row.outcome]
    return Panel(
        tone,
        icon,
        word,
        sentence_of(row.reason, row.facts),
        row.barcode,
        row.facts.get("title", ""),
        row.pk,
        row.reason in UNDOABLE and row.undone_at is None,
        False,
        row.undone_at is not None,
        row.at,
    )


def refusal(error: DomainError, barcode: str = "") -> Panel:
    tone, icon, word = OUTCOMES[ScanOutcome.ERROR]
    return Panel(tone, icon, word, str(error.message), barcode)


class ScanPage(DeskPage):
    """What both desks share. A subclass knows its place, its counts and how its scan is asked for."""

    template_name: str
    place: Any

    def place_of(self, pk: UUID) -> Any:
        raise NotImplementedError

    def recent(self) -> list[Panel]:
        return [panel_of_row(row) for row in self.place.scans.order_by("-at", "-id")[:SHOWN]]

    def figures(self) -> tuple[int, int]:
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        raise NotImplementedError

    def ask(self, barcode: str, event_id: UUID, condition: str) -> ScanAnswer:
        raise NotImplementedError

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.place = self.place_of(pk)
        return self.page(None)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.place = self.place_of(pk)
        barcode = plain(request.POST.get("barcode", ""))
        condition = chosen(request.POST.get("condition"), Condition.values) or Condition.GOOD
        try:
            answer = self.ask(barcode, event_id_of(request), condition)
        except DomainError as error:
            return self.reply(refusal(error, barcode), None, status_of(error))
        return self.reply(panel_of(answer), (answer.count, answer.total))

    def reply(self, panel: Panel, figures: tuple[int, int] | None, status: int = 200) -> HttpResponse:
        if not self.request.htmx:
            return self.page(panel, figures, status)
        done, total = figures or self.figures()
        return self.show(
            "admin/loans/_scan_answer.html", status, panel=panel, done=done, total=total, **self.urls()
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

    def urls(self) -> dict[str, str]:
        """``add_url`` puts a book on the list that is not on it; a desk without lists has none."""
        return {}


class PackingDesk(ScanPage):
    template_name = "admin/loans/packing_desk.html"
    place: Consignment

    def place_of(self, pk: UUID) -> Consignment:
        consignment: Consignment = self.find(Consignment.objects.for_list(), pk)
        return consignment

    def figures(self) -> tuple[int, int]:
        open_lines = self.place.lines.filter(status__in=[LineStatus.PROPOSED, LineStatus.PICKED])
        states = list(open_lines.values_list("status", flat=True))
        return states.count(LineStatus.PICKED), len(states)

    def ask(self, barcode: str, event_id: UUID, condition: str) -> ScanAnswer:
        return scan(
            desk=ScanDesk.PICK,
            consignment=self.place,
            barcode=barcode,
            actor=self.actor,
            client_event_id=event_id,
        )

    def urls(self) -> dict[str, str]:
        return {"add_url": reverse("work:scan_add", args=[self.place.pk])}

    def context(self) -> dict[str, Any]:
        missing = self.place.lines.filter(status=LineStatus.PROPOSED).in_shelf_order()[:200]
        return {"consignment": self.place, "missing": missing}


class ScanAdd(PackingDesk):
    """“Add anyway”: the book in the hand is put on the list on purpose, and scanned with it."""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.place = self.place_of(pk)
        barcode = plain(request.POST.get("barcode", ""))
        try:
            add_line(consignment=self.place, barcode=barcode, actor=self.actor)
        except DomainError as error:
            return self.reply(refusal(error, barcode), None, status_of(error))
        return super().post(request, pk)


class ReturnDesk(ScanPage):
    template_name = "admin/loans/return_desk.html"
    place: ReturnVisit

    def place_of(self, pk: UUID) -> ReturnVisit:
        rows = ReturnVisit.objects.select_related("lender", "partner", "document")
        visit: ReturnVisit = self.find(rows, pk)
        return visit

    def figures(self) -> tuple[int, int]:
        done = self.place.lines.count()
        left = LoanLine.objects.filter(
            consignment__partner_id=self.place.partner_id,
            consignment__lender_id=self.place.lender_id,
            status=LineStatus.OUT,
        ).count()
        return done, done + left

    def ask(self, barcode: str, event_id: UUID, condition: str) -> ScanAnswer:
        return scan(
            desk=ScanDesk.RETURN,
            return_visit=self.place,
            barcode=barcode,
            actor=self.actor,
            client_event_id=event_id,
            condition=condition,
        )

    def context(self) -> dict[str, Any]:
        return {"visit": self.place, "conditions": Condition.choices, "still_out": still_out(self.place)}


def still_out(visit: ReturnVisit) -> list[dict[str, Any]]:
    """What the partner still holds, delivery by delivery, the first due first."""
    lines = (
        LoanLine.objects.filter(
            consignment__partner_id=visit.partner_id,
            consignment__lender_id=visit.lender_id,
            status__in=[LineStatus.OUT, LineStatus.LOST],
        )
        .select_related("copy__title", "consignment")
        .order_by("consignment__due_on", "consignment_id", "copy__title__title")
    )
    found: dict[UUID, dict[str, Any]] = {}
    for line in lines:
        entry = found.setdefault(line.consignment_id, {"consignment": line.consignment, "lines": []})
        entry["lines"].append(line)
    return list(found.values())


class ScanUndo(DeskPage):
    """One key takes back the last scan, or any other that is shown (U18)."""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = get_object_or_404(
            Scan.objects.visible_to(request.user).select_related("consignment", "return_visit"), pk=pk
        )
        desk = self.desk_of(row)
        try:
            answer = undo_scan(scan=row, actor=self.actor)
        except DomainError as error:
            return desk.reply(refusal(error, row.barcode), None, status_of(error))
        tone, icon, _word = OUTCOMES[answer.outcome]
        panel = Panel(
            tone, icon, _("Taken back"), answer.sentence, answer.barcode, answer.title, row.pk, undone=True
        )
        return desk.reply(panel, (answer.count, answer.total))

    def desk_of(self, row: Scan) -> ScanPage:
        """The desk on which the scan was made, to answer in its words."""
        desk: ScanPage = PackingDesk() if row.consignment_id else ReturnDesk()
        desk.setup(self.request)
        desk.place = desk.place_of(row.consignment_id or row.return_visit_id)
        return desk


def event_id_of(request: HttpRequest) -> UUID:
    """The id that the page gave this scan; a fresh one when it is missing or no id at all."""
    try:
        return uuid.UUID(request.POST.get("event", ""))
    except ValueError:
        return uuid.uuid4()
