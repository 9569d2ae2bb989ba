"""Who is answered what about vehicles, crews and stops (M1): over the API here, the pages below."""

from tests.access.api_table import ANYBODY, BOTH_SIDES, DESK_ONLY, NOBODY, noun
from tests.access.table import (
    ANOTHER_DESK,
    DESK,
    DONE_BY_DESK,
    DONE_BY_SCHOOL,
    NOT_FOR_POST,
    OF_SCHOOLS,
    OFFICE,
    OWN_SCHOOL,
    READ_ONLY,
    SEEN,
    TABLE,
    Row,
    add,
    roles,
)

noun(
    "vehicles",
    "vehicle",
    DESK_ONLY,
    creates=True,
    revises=True,
    verbs=("add_outage", "drop_outage", "retire", "restore", "renew_feed"),
)
noun(
    "crew-members",
    "crew member",
    DESK_ONLY,
    creates=True,
    revises=True,
    verbs=("retire", "restore", "renew_feed"),
)
noun(
    "stops",
    "stop",
    BOTH_SIDES,
    creates=True,
    revises=True,
    verbs=(
        "close",
        "reopen",
        "correct",
        "propose_hours",
        "withdraw_hours",
        "accept_hours",
        "decline_hours",
        "renew_feed",
    ),
)
noun("school-calendars", "school calendar", BOTH_SIDES, creates=True, verbs=("renew", "revoke"))
for part in ("geojson", "timetable"):
    TABLE[f"api:stops-{part}"] = Row(ANYBODY, NOBODY)
TABLE["api:stops-make-of-partners"] = Row(NOBODY, dict.fromkeys(ANYBODY, "any"))
noun("stop-lists", "stop list", DESK_ONLY, creates=True, verbs=("adopt", "put_aside"), reads=("rows",))

AT_ANY_DESK = roles(DESK, **ANOTHER_DESK)
for name in ("vehicles", "stops", "stop_points", "stop_sheet_template"):
    add(f"work:{name}", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
add("work:stop_sheets", roles(OFFICE, **ANOTHER_DESK), AT_ANY_DESK)
for name in ("vehicle_new", "crew_member_new", "stop_new", "stops_of_partners"):
    add(f"work:{name}", AT_ANY_DESK, AT_ANY_DESK)
for name in ("vehicle", "stop"):
    add(f"work:{name}", SEEN, READ_ONLY, guess=True, pk=name)
add("work:stop_sheet", SEEN, READ_ONLY, guess=True, pk="stop list")
add("work:crew_member", SEEN, DONE_BY_DESK, guess=True, pk="crew member")
for name, thing in (
    ("vehicle_edit", "vehicle"),
    ("vehicle_outage", "vehicle"),
    ("vehicle_retire", "vehicle"),
    ("outage_drop", "outage"),
    ("crew_member_retire", "crew member"),
    ("stop_edit", "stop"),
    ("stop_close", "stop"),
    ("stop_hours_decline", "stop"),
):
    add(f"work:{name}", DONE_BY_DESK, DONE_BY_DESK, guess=True, pk=thing)
for name in ("stop_sheet_adopt", "stop_sheet_aside"):
    add(f"work:{name}", READ_ONLY, DONE_BY_DESK, pk="stop list")

add("portal:stops", OF_SCHOOLS, NOT_FOR_POST)
for name in ("stop_correct", "stop_hours"):
    add(f"portal:{name}", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk="stop")
add("work:stop_hours_accept", READ_ONLY, DONE_BY_DESK, pk="stop")
