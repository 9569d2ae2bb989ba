"""The officer's first pages: the list of agreements, a new one, and the paper as it would be now (A1–A3, A7)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from agreements.admin.fields import KEEPERS
from agreements.admin.forms import NewAgreementForm
from agreements.choices import ENDED, AgreementKind, AgreementStatus, CooperationForm, Factor
from agreements.models import Agreement, LendingTerm, Provision
from agreements.services.continuing import amend_agreement
from agreements.services.drafting import draft_agreement
from agreements.services.printing import draft_pdf
from agreements.services.templates import draft_from_template
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.desk import SHEET_ROWS, DeskPage, chosen, refuse, status_of
from libraries.models import Institution

# "Soon" is the first rung of the reminders before an agreement ends (A10).
SOON = timedelta(days=90)
WITHIN = (30, 90, 180, 365)
COPIES = 8
CUTS = {
    "": (_("All"), Q()),
    "berlaku": (_("In force"), Q(status=AgreementStatus.ACTIVE)),
    "segera": (_("Ends soon"), Q(status=AgreementStatus.ACTIVE)),
    "tanda-tangan": (_("Being signed"), Q(status=AgreementStatus.SIGNING)),
    "rundingan": (
        _("Being negotiated"),
        Q(status__in=[AgreementStatus.NEGOTIATION, AgreementStatus.LEGAL_REVIEW]),
    ),
    "konsep": (_("Drafts"), Q(status=AgreementStatus.DRAFT)),
    "selesai": (_("Ended"), Q(status__in=list(ENDED))),
}


class AgreementList(DeskPage):
    """Every agreement the reader's office keeps: cut by state, narrowed by kind, partner, form and end, searched by words."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        rows, asked = self.narrowed(today)
        cuts = {key: part for key, (_label, part) in CUTS.items()}
        cuts["segera"] &= Q(ends_on__lte=today + SOON)
        cut = chosen(request.GET.get("bagian"), cuts)
        counts = rows.aggregate(
            **{f"cut{n}": Count("pk", filter=part) for n, part in enumerate(cuts.values())}
        )
        # A row shows none of the long texts.
        rows = rows.filter(cuts[cut]).for_list().defer(*Factor.values, "recitals", "further_provisions")
        ends_first = cut in ("berlaku", "segera") or asked["dalam"]
        ordered = rows.order_by("ends_on", "pk") if ends_first else rows
        if self.wants_sheet:
            return self.as_sheet(ordered)
        page = self.page_of(ordered)
        return self.show(
            "admin/agreements/list.html",
            page_obj=page,
            tabs=[(key, label, counts[f"cut{n}"]) for n, (key, (label, _q)) in enumerate(CUTS.items())],
            cut=cut,
            words=self.words(),
            asked=asked,
            is_narrowed=any(asked.values()) or bool(self.words()),
            kinds=AgreementKind.choices,
            forms=CooperationForm.choices,
            within=WITHIN,
            today=today,
            may_add=self.access.everything or bool(self.access.having(KEEPERS)),
        )

    def narrowed(self, today: Any) -> "tuple[QuerySet[Agreement], dict[str, Any]]":
        """The rows that the address asks for, and what it asks, with everything unknown left out."""
        request = self.request
        rows: Any = Agreement.objects.visible_to(request.user)
        words = self.words()
        asked: dict[str, Any] = {
            "jenis": chosen(request.GET.get("jenis"), AgreementKind.values),
            "bentuk_kerja_sama": chosen(request.GET.get("bentuk_kerja_sama"), CooperationForm.values),
            "dalam": chosen(request.GET.get("dalam"), [str(days) for days in WITHIN]),
            "mitra": self.partner_asked(),
        }
        if words:
            rows = rows.filter(
                Q(title__icontains=words)
                | Q(number__icontains=words)
                | Q(
                    partner__in=Institution.objects.filter(
                        Q(name__icontains=words) | Q(short_name__icontains=words) | Q(npsn=words)
                    )
                )
            )
        if asked["jenis"]:
            rows = rows.filter(kind=asked["jenis"])
        if asked["mitra"]:
            rows = rows.filter(partner=asked["mitra"])
        if asked["bentuk_kerja_sama"]:
            rows = rows.filter(speaks_of(asked["bentuk_kerja_sama"]))
        if asked["dalam"]:
            last = today + timedelta(days=int(asked["dalam"]))
            rows = rows.filter(status=AgreementStatus.ACTIVE, ends_on__lte=last)
        return rows, asked

    def partner_asked(self) -> Institution | None:
        """The partner whose agreements are wanted; its name is shown, so it is read."""
        given = self.request.GET.get("mitra", "")
        try:
            key = UUID(given)
        except ValueError:
            return None
        return Institution.objects.visible_to(self.request.user).filter(pk=key).first()

    def as_sheet(self, rows: "QuerySet[Agreement]") -> HttpResponse:
        heads = (_("Partner"), _("About"), _("Number"), _("Kind"), _("Status"), _("First day"), _("Last day"))
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
                for row in rows[:SHEET_ROWS]
            ),
        )


def speaks_of(form: str) -> Any:
    """Agreements with terms for a form of cooperation."""
    if form == CooperationForm.COLLECTION_LOAN:
        return Exists(LendingTerm.objects.filter(agreement=OuterRef("pk")))
    return Exists(Provision.objects.filter(agreement=OuterRef("pk"), form=form))


class AgreementNew(DeskPage):
    """The first few facts make the draft, so that nothing is lost however long the rest takes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self._require_role()
        asked = {
            "partner": request.GET.get("mitra"),
            "kind": chosen(request.GET.get("jenis"), AgreementKind.values),
            "template": request.GET.get("templat"),
        }
        initial = {name: value for name, value in asked.items() if value}
        return self.answer(NewAgreementForm(user=request.user, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        self._require_role()
        form = NewAgreementForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.answer(form, status=422)
        try:
            agreement = self.draft(dict(form.cleaned_data))
        except (DomainError, ValidationError) as error:
            refuse(form, error)
            return self.answer(form, status=status_of(error))
        return redirect("work:agreement_edit", agreement.pk)

    def draft(self, facts: dict[str, Any]) -> Agreement:
        lends, template = facts.pop("lends"), facts.pop("template")
        if template is not None:
            facts.pop("kind")
            return draft_from_template(template=template, actor=self.actor, **facts)
        if facts["kind"] == AgreementKind.ADDENDUM:
            # It begins with the terms of the one that it changes.
            return amend_agreement(agreement=facts["parent"], actor=self.actor, title=facts["title"])
        return draft_agreement(actor=self.actor, lending={} if lends else None, **facts)

    def _require_role(self) -> None:
        if not self.access.everything and not self.access.having(KEEPERS):
            raise PermissionDenied

    def answer(self, form: NewAgreementForm, status: int = 200) -> HttpResponse:
        words = self.words()
        found: Any = Agreement.objects.none()
        if words:
            found = Agreement.objects.visible_to(self.request.user).for_list()
            found = found.filter(
                Q(title__icontains=words) | Q(number__icontains=words) | Q(partner__name__icontains=words)
            )
        return self.show("admin/agreements/new.html", status, form=form, words=words, to_copy=found[:COPIES])


class DraftPdf(DeskPage):
    """The paper as it would be now, with a watermark."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        agreement = self.find(Agreement.objects.for_list().select_related("parent"), pk)
        response = HttpResponse(draft_pdf(agreement), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="konsep-{agreement.pk}.pdf"'
        response["Cache-Control"] = "private, no-store"
        return response
