"""The school confirms what came, with its differences; the desk resolves them (L5)."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.choices import Role, Tone
from libraries.models import StoredFile, User
from libraries.services.notices import announce, settle
from loans import addresses
from loans.choices import CaseKind, DiscrepancyKind, LineStatus, MoveKind, ReceiptState
from loans.lifecycle import CONSIGNMENT, DESK, SCHOOL
from loans.models import Consignment, Discrepancy, LoanLine
from loans.services.claiming import open_case
from loans.services.closing import close_when_home
from loans.services.custody import Move, move_copies
from loans.services.locking import lock_consignment, lock_lines
from loans.services.stepping import roles_of, take_step


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: a line that is missing or damaged, or something that is not on the list (no line)."""

    kind: str
    line_id: UUID | None = None
    description: str = ""
    photograph: StoredFile | None = None


@transaction.atomic
def confirm_receipt(
    *,
    consignment: Consignment,
    actor: User,
    received_by: str = "",
    differences: Sequence[Difference] = (),
    on_the_spot: bool = False,
) -> Consignment:
    """The school has counted the box. What it does not name as different is received.

    ``on_the_spot``: it has signed for it in front of the library's own people, who note it in its place.

    Raises InvalidInput (``not_in_this_delivery``, ``description_missing``, ``named_twice``), TransitionRefused with
    who confirmed already.
    """
    fresh = lock_consignment(consignment)
    roles: AbstractSet[str] = roles_of(actor, fresh)
    if on_the_spot and roles & DESK:
        roles = SCHOOL
    if roles & SCHOOL:
        _refuse_second_receipt(fresh)
    CONSIGNMENT.ask("receive", fresh.status, roles)
    take_step(
        CONSIGNMENT,
        "receive",
        fresh,
        actor=actor,
        roles=roles,
        note=_("%(count)s differences") % {"count": len(differences)} if differences else "",
        received_on=clock.today(fresh.partner.zone),
        received_by=(received_by.strip() or actor.name)[:120],
    )
    _check(fresh, differences)
    named = {
        state: [row.line_id for row in differences if row.kind == kind and row.line_id is not None]
        for kind, state in (
            (DiscrepancyKind.MISSING, ReceiptState.MISSING),
            (DiscrepancyKind.DAMAGED, ReceiptState.DAMAGED),
        )
    }
    for state, keys in named.items():
        if keys:
            fresh.lines.filter(pk__in=keys).update(receipt=state)
    fresh.lines.filter(status=LineStatus.OUT, receipt=ReceiptState.UNCONFIRMED).update(
        receipt=ReceiptState.OK
    )
    Discrepancy.objects.bulk_create(
        Discrepancy(
            consignment=fresh,
            line_id=row.line_id,
            kind=row.kind,
            description=row.description.strip(),
            photograph=row.photograph,
            reported_by=actor,
        )
        for row in differences
    )
    settle(fresh.pk)
    announce(
        recipient=fresh.lender,
        sender=fresh.lender,
        rule="received",
        subject_kind="consignment",
        subject_id=fresh.pk,
        due_on=fresh.received_on or clock.today(),
        tone=Tone.DUE if differences else Tone.CALM,
        context={
            "partner": fresh.partner.name,
            "code": fresh.code,
            "differences": len(differences),
            "received_by": fresh.received_by,
        },
        path=addresses.consignment_for_desk(fresh.pk),
        roles=[Role.CIRCULATION],
    )
    return fresh


@transaction.atomic
def resolve_discrepancy(
    *, discrepancy: Discrepancy, actor: User, outcome: str, resolution: str = ""
) -> Discrepancy:
    """What became of a difference: ``was_in_box``, ``stayed_here`` (the copy never left), ``open_case``, ``noted``.

    Raises Conflict (``already_resolved``), InvalidInput (``outcome``) where the outcome does not fit the difference.
    """
    consignment = lock_consignment(discrepancy.consignment)
    # In every state: a difference may still be open when the last book has come home.
    if not roles_of(actor, consignment) & DESK:
        raise NotPermitted("role_missing", _("Only the circulation desk or an officer resolves differences."))
    row = (
        Discrepancy.objects.select_for_update(of=("self",), no_key=True)
        .select_related("resolved_by")
        .get(pk=discrepancy.pk)
    )
    if row.resolved_at is not None:
        raise Conflict(
            "already_resolved", _("%(who)s has already resolved this.") % {"who": row.resolved_by or "–"}
        )
    line = lock_lines(Q(pk=row.line_id)).first() if row.line_id else None
    fits = {
        DiscrepancyKind.MISSING: {"was_in_box", "stayed_here", "open_case"},
        DiscrepancyKind.DAMAGED: {"noted", "open_case"},
        DiscrepancyKind.EXTRA: {"noted"},
    }
    if outcome not in fits[DiscrepancyKind(row.kind)]:
        raise InvalidInput("outcome", _("This outcome does not fit the difference."), field="outcome")
    if outcome == "was_in_box":
        LoanLine.objects.filter(pk=row.line_id).update(receipt=ReceiptState.OK)
    elif outcome == "stayed_here" and line is not None:
        move_copies(
            [Move(line.copy_id, line.pk)],
            kind=MoveKind.RETURN,
            partner_id=consignment.partner_id,
            actor=actor,
            on=clock.today(consignment.lender.zone),
        )
    elif outcome == "open_case" and line is not None:
        kind = CaseKind.LOST if row.kind == DiscrepancyKind.MISSING else CaseKind.DAMAGED
        open_case(
            consignment, line, actor=actor, kind=kind, account=row.description, photograph=row.photograph
        )
    row.resolved_at = clock.now()
    row.resolved_by = actor
    row.resolution = (f"{outcome}: {resolution}" if resolution else outcome)[:200]
    row.save(update_fields=["resolved_at", "resolved_by", "resolution", "updated_at"])
    if outcome in ("stayed_here", "open_case"):
        close_when_home(consignment, actor=actor)
    return row


def _refuse_second_receipt(consignment: Consignment) -> None:
    if consignment.received_on is not None:
        raise Conflict(
            "already_received",
            _("%(who)s already confirmed this delivery on %(day)s.")
            % {"who": consignment.received_by, "day": consignment.received_on.isoformat()},
            facts={"state": consignment.status},
        )


def _check(consignment: Consignment, differences: Sequence[Difference]) -> None:
    named = [row.line_id for row in differences if row.line_id is not None]
    if len(named) != len(set(named)):
        raise InvalidInput("named_twice", _("One book is named twice among the differences."))
    # Locked in the order of the copies, like a return of many books that may be under way at the same time.
    known = {line.pk for line in lock_lines(Q(consignment=consignment, status=LineStatus.OUT))}
    for row in differences:
        if row.kind == DiscrepancyKind.EXTRA:
            if not row.description.strip():
                raise InvalidInput(
                    "description_missing",
                    _("Describe the book that is not on the list: its title, or the number on its label."),
                    field="description",
                )
        elif row.kind not in DiscrepancyKind.values or row.line_id not in known:
            raise InvalidInput(
                "not_in_this_delivery",
                _("A book that you marked is not part of this delivery any more."),
                field="differences",
            )
