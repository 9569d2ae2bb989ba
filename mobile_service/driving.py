"""How long a drive takes where nobody has measured it: the way of the crow, lengthened to that of a road, at one speed (M3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Pace:
    """``detour``: how much longer a road is than the crow's way. Each leg costs ``leg_minutes`` more, to park and to start."""

    detour: float = 1.35
    kilometres_per_hour: float = 24.0
    leg_minutes: float = 2.0


@dataclass(frozen=True, slots=True)
class Point:
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Drive:
    minutes: float
    kilometres: float


STILL = Drive(0.0, 0.0)


def crow_km(one: Point, other: Point) -> float:
    """The shortest way over the globe (haversine)."""
    up = sin(radians(other.latitude - one.latitude) / 2) ** 2
    across = sin(radians(other.longitude - one.longitude) / 2) ** 2
    both = cos(radians(one.latitude)) * cos(radians(other.latitude))
    return 2 * EARTH_KM * asin(min(1.0, sqrt(up + both * across)))


def drive_between(one: Point, other: Point, pace: Pace) -> Drive:
    """Reckoned; from a place to itself nobody drives."""
    kilometres = crow_km(one, other) * pace.detour
    if not kilometres:
        return STILL
    minutes = kilometres / pace.kilometres_per_hour * 60 + pace.leg_minutes
    return Drive(round(minutes, 1), round(kilometres, 2))


def table_of(points: Sequence[Point], pace: Pace) -> list[list[Drive]]:
    """From each place to each."""
    return [[drive_between(one, other, pace) for other in points] for one in points]
