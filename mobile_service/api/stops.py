"""Stops over the API: one by one, as points for a map, and as a timetable file in the open-data schema (M1)."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kerjasama.api.inputs import Input, ModelInput, NoteInput, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet, ReviseMixin
from libraries.access import roles_toward
from libraries.models import Institution
from mobile_service.api.feeds import RENEW_FEED, feed_url, feed_verbs
from mobile_service.api.fleet import SOME_ID, VERBS, WEEKDAY
from mobile_service.filters import StopFilter
from mobile_service.lifecycle import SCHOOL
from mobile_service.models import Stop, StopWindow, Vehicle
from mobile_service.services import stop_hours, stops
from mobile_service.services.examining import doubts_beside
from mobile_service.services.keeping import keeps_fleet
from mobile_service.services.stop_export import sheet_of_all
from mobile_service.services.stop_hours import proposal_at

MOST_POINTS = 5_000


class WindowRow(Row):
    class Meta:
        model = StopWindow
        example = {"weekday": 1, "opens_at": "07:30:00", "closes_at": "12:00:00"}
        fields = ("weekday", "opens_at", "closes_at")


def _stop_verbs(row: Stop, audience: Audience) -> list[str]:
    verbs = []
    if keeps_fleet(audience.user, row.office_id):
        verbs.append("close" if row.is_active else "reopen")
    if row.partner_id and roles_toward(audience.user, partner=row.partner_id) & SCHOOL:
        verbs += ["correct", *(["propose_hours"] if row.is_active else [])]
        verbs += ["withdraw_hours"] if proposal_at(row) else []
    if proposal_at(row) and keeps_fleet(audience.user, row.office_id):
        verbs += ["accept_hours", "decline_hours"]
    return [*verbs, *feed_verbs(row, audience)]


class ProposalShape(serializers.Serializer):
    windows = WindowRow(many=True, help_text="None: at any time.")
    note = serializers.CharField(allow_blank=True)
    proposed_at = serializers.DateTimeField()


def _proposed(row: Stop, audience: Audience) -> dict[str, Any] | None:
    found = proposal_at(row)
    if found is None:
        return None
    return {
        "windows": [
            {"weekday": day, "opens_at": begins.isoformat(), "closes_at": until.isoformat()}
            for day, begins, until in found.spans
        ],
        "note": found.note,
        "proposed_at": found.created_at,
    }


class StopRow(Row):
    url = Url("stops")
    display = Display()
    office = Link("institutions")
    partner = Link("institutions", allow_null=True)
    vehicle = Link("vehicles", allow_null=True)
    windows = WindowRow(many=True, help_text="When the van may stand there; none: at any time.")
    hours_proposal = Computed(
        ProposalShape(
            allow_null=True,
            help_text="Other hours that the school proposes and the desk has not answered; null: none.",
        ),
        _proposed,
    )
    feed_url = feed_url()
    available_actions = Computed(VERBS, _stop_verbs)

    class Meta:
        model = Stop
        example = {
            "display": "Balai Kelurahan Talang",
            "office": "Perpustakaan Payakumbuh",
            "partner": None,
            "vehicle": None,
            "name": "Balai Kelurahan Talang",
            "slug": "balai-kelurahan-talang",
            "kind": "village",
            "address": "Jalan Sudirman 1",
            "community": "Talang",
            "postcode": "26211",
            "latitude": "-0.214300",
            "longitude": "100.616800",
            "minutes": 60,
            "every_weeks": 4,
            "closed_on": ["2027-01-04"],
            "contact_name": "Pengurus Talang",
            "contact_phone": "0812 0000 5000",
            "hint": "Parkir di samping pos ronda.",
            "hours_proposal": None,
            "feed_url": "https://kerjasama.example/jadwal/balai-kelurahan-talang/kalender.ics",
            "available_actions": ["close", "renew_feed"],
        }
        fields: tuple[str, ...] = (
            "id",
            "url",
            "display",
            "office",
            "partner",
            "name",
            "slug",
            "kind",
            "address",
            "community",
            "postcode",
            "latitude",
            "longitude",
            "minutes",
            "every_weeks",
            "same_weekday",
            "vehicle",
            "windows",
            "closed_on",
            "contact_name",
            "contact_phone",
            "hint",
            "is_public",
            "is_active",
            "hours_proposal",
            "feed_url",
            "available_actions",
            "version",
            "created_at",
            "updated_at",
        )


class DoubtShape(serializers.Serializer):
    code = serializers.CharField()
    sentence = serializers.CharField()
    never = serializers.BooleanField(help_text="It can never be served as it stands.")


class StopDetail(StopRow):
    doubts = Computed(
        DoubtShape(
            many=True, help_text="Why no plan can serve it, or what looks wrong; empty when all is well."
        ),
        lambda row, audience: [
            {"code": doubt.code, "sentence": doubt.sentence, "never": doubt.never}
            for doubt in doubts_beside(row)
        ],
    )

    class Meta(StopRow.Meta):
        example = {**StopRow.Meta.example, "doubts": []}
        fields = (*StopRow.Meta.fields, "doubts")


class StopWindowInput(ModelInput):
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text=WEEKDAY)

    class Meta:
        model = StopWindow
        fields = ("weekday", "opens_at", "closes_at")


class StopChange(ModelInput):
    partner = Visible(
        Institution, required=False, allow_null=True, help_text="The school at whose gate it is."
    )
    vehicle = Visible(Vehicle, required=False, allow_null=True, help_text="Only this one may come.")
    windows = StopWindowInput(
        many=True, required=False, help_text="All of them, several a day; none: any time."
    )
    closed_on = serializers.ListField(
        child=serializers.DateField(), required=False, help_text="Days on which it cannot be."
    )
    accept_warnings = serializers.BooleanField(
        default=False,
        help_text="The place is meant although it looks mistyped; else a new place outside Indonesia, or far from where the "
        "vehicle starts, is refused with 409.",
    )

    class Meta:
        model = Stop
        fields: tuple[str, ...] = (
            "partner",
            "name",
            "kind",
            "address",
            "community",
            "postcode",
            "latitude",
            "longitude",
            "minutes",
            "every_weeks",
            "same_weekday",
            "vehicle",
            "windows",
            "closed_on",
            "contact_name",
            "contact_phone",
            "hint",
            "is_public",
            "accept_warnings",
        )


class StopInput(StopChange):
    office = Visible(Institution, help_text="Your library.")

    class Meta(StopChange.Meta):
        fields = ("office", *StopChange.Meta.fields)


class CorrectionInput(ModelInput):
    class Meta:
        model = Stop
        fields = ("contact_name", "contact_phone", "hint")


class HoursProposalInput(Input):
    windows = StopWindowInput(many=True, help_text="All of them, several a day; none: any time.")
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class OfficeInput(Input):
    office = Visible(Institution, help_text="Your library.")


class MadeShape(serializers.Serializer):
    made = serializers.IntegerField(help_text="Stops that were made.")


class StopViewSet(CreateMixin, ReviseMixin, ReadViewSet):
    """Where the van stands: at schools and village places. A library keeps its own; a school sees the stop at its gate."""

    scope_noun = "stops"
    queryset = Stop.objects.for_list().prefetch_related("office__vehicles__hours")
    list_queryset = Stop.objects.for_list()
    serializer_class = StopRow
    detail_class = StopDetail
    filterset_class = StopFilter
    create_input = StopInput
    revise_input = StopChange
    create_example = {
        "office": SOME_ID,
        "name": "Balai Kelurahan Talang",
        "kind": "village",
        "latitude": "-0.214300",
        "longitude": "100.616800",
        "windows": [{"weekday": 6, "opens_at": "08:00", "closes_at": "12:00"}],
    }
    revise_example = {"minutes": 75}
    subject = "stop"
    acts = {
        "close": Act(
            stops.close_stop,
            says="The van comes no more; 409 while a series runs or visits are planned.",
        ),
        "reopen": Act(stops.reopen_stop, says="The van comes here again."),
        "correct": Act(
            stops.correct_stop,
            CorrectionInput,
            says="The school puts right whom the crew asks for and how the gate is found.",
            example={"contact_name": "Bu Rina", "hint": "Masuk lewat gerbang samping."},
        ),
        "propose_hours": Act(
            stop_hours.propose_hours,
            HoursProposalInput,
            says="The school proposes when the van may come; it holds when the desk has accepted it. A later one takes its place.",
            example={
                "windows": [{"weekday": 1, "opens_at": "08:00", "closes_at": "11:30"}],
                "note": "Mulai Januari.",
            },
        ),
        "withdraw_hours": Act(stop_hours.withdraw_hours, says="The school takes its proposal back."),
        "accept_hours": Act(
            stop_hours.accept_hours,
            says="The desk takes the proposed hours over. Visits that are planned stay where they are.",
        ),
        "decline_hours": Act(
            stop_hours.decline_hours,
            NoteInput,
            says="The hours stay as they are, with a reason that the school reads.",
            example={"note": "Pada hari itu kendaraan sudah penuh."},
        ),
        "renew_feed": RENEW_FEED,
    }

    def do_create(self, data: dict[str, Any]) -> Stop:
        return stops.add_stop(actor=self.actor, **_careful(data))

    def do_revise(self, row: Stop, data: dict[str, Any]) -> Stop:
        return stops.revise_stop(stop=row, actor=self.actor, version=row.version, **_careful(data))

    @extend_schema(
        request=OfficeInput,
        responses=MadeShape,
        operation_id="stops_make_of_partners",
        examples=[
            OpenApiExample(
                "One's own library", {"office": "01a20586-77e1-7ff2-862e-2a1224dc046a"}, request_only=True
            )
        ],
    )
    @action(detail=False, methods=["post"], filterset_class=None)
    def make_of_partners(self, request: Request, **kwargs: Any) -> Response:
        """A stop for every school with a running agreement that has none, from what the directory knows of it."""
        made = stops.make_stops_of_partners(actor=self.actor, **self.taken(OfficeInput))
        return Response({"made": len(made)})

    @extend_schema(responses=OpenApiTypes.OBJECT, filters=True, operation_id="stops_geojson")
    @action(detail=False, methods=["get"])
    def geojson(self, request: Request, **kwargs: Any) -> Response:
        """The stops that have a place, as a GeoJSON FeatureCollection (RFC 7946), at most 5,000; the filters of the list apply."""
        rows = self.filter_queryset(self.get_queryset().filter(latitude__isnull=False))[:MOST_POINTS]
        return Response({"type": "FeatureCollection", "features": [_feature(row) for row in rows]})

    @extend_schema(
        responses={(200, "text/csv"): OpenApiTypes.STR}, filters=True, operation_id="stops_timetable"
    )
    @action(detail=False, methods=["get"])
    def timetable(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """The stops as CSV in the schema of LibrariesHacked (mobile-library-stops) with columns of our own behind it. Handed over
        to `stop-lists` it comes back whole."""
        rows = Stop.objects.filter(pk__in=self.filter_queryset(self.get_queryset()).values("pk"))
        return HttpResponse(
            sheet_of_all(rows),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="stops.csv"'},
        )


def _careful(data: dict[str, Any]) -> dict[str, Any]:
    """The service's word for what programs call accepting."""
    rest = dict(data)
    accepted = rest.pop("accept_warnings", False)
    return {**rest, "careful": not accepted}


def _feature(row: Stop) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": str(row.pk),
        "geometry": {"type": "Point", "coordinates": [float(row.longitude or 0), float(row.latitude or 0)]},
        "properties": {
            "name": row.name,
            "kind": row.kind,
            "community": row.community,
            "is_public": row.is_public,
            "is_active": row.is_active,
        },
    }
