"""The duties of the parties: added, put right, ticked off, let go (A5)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from agreements.admin.acts import AgreementAct
from agreements.admin.forms import DoneForm, DutyForm, NewDutyForm
from agreements.admin.wording import DUTIES
from agreements.lifecycle import OBLIGATION
from agreements.models import Obligation
from agreements.services.obligations import (
    add_obligation,
    fulfil_obligation,
    fulfil_partly,
    let_lapse,
    reopen_obligation,
    revise_obligation,
)
from kerjasama.domain.errors import Sentence
from libraries.desk import NoteForm

VERBS: dict[str, Callable[..., Obligation]] = {
    "fulfil": fulfil_obligation,
    "fulfil_partly": fulfil_partly,
    "lapse": let_lapse,
    "reopen": reopen_obligation,
}


class DutyAct(AgreementAct):
    duty: Obligation

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        super().subject_of(pk)
        rows = self.agreement.obligations.select_related("agreement", "party__institution")
        self.duty = get_object_or_404(rows, pk=kwargs["duty"])
        return self.duty

    def text(self) -> Sentence:
        return f"{self.duty.party.institution}: {self.duty.text}"


class DutyStep(DutyAct):
    """One step in the life of a duty."""

    action: str

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.action = kwargs["action"]
        if self.action not in VERBS:
            raise Http404
        self.form_class = DoneForm if self.action == "fulfil" else NoteForm
        self.kind = "danger-solid" if DUTIES[self.action].kind == "danger" else "primary"
        return super().subject_of(pk, **kwargs)

    def title(self) -> Sentence:
        return DUTIES[self.action].title

    def label(self) -> Sentence:
        return OBLIGATION.transition(self.action).label

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        VERBS[self.action](obligation=self.duty, actor=self.actor, **cleaned)
        return DUTIES[self.action].done


class DutyEdit(DutyAct):
    form_class = DutyForm

    def initial(self) -> dict[str, Any]:
        return {"text": self.duty.text, "due_on": self.duty.due_on}

    def title(self) -> str:
        return _("Change this duty")

    def label(self) -> str:
        return _("Save")

    def act(self, cleaned: dict[str, Any]) -> str:
        revise_obligation(obligation=self.duty, actor=self.actor, **cleaned)
        return _("Saved.")


class DutyAdd(AgreementAct):
    def make_form(self, *data: Any) -> forms.Form:
        return NewDutyForm(*data, agreement=self.agreement, initial={"due_on": self.agreement.ends_on})

    def title(self) -> str:
        return _("Add a duty")

    def text(self) -> str:
        return _("Something that one party does for the other, by a certain day.")

    def act(self, cleaned: dict[str, Any]) -> str:
        add_obligation(agreement=self.agreement, actor=self.actor, **cleaned)
        return _("The duty is noted.")
