"""`manage.py import_regions FILE`: provinces to villages from a CSV with the columns kode, nama and perhaps induk."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from kerjasama.domain.errors import DomainError
from libraries.services.regions import import_regions

SHOWN_ROWS = 20


class Command(BaseCommand):
    help = "Reads a list of regions by Kemendagri code (CSV: kode,nama[,induk]). Reading it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            with options["file"].open("rb") as stream:
                report = import_regions(stream=stream)
        except OSError as error:
            detail = {"file": options["file"], "reason": error.strerror or error}
            raise CommandError(_("%(file)s cannot be read: %(reason)s.") % detail) from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        for row in report.rejected[:SHOWN_ROWS]:
            self.stdout.write(_("Line %(line)d, “%(text)s”: %(reason)s") % {
                "line": row.line, "text": row.text, "reason": row.reason
            })  # fmt: skip
        self.stdout.write(
            _(
                "%(created)d new, %(changed)d changed, %(unchanged)d unchanged, %(rejected)d not usable, "
                "%(absent)d known here but no longer in the list (kept); %(seconds).1f s."
            )
            % {
                "created": report.created,
                "changed": report.changed,
                "unchanged": report.unchanged,
                "rejected": report.rejected_count,
                "absent": report.absent,
                "seconds": time.monotonic() - started,
            }
        )
