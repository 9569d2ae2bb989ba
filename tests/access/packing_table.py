"""Who is answered what while books are fetched and packed (S1): the library's own desk, and nobody else."""

from tests.access.table import (
    ANOTHER_DESK,
    DONE_BY_DESK,
    EMPTY_FORM,
    OFFICE,
    READ_ONLY,
    SEEN,
    add,
    roles,
)

add("work:missing_copies", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
add("work:line_missing", SEEN, DONE_BY_DESK, guess=True, pk="packing line")
add("work:missing_copy", SEEN, EMPTY_FORM, guess=True, pk="missing copy")
add("work:missing_found", SEEN, DONE_BY_DESK, guess=True, pk="missing copy")
