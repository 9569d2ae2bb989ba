"""Who is answered what about requests for a visit, and about the figures of the mobile library (S1)."""

from tests.access.api_table import BOTH_SIDES, DESK_ONLY, noun
from tests.access.table import (
    ANOTHER_DESK,
    DONE_BY_DESK,
    DONE_BY_SCHOOL,
    NO,
    NO_LINK,
    NOT_FOR_POST,
    OF_SCHOOLS,
    OFFICE,
    OPEN,
    OWN_SCHOOL,
    READ_ONLY,
    SEEN,
    add,
    answers,
    roles,
)

for name in ("van_figures", "van_report", "van_points", "visit_requests"):
    add(f"work:{name}", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
add("work:van_stop_figures", SEEN, READ_ONLY, guess=True, pk="stop")

add("visit_ask", OPEN, OPEN)
add("visit_sent", OPEN, NO)
# Whoever holds the link is let in, whoever that is; a link that is none is not found (tests/mobile_service/test_asking_pages.py).
add("visit_follow", NO_LINK, NO_LINK, token="=none")
add("visit_step", NO_LINK, NO_LINK, token="=none", action="=confirm")

add("portal:visit_requests", OF_SCHOOLS, NOT_FOR_POST)
add(
    "portal:visit_request_new",
    OF_SCHOOLS,
    answers("403", school="in", other_school="in", anonymous="login"),
)
add("portal:visit_request", OWN_SCHOOL, NOT_FOR_POST, guess=True, pk="visit request")
add(
    "portal:visit_request_step",
    OWN_SCHOOL,
    DONE_BY_SCHOOL,
    guess=True,
    pk="visit request",
    action="=withdraw",
)

add("work:visit_request", SEEN, READ_ONLY, guess=True, pk="visit request")
for name in ("visit_request_accept", "visit_request_propose"):
    add(f"work:{name}", DONE_BY_DESK, DONE_BY_DESK, guess=True, pk="visit request")
add("work:visit_request_step", DONE_BY_DESK, DONE_BY_DESK, guess=True, pk="visit request", action="=decline")
add("work:visit_request_locate", DONE_BY_DESK, DONE_BY_DESK, guess=True, pk="visit request")

noun(
    "visit-requests",
    "visit request",
    BOTH_SIDES,
    creates=True,
    verbs=("confirm", "locate", "accept", "propose", "agree", "ask_again", "decline", "withdraw"),
    reads=("events", "costs"),
)
noun("visit-statistics", "stop", DESK_ONLY)
