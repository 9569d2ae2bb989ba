"""Agreements on paper: from rows to the frozen papers of `agreements.papers` (A8, A9)."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from agreements.choices import AgreementKind, AgreementStatus, Factor, ReplacementWay
from agreements.citing import Above
from agreements.clauses import (
    Article,
    LendingTerms,
    changed_articles,
    provision_article,
    term_article,
    typed_lines,
)
from agreements.models import Agreement, LendingTerm, Obligation, Party, SigningAuthority
from agreements.papers import (
    AgreementPaper,
    Factors,
    ImplicitAgreementPaper,
    Signed,
    Task,
)
from agreements.services.ruling import basis_of
from kerjasama.documents.paper import Party as PaperParty
from kerjasama.documents.paper import Signatory, Text, Verification
from kerjasama.documents.rendering import render_pdf
from kerjasama.domain import clock
from kerjasama.domain.wording import plain_date
from libraries.choices import PaperKind
from libraries.models import Document, User
from libraries.services.documents import complete_document, issue_document
from libraries.services.letters import letterhead_of

TEMPLATES = {AgreementKind.IMPLICIT: "implicit_agreement"}
BEFORE_IT_HOLDS = frozenset(
    {
        AgreementStatus.DRAFT,
        AgreementStatus.NEGOTIATION,
        AgreementStatus.LEGAL_REVIEW,
        AgreementStatus.SIGNING,
        AgreementStatus.CANCELLED,
    }
)


def draft_pdf(agreement: Agreement, *, language: str = "id") -> bytes:
    """The paper as it would be now, with a watermark over it; it has no number of its own and is kept nowhere."""
    with translation.override(language):
        paper = compose(agreement, None)
    return render_pdf(template_of(agreement), paper, language=language, draft=True)


def issue_agreement_paper(agreement: Agreement, actor: User | None) -> Document:
    """The numbered paper of a locked agreement, frozen as it stands."""
    return issue_document(
        issuer=agreement.office,
        recipient=agreement.partner,
        kind=PaperKind.AGREEMENT,
        title=agreement.title,
        template=template_of(agreement),
        compose=lambda _number, verification: compose(agreement, verification),
        on=clock.today(agreement.office.zone),
        actor=actor,
        number=agreement.number,
    )


def issue_signed_paper(agreement: Agreement, actor: User | None) -> Document:
    """The paper of a locked agreement that all have signed, now with the days and places of the signatures.

    What the parties signed is taken over word for word from the paper that lay before them.
    """
    assert agreement.document is not None
    return complete_document(
        document=agreement.document,
        compose=lambda verification: compose(agreement, verification),
        complete=_with_signatures,
        on=clock.today(agreement.office.zone),
        actor=actor,
    )


def _with_signatures(earlier: dict[str, Any], anew: dict[str, Any]) -> dict[str, Any]:
    content = deepcopy(earlier)
    for name in ("verification", "signed_on", "signed"):
        content["paper"][name] = anew["paper"][name]
    content["words"]["opening"] = anew["words"]["opening"]
    for block, signed in zip(content["words"]["signatures"], anew["words"]["signatures"], strict=True):
        block["above"] = signed["above"]
    return content


def template_of(agreement: Agreement) -> str:
    return TEMPLATES.get(AgreementKind(agreement.kind), "agreement")


def compose(
    agreement: Agreement, verification: Verification | None
) -> AgreementPaper | ImplicitAgreementPaper:
    """Everything the paper says, read from the rows, in the language that is active."""
    language = translation.get_language() or "id"
    rows = list(agreement.parties.select_related("institution"))
    facts: dict[str, Any] = {
        "subject": agreement.title,
        "letterhead": letterhead_of(agreement.office),
        "parties": [_party(row) for row in rows],
        "place": agreement.signed_place or agreement.office.city,
        "factors": Factors(**{name: getattr(agreement, name) for name in Factor.values}),
        "lending": lending_of(agreement),
        "provisions": [
            provision_article(str(row.get_form_display()), row, row.clause, language)
            for row in agreement.provisions.all()
        ],
        "further_provisions": agreement.further_provisions,
        "starts_on": agreement.starts_on,
        "ends_on": agreement.ends_on,
        "verification": verification,
    }
    tasks = _tasks(agreement)
    facts["obligations"] = [_duties(row, tasks.get(row.pk, ()), agreement, language) for row in rows]
    if agreement.kind == AgreementKind.IMPLICIT:
        today = clock.today(agreement.office.zone)
        return ImplicitAgreementPaper(
            agreed_on=agreement.agreed_on or today,
            agreed_by=agreement.agreed_by,
            how=agreement.get_agreed_how_display(),
            recorded_by=facts["parties"][0].signatory,
            recorded_on=today,
            number=agreement.number,
            note=agreement.agreed_note,
            review_on=agreement.review_on,
            **facts,
        )
    signed = [row.signed_on for row in rows if row.signed_on]
    paper = AgreementPaper(
        kind=agreement.kind,
        recitals=agreement.recitals,
        numbers=(agreement.number, agreement.partner_number),
        signed_on=max(signed) if signed else None,
        signed=[Signed(on=row.signed_on, place=row.signed_place) for row in rows],
        above=above_of(agreement.parent) if agreement.parent else None,
        legal_basis=_legal_basis(agreement, [row.institution_id for row in rows]),
        schedule=[
            Task(what=task.text, who=row.institution.name, due_on=task.due_on)
            for row in rows
            for task in tasks.get(row.pk, ())
            if agreement.kind == AgreementKind.WORK_PLAN
        ],
        **facts,
    )
    if agreement.kind == AgreementKind.ADDENDUM and agreement.parent:
        return replace(paper, changes=_changes(agreement, agreement.parent, paper, language))
    return paper


def lending_of(agreement: Agreement) -> LendingTerms | None:
    """The terms of the loan as a paper states them."""
    term = LendingTerm.objects.filter(agreement=agreement).first()
    if term is None:
        return None
    first = term.first_delivery_on
    if agreement.kind == AgreementKind.ADDENDUM and agreement.parent:
        # New terms of a loan that has begun long ago: its first delivery stays when it was.
        begun = LendingTerm.objects.filter(agreement=agreement.parent).first()
        first = begun.first_delivery_on if begun else first
    return LendingTerms(
        quantity=term.quantity,
        interval_months=term.interval_months,
        replacement_days=term.replacement_days,
        receipt_days=term.receipt_days,
        first_delivery_on=first,
        replacement_ways=tuple(term.replacement_ways or ReplacementWay.values),
    )


def above_of(parent: Agreement) -> Above:
    """What an agreement stands under, dated by the last signature, else by its first day."""
    rows = list(parent.parties.select_related("institution"))
    signed = [row.signed_on for row in rows if row.signed_on]
    return Above(
        kind=parent.kind,
        subject=parent.title,
        number=parent.number,
        dated=max(signed) if signed else parent.starts_on,
        parties=[row.institution.name for row in rows],
    )


def _changes(addendum: Agreement, parent: Agreement, paper: AgreementPaper, language: str) -> list[Article]:
    """What the addendum says otherwise than the agreement above it says now."""
    above = compose(parent, None)
    now = above.articles(language)
    new = paper.terms(language)
    held = addendum.status not in BEFORE_IT_HOLDS
    if addendum.ends_on and (held or addendum.ends_on != parent.ends_on):
        new.append(term_article(parent.starts_on, addendum.ends_on, paper.lending or above.lending, language))
    # Once it holds, the agreement above has taken the changes over: then all that it repeats is shown.
    return changed_articles(now, new, all_of_them=held)


def _party(row: Party) -> PaperParty:
    return PaperParty(
        institution=row.institution.name,
        address=row.institution.address,
        signatory=Signatory(
            name=row.signatory_name,
            position=row.signatory_position,
            employee_number=row.signatory_nip,
            institution=row.institution.name,
        ),
    )


def _tasks(agreement: Agreement) -> dict[UUID, list[Obligation]]:
    """The duties with days that were agreed on before the paper was issued, by party."""
    rows = agreement.obligations.order_by("due_on", "pk")
    if agreement.document is not None:
        rows = rows.filter(created_at__lte=agreement.document.created_at)
    tasks: dict[UUID, list[Obligation]] = {}
    for row in rows:
        tasks.setdefault(row.party_id, []).append(row)
    return tasks


def _duties(row: Party, tasks: Sequence[Obligation], agreement: Agreement, language: str) -> str:
    """What a party takes on, line by line; a day is named where it is not simply the last one."""
    days = {task.text: task.due_on for task in tasks if task.due_on != agreement.ends_on}
    lines = typed_lines(row.obligations)
    lines += [task.text for task in tasks if task.text not in lines]
    return "\n".join(
        _("%(duty)s, at the latest on %(date)s")
        % {"duty": line.rstrip("."), "date": plain_date(days[line], language)}
        if line in days
        else line
        for line in lines
    )


def _legal_basis(agreement: Agreement, institutions: Sequence[UUID]) -> list[Text]:
    """What the office cites for this kind, and the authority by which each party signs, where that is recorded (A4)."""
    on = agreement.starts_on or clock.today(agreement.office.zone)
    rows = SigningAuthority.objects.on(on).filter(institution__in=institutions, kind=agreement.kind)
    bases = {row.institution_id: row.basis for row in rows}
    known = [bases[key] for key in institutions if key in bases]
    return list(dict.fromkeys([*basis_of(agreement.office, agreement.kind), *known]))
