"""Who is answered what about rotation plans and quotas (S1): the library's own desk, and nobody else."""

from tests.access.table import (
    ANOTHER_DESK,
    DESK,
    DONE_BY_DESK,
    EMPTY_FORM,
    OFFICE,
    READ_ONLY,
    SEEN,
    add,
    roles,
)

for name in ("plans", "board_year"):
    add(f"work:{name}", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
# The form names no library: who plans for none is refused before anything is read; others plan for their own.
PLANNERS = roles(DESK, **ANOTHER_DESK)
add("work:plan_ask", PLANNERS, PLANNERS)
add("work:profile_new", PLANNERS, PLANNERS)
add("work:profiles", roles(OFFICE, **ANOTHER_DESK), PLANNERS)
add("work:profile", DONE_BY_DESK, DONE_BY_DESK, guess=True, pk="profile")
add("work:profile_remove", SEEN, DONE_BY_DESK, guess=True, pk="profile")
add("work:programme_weekdays", SEEN, DONE_BY_DESK, guess=True, pk="programme")
add("work:programme_terms", SEEN, EMPTY_FORM, guess=True, pk="programme")
add("work:programme_profile", SEEN, DONE_BY_DESK, guess=True, pk="programme")
for name in ("plan", "plan_progress"):
    add(f"work:{name}", SEEN, READ_ONLY, guess=True, pk="plan")
add("work:plan_school", SEEN, READ_ONLY, guess=True, pk="plan", programme="programme")
add("work:plan_adopt", READ_ONLY, SEEN, pk="plan")
add("work:plan_step", SEEN, DONE_BY_DESK, guess=True, pk="plan", action="=discard")
add("work:period_books", SEEN, DONE_BY_DESK, guess=True, pk="period")
add("work:planned_book", SEEN, DONE_BY_DESK, guess=True, pk="planned book", action="=lock")
add("work:bans", SEEN, EMPTY_FORM, guess=True, pk="programme")
add("work:ban_lift", SEEN, DONE_BY_DESK, guess=True, pk="programme", ban="ban")
add("work:plan_paper", SEEN, READ_ONLY, guess=True, pk="plan")
add("work:plan_school_paper", SEEN, READ_ONLY, guess=True, pk="plan", programme="programme")
