"""Series and visits over the API (M2). What a crew tells on the way comes as entries of the trip, not as verbs."""

from typing import Any

from rest_framework import serializers

from kerjasama.api.events import EventsMixin
from kerjasama.api.inputs import Input, Visible
from kerjasama.api.rows import Audience, Computed, Display, Link, Row, Url
from kerjasama.api.transitions import Act
from kerjasama.api.viewsets import CreateMixin, ReadViewSet
from mobile_service.filters import SeriesFilter, VisitFilter
from mobile_service.lifecycle import SERIES, VISIT
from mobile_service.models import Series, Stop, Vehicle, Visit
from mobile_service.recurrence import words_of
from mobile_service.services import scheduling, series
from mobile_service.services.scheduling import LONGEST_REASON
from mobile_service.services.stepping import roles_of

SOME_ID = "01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11"
VERBS = serializers.ListField(
    child=serializers.CharField(), help_text="Verbs that you may POST to now, as `{url}{verb}/`."
)
RULE = (
    "RRULE (RFC 5545) of weeks or months: FREQ, INTERVAL, BYDAY, BYMONTHDAY (1 to 31, -1 is the last). The first and last day "
    "are fields; UNTIL, COUNT and everything else is refused (`rule_unsupported`)."
)
ACCEPT = "Save although there are warnings (outside hours, another vehicle's stop …). What is impossible stays refused."
SEEN = (
    "The `sequence` of the visit as you have read it: where somebody has moved it or called it off since, 409 `stale` says how it "
    "stands. Without it nothing is compared."
)
LEAVE_OUT = "Save although something is in the way on some days: impossible days are left out."
# What is told as entries of the trip.
TOLD_ON_THE_WAY = frozenset({"arrive", "leave", "skip", "arrive_late", "unarrive", "unleave", "unskip"})


def _series_actions(row: Series, audience: Audience) -> list[str]:
    able = SERIES.available(row.status, roles_of(audience.user, row))
    return [name for name in able if name != "include" or row.left_out]


def _visit_actions(row: Visit, audience: Audience) -> list[str]:
    hidden = {"pin" if row.is_pinned else "unpin", *TOLD_ON_THE_WAY}
    return [name for name in VISIT.available(row.status, roles_of(audience.user, row)) if name not in hidden]


class SeriesRow(Row):
    url = Url("series")
    display = Display()
    stop = Link("stops")
    words = Computed(
        serializers.CharField(help_text="The rule in words, in your language."),
        lambda row, audience: words_of(row.rule),
    )
    available_actions = Computed(VERBS, _series_actions)

    class Meta:
        model = Series
        example = {
            "display": "SDN 01 FREQ=WEEKLY;BYDAY=SU",
            "stop": "SDN 01",
            "rule": "FREQ=MONTHLY;BYDAY=2TU,4TU",
            "words": "setiap bulan pada Selasa kedua dan keempat",
            "starts_on": "2027-01-12",
            "ends_on": None,
            "begins_at": "09:00:00",
            "minutes": 60,
            "left_out": ["2027-03-09"],
            "status": "active",
            "available_actions": ["change", "except", "include", "end"],
        }
        fields = (
            "id",
            "url",
            "display",
            "stop",
            "rule",
            "words",
            "starts_on",
            "ends_on",
            "begins_at",
            "minutes",
            "left_out",
            "status",
            "sequence",
            "available_actions",
            "created_at",
            "updated_at",
        )


class VisitRow(Row):
    url = Url("visits")
    display = Display()
    stop = Link("stops")
    series = Link("series")
    vehicle = Computed(
        serializers.CharField(help_text="The name of the vehicle."), lambda row, audience: str(row.vehicle)
    )
    trip = Computed(
        serializers.UUIDField(help_text="Of the trip; its own desk finds it under `trips`."),
        lambda row, audience: row.trip_id,
    )
    available_actions = Computed(VERBS, _visit_actions)

    class Meta:
        model = Visit
        example = {
            "display": "SDN 01, Tuesday, 12 January 2027",
            "stop": "SDN 01",
            "vehicle": "Pusling 1",
            "trip": SOME_ID,
            "series": None,
            "series_on": None,
            "begins_at": "2027-01-12T02:00:00Z",
            "ends_at": "2027-01-12T03:00:00Z",
            "status": "planned",
            "reason": "",
            "is_pinned": True,
            "available_actions": ["move", "unpin", "cancel"],
        }
        fields = (
            "id",
            "url",
            "display",
            "stop",
            "vehicle",
            "trip",
            "series",
            "series_on",
            "begins_at",
            "ends_at",
            "status",
            "reason",
            "is_pinned",
            "sequence",
            "arrived_at",
            "left_at",
            "available_actions",
            "created_at",
            "updated_at",
        )


class SeriesChange(Input):
    vehicle = Visible(Vehicle, required=False)
    rule = serializers.CharField(max_length=200, required=False, help_text=RULE)
    begins_at = serializers.TimeField(required=False)
    minutes = serializers.IntegerField(min_value=5, max_value=480, required=False)
    ends_on = serializers.DateField(required=False, allow_null=True)
    from_on = serializers.DateField(
        required=False, allow_null=True, help_text="From this day on; today when not given."
    )
    accept_clashes = serializers.BooleanField(default=False, help_text=LEAVE_OUT)


class SeriesInput(Input):
    stop = Visible(Stop)
    vehicle = Visible(Vehicle)
    rule = serializers.CharField(max_length=200, help_text=RULE)
    starts_on = serializers.DateField(help_text="It begins on the first day of the rule from here on.")
    ends_on = serializers.DateField(required=False, allow_null=True)
    begins_at = serializers.TimeField(help_text="On the library's own clock.")
    minutes = serializers.IntegerField(
        min_value=5, max_value=480, required=False, help_text="As the stop says, when not given."
    )
    accept_clashes = serializers.BooleanField(default=False, help_text=LEAVE_OUT)


class PublishedInput(Input):
    """A reason that stands in calendars, where a note of the history alone may be longer."""

    note = serializers.CharField(max_length=LONGEST_REASON, help_text="The reason; it is published.")


class ExceptInput(PublishedInput):
    on = serializers.DateField(help_text="A day of the rule.")


class IncludeInput(Input):
    on = serializers.DateField(help_text="One of `left_out`.")
    accept_warnings = serializers.BooleanField(default=False, help_text=ACCEPT)


class EndInput(Input):
    on = serializers.DateField(
        required=False, allow_null=True, help_text="From this day on; today when not given."
    )
    note = serializers.CharField(
        max_length=LONGEST_REASON, required=False, allow_blank=True, help_text="It is published."
    )


def seen_field() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, required=False, help_text=SEEN)


class VanMoveInput(Input):
    begins_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(required=False, allow_null=True)
    vehicle = Visible(Vehicle, required=False)
    reason = serializers.CharField(
        max_length=LONGEST_REASON, required=False, allow_blank=True, help_text="Published with the change."
    )
    sequence = seen_field()
    accept_warnings = serializers.BooleanField(default=False, help_text=ACCEPT)


class VanVisitInput(Input):
    stop = Visible(Stop)
    vehicle = Visible(Vehicle)
    begins_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="As long as the stop says, when not given."
    )
    accept_warnings = serializers.BooleanField(default=False, help_text=ACCEPT)


class VanCancelInput(PublishedInput):
    sequence = seen_field()


class RestoreInput(Input):
    sequence = seen_field()
    accept_warnings = serializers.BooleanField(default=False, help_text=ACCEPT)


def _careful(data: dict[str, Any], name: str) -> dict[str, Any]:
    """The service's word for what programs call accepting."""
    rest = dict(data)
    accepted = rest.pop(name, False)
    return {**rest, "careful": not accepted}


def change(view: Any, row: Series, data: dict[str, Any]) -> Series:
    return series.change_series(series=row, actor=view.actor, **_careful(data, "accept_clashes"))


def include(view: Any, row: Series, data: dict[str, Any]) -> Series:
    return series.include_day(series=row, actor=view.actor, **_careful(data, "accept_warnings"))


def move(view: Any, row: Visit, data: dict[str, Any]) -> Visit:
    return scheduling.move_visit(visit=row, actor=view.actor, **_careful(data, "accept_warnings"))


def restore(view: Any, row: Visit, data: dict[str, Any]) -> Visit:
    return scheduling.restore_visit(visit=row, actor=view.actor, **_careful(data, "accept_warnings"))


class SeriesViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """Visits that repeat by a rule. Their days of the next half year are `visits`; days on which the van cannot come are `left_out`."""

    scope_noun = "series"
    queryset = Series.objects.for_list()
    serializer_class = SeriesRow
    filterset_class = SeriesFilter
    create_input = SeriesInput
    create_example = {
        "stop": SOME_ID,
        "vehicle": SOME_ID,
        "rule": "FREQ=MONTHLY;BYDAY=2TU,4TU",
        "starts_on": "2027-01-04",
        "begins_at": "09:00",
    }
    lives = (SERIES,)
    subject = "series"
    acts = {
        "change": Act(
            series.change_series,
            SeriesChange,
            says="The visits repeat otherwise from a day on. Answers the series that goes on; this one ends before it.",
            example={"from_on": "2027-03-01", "begins_at": "10:00"},
            run=change,
            makes=True,
        ),
        "except": Act(
            series.except_day,
            ExceptInput,
            says="Leave out one day: nothing takes place and nothing is shown. The school reads the reason.",
            example={"on": "2027-03-09", "note": "Ujian sekolah"},
        ),
        "include": Act(
            series.include_day,
            IncludeInput,
            says="Put a day back that was left out, if nothing is in the way.",
            example={"on": "2027-03-09"},
            run=include,
        ),
        "end": Act(
            series.end_series,
            EndInput,
            says="From a day on the van does not come by this rule any more. The school gets one message.",
            example={"on": "2027-06-21", "note": "Sekolah pindah"},
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Series:
        return series.make_series(actor=self.actor, **_careful(data, "accept_clashes"))


class VisitViewSet(EventsMixin, CreateMixin, ReadViewSet):
    """The van at one stop on one day. A refusal names what is in the way (`clashes`) and the nearest times that suit (`free`)."""

    scope_noun = "visits"
    queryset = Visit.objects.for_list()
    serializer_class = VisitRow
    filterset_class = VisitFilter
    create_input = VanVisitInput
    create_example = {"stop": SOME_ID, "vehicle": SOME_ID, "begins_at": "2027-01-12T09:00:00+07:00"}
    lives = (VISIT,)
    consequences = TOLD_ON_THE_WAY
    subject = "visit"
    acts = {
        "move": Act(
            scheduling.move_visit,
            VanMoveInput,
            says="Another time, day or vehicle. The school is told once.",
            example={"begins_at": "2027-01-13T09:00:00+07:00", "reason": "Rapat guru", "sequence": 0},
            run=move,
        ),
        "pin": Act(scheduling.pin_visit, says="A later plan of the routes keeps it where it is."),
        "unpin": Act(scheduling.unpin_visit, says="A later plan of the routes may move it."),
        "cancel": Act(
            scheduling.cancel_visit,
            VanCancelInput,
            says="The van does not come; the reason is published and the school told once.",
            example={"note": "Kendaraan di bengkel"},
        ),
        "restore": Act(
            scheduling.restore_visit,
            RestoreInput,
            says="A visit that was called off takes place after all.",
            example={"accept_warnings": False},
            run=restore,
        ),
    }

    def do_create(self, data: dict[str, Any]) -> Visit:
        return scheduling.place_visit(actor=self.actor, **_careful(data, "accept_warnings"))
