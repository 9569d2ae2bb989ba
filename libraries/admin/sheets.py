"""School lists at the desk: handed over, columns chosen, checked, adopted (D1)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain.errors import DomainError
from libraries.choices import InstitutionKind, RegionLevel, RowOutcome, SheetStatus
from libraries.desk import DeskPage, chosen, refuse
from libraries.models import Institution, Region, Sheet, SheetRow
from libraries.services.directory import KEEPS_DIRECTORY
from libraries.services.sheets import adopt_sheet, choose_columns, hand_over_sheet, put_sheet_aside
from libraries.sheets.fields import FIELDS

REMARKS = "catatan"
SHOWN_SAMPLES = 5


class SheetForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("School list"),
        help_text=gettext_lazy("An Excel workbook (.xlsx) or a CSV file, at most 20 MB and 100,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
    office = forms.ModelChoiceField(
        label=gettext_lazy("Our library"), queryset=Institution.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        known = list(offices[:2])
        if len(known) == 1:
            # There is only one answer, so it is not asked (U9).
            self.fields["office"].initial = known[0].pk
            self.fields["office"].widget = forms.HiddenInput()


class ColumnsForm(forms.Form):
    """One choice for each column of the file: which of our fields it is."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of those that do not say"), choices=InstitutionKind.choices
    )
    region = forms.ModelChoiceField(
        label=gettext_lazy("All of them lie in"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=gettext_lazy("Not the same for all"),
        help_text=gettext_lazy("Villages and districts of the list are looked up there."),
    )
    list_publicly = forms.BooleanField(
        label=gettext_lazy("Show new ones in the public directory"), required=False
    )

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        self.sheet = sheet
        initial = {"kind": sheet.kind, "region": sheet.region_id, "list_publicly": sheet.list_publicly}
        super().__init__(*args, initial=initial, **kwargs)
        upper = [RegionLevel.PROVINCE, RegionLevel.REGENCY]
        self.fields["region"].queryset = Region.objects.filter(level__in=upper).order_by("name")
        choices = [("", _("Not taken")), *((field.name, field.label) for field in FIELDS)]
        by_column = {column: name for name, column in sheet.mapping.items()}
        for number, head in enumerate(sheet.heads):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=head or _("Column %(number)d") % {"number": number + 1},
                choices=choices,
                required=False,
                initial=by_column.get(number, ""),
            )

    def columns(self) -> list[dict[str, Any]]:
        """For the page: each column with its choice and the first values under it."""
        return [
            {
                "field": self[f"column_{number}"],
                "values": [
                    row[number]
                    for row in self.sheet.samples[:SHOWN_SAMPLES]
                    if number < len(row) and row[number]
                ],
            }
            for number in range(len(self.sheet.heads))
        ]

    def rest(self) -> list[Any]:
        return [self[name] for name in ("kind", "region", "list_publicly")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        mapping: dict[str, int] = {}
        for number in range(len(self.sheet.heads)):
            name = cleaned.get(f"column_{number}", "")
            if name and name in mapping:
                self.add_error(f"column_{number}", _("Another column was chosen for this already."))
            elif name:
                mapping[name] = number
        cleaned["mapping"] = mapping
        return cleaned


class SheetPage(DeskPage):
    """A page about school lists; only those who keep the directory see any."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        inside = request.user.is_active and request.user.is_staff and self.access.is_office
        if inside and not self.access.everything and not self.access.having(KEEPS_DIRECTORY):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def sheet_of(self, pk: UUID) -> Sheet:
        found: Sheet = self.find(Sheet.objects.select_related("office", "region", "started_by"), pk)
        return found

    def crumbs(self, sheet: Sheet | None = None) -> list[tuple[Any, str]]:
        trail = [(_("Directory"), reverse("work:directory")), (_("School lists"), reverse("work:sheets"))]
        return [*trail, (sheet.name, reverse("work:sheet", args=[sheet.pk]))] if sheet else trail[:1]


class SheetList(SheetPage):
    """The lists so far, and the form that begins another."""

    def offices(self) -> Any:
        offices = Institution.objects.offices()
        return (
            offices if self.access.everything else offices.filter(pk__in=self.access.having(KEEPS_DIRECTORY))
        )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(SheetForm(offices=self.offices()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SheetForm(request.POST, request.FILES, offices=self.offices())
        if not form.is_valid():
            return self.answer(form, 422)
        try:
            sheet = hand_over_sheet(
                office=form.cleaned_data["office"], upload=form.cleaned_data["file"], actor=self.actor
            )
        except DomainError as error:
            refuse(form, error)
            return self.answer(form, error.status)
        return redirect("work:sheet_columns", sheet.pk)

    def answer(self, form: SheetForm, status: int = 200) -> HttpResponse:
        sheets = Sheet.objects.visible_to(self.request.user).select_related("started_by", "office")
        return self.show(
            "admin/libraries/sheets.html",
            status,
            form=form,
            page_obj=self.page_of(sheets, 20),
            crumbs=self.crumbs(),
        )


class SheetColumns(SheetPage):
    """What the columns mean: guessed by their heads, put right by hand."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        sheet = self.sheet_of(pk)
        return self.answer(sheet, ColumnsForm(sheet=sheet))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        sheet = self.sheet_of(pk)
        form = ColumnsForm(request.POST, sheet=sheet)
        if not form.is_valid():
            return self.answer(sheet, form, 422)
        cleaned = form.cleaned_data
        try:
            choose_columns(
                sheet=sheet,
                actor=self.actor,
                mapping=cleaned["mapping"],
                kind=cleaned["kind"],
                region=cleaned["region"],
                list_publicly=cleaned["list_publicly"],
            )
        except DomainError as error:
            refuse(form, error)
            return self.answer(sheet, form, error.status)
        return redirect("work:sheet", sheet.pk)

    def answer(self, sheet: Sheet, form: ColumnsForm, status: int = 200) -> HttpResponse:
        return self.show(
            "admin/libraries/sheet_columns.html", status, sheet=sheet, form=form, crumbs=self.crumbs(sheet)
        )


class SheetReport(SheetPage):
    """What every row means, and the way to adopt them."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        sheet = self.sheet_of(pk)
        cut = chosen(request.GET.get("bagian"), (*RowOutcome.values, REMARKS))
        rows = rows_of(sheet, cut)
        if self.wants_sheet:
            heads = (_("Row"), _("Outcome"), _("Name"), _("Changes"), _("Remarks"))
            return self.sheet(_("school-list"), heads, (told(row) for row in rows[:100_000].iterator(500)))
        return self.show(
            "admin/libraries/sheet.html",
            sheet=sheet,
            page_obj=self.page_of(rows.select_related("institution")),
            cut=cut,
            tabs=tabs_of(sheet),
            usable=sheet.new + sheet.changed,
            may_adopt=sheet.status == SheetStatus.CHECKED and bool(sheet.new or sheet.changed),
            may_choose=sheet.status in (SheetStatus.MAPPING, SheetStatus.CHECKED, SheetStatus.STOPPED)
            and bool(sheet.file_id),
            crumbs=self.crumbs(),
        )


class SheetProgress(SheetPage):
    """The part that moves; htmx asks for it every two seconds until the step is finished."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        sheet = self.sheet_of(pk)
        response = self.show("admin/libraries/_sheet_progress.html", sheet=sheet)
        if not sheet.running:
            response["HX-Refresh"] = "true"
        return response


class SheetStep(SheetPage):
    """Adopt or put aside; ``hanya=baru`` adopts only new ones."""

    step = ""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        sheet = self.sheet_of(pk)
        try:
            if self.step == "adopt":
                adopt_sheet(sheet=sheet, actor=self.actor, only_new=request.POST.get("hanya") == "baru")
            else:
                put_sheet_aside(sheet=sheet, actor=self.actor)
                messages.success(request, _("The list is put aside; nothing of it was adopted."))
                return redirect("work:sheets")
        except DomainError as error:
            messages.error(request, str(error))
        return redirect("work:sheet", sheet.pk)


def rows_of(sheet: Sheet, cut: str) -> Any:
    rows = SheetRow.objects.filter(sheet=sheet).order_by("number")
    if cut == REMARKS:
        return rows.exclude(findings=[])
    return rows.filter(outcome=cut) if cut else rows


def tabs_of(sheet: Sheet) -> list[tuple[str, Any, int]]:
    """(value, label, count) of each cut, in one statement."""
    counts = SheetRow.objects.filter(sheet=sheet).aggregate(
        all=Count("pk"),
        remarks=Count("pk", filter=~Q(findings=[])),
        **{value: Count("pk", filter=Q(outcome=value)) for value in RowOutcome.values},
    )
    named = [("", _("All rows"), counts["all"])]
    named += [(value, label, counts[value]) for value, label in RowOutcome.choices if counts[value]]
    return [*named, (REMARKS, _("Worth a look"), counts["remarks"])]


def told(row: SheetRow) -> list[Any]:
    changes = "; ".join(f"{one['label']}: {one['before']} → {one['after']}" for one in row.changed_fields)
    return [row.number, row.get_outcome_display(), row.label, changes, " ".join(row.sentences)]
