"""Route plans at the desk: ask for one, see how far it is, look at it on map and in lists, compare, adopt it, or not (M3)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError, Sentence
from libraries.access import roles_toward
from libraries.choices import Role
from libraries.desk import ActPage, DeskPage, Offer, StepWords, offer_step, refuse, timeline
from libraries.models import Institution
from loans.admin.consignments import pdf
from mobile_service.admin.route_forms import AskRouteForm
from mobile_service.admin.route_wording import AGAIN, ROUTE_ALSO, ROUTE_STEPS
from mobile_service.choices import RoutePlanStatus
from mobile_service.lifecycle import DESK, ROUTE_PLAN
from mobile_service.models import RoutePlan
from mobile_service.services.route_adopting import adopt_plan, said
from mobile_service.services.route_comparing import ChangeRow, compare_with
from mobile_service.services.route_map import points_of
from mobile_service.services.route_papers import wall_calendar_pdf
from mobile_service.services.route_remembering import may_undo
from mobile_service.services.route_undoing import undo_adoption
from mobile_service.services.routing import (
    ask_plan,
    cancel_plan,
    discard_plan,
    next_quarter,
    reckon_again,
    retry_plan,
)
from mobile_service.services.routing_result import has_result, tours_of
from mobile_service.services.routing_words import (
    CHANGES,
    fault_words,
    idle_words,
    left_out_words,
    unmet_words,
)

DESK_ROLES = (Role.CIRCULATION, Role.OFFICER)
# More are folded up by what changed, so that the overview is seen first.
SHOWN_CHANGES = 20
RUNNING = (RoutePlanStatus.WAITING, RoutePlanStatus.RUNNING)
# Plans that are over may be reckoned once more; one that failed has its own step.
AGAIN_FROM = (
    RoutePlanStatus.READY,
    RoutePlanStatus.ADOPTED,
    RoutePlanStatus.DISCARDED,
    RoutePlanStatus.CANCELLED,
)


class RoutePage(DeskPage):
    def offices(self) -> "QuerySet[Institution]":
        """The libraries whose vans the reader plans."""
        offices = Institution.objects.offices().order_by("name")
        return offices.filter(pk__in=self.access.having(DESK_ROLES))

    def plan(self, pk: UUID) -> RoutePlan:
        found: RoutePlan = self.find(RoutePlan.objects.for_list(), pk)
        return found

    def whole_plan(self, pk: UUID) -> RoutePlan:
        """One that has a result. Anything else has no such page (404)."""
        plan: RoutePlan = self.find(RoutePlan.objects.select_related("office"), pk)
        if not has_result(plan):
            raise Http404
        return plan

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Route plans"), reverse("work:route_plans"))]


class RoutePlanList(RoutePage):
    """The plans so far, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = RoutePlan.objects.visible_to(request.user).for_list()
        return self.show(
            "admin/mobile/route_plans.html", page_obj=self.page_of(rows), may_ask=self.offices().exists()
        )


class AskRoutePlan(RoutePage):
    """Which days to plan. The worker begins within seconds."""

    def get(self, request: HttpRequest) -> HttpResponse:
        first, last = next_quarter(clock.today())
        return self.answer(
            AskRouteForm(offices=self.offices(), initial={"starts_on": first, "ends_on": last})
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AskRouteForm(request.POST, offices=self.offices())
        if not form.is_valid():
            return self.answer(form, 422)
        try:
            plan = ask_plan(actor=self.actor, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
            return self.answer(form, error.status)
        return redirect("work:route_plan", plan.pk)

    def answer(self, form: AskRouteForm, status: int = 200) -> HttpResponse:
        if not self.offices().exists():
            raise PermissionDenied
        return self.show("admin/mobile/route_plan_ask.html", status, form=form, crumbs=self.crumbs())


class RoutePlanPage(RoutePage):
    """One plan: how it goes; then its figures, a week of it on the map and beside it, and what it does not reach."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        plan: RoutePlan = self.find(RoutePlan.objects.select_related("office", "asked_by"), pk)
        if self.wants_sheet:
            return self.tours_as_sheet(plan)
        return self.show("admin/mobile/route_plan.html", **self.context(plan))

    def context(self, plan: RoutePlan) -> dict[str, Any]:
        roles = roles_toward(self.request.user, office=plan.office_id)
        may = ROUTE_PLAN.available(plan.status, roles)
        offers = [
            offer_step(
                ROUTE_PLAN,
                action,
                ROUTE_STEPS[action],
                reverse("work:route_plan_step", args=[plan.pk, action]),
            )
            for action in ("adopt", "undo", "cancel", "retry", "discard")
            if action in may and (action != "undo" or may_undo(plan))
        ]
        if plan.status in AGAIN_FROM and roles & DESK:
            offers.append(_again(plan))
        return {
            "plan": plan,
            "running": plan.status in RUNNING,
            "figures": plan.figures,
            "faults": fault_words(plan, plan.faults),
            "broken": fault_words(plan, plan.report.get("broken", ())),
            "unmet": unmet_words(plan),
            "left_out": [(row["name"], left_out_words(plan, row)) for row in plan.report.get("left_out", ())],
            "idle": [
                (reverse("work:vehicle", args=[row["vehicle"]]), row["name"], idle_words(row))
                for row in plan.report.get("idle", ())
            ],
            "stops": [
                row | {"days": [date.fromisoformat(day) for day in row["days"]]}
                for row in plan.report.get("stops", ())
            ],
            "driving": plan.report.get("driving"),
            "steps": offers,
            "events": timeline(plan.events.select_related("actor"), ROUTE_PLAN, ROUTE_ALSO),
            "crumbs": self.crumbs(),
            **(self.week(plan) if has_result(plan) else {}),
        }

    def week(self, plan: RoutePlan) -> dict[str, Any]:
        """The week that is asked for, else the first one with a tour, and all tours in numbers."""
        tours = tours_of(plan)
        mondays = sorted({_monday(tour.on) for tour in tours})
        asked = parsed(self.request.GET.get("minggu", ""))
        within = asked is not None and plan.starts_on - clock.days(6) <= asked <= plan.ends_on
        chosen = _monday(asked) if asked and within else (mondays[0] if mondays else _monday(plan.starts_on))
        at = mondays.index(chosen) if chosen in mondays else 0
        return {
            "tours": tours,
            "weeks": mondays,
            "week": chosen,
            "week_ends": chosen + timedelta(days=6),
            "week_from": chosen.isoformat(),
            "week_until": (chosen + timedelta(days=6)).isoformat(),
            "earlier_week": mondays[at - 1] if at else None,
            "later_week": mondays[at + 1] if at + 1 < len(mondays) else None,
            "week_tours": tours_of(plan, chosen, chosen + timedelta(days=6)),
        }

    def tours_as_sheet(self, plan: RoutePlan) -> HttpResponse:
        """Every visit of the plan as a sheet."""
        if not has_result(plan):
            raise Http404
        heads = (
            _("Day"),
            _("Vehicle"),
            _("Number"),
            _("Van stop"),
            _("Arrives"),
            _("Begins"),
            _("Ends"),
            _("Fixed by hand"),
        )
        return self.sheet(
            "rencana-rute",
            heads,
            (
                (
                    tour.on,
                    tour.name,
                    row.position,
                    row.name,
                    row.arrives,
                    row.begins,
                    row.ends,
                    _("yes") if row.by_hand or row.is_kept else "",
                )
                for tour in tours_of(plan)
                for row in tour.visits
            ),
        )


class RoutePlanProgress(RoutePage):
    """The part of the page that a waiting reader's browser fetches anew; a finished plan sends the whole page again."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        plan = self.plan(pk)
        running = plan.status in RUNNING
        response = self.show("admin/mobile/_route_progress.html", plan=plan, running=running)
        if not running:
            response["HX-Refresh"] = "true"
        return response


class RoutePlanPoints(RoutePage):
    """The tours of some days as GeoJSON, for the map."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        plan = self.whole_plan(pk)
        first, last = (parsed(request.GET.get(name, "")) for name in ("dari", "sampai"))
        return JsonResponse(points_of(plan, tours_of(plan, first, last)))


class RoutePlanCompare(RoutePage):
    """The plan beside the calendar in force, or beside another plan."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        plan = self.whole_plan(pk)
        others = (
            RoutePlan.objects.visible_to(request.user)
            .for_list()
            .filter(
                office=plan.office_id,
                result__isnull=False,
                starts_on__lte=plan.ends_on,
                ends_on__gte=plan.starts_on,
            )
            .exclude(pk=plan.pk)[:20]
        )
        other = None
        if chosen := request.GET.get("dengan", ""):
            try:
                other = self.whole_plan(UUID(chosen))
            except ValueError:
                raise Http404
            if other.office_id != plan.office_id:
                raise Http404
        beside = compare_with(plan, other)
        return self.show(
            "admin/mobile/route_plan_compare.html",
            plan=plan,
            other=other,
            others=others,
            beside=beside,
            rows=_figures(beside.before, beside.after),
            groups=_by_kind(beside.changes),
            all_shown=len(beside.changes) <= SHOWN_CHANGES,
            crumbs=[*self.crumbs(), (title_of(plan), reverse("work:route_plan", args=[plan.pk]))],
        )


class RoutePlanPaper(RoutePage):
    """The calendar for the wall."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        plan = self.whole_plan(pk)
        content = wall_calendar_pdf(plan, language=get_language() or "id")
        return pdf(content, f"kalender-pusling-{plan.starts_on:%Y-%m-%d}")


class RoutePlanStep(ActPage, RoutePage):
    VERBS = {
        "undo": undo_adoption,
        "cancel": cancel_plan,
        "retry": retry_plan,
        "discard": discard_plan,
        "again": reckon_again,
    }
    action: str
    step_words: StepWords
    # Where the reader is led afterwards: the plan itself, or the new one that was made of it.
    made: RoutePlan | None = None

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.action = kwargs["action"]
        if self.action not in {*self.VERBS, "adopt"}:
            raise Http404
        self.step_words = AGAIN if self.action == "again" else ROUTE_STEPS[self.action]
        self.kind = "danger-solid" if self.step_words.kind == "danger" else "primary"
        return self.plan(pk)

    def title(self) -> Sentence:
        return self.step_words.title

    def text(self) -> Sentence:
        return self.step_words.text

    def label(self) -> Sentence:
        return _("Reckon again") if self.action == "again" else ROUTE_PLAN.transition(self.action).label

    def back(self) -> str:
        return reverse("work:route_plan", args=[(self.made or self.subject).pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*RoutePage.crumbs(self), (title_of(self.subject), self.back())]

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        if self.action == "adopt":
            answer = said(adopt_plan(plan=self.subject, actor=self.actor))
            return answer + " " + gettext("It can be taken back for ten minutes.")
        self.made = self.VERBS[self.action](plan=self.subject, actor=self.actor)
        return self.step_words.done


def title_of(plan: RoutePlan) -> str:
    return f"{plan.starts_on:%d/%m/%Y}–{plan.ends_on:%d/%m/%Y}"


def parsed(text: str) -> date | None:
    """A day from an address; None for whatever is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _again(plan: RoutePlan) -> Offer:
    return Offer(
        id="step-again",
        url=reverse("work:route_plan_step", args=[plan.pk, "again"]),
        label=_("Reckon again"),
        title=AGAIN.title,
        text=AGAIN.text,
        icon=AGAIN.icon,
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _by_kind(changes: Sequence[ChangeRow]) -> list[tuple[Sentence, list[ChangeRow]]]:
    """What differs, in the order of the kinds; a kind without any is left out."""
    rows = {kind: [row for row in changes if row.kind == kind] for kind in CHANGES}
    return [(words, rows[kind]) for kind, words in CHANGES.items() if rows[kind]]


def _figures(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[Sentence, float, float, float]]:
    """What is compared: label, before, after, difference."""
    kinds: tuple[tuple[Sentence, str, int], ...] = (
        (_("Visits"), "met", 0),
        (_("Days out of a vehicle"), "tours", 0),
        (_("Kilometres"), "distance", 0),
        (_("Hours out"), "hours", 1),
        (_("Longest day (hours)"), "most", 1),
        (_("Shortest day (hours)"), "least", 1),
    )
    # The difference is that of the figures as they stand there, so that whoever subtracts finds the same.
    rows = [
        (label, round(before[name], digits), round(after[name], digits), digits)
        for label, name, digits in kinds
    ]
    return [(label, was, now, round(now - was, digits)) for label, was, now, digits in rows]
