"""The life of an import: a file is taken in and a row written; a worker claims the row and goes through the file (D3).

Nothing is held in memory but one batch, nothing is done in the request of the person who uploads, and a worker that was
killed costs at most the batch it was in: the next one goes on where the last finished batch ended.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import PurePath
from typing import BinaryIO, cast
from uuid import UUID

import pghistory
import structlog
from django.conf import settings
from django.core.files import File
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput, NotPermitted, TransitionRefused
from libraries.access import access_of
from libraries.catalogue import marc
from libraries.catalogue.choices import ImportFormat, ImportStatus
from libraries.catalogue.findings import StopReason
from libraries.catalogue.marc.recognising import recognise
from libraries.catalogue.models import ImportJob
from libraries.catalogue.services.import_batches import LEASE, Outcome, Overtaken, import_batch
from libraries.choices import FilePurpose, Role
from libraries.models import Institution, User
from libraries.services.files import keep_stream

BATCH = 200
MAY_IMPORT = frozenset({Role.CIRCULATION, Role.ADMINISTRATOR})

log = structlog.get_logger(__name__)


def queue_import(
    *, institution: Institution, upload: File[bytes], actor: User | None, invent_copies: bool = False
) -> ImportJob:
    """Keep the file and write the row that a worker will find. ``actor`` is None for the console only.

    Raises ``InvalidInput`` (field ``file``) for what is no MARC file or too large, ``NotPermitted`` for strangers.
    """
    if actor is not None and not access_of(actor).at(institution.pk) & MAY_IMPORT:
        raise NotPermitted(
            "import_not_permitted", _("Only circulation librarians of the library may import into it.")
        )
    kind = check_upload(upload)
    name = PurePath(upload.name or "").name[:200] or "katalog"
    upload.seek(0)
    with transaction.atomic():
        stored = keep_stream(upload, institution, None, FilePurpose.CATALOGUE, name, kind, actor)
        return ImportJob.objects.create(
            institution=institution,
            file=stored,
            format=kind,
            invent_copies=invent_copies,
            total_bytes=upload.size,
            started_by=actor,
        )


def check_upload(upload: File[bytes]) -> ImportFormat:
    """What kind of catalogue file this is, by its content. Raises ``InvalidInput`` with a sentence for everything else."""
    if upload.size > settings.IMPORT_MAX_BYTES:
        raise InvalidInput(
            "file_too_large",
            _("The file has %(size)d MB; at most %(limit)d MB can be imported at once. Split it into parts.")
            % {"size": -(-upload.size // 1_048_576), "limit": settings.IMPORT_MAX_BYTES // 1_048_576},
            field="file",
        )
    upload.seek(0)
    found = recognise(upload.read(marc.SNIFFED_BYTES))
    upload.seek(0)
    if isinstance(found, ImportFormat):
        return found
    raise InvalidInput("not_a_catalogue_file", found, field="file")


def claim_import(*, job_id: UUID | None = None) -> ImportJob | None:
    """Take one job that waits, or whose worker has died, for :data:`LEASE`. None when there is nothing to do.

    Two workers at once get different jobs, or one gets nothing.
    """
    ready = Q(status=ImportStatus.WAITING) | Q(status=ImportStatus.RUNNING, claimed_until__lt=clock.now())
    with transaction.atomic():
        jobs = (
            ImportJob.objects.filter(ready).order_by("created_at", "id").select_for_update(skip_locked=True)
        )
        job = (jobs.filter(pk=job_id) if job_id else jobs).first()
        if job is None:
            return None
        job.status = ImportStatus.RUNNING
        job.claimed_until = clock.now() + LEASE
        job.problem = ""
        job.save(update_fields=["status", "claimed_until", "problem", "updated_at"])
    return job


def run_import(*, job: ImportJob, batch: int = BATCH, seconds: float | None = None) -> ImportJob:
    """Go through the file of a claimed job, batch by batch, for at most ``seconds``; returns the job as it stands then.

    When the time is up the job is handed back, and the next sweep goes on with it.
    """
    ends = time.monotonic() + seconds if seconds else None
    try:
        with job.file.file.open("rb") as stream, pghistory.context(**_origin(job)):
            outcomes = marc.read(cast(BinaryIO, stream), offset=job.position, position=job.done)
            for piece, last in _batches(outcomes, batch):
                job = import_batch(job=job, start=job.position, outcomes=piece, finished=last)
                if ends and not last and time.monotonic() > ends:
                    return _hand_back(job)
        return job
    except Overtaken:
        return ImportJob.objects.get(pk=job.pk)
    except FileNotFoundError:
        return stop_import(job=job, problem=StopReason.FILE_MISSING)
    except (OperationalError, InterfaceError):
        raise  # the database is away: the claim runs out and another worker goes on
    except Exception:
        log.exception("import_stopped", job=str(job.pk))
        return stop_import(job=job, problem=StopReason.UNEXPECTED)


def run_waiting_imports(*, seconds: float = 600) -> int:
    """Take and run jobs until none is left or the time is up; returns how many were taken."""
    ends = time.monotonic() + seconds
    taken = 0
    while time.monotonic() < ends and (job := claim_import()):
        taken += 1
        job = run_import(job=job, seconds=max(1.0, ends - time.monotonic()))
        log.info("import_run", job=str(job.pk), status=job.status, done=job.done)
    return taken


@transaction.atomic
def stop_import(*, job: ImportJob, problem: StopReason) -> ImportJob:
    """Mark a job as stopped; what was imported stays, and :func:`resume_import` goes on behind it."""
    job = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.status == ImportStatus.RUNNING:
        job.status = ImportStatus.FAILED
        job.problem = problem
        job.claimed_until = None
        job.save(update_fields=["status", "problem", "claimed_until", "updated_at"])
    return job


@transaction.atomic
def resume_import(*, job: ImportJob, actor: User) -> ImportJob:
    """Put a stopped job back in the queue. Raises ``TransitionRefused`` for one that has not stopped."""
    job = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if not access_of(actor).at(job.institution_id) & MAY_IMPORT:
        raise NotPermitted(
            "import_not_permitted", _("Only circulation librarians of the library may import into it.")
        )
    if job.status != ImportStatus.FAILED:
        raise TransitionRefused(
            "import_not_stopped", _("This import has not stopped; there is nothing to resume.")
        )
    job.status = ImportStatus.WAITING
    job.problem = ""
    job.save(update_fields=["status", "problem", "updated_at"])
    return job


def _origin(job: ImportJob) -> dict[str, str]:
    """What the audit rows of an import say about who and where from: the person who handed the file over, and the import."""
    origin = {"task": "import", "import": str(job.pk)}
    return {**origin, "user": str(job.started_by_id)} if job.started_by_id else origin


def _hand_back(job: ImportJob) -> ImportJob:
    ImportJob.objects.filter(pk=job.pk, status=ImportStatus.RUNNING).update(
        claimed_until=clock.now() - timedelta(seconds=1)
    )
    return job


def _batches(outcomes: Iterator[Outcome], size: int) -> Iterator[tuple[list[Outcome], bool]]:
    """Lists of at most ``size`` outcomes, each with whether it is the last. An exhausted file gives one empty last list."""
    piece = list(islice(outcomes, size))
    while True:
        following = list(islice(outcomes, size)) if len(piece) == size else []
        yield piece, not following
        if not following:
            return
        piece = following
