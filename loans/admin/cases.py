"""Losses and damages: the list, and one case from the report to its settlement (L8)."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.models import LendingTerm
from kerjasama.domain import clock
from kerjasama.domain.wording import rupiah
from kerjasama.pages.templatetags.house import plain_date
from libraries.access import roles_toward
from libraries.desk import SHEET_ROWS, ActPage, DeskPage, chosen, timeline
from loans.admin.forms import AssessForm, FindForm, SettleForm, first_assessment
from loans.admin.wording import CASE_ALSO, CASE_STEPS
from loans.choices import OPEN_CASES, OWED_CASES, CaseStatus, PleaAnswer, Settlement
from loans.lifecycle import CASE, steps_of_case
from loans.models import Case
from loans.models.case import WITHOUT_NUMBER
from loans.services.claiming import assess_case, find_case, settle_case

# The lists of cases that are over.
CLOSED = ("nomor", "selesai")


class CaseList(DeskPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        rows = Case.objects.visible_to(request.user)
        words = self.words()
        if words:
            rows = rows.filter(
                Q(code__iexact=words)
                | Q(partner__name__icontains=words)
                | Q(partner__short_name__icontains=words)
                | Q(copy__barcode__iexact=words)
                | Q(copy__title__title__icontains=words)
            )
        cuts = {
            "": (gettext_lazy("Open cases"), Q(status__in=OPEN_CASES)),
            "dinilai": (gettext_lazy("To be assessed"), Q(status=CaseStatus.REPORTED)),
            "dijawab": (
                gettext_lazy("To be answered"),
                Q(status__in=[CaseStatus.OFFERED, CaseStatus.APPEALED]),
            ),
            "terlambat": (gettext_lazy("Late"), Q(status__in=OWED_CASES, due_on__lt=today)),
            "nomor": (gettext_lazy("Without write-off number"), WITHOUT_NUMBER),
            "selesai": (gettext_lazy("Closed"), ~Q(status__in=OPEN_CASES)),
        }
        cut = chosen(request.GET.get("bagian"), cuts)
        counts = rows.aggregate(
            **{f"cut{n}": Count("pk", filter=q) for n, (_label, q) in enumerate(cuts.values())}
        )
        tabs = [(key, label, counts[f"cut{n}"]) for n, (key, (label, _q)) in enumerate(cuts.items())]
        rows = rows.filter(cuts[cut][1]).for_list()
        if self.wants_sheet:
            heads = (
                _("Code"),
                _("What happened to it"),
                _("Title"),
                _("Barcode"),
                _("Partner"),
                _("Status"),
                _("Reported on"),
                _("To be replaced until"),
                _("Settlement"),
                _("Settled on"),
            )
            return self.sheet(
                "kasus",
                heads,
                (
                    (
                        row.code,
                        row.get_kind_display(),
                        row.copy.title,
                        row.copy.barcode,
                        row.partner.name,
                        row.get_status_display(),
                        row.reported_on,
                        None if row.status == CaseStatus.REPORTED else row.due_on,
                        row.get_settlement_display(),
                        row.settled_on,
                    )
                    for row in rows.order_by("due_on", "pk")[:SHEET_ROWS]
                ),
            )
        page = self.page_of(
            rows.order_by("-settled_on", "-pk") if cut in CLOSED else rows.order_by("due_on", "pk")
        )
        for row in page:
            row.late = row.days_late(today)
        return self.show(
            "admin/loans/cases.html",
            page_obj=page,
            tabs=tabs,
            cut=cut,
            closed=cut in CLOSED,
            words=words,
            today=today,
        )


class CasePage(DeskPage):
    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        rows = Case.objects.for_list().select_related(
            "lender",
            "partner",
            "copy__title",
            "line__consignment",
            "line__returned_to",
            "letter",
            "settlement_record",
            "reported_by",
            "replacement_copy__title",
            "photograph",
            "warning",
        )
        case = self.find(rows, pk)
        may = steps_of_case(case.kind, case.status, roles_toward(request.user, lender=case.lender_id))
        today = clock.today(case.lender.zone)
        return self.show(
            "admin/loans/case.html",
            case=case,
            may=may,
            answers=steps_among(may, ("accept", "refuse", "uphold", "reduce", "withdraw")),
            rest=steps_among(
                may,
                ("offer", "appeal", "extend", *(["warn"] if case.days_late(today) else []), "retract"),
                ("write_off", "note_write_off"),
            ),
            late=case.days_late(today),
            pleas=list(case.pleas.select_related("photograph", "letter", "made_by", "answered_by")),
            events=timeline(case.events.select_related("actor"), CASE, CASE_ALSO),
            today=today,
        )


def steps_among(may: list[str], *groups: tuple[str, ...]) -> list[tuple[str, Any, str]]:
    """Buttons for those of the steps that can be done now: name, words, picture."""
    wanted = [action for group in groups for action in group]
    # What a school does itself, the desk only notes for it: the button says so.
    noted = {action: CASE_STEPS[action].title for action in ("offer", "appeal")}
    return [
        (action, noted.get(action, CASE.transition(action).label), CASE_STEPS[action].icon)
        for action in wanted
        if action in may
    ]


class CaseAct(ActPage):
    template_name = "admin/loans/case_act.html"
    case: Case

    def subject_of(self, pk: UUID) -> Case:
        self.case = self.find(Case.objects.for_list(), pk)
        return self.case

    def back(self) -> str:
        return reverse("work:case", args=[self.case.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Cases"), reverse("work:cases")), (self.case.code, self.back())]

    def more(self) -> dict[str, Any]:
        return {"case": self.case, "today": clock.today(self.case.lender.zone)}


class Assess(CaseAct):
    def make_form(self, *data: Any) -> AssessForm:
        agreement = self.case.line.consignment.period.programme.agreement
        term = LendingTerm.objects.filter(agreement=agreement).first()
        today = clock.today(self.case.lender.zone)
        return AssessForm(
            *data,
            ways=list(term.replacement_ways) if term else [],
            initial=first_assessment(self.case, today),
        )

    def title(self) -> str:
        return _("Assess case %(code)s") % {"code": self.case.code}

    def text(self) -> str:
        return _(
            "The letter to the partner is made from this, with its number. Offered is what the agreement allows."
        )

    def label(self) -> str:
        return _("Assess and make the letter")

    def act(self, cleaned: dict[str, Any]) -> str:
        done = assess_case(case=self.case, actor=self.actor, **cleaned)
        return _("Assessed. The letter is %(number)s; the partner is asked until %(day)s.") % {
            "number": done.letter.number if done.letter else "",
            "day": plain_date(done.due_on),
        }


class Settle(CaseAct):
    def make_form(self, *data: Any) -> SettleForm:
        usual = self.case.demand or Settlement.SAME_TITLE
        offer = self.case.pleas.filter(answer=PleaAnswer.ACCEPTED).last()
        if offer is not None:
            usual = Settlement.EQUAL_TITLE
        return SettleForm(
            *data,
            initial={
                "on": clock.today(self.case.lender.zone),
                "settlement": usual,
                "replacement_title": offer.title if offer is not None else "",
                "paid_amount": int(self.case.amount) if self.case.amount else None,
            },
        )

    def title(self) -> str:
        return _("Settle case %(code)s") % {"code": self.case.code}

    def text(self) -> str:
        if not self.case.demand:
            return _("Nothing was asked of the partner yet; you can settle it all the same.")
        asked = str(self.case.get_demand_display())
        amount = f" ({rupiah(self.case.amount)})" if self.case.amount else ""
        return _("Asked was: %(asked)s. A settlement record is made for both sides.") % {
            "asked": asked + amount
        }

    def label(self) -> str:
        return _("Settle and make the record")

    def act(self, cleaned: dict[str, Any]) -> str:
        done = settle_case(case=self.case, actor=self.actor, **cleaned)
        return _("Settled: %(how)s.") % {"how": done.get_settlement_display()}


class Find(CaseAct):
    def make_form(self, *data: Any) -> FindForm:
        return FindForm(*data)

    def title(self) -> str:
        return _("“%(title)s” has been found") % {"title": self.case.copy.title}

    def text(self) -> str:
        return _(
            "Only when the book is here, in your hands: it goes back to the shelf, and the case is closed."
        )

    def label(self) -> str:
        return _("It is here")

    def act(self, cleaned: dict[str, Any]) -> str:
        find_case(case=self.case, actor=self.actor, **cleaned)
        return _("The book is back on the shelf; nothing more is asked of the partner.")
