"""Who is answered what about stocktaking, lists of codes and what is looked up (S1)."""

from tests.access.table import (
    ANOTHER_DESK,
    DESK,
    DONE_BY_DESK,
    DONE_BY_SCHOOL,
    EMPTY_FORM,
    NOT_FOR_POST,
    OF_SCHOOLS,
    OFFICE,
    OWN_SCHOOL,
    READ_ONLY,
    SEEN,
    add,
    answers,
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

ANY_DESK = roles(OFFICE, **ANOTHER_DESK)
# Whoever works at a desk may ask what a book is; of a book that is none of theirs they learn whose it is.
add("work:look", ANY_DESK, ANY_DESK)
add("work:scan_reviews", ANY_DESK, READ_ONLY)
add("work:scan_mend", SEEN, DONE_BY_DESK, guess=True, pk="refused scan")
add("work:scan_note", SEEN, EMPTY_FORM, guess=True, pk="refused scan")
# The delivery is confirmed already: whoever may see it is told so.
add("portal:confirm_scan", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk="delivered")
# Nothing is kept of a frame, so it is nobody's: whoever is signed in may have one read.
add("camera_frame", answers("405", anonymous="login"), answers("in", anonymous="login"))

# --- the school counts by itself --------------------------------------------------------------------------------

# The list names no library: to begin, one says whose books are to be counted.
add("portal:countings", OF_SCHOOLS, answers("403", school="404", other_school="404", anonymous="login"))
add("portal:counting", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk="stocktake")
add("portal:counting_step", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk="stocktake", action="=selesai")
add("portal:counting_missing", OWN_SCHOOL, DONE_BY_SCHOOL, guess=True, pk="finished stocktake")
add("portal:counting_undo", NOT_FOR_POST, DONE_BY_SCHOOL, pk="counted scan")
