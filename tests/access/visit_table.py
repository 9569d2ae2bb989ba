"""Who is answered what about requests for a visit, and about the figures of the mobile library (S1)."""

from tests.access.table import ANOTHER_DESK, OFFICE, READ_ONLY, SEEN, add, roles

for name in ("van_figures", "van_report", "van_points"):
    add(f"work:{name}", roles(OFFICE, **ANOTHER_DESK), READ_ONLY)
add("work:van_stop_figures", SEEN, READ_ONLY, guess=True, pk="van stop")
