"""Stops out of a file at the desk: handed over, shown row by row, adopted (M1)."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kerjasama.domain.errors import DomainError
from libraries.choices import RowOutcome
from libraries.desk import chosen, refuse
from mobile_service.admin.stop_forms import StopSheetForm
from mobile_service.admin.stops import StopsPage
from mobile_service.choices import StopSheetStatus
from mobile_service.models import StopSheet
from mobile_service.services.stop_sheets import (
    Line,
    adopt_stops,
    brought_by,
    hand_over_stops,
    lines_of,
    put_stops_aside,
)
from mobile_service.stop_sheet_words import OWN, SCHEMA

# Beside the outcomes, a cut of the list: rows whose visits run into something.
DOUBTFUL = "periksa"
TEMPLATE_ROWS = (
    {
        "organisation": "Perpustakaan Kota", "mobile": "Pusling 1", "route": "Selasa", "community": "Talang",
        "stop": "Balai Kelurahan Talang", "address": "Jalan Sudirman 1", "postcode": "26211", "geox": "100.631200",
        "geoy": "-0.228300", "day": "Tuesday", "type": "Public", "arrival": "09:00", "departure": "10:30",
        "frequency": "FREQ=WEEKLY;INTERVAL=2", "start": "2027-01-05",
    },
    {
        "organisation": "Perpustakaan Kota", "stop": "SD Negeri 01 Talang", "type": "Private", "minutes": "60",
        "every_weeks": "4", "windows": "MO 07:30-12:00; TU 07:30-12:00; FR 07:30-10:30", "contact_name": "Guru pustakawan",
    },
)  # fmt: skip


class SheetsPage(StopsPage):
    def crumbs(self) -> list[tuple[Any, str]]:
        return [*super().crumbs(), (_("Lists of stops"), reverse("work:stop_sheets"))]


class StopSheetList(SheetsPage):
    """The lists so far, and the form that begins another."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.may_add:
            return self.answer(StopSheetForm(offices=self.offices()))
        return self.answer(None)

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.may_add:
            raise PermissionDenied
        form = StopSheetForm(request.POST, request.FILES, offices=self.offices())
        if not form.is_valid():
            return self.answer(form, 422)
        given = form.cleaned_data
        try:
            sheet = hand_over_stops(office=given["office"], upload=given["file"], actor=self.actor)
        except DomainError as error:
            refuse(form, error)
            return self.answer(form, error.status)
        return redirect("work:stop_sheet", sheet.pk)

    def answer(self, form: StopSheetForm | None, status: int = 200) -> HttpResponse:
        sheets = StopSheet.objects.visible_to(self.request.user).for_list()
        return self.show(
            "admin/mobile/stop_sheets.html",
            status,
            form=form,
            page_obj=self.page_of(sheets, 20),
            crumbs=StopsPage.crumbs(self),
        )


class StopSheetPage(SheetsPage):
    """What every stop of the file would bring, and the way to adopt it; of an adopted one, what it brought."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        sheet: StopSheet = self.find(StopSheet.objects.select_related("office", "started_by"), pk)
        if sheet.status != StopSheetStatus.CHECKED:
            return self.over(sheet)
        lines = lines_of(sheet)
        cut = chosen(request.GET.get("bagian"), (*RowOutcome.values, DOUBTFUL))
        shown = [line for line in lines if _is_in(line, cut)]
        if self.wants_sheet:
            heads = (pgettext("of a file", "Row"), _("Outcome"), _("Name"), _("Changes"), _("Remarks"))
            return self.sheet("daftar-titik", heads, (_told(line) for line in shown))
        return self.show(
            "admin/mobile/stop_sheet.html",
            sheet=sheet,
            page_obj=self.page_of(shown),
            cut=cut,
            tabs=_tabs(lines),
            new=sum(line.outcome == RowOutcome.NEW for line in lines),
            changed=sum(line.outcome == RowOutcome.CHANGED for line in lines),
            wrong=_rows(line for line in lines if line.outcome == RowOutcome.BAD),
            doubtful=sum(_is_in(line, DOUBTFUL) for line in lines),
            usable=sum(line.outcome in (RowOutcome.NEW, RowOutcome.CHANGED) for line in lines),
            open=True,
            keeps=self.keeps(sheet),
            crumbs=self.crumbs(),
        )

    def over(self, sheet: StopSheet) -> HttpResponse:
        brought = brought_by(sheet)
        return self.show(
            "admin/mobile/stop_sheet.html",
            sheet=sheet,
            page_obj=self.page_of(brought),
            series=sum(each.series for each in brought),
            visits=sum(each.visits for each in brought),
            open=False,
            crumbs=self.crumbs(),
        )


class StopSheetStep(SheetsPage):
    """Adopt or put aside; ``hanya=baru`` adopts only new ones."""

    step = ""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        sheet: StopSheet = self.find(StopSheet.objects.select_related("office"), pk)
        self.require_keeps(sheet)
        try:
            if self.step == "aside":
                put_stops_aside(sheet=sheet, actor=self.actor)
                messages.success(request, _("The list is put aside; nothing of it was adopted."))
                return redirect("work:stop_sheets")
            done = adopt_stops(sheet=sheet, actor=self.actor, only_new=request.POST.get("hanya") == "baru")
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("work:stop_sheet", sheet.pk)
        messages.success(request, _adopted(done))
        return redirect("work:stop_sheet", done.pk)


class StopSheetTemplate(SheetsPage):
    """An empty list with two examples, to be filled in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        heads = (*SCHEMA, *OWN)
        rows = [[row.get(head, "") for head in heads] for row in TEMPLATE_ROWS]
        # Coordinates begin with a minus and must stay numbers: this list is written by us, not typed by anybody.
        lines = [",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in (heads, *rows)]
        return HttpResponse(
            "\ufeff" + "\r\n".join(lines) + "\r\n",
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="contoh-titik-pusling.csv"'},
        )


def _is_in(line: Line, cut: str) -> bool:
    if cut == DOUBTFUL:
        return line.is_doubtful and line.outcome != RowOutcome.BAD
    return not cut or line.outcome == cut


def _tabs(lines: Sequence[Line]) -> list[tuple[str, Any, int]]:
    """The cuts with their numbers, all of them in rows of the file: a stop may have several."""
    cuts = [*RowOutcome.choices, (DOUBTFUL, _("Visits in doubt"))]
    counted = [(value, label, _rows(line for line in lines if _is_in(line, value))) for value, label in cuts]
    return [("", _("All rows"), _rows(lines)), *(tab for tab in counted if tab[2])]


def _rows(lines: Iterable[Line]) -> int:
    return sum(len(line.read.rows) for line in lines)


def _adopted(sheet: StopSheet) -> str:
    """What was done, in a sentence or two."""
    told = [
        _("The list is adopted. New stops: %(new)s. Changed stops: %(changed)s.")
        % {"new": sheet.new, "changed": sheet.changed}
    ]
    brought = brought_by(sheet)
    series, visits = sum(each.series for each in brought), sum(each.visits for each in brought)
    if series:
        told.append(
            _("Series begun: %(series)s. Visits planned in the next half year: %(visits)s.")
            % {"series": series, "visits": visits}
        )
    return " ".join(told)


def _told(line: Line) -> list[Any]:
    changes = "; ".join(f"{label}: {before} → {after}" for label, before, after in line.changes)
    return [line.rows, line.get_outcome_display(), line.name, changes, " ".join(line.sentences)]
