"""The crew's phones, and what was told of trips, over the API (M5)."""

from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import segno
from django.urls import reverse
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kerjasama.api.examples import example_of
from kerjasama.api.inputs import Input, NoteInput, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, PlainRow, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import ReadViewSet
from kerjasama.domain.wording import hour
from libraries.access import roles_toward
from mobile_service.choices import EntryOutcome
from mobile_service.filters import DeviceFilter, EntryFilter
from mobile_service.lifecycle import DESK
from mobile_service.models import CrewMember, Device, Entry, Visit
from mobile_service.services import deciding, devices
from mobile_service.services.entry_words import sentence_for

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"
VERBS = serializers.ListField(
    child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
)
INVITE_EXAMPLE = {"member": SOME_ID, "name": "HP Tini"}


def _may(audience: Audience, office: Any) -> bool:
    return bool(roles_toward(audience.user, office=office) & DESK)


def _device_verbs(row: Device, audience: Audience) -> list[str]:
    if row.revoked_at is not None or not _may(audience, row.office_id):
        return []
    return ["revoke"] if row.enrolled_at is not None else ["invite", "revoke"]


class DeviceRow(Row):
    url = Url("devices")
    display = Display()
    office = Link("institutions")
    member = Link("crew-members")
    available_actions = Computed(VERBS, _device_verbs)

    class Meta:
        model = Device
        example = {
            "display": "HP Tini",
            "office": "Perpustakaan Payakumbuh",
            "member": "Tini",
            "name": "HP Tini",
            "enrolled_at": None,
            "revoked_at": None,
            "seen_at": None,
            "available_actions": ["invite", "revoke"],
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "member",
            "name",
            "enrolled_at",
            "revoked_at",
            "seen_at",
            "available_actions",
            "created_at",
            "updated_at",
        )


class Invitation(NamedTuple):
    device: Device
    code: str


def _address(row: Invitation, audience: Audience) -> str:
    return audience.absolute(reverse("portal:van_sign_in", args=[row.code]))


class InvitationRow(PlainRow):
    """The code of a phone. It is told this once; only its digest is kept."""

    device = Computed(
        DeviceRow(help_text="The phone."), lambda row, audience: DeviceRow.say(row.device, audience)
    )
    code = serializers.CharField(help_text="Good once, for an hour.")
    address = Computed(
        serializers.URLField(help_text="To be opened on that phone."),
        lambda row, audience: _address(row, audience),
    )
    qr = Computed(
        serializers.CharField(help_text="The address as a QR code: an SVG in a `data:` URI, for an `img`."),
        lambda row, audience: segno.make(_address(row, audience), error="m", micro=False).svg_data_uri(
            border=4, light="#fff", dark="#000"
        ),
    )
    ends_at = Computed(
        serializers.DateTimeField(help_text="When the code is void."),
        lambda row, audience: row.device.invitation_ends_at,
    )

    class Meta:
        example = {
            "code": "4pQm0c9S8Zx1bB2c3D4e5F6g7H8i9J0k",
            "address": "https://kerjasama.example/portal/van/masuk/4pQm0c9S8Zx1bB2c3D4e5F6g7H8i9J0k/",
            "qr": "data:image/svg+xml;charset=utf-8,%3Csvg…",
        }


class DeviceInput(Input):
    member = Visible(
        CrewMember, help_text="What the phone tells is done in the name of this person's account."
    )
    name = serializers.CharField(max_length=80, help_text="Which phone it is.")


def invited(device: Device, code: str) -> Invitation:
    return Invitation(Device.objects.for_list().get(pk=device.pk), code)


def invite(view: Any, row: Device, data: dict[str, Any]) -> Invitation:
    return invited(*devices.invite_again(device=row, actor=view.actor))


class DeviceViewSet(ReadViewSet):
    """The crew's phones. A phone signs in by a code that is told once, carries the trips of two days without a network, and
    wipes itself when it is revoked."""

    scope_noun = "devices"
    queryset = Device.objects.for_list()
    serializer_class = DeviceRow
    filterset_class = DeviceFilter
    subject = "device"
    create_input = DeviceInput
    create_example = INVITE_EXAMPLE
    acts = {
        "invite": Act(
            devices.invite_again,
            says="Another code for a phone that has not signed in yet; the earlier one is void.",
            answers=InvitationRow,
            run=invite,
        ),
        "revoke": Act(
            devices.revoke_device,
            says="Take it out of use: it wipes itself at its next call. What it has not sent by then is lost.",
        ),
    }

    @extend_schema(
        request=DeviceInput,
        responses={201: InvitationRow},
        examples=[
            OpenApiExample("Request", value=INVITE_EXAMPLE, request_only=True),
            OpenApiExample("Answer", value=example_of(InvitationRow), response_only=True),
        ],
        operation_id="devices_create",
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add a phone. The answer holds the code that signs it in, once and never again."""
        given = self.taken(DeviceInput)
        with self.whole():
            made = invited(*devices.invite_device(actor=self.actor, **given))
        audience = Audience(request)
        response = Response(InvitationRow.say(made, audience), 201)
        response["Location"] = audience.address(self.scope_noun, made.device.pk)
        return response


def _entry_words(row: Entry, audience: Audience) -> str:
    """By the clock of the library whose trip it is, wherever the machine and the program run."""
    at = row.at.astimezone(ZoneInfo(row.office.zone))
    return f"{row.get_kind_display()} {at:%Y-%m-%d} {hour(at, get_language() or 'id')}"


def _entry_verbs(row: Entry, audience: Audience) -> list[str]:
    if row.outcome != EntryOutcome.REVIEW or not _may(audience, row.office_id):
        return []
    return [
        *(["apply"] if deciding.fix_of(row) else []),
        *(["attach"] if deciding.may_attach(row) else []),
        "note",
    ]


class EntryRow(Row):
    url = Url("trip-entries")
    display = Computed(serializers.CharField(help_text="In a few words, for people."), _entry_words)
    trip = Link("trips", allow_null=True)
    visit = Link("visits", allow_null=True)
    device = Link("devices", allow_null=True)
    sentence = Computed(
        serializers.CharField(help_text="What became of it, for people; empty where nothing is to be said."),
        lambda row, audience: sentence_for(row),
    )
    fix = Computed(
        serializers.CharField(help_text="What `apply` would do; empty where nothing is known."),
        lambda row, audience: deciding.fix_of(row),
    )
    available_actions = Computed(VERBS, _entry_verbs)

    class Meta:
        model = Entry
        example = {
            "display": "Kedatangan 2027-01-12 09.02",
            "trip": "Pusling 1, Tuesday, 12 January 2027",
            "visit": "SDN 01, Tuesday, 12 January 2027",
            "device": "HP Tini",
            "client_id": "7f1f0f1e-3a44-4d0b-9b32-0d1f4ac0a001",
            "kind": "arrive",
            "data": {},
            "outcome": "review",
            "code": "visit_cancelled",
            "sentence": "Perpustakaan telah membatalkan kunjungan ini. Nyatakan apakah kunjungan itu tetap berlangsung.",
            "fix": "took_place",
            "decision": "",
            "decided_at": None,
            "available_actions": ["apply", "attach", "note"],
        }
        fields = (
            "id",
            "url",
            "display",
            "client_id",
            "trip",
            "visit",
            "device",
            "kind",
            "data",
            "at",
            "told_at",
            "received_at",
            "outcome",
            "code",
            "sentence",
            "fix",
            "decision",
            "decided_at",
            "available_actions",
        )


class AttachInput(Input):
    visit = Visible(Visit, help_text="The visit to which it belongs.")


class TripEntryViewSet(ReadViewSet):
    """What was told of trips, one thing at a time: by the crew's phones, at the desk, by programs (`trips/{id}/entries/`). Of
    `outcome=review` a person decides; what was told has happened, so nothing is ever thrown away."""

    scope_noun = "trip-entries"
    queryset = Entry.objects.for_list()
    serializer_class = EntryRow
    filterset_class = EntryFilter
    subject = "entry"
    acts = {
        "apply": Act(
            deciding.apply_entry,
            says="Do after all what `fix` names, with whatever waits for the same answer. 409 when it is still refused.",
        ),
        "attach": Act(
            deciding.attach_entry,
            AttachInput,
            says="It belongs to another visit, and counts there.",
            example={"visit": SOME_ID},
        ),
        "note": Act(
            deciding.note_entry,
            NoteInput,
            says="Nothing is done about it, and why.",
            example={"note": "Terhitung dua kali; sudah dicatat di kertas."},
        ),
    }
