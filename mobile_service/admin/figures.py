"""What the mobile library has brought, for the head and for whoever plans: figures, charts, a map, a report (M8)."""

from datetime import date
from itertools import dropwhile
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kerjasama.documents.rendering import render_pdf
from kerjasama.domain import clock
from libraries.desk import DeskPage, chosen
from libraries.models import Institution
from libraries.services.documents import PAPER_LANGUAGE
from libraries.spreadsheets import CSV, Sheet, sheets, spreadsheet
from mobile_service.choices import VisitorKind
from mobile_service.models import Stop
from mobile_service.services.figures_book import whole_in_sheets
from mobile_service.services.reporting import visit_report
from mobile_service.services.statistics import (
    bringing_little,
    by_part,
    figures_of,
    stops_of,
    visit_figures,
    visits_in,
)
from mobile_service.spans import Span, month_name, span_of

KINDS = {"bulan": "month", "triwulan": "quarter", "tahun": "year"}
WORDS = {kind: word for word, kind in KINDS.items()}
LABELS = {"bulan": _("Month"), "triwulan": _("Quarter"), "tahun": _("Year")}
# As long as bars are drawn, in the units of their picture.
WHOLE = 1000


class FiguresFrame(DeskPage):
    """Which library and which span are asked for; both stand in the address."""

    def asked(self) -> tuple[Institution | None, list[Institution], Span]:
        offices = Institution.objects.offices().filter(is_active=True)
        if not self.access.everything:
            offices = offices.filter(pk__in=self.access.offices)
        known = list(offices)
        wanted = self.request.GET.get("kantor", "")
        office = next((row for row in known if str(row.pk) == wanted), known[0] if known else None)
        return office, known, self.span(office)

    def span(self, office: Institution | None) -> Span:
        """The span that is asked for, else the last month that is over, or this one where nothing was planned in the last."""
        kind = KINDS[chosen(self.request.GET.get("rentang"), KINDS) or "bulan"]
        today = clock.today(office.zone if office else None)
        try:
            day = date.fromisoformat(self.request.GET.get("mulai", ""))
            return span_of(kind, day) if 2000 <= day.year < 2100 else span_of(kind, today)
        except ValueError:
            last = span_of("month", span_of("month", today).start - clock.days(1))
            looks_back = kind == "month" and office is not None and visits_in(office, last).exists()
            return last if looks_back else span_of(kind, today)

    def address(self, office: Institution, span: Span, name: str = "work:van_figures", *args: Any) -> str:
        start = span.start.isoformat()
        return f"{reverse(name, args=args)}?rentang={WORDS[span.kind]}&mulai={start}&kantor={office.pk}"


class FiguresPage(FiguresFrame):
    def get(self, request: HttpRequest) -> HttpResponse:
        office, offices, span = self.asked()
        if office is None:
            return self.show("admin/mobile/figures.html", office=None)
        with timezone.override(ZoneInfo(office.zone)):
            return self.answer(office, offices, span)

    def answer(self, office: Institution, offices: list[Institution], span: Span) -> HttpResponse:
        stops, language = list(stops_of(office, span)), get_language() or "id"
        if self.wants_sheet:
            name = f"pusling {span.start:%Y-%m}"
            by_stop = Sheet(
                name,
                (
                    _("Van stop"),
                    _("Kind"),
                    _("Village or neighbourhood"),
                    _("Planned"),
                    _("Visited"),
                    _("Not visited"),
                    _("Cancelled"),
                    _("Visitors"),
                    _("Visitors a visit"),
                    _("Lent"),
                    _("Brought back"),
                    _("Last visit"),
                ),
                (
                    (
                        row.name,
                        row.get_kind_display(),
                        row.community,
                        row.visits_planned,
                        row.visits_done,
                        row.visits_missed,
                        row.visits_cancelled,
                        row.visitors,
                        None if row.visitors_per_visit is None else round(row.visitors_per_visit, 1),
                        row.lent,
                        row.returned,
                        row.last_visited_at,
                    )
                    for row in stops
                ),
            )
            if self.request.GET["bentuk"] == CSV:
                return spreadsheet(name, by_stop.heads, by_stop.rows, CSV)
            return sheets(name, [by_stop, *whole_in_sheets(office, span, language)])
        now, earlier = figures_of(office, span), figures_of(office, span.before())
        parts = by_part(office, span)
        return self.show(
            "admin/mobile/figures.html",
            office=office,
            offices=offices if len(offices) > 1 else [],
            no_stops=not stops and not now.visits.planned and not Stop.objects.filter(office=office).exists(),
            # Six tables of noughts say less than one sentence.
            idle=not any((figures.visits.planned or figures.trips.trips) for figures in (now, earlier)),
            span=span,
            label=span.label(language),
            before_label=span.before().label(language),
            kinds=[
                (
                    word,
                    LABELS[word],
                    self.address(office, span_of(kind, min(span.end, clock.today(office.zone)))),
                    kind == span.kind,
                )
                for word, kind in KINDS.items()
            ],
            back_url=self.address(office, span.before()),
            next_url=self.address(office, span.after()) if span.end < clock.today(office.zone) else None,
            report_url=self.address(office, span, "work:van_report"),
            points_url=self.address(office, span, "work:van_points"),
            now=now,
            earlier=earlier,
            compared=compared(now, earlier),
            parts=chart(parts, language),
            by_kind=kinds_compared(now.visits.kinds, earlier.visits.kinds),
            stops=[(row, self.address(office, span, "work:van_stop_figures", row.pk)) for row in stops],
            little=[
                (row, self.address(office, span, "work:van_stop_figures", row.pk))
                for row in bringing_little(stops)
            ],
            unvisited=[
                (row, self.address(office, span, "work:van_stop_figures", row.pk))
                for row in stops
                if row.is_active and not row.visits_done
            ],
        )


class StopFigures(FiguresFrame):
    """One stop: its year, month by month, and its visits in the span."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        stop = self.find(Stop.objects.select_related("office", "partner"), pk)
        if not (self.access.everything or self.access.at(stop.office_id)):
            return self.show("404.html", 404)
        office, span = stop.office, self.span(stop.office)
        language = get_language() or "id"
        year = Span(clock.add_months(span_of("month", span.end).start, -11), span.end)
        with timezone.override(ZoneInfo(office.zone)):
            own = visits_in(office, span).filter(stop=stop)
            # Before its first visit a stop has nothing to tell.
            months = list(dropwhile(lambda part: not part[1].planned, by_part(office, year, stop)))
            return self.show(
                "admin/mobile/stop_figures.html",
                stop=stop,
                span=span,
                label=span.label(language),
                now=visit_figures(own),
                parts=chart(months, language),
                page_obj=self.page_of(own.select_related("tally", "vehicle").order_by("-begins_at")),
                back_url=self.address(office, span),
            )


class FiguresPoints(FiguresFrame):
    """The stops as points: which were visited in the span, and which were not."""

    def get(self, request: HttpRequest) -> HttpResponse:
        office, _offices, span = self.asked()
        if office is None:
            return JsonResponse({"type": "FeatureCollection", "features": []})
        rows = stops_of(office, span).filter(latitude__isnull=False).exclude(is_active=False, visits_done=0)
        return JsonResponse(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "geometry": {
                            "type": "Point",
                            "coordinates": [float(row.longitude), float(row.latitude)],
                        },
                        "properties": {
                            "name": row.name,
                            "kind": str(_("%(count)d visits") % {"count": row.visits_done}),
                            "city": row.community,
                            "url": self.address(office, span, "work:van_stop_figures", row.pk),
                            "tone": "" if row.visits_done else "empty",
                        },
                    }
                    for row in rows
                ],
            }
        )


class FiguresReport(FiguresFrame):
    """The report to the head, as PDF; always in the language of papers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        office, _offices, span = self.asked()
        if office is None:
            return self.show("404.html", 404)
        paper = visit_report(office, span, on=clock.today(office.zone))
        content = render_pdf("visit_report", paper, language=PAPER_LANGUAGE)
        name = slugify(f"laporan pusling {office.slug} {span.start:%Y-%m} {WORDS[span.kind]}")
        return HttpResponse(
            content,
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'inline; filename="{name}.pdf"',
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )


def compared(now: Any, earlier: Any) -> list[dict[str, Any]]:
    """The figures that matter, beside those of the time before."""
    lines = [
        (_("Visits made"), now.visits.done, earlier.visits.done, ""),
        (_("Visitors"), now.visits.visitors, earlier.visits.visitors, ""),
        (_("Books lent from the van"), now.visits.lent, earlier.visits.lent, ""),
        (_("Books brought back to the van"), now.visits.returned, earlier.visits.returned, ""),
        (_("Books brought for schools"), now.books_brought, earlier.books_brought, ""),
        (_("Trips"), now.trips.trips, earlier.trips.trips, ""),
        (_("Kilometres"), now.trips.kilometres, earlier.trips.kilometres, "km"),
        (_("Hours on the road"), now.trips.out_hours, earlier.trips.out_hours, _("hours")),
        (_("Hours at stops"), now.visits.stay_hours, earlier.visits.stay_hours, _("hours")),
    ]
    return [
        {"label": label, "unit": unit, "now": value, "before": before, **_bars(value, before)}
        for label, value, before, unit in lines
    ]


def kinds_compared(now: dict[str, int], earlier: dict[str, int]) -> list[dict[str, Any]]:
    longest = max([*now.values(), *earlier.values(), 1])
    return [
        {
            "label": VisitorKind(kind).label,
            "unit": "",
            "now": now.get(kind, 0),
            "before": earlier.get(kind, 0),
            **_bars(now.get(kind, 0), earlier.get(kind, 0), longest),
        }
        for kind in VisitorKind.values
    ]


def chart(parts: list[tuple[Span, Any]], language: str) -> list[dict[str, Any]]:
    """Planned beside done for each part of the span; bars in thousandths of the longest."""
    longest = max((figures.planned for _part, figures in parts), default=0) or 1
    return [
        {
            "label": month_name(part.start, language)
            if part.kind == "month"
            else f"{part.start.day}–{part.end.day}",
            "year": part.start.year,
            "figures": figures,
            "planned_bar": WHOLE * figures.planned // longest,
            "done_bar": WHOLE * figures.done // longest,
        }
        for part, figures in parts
    ]


def _bars(now: Any, before: Any, longest: Any = None) -> dict[str, int]:
    most = longest or max(now, before) or 1
    return {"now_bar": int(WHOLE * now / most), "before_bar": int(WHOLE * before / most)}
