"""What a school is asked for, within what the agreement allows, by when; and the papers that say so (L8)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from agreements.choices import ReplacementWay
from agreements.models import LendingTerm
from kerjasama.documents.paper import Paper, Verification
from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput, NotPermitted
from libraries.catalogue.models import Title
from libraries.choices import PaperKind, Role
from libraries.models import Document, User
from libraries.services.documents import issue_document
from libraries.services.notices import announce
from loans import addresses
from loans.models import Case


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked: by which way, for how much where it is money, by which day."""

    way: str
    amount: Decimal | None
    due_on: date


def demand_of(
    case: Case, *, demand: str, amount: Decimal | None, due_on: date | None, term: LendingTerm | None
) -> Demand:
    """The demand as given, or the refusal that says what the agreement allows.

    Raises NotPermitted (``way_not_agreed``), InvalidInput (``demand``, ``amount``, ``date_past``).
    """
    if demand not in ReplacementWay.values:
        raise InvalidInput("demand", _("Choose what the book is to be replaced by."), field="demand")
    if term is not None and term.replacement_ways and demand not in term.replacement_ways:
        raise NotPermitted(
            "way_not_agreed",
            _("The agreement “%(agreement)s” allows only: %(ways)s.")
            % {
                "agreement": term.agreement,
                "ways": ", ".join(str(ReplacementWay(way).label) for way in term.replacement_ways),
            },
            facts={"clause": str(term.agreement)},
        )
    if demand == ReplacementWay.PRICE:
        amount = amount or case.copy.price
        if not amount or amount <= 0:
            raise InvalidInput(
                "amount", _("Enter the amount in rupiah; the book has no price on record."), field="amount"
            )
    else:
        amount = None
    return Demand(demand, amount, day_to_come(case, due_on))


def day_to_come(case: Case, due_on: date | None) -> date:
    """The day given, or the case's own, today at the earliest. Raises InvalidInput (``date_past``)."""
    today = clock.today(case.lender.zone)
    due = due_on or max(case.due_on, today)
    if due < today:
        raise InvalidInput(
            "date_past",
            _("The day by which it is due has already passed. Choose a later one."),
            field="due_on",
        )
    return due


def term_of(case: Case) -> LendingTerm | None:
    """The lending terms of the agreement that the book went out under; ``case`` comes from ``lock_case``."""
    agreement = case.line.consignment.period.programme.agreement
    return LendingTerm.objects.filter(agreement=agreement).select_related("agreement").first()


def issue_letter(
    case: Case,
    *,
    actor: User,
    title: Callable[[], str],
    template: str,
    compose: Callable[[str, Verification], Paper],
    kind: str = PaperKind.REPLACEMENT,
    on: date | None = None,
) -> Document:
    """A numbered paper of the lender to the partner about the case."""
    return issue_document(
        issuer=case.lender,
        recipient=case.partner,
        kind=kind,
        title=title,
        template=template,
        compose=compose,
        on=on or clock.today(case.lender.zone),
        actor=actor,
        item_count=1,
    )


def tell(case: Case, rule: str, tone: str, *, to_partner: bool, answer: str = "", rung: int = 0) -> None:
    """Tell one side what was done about the case. ``rung`` sets apart what may be said twice about one due day."""
    announce(
        recipient=case.partner if to_partner else case.lender,
        sender=case.lender,
        rule=rule,
        rung=rung,
        subject_kind="case",
        subject_id=case.pk,
        due_on=case.due_on,
        tone=tone,
        context={
            "lender": case.lender.name,
            "partner": case.partner.name,
            "title": Title.objects.values_list("title", flat=True).get(copies=case.copy_id),
            "code": case.code,
            "kind": case.kind,
            "due_on": case.due_on,
            "demand": case.demand,
            "settlement": case.settlement,
            "status": case.status,
            "answer": answer,
        },
        path=addresses.case_for_partner(case.pk) if to_partner else addresses.case_for_desk(case.pk),
        roles=[Role.SCHOOL_CONTACT] if to_partner else [Role.CIRCULATION],
    )
