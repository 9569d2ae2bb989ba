"""Rotation plans and quota profiles over the API (L1, L2)."""

from typing import Any

from rest_framework import serializers

from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import Input, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Removed, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet, ReviseMixin
from libraries.access import roles_toward
from libraries.catalogue.choices import Material, ReadingLevel
from libraries.models import Institution
from loans.api.plan_paper import PlanPaperMixin
from loans.choices import PlanMode, Subject
from loans.filters import QuotaProfileFilter, RotationPlanFilter
from loans.lifecycle import DESK, PLAN
from loans.models import QuotaProfile, QuotaRow, RotationPlan
from loans.services import quotas, rotating
from loans.services.adopting import Adoption, adopt_plan
from loans.services.continuing import replan_rest
from loans.services.undoing import undo_adoption

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"


def _plan_actions(row: RotationPlan, audience: Audience) -> list[str]:
    return list(PLAN.available(row.status, roles_toward(audience.user, lender=row.lender_id)))


def _profile_actions(row: QuotaProfile, audience: Audience) -> list[str]:
    return ["remove"] if roles_toward(audience.user, lender=row.office_id) & DESK else []


VERBS = serializers.ListField(
    child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
)


class QuotaShape(serializers.ModelSerializer[QuotaRow]):
    class Meta:
        model = QuotaRow
        fields = ("share", "reading_level", "subject", "language", "material")


class QuotaProfileRow(Row):
    url = Url("quota-profiles")
    display = Display()
    office = Link("institutions")
    rows = Computed(
        QuotaShape(many=True, help_text="At least so many of a hundred books of this kind; empty is any."),
        lambda row, audience: quotas.rows_of(row),
    )
    available_actions = Computed(VERBS, _profile_actions)

    class Meta:
        model = QuotaProfile
        example = {
            "display": "SD kelas 1–3",
            "office": "Perpustakaan Bung Hatta",
            "name": "SD kelas 1–3",
            "levels": ["picture", "early", "middle"],
            "rows": [{"share": 40, "reading_level": "", "subject": "800", "language": "", "material": ""}],
            "available_actions": ["remove"],
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "name",
            "levels",
            "rows",
            "available_actions",
            "created_at",
            "updated_at",
        )


class RotationPlanRow(Row):
    url = Url("rotation-plans")
    display = Display()
    lender = Link("institutions")
    figures = Computed(
        serializers.DictField(
            help_text="Places, empty ones (the least possible), preference and its proven bound, wishes, books that go "
            "straight from school to school, what stays of the present plan."
        ),
        lambda row, audience: row.figures,
    )
    available_actions = Computed(VERBS, _plan_actions)

    class Meta:
        model = RotationPlan
        example = {
            "display": "Perpustakaan Bung Hatta 2027-01-04",
            "lender": "Perpustakaan Bung Hatta",
            "starts_on": "2027-01-04",
            "periods": 4,
            "mode": "personal",
            "memory": None,
            "status": "ready",
            "progress": 100,
            "figures": {"places": 6000, "empty": 0, "wishes": 120, "wishes_served": 119},
            "available_actions": ["adopt", "discard"],
        }
        fields = (
            "id",
            "url",
            "display",
            "lender",
            "starts_on",
            "periods",
            "mode",
            "fixed",
            "memory",
            "seed",
            "status",
            "progress",
            "figures",
            "available_actions",
            "created_at",
            "updated_at",
        )


class RotationPlanDetail(RotationPlanRow):
    schools = Computed(
        serializers.ListField(
            child=serializers.DictField(),
            help_text="Each programme: places, books, straight moves, what is short, wishes and how many are served, and what is "
            "new, stays (`kept`) or is dropped against the present plan.",
        ),
        lambda row, audience: row.schools,
    )
    report = Computed(
        serializers.DictField(
            help_text="`remedies`: what would fill the empty places, from the house, from others or by purchase; `unserved` "
            "wishes with the reason; `trips`: boxes that go straight from school to school; `meetings`: how often a school gives back when a near one gets; "
            "`remarks`: what of a school makes its plan worse, with the code."
        ),
        lambda row, audience: row.report,
    )
    left_out = Computed(
        serializers.ListField(
            child=serializers.DictField(), help_text="Programmes not in the plan, with the code why."
        ),
        lambda row, audience: row.left_out,
    )
    faults = Computed(
        serializers.ListField(
            child=serializers.DictField(), help_text="Why there is no plan: codes with their facts."
        ),
        lambda row, audience: row.faults,
    )

    class Meta(RotationPlanRow.Meta):
        fields = (*RotationPlanRow.Meta.fields, "schools", "report", "left_out", "faults")


class QuotaInput(Input):
    share = serializers.IntegerField(min_value=1, max_value=100, help_text="Of a hundred books, at least.")
    reading_level = serializers.ChoiceField(choices=ReadingLevel.choices, required=False, allow_blank=True)
    subject = serializers.ChoiceField(choices=Subject.choices, required=False, allow_blank=True)
    language = serializers.CharField(max_length=3, required=False, allow_blank=True)
    material = serializers.ChoiceField(choices=Material.choices, required=False, allow_blank=True)


class QuotaProfileChange(Input):
    name = serializers.CharField(max_length=80)
    levels = serializers.ListField(
        child=serializers.ChoiceField(choices=ReadingLevel.choices),
        required=False,
        help_text="Only books of these levels; empty means all.",
    )
    rows = QuotaInput(many=True, required=False)


class QuotaProfileInput(QuotaProfileChange):
    office = Visible(Institution, help_text="Your library.")


class PlanInput(Input):
    office = Visible(Institution, help_text="The library whose rotation is planned.")
    starts_on = serializers.DateField(
        required=False, allow_null=True, help_text="Deliveries from; today when not given."
    )
    periods = serializers.IntegerField(min_value=1, max_value=rotating.MOST_PERIODS, default=4)
    mode = serializers.ChoiceField(choices=PlanMode.choices, default=PlanMode.PERSONAL)
    fixed = serializers.IntegerField(
        min_value=0,
        max_value=500,
        default=0,
        help_text="Mode `mixed`: books of each delivery in fixed boxes.",
    )
    memory = serializers.IntegerField(
        min_value=1,
        max_value=99,
        required=False,
        allow_null=True,
        help_text="A title may come again after so many periods; never, when not given.",
    )
    weights = serializers.DictField(
        child=serializers.FloatField(min_value=0, max_value=10_000),
        required=False,
        help_text="`wish`, `language`, `wear`, `variety`, `stay`, `fairness`, `near_km`.",
    )
    seed = serializers.IntegerField(min_value=1, max_value=2**31 - 1, default=1)


class PlanAdoptInput(Input):
    programmes = serializers.ListField(
        child=serializers.UUIDField(), required=False, help_text="Only for these; for all when not given."
    )


class AdoptionShape(serializers.Serializer[Adoption]):
    schools = serializers.IntegerField(help_text="Programmes that follow the plan now.")
    books = serializers.IntegerField(help_text="Books promised.")
    begun = serializers.IntegerField(help_text="Deliveries that are being packed or have begun: they stay.")
    gone = serializers.IntegerField(help_text="Copies that are not in the house any more.")
    promised = serializers.IntegerField(help_text="Copies promised to a school that keeps its present plan.")
    barred = serializers.IntegerField(help_text="Titles banned for the school, or brought to it, meanwhile.")


def adopt(view: Any, row: RotationPlan, data: dict[str, Any]) -> Any:
    answer = adopt_plan(plan=row, actor=view.actor, **data)
    return {name: getattr(answer, name) for name in AdoptionShape().fields}


def remove(view: Any, row: QuotaProfile, data: dict[str, Any]) -> Any:
    key = row.pk
    quotas.remove_profile(profile=row, actor=view.actor)
    return key


class QuotaProfileViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """What a delivery to one sort of school is made of. Programmes follow a profile from the next plan on."""

    scope_noun = "quota-profiles"
    queryset = QuotaProfile.objects.select_related("office").prefetch_related("rows")
    serializer_class = QuotaProfileRow
    filterset_class = QuotaProfileFilter
    create_input = QuotaProfileInput
    revise_input = QuotaProfileChange
    create_example = {
        "office": SOME_ID,
        "name": "SD kelas 1–3",
        "levels": ["picture", "early"],
        "rows": [{"share": 40, "subject": "800"}],
    }
    revise_example = {"name": "SD kelas rendah"}
    subject = "profile"
    acts = {
        "remove": Act(
            quotas.remove_profile,
            says="Remove a profile that no programme uses.",
            answers=Removed,
            run=remove,
        ),
    }

    def do_create(self, data: dict[str, Any]) -> QuotaProfile:
        return quotas.keep_profile(actor=self.actor, **data)

    def do_revise(self, row: QuotaProfile, data: dict[str, Any]) -> QuotaProfile:
        kept: dict[str, Any] = {"name": row.name, "levels": row.levels, "rows": quotas.rows_of(row)}
        return quotas.keep_profile(office=row.office, actor=self.actor, profile=row, **{**kept, **data})


class RotationPlanViewSet(PlanPaperMixin, EventsMixin, CreateMixin, ReadViewSet):
    """The next periods of all programmes of a library, planned at once. A worker reckons it; nothing changes before it is adopted."""

    scope_noun = "rotation-plans"
    queryset = RotationPlan.objects.for_list()
    serializer_class = RotationPlanRow
    detail_class = RotationPlanDetail
    filterset_class = RotationPlanFilter
    create_input = PlanInput
    create_example = {"office": SOME_ID, "starts_on": "2027-01-04", "periods": 4, "memory": None}
    lives = (PLAN,)
    subject = "plan"
    acts = {
        "cancel": Act(rotating.cancel_plan, says="Stop the reckoning; the planner ends within seconds."),
        "retry": Act(
            rotating.retry_plan, says="Reckon a plan again that failed, with the house as it is now."
        ),
        "discard": Act(
            rotating.discard_plan, says="Throw away a plan that nobody adopted; it stays readable."
        ),
        "undo": Act(
            undo_adoption,
            says="Take the adoption back, within ten minutes and as long as no delivery was made from it.",
        ),
        "replan": Act(
            replan_rest,
            says="Reckon the rest of an adopted plan again: what has begun or is being packed stays, of the rest as much as can be. "
            "Answers the new plan, which nothing follows before it is adopted.",
            makes=True,
        ),
        "adopt": Act(
            adopt_plan,
            PlanAdoptInput,
            says="Promise the plan's books to the deliveries, of all programmes or of those named.",
            example={"programmes": [SOME_ID]},
            answers=AdoptionShape,
            run=adopt,
        ),
    }

    def do_create(self, data: dict[str, Any]) -> RotationPlan:
        return rotating.ask_plan(actor=self.actor, **data)
