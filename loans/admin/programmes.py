"""Programmes and their periods: what is lent to whom, when it is swapped, and why a date was moved (L1)."""

from uuid import UUID

from django.db.models import Count, F, Min, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.pages.templatetags.house import long_date
from libraries.access import roles_toward
from libraries.desk import SHEET_ROWS, DeskPage, chosen, offer_step, timeline
from libraries.models import Closure
from loans.admin.programme_acts import ProgrammeStep
from loans.admin.wording import PROGRAMME_ALSO, PROGRAMME_STEPS
from loans.choices import ConsignmentStatus, PeriodStatus, ProgrammeStatus
from loans.lifecycle import PERIOD, PROGRAMME
from loans.models import Consignment, Period, Programme
from loans.services.balances import balances
from loans.services.dividing import remarks_of
from loans.services.moving import weekday_words
from loans.services.pausing import books_of
from loans.services.programmes import agreed_of, taken_of


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
        periods = list(programme.periods.annotate(books=Count("planned_books")).order_by("sequence"))
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
            owed=list(
                balances(request.user, today, lender=programme.lender_id, partner=programme.partner_id)
            ),
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
                    ProgrammeStep.form_for(action, programme),
                )
                for action in PROGRAMME.available(programme.status, roles)
            ],
            remarks=remarks_of(programme),
            siblings=programme.agreement.programmes.exclude(pk=programme.pk).order_by("label", "pk"),
            weekdays=weekday_words(programme.weekdays),
            home=books_of(programme) if programme.status == ProgrammeStatus.RETURNING else None,
            may_add=programme.status in (ProgrammeStatus.RUNNING, ProgrammeStatus.PAUSED)
            and (agreed_of(programme.agreement) or 0) > taken_of(programme.agreement),
            may_work=bool(roles & {"lender:circulation", "lender:officer"}),
            events=timeline(events, PROGRAMME, PROGRAMME_ALSO),
            today=today,
        )


def closed_reasons(programme: Programme) -> list[Closure]:
    """The closed days that could have moved a date of this programme."""
    sides = [programme.lender, programme.partner]
    return list(Closure.objects.shutting(sides).between(programme.starts_on, programme.ends_on))


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
