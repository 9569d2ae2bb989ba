"""The templates of an office: what new drafts may begin with (A8)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from agreements.admin.fields import KEEPERS
from agreements.admin.provision_forms import ProvisionSheet, rows_of
from agreements.admin.template_forms import TemplateForm
from agreements.models import AgreementTemplate
from agreements.services.templates import save_template
from kerjasama.domain.errors import DomainError
from libraries.desk import DeskPage, refuse, status_of
from libraries.models import Institution


class TemplateList(DeskPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = AgreementTemplate.objects.visible_to(request.user).select_related("office")
        return self.show(
            "admin/agreements/templates.html",
            page_obj=self.page_of(rows),
            may_add=self.access.everything or bool(self.access.having(KEEPERS)),
        )


class TemplateEdit(DeskPage):
    """One template, new or kept; a reader without the role sees it and is refused by the service when saving."""

    def get(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        template = self.read(pk)
        return self.answer(
            template,
            TemplateForm(template=template),
            ProvisionSheet(rows=rows_of(template.provisions)),
        )

    def post(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        template = self.read(pk)
        form = TemplateForm(request.POST, template=template)
        sheet = ProvisionSheet(request.POST, rows=rows_of(template.provisions))
        if not (form.is_valid() & sheet.is_valid()):
            return self.answer(template, form, sheet, status=422)
        try:
            save_template(
                actor=self.actor,
                office=template.office,
                template=None if template._state.adding else template,
                version=form.cleaned_data["version"],
                provisions=given_as_words(sheet.given()),
                **form.fields_given(),
            )
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(template, form, sheet, status=status_of(error))
        messages.success(request, _("The template is kept."))
        return redirect("work:agreement_templates")

    def read(self, pk: UUID | None) -> AgreementTemplate:
        if pk is not None:
            rows = AgreementTemplate.objects.visible_to(self.request.user).select_related("office")
            return get_object_or_404(rows, pk=pk)
        kept = self.access.having(KEEPERS)
        if not kept and not self.access.everything:
            raise PermissionDenied
        return AgreementTemplate(office=Institution.objects.filter(pk__in=kept).order_by("name").first())

    def answer(
        self, template: AgreementTemplate, form: TemplateForm, sheet: ProvisionSheet, status: int = 200
    ) -> HttpResponse:
        return self.show("admin/agreements/template.html", status, kept=template, form=form, sheet=sheet)


def given_as_words(given: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the sheet gives, as the template keeps it: form → its filled terms."""
    return {
        terms["form"]: {
            name: value for name, value in terms.items() if name != "form" and value not in (None, "")
        }
        for terms in given
    }
