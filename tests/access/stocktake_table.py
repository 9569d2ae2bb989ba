"""Who is answered what about stocktaking, lists of codes and what is looked up (S1)."""

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

add("work:stocktakes", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
# Offered are partners that hold books; the form names none of another library's.
add("work:stocktake_new", roles(DESK, **ANOTHER_DESK), roles(DESK, **ANOTHER_DESK))
for name in ("stocktake", "stocktake_close", "stocktake_cancel"):
    add(f"work:{name}", SEEN, DONE_BY_DESK, guess=True, pk="stocktake")
add("work:stocktake_missing", SEEN, EMPTY_FORM, guess=True, pk="finished stocktake")
for name, thing in (("stocktake_many", "stocktake"), ("scan_many", "packing"), ("return_desk_many", "visit")):
    add(f"work:{name}", SEEN, EMPTY_FORM, guess=True, pk=thing)
