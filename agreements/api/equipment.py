"""Tools that libraries share, and their bookings, over the API (F14)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.choices import BookingStatus
from agreements.filters import BookingFilter, EquipmentFilter
from agreements.lifecycle import BOOKING
from agreements.models import Booking, Equipment
from agreements.services import bookings
from agreements.services import equipment as tools
from agreements.services.together import require_runs, roles_of
from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import Input, ModelInput, NoteInput, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, PlainRow, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet, ReviseMixin
from kerjasama.domain import clock
from libraries.choices import FilePurpose
from libraries.models import Institution
from libraries.services.files import keep_upload

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"


class EquipmentRow(Row):
    url = Url("equipment")
    display = Display()
    owner = Link("institutions")
    photograph = Computed(
        serializers.URLField(allow_null=True, help_text="The picture; null when there is none."),
        lambda row, audience: (
            audience.absolute(f"/berkas/{row.photograph_id}/") if row.photograph_id else None
        ),
    )

    class Meta:
        model = Equipment
        example = {
            "display": "Proyektor Epson",
            "name": "Proyektor Epson",
            "description": "Dengan kabel HDMI dan layar 2 meter.",
            "place": "Lantai 1, ruang layanan",
            "owner": "Perpustakaan Bung Hatta",
            "open_to": "partners",
            "photograph": None,
        }
        fields = (
            "id",
            "url",
            "display",
            "name",
            "description",
            "place",
            "owner",
            "open_to",
            "is_active",
            "photograph",
            "version",
            "created_at",
            "updated_at",
        )


class BusyRow(PlainRow):
    """A stretch of time for which the tool is given away."""

    begins_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    institution = Link("institutions")


class EquipmentChange(ModelInput):
    class Meta:
        model = Equipment
        fields: tuple[str, ...] = ("name", "description", "place", "open_to", "is_active")


class EquipmentInput(ModelInput):
    owner = Visible(Institution, help_text="The library that offers it; you must work there.")

    class Meta:
        model = Equipment
        fields = ("owner", "name", "description", "place", "open_to")


class PhotographInput(Input):
    file = serializers.FileField(help_text="JPEG or PNG.")


def keep_photograph(view: Any, row: Equipment, data: dict[str, Any]) -> Equipment:
    require_runs(view.actor, row.owner)  # before anything is written to the disk
    file = keep_upload(
        data["file"], owner=row.owner, counterpart=None, purpose=FilePurpose.PHOTOGRAPH, actor=view.actor
    )
    return tools.picture_equipment(equipment=row, actor=view.actor, photograph=file)


class EquipmentViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """Projectors, laminators, binders: seen by their owner and by whoever may book them."""

    scope_noun = "equipment"
    queryset = Equipment.objects.select_related("owner")
    serializer_class = EquipmentRow
    filterset_class = EquipmentFilter
    create_input = EquipmentInput
    revise_input = EquipmentChange
    create_example = {
        "owner": SOME_ID,
        "name": "Proyektor Epson",
        "place": "Lantai 1, ruang layanan",
        "open_to": "partners",
    }
    revise_example = {"description": "Dengan kabel HDMI."}
    subject = "equipment"
    acts = {
        "photograph": Act(
            tools.picture_equipment,
            PhotographInput,
            says="Keep a picture of it.",
            run=keep_photograph,
            parsers=(MultiPartParser,),
        ),
    }

    @extend_schema(responses=BusyRow(many=True), filters=False)
    @action(detail=True, methods=["get"], filterset_class=None)
    def busy(self, request: Request, **kwargs: Any) -> Response:
        """When it is given away and to whom, earliest first; the past is left out."""
        rows = (
            self.acting_object()
            .bookings.filter(status=BookingStatus.CONFIRMED, ends_at__gte=clock.now())
            .select_related("institution")
        )
        return self.page_of(rows, BusyRow, order=("begins_at", "id"))

    def do_create(self, data: dict[str, Any]) -> Equipment:
        return tools.register_equipment(actor=self.actor, **data)

    def do_revise(self, row: Equipment, data: dict[str, Any]) -> Equipment:
        return tools.revise_equipment(equipment=row, actor=self.actor, version=row.version, **data)


def _actions(row: Booking, audience: Audience) -> list[str]:
    return BOOKING.available(row.status, roles_of(audience.user, row)) if audience.user else []


class BookingRow(Row):
    url = Url("bookings")
    display = Display()
    equipment = Link("equipment")
    institution = Link("institutions")
    available_actions = Computed(serializers.ListField(child=serializers.CharField()), _actions)

    class Meta:
        model = Booking
        example = {
            "display": "Proyektor Epson – SDN 01",
            "equipment": "Proyektor Epson",
            "institution": "SDN 01",
            "purpose": "Pemutaran film di kelas 5",
            "status": "requested",
            "condition": "",
            "returned_at": None,
            "available_actions": ["confirm", "decline", "cancel"],
            "begins_at": "2026-12-01T01:00:00Z",
            "ends_at": "2026-12-01T05:00:00Z",
        }
        fields = (
            "id",
            "url",
            "display",
            "equipment",
            "institution",
            "begins_at",
            "ends_at",
            "purpose",
            "status",
            "condition",
            "returned_at",
            "available_actions",
            "created_at",
            "updated_at",
        )


class BookingInput(ModelInput):
    equipment = Visible(Equipment)
    institution = Visible(Institution, help_text="For whom; you must work there, or at the owner's office.")

    class Meta:
        model = Booking
        fields = ("equipment", "institution", "begins_at", "ends_at", "purpose")


class ConditionInput(Input):
    condition = serializers.CharField(max_length=2000, help_text="In what condition it came back.")


class BookingViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """A tool asked for from one moment to another; confirmed, it is given to nobody else for that time."""

    scope_noun = "bookings"
    queryset = Booking.objects.select_related("equipment", "institution")
    serializer_class = BookingRow
    filterset_class = BookingFilter
    create_input = BookingInput
    create_example = {
        "equipment": SOME_ID,
        "institution": "01935c7e-9b11-7a02-8e41-5d2f6c7a9b20",
        "begins_at": "2026-12-01T08:00:00+07:00",
        "ends_at": "2026-12-01T12:00:00+07:00",
        "purpose": "Pemutaran film di kelas 5",
    }
    lives = (BOOKING,)
    subject = "booking"
    acts = {
        "confirm": Act(
            bookings.confirm_booking,
            says="Give it. 409 `taken` says who has it until when, and when it is free.",
        ),
        "decline": Act(
            bookings.decline_booking,
            NoteInput,
            says="Do not give it, and why.",
            example={"note": "Sedang diperbaiki."},
        ),
        "cancel": Act(
            bookings.cancel_booking,
            NoteInput,
            says="Either side gives the booking up.",
            example={"note": "Acara ditunda."},
        ),
        "take_back": Act(
            bookings.take_back_equipment,
            ConditionInput,
            says="It is back; from now on it is free.",
            example={"condition": "Baik, kabel lengkap."},
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Booking:
        return bookings.request_booking(actor=self.actor, **data)
