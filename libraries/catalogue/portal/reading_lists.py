"""The reading lists of our classes: begun, filled from the catalogue or by hand, put in order, printed (F15)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kerjasama.domain.errors import DomainError
from libraries.catalogue.filters import TitleFilter
from libraries.catalogue.models import ReadingList, ReadingListItem, Title
from libraries.catalogue.services import reading_lists as services
from libraries.catalogue.services.reading_lists import reading_list_pdf
from libraries.desk import note_field, plain, refuse
from libraries.portal.acting import PortalRequest, portal_page, show
from libraries.portal.carrying import carried

SHOWN = 60
FOUND = 12
SHORTEST = 2
STEPS = {"naik": -1, "turun": 1}


class ListForm(forms.Form):
    class_name = forms.CharField(
        label=gettext_lazy("Class"),
        max_length=40,
        help_text=gettext_lazy("For example: Class 4, or classes 1 and 2. No names of pupils."),
    )
    school_year = forms.RegexField(
        r"^\d{4}/\d{4}$",
        label=gettext_lazy("School year"),
        max_length=9,
        error_messages={"invalid": gettext_lazy("Write the school year as 2026/2027.")},
    )
    title = forms.CharField(
        label=gettext_lazy("Title of the list"),
        max_length=120,
        help_text=gettext_lazy("For example: Stories about the sea."),
    )
    note = note_field(
        gettext_lazy("Note"), required=False, rows=2, help_text=gettext_lazy("Printed above the books.")
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("Other partner schools may read this list"), required=False
    )


class BookForm(forms.Form):
    typed_title = forms.CharField(label=gettext_lazy("Title of the book"), max_length=300)
    author = forms.CharField(label=gettext_lazy("Author"), max_length=200, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example: read aloud together. No names of pupils."),
    )


@require_safe
@portal_page
def reading_lists(request: PortalRequest) -> HttpResponse:
    """Our own lists, and under a tab of their own those that other schools share."""
    shared = request.GET.get("lihat") == "bersama"
    rows = ReadingList.objects.visible_to(request.user)
    if shared:
        rows = rows.filter(is_public=True).exclude(institution=request.acting.school)
    else:
        rows = rows.filter(institution=request.acting.school)
    return show(request, "portal/reading/lists.html", {"lists": rows.for_list()[:SHOWN], "shared": shared})


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def reading_list_new(request: PortalRequest) -> HttpResponse:
    today = request.acting.today
    # A school year begins in July.
    first = today.year if today.month >= 7 else today.year - 1
    typed = request.POST if request.method == "POST" else carried(request)
    form = ListForm(typed, initial={"school_year": f"{first}/{first + 1}"})
    if request.method == "POST" and form.is_valid():
        try:
            row = services.begin_reading_list(
                actor=request.user, institution=request.acting.school, **form.cleaned_data
            )
        except (DomainError, ValidationError) as error:
            refuse(form, error)
        else:
            messages.success(request, _("The list is begun. Now put books on it."))
            return redirect("portal:reading_list", row.pk)
    return _form(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def reading_list_edit(request: PortalRequest, pk: UUID) -> HttpResponse:
    row = _own(request, pk)
    typed = request.POST if request.method == "POST" else carried(request)
    form = ListForm(typed, initial={name: getattr(row, name) for name in ListForm.base_fields})
    if request.method == "POST" and form.is_valid():
        try:
            services.revise_reading_list(reading_list=row, actor=request.user, **form.cleaned_data)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("portal:reading_list", row.pk)
    return _form(request, form, row)


def _form(request: PortalRequest, form: ListForm, row: ReadingList | None) -> HttpResponse:
    return show(
        request,
        "portal/reading/form.html",
        {"form": form, "reading_list": row, "carried": request.method != "POST" and form.is_bound},
        school_id=row.institution_id if row else None,
        status=422 if request.method == "POST" else 200,
    )


@require_safe
@portal_page
def reading_list(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One list; whoever keeps it looks for books in the catalogue here, or types one."""
    row = get_object_or_404(ReadingList.objects.visible_to(request.user).select_related("institution"), pk=pk)
    return _page(request, row, BookForm(auto_id="book_%s"))


def _page(request: PortalRequest, row: ReadingList, form: BookForm, status: int = 200) -> HttpResponse:
    own = row.institution_id in request.acting.keys
    words = plain(request.GET.get("q", ""))
    items = list(row.items.select_related("title").order_by("position"))
    found: list[Title] = []
    if own and len(words) >= SHORTEST:
        titles = Title.objects.visible_to(request.user).exclude(
            pk__in=[item.title_id for item in items if item.title_id]
        )
        found = list(TitleFilter({"q": words}, titles, request=request).qs.order_by("title", "pk")[:FOUND])
    return show(
        request,
        "portal/reading/list.html",
        {
            "reading_list": row,
            "items": items,
            "own": own,
            "words": words,
            "found": found,
            "form": form,
        },
        school_id=row.institution_id if own else None,
        status=status,
    )


@require_POST
@portal_page
def reading_list_add(request: PortalRequest, pk: UUID) -> HttpResponse:
    """A title found in the catalogue (``title``), or one that was typed."""
    row = _own(request, pk)
    chosen = request.POST.get("title", "")
    form = BookForm({"typed_title": "-"} if chosen else request.POST, auto_id="book_%s")
    if not form.is_valid():
        return _page(request, row, form, 422)
    facts: dict[str, Any] = dict(form.cleaned_data)
    if chosen:
        facts = {"title": _title(request, chosen)}
    try:
        item = services.add_to_reading_list(reading_list=row, actor=request.user, **facts)
    except (DomainError, ValidationError) as error:
        refuse(form, error)
        return _page(request, row, form, getattr(error, "status", 422))
    messages.success(request, _("“%(title)s” is on the list.") % {"title": item.name})
    return redirect("portal:reading_list", row.pk)


def _title(request: PortalRequest, key: str) -> Title:
    try:
        return get_object_or_404(Title.objects.visible_to(request.user), pk=UUID(key))
    except ValueError as error:
        raise Http404 from error


@require_POST
@portal_page
def reading_list_item(request: PortalRequest, pk: UUID, item: UUID, act: str) -> HttpResponse:
    """Up, down, or off the list."""
    row = _own(request, pk)
    book = get_object_or_404(ReadingListItem, reading_list=row, pk=item)
    if act in STEPS:
        services.move_in_reading_list(reading_list=row, actor=request.user, item=book, by=STEPS[act])
    elif act == "hapus":
        services.take_from_reading_list(reading_list=row, actor=request.user, item=book)
        messages.success(request, _("“%(title)s” is off the list.") % {"title": book.name})
    else:
        raise Http404
    return redirect("portal:reading_list", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def reading_list_remove(request: PortalRequest, pk: UUID) -> HttpResponse:
    row = _own(request, pk)
    if request.method == "POST":
        services.remove_reading_list(reading_list=row, actor=request.user)
        messages.success(request, _("The list is thrown away."))
        return redirect("portal:reading_lists")
    return show(request, "portal/reading/remove.html", {"reading_list": row}, school_id=row.institution_id)


@require_safe
@portal_page
def reading_list_pdf_page(request: PortalRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(ReadingList.objects.visible_to(request.user).select_related("institution"), pk=pk)
    response = HttpResponse(reading_list_pdf(row), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="daftar-bacaan-{row.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _own(request: PortalRequest, pk: UUID) -> ReadingList:
    rows = ReadingList.objects.visible_to(request.user).filter(institution__in=request.acting.keys)
    return get_object_or_404(rows.select_related("institution"), pk=pk)
