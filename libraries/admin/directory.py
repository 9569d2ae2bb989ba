"""Institutions with their people and closed days, and the list of regions (D1)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from libraries.admin.base import OFFICERS, DeskAdmin, DeskInline, VersionedForm
from libraries.admin.region_import import RegionImport
from libraries.models import Closure, Institution, Person, Region

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class InstitutionForm(VersionedForm):
    closed_weekdays = forms.TypedMultipleChoiceField(
        label=_("closed every"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Deliveries are never planned on these days."),
    )

    class Meta:
        model = Institution
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("slug") and cleaned.get("name"):
            cleaned["slug"] = free_slug(cleaned["name"], self.instance)
        return cleaned


def free_slug(name: str, instance: Institution) -> str:
    """The address name of an institution, made from its name, with a figure when it is taken."""
    stem = slugify(name)[:70] or "lembaga"
    taken = set(
        Institution.objects.filter(slug__startswith=stem)
        .exclude(pk=instance.pk)
        .values_list("slug", flat=True)
    )
    return next(slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if slug not in taken)


class PersonInline(DeskInline):
    model = Person
    fields = ("name", "position", "nip", "phone", "email", "signs")
    verbose_name_plural = _("people to talk to")


class ClosureInline(DeskInline):
    model = Closure
    fields = ("starts_on", "ends_on", "reason")


@admin.register(Institution)
class InstitutionAdmin(DeskAdmin):
    """Offices keep the whole directory; an office's own entry is changed by its own people only."""

    adding = changing = OFFICERS
    form = InstitutionForm
    inlines = (PersonInline, ClosureInline)
    list_display = ("name", "kind", "city", "phone", "office_mark", "is_active")
    list_filter = ("kind", "is_office", "is_active", "city")
    search_fields = ("name", "short_name", "npsn", "npp", "city")
    search_help_text = _("Name, NPSN, NPP or city")
    autocomplete_fields = ("parent", "region")
    fieldsets = (
        (None, {"fields": ("name", "short_name", "kind", "parent", "seen_version")}),
        (_("Where and how to reach it"), {"fields": ("address", "city", "region", "phone", "email")}),
        (_("Numbers it is known by"), {"fields": ("npsn", "npp", "isil", "slug"), "classes": ("collapse",)}),
        (_("When it is open"), {"fields": ("closed_weekdays", "zone")}),
        (
            _("As an office of this system"),
            {"fields": ("is_office", "letterhead", "latitude", "longitude"), "classes": ("collapse",)},
        ),
        (None, {"fields": ("is_active",)}),
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
    adding = changing = deleting = OFFICERS
    list_display = ("name", "position", "institution", "phone", "email", "signs")
    list_filter = ("signs", "institution__kind")
    list_select_related = ("institution",)
    search_fields = ("name", "position", "institution__name")
    search_help_text = _("Name, position or institution")
    autocomplete_fields = ("institution",)
    fields = ("institution", "name", "position", "nip", "phone", "email", "signs")

    def keeper(self, obj: Person) -> UUID | None:
        return obj.institution_id if obj.institution.is_office else None

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Person]":
        return super().get_queryset(request).select_related("institution")


@admin.register(Closure)
class ClosureAdmin(DeskAdmin):
    """Closed days move planned deliveries; what is already planned is moved from the programme's page."""

    adding = changing = deleting = OFFICERS
    list_display = ("reason", "starts_on", "ends_on", "institution")
    list_select_related = ("institution",)
    list_filter = ("starts_on",)
    search_fields = ("reason", "institution__name")
    search_help_text = _("Reason or institution")
    autocomplete_fields = ("institution",)
    fields = ("reason", "starts_on", "ends_on", "institution")

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
