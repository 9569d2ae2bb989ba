"""The office: how it numbers its papers, which papers it issued, and what became of its mails."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kerjasama.domain import clock, numbering
from kerjasama.domain.errors import DomainError
from kerjasama.pages.templatetags.house import moment
from libraries.admin.base import OFFICERS, DeskAdmin, ReadOnlyAdmin
from libraries.choices import MessageStatus
from libraries.emails import headline
from libraries.models import Document, DocumentView, Message, Notice, NumberPattern
from libraries.services.messages import send_again


class NumberPatternForm(forms.ModelForm):
    class Meta:
        model = NumberPattern
        fields = ("institution", "kind", "pattern", "code", "unit", "resets_yearly")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("pattern"):
            try:
                numbering.validate(cleaned["pattern"], restarts_yearly=bool(cleaned.get("resets_yearly")))
            except DomainError as error:
                self.add_error("pattern", str(error.message))
        return cleaned


@admin.register(NumberPattern)
class NumberPatternAdmin(DeskAdmin):
    adding = changing = OFFICERS
    form = NumberPatternForm
    list_display = ("kind", "institution", "pattern", "example", "resets_yearly")
    list_display_links = ("kind", "pattern")
    list_select_related = ("institution",)
    list_filter = ("kind",)

    @admin.display(description=_("For example"))
    def example(self, obj: NumberPattern) -> str:
        try:
            return numbering.expand(obj.pattern, number=7, on=clock.today(), code=obj.code, unit=obj.unit)
        except DomainError as error:
            return str(error.message)

    def keeper(self, obj: NumberPattern) -> UUID | None:
        return obj.institution_id

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "institution":
            rows = db_field.remote_field.model.objects.visible_to(request.user).offices()
            kwargs["queryset"] = rows
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ViewsInline(admin.TabularInline):
    """Who opened the paper, and when (A8). Only ever written by opening it."""

    model = DocumentView
    fields = readonly_fields = ("reader", "opened")
    extra = 0
    can_delete = False
    verbose_name_plural = _("opened by")

    @admin.display(description=_("Reader"))
    def reader(self, obj: DocumentView) -> str:
        return str(obj.user)

    @admin.display(description=_("Opened on"))
    def opened(self, obj: DocumentView) -> str:
        return moment(obj.at)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[DocumentView]":
        return super().get_queryset(request).select_related("user")


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ("number", "title", "kind", "recipient", "issued_on", "status", "pdf")
    list_select_related = ("recipient",)
    list_filter = ("kind", "status", "issued_on")
    search_fields = ("number", "title", "recipient__name", "verify_code")
    search_help_text = _("Number, title, recipient or verification code")
    date_hierarchy = "issued_on"
    inlines = (ViewsInline,)
    fields = (
        "number",
        "title",
        "kind",
        "status",
        "issuer",
        "recipient",
        "issued_on",
        "made_by",
        "item_count",
        "verify_code",
        "pdf",
    )

    @admin.display(description=_("Made by"))
    def made_by(self, obj: Document) -> str:
        return str(obj.issued_by or "–")

    @admin.display(description=_("PDF"))
    def pdf(self, obj: Document) -> str:
        return format_html('<a href="{}">{}</a>', reverse("document", args=[obj.pk]), gettext("Open the PDF"))


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What institutions were told; in the list because librarians are asked “did you write to us?”."""

    list_display = ("sentence", "recipient", "due_on", "tone", "created_at", "settled")
    list_display_links = ("sentence",)
    list_select_related = ("recipient",)
    list_filter = ("tone", "rule")
    search_fields = ("recipient__name",)
    search_help_text = _("Recipient")
    fields = ("sentence", "recipient", "sender", "due_on", "tone", "path", "created_at", "settled_at")

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Notice]":
        return super().get_queryset(request).select_related("recipient", "sender")

    @admin.display(description=_("Notice"))
    def sentence(self, obj: Notice) -> str:
        return headline(obj)

    @admin.display(description=_("settled"), boolean=True)
    def settled(self, obj: Notice) -> bool:
        return obj.settled_at is not None


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """The outbox. A mail that failed, or that may have been sent, goes out again when a person says so."""

    list_display = ("address", "user", "about", "status", "attempts", "created_at", "sent_at")
    list_display_links = ("address",)
    list_select_related = ("user",)
    list_filter = ("status", "template")
    search_fields = ("address", "user__name")
    search_help_text = _("Address or name")
    change_form_template = "admin/libraries/message.html"
    fields = (
        "address",
        "user",
        "status",
        "attempts",
        "created_at",
        "waits_until",
        "sent_at",
        "last_error",
        "about",
    )

    @admin.display(description=_("Kind of mail"), ordering="template")
    def about(self, obj: Message) -> str:
        return obj.template

    @admin.display(description=_("Not before"))
    def waits_until(self, obj: Message) -> str:
        return moment(obj.not_before)

    def get_urls(self) -> list[URLPattern]:
        again = self.admin_site.admin_view(require_POST(self.again))
        return [path("<uuid:pk>/kirim-ulang/", again, name="libraries_message_again"), *super().get_urls()]

    def again(self, request: HttpRequest, pk: UUID) -> HttpResponseRedirect:
        message = get_object_or_404(self.get_queryset(request), pk=pk)
        try:
            send_again(message=message, actor=request.user)
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, gettext("The message waits to be sent again."))
        return HttpResponseRedirect(reverse("admin:libraries_message_change", args=[pk]))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        stuck = self.get_queryset(request).filter(
            pk=object_id, status__in=[MessageStatus.FAILED, MessageStatus.UNSURE]
        )
        return super().change_view(
            request, object_id, form_url, {"stuck": stuck.exists(), **(extra_context or {})}
        )
