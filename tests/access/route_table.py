"""Who is answered what about route plans and driving times (S1): the office reads, its desk plans, nobody else learns of it."""

from datetime import timedelta

from kerjasama.domain import clock
from tests.access.api_table import DESK_ONLY, noun
from tests.access.table import (
    ANOTHER_DESK,
    DESK,
    DONE_BY_DESK,
    OFFICE,
    READ_ONLY,
    SEEN,
    add,
    roles,
)

# The forms name no library: who plans for none is refused before anything is read; others plan for their own.
PLANNERS = roles(DESK, **ANOTHER_DESK)
add("work:route_plans", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
add("work:route_plan_ask", PLANNERS, PLANNERS)
add("work:travel_times", roles(OFFICE, **ANOTHER_DESK), PLANNERS)
add("work:travel_time_remove", SEEN, DONE_BY_DESK, guess=True, pk="travel time")
for name in (
    "route_plan",
    "route_plan_progress",
    "route_plan_points",
    "route_plan_compare",
    "route_plan_paper",
):
    add(f"work:{name}", SEEN, READ_ONLY, guess=True, pk="route plan")
add("work:route_plan_step", SEEN, DONE_BY_DESK, guess=True, pk="route plan", action="=discard")
add(
    "work:route_plan_day",
    SEEN,
    DONE_BY_DESK,
    guess=True,
    pk="route plan",
    on=f"={clock.today() + timedelta(days=8)}",
)

noun(
    "route-plans",
    "route plan",
    DESK_ONLY,
    creates=True,
    verbs=("adopt", "again", "cancel", "change", "discard", "release", "retry", "undo"),
    reads=("events",),
)
noun("travel-times", "travel time", DESK_ONLY, creates=True, verbs=("remove",))
