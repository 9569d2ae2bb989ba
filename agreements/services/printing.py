"""Agreements on paper: from rows to the frozen papers of `agreements.papers` (A8, A9)."""

from django.utils import translation
from django.utils.translation import gettext as _

from agreements.choices import AgreementKind, ReplacementWay
from agreements.clauses import LendingTerms, provision_article
from agreements.models import Agreement, LendingTerm
from agreements.papers import AgreementPaper, Factors, ImplicitAgreementPaper
from kerjasama.documents.paper import Party as PaperParty
from kerjasama.documents.paper import Signatory, Verification
from kerjasama.documents.rendering import render_pdf
from kerjasama.domain import clock
from kerjasama.domain.wording import plain_date
from libraries.choices import PaperKind
from libraries.models import Document, User
from libraries.services.documents import issue_document
from libraries.services.letters import letterhead_of

TEMPLATES = {AgreementKind.IMPLICIT: "implicit_agreement"}


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


def cited(parent: Agreement) -> str:
    """The MoU that an agreement stands under, by its number and date: the day of the last signature, else its first."""
    signed = [row.signed_on for row in parent.parties.all() if row.signed_on]
    dated = max(signed) if signed else parent.starts_on
    if dated is None:
        return str(parent)
    return _("%(number)s dated %(date)s") % {
        "number": parent,
        "date": plain_date(dated, translation.get_language() or "id"),
    }


def template_of(agreement: Agreement) -> str:
    return TEMPLATES.get(AgreementKind(agreement.kind), "agreement")


def compose(
    agreement: Agreement, verification: Verification | None
) -> AgreementPaper | ImplicitAgreementPaper:
    """Everything the paper says, read from the rows."""
    rows = list(agreement.parties.select_related("institution"))
    parties = [
        PaperParty(
            institution=row.institution.name,
            address=row.institution.address,
            signatory=Signatory(
                name=row.signatory_name,
                position=row.signatory_position,
                employee_number=row.signatory_nip,
                institution=row.institution.name,
            ),
        )
        for row in rows
    ]
    term = LendingTerm.objects.filter(agreement=agreement).first()
    lending = None
    if term is not None:
        lending = LendingTerms(
            quantity=term.quantity,
            interval_months=term.interval_months,
            replacement_days=term.replacement_days,
            receipt_days=term.receipt_days,
            first_delivery_on=term.first_delivery_on,
            replacement_ways=tuple(term.replacement_ways or ReplacementWay.values),
        )
    factors = Factors(
        aims=agreement.aims,
        scope=agreement.scope,
        relation=agreement.relation,
        division_of_work=agreement.division_of_work,
        procedures=agreement.procedures,
        financing=agreement.financing,
        technology=agreement.technology,
    )
    language = translation.get_language() or "id"
    provisions = [
        provision_article(str(row.get_form_display()), row, row.clause, language)
        for row in agreement.provisions.all()
    ]
    today = clock.today(agreement.office.zone)
    letterhead = letterhead_of(agreement.office)
    if agreement.kind == AgreementKind.IMPLICIT:
        return ImplicitAgreementPaper(
            subject=agreement.title,
            letterhead=letterhead,
            parties=parties,
            agreed_on=agreement.agreed_on or today,
            agreed_by=agreement.agreed_by,
            how=agreement.get_agreed_how_display(),
            recorded_by=parties[0].signatory,
            recorded_on=today,
            number=agreement.number,
            place=agreement.signed_place or agreement.office.city,
            note=agreement.agreed_note,
            factors=factors,
            lending=lending,
            provisions=provisions,
            starts_on=agreement.starts_on,
            ends_on=agreement.ends_on,
            verification=verification,
        )
    signed = [row.signed_on for row in rows if row.signed_on]
    return AgreementPaper(
        kind=agreement.kind,
        recitals=agreement.recitals,
        further_provisions=agreement.further_provisions,
        subject=agreement.title,
        letterhead=letterhead,
        parties=parties,
        numbers=(agreement.number, agreement.partner_number),
        signed_on=max(signed) if signed else None,
        place=agreement.signed_place or agreement.office.city,
        parent=cited(agreement.parent) if agreement.parent else "",
        factors=factors,
        obligations=[row.obligations for row in rows],
        lending=lending,
        provisions=provisions,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        verification=verification,
    )
