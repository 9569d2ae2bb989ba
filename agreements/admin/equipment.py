"""Tools that libraries share: the list, one tool with its month, and the bookings (F14)."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.admin.activities import TogetherPage
from agreements.admin.activity_forms import BookingForm, ConditionForm, EquipmentForm, PictureForm
from agreements.admin.activity_wording import BOOKING_ALSO, BOOKING_STEPS
from agreements.choices import BookingStatus
from agreements.lifecycle import BOOKING, RUNS
from agreements.models import Booking, Equipment
from agreements.months import Entry, last_day, month_of, weeks_of
from agreements.services.bookings import (
    cancel_booking,
    confirm_booking,
    decline_booking,
    request_booking,
    take_back_equipment,
)
from agreements.services.equipment import picture_equipment, register_equipment, revise_equipment
from agreements.services.together import roles_of
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError, Sentence
from libraries.access import roles_toward
from libraries.choices import FilePurpose
from libraries.desk import (
    SHEET_ROWS,
    ActPage,
    NoteForm,
    chosen,
    offer_step,
    refuse,
    status_of,
    timeline,
)
from libraries.services.files import keep_upload

VERBS = {
    "confirm": confirm_booking,
    "decline": decline_booking,
    "cancel": cancel_booking,
    "take_back": take_back_equipment,
}
FORMS: dict[str, type[forms.Form]] = {"take_back": ConditionForm, "decline": NoteForm, "cancel": NoteForm}


class EquipmentList(TogetherPage):
    """Our own tools, and those of others that we may book."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        words = self.words()
        rows = Equipment.objects.visible_to(request.user).for_list()
        if words:
            rows = rows.filter(Q(name__icontains=words) | Q(description__icontains=words))
        out = Q(bookings__status=BookingStatus.CONFIRMED, bookings__begins_at__lte=now)
        waiting = Q(bookings__status=BookingStatus.REQUESTED)
        rows = rows.annotate(
            out=Count("bookings", filter=out, distinct=True),
            waiting=Count("bookings", filter=waiting, distinct=True),
        ).order_by("-is_active", "name", "pk")
        if self.wants_sheet:
            heads = (_("Tool"), _("Owner"), _("Place"), _("Who may book it"), _("Can be booked"))
            lines = (
                (
                    row.name,
                    row.owner.name,
                    row.place,
                    row.get_open_to_display(),
                    _("Yes") if row.is_active else _("No"),
                )
                for row in rows[:SHEET_ROWS]
            )
            return self.sheet("peralatan", heads, lines)
        return self.show(
            "admin/equipment/list.html",
            page_obj=self.page_of(rows),
            words=words,
            cut="",
            may_add=self.may_run_somewhere,
        )


class EquipmentNew(TogetherPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        self.require_some()
        return self.answer(EquipmentForm(user=request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require_some()
        form = EquipmentForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.answer(form, 422)
        try:
            row = register_equipment(actor=self.actor, **form.cleaned_data)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(form, status_of(error))
        return redirect("work:equipment", row.pk)

    def require_some(self) -> None:
        if not self.may_run_somewhere:
            raise PermissionDenied

    def answer(self, form: forms.Form, status: int = 200) -> HttpResponse:
        return self.show("admin/equipment/form.html", status, form=form)


class EquipmentPage(TogetherPage):
    """One tool: where it is, who has it when, and what waits for an answer."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        tool: Equipment = self.find(Equipment.objects.for_list(), pk)
        today = clock.today(tool.owner.zone)
        month = month_of(request.GET.get("bulan", ""), today)
        keeps = bool(roles_toward(request.user, office=tool.owner_id) & RUNS)
        given = tool.bookings.filter(
            status__in=[BookingStatus.CONFIRMED, BookingStatus.RETURNED],
            begins_at__date__lte=last_day(month),
            ends_at__date__gte=month,
        ).select_related("institution")
        own = Booking.objects.visible_to(request.user).filter(equipment=tool)
        seen = set(own.values_list("pk", flat=True)) if not keeps else None
        entries = [
            Entry(
                first=timezone.localtime(row.begins_at).date(),
                last=timezone.localtime(row.ends_at).date(),
                title=str(row.institution),
                url=reverse("work:booking", args=[row.pk]) if seen is None or row.pk in seen else "#now",
                when=f"{timezone.localtime(row.begins_at):%H.%M}–{timezone.localtime(row.ends_at):%H.%M}",
                tone="quiet" if row.status == BookingStatus.RETURNED else "",
            )
            for row in given.order_by("begins_at", "pk")[:500]
        ]
        return self.show(
            "admin/equipment/page.html",
            tool=tool,
            keeps=keeps,
            waiting=own.filter(status=BookingStatus.REQUESTED).select_related("institution")[:20],
            weeks=weeks_of(month, entries),
            entries=entries,
            month=month,
            earlier=f"{clock.add_months(month, -1):%Y-%m}",
            later=f"{clock.add_months(month, 1):%Y-%m}",
            today=today,
        )


class ToolAct(TogetherPage, ActPage):
    """An act on a tool; it leads back to its page."""

    tool: Equipment
    kept = True

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.tool = self.find(Equipment.objects.for_list(), pk)
        if self.kept:
            self.require_runs(self.tool.owner_id)
        return self.tool

    def back(self) -> str:
        return reverse("work:equipment", args=[self.tool.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Tools"), reverse("work:equipment_list")), (str(self.tool), self.back())]


class EquipmentEdit(ToolAct):
    def make_form(self, *data: Any) -> forms.Form:
        return EquipmentForm(*data, user=self.request.user, equipment=self.tool)

    def title(self) -> str:
        return str(self.tool)

    def label(self) -> str:
        return _("Save")

    def act(self, cleaned: dict[str, Any]) -> str:
        revise_equipment(equipment=self.tool, actor=self.actor, **cleaned)
        return _("Saved.")


class EquipmentPicture(ToolAct):
    form_class = PictureForm

    def title(self) -> str:
        return _("Photograph of the tool")

    def label(self) -> str:
        return _("Upload")

    def act(self, cleaned: dict[str, Any]) -> str:
        file = keep_upload(
            cleaned["file"],
            owner=self.tool.owner,
            counterpart=None,
            purpose=FilePurpose.PHOTOGRAPH,
            actor=self.actor,
        )
        picture_equipment(equipment=self.tool, actor=self.actor, photograph=file)
        return _("The photograph is kept.")


class BookingNew(ToolAct):
    kept = False

    def make_form(self, *data: Any) -> forms.Form:
        return BookingForm(*data, user=self.request.user, equipment=self.tool)

    def title(self) -> str:
        return _("Book “%(tool)s”") % {"tool": self.tool}

    def label(self) -> str:
        return _("Ask for it")

    def act(self, cleaned: dict[str, Any]) -> str:
        request_booking(equipment=self.tool, actor=self.actor, **cleaned)
        return _("The request is noted. It is confirmed on its page.")


class BookingList(TogetherPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        words = self.words()
        rows = Booking.objects.visible_to(request.user)
        if words:
            rows = rows.filter(
                Q(equipment__name__icontains=words)
                | Q(institution__name__icontains=words)
                | Q(institution__short_name__icontains=words)
            )
        cuts = {
            "": (gettext_lazy("To be answered"), Q(status=BookingStatus.REQUESTED)),
            "diberikan": (gettext_lazy("Confirmed"), Q(status=BookingStatus.CONFIRMED)),
            "terlambat": (gettext_lazy("Not back yet"), Q(status=BookingStatus.CONFIRMED, ends_at__lt=now)),
            "semua": (gettext_lazy("All"), Q()),
        }
        cut = chosen(request.GET.get("bagian"), cuts)
        counts = rows.aggregate(
            **{f"cut{n}": Count("pk", filter=part) for n, (_label, part) in enumerate(cuts.values())}
        )
        tabs = [(key, label, counts[f"cut{n}"]) for n, (key, (label, _part)) in enumerate(cuts.items())]
        rows = rows.filter(cuts[cut][1]).for_list()
        ordered = rows.order_by("-begins_at", "-pk") if cut == "semua" else rows.order_by("begins_at", "pk")
        if self.wants_sheet:
            heads = (_("Tool"), _("For"), _("From"), _("Until"), _("What for"), _("Status"), _("Condition"))
            lines = (
                (
                    row.equipment.name,
                    row.institution.name,
                    f"{timezone.localtime(row.begins_at):%Y-%m-%d %H:%M}",
                    f"{timezone.localtime(row.ends_at):%Y-%m-%d %H:%M}",
                    row.purpose,
                    row.get_status_display(),
                    row.condition,
                )
                for row in ordered[:SHEET_ROWS]
            )
            return self.sheet("pemesanan", heads, lines)
        return self.show(
            "admin/equipment/bookings.html",
            page_obj=self.page_of(ordered),
            tabs=tabs,
            cut=cut,
            words=words,
            now=now,
        )


class BookingPage(TogetherPage):
    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        booking: Booking = self.find(Booking.objects.for_list(), pk)
        may = BOOKING.available(booking.status, roles_of(self.actor, booking))
        return self.show(
            "admin/equipment/booking.html",
            booking=booking,
            late=booking.status == BookingStatus.CONFIRMED and booking.ends_at < clock.now(),
            steps=[
                offer_step(
                    BOOKING,
                    action,
                    BOOKING_STEPS[action],
                    reverse("work:booking_step", args=[booking.pk, action]),
                    FORMS[action](auto_id=f"{action}_%s") if action in FORMS else None,
                )
                for action in may
            ],
            events=timeline(booking.events.select_related("actor"), BOOKING, BOOKING_ALSO),
        )


class BookingStep(TogetherPage, ActPage):
    action: str
    booking: Booking

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.action = kwargs["action"]
        if self.action not in VERBS:
            raise Http404
        self.booking = self.find(Booking.objects.for_list(), pk)
        self.form_class = FORMS.get(self.action, forms.Form)
        self.kind = "danger-solid" if BOOKING_STEPS[self.action].kind == "danger" else "primary"
        return self.booking

    def title(self) -> Sentence:
        return BOOKING_STEPS[self.action].title

    def text(self) -> Sentence:
        return BOOKING_STEPS[self.action].text

    def label(self) -> Sentence:
        return BOOKING.transition(self.action).label

    def back(self) -> str:
        return reverse("work:booking", args=[self.booking.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Bookings"), reverse("work:bookings")), (str(self.booking), self.back())]

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        verb: Any = VERBS[self.action]
        verb(booking=self.booking, actor=self.actor, **cleaned)
        return BOOKING_STEPS[self.action].done
