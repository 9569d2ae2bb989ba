"""Shelf zones, and who fetches which part of a delivery, over the API (L3)."""

from typing import Any

from rest_framework import serializers

from kerjasama.api.inputs import Input, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Removed, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from libraries.access import roles_toward
from libraries.models import Institution
from loans.filters import ShelfZoneFilter
from loans.lifecycle import DESK
from loans.models import ShelfZone
from loans.services import zones

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"


class ShelfZoneRow(Row):
    url = Url("shelf-zones")
    display = Display()
    office = Link("institutions")
    available_actions = Computed(
        serializers.ListField(
            child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
        ),
        lambda row, audience: _actions(row, audience),
    )

    class Meta:
        model = ShelfZone
        example = {
            "display": "Ruang Anak",
            "office": "Perpustakaan Bung Hatta",
            "name": "Ruang Anak",
            "position": 1,
            "shelves": "Ruang Anak, 800-899",
            "available_actions": ["change", "remove"],
        }
        fields = (
            "id",
            "url",
            "display",
            "office",
            "name",
            "position",
            "shelves",
            "available_actions",
            "created_at",
            "updated_at",
        )


def _actions(row: ShelfZone, audience: Audience) -> list[str]:
    return ["change", "remove"] if roles_toward(audience.user, lender=row.office_id) & DESK else []


class ZoneChange(Input):
    name = serializers.CharField(max_length=60)
    shelves = serializers.CharField(
        max_length=300,
        help_text="Class numbers (000-299), beginnings of call numbers, or shelf locations, with commas.",
    )
    position = serializers.IntegerField(min_value=1, max_value=999, default=1)


class ZoneInput(ZoneChange):
    office = Visible(Institution)


class PartShape(serializers.Serializer):
    """One zone of one delivery."""

    zone = serializers.CharField(help_text="What `claim_zone` and `leave_zone` take, and `pick-list?zone=`.")
    name = serializers.CharField()
    total = serializers.IntegerField()
    picked = serializers.IntegerField()
    claimed_by = serializers.CharField(help_text="Who fetches it; empty when nobody does.")
    waiting = serializers.ListField(
        child=serializers.CharField(), help_text="Barcodes to be fetched, as they stand on the shelf."
    )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "zone": instance.zone.key,
            "name": instance.zone.name,
            "total": len(instance.lines),
            "picked": instance.picked,
            "claimed_by": str(instance.claimed_by or ""),
            "waiting": [line.copy.barcode for line in instance.waiting],
        }


class PartsShape(serializers.Serializer):
    results = PartShape(many=True, help_text="In the order of the round.")


class ZoneChoice(Input):
    zone = serializers.CharField(max_length=80)


def parts_said(view: Any, row: Any, data: dict[str, Any]) -> dict[str, Any]:
    return {"results": zones.parts_of(row)}


def claimed(view: Any, row: Any, data: dict[str, Any]) -> dict[str, Any]:
    zones.claim_zone(consignment=row, actor=view.actor, **data)
    return parts_said(view, row, data)


def left(view: Any, row: Any, data: dict[str, Any]) -> dict[str, Any]:
    zones.leave_zone(consignment=row, actor=view.actor, **data)
    return parts_said(view, row, data)


ZONE_ACTS = {
    "claim_zone": Act(
        zones.claim_zone,
        ZoneChoice,
        says="“I fetch these”: the others are shown your name. It locks nothing.",
        example={"zone": "l-Ruang Anak"},
        answers=PartsShape,
        run=claimed,
    ),
    "leave_zone": Act(
        zones.leave_zone,
        ZoneChoice,
        says="Nobody fetches this zone any more.",
        example={"zone": "l-Ruang Anak"},
        answers=PartsShape,
        run=left,
    ),
}


def removed(view: Any, row: ShelfZone, data: dict[str, Any]) -> Any:
    key = row.pk
    zones.remove_zone(zone=row, actor=view.actor)
    return key


class ShelfZoneViewSet(CreateMixin, ReadViewSet):
    """Parts of the house in which one person fetches books. Pick lists are made zone by zone."""

    scope_noun = "shelf-zones"
    queryset = ShelfZone.objects.select_related("office")
    serializer_class = ShelfZoneRow
    filterset_class = ShelfZoneFilter
    create_input = ZoneInput
    create_example = {
        "office": SOME_ID,
        "name": "Ruang Anak",
        "shelves": "Ruang Anak, 800-899",
        "position": 1,
    }
    subject = "zone"
    acts = {
        "change": Act(
            zones.keep_zone,
            ZoneChange,
            says="Say anew what it is called and what stands there.",
            example={"name": "Ruang Anak", "shelves": "Ruang Anak", "position": 1},
            run=lambda view, row, data: zones.keep_zone(
                office=row.office, zone=row, actor=view.actor, **data
            ),
        ),
        "remove": Act(
            zones.remove_zone,
            says="Its shelves are found by location or class again.",
            answers=Removed,
            run=removed,
        ),
    }

    def do_create(self, data: dict[str, Any]) -> ShelfZone:
        return zones.keep_zone(actor=self.actor, **data)
