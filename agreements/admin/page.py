"""The page of one agreement: where it stands, what can be done now, parties, duties, terms, papers, relatives, history."""

from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from agreements.admin.draft import gaps_of
from agreements.admin.forms import RemarkForm, ReviewForm, ReviewPassedForm, ScanForm
from agreements.admin.provision_forms import told
from agreements.admin.relatives import Relatives
from agreements.admin.wording import DUTIES, IMPLICIT_WAY, STEPS, WRITTEN_WAY
from agreements.choices import ENDED, AgreementStatus, Factor
from agreements.happenings import events_of
from agreements.lifecycle import KEEPS, OBLIGATION, life_of
from agreements.models import Agreement, Obligation, Party
from agreements.services.ruling import rule_of
from agreements.services.signing import Standing, standing_of
from agreements.services.stepping import NOTHING_SIGNED, OPEN_TEXT
from agreements.terms import LABELS, last_notice_on
from kerjasama.domain import clock
from kerjasama.house import collect
from libraries.access import roles_toward
from libraries.desk import DeskPage, NoteForm, Offer, offer_step
from libraries.models import DocumentView, FileView

STEP_FORMS = {"pass_review": ReviewPassedForm, "confirm_review": ReviewForm}
# Said at the table, in the order of the talk.
TALK = ("negotiate", "remark", "agree", "send_to_review", "pass_review", "send_back")
LAST_READERS = 20


class AgreementPage(DeskPage):
    """Everything about one agreement. What cannot be done now is not offered; what is missing is named."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        agreement = self.read(pk)
        today = clock.today(agreement.office.zone)
        roles = roles_toward(request.user, office=agreement.office_id, partner=agreement.partner_id)
        may = life_of(agreement.kind).available(agreement.status, roles)
        may_keep = bool(roles & KEEPS)
        parties = list(agreement.parties.all())
        standing = standing_of(agreement) if agreement.status in NOTHING_SIGNED - {"cancelled"} else None
        duties = self.duties(agreement, parties)
        happenings = collect("agreement_timeline", request.user, agreement)
        return self.show(
            "admin/agreements/page.html",
            agreement=agreement,
            today=today,
            stages=stages_of(agreement),
            standing=standing,
            gaps=gaps_of(standing) if standing else [],
            waiting=[party.institution for party in parties if not party.signed_on],
            steps=offers_of(agreement, may, parties, standing, today),
            may_edit=may_keep and agreement.status in OPEN_TEXT,
            may_keep=may_keep,
            may_attach=may_keep and (not agreement.is_written or agreement.status not in NOTHING_SIGNED),
            parties=[
                {
                    "row": party,
                    "may_sign": "sign" in may and not party.signed_on,
                    "may_unsign": "unsign" in may and party.signed_on,
                    "is_further": party.institution_id not in (agreement.office_id, agreement.partner_id),
                }
                for party in parties
            ],
            duties=duties,
            has_duties=any(lines for _party, lines in duties),
            may_add_duty=may_keep and agreement.status not in ENDED,
            provisions=[(row, told(row)) for row in agreement.provisions.all()],
            relatives=Relatives(agreement, request.user, may_keep),
            talk=[event for event in events_of(agreement) if event.action in TALK],
            remark_form=RemarkForm(auto_id="remark_%s") if "remark" in may else None,
            scan_form=ScanForm(),
            papers=list(agreement.paper_versions.select_related("document")),
            scans=list(agreement.signed_scans.select_related("file__uploaded_by")),
            readers=readers_of(agreement),
            factors=[(LABELS[name], getattr(agreement, name)) for name in Factor.values],
            notice_on=last_notice(agreement),
            parts=collect("agreement_parts", request.user, agreement),
            links=collect("agreement_links", request.user, agreement),
            # Reversed after the sorting: of two things in the same minute, the later one stands on top.
            events=sorted(happenings, key=attrgetter("at"))[::-1],
        )

    def read(self, pk: UUID) -> Agreement:
        rows = Agreement.objects.for_list().select_related(
            "office", "partner", "lending_term", "parent", "predecessor", "document", "signed_scan"
        )
        found: Agreement = self.find(
            rows.prefetch_related(
                "parties__institution", "parties__contact", "parties__signed_scan", "provisions"
            ),
            pk,
        )
        return found

    def duties(self, agreement: Agreement, parties: list[Party]) -> list[tuple[Party, list[Any]]]:
        """Each party with its duties, each with the steps that the reader may take."""
        rows: dict[UUID, list[Any]] = {party.pk: [] for party in parties}
        for row in Obligation.objects.filter(agreement=agreement):
            rows[row.party_id].append(row)
        found = []
        for party in parties:
            roles = roles_toward(self.request.user, office=agreement.office_id, party=party.institution_id)
            lines = [
                {
                    "row": row,
                    "steps": [
                        (OBLIGATION.transition(action).label, action, DUTIES[action])
                        for action in OBLIGATION.available(row.status, roles)
                    ],
                }
                for row in rows[party.pk]
            ]
            found.append((party, lines))
        return found


def stages_of(agreement: Agreement) -> dict[str, Any]:
    """The stepper: the way that agreements of its kind go, and where on it this one is."""
    way = WRITTEN_WAY if agreement.is_written else IMPLICIT_WAY
    end: Any = agreement.status if agreement.status in ENDED else AgreementStatus.EXPIRED
    passed = [*way, end]
    if agreement.status == AgreementStatus.CANCELLED:
        passed = [AgreementStatus.DRAFT, AgreementStatus.CANCELLED]
    return {
        "labels": [AgreementStatus(state).label for state in passed],
        "step": passed.index(AgreementStatus(agreement.status)) + 1,
    }


def offers_of(
    agreement: Agreement, may: list[str], parties: list[Party], standing: Standing | None, today: date
) -> list[Offer]:
    """The buttons. Nobody is offered what is bound to be refused; the next step is the one that stands out."""
    life = life_of(agreement.kind)
    signed = any(party.signed_on for party in parties)
    reviewed = not rule_of(agreement.office, agreement.kind).needs_review or (
        agreement.status == AgreementStatus.LEGAL_REVIEW and agreement.reviewed_on is not None
    )
    hidden = set()
    if standing is not None and standing.missing:
        hidden |= {"submit", "activate"}
    if not reviewed:
        hidden.add("submit")
    if agreement.reviewed_on is not None:
        hidden.add("pass_review")
    if signed:
        hidden.add("reopen")
    if agreement.is_written and any(not party.signed_on for party in parties):
        hidden.add("activate")
    if agreement.starts_on is not None and agreement.starts_on > today:
        hidden.add("activate")
    if agreement.review_on is None or (agreement.review_on - today).days > 30:
        # It can be recorded at any time; it stands out only when it is due.
        hidden.add("primary confirm_review")
    offers = []
    for action in may:
        if action not in STEPS or action in hidden or action == "remark":
            continue
        form_class = STEP_FORMS.get(action) or (NoteForm if "note" in life.transition(action).needs else None)
        initial = {"reviewed_on": today} if action == "pass_review" else {}
        offer = offer_step(
            life,
            action,
            STEPS[action],
            reverse("work:agreement_step", args=[agreement.pk, action]),
            form_class(auto_id=f"{action}_%s", initial=initial) if form_class else None,
        )
        if f"primary {action}" in hidden:
            offer = replace(offer, kind="")
        if action == "send_to_review" and not reviewed and not (standing and standing.missing):
            offer = replace(offer, kind="primary")
        offers.append(offer)
    return offers


def last_notice(agreement: Agreement) -> date | None:
    if agreement.status != AgreementStatus.ACTIVE or agreement.ends_on is None or not agreement.notice_days:
        return None
    return last_notice_on(agreement.ends_on, agreement.notice_days)


def readers_of(agreement: Agreement) -> list[Any]:
    """Who opened a paper or a scan of it, the last first (A8)."""
    papers = DocumentView.objects.filter(document__in=agreement.paper_versions.values("document"))
    scans = FileView.objects.filter(file__in=agreement.signed_scans.values("file"))
    found = [
        {"at": view.at, "who": view.user, "what": view.document.number}
        for view in papers.select_related("user", "document")[:LAST_READERS]
    ]
    found += [
        {"at": view.at, "who": view.user, "what": view.file.original_name}
        for view in scans.select_related("user", "file")[:LAST_READERS]
    ]
    return sorted(found, key=lambda line: line["at"], reverse=True)[:LAST_READERS]
