"""The demo's mobile libraries: one van in each of the two towns, its crew, where it stands, and who asks for it.

All of it is invented.
"""

from kerjasama.house import DemoCast
from mobile_service.demo import calendar, fleet, requests, stops

__all__ = ["load"]


def load(cast: DemoCast) -> None:
    """``cast.made`` holds afterwards "vans" and "van stops", each by the slug of its library."""
    fleet.load(cast)
    stops.load(cast)
    calendar.load(cast)
    requests.load(cast)
