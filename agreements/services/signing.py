"""From a draft to an agreement in force: number, signatures, activation (A2, A3, A5, A8)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from agreements import terms
from agreements.models import Agreement, LendingTerm, Party
from agreements.services.printing import issue_agreement_paper
from agreements.services.stepping import lock_agreement, take_step
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.models import User
from libraries.services.documents import withdraw_document
from libraries.services.numbering import draw_number


@transaction.atomic
def submit_agreement(*, agreement: Agreement, actor: User) -> Agreement:
    """Send a complete draft for signature: it gets its number, its paper is frozen and issued.

    Raises InvalidInput (``incomplete``) naming everything that is missing.
    """
    fresh = lock_agreement(agreement)
    take_step(fresh, "submit", actor=actor)
    require_complete(fresh)
    return _issue(fresh, actor)


@transaction.atomic
def reopen_agreement(*, agreement: Agreement, actor: User, note: str) -> Agreement:
    """Back to draft, with a reason. Signatures given so far no longer count; the paper is withdrawn."""
    fresh = lock_agreement(agreement)
    if not note.strip():
        raise InvalidInput("reason_missing", _("Say why it goes back to draft."), field="note")
    take_step(fresh, "reopen", actor=actor, note=note)
    fresh.parties.update(signed_on=None)
    if fresh.document is not None:
        withdraw_document(document=fresh.document)
        fresh.document = None
        fresh.save(update_fields=["document", "updated_at"])
    return fresh


@transaction.atomic
def record_signature(*, agreement: Agreement, actor: User, party: Party, signed_on: date) -> Agreement:
    """One party has signed the paper on a day. Raises InvalidInput for a day to come, Conflict when already signed."""
    fresh = lock_agreement(agreement)
    row = Party.objects.select_for_update(no_key=True).get(pk=party.pk, agreement=fresh)
    if signed_on > clock.today(fresh.office.zone):
        raise InvalidInput("date_to_come", _("A signature cannot be dated in the future."), field="signed_on")
    if row.signed_on is not None:
        raise Conflict("already_signed", _("%(party)s has already signed.") % {"party": row.institution})
    take_step(fresh, "sign", actor=actor, note=f"{row.institution}: {signed_on.isoformat()}")
    row.signed_on = signed_on
    row.save(update_fields=["signed_on", "updated_at"])
    return fresh


@transaction.atomic
def activate_agreement(*, agreement: Agreement, actor: User | None) -> Agreement:
    """Bring it into force: every party has signed (or the evidence of an implicit one is there), and its day has come.

    ``actor`` None is the clock. Raises InvalidInput (``incomplete``), Conflict (``unsigned``, ``too_early``,
    ``term_over``), each saying what to do.
    """
    fresh = lock_agreement(agreement)
    require_complete(fresh)
    today = clock.today(fresh.office.zone)
    if fresh.is_written:
        waiting = [
            str(row.institution) for row in fresh.parties.select_related("institution") if not row.signed_on
        ]
        if waiting:
            raise Conflict(
                "unsigned",
                _("Not signed yet by: %(parties)s. Record each signature first.")
                % {"parties": ", ".join(waiting)},
                facts={"state": fresh.status},
            )
    assert fresh.starts_on and fresh.ends_on
    if fresh.starts_on > today:
        # A signed paper waits for its day. An unwritten one is still a draft then, and somebody has to decide.
        sentence = (
            _("It starts on %(day)s and comes into force by itself on that day.")
            if fresh.is_written
            else _("It starts on %(day)s. Bring it into force on that day or later.")
        )
        raise Conflict(
            "too_early", sentence % {"day": fresh.starts_on.isoformat()}, facts={"state": fresh.status}
        )
    if fresh.ends_on < today:
        raise Conflict(
            "term_over",
            _("Its last day has already passed. Take it back to draft and set a new term."),
            facts={"state": fresh.status},
        )
    take_step(fresh, "activate", actor=actor)
    return fresh if fresh.document_id else _issue(fresh, actor)


def require_complete(agreement: Agreement) -> None:
    """Refuse what the agreement's kind cannot do without (A2), naming all of it at once."""
    term = LendingTerm.objects.filter(agreement=agreement).first()
    facts = {name: getattr(agreement, name) for name in terms.LABELS if hasattr(agreement, name)}
    parties = list(agreement.parties.all())
    facts["signatories"] = len(parties) >= 2 and all(row.signatory_name for row in parties)
    if term is not None:
        facts["first_delivery_on"] = term.first_delivery_on
    gaps = terms.missing(agreement.kind, facts)
    if gaps:
        raise InvalidInput(
            "incomplete",
            _("The agreement does not say yet: %(gaps)s. Fill this in first.")
            % {"gaps": ", ".join(str(terms.LABELS[name]) for name in gaps)},
            facts={"missing": gaps, "state": agreement.status},
            field=gaps[0] if gaps[0] != "signatories" else None,
        )
    assert agreement.starts_on and agreement.ends_on
    first = term.first_delivery_on if term is not None else None
    if first is not None and not terms.first_delivery_fits(first, agreement.starts_on, agreement.ends_on):
        raise InvalidInput(
            "first_delivery_outside",
            _("The first delivery must lie within the term of the agreement."),
            field="first_delivery_on",
        )


def _issue(agreement: Agreement, actor: User | None) -> Agreement:
    while not agreement.number:
        drawn = draw_number(office=agreement.office, kind="agreement", on=clock.today(agreement.office.zone))
        # A number that somebody gave to another agreement by hand is used up: the sequence goes on behind it.
        if not Agreement.objects.filter(office=agreement.office, number=drawn).exists():
            agreement.number = drawn
    agreement.document = issue_agreement_paper(agreement, actor)
    agreement.save(update_fields=["number", "document", "updated_at"])
    return agreement
