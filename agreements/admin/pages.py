"""The officer's pages: the list of agreements, a new one, its draft, and the page on which its life is led (A1–A3)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.admin.forms import KEEPERS, AgreementForm, NewAgreementForm, ScanForm, SignatureForm
from agreements.admin.wording import ALSO, STEPS
from agreements.choices import AgreementKind, AgreementStatus
from agreements.lifecycle import life_of
from agreements.models import Agreement
from agreements.services.drafting import draft_agreement, revise_agreement
from agreements.services.printing import draft_pdf
from agreements.services.signing import require_complete
from agreements.terms import LABELS
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, DomainError
from kerjasama.house import collect
from libraries.access import roles_toward
from libraries.desk import SHEET_ROWS, DeskPage, NoteForm, chosen, offer_step, refuse, status_of, timeline

# "Soon" is the first rung of the reminders before an agreement ends (A10).
SOON = timedelta(days=90)


class AgreementList(DeskPage):
    """Every agreement the reader's office keeps: cut by state, searched by title, number and partner."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        rows = Agreement.objects.visible_to(request.user)
        words = self.words()
        kind = chosen(request.GET.get("jenis"), AgreementKind.values)
        if words:
            rows = rows.filter(
                Q(title__icontains=words)
                | Q(number__icontains=words)
                | Q(partner__name__icontains=words)
                | Q(partner__short_name__icontains=words)
                | Q(partner__npsn=words)
            )
        if kind:
            rows = rows.filter(kind=kind)
        cuts = {
            "": Q(),
            "berlaku": Q(status=AgreementStatus.ACTIVE),
            "segera": Q(status=AgreementStatus.ACTIVE, ends_on__lte=today + SOON),
            "tanda-tangan": Q(status=AgreementStatus.SIGNING),
            "konsep": Q(status=AgreementStatus.DRAFT),
            "selesai": Q(
                status__in=[AgreementStatus.EXPIRED, AgreementStatus.TERMINATED, AgreementStatus.CANCELLED]
            ),
        }
        cut = chosen(request.GET.get("bagian"), cuts)
        counts = rows.aggregate(
            **{f"cut{n}": Count("pk", filter=part) for n, part in enumerate(cuts.values())}
        )
        labels = (_("All"), _("In force"), _("Ends soon"), _("Being signed"), _("Drafts"), _("Ended"))
        tabs = [
            (key, label, counts[f"cut{n}"]) for n, (key, label) in enumerate(zip(cuts, labels, strict=True))
        ]
        rows = rows.filter(cuts[cut]).for_list()
        ordered = rows.order_by("ends_on", "pk") if cut in ("berlaku", "segera") else rows
        if self.wants_sheet:
            heads = (
                _("Partner"),
                _("About"),
                _("Number"),
                _("Kind"),
                _("Status"),
                _("First day"),
                _("Last day"),
            )
            return self.sheet(
                "perjanjian",
                heads,
                (
                    (
                        row.partner.name,
                        row.title,
                        row.number,
                        row.get_kind_display(),
                        row.get_status_display(),
                        row.starts_on,
                        row.ends_on,
                    )
                    for row in ordered[:SHEET_ROWS]
                ),
            )
        return self.show(
            "admin/agreements/list.html",
            page_obj=self.page_of(ordered),
            tabs=tabs,
            cut=cut,
            words=words,
            kind=kind,
            kinds=AgreementKind.choices,
            today=today,
            may_add=self.access.everything or bool(self.access.having(KEEPERS)),
        )


class AgreementNew(DeskPage):
    """The first few facts make the draft, so that nothing is lost however long the rest takes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self._require_role()
        partner = request.GET.get("mitra")
        return self.answer(
            NewAgreementForm(user=request.user, initial={"partner": partner} if partner else None)
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        self._require_role()
        form = NewAgreementForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.answer(form, status=422)
        facts = dict(form.cleaned_data)
        lends = facts.pop("lends")
        try:
            agreement = draft_agreement(actor=self.actor, lending={} if lends else None, **facts)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(form, status=status_of(error))
        return redirect("work:agreement_edit", agreement.pk)

    def _require_role(self) -> None:
        if not self.access.everything and not self.access.having(KEEPERS):
            raise PermissionDenied

    def answer(self, form: NewAgreementForm, status: int = 200) -> HttpResponse:
        return self.show("admin/agreements/new.html", status, form=form)


class AgreementEdit(DeskPage):
    """The draft. When somebody else has saved meanwhile, their words are shown beside what was typed here."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        agreement = self.find(Agreement.objects.for_list(), pk)
        if agreement.status != AgreementStatus.DRAFT:
            return redirect("work:agreement", pk)
        return self.answer(agreement, AgreementForm(agreement=agreement, user=request.user))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        agreement = self.find(Agreement.objects.for_list(), pk)
        form = AgreementForm(request.POST, agreement=agreement, user=request.user)
        if not form.is_valid():
            return self.answer(agreement, form, status=422)
        try:
            revise_agreement(
                agreement=agreement,
                actor=self.actor,
                version=form.cleaned_data["version"],
                lending=form.lending(),
                **form.changes(),
            )
        except Conflict as error:
            if error.code != "stale":
                refuse(form, error)
                return self.answer(agreement, form, status=error.status)
            return self.stale(agreement, form, error)
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(agreement, form, status=status_of(error))
        return redirect("work:agreement", pk)

    def stale(self, agreement: Agreement, form: AgreementForm, error: DomainError) -> HttpResponse:
        """Their words are shown; saving once more is then a choice made knowingly."""
        agreement.refresh_from_db()
        theirs = form.differences(agreement)
        form.data = form.data.copy()
        form.data["version"] = str(agreement.version)
        refuse(form, error)
        return self.answer(agreement, form, status=error.status, theirs=theirs)

    def answer(
        self, agreement: Agreement, form: AgreementForm, status: int = 200, **more: Any
    ) -> HttpResponse:
        return self.show("admin/agreements/edit.html", status, agreement=agreement, form=form, **more)


class AgreementPage(DeskPage):
    """One agreement: where it stands, what is missing, what can be done now, its parties, terms, papers and history."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        rows = Agreement.objects.for_list().select_related(
            "office", "partner", "lending_term", "parent", "document", "signed_scan"
        )
        agreement = self.find(rows, pk)
        life = life_of(agreement.kind)
        may = life.available(agreement.status, roles_toward(request.user, office=agreement.office_id))
        parties = list(agreement.parties.select_related("institution"))
        return self.show(
            "admin/agreements/page.html",
            agreement=agreement,
            term=getattr(agreement, "lending_term", None),
            parties=[
                {
                    "row": party,
                    "sign": self.signing(agreement, party) if "sign" in may and not party.signed_on else None,
                }
                for party in parties
            ],
            waiting=[party.institution for party in parties if not party.signed_on],
            missing=self.missing(agreement),
            steps=[
                offer_step(
                    life,
                    action,
                    STEPS[action],
                    reverse("work:agreement_step", args=[agreement.pk, action]),
                    NoteForm(auto_id=f"{action}_%s") if "note" in life.transition(action).needs else None,
                )
                for action in may
                if action in STEPS and not (action == "activate" and self.waits(agreement, parties))
            ],
            may_edit=self.may_keep(agreement) and agreement.status == AgreementStatus.DRAFT,
            may_attach=self.may_keep(agreement)
            and (not agreement.is_written or agreement.status not in ("draft", "cancelled")),
            scan_form=ScanForm(),
            factors=[
                (LABELS[name], getattr(agreement, name))
                for name in (
                    "aims",
                    "scope",
                    "division_of_work",
                    "procedures",
                    "financing",
                    "relation",
                    "technology",
                )
            ],
            links=collect("agreement_links", request.user, agreement),
            events=timeline(agreement.events.select_related("actor"), life, ALSO),
            today=clock.today(agreement.office.zone),
        )

    def waits(self, agreement: Agreement, parties: list[Any]) -> bool:
        """Nobody is offered what is bound to be refused: before the last signature, or before the first day."""
        if agreement.is_written and any(not party.signed_on for party in parties):
            return True
        return agreement.starts_on is not None and agreement.starts_on > clock.today(agreement.office.zone)

    def may_keep(self, agreement: Agreement) -> bool:
        return bool(self.access.at(agreement.office_id) & {"officer", "head"})

    def missing(self, agreement: Agreement) -> list[Any]:
        """Labels of what the agreement must still say, while that can be changed."""
        if agreement.status not in (AgreementStatus.DRAFT, AgreementStatus.SIGNING):
            return []
        try:
            require_complete(agreement)
        except DomainError as error:
            return [LABELS[name] for name in error.facts.get("missing", [])] or [error.message]
        return []

    def signing(self, agreement: Agreement, party: Any) -> dict[str, Any]:
        return {
            "id": f"sign-{party.pk}",
            "url": reverse("work:agreement_sign", args=[agreement.pk, party.pk]),
            "title": gettext("%(party)s has signed") % {"party": party.institution},
            "form": SignatureForm(
                auto_id=f"sign_{party.pk}_%s", initial={"signed_on": clock.today(agreement.office.zone)}
            ),
        }


class DraftPdf(DeskPage):
    """The paper as it would be now, with a watermark."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        agreement = self.find(Agreement.objects.for_list().select_related("parent"), pk)
        response = HttpResponse(draft_pdf(agreement), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="konsep-{agreement.pk}.pdf"'
        response["Cache-Control"] = "private, no-store"
        return response
