"""What is made out of an agreement: its next term, its written form, an addendum, a work plan, a copy, a template."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.admin.acts import AgreementAct
from agreements.admin.forms import AmendForm, CopyForm, DeriveForm, RenewForm, WriteDownForm
from agreements.admin.template_forms import TemplateNameForm
from agreements.models import Agreement
from agreements.services.authority import agreements_to_derive_from
from agreements.services.continuing import (
    PARTS,
    amend_agreement,
    copy_agreement,
    derive_work_plan,
    renew_agreement,
    write_down,
)
from agreements.services.templates import template_from_agreement
from agreements.terms import next_last_day
from kerjasama.domain import clock
from libraries.models import Institution


class Making(AgreementAct):
    """An act that makes a new draft; it leads on to that draft."""

    made: Agreement | None = None

    def back(self) -> str:
        if self.made is not None:
            return reverse("work:agreement_edit", args=[self.made.pk])
        return super().back()

    def label(self) -> str:
        return _("Make the draft")

    def done(self) -> str:
        return _("This is the new draft. Nothing of the old one changes until it comes into force.")


class Renew(Making):
    form_class = RenewForm

    def initial(self) -> dict[str, Any]:
        starts, ends = self.agreement.starts_on, self.agreement.ends_on
        if not starts or not ends:
            return {}
        first = ends + timedelta(days=1)
        if self.agreement.status != "active":
            first = clock.today(self.agreement.office.zone)
        return {"starts_on": first, "ends_on": next_last_day(starts, ends, first)}

    def title(self) -> str:
        return _("Renew “%(agreement)s”?") % {"agreement": self.agreement}

    def text(self) -> str:
        return _("The next term begins with the same words and terms, and is linked to this one.")

    def act(self, cleaned: dict[str, Any]) -> str:
        self.made = renew_agreement(agreement=self.agreement, actor=self.actor, **cleaned)
        return self.done()


class WriteDown(Making):
    form_class = WriteDownForm

    def title(self) -> str:
        return _("Put “%(agreement)s” in writing?") % {"agreement": self.agreement}

    def text(self) -> str:
        return _("The written agreement takes the place of the unwritten one on the day it comes into force.")

    def act(self, cleaned: dict[str, Any]) -> str:
        self.made = write_down(agreement=self.agreement, actor=self.actor, **cleaned)
        return self.done()


class Amend(Making):
    form_class = AmendForm

    def initial(self) -> dict[str, Any]:
        return {"title": _("Change of “%(agreement)s”") % {"agreement": self.agreement.title}}

    def title(self) -> str:
        return _("Write an addendum to “%(agreement)s”?") % {"agreement": self.agreement}

    def text(self) -> str:
        return _("It begins with the present terms. Change what is to change, take out what stays as it is.")

    def act(self, cleaned: dict[str, Any]) -> str:
        self.made = amend_agreement(agreement=self.agreement, actor=self.actor, **cleaned)
        return self.done()


class Derive(Making):
    """A work plan under an agreement that the office or somebody above it has signed (A4)."""

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        try:
            return super().subject_of(pk)
        except Http404:
            self.agreement = self.from_above(pk)
            return self.agreement

    def from_above(self, pk: UUID) -> Agreement:
        """Agreements of those above the reader's offices, which they may not see but work under."""
        for office in Institution.objects.filter(pk__in=self.access.offices):
            for row in agreements_to_derive_from(office, clock.today(office.zone)):
                if row.pk == pk:
                    return row
        raise Http404

    def make_form(self, *data: Any) -> forms.Form:
        asked = {"office": self.request.GET.get("lembaga"), "partner": self.request.GET.get("mitra")}
        initial = {name: value for name, value in asked.items() if value}
        return DeriveForm(*data, user=self.request.user, initial=initial)

    def title(self) -> str:
        return _("Write a work plan under “%(agreement)s”?") % {"agreement": self.agreement}

    def text(self) -> str:
        return _("What your library carries out with a partner on the strength of this agreement.")

    def back(self) -> str:
        if self.made is None and not Agreement.objects.visible_to(self.request.user).filter(
            pk=self.agreement.pk
        ):
            return reverse("work:authority")
        return super().back()

    def act(self, cleaned: dict[str, Any]) -> str:
        self.made = derive_work_plan(agreement=self.agreement, actor=self.actor, **cleaned)
        return self.done()


class Copy(Making):
    def make_form(self, *data: Any) -> forms.Form:
        return CopyForm(
            *data,
            user=self.request.user,
            initial={
                "partner": self.agreement.partner_id,
                "title": self.agreement.title,
                "parts": list(PARTS),
            },
        )

    def title(self) -> str:
        return _("Copy “%(agreement)s”?") % {"agreement": self.agreement}

    def text(self) -> str:
        return _("A new draft for the same partner or another. The days stay open.")

    def act(self, cleaned: dict[str, Any]) -> str:
        self.made = copy_agreement(agreement=self.agreement, actor=self.actor, **cleaned)
        return _("This is the copy. Set its days, and put right what is different.")


class MakeTemplate(AgreementAct):
    form_class = TemplateNameForm
    saved = False

    def initial(self) -> dict[str, Any]:
        return {"name": self.agreement.title[:120]}

    def title(self) -> str:
        return _("Make a template of “%(agreement)s”?") % {"agreement": self.agreement}

    def text(self) -> str:
        return _(
            "Its words and terms are kept without parties, days and numbers, for new drafts to begin with."
        )

    def label(self) -> str:
        return _("Make the template")

    def back(self) -> str:
        return reverse("work:agreement_templates") if self.saved else super().back()

    def act(self, cleaned: dict[str, Any]) -> str:
        template_from_agreement(agreement=self.agreement, actor=self.actor, **cleaned)
        self.saved = True
        return _("The template is kept.")
