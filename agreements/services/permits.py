"""The one place that says what is permitted on a date, under which agreement and clause, within which limit.

Other apps ask; none decides. A refusal names the clause that it rests on, or says that there is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.choices import AgreementKind, AgreementStatus, CooperationForm
from agreements.clauses import LOSS
from agreements.models import Agreement, LendingTerm, Provision
from agreements.provisions import SHAPES, sentences
from agreements.services.printing import compose
from kerjasama.domain.errors import InvalidInput, LimitReached, NotPermitted
from kerjasama.domain.wording import plain_date
from libraries.models import Institution


@dataclass(frozen=True, slots=True)
class LendingPermit:
    """Lending is permitted under ``agreement`` within ``term``."""

    agreement: Agreement
    term: LendingTerm


def lending_permit(*, agreement: Agreement, on: date) -> LendingPermit:
    """Whether this agreement permits lending on a date.

    Raises InvalidInput (``no_lending_terms``) when it says nothing about lending, NotPermitted (``not_in_force``) when
    it does not hold on that date; both name the agreement.
    """
    term = LendingTerm.objects.filter(agreement=agreement).first()
    if term is None:
        raise InvalidInput(
            "no_lending_terms",
            _(
                "Agreement “%(agreement)s” has no lending terms: quantity, interval and first delivery are missing."
            )
            % {"agreement": agreement},
        )
    require_in_force(agreement, on)
    return LendingPermit(agreement, term)


@dataclass(frozen=True, slots=True)
class Permit:
    """What two institutions may do with each other on a day.

    ``clause`` is the article as it is cited ("Article 4, Loan of the collection"), ``limits`` the terms as data,
    ``sentences`` what the article says. When ``allowed`` is False, ``sentence`` says why not and what to do.
    """

    allowed: bool
    form: str
    on: date
    agreement: Agreement | None = None
    clause: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)
    sentences: Sequence[str] = ()
    sentence: str = ""


def permission(
    *, form: str, office: Institution, partner: Institution, on: date, quantity: int | None = None
) -> Permit:
    """Whether ``form`` of cooperation (F1–F15) is permitted between two institutions on a day.

    ``quantity``: how many (items of a loan, interns, …) are asked for; more than the agreement allows is not permitted.
    Of several agreements in force, one that speaks of the form counts before one that does not, then the younger one.
    """
    language = get_language() or "id"
    running = list(
        Agreement.objects.running_between(office, partner, on)
        .exclude(kind=AgreementKind.ADDENDUM)
        .select_related("office", "partner", "lending_term")
        .prefetch_related("provisions")
    )
    label = CooperationForm(form).label
    facts = {"form": label, "office": office, "partner": partner, "day": plain_date(on, language)}
    if not running:
        return Permit(
            False,
            form,
            on,
            sentence=_("No agreement between %(office)s and %(partner)s is in force on %(day)s.") % facts,
        )
    for agreement in running:
        terms = _terms(agreement, form)
        if terms is None:
            continue
        clause = clause_of(agreement, form, language)
        limits, said = _read(terms, agreement, form, language)
        most = limits.get("quantity") or limits.get("loan_limit")
        cited = {**facts, "agreement": agreement, "clause": clause, "most": most}
        if quantity is not None and most and quantity > most:
            sentence = _("%(clause)s of “%(agreement)s” allows %(most)s at the most.") % cited
            return Permit(False, form, on, agreement, clause, limits, said, sentence)
        return Permit(
            True,
            form,
            on,
            agreement,
            clause,
            limits,
            said,
            _("Permitted under %(clause)s of “%(agreement)s”.") % cited,
        )
    return Permit(
        False,
        form,
        on,
        running[0],
        sentence=_(
            "“%(agreement)s” is in force, but has no clause about this: %(form)s. Agree on it in an addendum."
        )
        % {**facts, "agreement": running[0]},
    )


def require_permission(
    *, form: str, office: Institution, partner: Institution, on: date, quantity: int | None = None
) -> Permit:
    """As ``permission``; raises NotPermitted (``not_agreed``) with its sentence when the answer is no."""
    permit = permission(form=form, office=office, partner=partner, on=on, quantity=quantity)
    if not permit.allowed:
        raise NotPermitted(
            "not_agreed",
            permit.sentence,
            facts={
                "form": form,
                "agreement": str(permit.agreement.pk) if permit.agreement else None,
                "clause": permit.clause,
            },
        )
    return permit


def clause_of(agreement: Agreement, form: str, language: str) -> str:
    """The article about a form of cooperation, as one cites it; only the agreement's own paper knows its number."""
    paper = compose(agreement, None)
    for number, article in enumerate(paper.articles(language), 1):
        if article.form == form:
            if agreement.kind == AgreementKind.IMPLICIT:
                return _("point %(number)s, %(title)s") % {"number": number, "title": article.title}
            return _("Article %(number)s, %(title)s") % {"number": number, "title": article.title}
    return _("the replacement of what is lost") if form == LOSS else str(CooperationForm(form).label)


def cite(agreement: Agreement, form: str = CooperationForm.COLLECTION_LOAN) -> str:
    """A plain sentence that names the agreement and the article something rests on; ``clauses.LOSS`` for a loss."""
    return _("Under “%(agreement)s”, %(clause)s.") % {
        "agreement": agreement,
        "clause": clause_of(agreement, form, get_language() or "id"),
    }


def require_within(agreement: Agreement, copies: int, *, code: str = "more_than_agreed") -> None:
    """Refuse to lend more copies at a time than is agreed, naming the clause. Raises LimitReached (``code``).

    No queries when it fits and the caller has joined ``lending_term``.
    """
    term: LendingTerm | None = getattr(agreement, "lending_term", None)
    if term is None or copies <= term.quantity:
        return
    clause = clause_of(agreement, CooperationForm.COLLECTION_LOAN, get_language() or "id")
    raise LimitReached(
        code,
        _(
            "%(clause)s of “%(agreement)s” allows %(most)s copies at a time; this would be %(copies)s. Leave some out."
        )
        % {"clause": clause, "agreement": agreement, "most": term.quantity, "copies": copies},
        facts={"agreement": str(agreement), "clause": clause, "most": term.quantity, "copies": copies},
    )


def _terms(agreement: Agreement, form: str) -> LendingTerm | Provision | None:
    if form == CooperationForm.COLLECTION_LOAN:
        return getattr(agreement, "lending_term", None)
    return next((row for row in agreement.provisions.all() if row.form == form), None)


def _read(
    terms: LendingTerm | Provision, agreement: Agreement, form: str, language: str
) -> tuple[dict[str, Any], list[str]]:
    if isinstance(terms, LendingTerm):
        names: Sequence[str] = ("quantity", "interval_months", "replacement_days", "receipt_days")
        said = [str(terms)]
    else:
        names = SHAPES[form].terms
        said = sentences(terms, language)
    limits = {name: value for name in names if (value := getattr(terms, name)) not in (None, "")}
    return {**limits, "until": agreement.ends_on}, said


def require_in_force(agreement: Agreement, on: date, form: str = CooperationForm.COLLECTION_LOAN) -> None:
    """Refuse when ``agreement`` does not hold ``on`` that day, naming it, its term and its clause.

    No queries when it holds.
    """
    holds = (
        agreement.status == AgreementStatus.ACTIVE
        and agreement.starts_on is not None
        and agreement.ends_on is not None
        and agreement.starts_on <= on <= agreement.ends_on
    )
    if holds:
        return
    language = get_language() or "id"
    clause = clause_of(agreement, form, language)
    if agreement.starts_on and agreement.ends_on:
        sentence = _(
            "Agreement “%(agreement)s” (%(start)s to %(end)s, %(status)s) does not hold on %(day)s, "
            "and with it %(clause)s."
        ) % {
            "clause": clause,
            "agreement": agreement,
            "start": plain_date(agreement.starts_on, language),
            "end": plain_date(agreement.ends_on, language),
            "status": agreement.get_status_display(),
            "day": plain_date(on, language),
        }
    else:
        sentence = _("Agreement “%(agreement)s” has no term yet.") % {"agreement": agreement}
    raise NotPermitted(
        "not_in_force",
        sentence,
        facts={"state": agreement.status, "agreement": str(agreement), "clause": clause},
    )
