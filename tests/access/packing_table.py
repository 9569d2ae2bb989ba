"""Who is answered what while books are fetched and packed (S1): the library's own desk, and nobody else."""

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

for name in ("missing_copies", "strays", "zones"):
    add(f"work:{name}", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
# The form names no library: the book lies where who notes it works.
add("work:stray_new", roles(DESK, **ANOTHER_DESK), roles(DESK, **ANOTHER_DESK))
add("work:zone_new", roles(DESK, **ANOTHER_DESK), roles(DESK, **ANOTHER_DESK))
add("work:zone", SEEN, EMPTY_FORM, guess=True, pk="zone")
add("work:zone_remove", SEEN, DONE_BY_DESK, guess=True, pk="zone")
for name in ("pick", "pick_part"):
    add(f"work:{name}", SEEN, READ_ONLY, guess=True, pk="packing")
for name in ("pick_zone", "boxes"):
    add(f"work:{name}", READ_ONLY, DONE_BY_DESK, pk="packing")
add("work:stray_send", SEEN, EMPTY_FORM, guess=True, pk="stray")
add("work:stray_forget", SEEN, DONE_BY_DESK, guess=True, pk="stray")
add("work:return_for_others", SEEN, DONE_BY_DESK, guess=True, pk="visit")
add("work:line_missing", SEEN, DONE_BY_DESK, guess=True, pk="packing line")
add("work:missing_copy", SEEN, EMPTY_FORM, guess=True, pk="missing copy")
add("work:missing_found", SEEN, DONE_BY_DESK, guess=True, pk="missing copy")
