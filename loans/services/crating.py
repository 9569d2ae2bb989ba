"""The boxes of a delivery, numbered from 1: one is open at a time, and is counted when it is closed (L3).

A delivery without boxes works as ever. A book enters the open box, and leaves whichever it lies in, by the very statement
that scans it or puts it back (``custody``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.models import User
from loans.choices import ConsignmentStatus, LineStatus
from loans.lifecycle import CONSIGNMENT
from loans.models import Box, Consignment
from loans.services.locking import hold_consignment
from loans.services.stepping import roles_of

# The books to look at again first, when the count is not what was scanned.
NAMED = 5


@dataclass(slots=True)
class Packed:
    """The boxes of one delivery, each with ``books``. ``loose``: scanned while no box was open."""

    boxes: list[Box] = field(default_factory=list)
    loose: int = 0

    @property
    def open(self) -> Box | None:
        return next((box for box in self.boxes if box.is_open), None)

    @property
    def closed(self) -> list[Box]:
        return [box for box in self.boxes if not box.is_open]


def boxes_of(consignment: Consignment) -> Packed:
    """Its boxes by number, and what lies in none: one query without boxes, two with.

    An empty box is one only while it may still be filled.
    """
    boxes = list(Box.objects.filter(consignment=consignment).with_books().order_by("number"))
    if consignment.status != ConsignmentStatus.PICKING:
        return Packed([box for box in boxes if box.books])
    loose = consignment.lines.filter(status=LineStatus.PICKED, box__isnull=True).count() if boxes else 0
    return Packed(boxes, loose)


def find_box(consignment: Consignment, number: int) -> Box:
    """The box of a delivery by what stands on its label. Raises InvalidInput (``unknown_box``)."""
    box: Box | None = consignment.boxes.select_related("consignment").filter(number=number).first()
    if box is None:
        raise InvalidInput(
            "unknown_box", _("This delivery has no box %(number)s.") % {"number": number}, field="number"
        )
    return box


def sentence_of_boxes(boxes: Sequence[Box]) -> str:
    """ "3 boxes: 34, 33 and 33 books."; "" when nothing went in boxes."""
    return sentence_of_counts([box.books for box in boxes if box.books])


def sentence_of_counts(counts: Sequence[int]) -> str:
    """The same, of how many books lie in each."""
    if not counts:
        return ""
    books = ngettext("%(count)s book", "%(count)s books", counts[-1]) % {"count": counts[-1]}
    if len(counts) > 1:
        books = _("%(some)s and %(last)s") % {"some": ", ".join(map(str, counts[:-1])), "last": books}
    said = ngettext("%(count)s box: %(books)s.", "%(count)s boxes: %(books)s.", len(counts))
    return said % {"count": len(counts), "books": books}


@transaction.atomic
def open_box(*, consignment: Consignment, actor: User) -> Box:
    """Begin the next box. What was scanned and lies in no box yet goes into it. Raises Conflict (``box_open``)."""
    fresh = _held(consignment, actor)
    rows = list(fresh.boxes.order_by("number"))
    _require_none_open(rows)
    box = Box.objects.create(consignment=fresh, number=rows[-1].number + 1 if rows else 1)
    fresh.lines.filter(status=LineStatus.PICKED, box__isnull=True).update(box=box)
    return box


@transaction.atomic
def close_box(*, box: Box, actor: User, counted: int) -> Box:
    """Close a box whose books were counted by hand. Raises Conflict (``box_closed``, ``box_empty``, ``miscounted``)."""
    fresh = _again(box, actor)
    if not fresh.is_open:
        raise Conflict(
            "box_closed",
            _("%(who)s has closed box %(number)s already.")
            % {"who": fresh.closed_by or "–", "number": fresh.number},
        )
    scanned = fresh.lines.count()
    if not scanned:
        raise Conflict(
            "box_empty",
            _("Nothing was scanned into box %(number)s yet. Scan its books first.")
            % {"number": fresh.number},
        )
    if counted != scanned:
        raise _miscounted(fresh, counted, scanned)
    fresh.closed_at, fresh.closed_by, fresh.counted = clock.now(), actor, counted
    fresh.save(update_fields=["closed_at", "closed_by", "counted", "updated_at"])
    return fresh


@transaction.atomic
def reopen_box(*, box: Box, actor: User) -> Box:
    """Something is to be put in or taken out: its count is forgotten. Raises Conflict (``box_open``)."""
    fresh = _again(box, actor)
    _require_none_open(fresh.consignment.boxes.order_by("number"))
    fresh.closed_at = fresh.closed_by = fresh.counted = None
    fresh.save(update_fields=["closed_at", "closed_by", "counted", "updated_at"])
    return fresh


def shut_boxes(consignment: Consignment, actor: User) -> None:
    """The delivery leaves: what is still open is closed, uncounted. The caller holds the delivery."""
    now = clock.now()
    consignment.boxes.filter(closed_at__isnull=True).update(closed_at=now, closed_by=actor, updated_at=now)


def _held(consignment: Consignment, actor: User) -> Consignment:
    fresh = hold_consignment(consignment)
    CONSIGNMENT.ask("dispatch", fresh.status, roles_of(actor, fresh))
    return fresh


def _again(box: Box, actor: User) -> Box:
    """The fresh row; its delivery is held, and every change of its boxes holds that."""
    _held(box.consignment, actor)
    return Box.objects.select_related("consignment", "closed_by").get(pk=box.pk)


def _require_none_open(rows: Iterable[Box]) -> None:
    for row in rows:
        if row.is_open:
            raise Conflict(
                "box_open",
                _("Box %(number)s is still open. Close it first.") % {"number": row.number},
                facts={"number": row.number},
            )


def _miscounted(box: Box, counted: int, scanned: int) -> Conflict:
    last = box.lines.order_by("-picked_at", "-pk").values_list("copy__title__title", flat=True)[:NAMED]
    titles = list(last)
    said = _("Box %(number)s: you counted %(counted)s, scanned were %(scanned)s.")
    advice = (
        _("Scan the books that were not scanned, or count again. Scanned last: %(titles)s.")
        if counted > scanned
        else _("Take back the scan of what is not in the box, or count again. Scanned last: %(titles)s.")
    )
    return Conflict(
        "miscounted",
        f"{said} {advice}"
        % {
            "number": box.number,
            "counted": counted,
            "scanned": scanned,
            "titles": ", ".join(f"“{title}”" for title in titles),
        },
        facts={"counted": counted, "scanned": scanned, "last": titles},
    )
