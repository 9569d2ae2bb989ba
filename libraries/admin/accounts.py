"""Accounts and their roles. Every change goes through the service that knows how far an administrator reaches."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from libraries.access import access_of
from libraries.admin.base import ADMINISTRATORS, DeskAdmin
from libraries.choices import Role
from libraries.desk import ActPage, day_field
from libraries.models import Institution, Membership, User
from libraries.services.accounts import (
    create_account,
    end_role,
    forget_second_factor,
    grant_role,
    may_change_account,
    places_of,
    revise_account,
)


def open_places_of(user: Any) -> "models.QuerySet[Institution]":
    """Institutions in which the user may give roles now."""
    return places_of(user).filter(is_active=True)


class RoleForm(forms.Form):
    institution = forms.ModelChoiceField(
        label=_("Institution"), queryset=Institution.objects.none(), help_text=_("Where this person works.")
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=Role.choices, help_text=_("At a school, the role is always school contact.")
    )
    starts_on = day_field(_("Role begins"), required=False, help_text=_("Leave empty: from today."))
    ends_on = day_field(_("Role ends"), required=False, help_text=_("Leave empty: without end."))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].queryset = open_places_of(user)


class NewAccountForm(RoleForm):
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("With titles, as it stands in letters.")
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("The code for signing in is sent there. No password has to be thought of."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("id", _("Indonesian")), ("en", _("English"))])
    field_order = ("name", "email", "institution", "role", "language", "starts_on", "ends_on")


class AccountPage(ActPage):
    """What the three pages below share. Whoever is no administrator gets 403."""

    def subject_of(self, **kwargs: Any) -> Any:
        if not self.access.everything and not self.access.having(ADMINISTRATORS):
            raise PermissionDenied
        return self.account_of(**kwargs)

    def account_of(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    def make_form(self, *data: Any) -> forms.Form:
        return self.form_class(*data, user=self.request.user)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Accounts"), reverse("admin:libraries_user_changelist"))]


class AccountNew(AccountPage):
    form_class = NewAccountForm

    def account_of(self) -> None:
        return None

    def title(self) -> str:
        return gettext("New account")

    def label(self) -> str:
        return gettext("Make the account and tell its owner")

    def text(self) -> str:
        return gettext("The person gets a mail that explains how to sign in by a code.")

    def back(self) -> str:
        return reverse("admin:libraries_user_changelist")

    def act(self, cleaned: dict[str, Any]) -> str:
        account = create_account(actor=self.actor, **cleaned)
        return gettext("%(name)s now has an account. A mail to %(email)s is on its way.") % {
            "name": account.name,
            "email": account.email,
        }


class RoleNew(AccountPage):
    form_class = RoleForm

    def account_of(self, pk: UUID) -> User:
        return get_object_or_404(accounts_of(self.request.user), pk=pk)

    def title(self) -> str:
        return gettext("Give %(name)s a role") % {"name": self.subject}

    def label(self) -> str:
        return gettext("Give the role")

    def back(self) -> str:
        return reverse("admin:libraries_user_change", args=[self.subject.pk])

    def act(self, cleaned: dict[str, Any]) -> str:
        row = grant_role(actor=self.actor, account=self.subject, **cleaned)
        return gettext("%(name)s is now %(role)s at %(institution)s.") % {
            "name": self.subject,
            "role": row.get_role_display(),
            "institution": row.institution,
        }


class RoleEnd(AccountPage):
    kind = "danger-solid"

    def account_of(self, pk: UUID) -> Membership:
        return get_object_or_404(
            memberships_of(self.request.user).select_related("user", "institution"), pk=pk
        )

    def make_form(self, *data: Any) -> forms.Form:
        return forms.Form(*data)

    def title(self) -> str:
        return gettext("End the role of %(name)s") % {"name": self.subject.user}

    def label(self) -> str:
        return gettext("End the role today")

    def text(self) -> str:
        return gettext(
            "%(name)s can then no longer work as %(role)s of %(institution)s. The history stays."
        ) % {
            "name": self.subject.user,
            "role": self.subject.get_role_display(),
            "institution": self.subject.institution,
        }

    def back(self) -> str:
        return reverse("admin:libraries_user_change", args=[self.subject.user_id])

    def act(self, cleaned: dict[str, Any]) -> str:
        end_role(actor=self.actor, membership=self.subject)
        return gettext("The role has ended.")


class SecondFactorReset(AccountPage):
    """For who lost the telephone and the recovery codes."""

    kind = "danger-solid"

    def account_of(self, pk: UUID) -> User:
        return get_object_or_404(accounts_of(self.request.user), pk=pk)

    def make_form(self, *data: Any) -> forms.Form:
        return forms.Form(*data)

    def title(self) -> str:
        return gettext("Reset the second step of %(name)s?") % {"name": self.subject}

    def label(self) -> str:
        return gettext("Reset the second step")

    def text(self) -> str:
        return gettext(
            "For a lost telephone. Make sure that it is really this person who asks; a new second step is set up at the "
            "next sign-in."
        )

    def back(self) -> str:
        return reverse("admin:libraries_user_change", args=[self.subject.pk])

    def act(self, cleaned: dict[str, Any]) -> str:
        forget_second_factor(actor=self.actor, account=self.subject)
        return gettext("The second step is reset.")


def memberships_of(user: Any) -> "models.QuerySet[Membership]":
    """Roles that an administrator keeps."""
    if access_of(user).everything:
        return Membership.objects.all()
    if not access_of(user).having(ADMINISTRATORS):
        return Membership.objects.none()
    return Membership.objects.filter(institution__in=places_of(user))


def accounts_of(user: Any) -> "models.QuerySet[User]":
    """Accounts with a role in the reach of an administrator."""
    if access_of(user).everything:
        return User.objects.all()
    return User.objects.filter(pk__in=memberships_of(user).values("user"))


@admin.register(User)
class UserAdmin(DeskAdmin):
    reading = changing = adding = ADMINISTRATORS
    list_display = ("name", "email", "role_words", "last_login", "is_active")
    list_filter = ("is_active", "memberships__role")
    search_fields = ("name", "email", "username")
    search_help_text = _("Name or e-mail")
    fields = ("name", "email", "language", "is_active", "roles", "last_login", "username")
    readonly_fields = ("roles", "last_login", "username")
    change_form_template = "admin/libraries/account.html"

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[User]":
        return accounts_of(request.user).prefetch_related("memberships__institution").order_by("name")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or may_change_account(request.user, obj)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("add/", view(AccountNew.as_view()), name="libraries_user_add"),
            path("<uuid:pk>/langkah-kedua/", view(SecondFactorReset.as_view()), name="libraries_user_factor"),
            path("<uuid:pk>/peran/", view(RoleNew.as_view()), name="libraries_user_role"),
            path("peran/<uuid:pk>/akhiri/", view(RoleEnd.as_view()), name="libraries_membership_end"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The next account begins on its own page, with its own questions."""
        context = {"show_save_and_add_another": False, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Only what was changed goes to the service; the form has checked that the address is free."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
        if changes:
            revise_account(actor=request.user, account=obj, **changes)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "is_active" in form.base_fields:
            form.base_fields["is_active"].help_text = _(
                "Without the tick nobody can sign in with this account."
            )
        return form

    @admin.display(description=_("roles"))
    def role_words(self, obj: User) -> str:
        return ", ".join(f"{row.get_role_display()} ({row.institution})" for row in current_roles(obj)) or "–"

    @admin.display(description=_("roles"))
    def roles(self, obj: User) -> str:
        rows = [
            (
                row.get_role_display(),
                row.institution,
                format_html(
                    ' · <a href="{}">{}</a>',
                    reverse("admin:libraries_membership_end", args=[row.pk]),
                    gettext("End"),
                ),
            )
            for row in current_roles(obj)
        ]
        return format_html_join("", "<p>{}, {}{}</p>", rows) or gettext(
            "No role now: this account opens nothing."
        )


def current_roles(account: User) -> list[Membership]:
    """From the rows already fetched: those that hold today or will."""
    today = clock.today()
    return [row for row in account.memberships.all() if row.ends_on is None or row.ends_on >= today]
