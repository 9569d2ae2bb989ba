"""One press on many things, and taking it back for ten minutes (U14).

Everything is done in one transaction, each thing in its own part of it: what is refused is listed with its reason and left as
it was. Taking back asks each thing whether anything has happened to it since; what has moved on stays, and that is said.
Two people at once: the deliveries concerned are locked first, so the second finds what the first has done.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, DomainError, InvalidInput, NotPermitted
from libraries.access import roles_toward
from libraries.models import Institution, User
from loans.choices import BulkKind
from loans.lifecycle import DESK
from loans.models import BulkAct
from loans.services import bulk_kinds
from loans.services.locking import lock_consignments

# One press; a longer list is done in two. Each thing costs a few statements, and nobody reads more refusals.
MOST = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """How one thing is done, and how it is taken back. ``do`` returns its label and what undoing needs to know."""

    do: Callable[..., tuple[str, dict[str, Any]]]
    undo: Callable[..., None]
    label: Callable[[UUID, Institution], str]
    deliveries: Callable[[list[UUID]], Q] | None = None
    needs: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    BulkKind.WRITE_OFF: Kind(
        bulk_kinds.write_off,
        bulk_kinds.restore,
        bulk_kinds.copy_label,
        bulk_kinds.of_copies,
        ("number", "note"),
    ),
    BulkKind.REPORT_LOST: Kind(
        bulk_kinds.report_lost,
        bulk_kinds.take_report_back,
        bulk_kinds.line_label,
        bulk_kinds.of_lines,
        ("account",),
    ),
    BulkKind.REMIND: Kind(bulk_kinds.remind, bulk_kinds.unsay, bulk_kinds.delivery_label),
    BulkKind.EXTEND: Kind(
        bulk_kinds.extend, bulk_kinds.shorten, bulk_kinds.case_label, bulk_kinds.of_cases, ("due_on",)
    ),
}


@transaction.atomic
def do_many(
    *, office: Institution, actor: User, kind: str, ids: Sequence[UUID], facts: dict[str, Any] | None = None
) -> BulkAct:
    """Do one kind of act to many things, and keep who, when, what and what became of each.

    Raises InvalidInput (``kind``, ``ids``, or what the kind needs), NotPermitted; a refusal of one thing is a row.
    """
    if not roles_toward(actor, lender=office.pk) & DESK:
        raise NotPermitted("role_missing", _("Only the circulation desk of the library may do this."))
    if kind not in KINDS:
        raise InvalidInput("kind", _("Choose what is to be done."), field="kind")
    wanted = sorted(set(ids))
    if not wanted:
        raise InvalidInput("ids", _("Tick at least one row."), field="ids")
    if len(wanted) > MOST:
        raise InvalidInput(
            "ids", _("At most %(most)d at once; take the rest in a second go.") % {"most": MOST}, field="ids"
        )
    known = dict(facts or {})
    for name in KINDS[kind].needs:
        if not str(known.get(name) or "").strip():
            raise InvalidInput(name, _("Fill in this field; it holds for all of them."), field=name)
    _hold(KINDS[kind], wanted)
    given = {name: known[name] for name in KINDS[kind].needs}
    rows = [_one(KINDS[kind], office, actor, key, given) for key in wanted]
    done = sum(row["outcome"] == "done" for row in rows)
    return BulkAct.objects.create(
        office=office,
        kind=kind,
        made_by=actor,
        made_at=clock.now(),
        facts={name: str(value) for name, value in given.items()},
        rows=rows,
        done=done,
        refused=len(rows) - done,
    )


@transaction.atomic
def undo_many(*, act: BulkAct, actor: User) -> BulkAct:
    """Take an act back: each thing to which nothing has happened since. What has moved on stays, with its reason.

    Raises Conflict (``undone``, ``too_late``), NotPermitted.
    """
    fresh = (
        BulkAct.objects.select_for_update(of=("self",), no_key=True).select_related("office").get(pk=act.pk)
    )
    if not roles_toward(actor, lender=fresh.office_id) & DESK:
        raise NotPermitted("role_missing", _("Only the circulation desk of the library may do this."))
    if fresh.undone_at is not None:
        raise Conflict("undone", _("This was taken back already."))
    if not fresh.may_be_undone(clock.now()):
        raise Conflict("too_late", _("The ten minutes are over. Put each one right on its own page."))
    kind = KINDS[fresh.kind]
    _hold(kind, [UUID(row["id"]) for row in fresh.rows])
    for row in fresh.rows:
        if row["outcome"] == "done":
            row.update(_back(kind, fresh, actor, row))
    fresh.undone_at, fresh.undone_by = clock.now(), actor
    fresh.save(update_fields=["rows", "undone_at", "undone_by", "updated_at"])
    return fresh


def _hold(kind: Kind, keys: list[UUID]) -> None:
    """All deliveries at once, in the house's order, before the first thing is touched: two presses cannot wait in a ring."""
    if kind.deliveries is not None:
        lock_consignments(kind.deliveries(keys))


def _one(kind: Kind, office: Institution, actor: User, key: UUID, facts: dict[str, Any]) -> dict[str, Any]:
    try:
        with transaction.atomic():
            label, before = kind.do(key=key, office=office, actor=actor, **facts)
    except DomainError as refusal:
        return {
            "id": str(key),
            "label": kind.label(key, office),
            "outcome": "refused",
            "said": str(refusal.message),
            "before": {},
        }
    return {"id": str(key), "label": label, "outcome": "done", "said": "", "before": before}


def _back(kind: Kind, act: BulkAct, actor: User, row: dict[str, Any]) -> dict[str, str]:
    try:
        with transaction.atomic():
            kind.undo(key=UUID(row["id"]), office=act.office, actor=actor, before=row["before"])
    except DomainError as refusal:
        return {"outcome": "kept", "said": str(refusal.message)}
    return {"outcome": "undone"}


def ids_of(given: Iterable[str]) -> list[UUID]:
    """What was ticked; what is no id is left out."""
    found = []
    for text in given:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
