"""What an officer does to an agreement, one act to a page: its steps, signatures, parties and the signed scan."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.admin.forms import AddPartyForm, PartyForm, ScanForm, SignatureForm
from agreements.admin.wording import STEPS
from agreements.lifecycle import life_of
from agreements.models import Agreement, Party
from agreements.services.drafting import attach_signed_scan
from agreements.services.ending import cancel_agreement, terminate_agreement
from agreements.services.parties import add_party, remove_party, revise_party
from agreements.services.signing import (
    activate_agreement,
    record_signature,
    reopen_agreement,
    submit_agreement,
)
from kerjasama.domain.errors import Sentence
from libraries.choices import FilePurpose
from libraries.desk import ActPage, NoteForm
from libraries.services.files import keep_upload

VERBS: dict[str, Callable[..., Agreement]] = {
    "submit": submit_agreement,
    "activate": activate_agreement,
    "reopen": reopen_agreement,
    "terminate": terminate_agreement,
    "cancel": cancel_agreement,
}


class AgreementAct(ActPage):
    """An act on an agreement; it leads back to its page."""

    agreement: Agreement

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.agreement = self.find(Agreement.objects.for_list(), pk)
        return self.agreement

    def back(self) -> str:
        return reverse("work:agreement", args=[self.agreement.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Agreements"), reverse("work:agreements")), (str(self.agreement), self.back())]


class AgreementStep(AgreementAct):
    """One step of the life: the table says who may, the service says what stands in the way."""

    action: str

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.action = kwargs["action"]
        agreement = super().subject_of(pk)
        if self.action not in VERBS or self.action not in {
            step.action for step in life_of(agreement.kind).steps
        }:
            raise Http404
        if "note" in life_of(agreement.kind).transition(self.action).needs:
            self.form_class = NoteForm
        words = STEPS[self.action]
        self.kind = "danger-solid" if words.kind == "danger" else "primary"
        return agreement

    def title(self) -> Sentence:
        return STEPS[self.action].title

    def text(self) -> Sentence:
        return STEPS[self.action].text

    def label(self) -> Sentence:
        return life_of(self.agreement.kind).transition(self.action).label

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        VERBS[self.action](agreement=self.agreement, actor=self.actor, **cleaned)
        return STEPS[self.action].done


class PartyAct(AgreementAct):
    party: Party

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        super().subject_of(pk)
        self.party = get_object_or_404(
            self.agreement.parties.select_related("institution"), pk=kwargs["party"]
        )
        return self.party


class Sign(PartyAct):
    form_class = SignatureForm

    def title(self) -> str:
        return _("%(party)s has signed") % {"party": self.party.institution}

    def text(self) -> str:
        return _("Look at the signed paper: whose name, which day?")

    def label(self) -> str:
        return _("Record the signature")

    def act(self, cleaned: dict[str, Any]) -> str:
        record_signature(agreement=self.agreement, actor=self.actor, party=self.party, **cleaned)
        return _("The signature of %(party)s is recorded.") % {"party": self.party.institution}


class PartyEdit(PartyAct):
    def make_form(self, *data: Any) -> forms.ModelForm:  # type: ignore[type-arg]
        return PartyForm(*data, instance=self.party)

    def title(self) -> str:
        return str(self.party.institution)

    def text(self) -> str:
        return _("Who signs for this party, and what it takes on.")

    def label(self) -> str:
        return _("Save")

    def act(self, cleaned: dict[str, Any]) -> str:
        revise_party(agreement=self.agreement, actor=self.actor, party=self.party, **cleaned)
        return _("Saved.")


class PartyRemove(PartyAct):
    kind = "danger-solid"

    def title(self) -> str:
        return _("Take %(party)s out of the agreement?") % {"party": self.party.institution}

    def label(self) -> str:
        return _("Take out")

    def act(self, cleaned: dict[str, Any]) -> str:
        remove_party(agreement=self.agreement, actor=self.actor, party=self.party)
        return _("%(party)s is no longer a party.") % {"party": self.party.institution}


class PartyAdd(AgreementAct):
    def make_form(self, *data: Any) -> forms.Form:
        return AddPartyForm(*data, user=self.request.user)

    def title(self) -> str:
        return _("Add a further party")

    def act(self, cleaned: dict[str, Any]) -> str:
        party = add_party(agreement=self.agreement, actor=self.actor, **cleaned)
        return _("%(party)s is now a party.") % {"party": party.institution}


class AttachScan(AgreementAct):
    form_class = ScanForm

    def title(self) -> str:
        return _("Attach the signed scan")

    def label(self) -> str:
        return _("Upload")

    def act(self, cleaned: dict[str, Any]) -> str:
        file = keep_upload(
            cleaned["file"],
            owner=self.agreement.office,
            counterpart=self.agreement.partner,
            purpose=FilePurpose.SIGNED_SCAN,
            actor=self.actor,
        )
        attach_signed_scan(agreement=self.agreement, file=file, actor=self.actor)
        return _("The signed scan is kept with the agreement. The partner can see it too.")
