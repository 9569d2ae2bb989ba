"""Programmes and their periods: what is lent to whom, when it is swapped, and why a date was moved (L1)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agreements.models import Agreement
from kerjasama.domain import clock
from kerjasama.domain.errors import Sentence
from kerjasama.pages.templatetags.house import long_date
from libraries.access import roles_toward
from libraries.desk import SHEET_ROWS, ActPage, DeskPage, NoteForm, chosen, offer_step, timeline
from libraries.models import Closure
from loans.admin.forms import MovePeriodForm, OpenProgrammeForm
from loans.admin.planning_forms import ProposeForm
from loans.admin.wording import PROGRAMME_ALSO, PROGRAMME_STEPS
from loans.choices import ConsignmentStatus, PeriodStatus, ProgrammeStatus
from loans.lifecycle import PERIOD, PROGRAMME
from loans.models import Consignment, Period, Programme
from loans.services.programmes import (
    cancel_period,
    end_programme,
    move_period,
    open_programme,
    pause_programme,
    replan_periods,
    resume_programme,
)
from loans.services.proposing import propose_consignment


class ProgrammeList(DeskPage):
    """Every programme with its next swap; the nearest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Programme.objects.visible_to(request.user)
        words = self.words()
        if words:
            rows = rows.filter(
                Q(partner__name__icontains=words)
                | Q(partner__short_name__icontains=words)
                | Q(partner__npsn=words)
                | Q(agreement__number__icontains=words)
            )
        cut = chosen(request.GET.get("bagian", ProgrammeStatus.RUNNING), {*ProgrammeStatus.values, ""})
        counts = dict(rows.values_list("status").annotate(n=Count("pk")).order_by())
        tabs = [(value, label, counts.get(value, 0)) for value, label in ProgrammeStatus.choices]
        if cut:
            rows = rows.filter(status=cut)
        rows = (
            rows.for_list()
            .annotate(
                next_on=Min("periods__starts_on", filter=Q(periods__status=PeriodStatus.PLANNED)),
                back_on=Min("periods__ends_on", filter=Q(periods__status=PeriodStatus.RUNNING)),
            )
            .order_by(F("next_on").asc(nulls_last=True), "partner__name", "pk")
        )
        if self.wants_sheet:
            heads = (
                _("Partner"),
                _("Agreement"),
                _("Books per delivery"),
                _("Swapped every … months"),
                _("With the partner until"),
                _("Next delivery"),
                _("Ends"),
            )
            return self.sheet(
                "program",
                heads,
                (
                    (
                        row.partner.name,
                        row.agreement,
                        row.quantity,
                        row.interval_months,
                        row.back_on,
                        row.next_on,
                        row.ends_on,
                    )
                    for row in rows[:SHEET_ROWS]
                ),
            )
        return self.show(
            "admin/loans/programmes.html",
            page_obj=self.page_of(rows),
            tabs=tabs,
            cut=cut,
            words=words,
            today=clock.today(),
        )


class ProgrammePage(DeskPage):
    """One programme: its terms, its periods with their dates, and what can be done with each."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        programme = self.find(Programme.objects.for_list().select_related("profile"), pk)
        roles = roles_toward(request.user, lender=programme.lender_id)
        periods = list(programme.periods.order_by("sequence"))
        deliveries = {
            row.period_id: row
            for row in Consignment.objects.filter(period__programme=programme)
            .exclude(status=ConsignmentStatus.CANCELLED)
            .with_counts()
        }
        today = clock.today(programme.lender.zone)
        reasons = closed_reasons(programme)
        running = programme.status == ProgrammeStatus.RUNNING
        rows = [
            {
                "period": period,
                "delivery": deliveries.get(period.pk),
                "moved": moved_words(period, reasons),
                "late": period.days_late(today),
                "may": PERIOD.available(period.status, roles),
                "may_propose": running and "propose" in PERIOD.available(period.status, roles),
            }
            for period in periods
        ]
        next_row = next((row for row in rows if row["period"].status == PeriodStatus.PLANNED), None)
        out = [row for row in rows if row["period"].status == PeriodStatus.RUNNING]
        events = list(programme.events.select_related("actor"))
        return self.show(
            "admin/loans/programme.html",
            programme=programme,
            followed=next((event for event in reversed(events) if event.action == "follow"), None),
            rows=rows,
            next_row=next_row,
            out=out,
            steps=[
                offer_step(
                    PROGRAMME,
                    action,
                    PROGRAMME_STEPS[action],
                    reverse("work:programme_step", args=[programme.pk, action]),
                    NoteForm(auto_id=f"{action}_%s")
                    if "note" in PROGRAMME.transition(action).needs
                    else None,
                )
                for action in PROGRAMME.available(programme.status, roles)
            ],
            may_work=bool(roles & {"lender:circulation", "lender:officer"}),
            events=timeline(events, PROGRAMME, PROGRAMME_ALSO),
            today=today,
        )


def closed_reasons(programme: Programme) -> list[Closure]:
    """The closed days that could have moved a date of this programme."""
    sides = [programme.lender_id, programme.partner_id]
    return list(
        Closure.objects.filter(Q(institution__isnull=True) | Q(institution__in=sides)).filter(
            ends_on__gte=programme.starts_on, starts_on__lte=programme.ends_on
        )
    )


def moved_words(period: Period, closures: list[Closure]) -> str:
    """Why a swap is not on the day that the interval gives: “moved from … because …”; "" when it is."""
    day = period.nominal_on
    if day == period.starts_on:
        return ""
    reason = next((row.reason for row in closures if row.starts_on <= day <= row.ends_on), "")
    programme = period.programme
    if not reason and day.weekday() in {
        *programme.lender.closed_weekdays,
        *programme.partner.closed_weekdays,
    }:
        reason = _("closed every %(weekday)s") % {"weekday": date_format(day, "l")}
    if reason:
        return _("moved from %(day)s: %(reason)s") % {"day": long_date(day), "reason": reason}
    return _("moved by hand from %(day)s") % {"day": long_date(day)}


class ProgrammeAct(ActPage):
    programme: Programme

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.programme = self.find(Programme.objects.for_list(), pk)
        return self.programme

    def back(self) -> str:
        return reverse("work:programme", args=[self.programme.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Programmes"), reverse("work:programmes")), (str(self.programme.partner), self.back())]


class ProgrammeStep(ProgrammeAct):
    VERBS = {"pause": pause_programme, "resume": resume_programme, "end": end_programme}
    action: str

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.action = kwargs["action"]
        if self.action not in self.VERBS:
            raise Http404
        if "note" in PROGRAMME.transition(self.action).needs:
            self.form_class = NoteForm
        self.kind = "danger-solid" if PROGRAMME_STEPS[self.action].kind == "danger" else "primary"
        return super().subject_of(pk)

    def title(self) -> Sentence:
        return PROGRAMME_STEPS[self.action].title

    def text(self) -> Sentence:
        return PROGRAMME_STEPS[self.action].text

    def label(self) -> Sentence:
        return PROGRAMME.transition(self.action).label

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        self.VERBS[self.action](programme=self.programme, actor=self.actor, **cleaned)
        return PROGRAMME_STEPS[self.action].done


class Replan(ProgrammeAct):
    def title(self) -> str:
        return _("Reckon the planned dates again?")

    def text(self) -> str:
        return _(
            "After closed days were added or taken away. Dates moved by hand go back to the rule; past ones stay."
        )

    def label(self) -> str:
        return _("Reckon again")

    def act(self, cleaned: dict[str, Any]) -> str:
        moved = replan_periods(programme=self.programme, actor=self.actor)
        return (
            _("%(count)s dates were moved.") % {"count": moved} if moved else _("All dates stay as they are.")
        )


class OpenProgramme(ActPage):
    """From an agreement in force to its programme; the reading levels are chosen here, everything else was agreed."""

    form_class = OpenProgrammeForm
    opened: Programme | None = None

    def subject_of(self, pk: UUID, **kwargs: Any) -> Agreement:
        agreement: Agreement = self.find(Agreement.objects.for_list(), pk)
        return agreement

    def title(self) -> str:
        return _("Open the lending programme")

    def text(self) -> str:
        return _("All periods up to the end of the agreement are planned, off closed days.")

    def back(self) -> str:
        if self.opened is not None:
            return reverse("work:programme", args=[self.opened.pk])
        return reverse("work:agreement", args=[self.subject.pk])

    def act(self, cleaned: dict[str, Any]) -> str:
        self.opened = open_programme(agreement=self.subject, actor=self.actor, **cleaned)
        return _("The programme is open, and its dates are planned.")


class PeriodAct(ActPage):
    def subject_of(self, pk: UUID, **kwargs: Any) -> Period:
        period: Period = self.find(Period.objects.for_list(), pk)
        return period

    def back(self) -> str:
        return reverse("work:programme", args=[self.subject.programme_id])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Programmes"), reverse("work:programmes")),
            (
                str(self.subject.programme.partner),
                reverse("work:programme", args=[self.subject.programme_id]),
            ),
        ]


class MovePeriod(PeriodAct):
    form_class = MovePeriodForm

    def title(self) -> str:
        return _("Move the swap of %(period)s") % {"period": self.subject}

    def text(self) -> str:
        return _("Planned for %(day)s. The period before it ends on the new day too.") % {
            "day": long_date(self.subject.starts_on)
        }

    def label(self) -> str:
        return _("Move")

    def initial(self) -> dict[str, date]:
        return {"starts_on": self.subject.starts_on}

    def act(self, cleaned: dict[str, Any]) -> str:
        move_period(period=self.subject, actor=self.actor, **cleaned)
        return _("The swap is now on %(day)s.") % {"day": long_date(cleaned["starts_on"])}


class CancelPeriod(PeriodAct):
    form_class = NoteForm
    kind = "danger-solid"

    def title(self) -> str:
        return _("Cancel the delivery of %(period)s?") % {"period": self.subject}

    def text(self) -> str:
        return _("It does not take place. Books of the period before it still come back on their day.")

    def label(self) -> str:
        return _("Cancel the delivery")

    def act(self, cleaned: dict[str, Any]) -> str:
        cancel_period(period=self.subject, actor=self.actor, **cleaned)
        return _("The delivery is cancelled.")


class Propose(PeriodAct):
    """The books of a period are proposed, or a list that has become too short is filled up."""

    made: Consignment | None = None
    form_class = ProposeForm

    def make_form(self, *data: Any) -> Any:
        form = super().make_form(*data)
        if not self.subject.planned_books.exists():
            del form.fields["do_not_wait"]
        return form

    def title(self) -> str:
        return _("Propose books for %(period)s") % {"period": self.subject}

    def text(self) -> str:
        return _(
            "Books that rest on the shelf, spread over the subjects, longest-resting first, no title that the school has "
            "had. You can take out and add afterwards."
        )

    def label(self) -> str:
        return _("Propose books")

    def back(self) -> str:
        return reverse("work:consignment", args=[self.made.pk]) if self.made else super().back()

    def act(self, cleaned: dict[str, Any]) -> str:
        wait = not cleaned.get("do_not_wait")
        self.made = propose_consignment(period=self.subject, actor=self.actor, wait=wait)
        return _("The list is ready. Print the pick list and fetch the books.")
