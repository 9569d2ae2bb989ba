"""Networks and consortia over the API (D7)."""

from typing import Any

from rest_framework import serializers

from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import Input, ModelInput, NoteInput, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet, ReviseMixin
from libraries.api.rows import INSTITUTION_ID
from libraries.choices import NetworkRole
from libraries.filters import NetworkFilter
from libraries.lifecycle import NETWORK
from libraries.models import Institution, Network, NetworkMember
from libraries.services import networks
from libraries.services.stepping import roles_of

MEMBER_ID = "01935c7e-9b11-7a02-8e41-5d2f6c7a9b20"


def _actions(row: Network, audience: Audience) -> list[str]:
    return NETWORK.available(row.status, roles_of(audience.user, row)) if audience.user else []


def _focal(row: Any) -> Institution | None:
    return row.focal[0].institution if row.focal else None


class NetworkMemberRow(Row):
    institution = Link("institutions")

    class Meta:
        model = NetworkMember
        example = {
            "institution": "Perpustakaan Payakumbuh",
            "role": "focal",
            "left_on": None,
            "left_reason": "",
        }
        fields = ("id", "institution", "role", "joined_on", "left_on", "left_reason")


class NetworkRow(Row):
    url = Url("networks")
    display = Display()
    office = Link("institutions")
    focal_point = Link("institutions", through=_focal, allow_null=True)
    member_count = Computed(
        serializers.IntegerField(help_text="Members of today."), lambda row, audience: row.member_count
    )
    available_actions = Computed(
        serializers.ListField(
            child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
        ),
        _actions,
    )

    class Meta:
        model = Network
        example = {
            "display": "Jaringan Perpustakaan Sekolah Payakumbuh",
            "name": "Jaringan Perpustakaan Sekolah Payakumbuh",
            "slug": "jaringan-perpustakaan-sekolah-payakumbuh",
            "kind": "network",
            "legal_form": "agreement",
            "status": "active",
            "office": "Perpustakaan Payakumbuh",
            "focal_point": "Perpustakaan Payakumbuh",
            "member_count": 12,
            "available_actions": ["admit", "leave"],
        }
        fields: tuple[str, ...] = (
            "id",
            "url",
            "display",
            "name",
            "slug",
            "kind",
            "legal_form",
            "status",
            "office",
            "focal_point",
            "member_count",
            "founded_on",
            "starts_on",
            "ends_on",
            "is_public",
            "available_actions",
            "version",
            "created_at",
            "updated_at",
        )


class NetworkDetail(NetworkRow):
    members = NetworkMemberRow(many=True)

    class Meta(NetworkRow.Meta):
        fields = (*NetworkRow.Meta.fields, "legal_basis", "purpose", "standards", "members")


class NetworkChange(ModelInput):
    class Meta:
        model = Network
        fields: tuple[str, ...] = (
            "name",
            "kind",
            "legal_form",
            "legal_basis",
            "founded_on",
            "starts_on",
            "ends_on",
            "purpose",
            "standards",
            "is_public",
        )


class NetworkInput(NetworkChange):
    office = Visible(Institution, help_text="The library that keeps the network; you must work there.")

    class Meta(NetworkChange.Meta):
        fields = ("office", *NetworkChange.Meta.fields)


class AdmissionInput(Input):
    institution = Visible(Institution)
    role = serializers.ChoiceField(choices=NetworkRole.choices, required=False)
    joined_on = serializers.DateField(required=False, help_text="Today when left out.")


class MemberInput(Input):
    member = serializers.PrimaryKeyRelatedField(
        queryset=NetworkMember.objects.select_related("institution"),
        help_text="The id of one of the network's `members`.",
    )

    def validate_member(self, member: NetworkMember) -> NetworkMember:
        if member.network_id != self.context["row"].pk:
            # Told like an id that does not exist.
            self.fields["member"].fail("does_not_exist", pk_value=member.pk)
        return member


class RoleInput(MemberInput):
    role = serializers.ChoiceField(choices=NetworkRole.choices)


class LeaveInput(MemberInput):
    note = serializers.CharField(max_length=2000, help_text="The reason; kept in the history.")
    left_on = serializers.DateField(required=False, help_text="Today when left out.")


class NetworkViewSet(EventsMixin, CreateMixin, ReviseMixin, ReadViewSet):
    """Libraries that work together for good. The office that keeps a network sees it, and so do its members."""

    scope_noun = "networks"
    queryset = Network.objects.for_list().prefetch_related("members__institution")
    list_queryset = Network.objects.for_list()
    serializer_class = NetworkRow
    detail_class = NetworkDetail
    filterset_class = NetworkFilter
    create_input = NetworkInput
    revise_input = NetworkChange
    create_example = {
        "office": INSTITUTION_ID,
        "name": "Jaringan Perpustakaan Sekolah Payakumbuh",
        "kind": "network",
        "legal_form": "agreement",
        "purpose": "Saling meminjamkan koleksi dan berlatih bersama.",
    }
    revise_example = {"standards": "DDC edisi 23; pertukaran data dalam MARC 21."}
    lives = (NETWORK,)
    subject = "network"
    acts = {
        "admit": Act(
            networks.admit_member,
            AdmissionInput,
            says="Let an institution in.",
            example={"institution": INSTITUTION_ID, "role": "member"},
        ),
        "assign_role": Act(
            networks.assign_role,
            RoleInput,
            says="Give a member an office in the network; the focal point has a verb of its own.",
            example={"member": MEMBER_ID, "role": "secretary"},
        ),
        "appoint_focal_point": Act(
            networks.appoint_focal_point,
            MemberInput,
            says="Make a member the focal point; the one before becomes a member like the others.",
            example={"member": MEMBER_ID},
        ),
        "activate": Act(networks.activate_network, says="It begins its work."),
        "leave": Act(
            networks.leave_network,
            LeaveInput,
            says="A member leaves; its row stays as history.",
            example={"member": MEMBER_ID, "note": "Sekolah digabung."},
        ),
        "dissolve": Act(
            networks.dissolve_network,
            NoteInput,
            says="It ends, and every membership with it.",
            example={"note": "Dilebur ke dalam jaringan provinsi."},
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Network:
        return networks.found_network(actor=self.actor, **data)

    def do_revise(self, row: Network, data: dict[str, Any]) -> Network:
        return networks.revise_network(network=row, actor=self.actor, version=row.version, **data)
