"""From what was said about a request to the first words of a draft. The words of papers are Indonesian (A2, A6, A7)."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from agreements.choices import AgreedHow, AgreementKind, CooperationForm, InitiatedBy
from agreements.models import CooperationRequest
from kerjasama.domain import clock
from kerjasama.domain.wording import long_date
from libraries.services.documents import PAPER_LANGUAGE


def draft_fields(
    request: CooperationRequest, kind: str, *, title: str, starts_on: date | None, ends_on: date | None
) -> dict[str, Any]:
    """Arguments for ``draft_agreement``: what is known is filled in, what is not stays empty and is asked for there."""
    today = clock.today(request.office.zone)
    starts = starts_on or (max(request.wanted_from, today) if request.wanted_from else None)
    ends = ends_on
    if ends is None and starts is not None and request.wanted_months:
        ends = clock.add_months(starts, request.wanted_months) - clock.days(1)
    with translation.override(PAPER_LANGUAGE):
        fields: dict[str, Any] = {
            "title": title.strip() or request.subject,
            "initiated_by": InitiatedBy.LIBRARY if request.is_outreach else InitiatedBy.PARTNER,
            "starts_on": starts,
            "ends_on": ends,
            "aims": request.wishes,
            "scope": "\n".join(request.form_labels),
            "lending": _lending(request, kind, starts),
            # What was wished for stands in the draft; which terms each form still needs is named there.
            "provisions": [
                {"form": form} for form in request.forms if form != CooperationForm.COLLECTION_LOAN
            ],
        }
        if kind == AgreementKind.IMPLICIT:
            fields |= _evidence(request, today)
    return fields


def _lending(request: CooperationRequest, kind: str, starts: date | None) -> dict[str, Any] | None:
    if CooperationForm.COLLECTION_LOAN not in request.forms or kind == AgreementKind.MOU:
        return None
    terms: dict[str, Any] = {"first_delivery_on": starts}
    if request.books:
        terms["quantity"] = request.books
    return terms


def _evidence(request: CooperationRequest, today: date) -> dict[str, Any]:
    """How an unwritten agreement came about: the meeting, if it has taken place, and where it is written down."""
    asked_on = request.asked_at.astimezone(ZoneInfo(request.office.zone)).date()
    note = _("Asked on %(day)s; what was written since stands with the request.") % {
        "day": long_date(asked_on, PAPER_LANGUAGE)
    }
    fields: dict[str, Any] = {"agreed_note": note}
    if request.contact_name:
        fields["agreed_by"] = ", ".join(filter(None, (request.contact_name, request.contact_position)))[:200]
    if request.meeting_on is not None and request.meeting_on <= today:
        fields |= {"agreed_on": request.meeting_on, "agreed_how": AgreedHow.MEETING}
    return fields
