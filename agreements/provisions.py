"""What each form of cooperation (F1–F15) is agreed by: which terms it has, which it cannot do without, and the plain
sentence that they make (A7). Pure: no queries.

The sentence is what both sides sign and what a refusal quotes, so that paper and program cannot disagree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.choices import Audience, CooperationForm, CostBearer, Proof
from kerjasama.domain.wording import counted


class Terms(Protocol):
    """The columns of a Provision."""

    form: str
    quantity: int | None
    interval_months: int | None
    loan_limit: int | None
    loan_days: int | None
    replacement_days: int | None
    response_days: int | None
    visits_per_month: int | None
    ratio_given: int | None
    ratio_received: int | None
    audience: str
    proof: str
    cost_bearer: str


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns a form uses, in the order a page shows them; ``needs`` are those it cannot do without."""

    terms: tuple[str, ...]
    needs: tuple[str, ...] = ()


SHAPES: Mapping[str, Shape] = {
    CooperationForm.EXCHANGE: Shape(
        ("ratio_given", "ratio_received", "interval_months", "cost_bearer"), ("ratio_given", "ratio_received")
    ),
    CooperationForm.REDISTRIBUTION: Shape(("quantity", "interval_months", "cost_bearer")),
    CooperationForm.JOINT_ACQUISITION: Shape(("interval_months", "cost_bearer")),
    CooperationForm.JOINT_PROCESSING: Shape(("quantity", "response_days", "cost_bearer")),
    CooperationForm.SERVICE_USE: Shape(
        ("audience", "proof", "loan_limit", "loan_days", "replacement_days"), ("audience", "proof")
    ),
    CooperationForm.INTERLIBRARY_LOAN: Shape(
        ("loan_limit", "loan_days", "response_days", "replacement_days", "cost_bearer"),
        ("loan_days", "response_days"),
    ),
    CooperationForm.INTERLIBRARY_SERVICE: Shape(("response_days", "cost_bearer"), ("response_days",)),
    CooperationForm.LIBRARIANS_TOGETHER: Shape(("interval_months", "cost_bearer")),
    CooperationForm.UNION_CATALOGUE: Shape(("interval_months",)),
    CooperationForm.INTERNSHIP: Shape(
        ("quantity", "audience", "interval_months", "cost_bearer"), ("quantity",)
    ),
    CooperationForm.JOINT_EVENTS: Shape(("quantity", "interval_months", "cost_bearer")),
    CooperationForm.MOBILE_LIBRARY: Shape(("visits_per_month", "audience"), ("visits_per_month",)),
    CooperationForm.EQUIPMENT_SHARING: Shape(("response_days", "replacement_days", "cost_bearer")),
    CooperationForm.SCHOOL_INSIDE: Shape(("interval_months",)),
}
TERMS = frozenset(name for shape in SHAPES.values() for name in shape.terms)


def missing_terms(terms: Terms) -> list[str]:
    """Columns without which this form cannot be carried out and that are empty."""
    return [name for name in SHAPES[terms.form].needs if not getattr(terms, name)]


def sentences(terms: Terms, language: str) -> list[str]:
    """The terms of one form as the paragraphs of its article, numbers written out in words as papers do."""
    return [sentence for maker in (_LEADS[terms.form], *_SHARED) if (sentence := maker(terms, language))]


def _months(months: int, language: str) -> str:
    if months == 1:
        return _("every month")
    return _("every %(months)s months") % {"months": counted(months, language)}


def _days(days: int, language: str) -> str:
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": counted(days, language)}


def _exchange(terms: Terms, language: str) -> str:
    given, received = terms.ratio_given, terms.ratio_received
    if not given or not received:
        return _("The parties exchange library material.")
    if given == received == 1:
        return _(
            "The parties exchange publications one for one, whatever their number of pages and their price."
        )
    return _("For every %(given)s publications given, %(received)s are received in exchange.") % {
        "given": counted(given, language),
        "received": counted(received, language),
    }


def _redistribution(terms: Terms, language: str) -> str:
    if terms.quantity:
        return _("Up to %(count)s publications that one party can spare are passed on to the other.") % {
            "count": counted(terms.quantity, language)
        }
    return _("Publications that one party can spare are passed on to the other.")


def _joint_acquisition(terms: Terms, language: str) -> str:
    return _(
        "Before they buy, the parties compare their orders, so that no title is bought twice without need."
    )


def _joint_processing(terms: Terms, language: str) -> str:
    lead = _("The library material of the parties is catalogued, classified and labelled in one place.")
    if terms.quantity:
        lead += " " + _("Up to %(count)s titles are taken in at a time.") % {
            "count": counted(terms.quantity, language)
        }
    return lead


def _service_use(terms: Terms, language: str) -> str:
    named = terms.audience and terms.audience != Audience.EVERYBODY
    audience = Audience(terms.audience).label if named else _("Everybody")
    proof = _within(Proof(terms.proof).label if terms.proof else Proof.NONE.label)
    if terms.loan_limit and terms.loan_days:
        return _(
            "%(audience)s of the partner may read and borrow, up to %(limit)s items at a time for %(days)s, "
            "on showing: %(proof)s."
        ) % {
            "audience": audience,
            "limit": counted(terms.loan_limit, language),
            "days": _days(terms.loan_days, language),
            "proof": proof,
        }
    return _(
        "%(audience)s of the partner may use the facilities and read on the spot, on showing: %(proof)s."
    ) % {
        "audience": audience,
        "proof": proof,
    }


def _interlibrary_loan(terms: Terms, language: str) -> str:
    if terms.loan_days and terms.loan_limit:
        return _("The parties lend each other up to %(limit)s items at a time, for %(days)s.") % {
            "limit": counted(terms.loan_limit, language),
            "days": _days(terms.loan_days, language),
        }
    if terms.loan_days:
        return _("The parties lend each other items for %(days)s.") % {
            "days": _days(terms.loan_days, language)
        }
    return _("The parties lend each other items.")


def _interlibrary_service(terms: Terms, language: str) -> str:
    return _("The parties search, answer questions, copy and deliver documents for each other.")


def _librarians_together(terms: Terms, language: str) -> str:
    return _("The librarians of the parties meet, train each other and share their guides.")


def _union_catalogue(terms: Terms, language: str) -> str:
    return _("The parties hand in the records of their holdings to the union catalogue.")


def _internship(terms: Terms, language: str) -> str:
    if terms.quantity:
        return _("Up to %(count)s interns are taken in at a time.") % {
            "count": counted(terms.quantity, language)
        }
    return _("Interns are taken in.")


def _joint_events(terms: Terms, language: str) -> str:
    if terms.quantity:
        return _("The parties hold at least %(count)s joint events during the term.") % {
            "count": counted(terms.quantity, language)
        }
    return _("The parties hold events together and make each other known.")


def _mobile_library(terms: Terms, language: str) -> str:
    if not terms.visits_per_month:
        return _("The mobile library visits the partner.")
    return ngettext(
        "The mobile library visits the partner %(count)s time a month.",
        "The mobile library visits the partner %(count)s times a month.",
        terms.visits_per_month,
    ) % {"count": counted(terms.visits_per_month, language)}


def _equipment_sharing(terms: Terms, language: str) -> str:
    return _("A party without a piece of equipment may book and use that of the other.")


def _school_inside(terms: Terms, language: str) -> str:
    return _(
        "Principal, teachers and parents work with the school library: reading lists, class visits, gift drives."
    )


def _interval(terms: Terms, language: str) -> str:
    if (
        not terms.interval_months
        or terms.form not in SHAPES
        or "interval_months" not in SHAPES[terms.form].terms
    ):
        return ""
    return _("This takes place %(interval)s.") % {"interval": _months(terms.interval_months, language)}


def _response(terms: Terms, language: str) -> str:
    if not terms.response_days:
        return ""
    return _("A request is answered within %(days)s.") % {"days": _days(terms.response_days, language)}


def _replacement(terms: Terms, language: str) -> str:
    if not terms.replacement_days:
        return ""
    return _("What is lost or damaged is replaced within %(days)s.") % {
        "days": _days(terms.replacement_days, language)
    }


def _costs(terms: Terms, language: str) -> str:
    if not terms.cost_bearer:
        return ""
    return _("Costs are borne by: %(bearer)s.") % {"bearer": _within(CostBearer(terms.cost_bearer).label)}


def _within(label: object) -> str:
    """A label inside a sentence: its first letter small, unless the whole word is in capitals."""
    text = str(label)
    return text if text.split(" ", 1)[0].isupper() else text[:1].lower() + text[1:]


Maker = Callable[[Terms, str], str]
_LEADS: Mapping[str, Maker] = {
    CooperationForm.EXCHANGE: _exchange,
    CooperationForm.REDISTRIBUTION: _redistribution,
    CooperationForm.JOINT_ACQUISITION: _joint_acquisition,
    CooperationForm.JOINT_PROCESSING: _joint_processing,
    CooperationForm.SERVICE_USE: _service_use,
    CooperationForm.INTERLIBRARY_LOAN: _interlibrary_loan,
    CooperationForm.INTERLIBRARY_SERVICE: _interlibrary_service,
    CooperationForm.LIBRARIANS_TOGETHER: _librarians_together,
    CooperationForm.UNION_CATALOGUE: _union_catalogue,
    CooperationForm.INTERNSHIP: _internship,
    CooperationForm.JOINT_EVENTS: _joint_events,
    CooperationForm.MOBILE_LIBRARY: _mobile_library,
    CooperationForm.EQUIPMENT_SHARING: _equipment_sharing,
    CooperationForm.SCHOOL_INSIDE: _school_inside,
}
_SHARED: tuple[Maker, ...] = (_interval, _response, _replacement, _costs)
