"""The draft: its text, its terms and its forms of cooperation, for two officers who may write at the same time (A1, A2)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from agreements.admin.draft_form import AgreementForm
from agreements.admin.provision_forms import ProvisionSheet
from agreements.models import Agreement
from agreements.services.drafting import revise_agreement
from agreements.services.signing import Standing, standing_of
from agreements.services.stepping import OPEN_TEXT
from agreements.terms import LABELS
from kerjasama.domain.errors import Conflict, DomainError
from libraries.desk import DeskPage, refuse, status_of

# Where on the page something is filled in that has no field of its own.
ANCHORS = {"signatories": "parties", "provisions": "forms"}


class AgreementEdit(DeskPage):
    """The draft. When somebody else has saved meanwhile, their words are shown beside what was typed here."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        agreement = self.read(pk)
        if agreement.status not in OPEN_TEXT:
            return redirect("work:agreement", pk)
        return self.answer(
            agreement,
            AgreementForm(agreement=agreement, user=request.user),
            ProvisionSheet(rows=agreement.provisions.all()),
        )

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        agreement = self.read(pk)
        form = AgreementForm(request.POST, agreement=agreement, user=request.user)
        sheet = ProvisionSheet(request.POST, rows=agreement.provisions.all())
        if not (form.is_valid() & sheet.is_valid()):
            return self.answer(agreement, form, sheet, status=422)
        try:
            revise_agreement(
                agreement=agreement,
                actor=self.actor,
                version=form.cleaned_data["version"],
                lending=form.lending(),
                provisions=sheet.given(),
                **form.changes(),
            )
        except Conflict as error:
            if error.code != "stale":
                refuse(form, error)
                return self.answer(agreement, form, sheet, status=error.status)
            return self.stale(agreement, form, sheet, error)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(agreement, form, sheet, status=status_of(error))
        messages.success(request, _("Saved."))
        return redirect("work:agreement_edit" if "stay" in request.POST else "work:agreement", pk)

    def read(self, pk: UUID) -> Agreement:
        rows = Agreement.objects.for_list().select_related("office", "partner", "lending_term", "parent")
        found: Agreement = self.find(rows.prefetch_related("parties__institution", "provisions"), pk)
        return found

    def stale(
        self, agreement: Agreement, form: AgreementForm, sheet: ProvisionSheet, error: DomainError
    ) -> HttpResponse:
        """Their words are shown; saving once more is then a choice made knowingly."""
        saved = self.read(agreement.pk)
        theirs = [*form.differences(saved), *sheet.differences(saved.provisions.all())]
        form.data = form.data.copy()
        form.data["version"] = str(saved.version)
        refuse(form, error)
        return self.answer(saved, form, sheet, status=error.status, theirs=theirs)

    def answer(
        self,
        agreement: Agreement,
        form: AgreementForm,
        sheet: ProvisionSheet,
        status: int = 200,
        **more: Any,
    ) -> HttpResponse:
        standing = standing_of(agreement)
        return self.show(
            "admin/agreements/edit.html",
            status,
            agreement=agreement,
            form=form,
            sheet=sheet,
            standing=standing,
            gaps=gaps_of(standing),
            **more,
        )


def gaps_of(standing: Standing) -> list[tuple[Any, str]]:
    """What is missing, each with the place on the edit page where it is filled in; signatories have pages of their own."""
    return [(LABELS[name], ANCHORS.get(name, f"id_{name}_field")) for name in standing.missing]
