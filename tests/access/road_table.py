"""Who is answered what about the crew's phones, what they told, and what a van takes along (M5, M6)."""

from tests.access.api_table import DESK_ONLY, noun
from tests.access.table import (
    ANOTHER_DESK,
    DESK,
    DONE_BY_DESK,
    EMPTY_FORM,
    OFFICE,
    READ_ONLY,
    SEEN,
    STRANGERS,
    add,
    roles,
)

noun("devices", "phone", DESK_ONLY, creates=True, verbs=("invite", "revoke"))
noun("trip-entries", "told", DESK_ONLY, verbs=("apply", "attach", "note"))
for name in ("van_devices", "entry_reviews"):
    add(f"work:{name}", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
AT_ANY_DESK = roles(DESK, **ANOTHER_DESK)
add("work:van_device_new", AT_ANY_DESK, AT_ANY_DESK)
add("work:van_device_code", SEEN, DONE_BY_DESK, guess=True, pk="phone")
add("work:van_device_revoke", SEEN, DONE_BY_DESK, guess=True, pk="phone")
add("work:entry_apply", SEEN, DONE_BY_DESK, guess=True, pk="told")
for name in ("entry_attach", "entry_note"):
    add(f"work:{name}", SEEN, EMPTY_FORM, guess=True, pk="told")
for name in ("trip_load", "trip_load_paper"):
    add(f"work:{name}", SEEN, READ_ONLY, guess=True, pk="road trip")
add("work:trip_load_propose", SEEN, roles((*DESK, "crew"), **STRANGERS), guess=True, pk="road trip")
add("work:trip_load_add", SEEN, EMPTY_FORM, guess=True, pk="road trip")
add(
    "work:trip_load_remove",
    SEEN,
    roles((*DESK, "crew"), **STRANGERS),
    guess=True,
    pk="road trip",
    load="road load",
)
