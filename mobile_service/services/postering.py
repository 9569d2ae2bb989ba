"""The sheet for the wall of a stop: from its rows to the frozen paper of ``mobile_service.papers`` (M4)."""

from kerjasama.documents.paper import Verification
from kerjasama.domain import clock
from mobile_service.models import Stop, Visit
from mobile_service.papers import StopPoster
from mobile_service.services import publishing

# As many as can be read from two steps away.
DATES = 8


def poster_of(stop: Stop, *, page: str) -> StopPoster:
    """What stands on it now; ``page`` is the full address of the stop's own page. One statement."""
    ahead = publishing.coming_visits(Visit.objects.filter(stop=stop), clock.now(), DATES * 2)
    return StopPoster(
        stop=stop.name,
        place=", ".join(part for part in (stop.address, stop.community) if part and part not in stop.name),
        hint=stop.hint,
        library=stop.office.name,
        zone=publishing.ZONE_WORDS.get(stop.office.zone, ""),
        visits=[(visit.begins, visit.ends) for visit in ahead if not visit.is_off][:DATES],
        printed_on=clock.today(stop.office.zone),
        verification=Verification(code="", url=page),
    )
