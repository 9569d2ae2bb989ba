"""Random lives of agreements: whatever people and the clock do in whatever order, what must hold holds (A2–A4, A10).

- nothing is in force without every signature, or with a required part missing
- no two terms of one cooperation hold on the same day
- nothing stays in force when what it stands under has ended, without its office being told
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agreements import terms
from agreements.choices import WRITTEN_KINDS, AgreementKind, AgreementStatus
from agreements.models import Agreement, AgreementEvent, Party
from agreements.services.continuing import (
    amend_agreement,
    derive_work_plan,
    renew_agreement,
    write_down,
)
from agreements.services.drafting import draft_agreement, revise_agreement
from agreements.services.ending import cancel_agreement, terminate_agreement
from agreements.services.keeping import keep_terms
from agreements.services.negotiating import negotiate_agreement, pass_review, send_to_review
from agreements.services.parties import revise_party
from agreements.services.ruling import set_kind_rule
from agreements.services.signing import (
    activate_agreement,
    facts_of,
    record_signature,
    reopen_agreement,
    submit_agreement,
    take_signature_back,
)
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.models import Institution, User
from tests.lives import undone

pytestmark = pytest.mark.django_db

FULL = dict.fromkeys(
    ("aims", "scope", "relation", "division_of_work", "procedures", "financing", "agreed_by", "agreed_note"),
    "terisi",
)


# The same day whenever it runs, so that the same dice fall the same way.
BEGINNING = datetime(2026, 1, 5, 3, tzinfo=UTC)


class Office:
    """An officer with two partners, and a day that moves on."""

    def __init__(self, actor: User, office: Institution, partners: list[Institution], dice: Random) -> None:
        self.actor, self.office, self.partners, self.dice = actor, office, partners, dice
        self.day = 0

    def one(self, **filters: Any) -> Agreement | None:
        rows = list(Agreement.objects.filter(**filters).order_by("created_at", "pk"))
        return self.dice.choice(rows) if rows else None

    def acts(self) -> list[Callable[[], object]]:
        return [
            self.draft,
            self.draft,
            self.fill,
            self.fill,
            self.negotiate,
            self.review,
            self.submit,
            self.submit,
            self.sign,
            self.sign,
            self.sign,
            self.unsign,
            self.reopen,
            self.activate,
            self.conclude,
            self.conclude,
            self.conclude,
            self.renew,
            self.renew,
            self.write_down,
            self.amend,
            self.derive,
            self.end,
            self.rule,
            self.time_passes,
            self.time_passes,
            self.clock_strikes,
        ]

    def draft(self) -> None:
        start = clock.today() + timedelta(days=self.dice.choice((-20, 0, 0, 5)))
        kind = self.dice.choice((AgreementKind.PKS, AgreementKind.MOU, AgreementKind.IMPLICIT))
        full = self.dice.random() < 0.7
        draft_agreement(
            actor=self.actor,
            office=self.office,
            partner=self.dice.choice(self.partners),
            kind=kind,
            title="Kerja sama",
            starts_on=start,
            ends_on=start + timedelta(days=self.dice.choice((10, 60, 200))),
            parent=self.one(kind="mou", status="active") if kind == AgreementKind.PKS else None,
            **({**FULL, "agreed_on": clock.today(), "agreed_how": "meeting"} if full else {}),
        )

    def fill(self) -> None:
        row = self.one(status__in=["draft", "negotiation"])
        if row is None:
            return
        revise_agreement(agreement=row, actor=self.actor, **FULL)
        for party in row.parties.all():
            revise_party(agreement=row, actor=self.actor, party=party, signatory_name="Kepala")

    def negotiate(self) -> None:
        if row := self.one(status="draft"):
            negotiate_agreement(agreement=row, actor=self.actor)

    def review(self) -> None:
        if row := self.one(status__in=["draft", "negotiation", "legal_review"]):
            if row.status == AgreementStatus.LEGAL_REVIEW:
                pass_review(agreement=row, actor=self.actor, reviewed_by="Hukum", reviewed_on=clock.today())
            else:
                send_to_review(agreement=row, actor=self.actor)

    def submit(self) -> None:
        if row := self.one(status__in=["draft", "negotiation", "legal_review"]):
            submit_agreement(agreement=row, actor=self.actor)

    def sign(self) -> None:
        if row := self.one(status="signing"):
            for party in row.parties.all()[: self.dice.choice((1, 2))]:
                record_signature(agreement=row, actor=self.actor, party=party, signed_on=clock.today())

    def unsign(self) -> None:
        if row := self.one(status="signing"):
            take_signature_back(
                agreement=row,
                actor=self.actor,
                party=self.dice.choice(list(row.parties.all())),
                note="keliru",
            )

    def reopen(self) -> None:
        if row := self.one(status__in=["negotiation", "signing"]):
            reopen_agreement(agreement=row, actor=self.actor, note="salah")

    def activate(self) -> None:
        if row := self.one(status__in=["draft", "signing"]):
            activate_agreement(agreement=row, actor=self.actor)

    def conclude(self) -> None:
        """All the way at once, most often with what continues something: single steps seldom get there."""
        row = self.one(status="draft", predecessor__isnull=False) or self.one(status="draft")
        if row is None:
            return
        term = {}
        if row.predecessor is None and row.parent is None:
            term = {"starts_on": clock.today(), "ends_on": clock.today() + timedelta(days=40)}
        revise_agreement(agreement=row, actor=self.actor, **FULL, **term)
        for party in row.parties.all():
            revise_party(agreement=row, actor=self.actor, party=party, signatory_name="Kepala")
        if row.is_written:
            submit_agreement(agreement=row, actor=self.actor)
            for party in row.parties.all():
                record_signature(agreement=row, actor=self.actor, party=party, signed_on=clock.today())
        activate_agreement(agreement=row, actor=self.actor)

    def renew(self) -> None:
        if row := self.one(status__in=["active", "expired", "renewed", "terminated"]):
            renew_agreement(agreement=row, actor=self.actor, unevaluated_because="belum sempat")

    def write_down(self) -> None:
        if row := self.one(kind="implicit", status="active"):
            write_down(agreement=row, actor=self.actor)

    def amend(self) -> None:
        if row := self.one(status="active"):
            amend_agreement(agreement=row, actor=self.actor)

    def derive(self) -> None:
        if row := self.one(status="active"):
            partner = self.dice.choice(self.partners)
            derive_work_plan(
                agreement=row, actor=self.actor, office=self.office, partner=partner, title="Turunan"
            )

    def end(self) -> None:
        if row := self.dice.choice((self.one(status="active"), self.one())):
            verb = terminate_agreement if row.status == AgreementStatus.ACTIVE else cancel_agreement
            verb(agreement=row, actor=self.actor, note="selesai")

    def rule(self) -> None:
        set_kind_rule(
            actor=self.actor,
            office=self.office,
            kind=self.dice.choice(("pks", "mou")),
            required=self.dice.choice((["aims"], ["aims", "scope", "financing"])),
            needs_review=self.dice.random() < 0.3,
        )

    def time_passes(self) -> None:
        self.day += self.dice.choice((1, 7, 45))

    def clock_strikes(self) -> None:
        keep_terms()


def check() -> None:
    for row in Agreement.objects.filter(status=AgreementStatus.ACTIVE).select_related("office", "parent"):
        if row.kind in WRITTEN_KINDS:
            assert not Party.objects.filter(agreement=row, signed_on__isnull=True).exists()
            assert row.document_id
        # What an office rules later does not undo what was signed before; the usual is the least.
        least = set(terms.TERM) | (set(terms.EVIDENCE) if row.kind == AgreementKind.IMPLICIT else set())
        facts = facts_of(row)
        assert all(facts[name] for name in least)
        if row.parent is not None and row.parent.status != AgreementStatus.ACTIVE:
            assert AgreementEvent.objects.filter(subject=row, action="parent_ended").exists()
    chained = Agreement.objects.filter(status=AgreementStatus.ACTIVE, chain__isnull=False)
    for row in chained:
        overlap = chained.exclude(pk=row.pk).filter(
            chain=row.chain, starts_on__lte=row.ends_on, ends_on__gte=row.starts_on
        )
        assert not overlap.exists()
    assert not Agreement.objects.filter(status=AgreementStatus.DRAFT, document__isnull=False).exists()


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
@example(seed=7)
@example(seed=1)
def test_whatever_is_done_in_whatever_order(
    seed: int, officer: Any, library: Any, school_library: Any, other_school_library: Any
) -> None:
    dice = Random(seed)
    start = BEGINNING
    office = Office(officer, library, [school_library, other_school_library], dice)
    with undone():
        for _act in range(60):
            with clock.pretend(start + timedelta(days=office.day)):
                try:
                    with transaction.atomic():
                        dice.choice(office.acts())()
                except (DomainError, ValidationError):
                    pass  # a refusal is an answer; anything else fails the test
        check()


def test_the_dice_reach_every_kind_of_end(
    officer: Any, library: Any, school_library: Any, other_school_library: Any
) -> None:
    """Random lives prove nothing when they end before they begin: together they get everywhere."""
    reached: set[str] = set()
    start = BEGINNING
    for seed in range(5):
        dice = Random(seed)
        office = Office(officer, library, [school_library, other_school_library], dice)
        with undone():
            for _act in range(100):
                with clock.pretend(start + timedelta(days=office.day)):
                    try:
                        with transaction.atomic():
                            dice.choice(office.acts())()
                    except (DomainError, ValidationError):
                        pass
            reached |= set(AgreementEvent.objects.values_list("to_state", flat=True))
    assert {
        "active",
        "expired",
        "renewed",
        "terminated",
        "cancelled",
        "legal_review",
    } <= reached
