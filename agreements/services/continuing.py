"""One agreement out of another: the next term, the written form of an unwritten one, an addendum, a work plan, a copy.

Each makes a draft; nothing of the old one changes until the new one comes into force (A1, A4, A10).
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.choices import ENDED, WRITTEN_KINDS, AgreementKind, AgreementStatus, Factor, PartyRole
from agreements.models import Agreement, LendingTerm, Party
from agreements.provisions import SHAPES
from agreements.services.drafting import LENDING, draft_agreement
from agreements.services.ending import flag_children
from agreements.services.evaluating import finished_evaluation
from agreements.services.stepping import keeps, lock_agreement, take_step, tell_event
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from kerjasama.domain.wording import plain_date
from libraries.models import Institution, User

# The parts that somebody may choose to take over from an earlier agreement.
PARTS = ("words", "lending", "provisions", "parties")
WORDS = (*Factor.values, "recitals", "further_provisions", "notice_days", "signed_place")
# Whoever stands in one of these may be the beginning of something new.
HAS_HELD = frozenset({AgreementStatus.ACTIVE, *ENDED} - {AgreementStatus.CANCELLED})


@transaction.atomic
def copy_agreement(
    *,
    agreement: Agreement,
    actor: User,
    partner: Institution | None = None,
    title: str = "",
    parts: Collection[str] = PARTS,
) -> Agreement:
    """A new draft with the chosen parts of an earlier agreement, for the same partner or another. Dates stay open."""
    for part in parts:
        if part not in PARTS:
            raise InvalidInput("unknown_part", _("Choose parts from the list."), field="parts")
    return _draft_from(
        agreement,
        actor,
        kind=agreement.kind,
        partner=partner or agreement.partner,
        title=title or agreement.title,
        parts=parts,
        parent=agreement.parent,
    )


@transaction.atomic
def renew_agreement(
    *,
    agreement: Agreement,
    actor: User,
    starts_on: date | None = None,
    ends_on: date | None = None,
    unevaluated_because: str = "",
) -> Agreement:
    """The draft of the next term, linked to this one: it follows on the day after the last, for as long again (A10).

    A term is evaluated before it goes on (A11); ``unevaluated_because`` is the reason why this one is not, kept in its
    history. Raises Conflict (``never_held``, ``renewed_already``, ``evaluation_missing``), InvalidInput
    (``term_overlaps``).
    """
    fresh = lock_agreement(agreement)
    keeps(actor, fresh.office)
    if fresh.status not in HAS_HELD or fresh.kind == AgreementKind.ADDENDUM:
        raise Conflict(
            "never_held",
            _("Only an agreement that is or was in force can be renewed."),
            facts={"state": fresh.status},
        )
    _require_no_successor(fresh)
    assert fresh.starts_on and fresh.ends_on
    still_running = fresh.status == AgreementStatus.ACTIVE
    first = starts_on or (
        fresh.ends_on + timedelta(days=1) if still_running else clock.today(fresh.office.zone)
    )
    if still_running and first <= fresh.ends_on:
        raise InvalidInput(
            "term_overlaps",
            _("The present term runs until %(day)s. The next one begins after that.")
            % {"day": plain_date(fresh.ends_on, get_language() or "id")},
            field="starts_on",
        )
    if finished_evaluation(fresh) is None:
        if not unevaluated_because.strip():
            raise Conflict(
                "evaluation_missing",
                _(
                    "This term has not been evaluated. Finish its evaluation, or say why it goes on without one."
                ),
                facts={"state": fresh.status},
                field="unevaluated_because",
            )
        tell_event(fresh, "renew_unevaluated", actor=actor, note=unevaluated_because.strip())
    last = ends_on or first + (fresh.ends_on - fresh.starts_on)
    return _draft_from(
        fresh,
        actor,
        kind=fresh.kind,
        starts_on=first,
        ends_on=last,
        follows=True,
        parent=_living(fresh.parent),
    )


@transaction.atomic
def write_down(
    *, agreement: Agreement, actor: User, kind: str = AgreementKind.PKS, parent: Agreement | None = None
) -> Agreement:
    """The draft of a written agreement that puts an unwritten one on paper; once in force, it supersedes it (A1)."""
    fresh = lock_agreement(agreement)
    if fresh.kind != AgreementKind.IMPLICIT or fresh.status != AgreementStatus.ACTIVE:
        raise Conflict(
            "not_unwritten",
            _("Only an unwritten agreement in force can be turned into a written one."),
            facts={"state": fresh.status},
        )
    if kind not in WRITTEN_KINDS - {AgreementKind.ADDENDUM}:
        raise InvalidInput("not_written", _("Choose a written kind: MoU, PKS or work plan."), field="kind")
    _require_no_successor(fresh)
    first = clock.today(fresh.office.zone)
    assert fresh.ends_on
    return _draft_from(
        fresh,
        actor,
        kind=kind,
        starts_on=first,
        ends_on=max(fresh.ends_on, clock.add_months(first, 12) - timedelta(days=1)),
        follows=True,
        parent=parent,
    )


@transaction.atomic
def amend_agreement(*, agreement: Agreement, actor: User, title: str = "") -> Agreement:
    """The draft of an addendum to an agreement in force, with its present terms to be changed (A3)."""
    fresh = lock_agreement(agreement)
    if fresh.status != AgreementStatus.ACTIVE or fresh.kind in (
        AgreementKind.IMPLICIT,
        AgreementKind.ADDENDUM,
    ):
        raise Conflict(
            "nothing_to_amend",
            _("An addendum changes a written agreement in force. This one is: %(status)s.")
            % {"status": fresh.get_status_display()},
            facts={"state": fresh.status},
        )
    first = clock.today(fresh.office.zone)
    assert fresh.ends_on
    return _draft_from(
        fresh,
        actor,
        kind=AgreementKind.ADDENDUM,
        title=title or _("Change of “%(agreement)s”") % {"agreement": fresh.title},
        starts_on=first,
        # On its last day all that an addendum can still do is to give it a new one, and that has to be agreed on.
        ends_on=fresh.ends_on if fresh.ends_on > first else None,
        parts=("lending", "provisions", "parties"),
        parent=fresh,
    )


@transaction.atomic
def derive_work_plan(
    *, agreement: Agreement, actor: User, office: Institution, partner: Institution, title: str
) -> Agreement:
    """The draft of a derived activity: a work plan of ``office`` under an agreement that somebody above it signed (A4).

    Raises Conflict (``nothing_to_derive_from``, ``term_over``): a plan needs a day after today on which its agreement holds.
    """
    fresh = lock_agreement(agreement)
    if fresh.status != AgreementStatus.ACTIVE or fresh.kind not in (AgreementKind.MOU, AgreementKind.PKS):
        raise Conflict(
            "nothing_to_derive_from",
            _("A work plan stands under a MoU or PKS in force. This one is: %(status)s.")
            % {"status": fresh.get_status_display()},
            facts={"state": fresh.status},
        )
    first = clock.today(office.zone)
    assert fresh.ends_on
    if fresh.ends_on <= first:
        raise Conflict(
            "term_over",
            _(
                "“%(agreement)s” ends on %(day)s, so nothing can be planned under it any more. "
                "Have it renewed, or its term extended by an addendum, and then write the work plan."
            )
            % {"agreement": fresh, "day": plain_date(fresh.ends_on, get_language() or "id")},
            facts={"parent": str(fresh.pk)},
        )
    return draft_agreement(
        actor=actor,
        office=office,
        partner=partner,
        kind=AgreementKind.WORK_PLAN,
        title=title,
        parent=fresh,
        starts_on=first,
        ends_on=min(fresh.ends_on, clock.add_months(first, 12) - timedelta(days=1)),
        aims=fresh.aims,
    )


def hand_over_from(agreement: Agreement, actor: User | None) -> None:
    """Before an agreement comes into force, the one it continues gives way.

    Raises Conflict (``term_overlaps``) while another term of the same cooperation still runs.
    """
    before = lock_agreement(agreement.predecessor) if agreement.predecessor else None
    if before is None:
        return
    if (
        before.kind == AgreementKind.IMPLICIT
        and agreement.is_written
        and before.status == AgreementStatus.ACTIVE
    ):
        take_step(before, "supersede", actor=actor, note=str(agreement), follows=True)
        flag_children(before, actor)
        return
    assert agreement.starts_on
    if before.status == AgreementStatus.ACTIVE and before.ends_on and before.ends_on >= agreement.starts_on:
        raise Conflict(
            "term_overlaps",
            _("“%(agreement)s” runs until %(day)s. Set the first day after that, or terminate it.")
            % {"agreement": before, "day": plain_date(before.ends_on, get_language() or "id")},
            facts={"predecessor": str(before.pk)},
        )
    if before.status in (AgreementStatus.ACTIVE, AgreementStatus.EXPIRED):
        was_held = before.status == AgreementStatus.ACTIVE
        take_step(before, "pass_on", actor=actor, note=str(agreement), follows=True)
        if was_held:
            # Its last day had passed, and the clock had not come by yet to say so to what stands under it.
            flag_children(before, actor)


def _draft_from(
    source: Agreement,
    actor: User,
    *,
    kind: str,
    partner: Institution | None = None,
    title: str = "",
    parts: Collection[str] = PARTS,
    follows: bool = False,
    **fields: Any,
) -> Agreement:
    words = {name: getattr(source, name) for name in WORDS} if "words" in parts else {}
    term = LendingTerm.objects.filter(agreement=source).first() if "lending" in parts else None
    lending = {name: getattr(term, name) for name in LENDING} if term else None
    if lending is not None:
        lending["first_delivery_on"] = fields.get("starts_on")
    provisions = [
        {"form": row.form, "clause": row.clause}
        | {name: getattr(row, name) for name in SHAPES[row.form].terms}
        for row in (source.provisions.all() if "provisions" in parts else ())
    ]
    draft = draft_agreement(
        actor=actor,
        office=source.office,
        partner=partner or source.partner,
        kind=kind,
        title=title or source.title,
        lending=lending,
        provisions=provisions,
        **words,
        **fields,
    )
    if "parties" in parts:
        _copy_parties(source, draft)
    if follows:
        draft.predecessor, draft.chain = source, source.chain or source.pk
        draft.save(update_fields=["predecessor", "chain", "updated_at"])
        if source.chain is None:
            source.chain = source.pk
            source.save(update_fields=["chain", "updated_at"])
    return draft


def _copy_parties(source: Agreement, draft: Agreement) -> None:
    """Duties of those who stand on both, and the further parties. Who signs is asked of the directory anew."""
    held = {row.institution_id: row for row in draft.parties.all()}
    for row in source.parties.all():
        mine = held.get(row.institution_id)
        if mine is not None:
            mine.obligations, mine.contact = row.obligations, row.contact
            mine.save(update_fields=["obligations", "contact", "updated_at"])
        elif row.role not in (PartyRole.FIRST, PartyRole.SECOND):
            Party.objects.create(
                agreement=draft,
                institution_id=row.institution_id,
                role=row.role,
                obligations=row.obligations,
                contact=row.contact,
                signatory_name=row.signatory_name,
                signatory_position=row.signatory_position,
                signatory_nip=row.signatory_nip,
            )


def _require_no_successor(agreement: Agreement) -> None:
    under_way = agreement.successors.exclude(status=AgreementStatus.CANCELLED).first()
    if under_way is not None:
        raise Conflict(
            "renewed_already",
            _("A next term has been begun already: “%(agreement)s”. Go on with that one.")
            % {"agreement": under_way},
            facts={"successor": str(under_way.pk)},
        )


def _living(parent: Agreement | None) -> Agreement | None:
    return parent if parent is not None and parent.status == AgreementStatus.ACTIVE else None
