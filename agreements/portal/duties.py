"""A duty in the hands of the party that has taken it on: what it is, by when, and ticking it off (A5, P1)."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from agreements.lifecycle import OBLIGATION
from agreements.portal.finding import own_duty
from agreements.services.obligations import fulfil_obligation, fulfil_partly
from kerjasama.domain.errors import DomainError
from libraries.access import roles_toward
from libraries.desk import refuse
from libraries.portal.acting import PortalRequest, portal_page, show
from libraries.portal.carrying import carried


class DoneForm(forms.Form):
    how = forms.ChoiceField(
        label=gettext_lazy("Is it done?"),
        choices=[
            ("fulfil", gettext_lazy("Yes, it is done")),
            ("fulfil_partly", gettext_lazy("Only a part of it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether it is done.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Remark"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy(
            "If only a part is done, say what is still missing. Please do not name any child."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def duty(request: PortalRequest, pk: UUID) -> HttpResponse:
    """One duty with what was noted about it; what is sent here ticks it off, wholly or in part."""
    row = own_duty(request, pk)
    party = row.party.institution
    roles = roles_toward(request.user, office=row.agreement.office_id, party=party.pk)
    may = OBLIGATION.available(row.status, roles)
    typed = request.POST if request.method == "POST" else carried(request)
    form = DoneForm(typed, initial={"how": "fulfil"})
    if "fulfil_partly" not in may:
        # What was done in part can only be done wholly now.
        form.fields["how"].widget = forms.HiddenInput()
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            verb = {"fulfil": fulfil_obligation, "fulfil_partly": fulfil_partly}[form.cleaned_data["how"]]
            try:
                verb(obligation=row, actor=request.user, note=form.cleaned_data["note"])
            except DomainError as error:
                refuse(form, error)
                status = error.status
            else:
                messages.success(request, _("It is noted, and the library sees it."))
                return redirect("portal:agreement", row.agreement_id)
    return show(
        request,
        "portal/duty.html",
        {
            "duty": row,
            "agreement": row.agreement,
            "party": party,
            "form": form,
            "carried": request.method != "POST" and typed is not None,
            "may_tick": "fulfil" in may,
            "events": row.events.order_by("-at").exclude(note=""),
        },
        school_id=party.pk if party.pk in request.acting.keys else None,
        status=status,
    )
