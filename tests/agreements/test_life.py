"""The life of an agreement as its tables say, through the services: every state, action and actor, every kind (A3)."""

import inspect
from datetime import date, timedelta
from typing import Any

import pytest

from agreements.choices import KINDS_UNDER_ANOTHER, AgreementKind, AgreementStatus
from agreements.lifecycle import IMPLICIT, WRITTEN, life_of
from agreements.models import Agreement, Party
from agreements.services.ending import (
    cancel_agreement,
    confirm_review,
    expire_agreement,
    terminate_agreement,
)
from agreements.services.negotiating import (
    agree_to_text,
    negotiate_agreement,
    pass_review,
    remark_on_agreement,
    send_back,
    send_to_review,
)
from agreements.services.signing import (
    activate_agreement,
    record_signature,
    reopen_agreement,
    submit_agreement,
    take_signature_back,
)
from agreements.services.stepping import roles_of
from kerjasama.domain import clock
from kerjasama.domain.errors import TransitionRefused
from tests.factories import AgreementFactory
from tests.lives import attempt, put_into, undone, walk

pytestmark = pytest.mark.django_db

VERBS = {
    "negotiate": lambda row, actor: negotiate_agreement(agreement=row, actor=actor),
    "remark": lambda row, actor: remark_on_agreement(
        agreement=row, actor=actor, note="Pasal 3 terlalu ketat."
    ),
    "agree": lambda row, actor: agree_to_text(agreement=row, actor=actor),
    "send_to_review": lambda row, actor: send_to_review(agreement=row, actor=actor),
    "pass_review": lambda row, actor: pass_review(
        agreement=row, actor=actor, reviewed_by="Bagian Hukum", reviewed_on=clock.today()
    ),
    "send_back": lambda row, actor: send_back(agreement=row, actor=actor, note="pasal 4 tidak jelas"),
    "submit": lambda row, actor: submit_agreement(agreement=row, actor=actor),
    "reopen": lambda row, actor: reopen_agreement(agreement=row, actor=actor, note="salah nama"),
    "sign": lambda row, actor: record_signature(
        agreement=row, actor=actor, party=row.parties.get(role="second"), signed_on=clock.today()
    ),
    "unsign": lambda row, actor: take_signature_back(
        agreement=row, actor=actor, party=row.parties.get(role="second"), note="keliru baris"
    ),
    "confirm_review": lambda row, actor: confirm_review(
        agreement=row, actor=actor, note="masih berjalan", next_review_on=clock.today() + timedelta(days=90)
    ),
    "activate": lambda row, actor: activate_agreement(agreement=row, actor=actor),
    "terminate": lambda row, actor: terminate_agreement(agreement=row, actor=actor, note="sekolah tutup"),
    "cancel": lambda row, actor: cancel_agreement(agreement=row, actor=actor, note="batal"),
}


# What follows from another agreement's step is told where that step is: test_continuing.py.
CONSEQUENCES = {"expire", "pass_on", "supersede"}


@pytest.fixture(params=AgreementKind.values)
def complete(request: pytest.FixtureRequest, library: Any, school_library: Any) -> Agreement:
    """A complete draft of each kind."""
    parent = None
    if request.param in KINDS_UNDER_ANOTHER:
        parent = AgreementFactory(office=library, partner=school_library, in_force=True)
    return AgreementFactory(
        office=library,
        partner=school_library,
        parent=parent,
        relation="Setara.",
        **{"implicit": True} if request.param == AgreementKind.IMPLICIT else {"kind": request.param},
    )


def prepare(row: Agreement, action: str, state: str) -> None:
    put_into(row, state)
    # Everybody has signed, but where a signature is to be recorded, or stands in the way.
    signed = None if action in ("sign", "reopen") else clock.today()
    Party.objects.filter(agreement=row).update(signed_on=signed)


def test_every_state_action_and_actor(complete: Agreement, everybody: Any) -> None:
    life = life_of(complete.kind)
    wrong = walk(
        life,
        complete,
        {action: act for action, act in VERBS.items() if action in life.actions},
        everybody,
        lambda actor: roles_of(actor, complete),
        lambda action, state: prepare(complete, action, state),
    )
    assert wrong == []


def test_every_action_of_the_tables_is_walked() -> None:
    assert {*WRITTEN.actions, *IMPLICIT.actions} == {*VERBS, *CONSEQUENCES}


def test_only_the_clock_expires_and_only_what_was_in_force(complete: Agreement) -> None:
    assert list(inspect.signature(expire_agreement).parameters) == ["agreement"]  # there is no actor to pass

    def over(state: str) -> None:
        put_into(complete, state)
        Agreement.objects.filter(pk=complete.pk).update(
            starts_on=clock.today() - timedelta(days=400), ends_on=clock.today() - timedelta(days=1)
        )

    for state in life_of(complete.kind).states:
        before, after = attempt(
            complete, lambda: expire_agreement(agreement=complete), lambda state=state: over(state)
        )
        if state == AgreementStatus.ACTIVE:
            assert (after.code, after.state) == ("", AgreementStatus.EXPIRED)
        else:
            assert (after.code, after.state, after.events) == ("wrong_state", state, before.events)


@pytest.mark.parametrize("action", sorted(VERBS.keys() & (WRITTEN.actions - IMPLICIT.actions)))
def test_an_implicit_agreement_has_no_paper_to_sign(
    action: str, library: Any, school_library: Any, officer: Any
):
    row = AgreementFactory(office=library, partner=school_library, implicit=True)
    with pytest.raises(TransitionRefused) as refused, undone():
        VERBS[action](row, officer)
    assert refused.value.code == "not_for_this_kind"
    assert "activate" in refused.value.facts["allowed"]
    row.refresh_from_db()
    assert (row.status, row.events.count()) == (AgreementStatus.DRAFT, 0)


def test_an_event_says_who_did_what_when_and_why(library: Any, school_library: Any, officer: Any) -> None:
    row = AgreementFactory(office=library, partner=school_library)
    submit_agreement(agreement=row, actor=officer)
    reopen_agreement(agreement=row, actor=officer, note="salah nama")
    last = row.events.order_by("at", "id").last()
    assert (last.action, last.from_state, last.to_state) == ("reopen", "signing", "draft")
    assert (last.actor, last.note) == (officer, "salah nama")
    assert abs(last.at - clock.now()) < timedelta(minutes=1)


@pytest.mark.parametrize("verb", [cancel_agreement, reopen_agreement, terminate_agreement])
def test_a_step_back_needs_its_reason(verb: Any, library: Any, school_library: Any, officer: Any) -> None:
    row = AgreementFactory(office=library, partner=school_library)
    with pytest.raises(Exception) as refused:
        verb(agreement=row, actor=officer, note="  ")
    assert (refused.value.code, refused.value.field) == ("reason_missing", "note")


def test_it_does_not_expire_on_its_last_day(library: Any, school_library: Any) -> None:
    row = AgreementFactory(
        office=library,
        partner=school_library,
        in_force=True,
        starts_on=date(2026, 1, 1),
        ends_on=clock.today(library.zone),
    )
    with pytest.raises(Exception) as refused:
        expire_agreement(agreement=row)
    assert refused.value.code == "not_over"
