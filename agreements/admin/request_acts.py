"""What an officer does about a request, one act to a page: steps, the meeting, who it is, and accepting into a draft."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.admin.request_forms import AcceptForm, LinkForm, MeetingForm, RegisterForm
from agreements.admin.request_wording import STEPS
from agreements.asking import DeclineForm
from agreements.lifecycle import REQUEST
from agreements.models import CooperationRequest
from agreements.services.requesting.deciding import (
    accept_request,
    decline_request,
    discuss_request,
    link_institution,
    register_asker,
    show_interest,
    withdraw_request,
)
from agreements.services.requesting.drafting import draft_fields
from agreements.services.requesting.talking import set_meeting
from kerjasama.domain.errors import Sentence
from libraries.desk import ActPage
from libraries.models import Institution

VERBS: dict[str, Callable[..., CooperationRequest]] = {
    "discuss": discuss_request,
    "show_interest": show_interest,
    "decline": decline_request,
    "withdraw": withdraw_request,
}


class RequestAct(ActPage):
    """An act on a request; it leads back to its page."""

    row: CooperationRequest

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.row = self.find(CooperationRequest.objects.for_list(), pk)
        return self.row

    def back(self) -> str:
        return reverse("work:request", args=[self.row.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Requests to cooperate"), reverse("work:requests")), (self.row.subject, self.back())]


class RequestStep(RequestAct):
    action: str

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.action = kwargs["action"]
        row = super().subject_of(pk)
        if self.action not in VERBS:
            raise Http404
        if self.action == "decline":
            self.form_class = DeclineForm
        self.kind = "danger-solid" if STEPS[self.action].kind == "danger" else "primary"
        return row

    def title(self) -> Sentence:
        return STEPS[self.action].title

    def text(self) -> Sentence:
        return STEPS[self.action].text

    def label(self) -> Sentence:
        return REQUEST.transition(self.action).label

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        VERBS[self.action](request=self.row, actor=self.actor, **cleaned)
        return STEPS[self.action].done


class Meet(RequestAct):
    form_class = MeetingForm

    def initial(self) -> dict[str, Any]:
        return {"on": self.row.meeting_on, "at": self.row.meeting_time, "place": self.row.meeting_place}

    def title(self) -> str:
        return _("Move the meeting") if self.row.meeting_on else _("Set a meeting")

    def text(self) -> str:
        return _("The other side is told the day, the time and the place at once.")

    def act(self, cleaned: dict[str, Any]) -> str:
        set_meeting(request=self.row, actor=self.actor, **cleaned)
        return _("The meeting is set, and the other side is told.")


class Accept(RequestAct):
    """From here on it is an agreement to be written; the draft's own page follows."""

    form_class = AcceptForm
    agreement_id: UUID | None = None

    def initial(self) -> dict[str, Any]:
        known = draft_fields(self.row, "", title="", starts_on=None, ends_on=None)
        return {name: known[name] for name in ("title", "starts_on", "ends_on")}

    def back(self) -> str:
        if self.agreement_id is not None:
            return reverse("work:agreement", args=[self.agreement_id])
        return super().back()

    def title(self) -> str:
        return _("Accept and open a draft")

    def text(self) -> str:
        return _(
            "The draft is filled with everything that was said. %(who)s is told; nothing is binding before it is signed."
        ) % {"who": self.row.asker_name}

    def label(self) -> str:
        return _("Accept")

    def act(self, cleaned: dict[str, Any]) -> str:
        row = accept_request(request=self.row, actor=self.actor, **cleaned)
        self.agreement_id = row.agreement_id
        return _("The request is accepted. Here is the draft; fill in what is still missing.")


class Link(RequestAct):
    template_name = "admin/requests/link.html"

    def make_form(self, *data: Any) -> forms.Form:
        same = Institution.objects.visible_to(self.actor).filter(name__iexact=self.row.institution_name)
        return LinkForm(*data, user=self.actor, initial={"institution": same.first()})

    def title(self) -> str:
        return _("Which institution is it?")

    def text(self) -> str:
        return _("“%(name)s” asks. Choose it from the directory, or register it.") % {
            "name": self.row.asker_name
        }

    def label(self) -> str:
        return _("It is this one")

    def more(self) -> dict[str, Any]:
        return {"row": self.row}

    def act(self, cleaned: dict[str, Any]) -> str:
        link_institution(request=self.row, actor=self.actor, **cleaned)
        return _("The request now belongs to %(institution)s.") % cleaned


class Register(RequestAct):
    def make_form(self, *data: Any) -> forms.ModelForm:
        typed = {
            "name": self.row.institution_name,
            "kind": self.row.institution_kind,
            "city": self.row.institution_city,
            "email": self.row.contact_email,
            "phone": self.row.contact_phone,
        }
        return RegisterForm(*data, initial=typed)

    def title(self) -> str:
        return _("Register the institution")

    def text(self) -> str:
        return _("Filled in from what was typed; put it right before it enters the directory.")

    def label(self) -> str:
        return _("Register")

    def act(self, cleaned: dict[str, Any]) -> str:
        row = register_asker(request=self.row, actor=self.actor, **cleaned)
        return _("%(institution)s is in the directory now.") % {"institution": row.institution}
