"""Institutions with their people and closed days, and the list of regions (D1)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from libraries.admin.base import OFFICERS, DeskAdmin, DeskInline, VersionedForm
from libraries.admin.region_import import RegionImport
from libraries.choices import ServiceKind
from libraries.hours import WEEKDAYS
from libraries.identifiers import plain_isil, plain_number
from libraries.models import Closure, Institution, Person, Region
from libraries.services.directory import free_slug


class InstitutionForm(VersionedForm):
    closed_weekdays = forms.TypedMultipleChoiceField(
        label=_("Closed every"),
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Deliveries are never planned on these days."),
    )

    services = forms.MultipleChoiceField(
        label=_("Services"),
        choices=ServiceKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What visitors and partners find there."),
    )

    class Meta:
        model = Institution
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, plain in (("npsn", plain_number), ("npp", plain_number), ("isil", plain_isil)):
            if cleaned.get(name):
                cleaned[name] = plain(cleaned[name])
        if not cleaned.get("slug") and cleaned.get("name"):
            cleaned["slug"] = free_slug(cleaned["name"])
        return cleaned


class ClosureInline(DeskInline):
    model = Closure
    fields = ("starts_on", "ends_on", "reason")


@admin.register(Institution)
class InstitutionAdmin(DeskAdmin):
    """Offices keep the whole directory; an office's own entry is changed by its own people only."""

    adding = changing = OFFICERS
    form = InstitutionForm
    inlines = (ClosureInline,)
    work_page = "work:partner"
    list_display = ("name", "kind", "city", "phone", "office_mark", "is_listed", "is_active")
    list_filter = ("kind", "is_office", "is_listed", "is_active", "city")
    search_fields = ("name", "short_name", "npsn", "npp", "isil", "city")
    search_help_text = _("Name, NPSN, NPP or city")
    autocomplete_fields = ("parent", "region")
    fieldsets = (
        (None, {"fields": ("name", "short_name", "kind", "parent", "seen_version")}),
        (
            _("Where and how to reach it"),
            {"fields": ("address", "city", "region", "phone", "email", "website", "latitude", "longitude")},
        ),
        (_("Numbers it is known by"), {"fields": ("npsn", "npp", "isil", "slug"), "classes": ("collapse",)}),
        (_("What it offers"), {"fields": ("services",)}),
        (_("When it is open"), {"fields": ("closed_weekdays", "zone")}),
        (_("As an office of this system"), {"fields": ("is_office", "letterhead"), "classes": ("collapse",)}),
        (None, {"fields": ("is_listed", "is_active")}),
    )

    @admin.display(description=_("works with this system"), boolean=True, ordering="is_office")
    def office_mark(self, obj: Institution) -> bool:
        return obj.is_office

    def keeper(self, obj: Institution) -> UUID | None:
        return obj.pk if obj.is_office and not obj._state.adding else None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "slug" in form.base_fields:
            form.base_fields["slug"].required = False
            form.base_fields["slug"].help_text = _(
                "Part of its public address. Made from the name when left empty."
            )
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Whether an institution is an office decides who may do what; that is for the installation's keeper."""
        return () if request.user.is_superuser else ("is_office",)


@admin.register(Person)
class PersonAdmin(DeskAdmin):
    """To look people up; they are kept on the page of their institution, where consent and erasing have their own steps."""

    work_page = "work:contact"
    list_display = ("name", "function", "position", "institution", "phone", "email", "signs")
    list_filter = ("function", "signs", "show_publicly", "institution__kind")
    list_select_related = ("institution",)
    search_fields = ("name", "position", "institution__name")
    search_help_text = _("Name, position or institution")
    fields = (
        "institution",
        "name",
        "function",
        "position",
        "phone",
        "email",
        "signs",
        "show_publicly",
        "keep_until",
    )

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Person]":
        return super().get_queryset(request).select_related("institution")


@admin.register(Closure)
class ClosureAdmin(DeskAdmin):
    """Closed days move planned deliveries; what is already planned is moved from the programme's page."""

    adding = changing = deleting = OFFICERS
    list_display = ("reason", "starts_on", "ends_on", "institution", "scope")
    list_select_related = ("institution",)
    list_filter = ("scope", "starts_on")
    search_fields = ("reason", "institution__name")
    search_help_text = _("Reason or institution")
    autocomplete_fields = ("institution",)
    fields = ("reason", "starts_on", "ends_on", "institution", "scope")

    def keeper(self, obj: Closure) -> UUID | None:
        return obj.institution_id if obj.institution and obj.institution.is_office else None


@admin.register(Region)
class RegionAdmin(DeskAdmin):
    """A list of the state; it is read from its file and never typed."""

    list_display = ("name", "code", "level", "parent")
    list_select_related = ("parent",)
    list_filter = ("level",)
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    ordering = ("code",)
    change_list_template = "admin/libraries/region_list.html"

    def get_urls(self) -> list[URLPattern]:
        importing = self.admin_site.admin_view(RegionImport.as_view())
        return [path("impor/", importing, name="libraries_region_import"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        link = reverse("admin:libraries_region_import") if self.may(request, OFFICERS) else ""
        return super().changelist_view(request, {"import_url": link, **(extra_context or {})})
