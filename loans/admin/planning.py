"""Rotation plans on the desk: ask for one, see how far it is, look at it, adopt it for all, for some, or not (L2)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError, Sentence
from libraries.access import roles_toward
from libraries.choices import Role
from libraries.desk import ActPage, DeskPage, offer_step, timeline
from libraries.models import Institution
from loans.admin.planning_forms import AskPlanForm
from loans.admin.planning_wording import PLAN_ALSO, PLAN_STEPS, left_out_words
from loans.choices import PlanStatus
from loans.lifecycle import PLAN
from loans.models import RotationPlan
from loans.services.adopting import adopt_plan, said
from loans.services.continuing import holes_of, holes_words, replan_rest
from loans.services.planner_words import (
    kept_sentences,
    kind_words,
    remark,
    remedy_words,
    straight_words,
    unserved_words,
)
from loans.services.planning_papers import books_of, differences_of, short_words
from loans.services.planning_summary import adopted_of
from loans.services.remembering import may_undo
from loans.services.rotating import ask_plan, cancel_plan, discard_plan, retry_plan
from loans.services.undoing import undo_adoption
from loans.services.weighing import IMPORTANT, weighed, weights_of

DESK_ROLES = (Role.CIRCULATION, Role.OFFICER)


class PlannerPage(DeskPage):
    def offices(self) -> "QuerySet[Institution]":
        """The libraries whose rotation the reader plans."""
        offices = Institution.objects.offices().order_by("name")
        return offices.filter(pk__in=self.access.having(DESK_ROLES))

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Rotation plans"), reverse("work:plans"))]


class PlanList(PlannerPage):
    """The plans so far, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = RotationPlan.objects.visible_to(request.user).for_list()
        # The plan that is in force, of the reader's own library.
        present = (
            rows.filter(status=PlanStatus.ADOPTED, lender__in=self.access.offices)
            .order_by("-adopted_at", "-created_at")
            .first()
        )
        return self.show(
            "admin/loans/plans.html",
            page_obj=self.page_of(rows),
            may_ask=self.offices().exists(),
            present=present,
            holes=holes_words(holes_of(present)) if present else "",
        )


class AskPlan(PlannerPage):
    """What to plan, and how. The worker begins within seconds."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(AskPlanForm(offices=self.offices(), initial={"starts_on": clock.today()}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AskPlanForm(request.POST, offices=self.offices())
        if not form.is_valid():
            return self.answer(form, 422)
        given = dict(form.cleaned_data)
        weights = weights_of({name: given.pop(f"weigh_{name}") for name in IMPORTANT})
        if not given.pop("fair"):
            weights["fairness"] = 0
        try:
            plan = ask_plan(
                actor=self.actor,
                **{**given, "fixed": given["fixed"] or 0},
                weights=weights,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
            return self.answer(form, error.status)
        return redirect("work:plan", plan.pk)

    def answer(self, form: AskPlanForm, status: int = 200) -> HttpResponse:
        if not self.offices().exists():
            raise PermissionDenied
        return self.show("admin/loans/plan_ask.html", status, form=form, crumbs=self.crumbs())


class PlanPage(PlannerPage):
    """One plan: how it goes; then what it gives, what it cannot give and why, and the schools to adopt it for."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        plan: RotationPlan = self.find(RotationPlan.objects.for_list(), pk)
        if self.wants_sheet:
            return self.books(plan)
        return self.show("admin/loans/plan.html", **self.context(plan))

    def books(self, plan: RotationPlan) -> HttpResponse:
        """Every book of the plan as a sheet: all of them, for whoever sorts them elsewhere."""
        if plan.result is None:
            raise Http404
        heads = (
            _("School"),
            _("Period"),
            _("To be delivered"),
            _("Title"),
            _("Reading level"),
            _("Shelf mark"),
            _("Barcode"),
            _("Straight from"),
            _("Against the present plan"),
        )
        return self.sheet(
            "rencana-rotasi",
            heads,
            (
                (
                    row.school,
                    row.period.sequence,
                    row.period.starts_on,
                    row.copy.title.title,
                    row.copy.title.get_reading_level_display(),
                    row.copy.call_number,
                    row.copy.barcode,
                    row.source,
                    _("new") if row.is_new else _("stays"),
                )
                for row in books_of(plan)
            ),
        )

    def context(self, plan: RotationPlan) -> dict[str, Any]:
        roles = roles_toward(self.request.user, lender=plan.lender_id)
        may = PLAN.available(plan.status, roles)
        report = plan.report
        adopted = adopted_of(plan) if plan.status == PlanStatus.ADOPTED else {}
        schools = [school_row(row) | {"adopted": adopted.get(row["programme"], 0)} for row in plan.schools]
        return {
            "plan": plan,
            "running": plan.status in (PlanStatus.WAITING, PlanStatus.RUNNING),
            "weighed": weighed(plan.weights),
            "figures": plan.figures,
            "schools": schools,
            "sums": {name: sum(row[name] for row in schools) for name in ("new", "same", "dropped", "empty")},
            "left_out": [(row["name"], left_out_words(row["code"])) for row in plan.left_out],
            "remarks": [(row["school"], row["programme"], remark(row)) for row in report.get("remarks", ())],
            "faults": kept_sentences(plan.faults),
            "remedies": [
                (kind_words(row["level"], row["subject"]), row["missing"], remedy_words(row))
                for row in report.get("remedies", ())
            ],
            "unserved": [row | {"why": unserved_words(row["reason"])} for row in report.get("unserved", ())],
            "trips": [row | {"on": date.fromisoformat(row["on"])} for row in report.get("trips", ())],
            "adopted": sum(1 for row in schools if row["adopted"]),
            "few_straight": straight_words(plan.figures, report.get("meetings")),
            "may_adopt": "adopt" in may and bool(not_adopted(plan, adopted)),
            "steps": [
                offer_step(
                    PLAN, action, PLAN_STEPS[action], reverse("work:plan_step", args=[plan.pk, action])
                )
                for action in may
                if action in PLAN_STEPS and (action != "undo" or may_undo(plan))
            ],
            "holes": holes_words(holes_of(plan)),
            "events": timeline(plan.events.select_related("actor"), PLAN, PLAN_ALSO),
            "crumbs": self.crumbs(),
        }


def not_adopted(plan: RotationPlan, adopted: dict[str, int]) -> list[UUID]:
    """The programmes that get books from the plan, and whose deliveries do not promise them."""
    return [
        UUID(row["programme"]) for row in plan.schools if row["books"] and row["programme"] not in adopted
    ]


def school_row(row: dict[str, Any]) -> dict[str, Any]:
    """As kept, with what is short in words."""
    return {
        **row,
        **differences_of(row),
        "short": short_words(row),
        "empty": row["places"] - row["books"],
    }


class PlanProgress(PlanPage):
    """The part of the page that a waiting reader's browser fetches anew; a finished plan sends the whole page again."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        plan: RotationPlan = self.find(RotationPlan.objects.for_list(), pk)
        running = plan.status in (PlanStatus.WAITING, PlanStatus.RUNNING)
        response = self.show("admin/loans/_plan_progress.html", plan=plan, running=running)
        if not running:
            response["HX-Refresh"] = "true"
        return response


class AdoptPlan(PlannerPage):
    """Adopt for the ticked schools, for all, or for those that have not yet: the others keep what was changed since."""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        plan: RotationPlan = self.find(RotationPlan.objects.for_list(), pk)
        programmes: list[UUID] | None = None
        if "sisa" in request.POST:
            programmes = not_adopted(plan, adopted_of(plan))
        elif "semua" not in request.POST:
            try:
                programmes = [UUID(key) for key in request.POST.getlist("program")]
            except ValueError:
                raise Http404
        try:
            answer = adopt_plan(plan=plan, actor=self.actor, programmes=programmes)
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, said(answer))
        return redirect("work:plan", plan.pk)


class PlanStep(ActPage, PlannerPage):
    VERBS = {
        "cancel": cancel_plan,
        "retry": retry_plan,
        "discard": discard_plan,
        "undo": undo_adoption,
        "replan": replan_rest,
    }
    action: str
    # Where the reader is led afterwards: the plan itself, or the new one that was made of it.
    made: RotationPlan | None = None

    def subject_of(self, pk: UUID, **kwargs: Any) -> Any:
        self.action = kwargs["action"]
        if self.action not in self.VERBS:
            raise Http404
        self.kind = "danger-solid" if PLAN_STEPS[self.action].kind == "danger" else "primary"
        return self.find(RotationPlan.objects.for_list(), pk)

    def title(self) -> Sentence:
        return PLAN_STEPS[self.action].title

    def text(self) -> Sentence:
        return PLAN_STEPS[self.action].text

    def label(self) -> Sentence:
        return PLAN.transition(self.action).label

    def back(self) -> str:
        return reverse("work:plan", args=[(self.made or self.subject).pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*PlannerPage.crumbs(self), (str(self.subject), self.back())]

    def act(self, cleaned: dict[str, Any]) -> Sentence:
        self.made = self.VERBS[self.action](plan=self.subject, actor=self.actor)
        return PLAN_STEPS[self.action].done
