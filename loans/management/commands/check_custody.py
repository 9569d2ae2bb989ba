"""`manage.py check_custody`: replay the custody ledger and prove that every copy is where the rows say."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from libraries.catalogue.models import Copy
from loans.services.custody import check_custody


class Command(BaseCommand):
    help = "Replay the custody ledger and compare it with where the copies are. Exits with 1 on any disagreement."

    def handle(self, *args: Any, **options: Any) -> None:
        mismatches = 0
        for mismatch in check_custody():
            mismatches += 1
            self.stderr.write(f"{mismatch.barcode}: {mismatch.problem}")
        if mismatches:
            raise CommandError(f"{mismatches} copies are not where the ledger says.")
        self.stdout.write(f"{Copy.objects.count()} copies are where the ledger says.")
