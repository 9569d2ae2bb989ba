"""Writing a draft: creating it with what is already known, changing it, and its lending terms (A1, A2, A5, A7)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements import terms
from agreements.choices import AgreementKind, PartyRole
from agreements.lifecycle import KEEPS
from agreements.models import Agreement, AgreementEvent, LendingTerm, Party, SignedScan
from agreements.services.ruling import rule_of
from agreements.services.stepping import NOTHING_SIGNED, keeps, lock_agreement, require_editable, roles_of
from agreements.services.writing import write_terms
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, NotPermitted, TransitionRefused, refuse_unknown
from libraries.models import Institution, Person, StoredFile, User
from libraries.services.notices import settle

# What a draft may be changed in. Everything else moves by its own verb.
EDITABLE = frozenset(
    {
        "title",
        "number",
        "partner_number",
        "parent",
        "initiated_by",
        "starts_on",
        "ends_on",
        "signed_place",
        "aims",
        "scope",
        "relation",
        "division_of_work",
        "procedures",
        "financing",
        "technology",
        "recitals",
        "further_provisions",
        "notice_days",
        "review_on",
        "agreed_by",
        "agreed_on",
        "agreed_how",
        "agreed_note",
    }
)
LENDING = frozenset(
    {
        "quantity",
        "interval_months",
        "first_delivery_on",
        "replacement_days",
        "replacement_ways",
        "receipt_days",
    }
)


@transaction.atomic
def draft_agreement(
    *,
    actor: User,
    office: Institution,
    partner: Institution,
    kind: str,
    title: str,
    lending: Mapping[str, Any] | None = None,
    provisions: Sequence[Mapping[str, Any]] = (),
    **fields: Any,
) -> Agreement:
    """A new draft between ``office`` and ``partner``, with both as parties and their known signatories filled in.

    ``lending`` are fields of LendingTerm; None means that this agreement lends nothing. ``provisions`` are the terms of
    the other forms of cooperation, each with its ``form``. Raises NotPermitted, InvalidInput (``unknown_field``), and
    Django's ValidationError for values that the rows refuse.
    """
    keeps(actor, office)
    refuse_unknown(fields, EDITABLE)
    rule = rule_of(office, kind)
    fields.setdefault("notice_days", rule.notice_days)
    agreement = Agreement(office=office, partner=partner, kind=kind, title=title, **fields)
    agreement.review_on = agreement.review_on or terms.first_review(
        kind, agreement.starts_on, agreement.ends_on, rule.review_months
    )
    _validate(agreement)
    agreement.save(force_insert=True)
    signatories = {
        row.institution_id: row
        for row in Person.objects.filter(institution__in=[office, partner], signs=True)
    }
    for institution, role in ((office, PartyRole.FIRST), (partner, PartyRole.SECOND)):
        person = signatories.get(institution.pk)
        Party.objects.create(
            agreement=agreement,
            institution=institution,
            role=role,
            signatory_name=person.name if person else "",
            signatory_position=person.position if person else "",
            signatory_nip=person.nip if person else "",
        )
    if lending is not None:
        _write_lending(agreement, lending)
    for given in provisions:
        write_terms(agreement, **given)
    AgreementEvent.objects.create(
        subject=agreement, action="draft", to_state=agreement.status, actor=actor, at=clock.now()
    )
    return agreement


@transaction.atomic
def revise_agreement(
    *,
    agreement: Agreement,
    actor: User,
    version: int | None = None,
    lending: Mapping[str, Any] | None = None,
    provisions: Sequence[Mapping[str, Any]] | None = None,
    **changes: Any,
) -> Agreement:
    """Change a draft. ``version`` is the one the editor saw; ``provisions``, when given, replace all there are.

    Raises Conflict (``stale``) when somebody else has saved since; TransitionRefused (``not_a_draft``) when the text
    is frozen because signing has begun.
    """
    fresh = lock_agreement(agreement)
    require_editable(fresh, actor)
    if version is not None and version != fresh.version:
        raise Conflict(
            "stale",
            _("Somebody else has saved this agreement while you were writing. Compare, then save again."),
            facts={"version": fresh.version},
        )
    refuse_unknown(changes, EDITABLE)
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.version += 1
    fresh.review_on = fresh.review_on or terms.first_review(
        fresh.kind, fresh.starts_on, fresh.ends_on, rule_of(fresh.office, fresh.kind).review_months
    )
    _validate(fresh)
    fresh.save(update_fields=[*{*changes, "review_on"}, "version", "updated_at"])
    if changes.get("parent") is not None:
        settle(fresh.pk, ["agreement_parent_ended"])
    if lending is not None:
        _write_lending(fresh, lending)
    if provisions is not None:
        fresh.provisions.exclude(form__in=[given.get("form") for given in provisions]).delete()
        for given in provisions:
            write_terms(fresh, **given)
    return fresh


@transaction.atomic
def attach_signed_scan(*, agreement: Agreement, file: StoredFile, actor: User) -> Agreement:
    """Keep the signed paper's scan with the agreement (A8). Possible whenever it is being signed or later."""
    fresh = lock_agreement(agreement)
    if not roles_of(actor, fresh) & KEEPS:
        raise NotPermitted("role_missing", _("Only the office that keeps the agreement can attach its scan."))
    if fresh.status in NOTHING_SIGNED and fresh.kind != AgreementKind.IMPLICIT:
        raise TransitionRefused(
            "nothing_signed_yet",
            _("There is nothing signed yet. Send the agreement for signature first."),
            facts={"state": fresh.status},
        )
    fresh.signed_scan = file
    fresh.save(update_fields=["signed_scan", "updated_at"])
    SignedScan.objects.create(agreement=fresh, file=file)
    AgreementEvent.objects.create(
        subject=fresh,
        action="attach_scan",
        from_state=fresh.status,
        to_state=fresh.status,
        actor=actor,
        at=clock.now(),
        note=file.original_name,
    )
    return fresh


def _validate(agreement: Agreement) -> None:
    agreement.full_clean(exclude=["signed_scan", "document", "predecessor"])


def _write_lending(agreement: Agreement, lending: Mapping[str, Any]) -> None:
    refuse_unknown(lending, LENDING)
    term = LendingTerm.objects.filter(agreement=agreement).first() or LendingTerm(agreement=agreement)
    for name, value in lending.items():
        setattr(term, name, value)
    term.full_clean(exclude=["agreement"])
    term.save()
