"""Reading a newer list of regions: the file goes in, a report comes out (D1)."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.errors import DomainError
from libraries.choices import Role
from libraries.desk import DeskPage, refuse
from libraries.services.regions import import_regions

MAY = frozenset({Role.OFFICER, Role.HEAD, Role.ADMINISTRATOR})
MAX_BYTES = 20 * 1024 * 1024
SHOWN = 50


class RegionFileForm(forms.Form):
    file = forms.FileField(
        label=_("List of regions"),
        help_text=_(
            "A CSV file in UTF-8 whose first line names the columns kode and nama, and perhaps induk."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is too large for a list of regions (over 20 MB)."))
        return file


class RegionImport(DeskPage):
    """Regions are shared by every office, so whoever keeps agreements may read in a newer list."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.access.everything and not self.access.having(MAY):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(RegionFileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RegionFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.answer(form, status=422)
        try:
            report = import_regions(stream=form.cleaned_data["file"].file)
        except DomainError as error:
            refuse(form, error)
            return self.answer(form, status=error.status)
        return self.answer(RegionFileForm(), report=report, rejected=report.rejected[:SHOWN])

    def answer(self, form: forms.Form, status: int = 200, **context: Any) -> HttpResponse:
        crumbs = [(_("Regions"), reverse("admin:libraries_region_changelist"))]
        return self.show("admin/libraries/region_import.html", status, form=form, crumbs=crumbs, **context)
