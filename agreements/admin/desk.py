"""The desk's own pages: whom do we serve, is this permitted, and the office's rule for people without an agreement (F6)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.choices import Audience, CooperationForm, DeskOutcome, Proof
from agreements.lifecycle import KEEPS
from agreements.models import BorrowingRule
from agreements.services.desk_check import (
    check_at_desk,
    institutions_meant,
    label_of,
    region_label,
    regions_meant,
)
from agreements.services.permits import permission
from agreements.services.ruling import set_borrowing_rule
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.access import access_of, roles_toward
from libraries.choices import OFFICE_ROLES
from libraries.desk import DeskPage, day_field, plain, refuse, status_of
from libraries.models import Institution, Region

# Nothing that is typed here stays on the machine either.
FORGETS = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
TONES = {
    DeskOutcome.BORROW: ("good", "check"),
    DeskOutcome.MEMBER: ("good", "check"),
    DeskOutcome.PROOF: ("warn", "document"),
    DeskOutcome.READ: ("bad", "book"),
}


class OfOffice(forms.Form):
    """A form about one of the reader's own offices; with one office only, it is not asked (U9)."""

    office = forms.ModelChoiceField(label=_("Our library"), queryset=Institution.objects.none())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        access = access_of(user)
        offices = Institution.objects.visible_to(user).offices()
        if not access.everything:
            offices = offices.filter(pk__in=access.having(OFFICE_ROLES))
        self.fields["office"].queryset = offices
        known = list(offices.order_by("name")[:2])
        if known:
            self.fields["office"].initial = known[0].pk
        if len(known) == 1:
            self.fields["office"].widget = forms.HiddenInput()


class DeskForm(OfOffice):
    """Words for the institution, because a scanner types; the page turns them into one, or offers a choice."""

    institution = forms.CharField(
        label=_("Institution of the person"),
        required=False,
        max_length=200,
        help_text=_("Type or scan: short name, NPSN, name, or the code of a card. Empty: of none."),
        widget=forms.TextInput(attrs={**FORGETS, "list": "institutions", "autofocus": True}),
    )
    proof = forms.ChoiceField(
        label=_("What is shown"), choices=Proof.choices, initial=Proof.NONE, widget=forms.RadioSelect
    )
    region = forms.CharField(
        label=_("Region on the identity card"),
        required=False,
        max_length=160,
        help_text=_("Only for an identity card: city, regency, district or village. It is not kept."),
        widget=forms.TextInput(attrs={**FORGETS, "list": "regions"}),
    )
    audience = forms.ChoiceField(
        label=_("Who it is"),
        required=False,
        choices=[("", _("Not asked")), *Audience.choices],
        help_text=_("Only where the proof does not tell."),
    )
    field_order = ("office", "institution", "proof", "region", "audience")


class DeskCheck(DeskPage):
    """One form, one answer. It is sent by POST, so that what is typed stands in no address and no log."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(DeskForm(user=request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DeskForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.answer(form, status=422)
        given = form.cleaned_data
        try:
            words = plain(given["institution"])
            found = institutions_meant(Institution.objects.visible_to(request.user), words) if words else []
            if words and not found:
                form.add_error(
                    "institution", _("No institution of the directory is called so. Empty: of none.")
                )
            regions = self.regions(form)
            if form.errors:
                return self.answer(form, status=422)
            if len(found) > 1 or len(regions) > 1:
                return self.answer(form, choices=found if len(found) > 1 else [], region_choices=regions)
            said = check_at_desk(
                actor=self.actor,
                office=given["office"],
                institution=found[0] if found else None,
                proof=given["proof"],
                audience=given["audience"],
                region=regions[0] if regions else None,
            )
        except DomainError as error:
            if error.code == "identity_number":
                # It is not sent back either.
                form.data = form.data.copy()
                form.data["institution"] = ""
            refuse(form, error)
            return self.answer(form, status=error.status)
        tone, icon = TONES[DeskOutcome(said.outcome)]
        return self.answer(form, said=said, tone=tone, icon=icon, whose=found[0] if found else None)

    def regions(self, form: DeskForm) -> list[Region]:
        words = plain(form.cleaned_data["region"])
        if form.cleaned_data["proof"] != Proof.ID_CARD or not words:
            return []
        found = regions_meant(words)
        if not found:
            form.add_error("region", _("No region is called so. Try the name of the city or regency."))
        exact = [row for row in found if row.name.casefold() == words.casefold()]
        return exact if len(exact) == 1 else found

    def answer(self, form: DeskForm, status: int = 200, **more: Any) -> HttpResponse:
        for name in ("choices", "region_choices"):
            label = label_of if name == "choices" else region_label
            more[name] = (
                [(label(row), row) for row in more.get(name, ())] if len(more.get(name, ())) > 1 else []
            )
        response = self.show(
            "admin/agreements/desk_check.html", status, form=form, today=clock.today(), **more
        )
        response["Cache-Control"] = "private, no-store"
        return response


class Suggest(DeskPage):
    """What the boxes of the check offer while somebody types: options of a list, by POST for the same reason."""

    boxes: tuple[str, ...]

    def post(self, request: HttpRequest) -> HttpResponse:
        words = plain(next(filter(None, map(request.POST.get, self.boxes)), ""))[:200]
        options: list[tuple[str, str]] = []
        if len(words) >= 2:
            try:
                options = self.options(words)
            except DomainError:
                options = []
        response = self.show("admin/agreements/_desk_options.html", options=options)
        response["Cache-Control"] = "private, no-store"
        return response

    def options(self, words: str) -> list[tuple[str, str]]:
        raise NotImplementedError


class SuggestInstitutions(Suggest):
    boxes = ("institution",)

    def options(self, words: str) -> list[tuple[str, str]]:
        rows = institutions_meant(Institution.objects.visible_to(self.request.user), words)
        return [(label_of(row), " · ".join(part for part in (row.name, row.city) if part)) for row in rows]


class SuggestRegions(Suggest):
    boxes = ("region", "further")

    def options(self, words: str) -> list[tuple[str, str]]:
        return [(region_label(row), str(row.parent or "")) for row in regions_meant(words)]


class RuleForm(forms.Form):
    """What people without an agreement may do; which regions make a member."""

    loan_limit = forms.IntegerField(label=_("items at a time"), min_value=1, max_value=100)
    loan_days = forms.IntegerField(label=_("loan period (days)"), min_value=1, max_value=365)
    regions = forms.ModelMultipleChoiceField(
        label=_("Identity card of"),
        required=False,
        queryset=Region.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Take the mark away to leave a region out."),
    )
    further = forms.CharField(
        label=_("A further region"),
        required=False,
        max_length=160,
        help_text=_("City, regency, district or village. With it, everything that lies in it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "regions"}),
    )
    note = forms.CharField(
        label=_("note for the desk"),
        required=False,
        max_length=300,
        help_text=_("Shown with the answer, for example where one becomes a member."),
    )

    def __init__(self, *args: Any, kept: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["regions"]
        field.choices = [(row.pk, region_label(row)) for row in kept]
        if not kept:
            field.widget = forms.MultipleHiddenInput()

    def clean_further(self) -> Region | None:
        words = plain(self.cleaned_data["further"])
        if not words:
            return None
        found = regions_meant(words)
        exact = [row for row in found if row.name.casefold() == words.casefold()] or found
        if len(exact) == 1:
            return exact[0]
        if not exact:
            raise ValidationError(_("No region is called so. Try the name of the city or regency."))
        raise ValidationError(
            gettext("Several regions are meant: %(regions)s. Type one of them with its code.")
            % {"regions": ", ".join(region_label(row) for row in exact)}
        )


class BorrowingRulePage(DeskPage):
    """The office's rule, to look at for everybody at the desk, to be changed by who keeps its agreements."""

    def get(self, request: HttpRequest) -> HttpResponse:
        office, rule, kept = self.rule()
        initial = {"loan_limit": 2, "loan_days": 7}
        if rule is not None:
            initial |= {"loan_limit": rule.loan_limit, "loan_days": rule.loan_days, "note": rule.note}
        return self.answer(
            office, rule, RuleForm(kept=kept, initial=initial | {"regions": [r.pk for r in kept]})
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        office, rule, kept = self.rule()
        form = RuleForm(request.POST, kept=kept)
        if not form.is_valid():
            return self.answer(office, rule, form, status=422)
        given = dict(form.cleaned_data)
        regions, further = list(given.pop("regions")), given.pop("further")
        if further is not None:
            regions.append(further)
        try:
            set_borrowing_rule(actor=self.actor, office=office, regions=regions, **given)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(office, rule, form, status=status_of(error))
        messages.success(request, _("The rule is saved. The desk check uses it from now on."))
        return redirect(f"{reverse('work:borrowing_rule')}?kantor={office.pk}")

    def rule(self) -> tuple[Institution, BorrowingRule | None, list[Region]]:
        offices = OfOffice(user=self.request.user).fields["office"].queryset
        wanted = self.request.GET.get("kantor", "")
        chosen = [row for row in offices.order_by("name") if str(row.pk) == wanted] or list(
            offices.order_by("name")[:1]
        )
        rule = BorrowingRule.objects.filter(office=chosen[0]).first()
        return chosen[0], rule, list(rule.regions.order_by("code")) if rule else []

    def answer(
        self, office: Institution, rule: BorrowingRule | None, form: RuleForm, status: int = 200
    ) -> HttpResponse:
        may = bool(roles_toward(self.request.user, office=office.pk) & KEEPS)
        return self.show(
            "admin/agreements/borrowing_rule.html", status, office=office, rule=rule, form=form, may_keep=may
        )


class PermissionForm(OfOffice):
    """Whether something is permitted: which form of cooperation, with whom, on which day, how many."""

    form = forms.ChoiceField(label=_("What"), choices=CooperationForm.choices)
    partner = forms.CharField(
        label=_("With whom"),
        max_length=200,
        help_text=_("Short name, NPSN or name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "institutions"}),
    )
    on = day_field(_("On which day?"))
    quantity = forms.IntegerField(label=_("How many"), required=False, min_value=1, max_value=1_000_000)
    field_order = ("office", "form", "partner", "on", "quantity")


class PermissionPage(DeskPage):
    """Is this permitted, under which agreement and article, within which limit: in words, one press from the work."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET
        today = clock.today()
        given = {
            "office": asked.get("kantor") or OfOffice(user=request.user).fields["office"].initial,
            "form": asked.get("form") or CooperationForm.COLLECTION_LOAN,
            "partner": asked.get("mitra", ""),
            "on": asked.get("tanggal") or today.isoformat(),
            "quantity": asked.get("jumlah", ""),
        }
        partner = self.by_key(given["partner"])
        if partner is not None:
            given["partner"] = label_of(partner)
        if not given["partner"]:
            return self.answer(PermissionForm(user=request.user, initial=given))
        form = PermissionForm(given, user=request.user)
        if not form.is_valid():
            return self.answer(form)
        if partner is None:
            partner = self.by_words(form)
        if partner is None:
            return self.answer(form)
        cleaned = form.cleaned_data
        permit = permission(
            form=cleaned["form"],
            office=cleaned["office"],
            partner=partner,
            on=cleaned["on"],
            quantity=cleaned["quantity"],
        )
        visible = permit.agreement is not None and bool(
            type(permit.agreement).objects.visible_to(request.user).filter(pk=permit.agreement.pk)
        )
        return self.answer(form, permit=permit, partner=partner, agreement_visible=visible)

    def by_key(self, given: str) -> Institution | None:
        try:
            return Institution.objects.visible_to(self.request.user).filter(pk=given).first()
        except ValidationError:
            return None

    def by_words(self, form: PermissionForm) -> Institution | None:
        try:
            found = institutions_meant(
                Institution.objects.visible_to(self.request.user), plain(form.cleaned_data["partner"])
            )
        except DomainError:
            found = []
        if len(found) == 1:
            return found[0]
        if not found:
            form.add_error("partner", _("No institution of the directory is called so."))
        else:
            form.add_error(
                "partner",
                gettext("Several are meant: %(names)s. Type one of them whole.")
                % {"names": "; ".join(label_of(row) for row in found)},
            )
        return None

    def answer(self, form: PermissionForm, **more: Any) -> HttpResponse:
        # A question put wrongly is no error of the reader's: the page asks again.
        return self.show("admin/agreements/permission.html", form=form, **more)
