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

for name in ("missing_copies", "strays"):
    add(f"work:{name}", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
# The form names no library: the book lies where who notes it works.
add("work:stray_new", roles(DESK, **ANOTHER_DESK), roles(DESK, **ANOTHER_DESK))
add("work:stray_send", SEEN, EMPTY_FORM, guess=True, pk="stray")
add("work:stray_forget", SEEN, DONE_BY_DESK, guess=True, pk="stray")
add("work:return_for_others", SEEN, DONE_BY_DESK, guess=True, pk="visit")
add("work:line_missing", SEEN, DONE_BY_DESK, guess=True, pk="packing line")
add("work:missing_copy", SEEN, EMPTY_FORM, guess=True, pk="missing copy")
add("work:missing_found", SEEN, DONE_BY_DESK, guess=True, pk="missing copy")
