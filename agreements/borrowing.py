"""Who may read and who may borrow at a library's desk (F6). Pure: facts in, a verdict out; nothing about a person is kept.

The library's own rule asks for an identity card of its regions. An agreement in force lifts that for its audience, on its
proof. What would change the answer is part of the answer, so that nobody is sent away without knowing what to bring.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from agreements.choices import Audience, DeskOutcome, Proof

# Whom a proof shows somebody to be, without being asked.
TELLS: Mapping[str, frozenset[str]] = {
    Proof.ENROLMENT_LETTER: frozenset({Audience.STUDENTS, Audience.PUPILS}),
    Proof.STUDENT_CARD: frozenset({Audience.STUDENTS, Audience.PUPILS}),
    Proof.STAFF_CARD: frozenset({Audience.TEACHERS, Audience.STAFF}),
    Proof.ASSIGNMENT_LETTER: frozenset({Audience.TEACHERS, Audience.STAFF}),
}


class Grant(Protocol):
    """The columns of a Provision about the use of services."""

    audience: str
    proof: str
    loan_limit: int | None
    loan_days: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody shows at the desk. ``audience`` and ``region`` (a code) are "" where nobody has asked."""

    proof: str
    audience: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class OwnRule:
    """The library's rule for everybody: codes of the regions whose identity card makes a member."""

    regions: Collection[str]
    loan_limit: int
    loan_days: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """``grant``: its place among the grants that were given. ``proofs``, ``audiences``: either would change the answer;
    ``wants_region``: the region on the identity card would; ``wants_card``: such a card would."""

    outcome: str
    grant: int | None = None
    proofs: Sequence[str] = ()
    audiences: Sequence[str] = ()
    wants_region: bool = False
    wants_card: bool = False
    refused_audiences: Sequence[str] = field(default=())


def judge(shown: Shown, grants: Sequence[Grant], rule: OwnRule | None) -> Verdict:
    """The best that what is shown allows. Of several grants the one that lends most is used."""
    order = sorted(range(len(grants)), key=lambda place: -lends(grants[place]))
    fits = [
        place for place in order if fits_audience(grants[place], shown) and fits_proof(grants[place], shown)
    ]
    if fits and lends(grants[fits[0]]):
        return Verdict(DeskOutcome.BORROW, fits[0])
    by_card = rule is not None and bool(rule.regions)
    has_card = shown.proof == Proof.ID_CARD
    if rule and has_card and shown.region and within(shown.region, rule.regions):
        return Verdict(DeskOutcome.MEMBER)
    open_to = [
        place for place in order if lends(grants[place]) and fits_audience(grants[place], shown) is not False
    ]
    proofs = [grants[place].proof for place in open_to if not fits_proof(grants[place], shown)]
    audiences = [grants[place].audience for place in open_to if fits_proof(grants[place], shown)]
    refused = [
        grants[place].audience
        for place in order
        if lends(grants[place]) and fits_audience(grants[place], shown) is False
    ]
    wants_region = by_card and has_card and not shown.region
    missing = bool(proofs or audiences or wants_region) or (by_card and shown.proof == Proof.NONE)
    return Verdict(
        DeskOutcome.PROOF if missing else DeskOutcome.READ,
        fits[0] if fits else None,
        tuple(dict.fromkeys(proofs)),
        tuple(dict.fromkeys(audiences)),
        wants_region,
        by_card and not has_card,
        tuple(dict.fromkeys(refused)),
    )


def lends(grant: Grant) -> int:
    """How many items at a time; 0 when the grant is about reading on the spot only."""
    return grant.loan_limit if grant.loan_limit and grant.loan_days else 0


def fits_proof(grant: Grant, shown: Shown) -> bool:
    return grant.proof in ("", Proof.NONE) or grant.proof == shown.proof


def fits_audience(grant: Grant, shown: Shown) -> bool | None:
    """None: it cannot be told yet, somebody has to ask."""
    if grant.audience in ("", Audience.EVERYBODY):
        return True
    if shown.audience:
        return shown.audience in (grant.audience, Audience.EVERYBODY)
    told = TELLS.get(shown.proof)
    return None if told is None else grant.audience in told


def within(region: str, regions: Collection[str]) -> bool:
    """Whether a region is one of ``regions`` or lies in one: 13.75.01.1005 lies in 13.75."""
    return any(region == code or region.startswith(f"{code}.") for code in regions)
