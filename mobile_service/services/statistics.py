"""What the mobile library has brought: visits planned and done, visitors by kind, loans, kilometres, hours, and whom it reaches (M8).

Everything is summed up by the database; how many queries a page costs does not depend on how much was driven. A visit counts on the
day for which it was planned, by the clock of its library. One at which the van is, or which nobody told to be over, has taken
place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Avg,
    Case,
    Count,
    DecimalField,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Greatest

from kerjasama.domain import clock
from libraries.models import Institution
from loans.choices import LineStatus
from mobile_service.choices import StopKind, TripStatus, VisitorKind, VisitStatus
from mobile_service.models import Stop, Trip, TripLoad, Visit
from mobile_service.spans import Span

NOTHING = timedelta(0)
TOOK_PLACE = (VisitStatus.ARRIVED, VisitStatus.DONE)
# A line past packing: the book did go to the school.
_LENT = (LineStatus.OUT, LineStatus.LOST, LineStatus.RETURNED, LineStatus.SETTLED)
# Below this share of what a usual stop brings, a stop brings little; judged from so many visits on.
LITTLE = 0.5
JUDGED_FROM = 2


def never_below(span: Any) -> Any:
    """A clock may have been wrong, and a van that came late be gone by the plan before it came: no time is less than none."""
    return Greatest(ExpressionWrapper(span, output_field=DurationField()), Value(NOTHING))


STAYED = never_below(Coalesce("left_at", "ends_at") - Coalesce("arrived_at", "begins_at"))
# What the odometer says, else what was planned: the second is an estimate and is told apart.
ODOMETER = Q(odometer_start__isnull=False, odometer_end__isnull=False)
DRIVEN = Case(
    When(
        ODOMETER,
        then=Cast(F("odometer_end") - F("odometer_start"), DecimalField(max_digits=9, decimal_places=1)),
    ),
    default=F("planned_km"),
    output_field=DecimalField(max_digits=9, decimal_places=1),
)


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """``planned``: all that stood on the calendar, called off or not; ``ahead``: of those, what is still to come."""

    planned: int = 0
    done: int = 0
    missed: int = 0
    cancelled: int = 0
    ahead: int = 0
    visitors: int = 0
    lent: int = 0
    returned: int = 0
    stay: timedelta = NOTHING
    kinds: dict[str, int] = field(default_factory=dict)

    @property
    def stay_hours(self) -> Decimal:
        return hours(self.stay)

    @property
    def due(self) -> int:
        """What should have taken place by now."""
        return self.planned - self.ahead

    @property
    def done_percent(self) -> int | None:
        """Of what should have taken place by now, so much did."""
        return round(100 * self.done / self.due) if self.due else None

    @property
    def visitors_per_visit(self) -> Decimal | None:
        return _per(self.visitors, self.done)


@dataclass(frozen=True, slots=True)
class TripFigures:
    """``kilometres`` in all; of those ``estimated`` were only planned. ``unknown`` trips say nothing of their way."""

    trips: int = 0
    kilometres: Decimal = Decimal(0)
    estimated: Decimal = Decimal(0)
    unknown: int = 0
    out: timedelta = NOTHING

    @property
    def out_hours(self) -> Decimal:
        return hours(self.out)


@dataclass(frozen=True, slots=True)
class Reach:
    """Of ``whole`` stops (schools, places, villages) that are served, so many were visited."""

    reached: int
    whole: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.reached / self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class Figures:
    span: Span
    visits: VisitFigures
    trips: TripFigures
    schools: Reach
    places: Reach
    communities: Reach
    books_brought: int


def figures_of(office: Institution, span: Span) -> Figures:
    """Everything about a library over some time. Four queries."""
    visits = visits_in(office, span)
    schools, places, communities = _reach(office, span)
    brought = TripLoad.objects.filter(visit__in=visits.filter(status__in=TOOK_PLACE)).aggregate(
        books=Count("consignment__lines", filter=Q(consignment__lines__status__in=_LENT))
    )
    return Figures(
        span,
        visit_figures(visits),
        trip_figures(office, span),
        schools,
        places,
        communities,
        brought["books"],
    )


def visit_figures(visits: "QuerySet[Visit]") -> VisitFigures:
    """The sums of some visits. One query."""
    done = Q(status__in=TOOK_PLACE)
    kinds = {
        f"kind_{kind}": Coalesce(Sum(_of_kind(kind, "tally__"), filter=done), 0)
        for kind in VisitorKind.values
    }
    found = visits.aggregate(**_sums(), **kinds)
    return _figures(found)


def by_part(office: Institution, span: Span, stop: Stop | None = None) -> list[tuple[Span, VisitFigures]]:
    """The parts of a chart, each with its sums, of all stops or of one. One query, whatever the number of parts."""
    parts = span.parts()
    which = Case(
        *[
            When(begins_at__gte=starts, begins_at__lt=ends, then=Value(number))
            for number, part in enumerate(parts)
            for starts, ends in [_moments(office, part)]
        ],
        output_field=IntegerField(),
    )
    visits = visits_in(office, span)
    rows: Any = (
        (visits if stop is None else visits.filter(stop=stop))
        .annotate(part=which)
        .order_by()
        .values("part")
        .annotate(**_sums())
    )
    found = {row["part"]: _figures(row) for row in rows}
    return [(part, found.get(number, VisitFigures())) for number, part in enumerate(parts)]


def trip_figures(office: Institution, span: Span) -> TripFigures:
    """Kilometres and hours on the road of the trips that took place. One query."""
    out = never_below(F("finished_at") - F("started_at"))
    found = Trip.objects.filter(
        office=office, on__range=(span.start, span.end), status__in=[TripStatus.UNDER_WAY, TripStatus.DONE]
    ).aggregate(
        trips=Count("pk"),
        kilometres=Sum(DRIVEN),
        estimated=Sum("planned_km", filter=~ODOMETER),
        unknown=Count("pk", filter=~ODOMETER & Q(planned_km__isnull=True)),
        out=Sum(out, filter=Q(finished_at__isnull=False, started_at__isnull=False)),
    )
    return TripFigures(
        found["trips"],
        found["kilometres"] or Decimal(0),
        found["estimated"] or Decimal(0),
        found["unknown"],
        found["out"] or NOTHING,
    )


def with_figures(stops: "QuerySet[Stop]", starts: datetime, ends: datetime) -> Any:
    """Each stop with its visits from ``starts`` to before ``ends``, and what they brought. One join, so nothing is counted twice."""
    inside = Q(visits__begins_at__gte=starts, visits__begins_at__lt=ends)
    done = inside & Q(visits__status__in=TOOK_PLACE)
    return stops.annotate(
        visits_planned=Count("visits", filter=inside),
        visits_done=Count("visits", filter=done),
        visits_missed=Count("visits", filter=inside & Q(visits__status=VisitStatus.MISSED)),
        visits_cancelled=Count("visits", filter=inside & Q(visits__status=VisitStatus.CANCELLED)),
        visitors=Coalesce(Sum("visits__tally__visitor_count", filter=done), 0),
        lent=Coalesce(Sum("visits__tally__lent", filter=done), 0),
        returned=Coalesce(Sum("visits__tally__returned", filter=done), 0),
        visitors_per_visit=Avg(Cast(Coalesce("visits__tally__visitor_count", 0), FloatField()), filter=done),
        last_visited_at=Max("visits__begins_at", filter=done),
    )


def stops_of(office: Institution, span: Span) -> Any:
    """Stops that were in use then, or on the calendar of the span, with their figures: those that bring most first."""
    starts, ends = _moments(office, span)
    rows = with_figures(Stop.objects.filter(office=office), starts, ends)
    return rows.filter(Q(pk__in=_in_use(office, ends)) | Q(visits_planned__gt=0)).order_by(
        F("visitors_per_visit").desc(nulls_last=True), "name", "pk"
    )


def _in_use(office: Institution, moment: datetime) -> Any:
    """Stops that stood and were not closed just before ``moment``, so that a month that is over keeps its figures.

    When a stop was closed and opened again, the trail of its changes knows; before its first line it was in use.
    """
    trail = Stop.audit_trail.rel.related_model  # type: ignore[attr-defined]
    known = trail.objects.filter(pgh_obj=OuterRef("pk"), pgh_created_at__lt=moment)
    last = Subquery(known.order_by("-pgh_created_at", "-pgh_id").values("is_active")[:1])
    stood = Stop.objects.filter(office=office, created_at__lt=moment)
    return stood.annotate(was_in_use=Coalesce(last, Value(True))).filter(was_in_use=True).values("pk")


def bringing_little(stops: Sequence[Any]) -> list[Any]:
    """Stops that were visited often enough to say so, and to which far fewer people come than to a usual one."""
    judged = [stop for stop in stops if stop.visits_done >= JUDGED_FROM]
    if len(judged) < 3:
        return []
    usual = median(stop.visitors_per_visit for stop in judged)
    little = [stop for stop in judged if stop.visitors_per_visit < LITTLE * usual]
    return sorted(little, key=lambda stop: (stop.visitors_per_visit, stop.name))


def visits_in(office: Institution, span: Span) -> "QuerySet[Visit]":
    starts, ends = _moments(office, span)
    return Visit.objects.filter(stop__office=office, begins_at__gte=starts, begins_at__lt=ends)


def hours(time_: timedelta) -> Decimal:
    return Decimal(time_.total_seconds() / 3600).quantize(Decimal("0.1"))


def _reach(office: Institution, span: Span) -> tuple[Reach, Reach, Reach]:
    """How many of the schools, other places and villages that were served then were visited. One query."""
    starts, ends = _moments(office, span)
    planned = Q(visits__begins_at__gte=starts, visits__begins_at__lt=ends)
    visited = planned & Q(visits__status__in=TOOK_PLACE)
    # The same stops as in the list: those on the calendar of the span, too.
    served = planned | Q(pk__in=_in_use(office, ends))
    school, named = Q(kind=StopKind.SCHOOL), ~Q(community="")
    found = Stop.objects.filter(office=office).aggregate(
        schools=Count("pk", filter=school & served, distinct=True),
        schools_reached=Count("pk", filter=school & visited, distinct=True),
        places=Count("pk", filter=~school & served, distinct=True),
        places_reached=Count("pk", filter=~school & visited, distinct=True),
        communities=Count("community", filter=named & served, distinct=True),
        communities_reached=Count("community", filter=named & visited, distinct=True),
    )
    return (
        Reach(found["schools_reached"], found["schools"]),
        Reach(found["places_reached"], found["places"]),
        Reach(found["communities_reached"], found["communities"]),
    )


def _sums() -> dict[str, Any]:
    done = Q(status__in=TOOK_PLACE)
    return {
        "planned": Count("pk"),
        "done": Count("pk", filter=done),
        "missed": Count("pk", filter=Q(status=VisitStatus.MISSED)),
        "cancelled": Count("pk", filter=Q(status=VisitStatus.CANCELLED)),
        # One that should have begun by now and of which nobody has told yet is not ahead: it is due, and not done.
        "ahead": Count("pk", filter=Q(status=VisitStatus.PLANNED, begins_at__gt=clock.now())),
        "visitors": Coalesce(Sum("tally__visitor_count", filter=done), 0),
        "lent_": Coalesce(Sum("tally__lent", filter=done), 0),
        "returned_": Coalesce(Sum("tally__returned", filter=done), 0),
        "stay": Sum(STAYED, filter=done),
    }


def _figures(found: dict[str, Any]) -> VisitFigures:
    return VisitFigures(
        found["planned"],
        found["done"],
        found["missed"],
        found["cancelled"],
        found["ahead"],
        found["visitors"],
        found["lent_"],
        found["returned_"],
        found["stay"] or NOTHING,
        {kind: found.get(f"kind_{kind}", 0) for kind in VisitorKind.values},
    )


def _of_kind(kind: str, path: str) -> Any:
    return Cast(KeyTextTransform(kind, f"{path}visitors"), IntegerField())


def _moments(office: Institution, span: Span) -> tuple[datetime, datetime]:
    zone = ZoneInfo(office.zone)
    return (
        datetime.combine(span.start, time.min, zone),
        datetime.combine(span.end + timedelta(days=1), time.min, zone),
    )


def _per(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.1")) if whole else None
