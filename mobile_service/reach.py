"""Whether a stop can be served at all: asked when it is typed in, long before a plan is reckoned (planning 8.8). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mobile_service.choices import Weekday
from mobile_service.coordinates import Point, kilometres_between

# As the crow flies to minutes on the road, as the planner reckons where nobody has measured.
ROAD_FACTOR = 1.35
KM_PER_HOUR = 24.0
# Farther than this from the depot, one of the two points is more likely wrong than meant.
FAR_KM = 75.0

Span = tuple[int, time, time]


@dataclass(frozen=True, slots=True)
class Van:
    """What of a vehicle decides whether it reaches a stop. ``start``: the depot, None when nobody has said where."""

    name: str
    hours: Sequence[Span]
    start: Point | None = None
    in_use: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """What of a stop decides whether it can be served. No ``windows``: any time."""

    minutes: int
    windows: Sequence[Span] = ()
    point: Point | None = None
    only: str = ""  # the name of the one vehicle that may come
    shut_weekdays: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Doubt:
    """``never``: the stop cannot be served as it stands; else it is only worth a look."""

    code: str
    sentence: str
    never: bool = False


def doubts_about(place: Place, vans: Sequence[Van]) -> list[Doubt]:
    """Why ``place`` can never be served by ``vans`` (those that may come), or looks wrong; empty when all is well."""
    usable = [van for van in vans if van.in_use]
    return [*_of_point(place, usable), *_of_times(place, vans, usable)]


def doubts_about_point(point: Point, vans: Sequence[Van]) -> list[Doubt]:
    """Why ``point`` is more likely mistyped than meant; empty when it lies where the vans drive."""
    return _of_point(Place(0, point=point), [van for van in vans if van.in_use])


def drive_minutes(one: Point, other: Point) -> int:
    """A careful guess of the drive, where nobody has measured."""
    return ceil(kilometres_between(one, other) * ROAD_FACTOR / KM_PER_HOUR * 60)


def _of_point(place: Place, usable: Sequence[Van]) -> list[Doubt]:
    if place.point is None:
        return [
            Doubt(
                "no_point",
                _("The stop has no place on the map: no driving time is known, and no plan can include it."),
            )
        ]
    if not place.point.in_indonesia:
        return [
            Doubt(
                "outside_indonesia",
                _(
                    "The point lies outside Indonesia. Perhaps a minus is missing, or the numbers were exchanged."
                ),
            )
        ]
    starts = [van.start for van in usable if van.start is not None]
    if not starts:
        return []
    away = min(kilometres_between(start, place.point) for start in starts)
    if away > FAR_KM:
        return [
            Doubt(
                "far",
                _("The point is %(km)s km from where the vehicle starts. Look at it again on the map.")
                % {"km": f"{away:.0f}"},
            )
        ]
    return []


def _of_times(place: Place, vans: Sequence[Van], usable: Sequence[Van]) -> list[Doubt]:
    if not vans:
        return [
            Doubt("no_vehicle", _("There is no vehicle yet. Enter one, with the hours at which it drives."))
        ]
    if not usable:
        return [
            Doubt(
                "vehicle_retired",
                _("Only %(vehicle)s may come here, and it is out of use. Choose another vehicle, or any.")
                % {"vehicle": place.only or vans[0].name},
                never=True,
            )
        ]
    if place.windows and max(_length(span) for span in place.windows) < place.minutes:
        return [
            Doubt(
                "window_too_short",
                ngettext(
                    "No time window is as long as the %(count)s minute that is needed.",
                    "No time window is as long as the %(count)s minutes that are needed.",
                    place.minutes,
                )
                % {"count": place.minutes},
                never=True,
            )
        ]
    if not any(_fits(place, van, with_drive=False) for van in usable):
        return [
            Doubt(
                "no_day",
                _(
                    "On no weekday is a vehicle out long enough while the stop may be visited. Change the time windows, the "
                    "minutes, or the hours of the vehicle."
                ),
                never=True,
            )
        ]
    if not any(_fits(place, van, with_drive=True) for van in usable):
        return [
            Doubt(
                "too_far_for_the_day",
                _("With the way there and back the visit fits into no day of a vehicle."),
                never=True,
            )
        ]
    shut = [day for day in sorted({span[0] for span in place.windows}) if day in place.shut_weekdays]
    if shut:
        return [
            Doubt(
                "school_closed",
                _("The school is closed on these days of the time windows: %(days)s.")
                % {"days": ", ".join(str(Weekday(day).label) for day in shut)},
            )
        ]
    return []


def _fits(place: Place, van: Van, *, with_drive: bool) -> bool:
    """Whether some weekday has time for the visit while the vehicle is out; with the way from and to its depot."""
    way = 0
    if with_drive and van.start is not None and place.point is not None:
        way = drive_minutes(van.start, place.point)
    for day, leaves, back in van.hours:
        first, last = _minute(leaves) + way, _minute(back) - way
        spans = [span for span in place.windows if span[0] == day] if place.windows else [None]
        for span in spans:
            begin = max(first, _minute(span[1])) if span else first
            end = min(last, _minute(span[2])) if span else last
            if end - begin >= place.minutes:
                return True
    return False


def _length(span: Span) -> int:
    return _minute(span[2]) - _minute(span[1])


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
