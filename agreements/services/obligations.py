"""Duties that both sides tick: what each has taken on, by when, and what came of it (A5)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agreements.choices import ObligationStatus
from agreements.clauses import typed_lines
from agreements.lifecycle import OBLIGATION
from agreements.models import Agreement, Obligation, ObligationEvent, Party
from agreements.services.stepping import keeps, lock_agreement
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from kerjasama.domain.lifecycle import Life
from libraries.access import roles_toward
from libraries.models import User
from libraries.services.notices import settle, settle_where

LONGEST = 300


@transaction.atomic
def add_obligation(*, agreement: Agreement, actor: User, party: Party, text: str, due_on: date) -> Obligation:
    """A further duty of a party, at any time while the agreement lives.

    Raises InvalidInput (``text_missing``, ``outside_term``), NotPermitted.
    """
    fresh = lock_agreement(agreement)
    keeps(actor, fresh.office)
    row = fresh.parties.get(pk=party.pk)
    return _open(fresh, row, text, due_on, actor)


@transaction.atomic
def revise_obligation(*, obligation: Obligation, actor: User, **changes: Any) -> Obligation:
    """Put the words or the day of an open duty right."""
    row = _locked(obligation)
    keeps(actor, row.agreement.office)
    if row.status not in ("open", "partly"):
        raise Conflict(
            "settled", _("This duty is settled. Open it again first."), facts={"state": row.status}
        )
    for name in ("text", "due_on"):
        if name in changes:
            setattr(row, name, changes[name])
    row.version += 1
    row.full_clean(exclude=["agreement", "party"])
    row.save()
    settle_where(Q(subject_id=row.pk) & ~Q(due_on=row.due_on))
    return row


@transaction.atomic
def fulfil_partly(*, obligation: Obligation, actor: User, note: str) -> Obligation:
    return take_step(OBLIGATION, obligation, "fulfil_partly", actor, note, needs_note=True)


@transaction.atomic
def fulfil_obligation(
    *, obligation: Obligation, actor: User, note: str = "", on: date | None = None
) -> Obligation:
    """It is done. Raises InvalidInput for a day to come."""
    today = clock.today()
    if on is not None and on > today:
        raise InvalidInput("date_to_come", _("What is done is not dated in the future."), field="on")
    return take_step(OBLIGATION, obligation, "fulfil", actor, note, done_on=on or today)


@transaction.atomic
def let_lapse(*, obligation: Obligation, actor: User, note: str) -> Obligation:
    """It will not be done any more, and why."""
    return take_step(OBLIGATION, obligation, "lapse", actor, note, needs_note=True)


@transaction.atomic
def reopen_obligation(*, obligation: Obligation, actor: User, note: str) -> Obligation:
    return take_step(OBLIGATION, obligation, "reopen", actor, note, needs_note=True, done_on=None)


def open_duties(agreement: Agreement) -> int:
    """When an agreement comes into force, each line of duties typed for a party becomes a row to tick.

    A party that has rows already keeps those. Due on the last day, until somebody sets another.
    """
    assert agreement.ends_on
    opened = 0
    for party in agreement.parties.all():
        if party.duties.exists():
            continue
        for line in typed_lines(party.obligations):
            _open(agreement, party, line[:LONGEST], agreement.ends_on, None)
            opened += 1
    return opened


def _open(agreement: Agreement, party: Party, text: str, due_on: date, actor: User | None) -> Obligation:
    if not text.strip():
        raise InvalidInput("text_missing", _("Say what is to be done."), field="text")
    if agreement.starts_on and due_on < agreement.starts_on:
        raise InvalidInput("outside_term", _("It cannot be due before the agreement begins."), field="due_on")
    row = Obligation(agreement=agreement, party=party, text=text.strip(), due_on=due_on)
    row.full_clean(exclude=["agreement", "party"])
    row.save(force_insert=True)
    ObligationEvent.objects.create(
        subject=row, action="open", to_state=row.status, actor=actor, at=clock.now()
    )
    return row


def _locked(obligation: Obligation) -> Obligation:
    # The agreement first, as everywhere.
    lock_agreement(obligation.agreement)
    return (
        Obligation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agreement__office", "party")
        .get(pk=obligation.pk)
    )


def take_step(
    life: Life,
    obligation: Obligation,
    action: str,
    actor: User,
    note: str,
    *,
    needs_note: bool = False,
    **fields: Any,
) -> Obligation:
    """Lock, read again, ask the table, write few fields, write the event."""
    row = _locked(obligation)
    roles = roles_toward(actor, office=row.agreement.office_id, party=row.party.institution_id)
    step = life.ask(action, row.status, roles)
    if needs_note and not note.strip():
        raise InvalidInput("reason_missing", _("Give the reason; it is kept in the history."), field="note")
    before, row.status = row.status, step.target or row.status
    row.note = note.strip() or row.note
    row.version += 1
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=["status", "note", "version", "updated_at", *fields])
    ObligationEvent.objects.create(
        subject=row,
        action=action,
        from_state=before,
        to_state=row.status,
        actor=actor,
        at=clock.now(),
        note=note.strip(),
    )
    if row.status in (ObligationStatus.FULFILLED, ObligationStatus.LAPSED):
        settle(row.pk)
    return row
