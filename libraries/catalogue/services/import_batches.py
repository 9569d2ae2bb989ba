"""One batch of an import: some hundred records looked up and written with a fixed number of statements, in one transaction.

The job's position moves in that same transaction. Whoever is killed leaves either a whole batch or none of it, and whoever
was overtaken by another worker notices before writing anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import F, Q

from kerjasama.domain import clock
from libraries.catalogue.choices import ImportOutcome, ImportStatus, ReadingLevel
from libraries.catalogue.findings import BadReason, Finding, RemarkCode
from libraries.catalogue.marc import BadRecord, BibRecord, CopyData
from libraries.catalogue.matching import match_key, same_book, volume_sign
from libraries.catalogue.models import Copy, ImportJob, ImportRecord, Title
from libraries.models import Institution

#: How long a worker may be silent before another takes its job over.
LEASE = timedelta(minutes=3)
# Two imports at once would both miss the title that the other is just creating; batches of all jobs take turns.
_CATALOGUE_LOCK = 4_771_001
_LABEL_LENGTH = 300

Outcome = BibRecord | BadRecord


class Overtaken(Exception):
    """The job has moved on or was stopped since this batch was read; nothing was written."""


@dataclass(slots=True)
class Shelf:
    """What the catalogue knows of the titles and copies that one batch mentions, kept up to date while it is decided."""

    owner: Institution
    by_key: dict[str, list[Title]] = field(default_factory=dict)
    by_isbn: dict[str, list[Title]] = field(default_factory=dict)
    copies: dict[str, Title] = field(default_factory=dict)
    owned: set[UUID] = field(default_factory=set)

    def add(self, title: Title) -> None:
        self.by_key.setdefault(title.match_key, []).append(title)
        if title.isbn:
            self.by_isbn.setdefault(title.isbn, []).append(title)

    def find(self, record: BibRecord, key: str) -> Title | None:
        """The rungs of the ladder: a shared ISBN and a similar title, then an equal key without contradicting ISBNs."""
        for isbn in record.isbns:
            for title in self.by_isbn.get(isbn, ()):
                sign = volume_sign(title.title, title.subtitle, title.part)
                if title.match_key == key or same_book(record.title, record.volume, title.title, sign):
                    return title
        for title in self.by_key.get(key, ()):
            if not title.isbn or not record.isbns or title.isbn in record.isbns:
                return title
        return None


@dataclass(slots=True)
class Decisions:
    """What one batch adds to the catalogue, before it is written."""

    titles: list[Title] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    records: list[ImportRecord] = field(default_factory=list)


def import_batch(
    *, job: ImportJob, start: int, outcomes: Sequence[Outcome], finished: bool = False
) -> ImportJob:
    """Write one batch that was read from byte ``start`` on and return the job as it stands now.

    Raises :class:`Overtaken` when the job is no longer at ``start``. A record that the database refuses becomes a rejected
    one; the others of its batch are kept.
    """
    try:
        return _write(job, start, outcomes, finished)
    except (DataError, IntegrityError):
        if len(outcomes) <= 1:
            return _write(job, start, [_refused(outcome) for outcome in outcomes], finished)
    # Rare, and slow: one by one, so that only what is at fault is left out.
    for number, outcome in enumerate(outcomes, start=1):
        job = import_batch(
            job=job, start=start, outcomes=[outcome], finished=finished and number == len(outcomes)
        )
        start = job.position
    return job


@transaction.atomic
def _write(job: ImportJob, start: int, outcomes: Sequence[Outcome], finished: bool) -> ImportJob:
    job = (
        ImportJob.objects.select_for_update(of=("self",), no_key=True)
        .select_related("institution")
        .get(pk=job.pk)
    )
    if job.status != ImportStatus.RUNNING or job.position != start:
        raise Overtaken
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CATALOGUE_LOCK])
    described = [(record, key_of(record)) for record in outcomes if isinstance(record, BibRecord)]
    shelf = _look_up(job, described)
    keys = {record.position: key for record, key in described}
    decisions = Decisions()
    today = clock.today(job.institution.zone)
    for outcome in outcomes:
        if isinstance(outcome, BadRecord):
            decisions.records.append(_rejected(job, outcome))
        else:
            _decide(job, outcome, keys[outcome.position], shelf, decisions, today)
    Title.objects.bulk_create(decisions.titles)
    Copy.objects.bulk_create(decisions.copies)
    ImportRecord.objects.bulk_create(decisions.records)
    return _move_on(job, outcomes, decisions, finished)


def _look_up(job: ImportJob, described: Sequence[tuple[BibRecord, str]]) -> Shelf:
    """Three statements, whatever the size of the batch."""
    shelf = Shelf(owner=job.institution)
    isbns = {isbn for record, _ in described for isbn in record.isbns}
    barcodes = {copy.barcode for record, _ in described for copy in _wanted_copies(job, record)}
    known = Copy.objects.filter(owner=job.institution, barcode__in=barcodes).select_related("title")
    shelf.copies = {copy.barcode: copy.title for copy in known}
    titles = Title.objects.filter(
        Q(isbn__in=isbns, isbn__gt="") | Q(match_key__in={key for _, key in described})
    )
    for title in titles.order_by("created_at", "id"):  # of several that fit, the oldest
        shelf.add(title)
    if job.invent_copies:
        candidates = {title.pk for found in shelf.by_key.values() for title in found}
        owned = Copy.objects.filter(owner=job.institution, title__in=candidates)
        shelf.owned = set(owned.values_list("title_id", flat=True))
    return shelf


def _decide(
    job: ImportJob, record: BibRecord, key: str, shelf: Shelf, decisions: Decisions, today: date
) -> None:
    findings = list(record.remarks)
    title = shelf.find(record, key) or _title_of_its_copies(record, shelf)
    created = title is None
    if title is None:
        title = title_from(record, key)
        decisions.titles.append(title)
        shelf.add(title)
    new = 0
    known = False
    for data in _wanted_copies(job, record):
        holder_of_barcode = shelf.copies.get(data.barcode)
        if holder_of_barcode is not None:
            known = True
            if holder_of_barcode.pk != title.pk:
                facts: dict[str, str | int] = {
                    "barcode": data.barcode,
                    "title": holder_of_barcode.title[:120],
                }
                findings.append(Finding(RemarkCode.BARCODE_TAKEN, facts))
            continue
        if not record.copies and title.pk in shelf.owned:
            known = True
            continue
        shelf.copies[data.barcode] = title
        shelf.owned.add(title.pk)
        decisions.copies.append(_copy(data, record, title, job.institution, today))
        new += 1
    outcome = ImportOutcome.CREATED if created else ImportOutcome.MATCHED
    if not created and known and not new:
        outcome = ImportOutcome.COPY_EXISTS
    decisions.records.append(
        ImportRecord(
            job=job,
            position=record.position,
            outcome=outcome,
            label=record.excerpt[:_LABEL_LENGTH],
            findings=_stored(findings),
            title=title,
            copies=new,
        )
    )


def _title_of_its_copies(record: BibRecord, shelf: Shelf) -> Title | None:
    """A record whose copies are all known, on one similar title: its description was corrected here since it came in."""
    titles = {shelf.copies.get(copy.barcode) for copy in record.copies}
    title = titles.pop() if len(titles) == 1 else None
    if title and same_book(
        record.title, record.volume, title.title, volume_sign(title.title, title.subtitle, title.part)
    ):
        return title
    return None


def _wanted_copies(job: ImportJob, record: BibRecord) -> Sequence[CopyData]:
    if record.copies or not job.invent_copies:
        return record.copies
    # The end of a UUIDv7 is random: enough to keep the barcodes of one library's imports apart.
    return (
        CopyData(barcode=f"I{job.pk.hex[-6:].upper()}-{record.position:05d}", call_number=record.call_number),
    )


def key_of(record: BibRecord) -> str:
    """The match key of a record, as it is stored with the title."""
    return match_key(
        title=record.title,
        subtitle=record.subtitle,
        part=record.part,
        volume=record.volume,
        authors=record.authors,
        publisher=record.publisher,
        year=record.year,
        edition=record.edition,
        material=record.material,
    )


def title_from(record: BibRecord, key: str) -> Title:
    """An unsaved title with all that a record says of it."""
    return Title(
        title=record.title,
        subtitle=record.subtitle,
        part=record.part,
        responsibility=record.responsibility,
        authors=list(record.authors),
        publisher=record.publisher,
        place=record.place,
        year=record.year,
        edition=record.edition,
        series=record.series,
        extent=record.extent,
        language=record.language,
        isbn=record.isbns[0] if record.isbns else "",
        ddc=record.ddc,
        subjects=list(record.subjects),
        reading_level=record.reading_level or ReadingLevel.GENERAL,
        material=record.kind,
        control_number=record.control_number,
        match_key=key,
    )


def _copy(data: CopyData, record: BibRecord, title: Title, owner: Institution, today: date) -> Copy:
    return Copy(
        title=title,
        owner=owner,
        holder=owner,
        barcode=data.barcode,
        accession_number=data.accession_number,
        call_number=data.call_number or record.call_number or record.ddc,
        price=data.price,
        rests_since=today,
    )


def _rejected(job: ImportJob, bad: BadRecord) -> ImportRecord:
    return ImportRecord(
        job=job,
        position=bad.position,
        outcome=ImportOutcome.REJECTED,
        label=bad.excerpt[:_LABEL_LENGTH],
        findings=[[bad.code.value, dict(bad.facts)]],
    )


def _refused(outcome: Outcome) -> BadRecord:
    if isinstance(outcome, BadRecord):
        # Its excerpt or facts are what the database will not have.
        return BadRecord(outcome.position, outcome.byte_offset, outcome.next_offset, outcome.code)
    facts: dict[str, str | int] = {"detail": outcome.control_number or "–"}
    return BadRecord(
        outcome.position,
        outcome.byte_offset,
        outcome.next_offset,
        BadReason.REFUSED,
        facts,
        outcome.excerpt[:200],
    )


def _stored(findings: Sequence[Finding]) -> list[list[Any]]:
    return [[finding.code.value, finding.facts] for finding in findings]


def _move_on(job: ImportJob, outcomes: Sequence[Outcome], decisions: Decisions, finished: bool) -> ImportJob:
    tally = [row.outcome for row in decisions.records]
    fields: dict[str, Any] = {
        "position": outcomes[-1].next_offset if outcomes else job.position,
        "done": F("done") + len(outcomes),
        "created_titles": F("created_titles") + tally.count(ImportOutcome.CREATED),
        "matched_titles": F("matched_titles")
        + tally.count(ImportOutcome.MATCHED)
        + tally.count(ImportOutcome.COPY_EXISTS),
        "new_copies": F("new_copies") + len(decisions.copies),
        "rejected": F("rejected") + tally.count(ImportOutcome.REJECTED),
        "claimed_until": clock.now() + LEASE,
    }
    if finished:
        fields |= {
            "status": ImportStatus.DONE,
            "finished_at": clock.now(),
            "claimed_until": None,
            "updated_at": clock.now(),
        }
    ImportJob.objects.filter(pk=job.pk).update(**fields)
    return ImportJob.objects.select_related("institution", "file").get(pk=job.pk)
