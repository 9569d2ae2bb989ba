"""Who is answered what about the days of the van and its calendars (S1): the public of public stops, a school of its own."""

from tests.access.table import (
    ANOTHER_DESK,
    DONE_BY_DESK,
    ITS_OWN,
    NO,
    NOT_FOR_POST,
    OF_SCHOOLS,
    OFFICE,
    OPEN,
    READ_ONLY,
    SEEN,
    add,
    answers,
    roles,
)

for name in (
    "schedule",
    "schedule_month",
    "schedule_points",
    "schedule_data",
    "schedule_csv",
    "schedule_json",
):
    add(name, OPEN, NO)
# The stop of SDN 01 is not public: it is not there, whoever asks.
for name in ("schedule_stop", "schedule_poster", "schedule_feed"):
    add(name, answers("404"), NO, slug="=sdn-01")
add("ical", answers("404"), NO, token="=v-nobody-knows-this")

add("portal:van_visits", OF_SCHOOLS, NOT_FOR_POST)
add("portal:van_feed", OF_SCHOOLS, ITS_OWN)

add("work:van_calendars", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
add("work:van_calendar_renew", SEEN, DONE_BY_DESK, guess=True, kind="=kendaraan", pk="vehicle")
