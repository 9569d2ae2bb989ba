"""A school's own stop in the portal: where the van stands, when it may come, and whom the crew asks for (M1, P1)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kerjasama.domain.errors import DomainError
from libraries.desk import refuse, status_of
from libraries.entry_forms import HoursForm
from libraries.hours import open_lines
from libraries.portal.acting import PortalRequest, portal_page, show
from mobile_service.models import Stop
from mobile_service.services.stop_hours import proposal_at, propose_hours, withdraw_hours
from mobile_service.services.stops import WindowInput, correct_stop, windows_of
from mobile_service.week_typed import refuse_only_closed

DAYS = tuple(f"day_{weekday}" for weekday in range(7))


class CorrectionForm(forms.Form):
    contact_name = forms.CharField(
        label=gettext_lazy("Whom the crew asks for"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("A teacher or the caretaker; no pupil."),
    )
    contact_phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=30, required=False)
    hint = forms.CharField(
        label=gettext_lazy("How the van finds you"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Which gate, where to park, who opens."),
    )


class HoursProposalForm(HoursForm):
    """Seven lines of hours, and a word for the library."""

    note = forms.CharField(
        label=gettext_lazy("For the library"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Why, or from when on. Leave it empty if there is nothing to add."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The days are added last of all; the word about them stands below them.
        self.order_fields([*DAYS, "note"])
        # An example in the box looks like hours; where no day has any the van may come at any time.
        has_hours = any(self[name].value() for name in DAYS)
        for name in DAYS:
            self.fields[name].widget.attrs["placeholder"] = _("not visited") if has_hours else ""

    def refuse(self, error: DomainError | ValidationError) -> None:
        """As ``libraries.desk.refuse``; what is wrong with the hours of a day stands beside that day."""
        weekdays = error.facts.get("weekdays", ()) if isinstance(error, DomainError) else ()
        for weekday in weekdays:
            self.add_error(DAYS[weekday], str(error))
        if not weekdays:
            refuse(self, error)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        refuse_only_closed(self)
        return cleaned

    def windows(self) -> list[WindowInput]:
        return [
            {"weekday": day, "opens_at": begins, "closes_at": until}
            for day, spans in enumerate(self.week_of(self.cleaned_data))
            for begins, until in spans
        ]


@require_safe
@portal_page
def stops(request: PortalRequest) -> HttpResponse:
    """Where the van stands at our school, when it may come, and whom its crew asks for."""
    rows = Stop.objects.for_list().filter(partner=request.acting.school, is_active=True)
    found = list(rows.order_by("office__name", "name")[:20])
    lines = [
        {
            "stop": stop,
            "week": open_lines((row.weekday, row.opens_at, row.closes_at) for row in stop.windows.all()),
            "proposed": proposal_at(stop),
            "wish": open_lines(wished.spans) if (wished := proposal_at(stop)) else [],
        }
        for stop in found
    ]
    return show(request, "portal/stops.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def stop_correct(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Put right whom the crew asks for and how the gate is found."""
    rows = Stop.objects.visible_to(request.user).filter(partner__in=request.acting.keys, is_active=True)
    stop = get_object_or_404(rows.select_related("office"), pk=pk)
    kept = {name: getattr(stop, name) for name in CorrectionForm.base_fields}
    form = CorrectionForm(request.POST or None, initial=kept)
    if request.method != "POST":
        return show(
            request,
            "portal/stop_correct.html",
            {"form": CorrectionForm(initial=kept), "stop": stop},
            school_id=stop.partner_id,
        )
    status = 422
    if form.is_valid():
        try:
            correct_stop(stop=stop, actor=request.user, **form.cleaned_data)
            messages.success(request, _("Thank you. The crew sees it on the next trip."))
            return redirect("portal:stops")
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            status = status_of(error)
    return show(
        request,
        "portal/stop_correct.html",
        {"form": form, "stop": stop},
        school_id=stop.partner_id,
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def stop_hours(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Propose other hours to the library, or take the proposal back."""
    rows = (
        Stop.objects.for_list()
        .visible_to(request.user)
        .filter(partner__in=request.acting.keys, is_active=True)
    )
    stop = get_object_or_404(rows, pk=pk)
    typed = request.POST if request.method == "POST" else None
    form = HoursProposalForm(typed, initial=_hours_now(stop))
    status = 200
    try:
        if typed is not None and typed.get("tarik"):
            withdraw_hours(stop=stop, actor=request.user)
            messages.success(request, _("You have taken your proposal back. The hours stay as they are."))
            return redirect("portal:stops")
        if typed is not None:
            status = 422
            if form.is_valid():
                propose_hours(
                    stop=stop, actor=request.user, windows=form.windows(), note=form.cleaned_data["note"]
                )
                messages.success(request, _("Thank you. The library looks at the hours and answers."))
                return redirect("portal:stops")
    except (DomainError, ValidationError) as error:
        form.is_valid()
        form.refuse(error)
        status = status_of(error)
    context = {"form": form, "stop": stop, "proposed": proposal_at(stop)}
    return show(request, "portal/stop_hours.html", context, school_id=stop.partner_id, status=status)


def _hours_now(stop: Stop) -> dict[str, str]:
    """What waits, else what holds, as it is typed."""
    waiting = proposal_at(stop)
    found: dict[str, str] = {"note": waiting.note if waiting else ""}
    for day, begins, until in waiting.spans if waiting else windows_of(stop):
        span, name = f"{begins:%H.%M}–{until:%H.%M}", DAYS[day]
        found[name] = f"{found[name]}, {span}" if name in found else span
    return found
