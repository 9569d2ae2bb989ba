"""`manage.py import_marc FILE --institution SLUG`: the same import as on the admin page, at once and without a worker."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain.errors import DomainError
from libraries.catalogue.choices import ImportOutcome, ImportStatus
from libraries.catalogue.models import ImportJob
from libraries.catalogue.services.importing import claim_import, queue_import, run_import
from libraries.models import Institution

SHOWN_PROBLEMS = 20


class Command(BaseCommand):
    help = "Imports the titles and copies of a MARC 21 or INDOMARC file (ISO 2709 or MARCXML) into a library's catalogue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--institution", required=True, metavar="SLUG", help="the library that owns the copies"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="report what would happen and change nothing"
        )
        parser.add_argument(
            "--invent-copies", action="store_true", help="make one copy for records that name none"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        institution = Institution.objects.filter(slug=options["institution"]).first()
        if institution is None:
            raise CommandError(_("There is no institution “%(slug)s”.") % {"slug": options["institution"]})
        try:
            with options["file"].open("rb") as stream:
                upload = File(stream, name=options["file"].name)
                if options["dry_run"]:
                    self._try(institution, upload, invent_copies=options["invent_copies"])
                else:
                    self._import(institution, upload, invent_copies=options["invent_copies"])
        except OSError as error:
            detail = {"file": options["file"], "reason": error.strerror or error}
            raise CommandError(_("%(file)s cannot be read: %(reason)s.") % detail) from error
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _import(self, institution: Institution, upload: "File[bytes]", *, invent_copies: bool) -> None:
        self._run(
            queue_import(institution=institution, upload=upload, actor=None, invent_copies=invent_copies)
        )

    def _try(self, institution: Institution, upload: "File[bytes]", *, invent_copies: bool) -> None:
        """The whole import in one transaction that is taken back, and the stored file with it."""
        with transaction.atomic():
            job = queue_import(
                institution=institution, upload=upload, actor=None, invent_copies=invent_copies
            )
            try:
                self._run(job)
            finally:
                job.file.file.storage.delete(job.file.file.name or "")
                transaction.set_rollback(True)
        self.stdout.write(_("This was a trial: nothing was changed."))

    def _run(self, job: ImportJob) -> None:
        started = time.monotonic()
        claimed = claim_import(job_id=job.pk)
        if claimed is None:
            raise CommandError(
                _("A worker has already taken this import; its page in the admin shows how it goes.")
            )
        self._report(run_import(job=claimed), time.monotonic() - started)

    def _report(self, job: ImportJob, seconds: float) -> None:
        problems = job.records.exclude(findings=[]).order_by("position")
        for row in problems[:SHOWN_PROBLEMS]:
            self.stdout.write(f"{row.position}: {row.label[:60]}: {row.reason}")
        more = problems.count() - SHOWN_PROBLEMS
        if more > 0:
            self.stdout.write(
                _("… and %(count)d more, in the report of the import in the admin.") % {"count": more}
            )
        self.stdout.write(
            _(
                "%(done)d records in %(seconds).1f s (%(rate)d a second): %(created)d new titles, %(matched)d known titles, "
                "%(copies)d new copies, %(known)d records whose copies were all known, %(rejected)d not readable."
            )
            % {
                "done": job.done,
                "seconds": seconds,
                "rate": job.done / seconds if seconds else 0,
                "created": job.created_titles,
                "matched": job.matched_titles,
                "copies": job.new_copies,
                "known": job.records.filter(outcome=ImportOutcome.COPY_EXISTS).count(),
                "rejected": job.rejected,
            }
        )
        if job.status == ImportStatus.FAILED:
            stopped = {"done": job.done, "problem": job.problem_sentence}
            raise CommandError(_("The import stopped after %(done)d records: %(problem)s") % stopped)
        if job.done and job.done == job.rejected:
            raise CommandError(_("Not one record of the file could be read."))
