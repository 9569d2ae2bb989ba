"""From a plan that was looked at to the calendar of the vans (M3): in one transaction; each school is told once what comes or moves,
and once what was called off.

A visit that stays keeps its row and its address; one that moves keeps both and counts one change more. What a person has fixed, what
belongs to a series, and what has happened is not touched. What the house has overtaken since is left out, counted and said.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict
from kerjasama.domain.wording import long_date
from libraries.choices import ClosureScope
from libraries.models import Closure, User
from libraries.models.closure import SCHOOLS
from mobile_service.choices import VisitStatus
from mobile_service.lifecycle import ROUTE_PLAN, VISIT
from mobile_service.models import Outage, RoutePlan, Stop, Trip, Vehicle, Visit
from mobile_service.services.locking import hold_constraints
from mobile_service.services.route_remembering import snapshot, trips_there
from mobile_service.services.routing import lock_plan
from mobile_service.services.routing_result import TourRow, tours_of
from mobile_service.services.scheduling import cancel_locked, explained
from mobile_service.services.stepping import roles_of, take_step, write_event
from mobile_service.services.telling import hush_visits, tell_visits
from mobile_service.services.trips import drop_if_empty, open_trips, take_trips

# So many of the visits that were left out are named; more would be no sentence any more.
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class RouteAdoption:
    """What came of it. ``overtaken``: visits of the plan that the house no longer allows, or that would run into one fixed since."""

    plan: RoutePlan
    new: int
    moved: int
    stayed: int
    cancelled: int
    overtaken: int
    # The overtaken ones in words: which stop, on which day.
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    stop: Stop
    vehicle: Vehicle
    on: date
    begins_at: datetime
    ends_at: datetime
    by_hand: bool


@transaction.atomic
def adopt_plan(*, plan: RoutePlan, actor: User) -> RouteAdoption:
    """The plan becomes the calendar of its days from tomorrow on.

    Raises NotPermitted and TransitionRefused as the table says, Conflict (``nothing_left``) when its days have passed, and by the
    code of what somebody did at the same moment.
    """
    fresh = lock_plan(plan)
    ROUTE_PLAN.ask("adopt", fresh.status, roles_of(actor, fresh))
    office, zone = fresh.office, ZoneInfo(fresh.office.zone)
    first = max(fresh.starts_on, clock.today(office.zone) + timedelta(days=1))
    if first > fresh.ends_on:
        raise Conflict("nothing_left", _("The days of this plan have passed. Ask for a new plan."))
    tours = tours_of(fresh, first)
    stops = {
        str(row.pk): row for row in Stop.objects.filter(office=office).select_related("office", "partner")
    }
    vehicles = {str(row.pk): row for row in Vehicle.objects.filter(office=office)}
    wanted = list(_wanted(tours, stops, vehicles, zone))
    there = trips_there(fresh, first)
    # Those of the calendar so far that this plan may move, with the trips that they leave.
    begins, ends = _moment(first, time(), zone), _moment(fresh.ends_on + timedelta(days=1), time(), zone)
    loose = Visit.objects.filter(
        stop__office=office,
        plan__isnull=False,
        series=None,
        is_pinned=False,
        status=VisitStatus.PLANNED,
        begins_at__gte=begins,
        begins_at__lt=ends,
    )
    days = sorted({(it.vehicle, it.on) for it in wanted}, key=lambda it: (str(it[0].pk), it[1]))
    taken = take_trips(loose, to=days, actor=actor)
    trips = open_trips(days, actor=actor)
    leaving = set(loose.values_list("trip", flat=True))
    left = [trip for trip in taken if trip.pk in leaving]
    old = list(
        loose.select_for_update(of=("self",), no_key=True)
        .select_related("trip", "stop__office", "stop__partner", "vehicle")
        .order_by("pk")
    )
    possible = _possible(wanted, old, office.pk, first, fresh.ends_on, begins, ends)
    before = snapshot(first, {row.pk: row for row in (*trips.values(), *left)}.values(), there, old)
    answer = _change(fresh, old, possible, trips, actor, left_out=[it for it in wanted if it not in possible])
    _describe(tours, trips)
    for trip in left:
        drop_if_empty(trip, actor=actor)
    for trip in trips.values():
        if trip.pk not in {it.pk for it in left}:
            drop_if_empty(trip, actor=actor)
    take_step(
        ROUTE_PLAN, "adopt", fresh, actor=actor, note=said(answer), adopted_at=clock.now(), before=before
    )
    return answer


def said(answer: RouteAdoption) -> str:
    """What was adopted and what was not, in a sentence each."""
    parts = [
        _("Adopted: %(new)s new visits, %(moved)s moved, %(stayed)s as they were.")
        % {"new": answer.new, "moved": answer.moved, "stayed": answer.stayed}
    ]
    if answer.cancelled:
        parts.append(
            ngettext(
                "%(count)s visit of the calendar so far was called off.",
                "%(count)s visits of the calendar so far were called off.",
                answer.cancelled,
            )
            % {"count": answer.cancelled}
        )
    if answer.overtaken:
        parts.append(
            ngettext(
                "%(count)s visit was left out, because the day or the hour is taken or closed meanwhile.",
                "%(count)s visits were left out, because the day or the hour is taken or closed meanwhile.",
                answer.overtaken,
            )
            % {"count": answer.overtaken}
        )
        named = answer.left_out[:MOST_NAMED]
        parts.append(
            _("Left out: %(visits)s.")
            % {"visits": "; ".join(named) + ("; …" if len(answer.left_out) > len(named) else "")}
        )
    return " ".join(parts)


def _moment(on: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, at, zone)


def _wanted(
    tours: Iterable[TourRow], stops: dict[str, Stop], vehicles: dict[str, Vehicle], zone: ZoneInfo
) -> Iterable[_Wanted]:
    """Every visit that the plan itself places; those that stand in the calendar by hand stand there already."""
    for tour in tours:
        for row in tour.visits:
            if row.is_kept or row.stop not in stops or tour.vehicle not in vehicles:
                continue
            begins_at = _moment(tour.on, row.begins, zone)
            stop = stops[row.stop]
            yield _Wanted(
                stop,
                vehicles[tour.vehicle],
                tour.on,
                begins_at,
                max(_moment(tour.on, row.ends, zone), begins_at + timedelta(minutes=1)),
                row.by_hand,
            )


def _possible(
    wanted: Sequence[_Wanted],
    old: Sequence[Visit],
    office: UUID,
    first: date,
    last: date,
    begins: datetime,
    ends: datetime,
) -> list[_Wanted]:
    """Without what has been overtaken: stops and vehicles out of use, days closed, hours taken by others."""
    ours = {row.pk for row in old}
    zone = begins.tzinfo
    visited: set[tuple[UUID, date]] = set()
    taken: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    standing = Visit.objects.filter(
        stop__office=office,
        status__in=(VisitStatus.PLANNED, VisitStatus.ARRIVED),
        ends_at__gt=begins,
        begins_at__lt=ends,
    )
    for visit, stop, vehicle, start, end in standing.values_list(
        "pk", "stop", "vehicle", "begins_at", "ends_at"
    ):
        if visit not in ours:
            visited.add((stop, start.astimezone(zone).date()))
            taken[stop].append((start, end))
            taken[vehicle].append((start, end))
    shut: dict[UUID | None, list[tuple[date, date]]] = defaultdict(list)
    partners = {it.stop.partner for it in wanted if it.stop.partner}
    for closure in Closure.objects.between(first, last).filter(
        Q(institution=None) | Q(institution=office) | Q(institution__in=partners)
    ):
        # None stands for everybody; days off of all schools are no days off of villages.
        whose: set[UUID | None] = {None if closure.institution_id == office else closure.institution_id}
        if closure.institution_id is None and closure.scope == ClosureScope.SCHOOLS:
            whose = {row.pk for row in partners if row.kind in SCHOOLS}
        for key in whose:
            shut[key].append((closure.starts_on, closure.ends_on))
    for outage in Outage.objects.filter(vehicle__office=office, starts_on__lte=last, ends_on__gte=first):
        shut[outage.vehicle_id].append((outage.starts_on, outage.ends_on))

    def free(it: _Wanted) -> bool:
        if not (it.stop.is_active and it.vehicle.is_active):
            return False
        if (it.stop.pk, it.on) in visited:
            return False  # the van comes there on that day already, at whatever hour
        if any(
            a < it.ends_at and it.begins_at < b for key in (it.stop.pk, it.vehicle.pk) for a, b in taken[key]
        ):
            return False
        if it.by_hand:
            return True  # a person has decided, whatever is closed
        where = {None, it.stop.partner_id, it.vehicle.pk}
        closed = any(a <= it.on <= b for key in where for a, b in shut.get(key, ()))
        return not closed and it.on not in it.stop.closed_on

    return [it for it in wanted if free(it)]


def _change(
    plan: RoutePlan,
    old: Sequence[Visit],
    wanted: Sequence[_Wanted],
    trips: dict[tuple[UUID, date], Trip],
    actor: User,
    *,
    left_out: Sequence[_Wanted],
) -> RouteAdoption:
    """Visits stay, move, come and fall out; then those concerned are told."""
    pairs, fresh, gone = _matched(old, wanted, ZoneInfo(plan.office.zone))
    moved, stayed, before = [], 0, {}
    with explained():
        # Visits may change places: whether two are at one time is looked at when all are where they belong.
        hold_constraints("DEFERRED")
        for visit, to in pairs:
            same = (visit.begins_at, visit.ends_at, visit.vehicle_id) == (
                to.begins_at,
                to.ends_at,
                to.vehicle.pk,
            )
            if same:
                stayed += 1
                if to.by_hand:
                    take_step(VISIT, "pin", visit, actor=actor, is_pinned=True, plan=plan)
                elif visit.plan_id != plan.pk:
                    visit.plan = plan
                    visit.save(update_fields=["plan", "updated_at"])
                continue
            before[visit.pk] = visit.begins_at
            take_step(
                VISIT,
                "move",
                visit,
                actor=actor,
                trip=trips[to.vehicle.pk, to.on],
                vehicle=to.vehicle,
                begins_at=to.begins_at,
                ends_at=to.ends_at,
                is_pinned=to.by_hand,
                plan=plan,
                reason="",  # why a person had moved it before says nothing of where it stands now
                sequence=visit.sequence + 1,
            )
            moved.append(visit)
        note = _("The new calendar has no visit on this day.")
        cancel_locked(gone, actor=actor, note=note, tell=False)
        made = [
            Visit(
                trip=trips[to.vehicle.pk, to.on],
                vehicle=to.vehicle,
                stop=to.stop,
                begins_at=to.begins_at,
                ends_at=to.ends_at,
                plan=plan,
                is_pinned=to.by_hand,
                is_demo=to.stop.is_demo,
            )
            for to in fresh
        ]
        Visit.objects.bulk_create(made, batch_size=500)
        for visit in made:
            write_event(visit, "plan", actor=actor, before="")
        hold_constraints("IMMEDIATE")
    hush_visits(moved)
    _tell(made, moved, gone, before, note)
    language = get_language() or "id"
    names = tuple(f"{it.stop.name} ({long_date(it.on, language)})" for it in left_out)
    return RouteAdoption(plan, len(made), len(moved), stayed, len(gone), len(names), names)


def _tell(
    made: Sequence[Visit],
    moved: Sequence[Visit],
    gone: Sequence[Visit],
    before: dict[UUID, datetime],
    note: str,
) -> None:
    """One message for each school: its new visits with those that moved, or only these; what was called off apart from them."""
    schools = {row.stop.partner_id for row in made}
    tell_visits([*made, *(row for row in moved if row.stop.partner_id in schools)], "planned")
    tell_visits([row for row in moved if row.stop.partner_id not in schools], "moved", before=before)
    tell_visits(gone, "cancelled", reason=note)


def _matched(
    old: Sequence[Visit], wanted: Sequence[_Wanted], zone: ZoneInfo
) -> tuple[list[tuple[Visit, _Wanted]], list[_Wanted], list[Visit]]:
    """Visits of a stop are matched by their day first, then in the order of their days; what is left is new, or falls out."""
    pairs, fresh, gone = [], [], []
    mine: dict[UUID, list[Visit]] = defaultdict(list)
    theirs: dict[UUID, list[_Wanted]] = defaultdict(list)
    for visit in sorted(old, key=lambda it: it.begins_at):
        mine[visit.stop_id].append(visit)
    for to in sorted(wanted, key=lambda it: it.begins_at):
        theirs[to.stop.pk].append(to)
    for key in sorted(mine.keys() | theirs.keys(), key=str):
        rows, days = mine[key], {it.on: it for it in theirs[key]}
        same = [(row, days.pop(on)) for row in rows if (on := row.begins_at.astimezone(zone).date()) in days]
        rest = [row for row in rows if row.pk not in {it.pk for it, _to in same}]
        others = sorted(days.values(), key=lambda it: it.begins_at)
        both = min(len(rest), len(others))
        pairs += [*same, *zip(rest[:both], others[:both], strict=True)]
        gone += rest[both:]
        fresh += others[both:]
    return pairs, fresh, gone


def _describe(tours: Sequence[TourRow], trips: dict[tuple[UUID, date], Trip]) -> None:
    """When each van leaves and is back, and how far it goes."""
    changed = []
    for tour in tours:
        trip = trips.get((UUID(tour.vehicle), tour.on))
        if trip is not None:
            trip.leaves_at, trip.back_at, trip.planned_km = tour.leaves, tour.back, round(tour.kilometres, 1)
            if trip.back_at <= trip.leaves_at:
                trip.back_at = None
            changed.append(trip)
    for trip in changed:
        trip.version += 1
        trip.save(update_fields=["leaves_at", "back_at", "planned_km", "version", "updated_at"])
