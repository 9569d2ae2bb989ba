"""Trips over the API: planned, packed, told of, and read (M2, M5, M6)."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import Input, NoteInput, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, PlainRow, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from kerjasama.domain.errors import Conflict
from loans.models import Consignment
from mobile_service.api.telling import EntryRow
from mobile_service.choices import EntryKind
from mobile_service.filters import TripFilter
from mobile_service.lifecycle import CREW, DESK, TRIP
from mobile_service.models import CrewMember, Entry, Trip, TripLoad, Vehicle, Visit
from mobile_service.services import calling_off, loading, syncing, trips
from mobile_service.services.reading_entries import MOST_AT_ONCE
from mobile_service.services.stepping import roles_of
from mobile_service.services.tellers import person_as_teller

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"
VERBS = serializers.ListField(
    child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
)
ENTRY_EXAMPLE = {
    "id": "7f1f0f1e-3a44-4d0b-9b32-0d1f4ac0a001",
    "kind": "count",
    "at": "2027-01-12T09:20:00+07:00",
    "visit": SOME_ID,
    "data": {"kind": "pupils", "delta": 30},
}
# What is told as entries; and that a trip which was called off took place, which is decided about them.
TOLD_OF_THE_TRIP = frozenset({"start", "finish", "unstart", "unfinish", "restore"})


def _trip_actions(row: Trip, audience: Audience) -> list[str]:
    roles = roles_of(audience.user, row)
    able = [name for name in TRIP.available(row.status, roles) if name not in TOLD_OF_THE_TRIP]
    is_open = row.status in trips.OPEN_TRIPS
    plans = ["revise", "set_crew"] if roles & DESK and is_open else []
    loads = ["pack", "load", "unload"] if roles & (DESK | CREW) and is_open else []
    return [*plans, *loads, *able]


class TripRow(Row):
    url = Url("trips")
    display = Display()
    office = Link("institutions")
    vehicle = Link("vehicles")
    crew = Computed(
        serializers.ListField(child=serializers.CharField(), help_text="Names of those on duty."),
        lambda row, audience: [str(duty.member) for duty in row.duties.all()],
    )
    available_actions = Computed(VERBS, _trip_actions)

    class Meta:
        model = Trip
        example = {
            "display": "Pusling 1, Tuesday, 12 January 2027",
            "office": "Perpustakaan Payakumbuh",
            "vehicle": "Pusling 1",
            "on": "2027-01-12",
            "leaves_at": "07:30:00",
            "back_at": "14:00:00",
            "crew": ["Deri", "Rina"],
            "status": "planned",
            "available_actions": ["revise", "set_crew", "pack", "load", "unload", "cancel"],
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "vehicle",
            "on",
            "leaves_at",
            "back_at",
            "crew",
            "note",
            "status",
            "odometer_start",
            "odometer_end",
            "available_actions",
            "created_at",
            "updated_at",
        )


class TripInput(Input):
    vehicle = Visible(Vehicle)
    on = serializers.DateField()
    leaves_at = serializers.TimeField(required=False, allow_null=True)
    back_at = serializers.TimeField(required=False, allow_null=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class TripChange(Input):
    leaves_at = serializers.TimeField(required=False, allow_null=True)
    back_at = serializers.TimeField(required=False, allow_null=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class CrewInput(Input):
    members = serializers.ListField(
        child=Visible(CrewMember), help_text="Exactly those who are on duty; empty is nobody."
    )


class BroughtRow(PlainRow):
    """One delivery on the van."""

    consignment = Link("consignments")
    visit = Link("visits")
    boxes = serializers.IntegerField()
    books = serializers.IntegerField()

    class Meta:
        example = {
            "consignment": "BH-2027-014",
            "visit": "SDN 01, Tuesday, 12 January 2027",
            "boxes": 3,
            "books": 100,
        }


class Fetched(NamedTuple):
    visit: Visit
    books: int


class FetchedRow(PlainRow):
    """Books of one school that could come back with the van."""

    visit = Link("visits")
    books = serializers.IntegerField()

    class Meta:
        example = {"visit": "SDN 01, Tuesday, 12 January 2027", "books": 98}


class LoadRow(PlainRow):
    """All that a van takes and fetches on one day."""

    boxes = serializers.IntegerField()
    room = serializers.IntegerField(help_text="Boxes that the vehicle carries.")
    is_too_full = serializers.BooleanField()
    sentence = serializers.CharField(help_text="How full it is, and what to do when it is too full.")
    bring = Computed(
        BroughtRow(many=True, help_text="In the order of the stops."),
        lambda row, audience: [BroughtRow.say(each, audience) for each in row.bring],
    )
    fetch = Computed(
        FetchedRow(many=True, help_text="In the order of the stops."),
        lambda row, audience: [FetchedRow.say(Fetched(visit, books), audience) for visit, books in row.fetch],
    )

    class Meta:
        example = {
            "boxes": 3,
            "room": 14,
            "is_too_full": False,
            "sentence": "3 dari 14 kotak yang muat di Pusling 1.",
        }


class LoadInput(Input):
    visit = Visible(Visit, help_text="A visit of this trip.")
    consignment = Visible(Consignment)


class UnloadInput(Input):
    consignment = Visible(Consignment, help_text="A delivery that rides on this trip.")


class EntryInput(Input):
    id = serializers.UUIDField(help_text="Made by you, new for each entry; it makes sending again harmless.")
    kind = serializers.ChoiceField(choices=EntryKind.choices)
    at = serializers.DateTimeField(help_text="When it happened.")
    visit = serializers.UUIDField(
        required=False, allow_null=True, help_text="At which stop; left out for what is of the trip itself."
    )
    counter = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, default=0, help_text="Orders entries of the same moment."
    )
    data = serializers.DictField(
        required=False,
        help_text="By `kind`: `start` and `finish` {odometer}; `count` {kind, delta}; `stock_lend` and `stock_return` {delta}; "
        "`lend` {barcode}; `take_back` {barcode, condition}; `hand_over` {consignment, received_by}; `note` {text}; "
        "`skip` {reason}; `odometer` {kilometres}; `undo` {of}; the others nothing.",
    )


class EntriesInput(Input):
    entries = serializers.ListField(child=EntryInput(), min_length=1, max_length=MOST_AT_ONCE)


class EntryAnswer(serializers.Serializer):
    """What became of one entry."""

    id = serializers.CharField(help_text="As it was sent.")
    outcome = serializers.ChoiceField(
        choices=["applied", "waiting", "review", "refused"],
        help_text="`waiting`: what it needs has not come yet; `review`: a person decides (`trip-entries`).",
    )
    code = serializers.CharField(help_text="Why, for programs; may be empty.")
    sentence = serializers.CharField(help_text="Why, for people; may be empty.")


class EntriesAnswer(serializers.Serializer):
    entries = EntryAnswer(many=True, help_text="In the order in which they were sent.")


def loaded(trip: Trip) -> loading.LoadList:
    return loading.load_list(Trip.objects.select_related("vehicle").get(pk=trip.pk))


def pack(view: Any, row: Trip, data: dict[str, Any]) -> loading.LoadList:
    loading.propose_loads(trip=row, actor=view.actor)
    return loaded(row)


def load(view: Any, row: Trip, data: dict[str, Any]) -> loading.LoadList:
    if data["visit"].trip_id != row.pk:
        raise Conflict(
            "not_of_this_trip", _("This visit is on another trip. Choose one of this trip."), field="visit"
        )
    loading.add_load(actor=view.actor, **data)
    return loaded(row)


def unload(view: Any, row: Trip, data: dict[str, Any]) -> loading.LoadList:
    found = (
        TripLoad.objects.filter(visit__trip=row, consignment=data["consignment"])
        .select_related("visit")
        .first()
    )
    if found is None:
        raise Conflict("not_on_board", _("This delivery is not on this van."), field="consignment")
    loading.remove_load(load=found, actor=view.actor)
    return loaded(row)


def sent_as(entry: dict[str, Any], trip: Trip) -> dict[str, Any]:
    """As a phone would send it."""
    visit = entry.get("visit")
    return {
        "id": str(entry["id"]),
        "kind": entry["kind"],
        "at": entry["at"].isoformat(),
        "counter": entry["counter"],
        "trip": str(trip.pk),
        "visit": str(visit) if visit else None,
        "data": entry.get("data", {}),
    }


class TripViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """A vehicle's day out: made by itself with its first visit, and with the usual crew on duty."""

    scope_noun = "trips"
    queryset = Trip.objects.for_list()
    serializer_class = TripRow
    filterset_class = TripFilter
    create_input = TripInput
    create_example = {"vehicle": SOME_ID, "on": "2027-01-12", "leaves_at": "07:30"}
    lives = (TRIP,)
    consequences = TOLD_OF_THE_TRIP
    subject = "trip"
    acts = {
        "revise": Act(
            trips.revise_trip,
            TripChange,
            says="Change when it leaves and is back, and the note for the crew.",
            example={"back_at": "14:00"},
        ),
        "set_crew": Act(
            trips.change_crew,
            CrewInput,
            says="Put exactly these members on duty. Nobody is on two vans a day.",
            example={"members": [SOME_ID]},
        ),
        "cancel": Act(
            calling_off.cancel_trip,
            NoteInput,
            says="Call off the whole day: all its visits, with the reason; each school gets one message.",
            example={"note": "Banjir"},
        ),
        "pack": Act(
            loading.propose_loads,
            says="Put on the van what its schools are to be brought about that day. Sent twice, it is done once.",
            answers=LoadRow,
            run=pack,
        ),
        "load": Act(
            loading.add_load,
            LoadInput,
            says="Let a delivery ride with a visit; from another trip it is moved here. 409 when it does not fit.",
            example={"visit": SOME_ID, "consignment": SOME_ID},
            answers=LoadRow,
            run=load,
        ),
        "unload": Act(
            loading.remove_load,
            UnloadInput,
            says="Take a delivery off the van: it is handed over in another way.",
            example={"consignment": SOME_ID},
            answers=LoadRow,
            run=unload,
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Trip:
        return trips.make_trip(actor=self.actor, **data)

    @extend_schema(responses=LoadRow, filters=False, operation_id="trips_loads")
    @action(detail=True, methods=["get"], filterset_class=None)
    def loads(self, request: Request, **kwargs: Any) -> Response:
        """What it takes along, in the order of the stops, what waits to be fetched, and how full it is."""
        return Response(LoadRow.say(loaded(self.acting_object()), Audience(request)))

    @extend_schema(responses=EntryRow(many=True), filters=False)
    @action(detail=True, methods=["get"], filterset_class=None)
    def entries(self, request: Request, **kwargs: Any) -> Response:
        """What phones, the desk and programs told of it, in the order of what happened."""
        rows = Entry.objects.filter(trip=self.acting_object()).for_list()
        return self.page_of(rows, EntryRow, order=("at", "counter", "id"))

    @extend_schema(
        request=EntriesInput,
        responses={200: EntriesAnswer},
        examples=[OpenApiExample("Request", value={"entries": [ENTRY_EXAMPLE]}, request_only=True)],
        operation_id="trips_tell",
    )
    @entries.mapping.post
    def tell(self, request: Request, **kwargs: Any) -> Response:
        """Tell what happened, such as from a scanner or a phone of your own: as many entries as you have, in any order, as often
        as you like. Each is known by its `id` for ever, so what arrives twice is done once and answered alike."""
        trip = self.acting_object()
        told = self.taken(EntriesInput)["entries"]
        answers = syncing.take_entries(
            teller=person_as_teller(self.actor, trip.office),
            entries=[sent_as(entry, trip) for entry in told],
        )
        return Response({"entries": [EntryAnswer(answer).data for answer in answers]})
