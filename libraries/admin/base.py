"""What every record page of the admin stands on: scope, rights from roles, stale forms, and the history of a record.

Upper apps register their models with these classes too. Closed by default: a class that names no roles can only be read,
and only by people who work at a desk.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from libraries.access import access_of
from libraries.admin.history import history_of
from libraries.choices import OFFICE_ROLES, Role

OFFICERS = frozenset({Role.OFFICER, Role.HEAD, Role.ADMINISTRATOR})
CIRCULATION = frozenset({Role.CIRCULATION, Role.OFFICER, Role.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


class DeskAdmin(admin.ModelAdmin):
    """A record page. ``reading``, ``adding``, ``changing`` and ``deleting`` name the roles that may.

    ``work_page`` is the URL name of the page where the record's life is led, when it has one of its own.
    """

    reading: Collection[str] = OFFICE_ROLES
    adding: Collection[str] = frozenset()
    changing: Collection[str] = frozenset()
    deleting: Collection[str] = frozenset()
    work_page = ""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    change_form_template = "admin/desk_change_form.html"
    object_history_template = "admin/desk_history.html"

    def keeper(self, obj: Any) -> UUID | None:
        """The institution whose people may change ``obj``; None when any office may."""
        return None

    def may(self, request: HttpRequest, roles: Collection[str], obj: Any = None) -> bool:
        access = access_of(request.user)
        if access.everything:
            return bool(roles)
        places = access.having(roles) if roles else []
        if not places:
            return False
        keeper = self.keeper(obj) if obj is not None else None
        return keeper is None or keeper in places

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.reading)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.reading)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.adding)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.changing, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.deleting, obj)

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Any]":
        return scoped(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A choice offers, and accepts, only what the user may see."""
        if "queryset" not in kwargs:
            kwargs["queryset"] = scoped(db_field.remote_field.model._default_manager.all(), request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self.require_in_scope(request, obj)

    def require_in_scope(self, request: HttpRequest, obj: Any) -> None:
        """What was saved must still be the user's to see, or the whole save is rolled back."""
        keeper = self.keeper(obj)
        inside = self.get_queryset(request).filter(pk=obj.pk).exists()
        if not inside or (keeper is not None and not self.may(request, self.changing or self.adding, obj)):
            raise PermissionDenied

    def work_url(self, obj: Any) -> str:
        return reverse(self.work_page, args=[obj.pk]) if self.work_page else ""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        obj = self.get_object(request, object_id) if self.work_page else None
        # An id that nothing has is Django's to answer.
        context = {"work_url": self.work_url(obj) if obj else ""}
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed what, when and from where: the rows that the database itself kept."""
        obj = get_object_or_404(self.get_queryset(request), pk=self.model._meta.pk.to_python(object_id))
        changes = history_of(obj) if hasattr(obj, "audit_trail") else []
        return super().history_view(
            request,
            object_id,
            {"changes": changes, "title": _("History of %(name)s") % {"name": obj}, **(extra_context or {})},
        )


class ReadOnlyAdmin(DeskAdmin):
    """A record whose state belongs to services: it can be looked at, its history too, and nothing else.

    Shown are the fields that somebody gave words for people; the others are the machinery's.
    """

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        named = [field.name for field in self.model._meta.fields if field._verbose_name is not None]
        return self.fields or named

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return list(self.get_fields(request, obj))


class DeskInline(admin.TabularInline):
    """Rows inside a record; whoever may change the record may change them."""

    extra = 0
    parent_admin_roles: Collection[str] = frozenset()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access_of(request.user).is_office

    def _may(self, request: HttpRequest, obj: Any) -> bool:
        parent = self.admin_site._registry[self.parent_model]
        return bool(parent.has_change_permission(request, obj))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)


class VersionedForm(forms.ModelForm):
    """A form that notices when somebody else has saved since it was opened: it says what, and keeps what was typed.

    The row is locked while it is compared (the admin saves in one transaction), so of two saves at once one is told.
    """

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False, label="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance._state.adding:
            self.fields["seen_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seen = cleaned.get("seen_version")
        if self.instance._state.adding or seen is None:
            return cleaned
        saved = type(self.instance)._default_manager.select_for_update().get(pk=self.instance.pk)
        if saved.version != seen:
            # A second press of the button means: I have read it, mine shall stand.
            self.data = self.data.copy()
            self.data[self.add_prefix("seen_version")] = str(saved.version)
            theirs = differences(self, saved)
            raise forms.ValidationError(
                _(
                    "Somebody else has saved this record while you were writing. It now says: %(theirs)s. "
                    "What you typed is still here; save again to replace theirs."
                )
                % {"theirs": "; ".join(theirs) or _("the same as yours")},
                code="stale",
            )
        self.instance.version = saved.version + 1
        return cleaned


def differences(form: forms.ModelForm, saved: Any) -> list[str]:
    """Fields in which the saved row differs from what was typed, as “label: saved value”."""
    found = []
    for name, field in form.fields.items():
        if (
            name in form.cleaned_data
            and hasattr(saved, name)
            and getattr(saved, name) != form.cleaned_data[name]
        ):
            display = getattr(saved, f"get_{name}_display", None)
            value = display() if display else getattr(saved, name)
            found.append(f"{field.label}: {value if value not in (None, '') else '–'}")
    return found


def scoped(rows: "models.QuerySet[Any]", user: Any) -> "models.QuerySet[Any]":
    """``rows`` cut to what ``user`` may see, where the model knows how to."""
    visible_to = getattr(rows, "visible_to", None)
    return visible_to(user) if visible_to else rows


EMPTY = gettext_lazy("–")
