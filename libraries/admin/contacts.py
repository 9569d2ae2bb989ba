"""Contacts and opening hours of a partner at the desk: one act to a page (D1, F15; UU 27/2022)."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain.errors import NotPermitted, Sentence
from libraries.choices import ConsentHow, PersonFunction
from libraries.desk import ActPage, DeskPage, day_field
from libraries.entry_forms import HoursForm, consent_of
from libraries.models import Institution, Person
from libraries.services.contacts import register_person, revise_person, withdraw_consent
from libraries.services.directory import require_keeper
from libraries.services.erasing import erase_contact, everything_kept, guards, require_guard
from libraries.services.opening import set_opening_hours


class ContactForm(forms.Form):
    """Everything an office notes about a contact."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    function = forms.ChoiceField(label=gettext_lazy("Function"), choices=PersonFunction.choices)
    position = forms.CharField(
        label=gettext_lazy("Position as it is written"),
        max_length=120,
        required=False,
        help_text=gettext_lazy(
            "As it stands in letters, for example: Plt. Kepala Sekolah. Empty: the function."
        ),
    )
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=30, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    nip = forms.CharField(
        label=gettext_lazy("NIP"),
        max_length=18,
        required=False,
        help_text=gettext_lazy("Employee number of a civil servant, 18 digits; printed in letters only."),
    )
    signs = forms.BooleanField(label=gettext_lazy("Signs for the institution"), required=False)
    consent_on = day_field(
        gettext_lazy("Agreed on"),
        required=False,
        help_text=gettext_lazy(
            "The day on which the person agreed to being kept here. Empty: not asked yet."
        ),
    )
    consent_how = forms.ChoiceField(
        label=gettext_lazy("Agreed how"), choices=[("", "–"), *ConsentHow.choices], required=False
    )
    show_publicly = forms.BooleanField(
        label=gettext_lazy("Shown in the public directory"),
        required=False,
        help_text=gettext_lazy("Name, function, telephone and e-mail; only if the person agreed to that."),
    )
    keep_until = day_field(
        gettext_lazy("Kept until"),
        required=False,
        help_text=gettext_lazy(
            "After this day the contact is erased. Empty: some years after the last agreement."
        ),
    )


class PartnerAct(ActPage):
    """An act on an institution; it leads back to its page."""

    institution: Institution

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.institution = self.find(Institution.objects.all(), pk)
        require_keeper(self.institution, self.actor)
        return self.institution

    def back(self) -> str:
        return reverse("work:partner", args=[self.institution.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Directory"), reverse("work:directory")), (str(self.institution), self.back())]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotPermitted as refusal:
            raise PermissionDenied from refusal


class SetHours(PartnerAct):
    """The whole week on one page, one line for each day."""

    form_class = HoursForm

    def initial(self) -> dict[str, Any]:
        return HoursForm.initial_of(self.institution.openings.week())

    def title(self) -> Sentence:
        return _("Opening hours")

    def text(self) -> Sentence:
        return _("Type the hours of each day like this: 08.00–12.00, 13.00–16.00. An empty day is closed.")

    def label(self) -> Sentence:
        return _("Save the hours")

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        set_opening_hours(institution=self.institution, actor=self.actor, week=HoursForm.week_of(cleaned))
        return _("The opening hours are kept.")


class ContactNew(PartnerAct):
    form_class = ContactForm

    def title(self) -> Sentence:
        return _("New contact")

    def text(self) -> Sentence:
        return _("An adult with an office or a task there. Pupils are never kept.")

    def label(self) -> Sentence:
        return _("Keep the contact")

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        person = register_person(actor=self.actor, institution=self.institution, **consent_of(cleaned))
        return _("%(name)s is now a contact.") % {"name": person.name}


class ContactAct(PartnerAct):
    """An act on one contact."""

    person: Person

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.person = self.find(Person.objects.select_related("institution"), pk)
        self.institution = self.person.institution
        require_keeper(self.institution, self.actor)
        return self.person

    def back(self) -> str:
        return reverse("work:contact", args=[self.person.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        partner = reverse("work:partner", args=[self.institution.pk])
        return [
            (_("Directory"), reverse("work:directory")),
            (str(self.institution), partner),
            (self.person.name, self.back()),
        ]


class ContactEdit(ContactAct):
    form_class = ContactForm

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.person, name) for name in ContactForm.base_fields}

    def title(self) -> Sentence:
        return self.person.name

    def label(self) -> Sentence:
        return _("Save")

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        revise_person(person=self.person, actor=self.actor, **consent_of(cleaned, self.person))
        return _("Saved.")


class ConsentWithdraw(ContactAct):
    kind = "danger-solid"

    def title(self) -> Sentence:
        return _("Take back the consent of %(name)s?") % {"name": self.person.name}

    def text(self) -> Sentence:
        return _("From this moment on nobody outside reads of the person. The contact itself stays.")

    def label(self) -> Sentence:
        return _("Take back the consent")

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        withdraw_consent(person=self.person, actor=self.actor)
        return _("The consent is taken back; the person is no longer shown.")


class ContactErase(ContactAct):
    """Cannot be undone, so it asks for the name to be typed (U14)."""

    kind = "danger-solid"

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        found = super().subject_of(pk)
        require_guard(self.institution, self.actor)
        return found

    def make_form(self, *data: Any) -> forms.Form:
        return ErasureForm(*data, person=self.person)

    def title(self) -> Sentence:
        return _("Erase %(name)s for good?") % {"name": self.person.name}

    def text(self) -> Sentence:
        return _(
            "Name, number and address go from the contact and from its whole history; nobody can bring them back. "
            "Papers that were issued keep what they say. That somebody was erased today stays noted."
        )

    def label(self) -> Sentence:
        return _("Erase for good")

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        erase_contact(person=self.person, actor=self.actor)
        return _("The contact is erased.")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        answer = super().post(request, **kwargs)
        if answer.status_code == 302:
            # The contact's own page is gone with it.
            answer["Location"] = reverse("work:partner", args=[self.institution.pk])
        return answer


class ErasureForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Type the name to confirm"), max_length=120)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_name(self) -> str:
        typed = " ".join(str(self.cleaned_data["name"]).split())
        if typed.casefold() != " ".join(self.person.name.split()).casefold():
            raise forms.ValidationError(
                _("This is not the name. Type it as it stands above: %(name)s.") % {"name": self.person.name}
            )
        return typed


class ContactPage(DeskPage):
    """One contact: what it agreed to, until when it is kept, and what can be done about it."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        person = self.find(Person.objects.select_related("institution", "consent_noted_by", "user"), pk)
        try:
            require_keeper(person.institution, self.actor)
            may_keep = True
        except NotPermitted:
            may_keep = False
        return self.show(
            "admin/libraries/contact.html",
            person=person,
            partner=person.institution,
            may_keep=may_keep,
            may_erase=guards(person.institution, self.actor),
        )


class ContactData(DeskPage):
    """Everything kept about one contact, to be read or printed; ``?bentuk=json`` gives it to a program."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        person = self.find(Person.objects.select_related("institution"), pk)
        try:
            kept = everything_kept(person=person, actor=self.actor)
        except NotPermitted as refusal:
            raise PermissionDenied from refusal
        if request.GET.get("bentuk") == "json":
            return kept_as_file(kept.data(), person)
        return self.show(
            "admin/libraries/contact_data.html", kept=kept, person=person, partner=person.institution
        )


def kept_as_file(data: dict[str, Any], person: Person) -> HttpResponse:
    name = slugify(person.name) or "kontak"
    return HttpResponse(
        json.dumps(data, ensure_ascii=False, indent=2),
        content_type="application/json; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.json"',
            "Cache-Control": "private, no-store",
        },
    )
