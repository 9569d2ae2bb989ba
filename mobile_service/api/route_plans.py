"""Route plans and driving times over the API (M3)."""

from typing import Any

from rest_framework import serializers

from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import Input, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Removed, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from libraries.access import roles_toward
from libraries.models import Institution
from mobile_service.lifecycle import DESK, ROUTE_PLAN
from mobile_service.models import RoutePlan, Stop, TravelTime
from mobile_service.route_filters import RoutePlanFilter, TravelTimeFilter
from mobile_service.services import routing
from mobile_service.services.route_adopting import RouteAdoption, adopt_plan
from mobile_service.services.route_changing import change_visit, release_visit
from mobile_service.services.route_remembering import may_undo
from mobile_service.services.route_undoing import undo_adoption
from mobile_service.services.routing_result import has_result, tours_of
from mobile_service.services.routing_words import fault_words
from mobile_service.services.travel_times import remove_time, set_time

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"
VERBS = serializers.ListField(
    child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
)


def _plan_actions(row: RoutePlan, audience: Audience) -> list[str]:
    able = ROUTE_PLAN.available(row.status, roles_toward(audience.user, office=row.office_id))
    return [name for name in able if name != "undo" or may_undo(row)]


def _time_actions(row: TravelTime, audience: Audience) -> list[str]:
    return ["remove"] if roles_toward(audience.user, office=row.office_id) & DESK else []


class RoutePlanRow(Row):
    url = Url("route-plans")
    display = Display()
    office = Link("institutions")
    figures = Computed(
        serializers.DictField(
            help_text="Visits `asked` and `met`, `tours`, `distance` in kilometres, `hours` out, the shortest (`least`) and longest "
            "(`most`) day, and how many visits of the present calendar stay on their day (`kept` of `earlier`)."
        ),
        lambda row, audience: row.figures,
    )
    available_actions = Computed(VERBS, _plan_actions)

    class Meta:
        model = RoutePlan
        example = {
            "display": "Perpustakaan Bung Hatta 2027-01-01",
            "office": "Perpustakaan Bung Hatta",
            "starts_on": "2027-01-01",
            "ends_on": "2027-03-31",
            "seconds": 60,
            "keeps_calendar": True,
            "status": "ready",
            "progress": 100,
            "figures": {"asked": 240, "met": 240, "distance": 1284.5, "hours": 402.3},
            "available_actions": ["change", "adopt", "discard"],
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "starts_on",
            "ends_on",
            "seconds",
            "keeps_calendar",
            "seed",
            "status",
            "progress",
            "figures",
            "available_actions",
            "created_at",
            "updated_at",
        )


class RoutePlanDetail(RoutePlanRow):
    tours = Computed(
        serializers.ListField(
            child=serializers.DictField(),
            help_text="Each vehicle's day: `on`, `vehicle`, `leaves`, `back`, `kilometres`, `driving` (minutes) and its `visits` in "
            "their order, each with `stop`, `begins`, `ends` and whether it is `fixed` by hand.",
        ),
        lambda row, audience: _tours(row),
    )
    unmet = Computed(
        serializers.ListField(
            child=serializers.DictField(),
            help_text="Stop by stop what the plan does not reach, the reason, and `ways` that would, the cheapest first.",
        ),
        lambda row, audience: row.unmet,
    )
    report = Computed(
        serializers.DictField(
            help_text="`stops`: visits and gaps of each; `driving`: how many ways were typed, of the road engine, reckoned; "
            "`left_out`: stops that are not in the plan, `idle`: vehicles that are not, each with the code why; `broken`: what changes by hand break."
        ),
        lambda row, audience: row.report,
    )
    faults = Computed(
        serializers.ListField(
            child=serializers.DictField(), help_text="Why there is no plan: codes with their facts."
        ),
        lambda row, audience: row.faults,
    )

    class Meta(RoutePlanRow.Meta):
        fields = (*RoutePlanRow.Meta.fields, "tours", "unmet", "report", "faults")


def _tours(plan: RoutePlan) -> list[dict[str, Any]]:
    if not has_result(plan):
        return []
    return [
        {
            "on": tour.on.isoformat(),
            "vehicle": tour.vehicle,
            "leaves": f"{tour.leaves:%H:%M}",
            "back": f"{tour.back:%H:%M}",
            "kilometres": tour.kilometres,
            "driving": tour.driving,
            "visits": [
                {
                    "stop": row.stop,
                    "name": row.name,
                    "begins": f"{row.begins:%H:%M}",
                    "ends": f"{row.ends:%H:%M}",
                    "fixed": row.by_hand or row.is_kept,
                }
                for row in tour.visits
            ],
        }
        for tour in tours_of(plan)
    ]


class RoutePlanInput(Input):
    office = Visible(Institution, help_text="The library whose vans are planned.")
    starts_on = serializers.DateField(
        required=False, allow_null=True, help_text="The next quarter, when not given."
    )
    ends_on = serializers.DateField(required=False, allow_null=True)
    seconds = serializers.IntegerField(
        min_value=1,
        max_value=routing.MOST_SECONDS,
        default=60,
        help_text="How long the planner may look for shorter ways.",
    )
    keeps_calendar = serializers.BooleanField(
        default=True, help_text="A visit moves to another day only where that saves half an hour of driving."
    )
    seed = serializers.IntegerField(min_value=1, max_value=2**31 - 1, default=1)


class VisitOfPlan(Input):
    stop = serializers.UUIDField(help_text="The stop.")
    on = serializers.DateField(help_text="The day of its visit in the plan.")


class ChangeInput(VisitOfPlan):
    to = serializers.DateField(required=False, allow_null=True, help_text="Another day.")
    vehicle = serializers.UUIDField(required=False, allow_null=True, help_text="Another vehicle.")
    position = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=99, help_text="Which one of its tour, from 1."
    )
    begins_at = serializers.TimeField(required=False, allow_null=True, help_text="A fixed hour.")


class BrokenShape(serializers.Serializer[dict[str, Any]]):
    broken = serializers.ListField(
        child=serializers.CharField(), help_text="What the changes by hand break now, a sentence each."
    )


class RouteAdoptionShape(serializers.Serializer[RouteAdoption]):
    new = serializers.IntegerField(help_text="Visits that are new.")
    moved = serializers.IntegerField(help_text="Visits that keep their row and move.")
    stayed = serializers.IntegerField(help_text="Visits that stay as they were.")
    cancelled = serializers.IntegerField(help_text="Visits of the calendar so far that were called off.")
    overtaken = serializers.IntegerField(
        help_text="Visits left out, because the day or the hour is taken or closed meanwhile."
    )


def adopt(view: Any, row: RoutePlan, data: dict[str, Any]) -> Any:
    answer = adopt_plan(plan=row, actor=view.actor)
    return {name: getattr(answer, name) for name in RouteAdoptionShape().fields}


def change(view: Any, row: RoutePlan, data: dict[str, Any]) -> Any:
    return {"broken": fault_words(row, change_visit(plan=row, actor=view.actor, **data))}


def release(view: Any, row: RoutePlan, data: dict[str, Any]) -> Any:
    return {"broken": fault_words(row, release_visit(plan=row, actor=view.actor, **data))}


class RoutePlanViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """A quarter's calendar of a library's vans, planned at once. A worker reckons it; nothing changes before it is adopted."""

    scope_noun = "route-plans"
    queryset = RoutePlan.objects.select_related("office", "asked_by")
    list_queryset = RoutePlan.objects.for_list()
    serializer_class = RoutePlanRow
    detail_class = RoutePlanDetail
    filterset_class = RoutePlanFilter
    create_input = RoutePlanInput
    create_example = {"office": SOME_ID, "starts_on": "2027-01-01", "ends_on": "2027-03-31", "seconds": 60}
    lives = (ROUTE_PLAN,)
    subject = "plan"
    acts = {
        "cancel": Act(routing.cancel_plan, says="Stop the reckoning; the planner ends within seconds."),
        "retry": Act(
            routing.retry_plan, says="Reckon a plan again that failed, with the house as it is now."
        ),
        "discard": Act(
            routing.discard_plan, says="Throw away a plan that nobody adopted; it stays readable."
        ),
        "again": Act(
            routing.reckon_again,
            says="Reckon the same days once more; what was changed by hand in a plan that nobody adopted is kept. Answers the new plan.",
            makes=True,
        ),
        "change": Act(
            change_visit,
            ChangeInput,
            says="Move one visit of the plan to another day, vehicle, place in its tour or hour, and fix it there.",
            example={"stop": SOME_ID, "on": "2027-01-05", "to": "2027-01-06", "begins_at": "09:30"},
            answers=BrokenShape,
            run=change,
        ),
        "release": Act(
            release_visit,
            VisitOfPlan,
            says="A visit that was fixed by hand may be moved by the planner again.",
            example={"stop": SOME_ID, "on": "2027-01-06"},
            answers=BrokenShape,
            run=release,
        ),
        "adopt": Act(
            adopt_plan,
            says="The plan becomes the calendar of its days from tomorrow on; each school is told once what comes or moves, and once what was called off.",
            answers=RouteAdoptionShape,
            run=adopt,
        ),
        "undo": Act(
            undo_adoption,
            says="Take the adoption back, within ten minutes and as long as nothing else was changed in the calendar of its days.",
        ),
    }

    def do_create(self, data: dict[str, Any]) -> RoutePlan:
        return routing.ask_plan(actor=self.actor, **data)


class TravelTimeRow(Row):
    url = Url("travel-times")
    display = Display()
    office = Link("institutions")
    origin = Computed(
        serializers.UUIDField(
            allow_null=True, help_text="The stop where the drive begins; null is the depot."
        ),
        lambda row, audience: row.origin_id and str(row.origin_id),
    )
    target = Computed(
        serializers.UUIDField(allow_null=True, help_text="The stop where it ends; null is the depot."),
        lambda row, audience: row.target_id and str(row.target_id),
    )
    available_actions = Computed(VERBS, _time_actions)

    class Meta:
        model = TravelTime
        example = {
            "display": "– → SDN 01 Benteng",
            "office": "Perpustakaan Bung Hatta",
            "origin": None,
            "target": SOME_ID,
            "minutes": "25.0",
            "kilometres": "9.50",
            "is_typed": True,
            "available_actions": ["remove"],
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "origin",
            "target",
            "minutes",
            "kilometres",
            "is_typed",
            "available_actions",
            "created_at",
            "updated_at",
        )


class TravelTimeInput(Input):
    office = Visible(Institution, help_text="The library whose vans drive there.")
    origin = Visible(Stop, required=False, allow_null=True, default=None, help_text="Null: the depot.")
    target = Visible(Stop, required=False, allow_null=True, default=None, help_text="Null: the depot.")
    minutes = serializers.DecimalField(max_digits=6, decimal_places=1, min_value=0, max_value=1440)
    kilometres = serializers.DecimalField(
        max_digits=7, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    both = serializers.BooleanField(default=False, help_text="The way back takes as long.")


def remove(view: Any, row: TravelTime, data: dict[str, Any]) -> Any:
    key = row.pk
    remove_time(travel_time=row, actor=view.actor)
    return key


class TravelTimeViewSet(CreateMixin, ReadViewSet):
    """Driving times that somebody typed, or that a road engine said. Posting one again replaces it."""

    scope_noun = "travel-times"
    queryset = TravelTime.objects.for_list()
    serializer_class = TravelTimeRow
    filterset_class = TravelTimeFilter
    create_input = TravelTimeInput
    create_example = {
        "office": SOME_ID,
        "target": SOME_ID,
        "minutes": "25.0",
        "kilometres": "9.50",
        "both": True,
    }
    subject = "travel_time"
    acts = {
        "remove": Act(
            remove_time,
            says="Forget what was typed: the road engine, or the straight line, says it again.",
            answers=Removed,
            run=remove,
        ),
    }

    def do_create(self, data: dict[str, Any]) -> TravelTime:
        return set_time(actor=self.actor, **data)
