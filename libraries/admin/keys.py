"""API keys: made here, shown once, revoked here."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.errors import DomainError
from libraries.admin.base import ADMINISTRATORS, ReadOnlyAdmin
from libraries.desk import ActPage, DeskPage, refuse, status_of
from libraries.models import ApiToken
from libraries.models.token import ApiTokenQuerySet
from libraries.services.tokens import issue_token, revoke_token

LIFETIMES = [(30, _("30 days")), (90, _("90 days")), (365, _("One year"))]


def nouns() -> list[str]:
    """What the API has. Asked for when a page needs it: loading the API with the admin would load all its views first."""
    from kerjasama.api import routing

    return routing.nouns()


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("What is it for?"), max_length=80, help_text=_("For example: SLiMS of the city library.")
    )
    days = forms.TypedChoiceField(
        label=_("How long does it hold?"), choices=LIFETIMES, coerce=int, initial=365
    )
    everything = forms.BooleanField(label=_("It may read everything that I may see"), required=False)
    reads = forms.MultipleChoiceField(
        label=_("It may read"), widget=forms.CheckboxSelectMultiple, required=False
    )
    writes = forms.MultipleChoiceField(
        label=_("It may read and change"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Only what you may change yourself."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(noun, noun) for noun in nouns()]
        self.fields["reads"].choices = choices
        self.fields["writes"].choices = choices

    def scopes(self) -> list[str]:
        given = self.cleaned_data
        return [
            *(["*:read"] if given["everything"] else []),
            *(f"{noun}:read" for noun in given["reads"]),
            *(f"{noun}:write" for noun in given["writes"]),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.scopes():
            self.add_error("reads", _("Choose at least one thing that the key may do."))
        return cleaned


class KeyNew(DeskPage):
    """The secret is shown on the answer to the form and nowhere else: it is not stored, and not in any address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self._require_role()
        return self.answer(KeyForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        self._require_role()
        form = KeyForm(request.POST)
        if not form.is_valid():
            return self.answer(form, status=422)
        try:
            secret = issue_token(
                user=request.user,
                name=form.cleaned_data["name"],
                scopes=form.scopes(),
                nouns=nouns(),
                valid_for=timedelta(days=form.cleaned_data["days"]),
            )
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(form, status=status_of(error))
        response = self.answer(None, name=form.cleaned_data["name"], secret=secret)
        response["Cache-Control"] = "no-store"
        return response

    def _require_role(self) -> None:
        if not self.access.everything and not self.access.having(ADMINISTRATORS):
            raise PermissionDenied

    def answer(self, form: forms.Form | None, status: int = 200, **context: Any) -> HttpResponse:
        crumbs = [(_("API keys"), reverse("admin:libraries_apitoken_changelist"))]
        return self.show("admin/libraries/key_new.html", status, form=form, crumbs=crumbs, **context)


class KeyRevoke(ActPage):
    kind = "danger-solid"

    def subject_of(self, pk: str) -> ApiToken:
        return self.find(ApiTokenQuerySet(ApiToken), pk)

    def title(self) -> str:
        return gettext("Revoke the key “%(name)s”") % {"name": self.subject.name}

    def label(self) -> str:
        return gettext("Revoke")

    def text(self) -> str:
        return gettext(
            "From now on programs that use this key are refused. This cannot be undone; a new key can be made."
        )

    def back(self) -> str:
        return reverse("admin:libraries_apitoken_changelist")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("API keys"), self.back())]

    def act(self, cleaned: dict[str, Any]) -> str:
        revoke_token(actor=self.actor, token=self.subject)
        return gettext("The key is revoked.")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    reading = ADMINISTRATORS
    adding = ADMINISTRATORS
    list_display = ("name", "user", "scope_words", "created", "expiry", "last_used_at", "revoke_link")
    list_display_links = None
    list_select_related = ("user",)

    def get_queryset(self, request: HttpRequest) -> ApiTokenQuerySet:
        return ApiTokenQuerySet(ApiToken).visible_to(request.user).order_by("-created")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("add/", view(KeyNew.as_view()), name="libraries_apitoken_add"),
            path("<str:pk>/cabut/", view(KeyRevoke.as_view()), name="libraries_apitoken_revoke"),
            *super().get_urls(),
        ]

    @admin.display(description=_("scopes"))
    def scope_words(self, obj: ApiToken) -> str:
        return ", ".join(obj.scopes)

    @admin.display(description="")
    def revoke_link(self, obj: ApiToken) -> str:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:libraries_apitoken_revoke", args=[obj.pk]),
            gettext("Revoke"),
        )
