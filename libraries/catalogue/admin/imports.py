"""Catalogue files on their way in: handing one over, watching it, and reading what became of each record (D3)."""

import csv
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from kerjasama.domain.errors import DomainError
from libraries.admin.base import ReadOnlyAdmin
from libraries.catalogue.choices import ImportOutcome, ImportStatus
from libraries.catalogue.models import ImportJob, ImportRecord
from libraries.catalogue.services.importing import MAY_IMPORT, queue_import, resume_import
from libraries.desk import DeskPage, chosen, refuse
from libraries.models import Institution

PROBLEMS = "problems"
#: Cells that begin so would be taken for a formula by a spreadsheet.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
RUNNING = (ImportStatus.WAITING, ImportStatus.RUNNING)


class UploadForm(forms.Form):
    institution = forms.ModelChoiceField(
        label=gettext_lazy("Library"), queryset=Institution.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label=gettext_lazy("Catalogue file"),
        widget=forms.FileInput(attrs={"accept": ".mrc,.marc,.xml"}),
    )
    invent_copies = forms.BooleanField(
        label=gettext_lazy("Make one copy for records that name none"),
        help_text=gettext_lazy(
            "Such a copy gets a barcode made from the import; print and stick it before it is lent."
        ),
        required=False,
    )

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["institution"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = offices
        self.fields["file"].help_text = _(
            "MARC 21 or INDOMARC in ISO 2709 (.mrc, .marc) or MARCXML (.xml), at most %(limit)d MB."
        ) % {"limit": settings.IMPORT_MAX_BYTES // 1_048_576}


class ImportPage(DeskPage):
    """A page about imports; only the librarians who import see any."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.access.everything and not self.access.having(MAY_IMPORT):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def offices(self) -> Any:
        offices = Institution.objects.offices()
        return offices if self.access.everything else offices.filter(pk__in=self.access.having(MAY_IMPORT))

    def job(self, pk: UUID) -> ImportJob:
        jobs = ImportJob.objects.select_related("institution", "file", "started_by")
        found: ImportJob = self.find(jobs, pk)
        return found


class ImportList(ImportPage):
    """All imports of one's library, and the form that begins another."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(UploadForm(offices=self.offices()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES, offices=self.offices())
        if not form.is_valid():
            return self.answer(form, 422)
        try:
            job = queue_import(
                institution=form.cleaned_data["institution"],
                upload=form.cleaned_data["file"],
                actor=request.user,
                invent_copies=form.cleaned_data["invent_copies"],
            )
        except DomainError as error:
            refuse(form, error)
            return self.answer(form, error.status)
        messages.success(
            request, _("The file was taken in. It is read in the background; you may leave this page.")
        )
        return redirect("admin:catalogue_importjob_change", job.pk)

    def answer(self, form: UploadForm, status: int = 200) -> HttpResponse:
        jobs = ImportJob.objects.visible_to(self.request.user).select_related(
            "institution", "file", "started_by"
        )
        page = self.page_of(jobs, 20)
        return self.show("admin/catalogue/imports.html", status, form=form, page_obj=page, has_file=True)


class ImportReport(ImportPage):
    """How one import goes, and what became of each record; ``?outcome=`` filters, ``problems`` is all that needs a look."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        job = self.job(pk)
        wanted = chosen(request.GET.get("outcome"), (PROBLEMS, *ImportOutcome.values))
        page = self.page_of(_filtered(job, wanted))
        return self.show(
            "admin/catalogue/import_report.html",
            job=job,
            running=job.status in RUNNING,
            may_resume=job.status == ImportStatus.FAILED,
            page_obj=page,
            wanted=wanted,
            tabs=_tabs(job),
            crumbs=[(_("Catalogue imports"), reverse("admin:catalogue_importjob_changelist"))],
        )


class ImportProgress(ImportPage):
    """The part of the report that moves; htmx asks for it every two seconds until the import is over."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        job = self.job(pk)
        response = self.show("admin/catalogue/_import_progress.html", job=job, running=job.status in RUNNING)
        if job.status not in RUNNING:
            response["HX-Refresh"] = "true"  # the list of records below has grown
        return response


class ImportProblems(ImportPage):
    """The records that need a look, as CSV for a spreadsheet."""

    def get(self, request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
        job = self.job(pk)
        response = StreamingHttpResponse(_csv_lines(job), content_type="text/csv; charset=utf-8")
        name = _("import-problems")
        response["Content-Disposition"] = f'attachment; filename="{name}-{job.pk.hex[-6:]}.csv"'
        return response


class ImportResume(ImportPage):
    """Put a stopped import back in the queue."""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        job = self.job(pk)
        try:
            resume_import(job=job, actor=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The import goes on where it stopped."))
        return redirect("admin:catalogue_importjob_change", job.pk)


def _filtered(job: ImportJob, wanted: str) -> Any:
    rows = ImportRecord.objects.filter(job=job).select_related("title").order_by("position")
    if wanted == PROBLEMS:
        return rows.exclude(findings=[])
    return rows.filter(outcome=wanted) if wanted else rows


def _tabs(job: ImportJob) -> list[tuple[str, Any, int]]:
    """(value, label, count) of each filter, in one statement."""
    counts = ImportRecord.objects.filter(job=job).aggregate(
        all=Count("pk"),
        problems=Count("pk", filter=~Q(findings=[])),
        **{value: Count("pk", filter=Q(outcome=value)) for value in ImportOutcome.values},
    )
    named = [("", _("All records"), counts["all"]), (PROBLEMS, _("Worth a look"), counts["problems"])]
    return named + [(value, label, counts[value]) for value, label in ImportOutcome.choices if counts[value]]


class _Echo:
    """A file that hands every line straight back: the CSV is never whole in memory."""

    def write(self, line: str) -> str:
        return line


def _csv_lines(job: ImportJob) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([_("record"), _("outcome"), _("title"), _("reason")])
    for row in _filtered(job, PROBLEMS).iterator(chunk_size=500):
        cells = [row.position, row.get_outcome_display(), row.label, row.reason]
        yield writer.writerow([harmless(str(cell)) for cell in cells])


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    """The record pages of imports are work pages of our own, at the addresses where Django's would be."""

    reading = MAY_IMPORT

    def get_urls(self) -> list[URLPattern]:
        wrap: Callable[[type[View]], Any] = lambda page: self.admin_site.admin_view(page.as_view())  # noqa: E731
        return [
            path("", wrap(ImportList), name="catalogue_importjob_changelist"),
            path("<uuid:pk>/", wrap(ImportReport), name="catalogue_importjob_change"),
            path("<uuid:pk>/progress/", wrap(ImportProgress), name="catalogue_importjob_progress"),
            path("<uuid:pk>/problems.csv", wrap(ImportProblems), name="catalogue_importjob_problems"),
            path("<uuid:pk>/resume/", wrap(ImportResume), name="catalogue_importjob_resume"),
        ]
