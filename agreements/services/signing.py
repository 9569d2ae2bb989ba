"""From a draft to an agreement in force: number, signatures, activation (A2, A3, A5, A8)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements import terms
from agreements.choices import AgreementKind, AgreementStatus, Factor, PartyRole
from agreements.models import Agreement, LendingTerm, PaperVersion, Party
from agreements.provisions import missing_terms
from agreements.services.amending import apply_addendum
from agreements.services.authority import require_authority
from agreements.services.continuing import hand_over_from
from agreements.services.obligations import open_duties
from agreements.services.printing import issue_agreement_paper, issue_signed_paper
from agreements.services.ruling import numbered_as, rule_of
from agreements.services.stepping import lock_agreement, take_step
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from kerjasama.domain.wording import plain_date
from libraries.choices import PaperStatus
from libraries.models import Document, StoredFile, User
from libraries.services.documents import reinstate_document, withdraw_document
from libraries.services.numbering import draw_number


@transaction.atomic
def submit_agreement(*, agreement: Agreement, actor: User) -> Agreement:
    """Send a complete draft for signature: it gets its number, its paper is frozen and issued.

    Raises InvalidInput (``incomplete``) naming everything that is missing, NotPermitted (``no_authority``) naming who
    may sign instead, Conflict (``review_missing``, ``parent_not_in_force``).
    """
    fresh = lock_agreement(agreement)
    before = fresh.status
    take_step(fresh, "submit", actor=actor)
    require_complete(fresh)
    if rule_of(fresh.office, fresh.kind).needs_review and not (
        before == AgreementStatus.LEGAL_REVIEW and fresh.reviewed_on
    ):
        raise Conflict(
            "review_missing",
            _(
                "Your office has this kind of agreement reviewed before it is signed. Send it to legal review, "
                "and record that the review is passed."
            ),
            facts={"state": before},
        )
    require_parent(fresh)
    today = clock.today(fresh.office.zone)
    for party in fresh.parties.exclude(role=PartyRole.EXECUTOR).select_related("institution"):
        require_authority(institution=party.institution, kind=fresh.kind, on=today, partner=fresh.partner)
    return _issue(fresh, actor)


@transaction.atomic
def reopen_agreement(*, agreement: Agreement, actor: User, note: str) -> Agreement:
    """Back to draft, with a reason; the paper is withdrawn.

    Raises Conflict (``signed_already``): from the first signature on the text is frozen (A3).
    """
    fresh = lock_agreement(agreement)
    if not note.strip():
        raise InvalidInput("reason_missing", _("Say why it goes back to draft."), field="note")
    take_step(fresh, "reopen", actor=actor, note=note)
    signed = [str(row.institution) for row in _signed(fresh)]
    if signed:
        raise Conflict(
            "signed_already",
            _(
                "Already signed by: %(parties)s. The text is frozen: agree on the change in an addendum, or cancel "
                "this one and copy it. A signature recorded by mistake can be taken back."
            )
            % {"parties": ", ".join(signed)},
            facts={"state": AgreementStatus.SIGNING},
        )
    if fresh.document is not None:
        withdraw_document(document=fresh.document)
        fresh.document = None
        fresh.save(update_fields=["document", "updated_at"])
    return fresh


@transaction.atomic
def record_signature(
    *,
    agreement: Agreement,
    actor: User,
    party: Party,
    signed_on: date,
    place: str = "",
    scan: StoredFile | None = None,
) -> Agreement:
    """One party has signed the paper on a day, at a place; ``scan`` is its signature page.

    Raises InvalidInput for a day to come, Conflict (``already_signed``), NotPermitted (``no_authority``) when the party
    could not sign this kind on that day.
    """
    fresh = lock_agreement(agreement)
    row = _party(fresh, party)
    if signed_on > clock.today(fresh.office.zone):
        raise InvalidInput("date_to_come", _("A signature cannot be dated in the future."), field="signed_on")
    if row.signed_on is not None:
        raise Conflict("already_signed", _("%(party)s has already signed.") % {"party": row.institution})
    take_step(
        fresh, "sign", actor=actor, note=f"{row.institution}: {plain_date(signed_on, get_language() or 'id')}"
    )
    # Who only carries it out signs that it has read it; that binds nobody.
    if row.role != PartyRole.EXECUTOR:
        require_authority(institution=row.institution, kind=fresh.kind, on=signed_on, partner=fresh.partner)
    row.signed_on, row.signed_place, row.signed_scan = signed_on, place.strip(), scan
    row.save(update_fields=["signed_on", "signed_place", "signed_scan", "updated_at"])
    if fresh.document is not None and not fresh.parties.filter(signed_on__isnull=True).exists():
        _keep_version(fresh, issue_signed_paper(fresh, actor))
    return fresh


@transaction.atomic
def take_signature_back(*, agreement: Agreement, actor: User, party: Party, note: str) -> Agreement:
    """A signature was recorded by mistake. Raises Conflict (``not_signed``)."""
    fresh = lock_agreement(agreement)
    row = _party(fresh, party)
    if not note.strip():
        raise InvalidInput("reason_missing", _("Give the reason; it is kept in the history."), field="note")
    take_step(fresh, "unsign", actor=actor, note=f"{row.institution}: {note.strip()}")
    if row.signed_on is None:
        raise Conflict("not_signed", _("%(party)s has not signed yet.") % {"party": row.institution})
    if not fresh.parties.filter(signed_on__isnull=True).exists():
        _take_completed_paper_back(fresh)
    row.signed_on, row.signed_place, row.signed_scan = None, "", None
    row.save(update_fields=["signed_on", "signed_place", "signed_scan", "updated_at"])
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
            _("Its last day has already passed. Cancel it, copy it, and set a new term."),
            facts={"state": fresh.status},
        )
    require_parent(fresh)
    hand_over_from(fresh, actor)
    take_step(fresh, "activate", actor=actor)
    if not fresh.document_id:
        _issue(fresh, actor)
    if fresh.kind == AgreementKind.ADDENDUM:
        apply_addendum(fresh, actor)
    else:
        open_duties(fresh)
    return fresh


def require_parent(agreement: Agreement) -> None:
    """What stands under another agreement needs it to hold. Raises Conflict (``parent_not_in_force``)."""
    parent = agreement.parent
    if parent is not None and parent.status != AgreementStatus.ACTIVE:
        raise Conflict(
            "parent_not_in_force",
            _("“%(parent)s”, under which it stands, is not in force (%(status)s).")
            % {"parent": parent, "status": parent.get_status_display()},
            facts={"parent": str(parent.pk)},
        )


def require_complete(agreement: Agreement) -> None:
    """Refuse what the agreement's kind cannot do without (A2), naming all of it at once."""
    facts = facts_of(agreement)
    gaps = terms.missing(agreement.kind, facts, rule_of(agreement.office, agreement.kind).required)
    if gaps:
        raise InvalidInput(
            "incomplete",
            _("The agreement does not say yet: %(gaps)s. Fill this in first.")
            % {"gaps": ", ".join(str(terms.LABELS[name]) for name in gaps)},
            facts={"missing": gaps, "state": agreement.status},
            field=gaps[0] if gaps[0] not in ("signatories", "provisions") else None,
        )
    assert agreement.starts_on and agreement.ends_on
    first = facts.get("first_delivery_on")
    if first is not None and not terms.first_delivery_fits(first, agreement.starts_on, agreement.ends_on):
        raise InvalidInput(
            "first_delivery_outside",
            _("The first delivery must lie within the term of the agreement."),
            field="first_delivery_on",
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """How much an agreement says already: ``done`` of ``whole`` parts, and the names of those it cannot do without."""

    done: int
    whole: int
    missing: list[str]


def standing_of(agreement: Agreement) -> Standing:
    """The completeness bar (A2): what a page shows while the text can still be changed."""
    facts = facts_of(agreement)
    ruled = rule_of(agreement.office, agreement.kind).required
    done, whole = terms.completeness(agreement.kind, facts, ruled)
    return Standing(done, whole, terms.missing(agreement.kind, facts, ruled))


def facts_of(agreement: Agreement) -> dict[str, Any]:
    """What ``agreements.terms`` asks about: every part of the agreement by its name."""
    facts: dict[str, Any] = {
        name: getattr(agreement, name) for name in (*Factor.values, *terms.EVIDENCE, *terms.TERM, "parent")
    }
    parties = list(agreement.parties.all())
    facts["signatories"] = len(parties) >= 2 and all(row.signatory_name for row in parties)
    term = LendingTerm.objects.filter(agreement=agreement).first()
    # An addendum gives new terms to a loan that has long begun.
    if term is not None and agreement.kind != AgreementKind.ADDENDUM:
        facts["first_delivery_on"] = term.first_delivery_on
    provisions = list(agreement.provisions.all())
    if provisions:
        facts["provisions"] = not any(missing_terms(row) for row in provisions)
    return facts


def _party(agreement: Agreement, party: Party) -> Party:
    return (
        Party.objects.select_for_update(no_key=True, of=("self",))
        .select_related("institution")
        .get(pk=party.pk, agreement=agreement)
    )


def _signed(agreement: Agreement) -> QuerySet[Party]:
    return agreement.parties.filter(signed_on__isnull=False).select_related("institution")


def _issue(agreement: Agreement, actor: User | None) -> Agreement:
    while not agreement.number:
        drawn = draw_number(
            office=agreement.office,
            kind=numbered_as(agreement.office, agreement.kind),
            on=clock.today(agreement.office.zone),
        )
        # A number that somebody gave to another agreement by hand is used up: the sequence goes on behind it.
        if not Agreement.objects.filter(office=agreement.office, number=drawn).exists():
            agreement.number = drawn
    return _keep_version(agreement, issue_agreement_paper(agreement, actor))


def _keep_version(agreement: Agreement, document: Document) -> Agreement:
    """This is the paper from now on; those before it stay among the versions."""
    agreement.document = document
    agreement.save(update_fields=["number", "document", "updated_at"])
    PaperVersion.objects.create(
        agreement=agreement, document=document, ordinal=1 + agreement.paper_versions.count()
    )
    return agreement


def _take_completed_paper_back(agreement: Agreement) -> None:
    """The paper with the days of all signatures says one that was not given: the one before it counts again."""
    versions = agreement.paper_versions.select_related("document")
    before = versions.filter(document__status=PaperStatus.COMPLETED).first()
    if before is None or agreement.document is None:
        return
    withdraw_document(document=agreement.document)
    reinstate_document(document=before.document)
    agreement.document = before.document
    agreement.save(update_fields=["document", "updated_at"])
