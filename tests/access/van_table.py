"""Who is answered what below /portal/van/ (S1): the page of the trip is the same for everybody and knows nobody; what
phones send is answered to their own key alone, whoever has signed in beside it."""

from tests.access.table import NO, OPEN, add, answers

for name in ("van", "van_worker", "van_manifest"):
    add(f"portal:{name}", OPEN, NO)
for name in ("van_css", "van_js"):
    add(f"portal:{name}", OPEN, NO, made="=0123456789ab")

NO_KEY = answers("401")
for name in ("van_pack", "van_state"):
    add(f"portal:{name}", NO_KEY, NO_KEY)
for name in ("van_send", "van_frame"):
    add(f"portal:{name}", NO_KEY, NO_KEY)
add("portal:van_file", NO_KEY, NO_KEY, client_id="=01935c7e-9b11-7a02-8e41-5d2f6c7a9b10")
# A code that nobody was given: the page that says so, and a press on its button.
add("portal:van_sign_in", answers("404"), OPEN, code="=none")
