"""A copy is not on its shelf: it is left out, looked for, and another goes in its place (L3).

By the ledger the copy is still at home; nothing here moves it. A scan at any desk says that it has turned up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, NotPermitted, Sentence
from libraries.access import roles_toward
from libraries.catalogue.models import Copy
from libraries.models import User
from loans.choices import ConsignmentStatus, LineStatus
from loans.lifecycle import CONSIGNMENT, DESK
from loans.models import Consignment, LoanLine, MissingCopy
from loans.services.locking import lock_consignment
from loans.services.planned import free_copies, promised_to_others
from loans.services.proposing import note_not_on_shelf, titles_not_to_bring
from loans.services.stepping import roles_of, write_event

OFFERED = 3

WHY: dict[str, Sentence] = {
    "same_title": gettext_lazy("another copy of the same title"),
    "same_cell": gettext_lazy("same reading level and subject, never at this school"),
    "same_level": gettext_lazy("same reading level, another subject, never at this school"),
}
_RANKS = tuple(WHY)


@dataclass(frozen=True, slots=True)
class Substitute:
    """A copy that could go instead, and why just this one: ``reason`` for programs, ``why`` for people."""

    copy: Copy
    reason: str

    @property
    def why(self) -> str:
        return str(WHY[self.reason])


@transaction.atomic
def report_missing(*, line: LoanLine, actor: User, note: str = "") -> MissingCopy:
    """A book of a list is not on its shelf: it leaves the list, and is looked for from now on.

    Said twice, by two pickers at once, it is one matter. What is short is written to the delivery until a substitute
    goes in. Raises Conflict (``in_the_box``, ``not_on_this_list``), NotPermitted, TransitionRefused.
    """
    fresh = lock_consignment(line.consignment)
    CONSIGNMENT.ask("dispatch", fresh.status, roles_of(actor, fresh))
    row = (
        LoanLine.objects.select_for_update(of=("self",), no_key=True)
        .select_related("copy__title")
        .get(pk=line.pk)
    )
    known = MissingCopy.objects.open().filter(copy=row.copy_id).first()
    if known is not None and row.status == LineStatus.DROPPED:
        return known
    if row.status == LineStatus.PICKED:
        raise Conflict(
            "in_the_box",
            _("“%(title)s” was scanned into the box. Take that scan back first.") % {"title": row.copy.title},
        )
    if row.status != LineStatus.PROPOSED:
        raise Conflict(
            "not_on_this_list", _("“%(title)s” is not on this list any more.") % {"title": row.copy.title}
        )
    LoanLine.objects.filter(pk=row.pk).update(status=LineStatus.DROPPED)
    missing = MissingCopy.objects.create(
        office=fresh.lender,
        copy=row.copy,
        consignment=fresh,
        line=row,
        missed_at=clock.now(),
        missed_by=actor,
        note=note.strip()[:200],
    )
    note_not_on_shelf(fresh)
    write_event(
        fresh, "not_on_shelf", actor=actor, note=f"{row.copy.title} ({row.copy.barcode})\n{note}".strip()
    )
    return missing


def substitutes_for(missing: MissingCopy, limit: int = OFFERED) -> list[Substitute]:
    """What could go instead, the best first: another copy of the title, then titles of its kind that are new there.

    Nothing that is promised to another school, kept from this one, or that it has or had. Empty when the delivery is
    gone or has its substitute already.
    """
    consignment = missing.consignment
    if consignment is None or missing.substitute_id or consignment.status != ConsignmentStatus.PICKING:
        return []
    found = _candidates(consignment, missing).order_by(
        "rank", F("rests_since").asc(nulls_first=True), "barcode"
    )
    answer: list[Substitute] = []
    titles: set[UUID] = set()
    # A title has several copies on the shelf; it is offered once.
    for copy in found[: limit * 20]:
        if copy.title_id not in titles and len(answer) < limit:
            titles.add(copy.title_id)
            answer.append(Substitute(copy, _RANKS[copy.rank]))
    return answer


def _candidates(consignment: Consignment, missing: MissingCopy) -> QuerySet[Any]:
    """Free copies with their ``rank`` among the reasons of ``WHY``."""
    title = missing.copy.title
    subject = title.ddc[:1]
    free = (
        free_copies(consignment)
        .exclude(promised_to_others(consignment))
        .exclude(title__in=titles_not_to_bring(consignment))
        .filter(Q(title=title.pk) | Q(title__reading_level=title.reading_level))
        .select_related("title")
    )
    levels = consignment.period.programme.reading_levels
    if levels:
        free = free.filter(Q(title=title.pk) | Q(title__reading_level__in=levels))
    same_subject = Q(title__ddc__startswith=subject) if subject else Q(title__ddc="")
    return free.annotate(
        rank=Case(
            When(title=title.pk, then=Value(0)),
            When(same_subject, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    )


@transaction.atomic
def put_substitute(*, missing: MissingCopy, barcode: str, actor: User) -> LoanLine:
    """The copy with ``barcode`` goes in place of the missing one; it must be one that may.

    Raises Conflict (``no_delivery``, ``has_substitute``, ``not_free_any_more``), NotPermitted, TransitionRefused.
    """
    if missing.consignment is None:
        raise Conflict(
            "no_delivery", _("This book was not on the list of a delivery; nothing has to go instead.")
        )
    fresh = lock_consignment(missing.consignment)
    CONSIGNMENT.ask("dispatch", fresh.status, roles_of(actor, fresh))
    row = (
        MissingCopy.objects.select_for_update(of=("self",), no_key=True)
        .select_related("copy__title", "substitute__copy__title")
        .get(pk=missing.pk)
    )
    if row.substitute is not None:
        raise Conflict(
            "has_substitute",
            _("“%(title)s” goes in its place already.") % {"title": row.substitute.copy.title},
        )
    refusal = Conflict(
        "not_free_any_more",
        _("%(barcode)s cannot go to this school now. Choose another.") % {"barcode": barcode},
    )
    copy = _candidates(fresh, row).filter(barcode=barcode.strip()).first()
    if copy is None or fresh.lines.open().count() >= fresh.quantity:
        raise refusal
    try:
        with transaction.atomic():
            line = LoanLine.objects.create(consignment=fresh, copy=copy)
    except IntegrityError:
        # Another desk chose this copy after the look above; its list has it now.
        raise refusal
    row.substitute = line
    row.save(update_fields=["substitute", "updated_at"])
    note_not_on_shelf(fresh)
    write_event(
        fresh,
        "substitute",
        actor=actor,
        note=_("“%(new)s” instead of “%(old)s”") % {"new": copy.title, "old": row.copy.title},
    )
    return line


@transaction.atomic
def find_missing(*, missing: MissingCopy, actor: User) -> MissingCopy:
    """The book has turned up, without a scan. Once more is no mistake. Raises NotPermitted."""
    if not roles_toward(actor, lender=missing.office_id) & DESK:
        raise NotPermitted(
            "role_missing", _("Only the circulation desk or an officer can say that it turned up.")
        )
    row = MissingCopy.objects.select_for_update(of=("self",), no_key=True).get(pk=missing.pk)
    if row.found_at is None:
        row.found_at, row.found_by = clock.now(), actor
        row.save(update_fields=["found_at", "found_by", "updated_at"])
    return row


def sight(lender_id: UUID, barcodes: Sequence[str], actor: User) -> bool:
    """Scans have shown these books: they are looked for no longer. Returns whether any was. One statement."""
    now = clock.now()
    seen = MissingCopy.objects.open().filter(copy__owner=lender_id, copy__barcode__in=barcodes)
    return bool(seen.update(found_at=now, found_by=actor, updated_at=now))


def without_substitute(consignment: Consignment) -> Sequence[MissingCopy]:
    """Books of a delivery that were not on their shelf and for which nothing goes yet."""
    return list(
        consignment.missing_copies.filter(substitute__isnull=True, found_at__isnull=True)
        .select_related("copy__title")
        .order_by("missed_at")
    )
