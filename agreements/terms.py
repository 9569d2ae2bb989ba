"""What an agreement must say before it can hold (A2), and what its terms mean. Pure: no queries."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from agreements.choices import AgreementKind
from kerjasama.domain.errors import Sentence

# The factors each kind cannot do without. A school's PKS is short on purpose; a MoU is intent and names no work.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    AgreementKind.MOU: ("aims", "scope", "relation", "starts_on", "ends_on"),
    AgreementKind.PKS: (
        "aims",
        "scope",
        "division_of_work",
        "procedures",
        "financing",
        "starts_on",
        "ends_on",
    ),
    AgreementKind.IMPLICIT: (
        "aims",
        "agreed_by",
        "agreed_on",
        "agreed_how",
        "agreed_note",
        "starts_on",
        "ends_on",
    ),
}

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
}


def missing(kind: str, facts: Mapping[str, Any]) -> list[str]:
    """Names of required parts that are empty, in the order a form shows them.

    ``facts`` maps field names to values; ``signatories`` is True when every party of a written agreement names one,
    ``first_delivery_on`` is present only when the agreement lends.
    """
    wanted = [*REQUIRED[kind]]
    if kind != AgreementKind.IMPLICIT:
        wanted.append("signatories")
    if "first_delivery_on" in facts:
        wanted.append("first_delivery_on")
    return [name for name in wanted if not facts.get(name)]


def first_delivery_fits(first_delivery_on: date, starts_on: date, ends_on: date) -> bool:
    return starts_on <= first_delivery_on < ends_on
