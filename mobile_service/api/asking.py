"""Requests for a visit over the API: asked, located, answered, agreed to (M7)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import Input, ModelInput, NoteInput, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, PlainRow, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from libraries.models import Institution
from mobile_service.filters import VisitRequestFilter
from mobile_service.lifecycle import REQUEST
from mobile_service.models import Stop, Vehicle, VisitRequest
from mobile_service.services import answering, asking
from mobile_service.services.asking_costs import costs_of
from mobile_service.services.asking_links import roles_toward_request

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"
WISHES = (
    "stop",
    "place",
    "latitude",
    "longitude",
    "wanted_on",
    "wanted_from",
    "wanted_until",
    "minutes",
    "people",
    "occasion",
)


def _actions(row: VisitRequest, audience: Audience) -> list[str]:
    if not audience.user:
        return []
    return REQUEST.available(row.status, roles_toward_request(audience.user, row))


class VisitRequestRow(Row):
    url = Url("visit-requests")
    display = Display()
    office = Link("institutions")
    partner = Link("institutions", allow_null=True)
    stop = Link("stops", allow_null=True)
    who = Computed(
        serializers.CharField(help_text="Who asks, also where it is no partner; empty once it is erased."),
        lambda row, audience: row.who,
    )
    wanted_on = serializers.ListField(child=serializers.DateField())
    proposed_vehicle = Link("vehicles", allow_null=True)
    visit = Link("visits", allow_null=True)
    visit_begins_at = Computed(
        serializers.DateTimeField(allow_null=True, help_text="When the van comes, once it is accepted."),
        lambda row, audience: row.visit.begins_at if row.visit_id else None,
    )
    available_actions = Computed(
        serializers.ListField(
            child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
        ),
        _actions,
    )

    class Meta:
        model = VisitRequest
        example = {
            "display": "SDN 01",
            "office": "Perpustakaan Payakumbuh",
            "partner": "SDN 01",
            "stop": "SDN 01",
            "who": "SDN 01",
            "place": "",
            "wanted_on": ["2026-12-01", "2026-12-03"],
            "wanted_from": "08:00:00",
            "wanted_until": "12:00:00",
            "minutes": 60,
            "people": 120,
            "occasion": "Hari kunjungan perpustakaan.",
            "status": "open",
            "answer": "",
            "proposed_vehicle": None,
            "visit": None,
            "asker_name": "",
            "asker_phone": "",
            "asker_email": "",
            "available_actions": ["locate", "propose", "accept", "decline"],
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "partner",
            "stop",
            "who",
            "place",
            "latitude",
            "longitude",
            "wanted_on",
            "wanted_from",
            "wanted_until",
            "minutes",
            "people",
            "occasion",
            "status",
            "proposed_at",
            "proposed_vehicle",
            "answer",
            "visit",
            "visit_begins_at",
            "is_from_outside",
            "asker_name",
            "asker_phone",
            "asker_email",
            "contact_erased_at",
            "closed_at",
            "available_actions",
            "created_at",
            "updated_at",
        )


class SlotRow(PlainRow):
    """One place in one van's day; what the verbs `accept` and `propose` take."""

    vehicle = Link("vehicles")
    begins_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    minutes = serializers.FloatField(help_text="Driving that is added.")
    kilometres = serializers.FloatField(help_text="Driving that is added.")
    where = serializers.CharField(help_text="Whose slot it is, in words.")
    remarks = serializers.ListField(child=serializers.CharField())

    class Meta:
        example = {
            "vehicle": "Pusling 1",
            "begins_at": "2026-12-01T09:10:00+07:00",
            "ends_at": "2026-12-01T10:10:00+07:00",
            "minutes": 14.5,
            "kilometres": 5.2,
            "where": "Pusling 1, antara SDN 01 dan Balai Talang",
            "remarks": [],
        }


class DayCostsRow(serializers.Serializer):
    day = serializers.DateField()
    slots = SlotRow(many=True)
    conflicts = serializers.ListField(child=serializers.CharField(), help_text="Why other vans cannot come.")


class CostsRow(serializers.Serializer):
    days = DayCostsRow(many=True, help_text="The days that suit; none was named: the best of three weeks.")


class VisitRequestInput(ModelInput):
    office = Visible(Institution, help_text="The library whose van is asked for.")
    partner = Visible(Institution, help_text="The school that asks.")
    stop = Visible(Stop, required=False, help_text="Left out: the school's own stop.")
    wanted_on = serializers.ListField(
        child=serializers.DateField(), required=False, help_text="At most five days; none: any day."
    )

    class Meta:
        model = VisitRequest
        fields = ("office", "partner", *WISHES)


class SlotInput(Input):
    vehicle = Visible(
        Vehicle, required=False, help_text="Left out: the only one that may come; with the time left out too, the cheapest slot."
    )  # fmt: skip
    begins_at = serializers.DateTimeField(
        required=False, help_text="Left out, with the vehicle: the cheapest slot."
    )


class ProposeInput(Input):
    vehicle = Visible(Vehicle)
    begins_at = serializers.DateTimeField()
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class LocateInput(Input):
    stop = Visible(Stop, required=False, help_text="Left out: a new stop is made of the place.")
    name = serializers.CharField(max_length=120, required=False, help_text="Of the new stop.")


class AskAgainInput(Input):
    wanted_on = serializers.ListField(child=serializers.DateField(), min_length=1, max_length=5)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class WithdrawVisitInput(Input):
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class VisitRequestViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """Who asks for a visit of the van. Both sides see it; what a stranger has not confirmed, nobody does."""

    scope_noun = "visit-requests"
    queryset = VisitRequest.objects.select_related(
        "office", "partner", "stop", "visit__stop", "proposed_vehicle"
    )
    serializer_class = VisitRequestRow
    filterset_class = VisitRequestFilter
    create_input = VisitRequestInput
    create_example = {
        "office": SOME_ID,
        "partner": "01935c7e-9b11-7a02-8e41-5d2f6c7a9b20",
        "occasion": "Hari kunjungan perpustakaan.",
        "wanted_on": ["2026-12-01"],
        "minutes": 60,
    }
    lives = (REQUEST,)
    subject = "request"
    acts = {
        "confirm": Act(
            asking.confirm_request, says="The desk has spoken to somebody who gave only a telephone."
        ),
        "locate": Act(
            answering.locate_request,
            LocateInput,
            says="Say which stop it is, or make a stop of the place.",
            example={"name": "Balai Nagari Koto Tangah"},
        ),
        "accept": Act(
            answering.accept_request,
            SlotInput,
            says="Place the visit in that slot and fix it there; 409 with the next best when it has gone.",
            example={"vehicle": SOME_ID, "begins_at": "2026-12-01T09:10:00+07:00"},
        ),
        "propose": Act(
            answering.propose_day,
            ProposeInput,
            says="Propose another day. It is not kept free before the asker agrees.",
            example={"vehicle": SOME_ID, "begins_at": "2026-12-02T09:10:00+07:00", "note": "Selasa penuh."},
        ),
        "agree": Act(answering.agree_to_day, says="The asker agrees to the day proposed."),
        "ask_again": Act(
            asking.ask_again,
            AskAgainInput,
            says="The asker names other days.",
            example={"wanted_on": ["2026-12-04"], "note": "Ada ujian."},
        ),
        "decline": Act(
            answering.decline_request,
            NoteInput,
            says="Decline, with a reason that the asker reads.",
            example={"note": "Jalan sedang diperbaiki."},
        ),
        "withdraw": Act(
            answering.withdraw_request,
            WithdrawVisitInput,
            says="Whoever asked does not ask any more.",
            example={"note": "Acara ditunda."},
        ),
    }

    def do_create(self, data: dict[str, Any]) -> VisitRequest:
        return asking.ask_in_portal(actor=self.actor, **data)

    @extend_schema(responses=CostsRow, filters=False)
    @action(detail=True, methods=["get"], filterset_class=None, pagination_class=None)
    def costs(self, request: Request, **kwargs: Any) -> Response:
        """For each day that suits: the cheapest slot of each van, or why there is none. For the library alone."""
        row = self.get_object()
        if not roles_toward_request(self.actor, row) & {"office:officer", "office:circulation"}:
            return Response({"days": []})
        audience = Audience(request)
        days = [
            {
                "day": found.day,
                "slots": [SlotRow.say(slot, audience) for slot in found.slots],
                "conflicts": found.conflicts,
            }
            for found in costs_of(row)
        ]
        return Response({"days": days})
