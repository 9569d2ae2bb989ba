"""Vehicles with their hours and outages, and the crew, over the API (M1)."""

from typing import Any

from rest_framework import serializers

from kerjasama.api.inputs import Input, ModelInput, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet, ReviseMixin
from kerjasama.domain.errors import InvalidInput
from libraries.models import Institution, User
from mobile_service.api.feeds import RENEW_FEED, feed_url, feed_verbs
from mobile_service.filters import CrewMemberFilter, VehicleFilter
from mobile_service.models import CrewMember, Outage, Vehicle, VehicleHours
from mobile_service.services import fleet
from mobile_service.services.keeping import keeps_fleet

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"
VERBS = serializers.ListField(
    child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
)
WEEKDAY = "0 is Monday, 6 is Sunday."


class HoursRow(Row):
    class Meta:
        model = VehicleHours
        example = {"weekday": 0, "starts_at": "07:30:00", "ends_at": "15:00:00"}
        fields = ("weekday", "starts_at", "ends_at")


class OutageRow(Row):
    class Meta:
        model = Outage
        example = {"starts_on": "2026-12-14", "ends_on": "2026-12-15", "reason": "Servis berkala"}
        fields = ("id", "starts_on", "ends_on", "reason")


def _vehicle_verbs(row: Vehicle, audience: Audience) -> list[str]:
    renew = feed_verbs(row, audience)
    if not keeps_fleet(audience.user, row.office_id):
        return renew
    outages = ["drop_outage"] if row.outages.all() else []
    return ["add_outage", *outages, "retire" if row.is_active else "restore", *renew]


class VehicleRow(Row):
    url = Url("vehicles")
    display = Display()
    office = Link("institutions")
    hours = HoursRow(many=True, help_text="When it is out; a weekday that is not named, it stays at home.")
    outages = OutageRow(many=True, help_text="Days on which it cannot drive.")
    feed_url = feed_url()
    available_actions = Computed(VERBS, _vehicle_verbs)

    class Meta:
        model = Vehicle
        example = {
            "display": "Pusling 1",
            "name": "Pusling 1",
            "office": "Perpustakaan Payakumbuh",
            "plate": "BA 9001 MX",
            "boxes": 14,
            "own_books": 2000,
            "rest_minutes": 45,
            "depot": "Halaman belakang perpustakaan",
            "latitude": "-0.222000",
            "longitude": "100.632000",
            "feed_url": "https://kerjasama.example/ical/vGkq4yTq0m8Zx1bB2c3D4e5F6g7H8i9J0k1L2m3N4o5P.ics",
            "available_actions": ["add_outage", "retire", "renew_feed"],
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "name",
            "plate",
            "boxes",
            "own_books",
            "rest_minutes",
            "depot",
            "latitude",
            "longitude",
            "hours",
            "outages",
            "is_active",
            "feed_url",
            "available_actions",
            "version",
            "created_at",
            "updated_at",
        )


class VehicleHoursInput(ModelInput):
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text=WEEKDAY)

    class Meta:
        model = VehicleHours
        fields = ("weekday", "starts_at", "ends_at")


class VehicleChange(ModelInput):
    hours = VehicleHoursInput(
        many=True, required=False, help_text="The whole week; a weekday not named, it stays at home."
    )

    class Meta:
        model = Vehicle
        fields: tuple[str, ...] = (
            "name",
            "plate",
            "boxes",
            "own_books",
            "rest_minutes",
            "depot",
            "latitude",
            "longitude",
            "hours",
        )


class VehicleInput(VehicleChange):
    office = Visible(Institution, help_text="Your library.")

    class Meta(VehicleChange.Meta):
        fields = ("office", *VehicleChange.Meta.fields)


class OutageInput(ModelInput):
    class Meta:
        model = Outage
        fields = ("starts_on", "ends_on", "reason")


class OutageChoice(Input):
    outage = serializers.UUIDField(help_text="The `id` of one of its `outages`.")


def drop_outage(view: Any, row: Vehicle, data: dict[str, Any]) -> Vehicle:
    outage = row.outages.filter(pk=data["outage"]).select_related("vehicle").first()
    if outage is None:
        raise InvalidInput("outage_unknown", "This vehicle has no such outage.", field="outage")
    return fleet.drop_outage(outage=outage, actor=view.actor)


class VehicleViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """Vans of the mobile library: what they carry, when they are out, where they start. Seen by the library's own people."""

    scope_noun = "vehicles"
    queryset = Vehicle.objects.for_list()
    serializer_class = VehicleRow
    filterset_class = VehicleFilter
    create_input = VehicleInput
    revise_input = VehicleChange
    create_example = {
        "office": SOME_ID,
        "name": "Pusling 1",
        "boxes": 14,
        "hours": [{"weekday": 0, "starts_at": "07:30", "ends_at": "15:00"}],
    }
    revise_example = {"boxes": 16}
    subject = "vehicle"
    acts = {
        "add_outage": Act(
            fleet.add_outage,
            OutageInput,
            says="Days on which it cannot drive. Visits planned on them stay, and are told as conflicts.",
            example={"starts_on": "2026-12-14", "ends_on": "2026-12-15", "reason": "Servis berkala"},
        ),
        "drop_outage": Act(
            fleet.drop_outage,
            OutageChoice,
            says="It can drive on these days after all.",
            example={"outage": SOME_ID},
            run=drop_outage,
        ),
        "retire": Act(
            fleet.retire_vehicle,
            says="Out of use; what it did stays. 409 while trips or series of visits are still to come.",
        ),
        "restore": Act(fleet.restore_vehicle, says="In use again."),
        "renew_feed": RENEW_FEED,
    }

    def do_create(self, data: dict[str, Any]) -> Vehicle:
        return fleet.register_vehicle(actor=self.actor, **data)

    def do_revise(self, row: Vehicle, data: dict[str, Any]) -> Vehicle:
        return fleet.revise_vehicle(vehicle=row, actor=self.actor, version=row.version, **data)


def _member_verbs(row: CrewMember, audience: Audience) -> list[str]:
    renew = feed_verbs(row, audience)
    if not keeps_fleet(audience.user, row.office_id):
        return renew
    return ["retire" if row.is_active else "restore", *renew]


class CrewMemberRow(Row):
    url = Url("crew-members")
    display = Display()
    office = Link("institutions")
    vehicle = Link("vehicles", allow_null=True)
    account = Computed(
        serializers.CharField(help_text="The user name of the account; empty when there is none."),
        lambda row, audience: row.user.username if row.user else "",
    )
    feed_url = feed_url()
    available_actions = Computed(VERBS, _member_verbs)

    class Meta:
        model = CrewMember
        example = {
            "display": "Hendra Sikumbang",
            "name": "Hendra Sikumbang",
            "office": "Perpustakaan Bung Hatta",
            "vehicle": "Pusling 1",
            "function": "librarian",
            "phone": "0812 0000 4011",
            "account": "petugas.pusling",
            "feed_url": "",
            "available_actions": ["retire", "renew_feed"],
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "name",
            "function",
            "phone",
            "account",
            "vehicle",
            "is_active",
            "feed_url",
            "available_actions",
            "version",
            "created_at",
            "updated_at",
        )


class CrewMemberChange(ModelInput):
    vehicle = Visible(Vehicle, required=False, allow_null=True)
    account = serializers.SlugRelatedField(
        slug_field="username",
        source="user",
        queryset=User.objects.filter(is_active=True),
        required=False,
        allow_null=True,
        help_text="The user name of somebody who works at the library.",
    )

    class Meta:
        model = CrewMember
        fields: tuple[str, ...] = ("name", "function", "phone", "account", "vehicle")


class CrewMemberInput(CrewMemberChange):
    office = Visible(Institution, help_text="Your library.")

    class Meta(CrewMemberChange.Meta):
        fields = ("office", *CrewMemberChange.Meta.fields)


class CrewMemberViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """Who drives and who serves, with the vehicle where they usually are. Seen by the library's own people."""

    scope_noun = "crew-members"
    queryset = CrewMember.objects.for_list()
    serializer_class = CrewMemberRow
    filterset_class = CrewMemberFilter
    create_input = CrewMemberInput
    revise_input = CrewMemberChange
    create_example = {"office": SOME_ID, "name": "Hendra Sikumbang", "function": "librarian"}
    revise_example = {"phone": "0812 0000 4011"}
    subject = "member"
    acts = {
        "retire": Act(
            fleet.retire_crew_member,
            says="Left the crew; 409 while somebody is on duty on trips to come. Their phones are taken out of use.",
        ),
        "restore": Act(fleet.restore_crew_member, says="On the crew again."),
        "renew_feed": RENEW_FEED,
    }

    def do_create(self, data: dict[str, Any]) -> CrewMember:
        return fleet.add_crew_member(actor=self.actor, **data)

    def do_revise(self, row: CrewMember, data: dict[str, Any]) -> CrewMember:
        return fleet.revise_crew_member(member=row, actor=self.actor, version=row.version, **data)
