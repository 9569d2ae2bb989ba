"""Vehicles with their hours and the days on which they cannot drive, and the people of the crew (M1)."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any, TypedDict

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, refuse_unknown
from libraries.choices import OFFICE_ROLES
from libraries.models import Institution, User
from mobile_service.choices import SeriesStatus, TripStatus
from mobile_service.models import CrewMember, Outage, Vehicle, VehicleHours
from mobile_service.services.devices import revoke_devices_of
from mobile_service.services.keeping import one_line, require_desk, require_fresh, save_changes
from mobile_service.telephones import require_telephone

VEHICLE_FIELDS = frozenset(
    {"name", "plate", "boxes", "own_books", "rest_minutes", "depot", "latitude", "longitude"}
)
MEMBER_FIELDS = frozenset({"name", "function", "phone", "user", "vehicle"})
# Names and number plates are given to one vehicle at a time, in the whole house: a plate is of no single library.
_NAMING_LOCK = 0x70_75_73_6C_69_6E_67


class HoursInput(TypedDict):
    weekday: int
    starts_at: time
    ends_at: time


@transaction.atomic
def register_vehicle(
    *, office: Institution, actor: User, hours: Sequence[HoursInput] = (), **fields: Any
) -> Vehicle:
    """A new vehicle of ``office``. Raises NotPermitted (``role_missing``), InvalidInput (``weekday_twice``, ``unknown_field``),
    Conflict (``name_taken``, ``plate_taken``), and ValidationError for what a row refuses.
    """
    require_desk(office, actor)
    refuse_unknown(fields, VEHICLE_FIELDS)
    vehicle = Vehicle(office=office, **fields)
    vehicle.name = one_line(vehicle.name)
    _lock_naming()
    _require_only(vehicle, name=vehicle.name, plate=vehicle.plate)
    vehicle.full_clean()
    vehicle.save(force_insert=True)
    _put_hours(vehicle, hours)
    return vehicle


@transaction.atomic
def revise_vehicle(
    *,
    vehicle: Vehicle,
    actor: User,
    version: int | None = None,
    hours: Sequence[HoursInput] | None = None,
    **changes: Any,
) -> Vehicle:
    """Change what is said of a vehicle; ``hours``, where given, are the whole week. Trips that are planned stay as they are.

    Raises Conflict (``stale``), and what ``register_vehicle`` raises.
    """
    if {"name", "plate"} & set(changes):
        _lock_naming()
    fresh = lock_vehicle(vehicle)
    require_desk(fresh.office, actor)
    require_fresh(fresh, version)
    refuse_unknown(changes, VEHICLE_FIELDS)
    if "name" in changes:
        changes["name"] = one_line(changes["name"])
    if fresh.is_active:
        # What stands there from before stays until somebody types another.
        given = {name: changes.get(name, "") for name in ("name", "plate")}
        _require_only(fresh, **{name: "" if it == getattr(fresh, name) else it for name, it in given.items()})
    other_hours = hours is not None and _week(hours) != hours_of(fresh)
    if other_hours and hours is not None:
        fresh.hours.all().delete()
        _put_hours(fresh, hours)
    save_changes(fresh, changes, anyway=other_hours)
    return fresh


@transaction.atomic
def retire_vehicle(*, vehicle: Vehicle, actor: User) -> Vehicle:
    """Take a vehicle out of use; what it did stays. Raises Conflict (``vehicle_has_trips``, ``vehicle_has_series``)."""
    fresh = lock_vehicle(vehicle)
    require_desk(fresh.office, actor)
    ahead = fresh.trips.filter(status=TripStatus.PLANNED, on__gte=clock.today(fresh.office.zone)).count()
    if ahead:
        raise Conflict(
            "vehicle_has_trips",
            _(
                "%(count)s trips of this vehicle are still to come. Cancel them or give them to another vehicle first."
            )
            % {"count": ahead},
            facts={"count": ahead},
        )
    series = fresh.series.filter(status=SeriesStatus.ACTIVE).count()
    if series:
        raise Conflict(
            "vehicle_has_series",
            _("%(count)s series of visits use this vehicle. End them or give them to another vehicle first.")
            % {"count": series},
            facts={"count": series},
        )
    save_changes(fresh, {"is_active": False})
    return fresh


@transaction.atomic
def restore_vehicle(*, vehicle: Vehicle, actor: User) -> Vehicle:
    """Take a vehicle into use again. Raises Conflict (``name_taken``, ``plate_taken``): another may have both meanwhile."""
    _lock_naming()
    fresh = lock_vehicle(vehicle)
    require_desk(fresh.office, actor)
    if not fresh.is_active:
        _require_only(fresh, name=fresh.name, plate=fresh.plate)
    save_changes(fresh, {"is_active": True})
    return fresh


@transaction.atomic
def add_outage(*, vehicle: Vehicle, actor: User, starts_on: date, ends_on: date, reason: str) -> Outage:
    """Days on which a vehicle cannot drive. Visits planned on them stay, and are shown as conflicts.

    Raises InvalidInput (``outage_overlaps``), and ValidationError for what the row refuses.
    """
    fresh = lock_vehicle(vehicle)
    require_desk(fresh.office, actor)
    outage = Outage(vehicle=fresh, starts_on=starts_on, ends_on=ends_on, reason=reason.strip())
    outage.full_clean()
    other = fresh.outages.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if other:
        raise InvalidInput(
            "outage_overlaps",
            _("The vehicle is out of service on some of these days already: %(reason)s.")
            % {"reason": other.reason},
            field="starts_on",
        )
    outage.save(force_insert=True)
    fresh.touch()
    return outage


@transaction.atomic
def drop_outage(*, outage: Outage, actor: User) -> Vehicle:
    """The vehicle can drive on these days after all."""
    vehicle = lock_vehicle(outage.vehicle)
    require_desk(vehicle.office, actor)
    Outage.objects.filter(pk=outage.pk).delete()
    vehicle.touch()
    return vehicle


def trips_during(outage: Outage) -> int:
    """How many planned trips of the vehicle lie on days on which it cannot drive."""
    return outage.vehicle.trips.filter(
        status=TripStatus.PLANNED, on__range=(outage.starts_on, outage.ends_on)
    ).count()


def hours_of(vehicle: Vehicle) -> dict[int, tuple[time, time]]:
    """Weekday to the time a vehicle leaves and the time by which it is back."""
    return {row.weekday: (row.starts_at, row.ends_at) for row in vehicle.hours.all()}


def lock_vehicle(vehicle: Vehicle) -> Vehicle:
    return (
        Vehicle.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office")
        .get(pk=vehicle.pk)
    )


def _lock_naming() -> None:
    """Before any row: two desks that give the same name at once come one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NAMING_LOCK])


def _require_only(vehicle: Vehicle, *, name: str, plate: str) -> None:
    """One name, one vehicle of a library; one plate, one vehicle at all: else nobody can tell which of them a timetable means.

    Names are compared without capitals and spaces, plates by their letters and digits; empty ones with nothing. Vehicles out of use
    give theirs free.
    """
    others = Vehicle.objects.filter(is_active=True).exclude(pk=vehicle.pk)
    for office, other, its_plate in others.values_list("office", "name", "plate"):
        if name and office == vehicle.office_id and one_line(other).casefold() == one_line(name).casefold():
            raise Conflict(
                "name_taken",
                _("Another vehicle in use is called “%(name)s” already. Choose another name.")
                % {"name": other},
                facts={"name": other},
                field="name",
            )
        if _bare(plate) and _bare(its_plate) == _bare(plate):
            raise Conflict(
                "plate_taken",
                _(
                    "Another vehicle in use has the number plate %(plate)s already. Check its letters and digits."
                )
                % {"plate": its_plate},
                facts={"plate": its_plate},
                field="plate",
            )


def _bare(plate: str) -> str:
    return "".join(sign for sign in plate if sign.isalnum()).casefold()


def _week(hours: Sequence[HoursInput]) -> dict[int, tuple[time, time]]:
    week: dict[int, tuple[time, time]] = {}
    for row in hours:
        if row["weekday"] in week:
            raise InvalidInput(
                "weekday_twice", _("A vehicle leaves once a day: name each weekday once."), field="hours"
            )
        week[row["weekday"]] = (row["starts_at"], row["ends_at"])
    return week


def _put_hours(vehicle: Vehicle, hours: Sequence[HoursInput]) -> None:
    for weekday, (starts_at, ends_at) in sorted(_week(hours).items()):
        row = VehicleHours(vehicle=vehicle, weekday=weekday, starts_at=starts_at, ends_at=ends_at)
        row.full_clean()
        row.save(force_insert=True)


# --- the crew ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_crew_member(*, office: Institution, actor: User, **fields: Any) -> CrewMember:
    """Somebody who drives or serves. Raises NotPermitted, InvalidInput (``account_elsewhere``, ``vehicle_elsewhere``,
    ``telephone_unusable``)."""
    require_desk(office, actor)
    refuse_unknown(fields, MEMBER_FIELDS)
    member = CrewMember(office=office, **fields)
    member.name = member.name.strip()
    member.phone = require_telephone(member.phone, "phone")
    _require_own(member)
    member.full_clean()
    member.save(force_insert=True)
    return member


@transaction.atomic
def revise_crew_member(
    *, member: CrewMember, actor: User, version: int | None = None, **changes: Any
) -> CrewMember:
    """Change what is said of somebody. Raises Conflict (``stale``), and what ``add_crew_member`` raises."""
    fresh = _lock_member(member)
    require_desk(fresh.office, actor)
    require_fresh(fresh, version)
    refuse_unknown(changes, MEMBER_FIELDS)
    # A number that stands there from before stays until somebody types another.
    if "phone" in changes and changes["phone"].strip() != fresh.phone:
        changes["phone"] = require_telephone(changes["phone"], "phone")
    _require_own(fresh, **{name: changes[name] for name in ("user", "vehicle") if name in changes})
    save_changes(fresh, changes)
    return fresh


@transaction.atomic
def retire_crew_member(*, member: CrewMember, actor: User) -> CrewMember:
    """Somebody left the crew: the trips they were on stay, their phones wipe themselves. Raises Conflict (``on_duty``)."""
    fresh = _lock_member(member)
    require_desk(fresh.office, actor)
    ahead = fresh.duties.filter(
        trip__status=TripStatus.PLANNED, on__gte=clock.today(fresh.office.zone)
    ).count()
    if ahead:
        raise Conflict(
            "on_duty",
            _("%(name)s is on duty on %(count)s trips to come. Put somebody else on them first.")
            % {"name": fresh.name, "count": ahead},
            facts={"count": ahead},
        )
    save_changes(fresh, {"is_active": False})
    revoke_devices_of(fresh)
    return fresh


@transaction.atomic
def restore_crew_member(*, member: CrewMember, actor: User) -> CrewMember:
    """Somebody is on the crew again."""
    fresh = _lock_member(member)
    require_desk(fresh.office, actor)
    save_changes(fresh, {"is_active": True})
    return fresh


def accounts_of(office: Institution) -> Any:
    """Accounts that a crew member of ``office`` can have: those of people who work there now."""
    return User.objects.filter(
        is_active=True,
        memberships__in=office.memberships.current().filter(role__in=OFFICE_ROLES),
    ).distinct()


def _lock_member(member: CrewMember) -> CrewMember:
    return (
        CrewMember.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office")
        .get(pk=member.pk)
    )


def _require_own(member: CrewMember, **changes: Any) -> None:
    """An account and a vehicle of the same library."""
    user = changes.get("user", None if member.user_id is None else member.user)
    vehicle = changes.get("vehicle", None if member.vehicle_id is None else member.vehicle)
    if user is not None and not accounts_of(member.office).filter(pk=user.pk).exists():
        raise InvalidInput(
            "account_elsewhere", _("Choose an account of somebody who works at this library."), field="user"
        )
    if vehicle is not None and vehicle.office_id != member.office_id:
        raise InvalidInput("vehicle_elsewhere", _("Choose a vehicle of this library."), field="vehicle")
