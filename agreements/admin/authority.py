"""May we sign this? The answer in one sentence, the way that is open instead, and the rows it rests on (A4)."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.admin.fields import KEEPERS
from agreements.choices import AgreementKind
from agreements.models import SigningAuthority
from agreements.services.authority import may_sign, record_authority, revise_authority
from kerjasama.domain import clock
from libraries.desk import ActPage, DeskPage, day_field
from libraries.models import Institution


class QuestionForm(forms.Form):
    lembaga = forms.ModelChoiceField(
        label=gettext_lazy("Who would sign?"), queryset=Institution.objects.none()
    )
    jenis = forms.ChoiceField(label=gettext_lazy("What?"), choices=AgreementKind.choices)
    tanggal = day_field(gettext_lazy("On which day?"))
    mitra = forms.ModelChoiceField(
        label=gettext_lazy("With whom?"),
        queryset=Institution.objects.none(),
        required=False,
        empty_label=gettext_lazy("Any partner"),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Institution.objects.visible_to(user).filter(is_active=True).order_by("name")
        for name in ("lembaga", "mitra"):
            self.fields[name].queryset = seen


class AuthorityForm(forms.ModelForm):
    starts_on = day_field(gettext_lazy("From"))
    ends_on = day_field(
        gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: until further notice.")
    )

    class Meta:
        model = SigningAuthority
        fields = ("institution", "kind", "starts_on", "ends_on", "basis")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day cannot be before the first."))
        return cleaned


class Authority(DeskPage):
    """The question, its answer, and the table."""

    def get(self, request: HttpRequest) -> HttpResponse:
        offices = self.access.offices
        initial = {"lembaga": offices[0] if offices else None, "jenis": "pks", "tanggal": clock.today()}
        asked = "lembaga" in request.GET
        form = QuestionForm(request.GET if asked else None, user=request.user, initial=initial)
        answer = facts = None
        if asked and form.is_valid():
            facts = form.cleaned_data
            answer = may_sign(
                institution=facts["lembaga"],
                kind=facts["jenis"],
                on=facts["tanggal"],
                partner=facts["mitra"],
            )
        return self.show(
            "admin/agreements/authority.html",
            form=form,
            answer=answer,
            facts=facts,
            may_keep=self.may_keep(),
            page_obj=self.page_of(SigningAuthority.objects.visible_to(request.user).for_list()),
            today=clock.today(),
        )

    def may_keep(self) -> bool:
        return self.access.everything or bool(self.access.having(KEEPERS))


class AuthorityAct(ActPage):
    form_class = AuthorityForm

    def back(self) -> str:
        return reverse("work:authority")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("May we sign this?"), self.back())]

    def require_keeper(self) -> None:
        if not self.access.everything and not self.access.having(SigningAuthority.KEEPERS):
            raise PermissionDenied

    def label(self) -> str:
        return _("Save")


class AuthorityAdd(AuthorityAct):
    def subject_of(self, **kwargs: Any) -> Any:
        self.require_keeper()
        return None

    def make_form(self, *data: Any) -> forms.ModelForm:
        return AuthorityForm(*data)

    def title(self) -> str:
        return _("Record who may sign")

    def text(self) -> str:
        return _("A row for each kind, with the days between which it holds and the regulation it rests on.")

    def act(self, cleaned: dict[str, Any]) -> str:
        record_authority(actor=self.actor, **cleaned)
        return _("It is recorded.")


class AuthorityEdit(AuthorityAct):
    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        row = self.find(SigningAuthority.objects.for_list(), pk)
        self.require_keeper()
        return row

    def make_form(self, *data: Any) -> forms.ModelForm:
        # A copy of the row: the form writes into it, and the service must see the saved one.
        return AuthorityForm(*data, instance=SigningAuthority.objects.get(pk=self.subject.pk))

    def title(self) -> str:
        return _("Put right, or end: %(row)s") % {"row": self.subject}

    def text(self) -> str:
        return _("To end it, write its last day. What was signed before stays valid.")

    def act(self, cleaned: dict[str, Any]) -> str:
        revise_authority(authority=self.subject, actor=self.actor, **cleaned)
        return _("Saved.")
