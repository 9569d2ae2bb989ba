"""Titles and copies, for librarians (D3)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.errors import DomainError
from libraries.access import access_of
from libraries.admin.base import DeskAdmin, VersionedForm
from libraries.catalogue.choices import Material
from libraries.catalogue.models import Copy, Title
from libraries.catalogue.services.registering import (
    COPY_FIELDS,
    MAY_CATALOGUE,
    TITLE_FIELDS,
    checked_isbn,
    keep_copy,
    keep_title,
    prepare_copy,
    prepare_title,
)
from libraries.desk import refuse
from libraries.models import Institution


class TitleForm(VersionedForm):
    authors = SimpleArrayField(
        forms.CharField(max_length=200),
        delimiter="\n",
        required=False,
        label=_("Authors"),
        help_text=_("One to a line, family name first: Koto, Yenni"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    subjects = SimpleArrayField(
        forms.CharField(max_length=200),
        delimiter="\n",
        required=False,
        label=_("Subjects"),
        help_text=_("One to a line."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    # Whoever says nothing describes a book.
    material = forms.ChoiceField(
        choices=Material.choices, required=False, initial=Material.BOOK, label=_("Material")
    )
    isbn = forms.CharField(
        max_length=20,
        required=False,
        label=_("ISBN"),
        help_text=_("With or without hyphens; 10 or 13 digits."),
    )

    class Meta:
        model = Title
        fields = TITLE_FIELDS
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "subtitle": forms.Textarea(attrs={"rows": 2}),
            "responsibility": forms.Textarea(attrs={"rows": 2}),
        }

    def clean_material(self) -> str:
        return self.cleaned_data["material"] or Material.BOOK

    def clean_isbn(self) -> str:
        try:
            return checked_isbn(self.cleaned_data["isbn"])
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        try:
            prepare_title(title=self.instance)
        except DomainError as error:
            refuse(self, error)


@admin.register(Title)
class TitleAdmin(DeskAdmin):
    """One entry per title, whichever libraries hold it: librarians of every office keep it together."""

    adding = changing = MAY_CATALOGUE
    form = TitleForm
    list_display = ("name", "author_line", "year", "ddc", "reading_level", "copy_count")
    list_filter = ("reading_level", "material", "is_demo")
    search_fields = ("title", "authors", "isbn")
    search_help_text = _("Words of the title, an author or an ISBN")
    fieldsets = (
        (None, {"fields": ("title", "subtitle", "part", "authors", "responsibility", "seen_version")}),
        (
            _("Where and when it appeared"),
            {"fields": ("publisher", "place", "year", "edition", "series", "isbn")},
        ),
        (
            _("What it is about, and for whom"),
            {"fields": ("ddc", "subjects", "reading_level", "material", "language", "extent")},
        ),
        (_("Where the description comes from"), {"fields": ("control_number",), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Title]":
        rows = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.url_name == "catalogue_title_changelist":
            rows = rows.annotate(copies_known=Count("copies"))
        return rows

    @admin.display(description=_("title"), ordering="title")
    def name(self, obj: Title) -> str:
        return f"{obj.title}, {obj.part}" if obj.part else obj.title

    @admin.display(description=_("authors"))
    def author_line(self, obj: Title) -> str:
        return obj.author_line

    @admin.display(description=_("copies"), ordering="copies_known")
    def copy_count(self, obj: Any) -> int:
        return int(getattr(obj, "copies_known", 0))

    def save_model(self, request: HttpRequest, obj: Title, form: Any, change: bool) -> None:
        keep_title(title=obj, actor=request.user)
        self.require_in_scope(request, obj)


class CopyForm(forms.ModelForm):
    class Meta:
        model = Copy
        fields = ("title", "owner", *COPY_FIELDS)

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        try:
            prepare_copy(copy=self.instance)
        except DomainError as error:
            refuse(self, error)


@admin.register(Copy)
class CopyAdmin(DeskAdmin):
    """Copies of one's own library, and those of others that one's library holds now. Where a copy is can only be read here."""

    adding = changing = MAY_CATALOGUE
    form = CopyForm
    list_display = ("barcode", "title", "call_number", "place", "holder", "condition")
    list_filter = ("place", "condition", "may_travel", "owner")
    list_select_related = ("title", "holder")
    search_fields = ("=barcode", "=accession_number", "title__title")
    search_help_text = _("Barcode, accession number or words of the title")
    autocomplete_fields = ("title",)
    readonly_fields = ("place", "holder", "placed_at", "rests_since")
    fieldsets = (
        (None, {"fields": ("title", "owner", "barcode", "accession_number")}),
        (_("On the shelf"), {"fields": ("call_number", "location", "condition", "may_travel")}),
        (_("How it came"), {"fields": ("acquired_on", "price")}),
        (_("Where it is now"), {"fields": ("place", "holder", "placed_at", "rests_since")}),
    )

    def keeper(self, obj: Copy) -> UUID | None:
        owner: UUID = obj.owner_id
        return owner

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Most librarians work for one library: it stands there already."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        own = access_of(request.user).having(MAY_CATALOGUE)
        return {"owner": own[0], **initial} if len(own) == 1 else initial

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else fieldsets[:-1]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "owner") if obj else self.readonly_fields

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "owner":
            access = access_of(request.user)
            offices = Institution.objects.offices()
            kwargs["queryset"] = (
                offices if access.everything else offices.filter(pk__in=access.having(MAY_CATALOGUE))
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Copy, form: Any, change: bool) -> None:
        keep_copy(copy=obj, actor=request.user)
        self.require_in_scope(request, obj)
