"""What an office rules for itself: what each kind of agreement must say, who may borrow without one (A2, F6)."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from agreements.clauses import typed_lines
from agreements.models import BorrowingRule, KindRule
from agreements.papers import LIBRARY_LAW, LIBRARY_REGULATION
from agreements.services.stepping import keeps
from agreements.terms import REQUIRED
from libraries.choices import NUMBERED_AS_AGREEMENTS, PaperKind
from libraries.models import Institution, NumberPattern, Region, User


def rule_of(office: Institution, kind: str) -> KindRule:
    """The office's rule for a kind; the usual one, unsaved, where it has none."""
    return KindRule.objects.filter(office=office, kind=kind).first() or KindRule(
        office=office, kind=kind, required=list(REQUIRED[kind])
    )


def usual_basis() -> list[str]:
    """What every paper stands on until an office says otherwise, in the language that is active."""
    return [str(LIBRARY_LAW), str(LIBRARY_REGULATION)]


def basis_of(office: Institution, kind: str) -> list[str]:
    """The legal basis that the office's papers of this kind cite, line by line (“mengingat”)."""
    return typed_lines(rule_of(office, kind).legal_basis) or usual_basis()


def numbered_as(office: Institution, kind: str) -> str:
    """The sequence that an agreement of this kind draws its number from: the kind's own where the office has a pattern
    for it, else the one of all agreements (A8)."""
    apart = kind in NUMBERED_AS_AGREEMENTS
    if apart and NumberPattern.objects.filter(institution=office, kind=kind).exists():
        return kind
    return PaperKind.AGREEMENT


@transaction.atomic
def set_kind_rule(*, actor: User, office: Institution, kind: str, **fields: Any) -> KindRule:
    """Write the office's rule for a kind. Raises NotPermitted, and ValidationError for what the row refuses."""
    keeps(actor, office)
    rule = KindRule.objects.select_for_update(of=("self",)).filter(office=office, kind=kind).first()
    fresh = rule or rule_of(office, kind)
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.version += bool(rule)
    fresh.full_clean(exclude=["office"])
    fresh.save()
    return fresh


@transaction.atomic
def set_borrowing_rule(
    *, actor: User, office: Institution, regions: Iterable[Region] = (), **fields: Any
) -> BorrowingRule:
    """Who may borrow from the office without an agreement, how much and how long (F6)."""
    keeps(actor, office)
    rule = BorrowingRule.objects.select_for_update(of=("self",)).filter(office=office).first()
    fresh = rule or BorrowingRule(office=office)
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.version += bool(rule)
    fresh.full_clean(exclude=["office"])
    fresh.save()
    fresh.regions.set(regions)
    return fresh
