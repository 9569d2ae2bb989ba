"""Who is answered what about the calendar of the van: series, visits, trips, and closed days (S1)."""

from tests.access.api_table import ASKED_FOR, BOTH_SIDES, DESK_ONLY, noun
from tests.access.table import (
    ANOTHER_DESK,
    DESK,
    DONE_BY_DESK,
    EMPTY_FORM,
    OFFICE,
    READ_ONLY,
    SEEN,
    TABLE,
    Row,
    add,
    roles,
)

noun(
    "series",
    "van series",
    BOTH_SIDES,
    creates=True,
    verbs=("change", "except", "include", "end"),
    reads=("events",),
)
noun(
    "visits",
    "van visit",
    BOTH_SIDES,
    creates=True,
    verbs=("move", "pin", "unpin", "cancel", "restore"),
    reads=("events",),
)
noun(
    "trips",
    "van trip",
    DESK_ONLY,
    creates=True,
    verbs=("revise", "set_crew", "cancel", "pack", "load", "unload"),
    reads=("events", "loads"),
)
TABLE["api:trips-entries"] = Row(
    DESK_ONLY,
    {actor: ASKED_FOR[answer] for actor, answer in DESK_ONLY.items()},
    {"pk": "van trip"},
    guess=True,
)

AT_ANY_DESK = roles(DESK, **ANOTHER_DESK)
for name in ("van_calendar", "van_serieses", "van_trips"):
    add(f"work:{name}", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
for name in ("van_visit_new", "van_series_new", "van_trip_new", "days_off_visits", "outage_visits"):
    add(f"work:{name}", AT_ANY_DESK, AT_ANY_DESK)
add("work:days_off", roles(OFFICE, **ANOTHER_DESK), AT_ANY_DESK)
add("work:days_off_take", READ_ONLY, AT_ANY_DESK)
add("work:day_off_step", AT_ANY_DESK, AT_ANY_DESK, pk="public holiday", action="=change")
for thing in ("visit", "series", "trip"):
    add(f"work:van_{thing}", SEEN, READ_ONLY, guess=True, pk=f"van {thing}")
add("work:van_visit_step", SEEN, DONE_BY_DESK, guess=True, pk="van visit", action="=unpin")
add("work:van_series_change", DONE_BY_DESK, DONE_BY_DESK, guess=True, pk="van series")
add("work:van_series_step", SEEN, EMPTY_FORM, guess=True, pk="van series", action="=end")
for thing, told in (("visit", "arrive"), ("trip", "start")):
    add(f"work:van_{thing}_tell", SEEN, EMPTY_FORM, guess=True, pk=f"van {thing}", action=f"={told}")
add("work:van_trip_step", DONE_BY_DESK, DONE_BY_DESK, guess=True, pk="van trip", action="=crew")
