"""What an agreement must say before it can hold (A2), and what its terms mean. Pure: no queries."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from agreements.choices import KINDS_UNDER_ANOTHER, AgreementKind, Factor
from kerjasama.domain import clock
from kerjasama.domain.errors import Sentence

# The factors each kind cannot do without, where an office has not ruled otherwise. A school's PKS is short on purpose; a
# MoU is intent and names no work; a work plan and an addendum rest on what stands above them.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    AgreementKind.MOU: ("aims", "scope", "relation"),
    AgreementKind.PKS: ("aims", "scope", "division_of_work", "procedures", "financing"),
    AgreementKind.WORK_PLAN: ("scope", "division_of_work", "procedures"),
    AgreementKind.ADDENDUM: (),
    AgreementKind.IMPLICIT: ("aims",),
}
EVIDENCE = ("agreed_by", "agreed_on", "agreed_how", "agreed_note")
TERM = ("starts_on", "ends_on")

LABELS: Mapping[str, Sentence] = {
    "aims": _("reasons and aims"),
    "scope": _("scope"),
    "relation": _("relation between the parties"),
    "division_of_work": _("division of work"),
    "procedures": _("procedures and equipment"),
    "financing": _("financing"),
    "technology": _("technology"),
    "starts_on": _("start"),
    "ends_on": _("end"),
    "agreed_by": _("who agreed"),
    "agreed_on": _("when it was agreed"),
    "agreed_how": _("how it was agreed"),
    "agreed_note": _("note or witness"),
    "first_delivery_on": _("first delivery"),
    "signatories": _("who signs for each party"),
    "parent": _("the agreement it stands under"),
    "provisions": _("the terms of every form of cooperation"),
}


def required_parts(kind: str, ruled: Collection[str] | None = None) -> list[str]:
    """Names of what an agreement of this kind must say, in the order a form shows them.

    ``ruled`` are the factors that the office itself demands; None means the usual ones.
    """
    factors = REQUIRED[kind] if ruled is None else [name for name in Factor.values if name in ruled]
    return [*factors, *(EVIDENCE if kind == AgreementKind.IMPLICIT else ()), *TERM]


def missing(kind: str, facts: Mapping[str, Any], ruled: Collection[str] | None = None) -> list[str]:
    """Names of required parts that are empty, in the order a form shows them.

    ``facts`` maps field names to values; ``signatories`` is True when every party of a written agreement names one,
    ``first_delivery_on`` is present only when the agreement lends, ``provisions`` only when a form lacks a term.
    """
    wanted = required_parts(kind, ruled)
    if kind != AgreementKind.IMPLICIT:
        wanted.append("signatories")
    if kind in KINDS_UNDER_ANOTHER:
        wanted.append("parent")
    wanted += [name for name in ("first_delivery_on", "provisions") if name in facts]
    return [name for name in wanted if not facts.get(name)]


def completeness(
    kind: str, facts: Mapping[str, Any], ruled: Collection[str] | None = None
) -> tuple[int, int]:
    """How many of all parts that an agreement of this kind can have are filled, and how many there are (A2).

    All nine factors count, demanded or not: an agreement that says all of them leaves nothing to quarrel about.
    """
    wanted = dict.fromkeys([*Factor.values, *required_parts(kind, ruled)])
    if kind != AgreementKind.IMPLICIT:
        wanted["signatories"] = None
    if "first_delivery_on" in facts:
        wanted["first_delivery_on"] = None
    return sum(bool(facts.get(name)) for name in wanted), len(wanted)


def first_delivery_fits(first_delivery_on: date, starts_on: date, ends_on: date) -> bool:
    return starts_on <= first_delivery_on < ends_on


def next_last_day(starts_on: date, ends_on: date, first: date) -> date:
    """The last day of a next term that begins on ``first`` and lasts as long as this one.

    A term of whole months stays one of whole months, whatever leap day lies in it; any other keeps its number of days.
    """
    after = ends_on + clock.days(1)
    months = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    if months > 0 and clock.add_months(starts_on, months) == after:
        return clock.add_months(first, months) - clock.days(1)
    return first + (ends_on - starts_on)


def first_review(kind: str, starts_on: date | None, ends_on: date | None, months: int) -> date | None:
    """The day on which an unwritten agreement is looked at again: some months after it began, at the latest on its last."""
    if kind != AgreementKind.IMPLICIT or starts_on is None:
        return None
    day = clock.add_months(starts_on, months)
    return min(day, ends_on) if ends_on else day


def last_notice_on(ends_on: date, notice_days: int) -> date:
    """The last day to say that one does not want to go on."""
    return ends_on - timedelta(days=notice_days)
