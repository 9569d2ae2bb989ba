"""Scans from without a connection that were refused: what, why, and what may be done about each (U21)."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from libraries.catalogue.models import Copy
from libraries.desk import ActPage, DeskPage, chosen
from loans.choices import ReviewState, ScanDesk
from loans.models import Scan
from loans.services.answers import answer_of
from loans.services.reviewing import fix_of, mend_scan, note_scan

FIX_WORDS = {
    "put_on_list": gettext_lazy("Put on the list"),
    "take_back": gettext_lazy("Take back now"),
    "count_as_seen": gettext_lazy("Count as seen"),
}
PLACES = {
    ScanDesk.PICK: ("work:consignment", gettext_lazy("Packing")),
    ScanDesk.RETURN: ("work:return_desk", gettext_lazy("Taking back")),
    ScanDesk.COUNT: ("work:stocktake", gettext_lazy("Stocktaking")),
}


class ScanReviews(DeskPage):
    """What waits for a decision, the oldest first; under “decided” what became of the others."""

    def get(self, request: HttpRequest) -> HttpResponse:
        cut = chosen(request.GET.get("bagian"), {"diputuskan"})
        rows = Scan.objects.visible_to(request.user).select_related(
            "consignment__partner", "return_visit__partner", "stocktake__partner", "actor", "reviewed_by"
        )
        if cut:
            rows = rows.filter(review__in=[ReviewState.DONE, ReviewState.NOTED]).order_by(
                "-reviewed_at", "-id"
            )
        else:
            rows = rows.to_review().order_by("at", "id")
        page = self.page_of(rows)
        copies = self.copies_of(page.object_list)
        for row in page:
            row.answer = answer_of(row)
            row.fix = FIX_WORDS.get(fix_of(row), "") if row.review == ReviewState.OPEN else ""
            route, row.where = PLACES[ScanDesk(row.desk)]
            row.place_url = reverse(route, args=[row.place.pk])
            row.copy_id = copies.get((row.place.lender_id, row.barcode))
        return self.show(
            "admin/loans/scan_reviews.html",
            page_obj=page,
            cut=cut,
            tabs=[("", _("To be decided"), None), ("diputuskan", _("Decided"), None)],
        )

    def copies_of(self, rows: Any) -> dict[tuple[UUID, str], UUID]:
        """The copies behind the codes, to be opened; one statement."""
        codes = {row.barcode for row in rows}
        found = Copy.objects.visible_to(self.request.user).filter(barcode__in=codes) if codes else ()
        return {(copy.owner_id, copy.barcode): copy.pk for copy in found}


class ReviewAct(ActPage):
    """What both decisions share."""

    subject: Scan

    def subject_of(self, pk: UUID) -> Scan:
        rows = Scan.objects.exclude(review=ReviewState.NONE).select_related(
            "consignment__partner", "return_visit__partner", "stocktake__partner"
        )
        scan: Scan = self.find(rows, pk)
        return scan

    def about(self) -> str:
        return f"{self.subject.place.partner} · {self.subject.barcode}"

    def text(self) -> str:
        return answer_of(self.subject).sentence

    def back(self) -> str:
        return reverse("work:scan_reviews")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Scans to decide"), self.back())]


class MendScan(ReviewAct):
    def title(self) -> str:
        return str(FIX_WORDS.get(fix_of(self.subject), _("Do it after all")))

    def act(self, cleaned: dict[str, Any]) -> str:
        mend_scan(scan=self.subject, actor=self.actor)
        return _("Done: %(barcode)s.") % {"barcode": self.subject.barcode}


class RemarkForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Why nothing needs to be done"),
        max_length=300,
        help_text=gettext_lazy("For example: scanned twice, label of another library."),
    )


class NoteScan(ReviewAct):
    form_class = RemarkForm

    def title(self) -> str:
        return _("Note it, do nothing")

    def act(self, cleaned: dict[str, Any]) -> str:
        note_scan(scan=self.subject, actor=self.actor, note=cleaned["note"])
        return _("Noted: %(barcode)s.") % {"barcode": self.subject.barcode}
