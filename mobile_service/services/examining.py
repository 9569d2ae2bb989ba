"""Reads what ``reach`` asks for: the stops and the vehicles of a library, and says what is doubtful about each stop."""

from collections.abc import Iterable
from typing import Any

from mobile_service.coordinates import Point
from mobile_service.models import Stop, Vehicle
from mobile_service.reach import Doubt, Place, Van, doubts_about, doubts_about_point


def doubts_of(stop: Stop) -> list[Doubt]:
    """What is doubtful about one stop, the worst first."""
    return doubts_of_all([stop])[stop.pk]


def doubts_of_all(stops: Iterable[Stop]) -> dict[Any, list[Doubt]]:
    """What is doubtful about each stop. Stops come with their windows and partners; vehicles are read once."""
    rows = list(stops)
    vehicles = (
        Vehicle.objects.filter(office__in={row.office_id for row in rows})
        .select_related("office")
        .prefetch_related("hours")
    )
    by_office: dict[Any, list[Vehicle]] = {}
    for vehicle in vehicles:
        by_office.setdefault(vehicle.office_id, []).append(vehicle)
    found = {}
    for row in rows:
        fleet = by_office.get(row.office_id, [])
        coming = [one for one in fleet if one.pk == row.vehicle_id] if row.vehicle_id else fleet
        doubts = doubts_about(place_of(row), [van_of(one) for one in coming])
        found[row.pk] = sorted(doubts, key=lambda doubt: not doubt.never)
    return found


def doubts_of_point(stop: Stop) -> list[Doubt]:
    """Why the place of a stop, kept or about to be, looks mistyped. One query."""
    point = point_of(stop)
    if point is None:
        return []
    vehicles = stop.office.vehicles.select_related("office")
    if stop.vehicle_id:
        vehicles = vehicles.filter(pk=stop.vehicle_id)
    return doubts_about_point(
        point,
        [Van(row.name, (), point_of(row) or point_of(row.office), in_use=row.is_active) for row in vehicles],
    )


def doubts_beside(stop: Stop) -> list[Doubt]:
    """The same for a stop whose query has brought the vehicles of its library along (``office__vehicles__hours``)."""
    fleet = list(stop.office.vehicles.all())
    coming = [one for one in fleet if one.pk == stop.vehicle_id] if stop.vehicle_id else fleet
    doubts = doubts_about(place_of(stop), [van_of(one) for one in coming])
    return sorted(doubts, key=lambda doubt: not doubt.never)


def place_of(stop: Stop) -> Place:
    return Place(
        minutes=stop.minutes,
        windows=[(row.weekday, row.opens_at, row.closes_at) for row in stop.windows.all()],
        point=point_of(stop),
        only=stop.vehicle.name if stop.vehicle_id and stop.vehicle else "",
        shut_weekdays=frozenset(
            stop.partner.closed_weekdays if stop.partner_id and stop.partner is not None else ()
        ),
    )


def van_of(vehicle: Vehicle) -> Van:
    return Van(
        name=vehicle.name,
        hours=[(row.weekday, row.starts_at, row.ends_at) for row in vehicle.hours.all()],
        start=point_of(vehicle) or point_of(vehicle.office),
        in_use=vehicle.is_active,
    )


def point_of(row: Any) -> Point | None:
    """The place of anything that may have one."""
    return None if None in (row.latitude, row.longitude) else Point(row.latitude, row.longitude)
