"""Who is answered what below /portal/van/ (S1): the page of the trip is the same for everybody and knows nobody."""

from tests.access.table import NO, OPEN, add

for name in ("van", "van_worker", "van_manifest"):
    add(f"portal:{name}", OPEN, NO)
