"""The officer's pages about requests to cooperate: the list, our own outreach, and the page of one request (A6)."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agreements.admin.forms import KEEPERS
from agreements.admin.request_forms import OutreachForm
from agreements.admin.request_wording import STEPS
from agreements.asking import DeclineForm, MessageForm
from agreements.choices import OPEN_REQUESTS, RequestSide, RequestStatus
from agreements.conversation import messages_of, steps_of
from agreements.lifecycle import KEEPS, REQUEST
from agreements.models import CooperationRequest
from agreements.services.requesting.opening import record_outreach
from agreements.services.requesting.stepping import PARTNER, roles_of
from agreements.services.requesting.talking import SPOKEN_OF, write_message
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.desk import SHEET_ROWS, DeskPage, chosen, offer_step, refuse, status_of


class RequestList(DeskPage):
    """Who asked us, whom we asked, and whose turn it is."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = CooperationRequest.objects.visible_to(request.user)
        words = self.words()
        if words:
            rows = rows.filter(
                Q(subject__icontains=words)
                | Q(institution__name__icontains=words)
                | Q(institution__short_name__icontains=words)
                | Q(institution_name__icontains=words)
            )
        is_open = Q(status__in=OPEN_REQUESTS)
        cuts = {
            "": Q(),
            "menunggu": is_open & Q(turn=RequestSide.OFFICE),
            "mitra": is_open & Q(turn=RequestSide.PARTNER),
            "diterima": Q(status=RequestStatus.ACCEPTED),
            "ditutup": Q(status__in=[RequestStatus.DECLINED, RequestStatus.WITHDRAWN]),
        }
        cut = chosen(request.GET.get("bagian"), cuts)
        counts = rows.aggregate(
            **{f"cut{n}": Count("pk", filter=part) for n, part in enumerate(cuts.values())}
        )
        labels = (
            _("All"),
            _("Waits for us"),
            _("Waits for the partner"),
            pgettext_lazy("request", "Accepted"),
            _("Closed"),
        )
        tabs = [
            (key, label, counts[f"cut{n}"]) for n, (key, label) in enumerate(zip(cuts, labels, strict=True))
        ]
        rows = rows.filter(cuts[cut]).for_list()
        # Whoever has waited longest is answered first; everything else is read from the newest.
        ordered = rows.order_by("updated_at", "pk") if cut == "menunggu" else rows
        if self.wants_sheet:
            return self.sheet(
                "permintaan",
                (_("From"), _("About"), _("Came by"), _("Status"), _("Asked"), _("Kinds of cooperation")),
                (
                    (
                        row.asker_name,
                        row.subject,
                        row.get_came_by_display(),
                        row.get_status_display(),
                        row.asked_at.date(),
                        ", ".join(row.form_labels),
                    )
                    for row in ordered[:SHEET_ROWS]
                ),
            )
        return self.show(
            "admin/requests/list.html",
            page_obj=self.page_of(ordered),
            tabs=tabs,
            cut=cut,
            words=words,
            may_add=self.access.everything or bool(self.access.having(KEEPERS)),
        )


class RequestNew(DeskPage):
    """Our own outreach: the partner finds it in its portal as an invitation."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self._require_role()
        partner = request.GET.get("mitra")
        return self.answer(
            OutreachForm(user=request.user, initial={"institution": partner} if partner else None)
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        self._require_role()
        form = OutreachForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.answer(form, status=422)
        try:
            row = record_outreach(
                office=form.cleaned_data["office"],
                institution=form.cleaned_data["institution"],
                actor=self.actor,
                **form.wishes_given(),
            )
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(form, status=status_of(error))
        return redirect("work:request", row.pk)

    def _require_role(self) -> None:
        if not self.access.everything and not self.access.having(KEEPERS):
            raise PermissionDenied

    def answer(self, form: OutreachForm, status: int = 200) -> HttpResponse:
        return self.show("admin/requests/new.html", status, form=form)


class RequestPage(DeskPage):
    """One request: who asks for what, what was written, and what can be done now. What is sent here is a message."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return self.answer(self.row(pk), MessageForm())

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = self.row(pk)
        form = MessageForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.answer(row, form, 422)
        try:
            write_message(request=row, actor=self.actor, **form.said())
        except DomainError as error:
            refuse(form, error)
            return self.answer(row, form, error.status)
        return redirect("work:request", pk)

    def row(self, pk: UUID) -> CooperationRequest:
        row: CooperationRequest = self.find(
            CooperationRequest.objects.for_list().select_related("agreement"), pk
        )
        return row

    def answer(self, row: CooperationRequest, form: MessageForm, status: int = 200) -> HttpResponse:
        side = (
            RequestSide.OFFICE
            if self.access.everything or self.access.at(row.office_id)
            else RequestSide.PARTNER
        )
        roles = roles_of(self.actor, row)
        may = REQUEST.available(row.status, roles)
        return self.show(
            "admin/requests/page.html",
            status,
            row=row,
            form=form,
            is_office=side == RequestSide.OFFICE,
            thread=messages_of(row, side),
            events=steps_of(row, names=True),
            steps=self.steps(row, may),
            may_accept="accept" in may and row.institution_id is not None,
            may_meet="meet" in may,
            may_link="link" in may and row.institution_id is None,
            may_write=row.status in SPOKEN_OF and bool(roles & (KEEPS | PARTNER)),
            today=clock.today(row.office.zone),
        )

    def steps(self, row: CooperationRequest, may: list[str]) -> list[Any]:
        return [
            offer_step(
                REQUEST,
                action,
                STEPS[action],
                reverse("work:request_step", args=[row.pk, action]),
                DeclineForm(auto_id=f"{action}_%s") if action == "decline" else None,
            )
            for action in may
            if action in STEPS
        ]
