"""The directory for everybody: a list with a map, a page for each institution, a spreadsheet and a paper (D1, P2).

Shown are listed institutions only; of people only those who agreed to it.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kerjasama.brakes import stop
from kerjasama.documents.rendering import render_pdf
from kerjasama.domain import clock
from libraries.choices import ServiceKind
from libraries.hours import week_lines, week_of
from libraries.listing import HEADS, Wanted, choices_of, directory_paper, points_of, sheet_rows
from libraries.models import Closure, Institution, Person
from libraries.spreadsheets import FORMATS, XLSX, spreadsheet, streamed

PER_PAGE = 30
# Papers and whole lists cost more than a page: a robot that collects them is told to wait (S25).
HEAVY_PER_ADDRESS = (10, 60)


@login_not_required
@require_safe
def directory(request: HttpRequest) -> HttpResponseBase:
    """The list; ``?bentuk=csv`` or ``xlsx`` gives all of it as a file for a spreadsheet."""
    wanted = Wanted.read(request.GET.dict())
    listed = Institution.objects.listed()
    rows = wanted.narrow(listed)
    form = request.GET.get("bentuk")
    if form in FORMATS:
        refused = stop(request, "directory", HEAVY_PER_ADDRESS)
        return refused or _sheet(sheet_rows(rows), form)
    page = Paginator(rows.select_related("region"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "wanted": wanted,
        "services": ServiceKind.choices,
        "labels": dict(ServiceKind.choices),
        **choices_of(listed),
    }
    return render(request, "public/directory.html", context)


@login_not_required
@require_safe
def points(request: HttpRequest) -> JsonResponse:
    """The places of the list as GeoJSON."""
    rows = Wanted.read(request.GET.dict()).narrow(Institution.objects.listed())
    return JsonResponse(points_of(rows, lambda pk, slug: reverse("directory_entry", args=[slug])))


@login_not_required
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """The list as a printed directory."""
    refused = stop(request, "directory", HEAVY_PER_ADDRESS)
    if refused:
        return refused
    title = _("Directory of libraries and partners")
    rows = Wanted.read(request.GET.dict()).narrow(Institution.objects.listed())
    content = render_pdf(
        "directory", directory_paper(rows, title=title, today=clock.today(), site=request.get_host())
    )
    name = slugify(title)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@login_not_required
@require_safe
def entry(request: HttpRequest, slug: str) -> HttpResponse:
    """One institution: where it is, when it is open, what it offers, and whom one may ask."""
    people = Prefetch("people", Person.objects.public().order_by("name"), to_attr="shown")
    rows = (
        Institution.objects.listed().select_related("region", "parent").prefetch_related("openings", people)
    )
    row = get_object_or_404(rows, slug=slug)
    today = clock.today(row.zone)
    context = {
        "institution": row,
        "week": week_lines(week_of((span.weekday, span.opens, span.closes) for span in row.openings.all())),
        "town": quote(row.city),
        "today": today,
        "closures": Closure.objects.filter(institution=row, ends_on__gte=today).order_by("starts_on")[:5],
        "services": [label for value, label in ServiceKind.choices if value in row.services],
        "units": Institution.objects.listed().filter(parent=row).order_by("name")[:50],
        "parent": row.parent if row.parent and row.parent.is_listed and row.parent.is_active else None,
    }
    return render(request, "public/directory_entry.html", context)


def _sheet(rows: Iterator[list[Any]], form: str) -> HttpResponseBase:
    name = slugify(_("directory"))
    return spreadsheet(name, HEADS, rows, form) if form == XLSX else streamed(name, HEADS, rows)
