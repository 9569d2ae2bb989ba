"""Requests for a visit at the desk: who asks, what each day would cost, and the answer in one tap (M7)."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kerjasama.domain.errors import Sentence
from libraries.desk import SHEET_ROWS, ActPage, DeskPage, StepWords, chosen, offer_step, timeline
from libraries.models import User
from mobile_service.admin.asking_forms import DeclineForm, LocateForm, ProposeForm, SlotForm
from mobile_service.choices import OPEN_REQUESTS, RequestStatus
from mobile_service.lifecycle import DESK, REQUEST
from mobile_service.models import VisitRequest
from mobile_service.services.answering import (
    accept_request,
    decline_request,
    locate_request,
    no_slot,
    propose_day,
    stop_unknown,
)
from mobile_service.services.asking import confirm_request
from mobile_service.services.asking_costs import cheapest_slot, costs_of, other_days, words_of
from mobile_service.services.asking_links import roles_toward_request

STEPS = {
    "confirm": StepWords(
        title=gettext_lazy("You have spoken to them?"),
        text=gettext_lazy(
            "Only a telephone number was given. Call it first; then the request can be answered."
        ),
        done=gettext_lazy("The request is confirmed. Now it can be answered."),
        kind="primary",
        icon="phone",
    ),
    "decline": StepWords(
        title=gettext_lazy("Decline the request?"),
        text=gettext_lazy("The other side reads your reason, and the matter is closed."),
        done=gettext_lazy("The request is declined."),
        kind="danger",
        icon="cross",
    ),
}
# So many of those who may answer are named to a reader who may not.
NAMED = 5
# What stands in a history besides the steps of the table.
ALSO = {"ask": gettext_lazy("Asked"), "erase_contact": gettext_lazy("Contact erased")}


class VisitRequestList(DeskPage):
    """Who asks for the van; who has waited longest comes first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = VisitRequest.objects.visible_to(request.user)
        if not self.access.everything:
            rows = rows.filter(office__in=self.access.offices)
        words = self.words()
        if words:
            rows = rows.filter(
                Q(partner__name__icontains=words)
                | Q(stop__name__icontains=words)
                | Q(place__icontains=words)
                | Q(asker_name__icontains=words)
            )
        cuts = {
            "": Q(status__in=[*OPEN_REQUESTS, RequestStatus.UNCONFIRMED]),
            "menunggu": Q(status__in=[RequestStatus.OPEN, RequestStatus.UNCONFIRMED]),
            "diusulkan": Q(status=RequestStatus.PROPOSED),
            "diterima": Q(status=RequestStatus.ACCEPTED),
            "ditutup": Q(status__in=[RequestStatus.DECLINED, RequestStatus.WITHDRAWN]),
        }
        labels = (
            gettext_lazy("Open"),
            gettext_lazy("Waits for us"),
            gettext_lazy("Another day proposed"),
            pgettext_lazy("request", "Accepted"),
            gettext_lazy("Closed"),
        )
        cut = chosen(request.GET.get("bagian"), cuts)
        counts = rows.aggregate(
            **{f"cut{n}": Count("pk", filter=part) for n, part in enumerate(cuts.values())}
        )
        tabs = [
            (key, label, counts[f"cut{n}"]) for n, (key, label) in enumerate(zip(cuts, labels, strict=True))
        ]
        shown = rows.filter(cuts[cut]).for_list()
        shown = shown.order_by("created_at", "pk") if cut in ("", "menunggu", "diusulkan") else shown
        if self.wants_sheet:
            return self.sheet(
                "permintaan kunjungan",
                (_("From"), _("Place"), _("What for"), _("Status"), _("Asked"), _("People"), _("Visit")),
                (
                    (
                        row.who,
                        str(row),
                        row.occasion,
                        row.get_status_display(),
                        row.created_at,
                        row.people,
                        row.visit.begins_at if row.visit else None,
                    )
                    for row in shown[:SHEET_ROWS]
                ),
            )
        return self.show(
            "admin/mobile/requests.html", page_obj=self.page_of(shown), tabs=tabs, cut=cut, words=words
        )


class VisitRequestPage(DeskPage):
    """One request: what is asked, what each day would cost, and what can be done."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = find_request(self, pk)
        may = REQUEST.available(row.status, roles_toward_request(self.actor, row))
        costs = costs_of(row) if "accept" in may or "propose" in may else []
        slots = [day.best for day in costs if day.best is not None]
        with timezone.override(ZoneInfo(row.office.zone)):
            return self.show(
                "admin/mobile/request.html",
                row=row,
                may=may,
                costs=costs,
                best=min(slots, key=lambda slot: (slot.minutes, slot.begins_at), default=None),
                answerers=[] if may or not row.is_open else who_answers(row),
                to_call=row.by_telephone and bool(row.asker_phone),
                events=timeline(row.events.select_related("actor"), REQUEST, ALSO),
                steps=[
                    offer_step(
                        REQUEST,
                        action,
                        STEPS[action],
                        reverse("work:visit_request_step", args=[row.pk, action]),
                        DeclineForm(auto_id=f"{action}_%s") if action == "decline" else None,
                    )
                    for action in may
                    if action in STEPS
                ],
            )


def who_answers(row: VisitRequest) -> list[str]:
    """Who may answer it, for a reader who may not."""
    roles = {role.removeprefix("office:") for role in DESK}
    people = User.objects.filter(
        is_active=True, memberships__in=row.office.memberships.current().filter(role__in=roles)
    )
    return [str(person) for person in people.distinct().order_by("pk")[:NAMED]]


class RequestAct(ActPage):
    """An act on a request; it leads back to its page."""

    life = REQUEST
    row: VisitRequest

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.row = find_request(self, pk)
        if not roles_toward_request(self.actor, self.row) & DESK:
            raise PermissionDenied
        return self.row

    def back(self) -> str:
        return reverse("work:visit_request", args=[self.row.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Requests for a visit"), reverse("work:visit_requests")), (str(self.row), self.back())]

    def told(self, sentence: str) -> str:
        """What was done, and that somebody has to call where no mail goes."""
        if self.row.by_telephone and self.row.asker_phone:
            return f"{sentence} " + _("No mail goes to them: please call %(phone)s.") % {
                "phone": self.row.asker_phone
            }
        return sentence


class Accept(RequestAct):
    """One tap on a slot comes here; without a slot the cheapest is offered."""

    action = "accept"
    # When with which vehicle is asked about, in words; or why nothing can be.
    slot = ""
    hindrance = ""

    def make_form(self, *data: Any) -> forms.Form:
        given = data or ({name: self.request.GET.get(name, "") for name in ("vehicle", "begins_at")},)
        return SlotForm(given[0], row=self.row)

    def ask(self, form: forms.Form, status: int = 200) -> HttpResponse:
        with timezone.override(ZoneInfo(self.row.office.zone)):
            if not form.is_valid() and self.refusal is None:
                form = self.cheapest()
            if form.is_bound and "vehicle" in form.cleaned_data:
                self.slot = words_of(form.cleaned_data["vehicle"], form.cleaned_data["begins_at"])
            return super().ask(form, status)

    def cheapest(self) -> SlotForm:
        """What is offered to whoever comes without a slot; the fields are hidden, so nobody could fill them."""
        best = cheapest_slot(self.row) if self.row.stop_id else None
        if best is None:
            self.hindrance = no_slot() if self.row.stop_id else stop_unknown()
            return SlotForm(row=self.row)
        form = SlotForm({"vehicle": best.vehicle.pk, "begins_at": best.begins_at.isoformat()}, row=self.row)
        form.full_clean()
        return form

    def about(self) -> str:
        return self.slot

    def title(self) -> str:
        return _("Accept the request?")

    def text(self) -> str:
        return self.hindrance or _(
            "The visit is placed in the calendar and fixed there, and whoever asked is told."
        )

    def label(self) -> str:
        return "" if self.hindrance else _("Accept")

    def act(self, cleaned: dict[str, Any]) -> str:
        accept_request(request=self.row, actor=self.actor, **cleaned)
        return self.told(_("Accepted: the visit stands in the calendar."))


class Propose(RequestAct):
    action = "propose"
    template_name = "admin/mobile/propose.html"

    def initial(self) -> dict[str, Any]:
        try:
            at = datetime.fromisoformat(self.request.GET.get("begins_at", "")).astimezone(
                ZoneInfo(self.row.office.zone)
            )
        except (ValueError, OverflowError):
            return {}
        return {"on": at.date(), "at": at.time(), "vehicle": self.request.GET.get("vehicle")}

    def make_form(self, *data: Any) -> forms.Form:
        return ProposeForm(*data, row=self.row, initial=self.initial())

    def title(self) -> str:
        return _("Propose another day")

    def text(self) -> str:
        return _(
            "The other side agrees with one tap, or names other days. The time is not kept free until it does."
        )

    def label(self) -> str:
        return _("Propose this day")

    def more(self) -> dict[str, Any]:
        return {"row": self.row, "costs": other_days(self.row)}

    def act(self, cleaned: dict[str, Any]) -> str:
        begins_at = datetime.combine(cleaned["on"], cleaned["at"], ZoneInfo(self.row.office.zone))
        propose_day(
            request=self.row,
            actor=self.actor,
            vehicle=cleaned["vehicle"],
            begins_at=begins_at,
            note=cleaned["note"],
        )
        return self.told(_("The day is proposed."))


class Locate(RequestAct):
    action = "locate"

    def make_form(self, *data: Any) -> forms.Form:
        return LocateForm(*data, row=self.row, initial={"name": self.row.place})

    def title(self) -> str:
        return _("Which stop is it?")

    def text(self) -> str:
        return _("“%(place)s” is asked for. Choose the stop that is meant, or make a new one.") % {
            "place": self.row.place or self.row
        }

    def label(self) -> str:
        return _("Take this stop")

    def act(self, cleaned: dict[str, Any]) -> str:
        row = locate_request(request=self.row, actor=self.actor, **cleaned)
        return _("The request is for %(stop)s.") % {"stop": row.stop}


class Step(RequestAct):
    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.action = kwargs["action"]
        row = super().subject_of(pk)
        if self.action not in STEPS:
            raise Http404
        if self.action == "decline":
            self.form_class = DeclineForm
            self.kind = "danger-solid"
        return row

    def title(self) -> Sentence:
        return STEPS[self.action].title

    def text(self) -> Sentence:
        return STEPS[self.action].text

    def label(self) -> Sentence:
        return REQUEST.transition(self.action).label

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        if self.action == "decline":
            decline_request(request=self.row, actor=self.actor, **cleaned)
            return self.told(str(STEPS[self.action].done))
        confirm_request(request=self.row, actor=self.actor)
        return STEPS[self.action].done


def find_request(page: DeskPage, pk: UUID) -> VisitRequest:
    """One of the reader's own libraries: as a partner one reads it in the portal."""
    row: VisitRequest = page.find(VisitRequest.objects.for_list(), pk)
    if not page.access.everything and row.office_id not in page.access.offices:
        raise Http404
    return row
