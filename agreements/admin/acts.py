"""What an officer does to an agreement, one act to a page: its steps, signatures, parties and the signed scan."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.admin.forms import (
    AddPartyForm,
    PartyForm,
    RemarkForm,
    ReviewForm,
    ReviewPassedForm,
    ScanForm,
    SignatureForm,
)
from agreements.admin.wording import STEPS
from agreements.lifecycle import life_of
from agreements.models import Agreement, Party
from agreements.services.drafting import attach_signed_scan
from agreements.services.ending import cancel_agreement, confirm_review, terminate_agreement
from agreements.services.negotiating import (
    negotiate_agreement,
    pass_review,
    remark_on_agreement,
    send_back,
    send_to_review,
)
from agreements.services.parties import add_party, remove_party, revise_party
from agreements.services.signing import (
    activate_agreement,
    record_signature,
    reopen_agreement,
    submit_agreement,
    take_signature_back,
)
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError, Sentence
from libraries.choices import FilePurpose
from libraries.desk import ActPage, NoteForm
from libraries.models import StoredFile
from libraries.services.files import keep_upload

VERBS: dict[str, Callable[..., Agreement]] = {
    "negotiate": negotiate_agreement,
    "remark": remark_on_agreement,
    "send_to_review": send_to_review,
    "pass_review": pass_review,
    "send_back": send_back,
    "submit": submit_agreement,
    "activate": activate_agreement,
    "reopen": reopen_agreement,
    "confirm_review": confirm_review,
    "terminate": terminate_agreement,
    "cancel": cancel_agreement,
}
FORMS: dict[str, type[forms.Form]] = {
    "remark": RemarkForm,
    "pass_review": ReviewPassedForm,
    "confirm_review": ReviewForm,
}


class AgreementAct(ActPage):
    """An act on an agreement; it leads back to its page."""

    template_name = "admin/agreements/act.html"
    agreement: Agreement

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.agreement = self.find(Agreement.objects.for_list(), pk)
        return self.agreement

    def about(self) -> str:
        return f"{self.agreement.title} · {self.agreement.partner}"

    def back(self) -> str:
        return reverse("work:agreement", args=[self.agreement.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Agreements"), reverse("work:agreements")), (str(self.agreement), self.back())]

    def more(self) -> dict[str, Any]:
        """When somebody may not sign this, the way that is open instead: a work plan under what others have signed (A4)."""
        refusal = self.refusal
        if not isinstance(refusal, DomainError) or refusal.code != "no_authority":
            return {}
        rows = Agreement.objects.filter(pk__in=refusal.facts["derive_from"]).select_related(
            "office", "partner"
        )
        return {"derive_from": rows, "derive_partner": self.agreement.partner_id}


class AgreementStep(AgreementAct):
    """One step of the life: the table says who may, the service says what stands in the way."""

    action: str

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.action = kwargs["action"]
        agreement = super().subject_of(pk)
        if self.action not in VERBS or self.action not in life_of(agreement.kind).actions:
            raise Http404
        needs = life_of(agreement.kind).transition(self.action).needs
        if self.action in FORMS:
            self.form_class = FORMS[self.action]
        elif "note" in needs:
            self.form_class = NoteForm
        words = STEPS[self.action]
        self.kind = "danger-solid" if words.kind == "danger" else "primary"
        return agreement

    def initial(self) -> dict[str, Any]:
        today = clock.today(self.agreement.office.zone)
        return {"reviewed_on": today, "next_review_on": clock.add_months(today, 6)}

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
            self.agreement.parties.select_related("institution", "agreement"), pk=kwargs["party"]
        )
        return self.party


class Sign(PartyAct):
    form_class = SignatureForm

    def initial(self) -> dict[str, Any]:
        office = self.agreement.office
        return {
            "signed_on": clock.today(office.zone),
            "place": self.agreement.signed_place or self.party.institution.city or office.city,
        }

    def title(self) -> str:
        return _("%(party)s has signed") % {"party": self.party.institution}

    def text(self) -> str:
        row = self.party
        said = ", ".join(filter(None, (row.signatory_name, row.signatory_position)))
        if row.signatory_nip:
            said += f", NIP {row.signatory_nip}"
        return _("Look at the signed paper: the name printed under it is %(name)s. Which day, and where?") % {
            "name": said or "–"
        }

    def label(self) -> str:
        return _("Record the signature")

    def act(self, cleaned: dict[str, Any]) -> str:
        upload = cleaned.pop("scan")
        record_signature(
            agreement=self.agreement,
            actor=self.actor,
            party=self.party,
            scan=self.keep(upload) if upload else None,
            **cleaned,
        )
        return _("The signature of %(party)s is recorded.") % {"party": self.party.institution}

    def keep(self, upload: Any) -> StoredFile:
        return keep_scan(self.agreement, upload, self.actor, field="scan")


class Unsign(PartyAct):
    form_class = NoteForm
    kind = "danger-solid"

    def title(self) -> str:
        return _("Take the signature of %(party)s back?") % {"party": self.party.institution}

    def text(self) -> str:
        return _("Only where it was recorded by mistake. What happened stays in the history.")

    def label(self) -> str:
        return _("Take the signature back")

    def act(self, cleaned: dict[str, Any]) -> str:
        take_signature_back(agreement=self.agreement, actor=self.actor, party=self.party, **cleaned)
        return _("%(party)s counts as not signed again.") % {"party": self.party.institution}


class PartyEdit(PartyAct):
    def make_form(self, *data: Any) -> forms.ModelForm:
        return PartyForm(*data, instance=self.party)

    def title(self) -> str:
        return str(self.party.institution)

    def text(self) -> str:
        return _("Who signs for this party, whom one calls, and what it takes on.")

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
        file = keep_scan(self.agreement, cleaned["file"], self.actor)
        attach_signed_scan(agreement=self.agreement, file=file, actor=self.actor)
        return _("The signed scan is kept with the agreement. The partner can see it too.")


def keep_scan(agreement: Agreement, upload: Any, actor: Any, field: str = "file") -> StoredFile:
    """An uploaded scan as a file of the office that the partner may see too."""
    return keep_upload(
        upload,
        owner=agreement.office,
        counterpart=agreement.partner,
        purpose=FilePurpose.SIGNED_SCAN,
        actor=actor,
        field=field,
    )
