"""``make bench ARGS=year``: the demo's two offices live a year of their rotation at full size, every step by the real verbs."""

import sys
import time

from django.core.management import call_command
from django.db import transaction

from kerjasama.domain import clock
from libraries.models import Institution, User
from tests.journeys.office_year import OfficeYear

DESKS = ("sirkulasi.payakumbuh", "petugas.sirkulasi")


def main() -> int:
    """Prints what became of each year. Returns 1 where a rule was broken."""
    if not Institution.objects.exists():
        call_command("demo_data")
    broken = 0
    for desk in DESKS:
        actor = User.objects.get(username=desk)
        office = actor.memberships.first().institution
        year = OfficeYear(office, actor)
        began = time.monotonic()
        # Each office lives its own year from today on: the first one's must not have happened when the second begins.
        with transaction.atomic():
            told = year.live(clock.today() + clock.days(1))
            faults = year.faults()
            transaction.set_rollback(True)
        broken += len(faults)
        print(f"{office}: {time.monotonic() - began:.0f} s")
        for what, figure in (
            ("deliveries", told.deliveries),
            ("books handed over", told.books),
            ("places that stayed empty", told.short),
            (
                "books that the plan had promised",
                f"{told.as_planned} ({told.as_planned / max(1, told.books):.1%})",
            ),
            ("books kept behind at a swap", told.kept_behind),
            ("losses", told.losses),
            ("plans adopted", len(told.plans)),
            ("rules broken", len(faults)),
        ):
            print(f"  {what}: {figure}")
        for fault in faults[:20]:
            print(f"    {fault}", file=sys.stderr)
    return int(broken > 0)
