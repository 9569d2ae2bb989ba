"""The lives of what is lent as their tables say, through the services: every state, action and actor (L1–L8)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kerjasama.domain import clock
from loans.choices import LineStatus
from loans.lifecycle import CASE, CONSIGNMENT, PERIOD, PROGRAMME, RETURN_VISIT, WISH
from loans.models import Case, Consignment, LoanLine, Period, Plea, Programme, ReturnVisit, Wish
from loans.services.claiming import assess_case, find_case, report_loss, settle_case
from loans.services.dispatching import dispatch_consignment
from loans.services.ending_cases import (
    extend_case,
    note_write_off,
    retract_report,
    warn_partner,
    write_off_case,
)
from loans.services.moving import cancel_period, move_period
from loans.services.pausing import bring_home, end_programme, pause_programme, resume_programme, set_end
from loans.services.pleading import (
    accept_offer,
    appeal_case,
    offer_replacement,
    reduce_demand,
    refuse_offer,
    uphold_demand,
    withdraw_demand,
)
from loans.services.proposing import cancel_consignment, propose_consignment
from loans.services.receiving import confirm_receipt
from loans.services.returning import finish_return_visit, open_return_visit
from loans.services.scanning import scan
from loans.services.stepping import roles_of
from loans.services.tracking import flag_silent, mark_late
from loans.services.wishing import decline_wish, promise_wish, serve_wish, withdraw_wish
from tests.conftest import scan_all
from tests.factories import WishFactory
from tests.lives import attempt, put_into, walk

pytestmark = pytest.mark.django_db

PROGRAMME_VERBS = {
    "pause": lambda row, actor: pause_programme(programme=row, actor=actor, note="libur panjang"),
    "resume": lambda row, actor: resume_programme(programme=row, actor=actor),
    "extend": lambda row, actor: set_end(programme=row, actor=actor, ends_on=row.ends_on - timedelta(days=1)),
    "bring_home": lambda row, actor: bring_home(programme=row, actor=actor, note="sekolah tutup"),
    "end": lambda row, actor: end_programme(programme=row, actor=actor, note="selesai"),
}
PERIOD_VERBS = {
    "move": lambda row, actor: move_period(period=row, actor=actor, starts_on=open_day_before(row)),
    "cancel": lambda row, actor: cancel_period(period=row, actor=actor, note="ujian"),
}
CONSIGNMENT_VERBS = {
    "dispatch": lambda row, actor: dispatch_consignment(consignment=row, actor=actor),
    "receive": lambda row, actor: confirm_receipt(consignment=row, actor=actor),
    "cancel": lambda row, actor: cancel_consignment(consignment=row, actor=actor, note="batal"),
}
CASE_VERBS = {
    "assess": lambda row, actor: assess_case(case=row, actor=actor, demand="same_title"),
    "settle": lambda row, actor: settle_case(case=row, actor=actor, settlement="waived", reason="banjir"),
    "find": lambda row, actor: find_case(case=row, actor=actor),
    "offer": lambda row, actor: offer_replacement(case=row, actor=actor, title="Batik Nusantara"),
    "accept": lambda row, actor: accept_offer(case=row, actor=actor),
    "refuse": lambda row, actor: refuse_offer(case=row, actor=actor, note="halaman hilang"),
    "appeal": lambda row, actor: appeal_case(case=row, actor=actor, words="atap bocor"),
    "uphold": lambda row, actor: uphold_demand(case=row, actor=actor, note="di luar lemari"),
    "reduce": lambda row, actor: reduce_demand(
        case=row, actor=actor, note="buku tua", demand="price", amount=Decimal(20000)
    ),
    "withdraw": lambda row, actor: withdraw_demand(case=row, actor=actor, note="bencana"),
    "extend": lambda row, actor: extend_case(
        case=row, actor=actor, due_on=clock.today() + timedelta(days=90)
    ),
    "warn": lambda row, actor: warn_partner(case=row, actor=actor),
    "write_off": lambda row, actor: write_off_case(case=row, actor=actor, number="SK 12", note="banjir"),
    "note_write_off": lambda row, actor: note_write_off(case=row, actor=actor, number="SK 12"),
    "retract": lambda row, actor: retract_report(case=row, actor=actor, note="terselip"),
}
VISIT_VERBS = {"finish": lambda row, actor: finish_return_visit(visit=row, actor=actor)}
WISH_VERBS = {
    "promise": lambda row, actor: promise_wish(wish=row, actor=actor, period=Period.objects.get(sequence=1)),
    "serve": lambda row, actor: serve_wish(wish=row, actor=actor),
    "decline": lambda row, actor: decline_wish(wish=row, actor=actor, note="sudah usang"),
    "withdraw": lambda row, actor: withdraw_wish(wish=row, actor=actor),
}
# Acts of these lives that are done on the way of another verb; each has its own test below or beside its verb.
ON_THE_WAY = {
    "period": {"propose", "begin", "mark_overdue", "close", "skip"},
    "consignment": {"flag", "take_back", "report_loss", "close"},
    "case": {"reopen", "reopen_report"},
}


def open_day_before(period: Period) -> Any:
    day = period.starts_on - timedelta(days=3)
    return day if day.weekday() != 6 else day - timedelta(days=1)


def test_the_life_of_a_programme(programme: Programme, dispatched: Consignment, everybody: Any) -> None:
    # Books are out: with nothing to bring home, a programme that is called home ends at once.
    assert set(PROGRAMME_VERBS) == PROGRAMME.actions
    wrong = walk(
        PROGRAMME,
        programme,
        PROGRAMME_VERBS,
        everybody,
        lambda actor: set(roles_of(actor, programme)),
        lambda _action, state: put_into(programme, state),
    )
    assert wrong == []


def test_the_life_of_a_period(programme: Programme, everybody: Any) -> None:
    period = programme.periods.get(sequence=2)
    assert set(PERIOD_VERBS) == PERIOD.actions - ON_THE_WAY["period"]
    wrong = walk(
        PERIOD,
        period,
        PERIOD_VERBS,
        everybody,
        lambda actor: set(roles_of(actor, period)),
        lambda _action, state: put_into(period, state),
    )
    assert wrong == []


def test_books_are_proposed_for_planned_periods_by_the_desk_only(
    programme: Programme, everybody: Any
) -> None:
    period = programme.periods.get(sequence=1)
    step = PERIOD.transition("propose")
    for state in PERIOD.states:
        for name, actor in everybody.items():
            _before, after = attempt(
                period,
                lambda actor=actor: propose_consignment(period=period, actor=actor),
                lambda state=state: put_into(period, state),
            )
            may = bool(step.who & set(roles_of(actor, period)))
            wanted = ("" if state in step.sources else "wrong_state") if may else "role_missing"
            assert (after.code, after.state) == (wanted, state), f"{state} as {name}"


def test_the_life_of_a_consignment(picking: Consignment, circulation: Any, everybody: Any) -> None:
    assert set(CONSIGNMENT_VERBS) == CONSIGNMENT.actions - ON_THE_WAY["consignment"]
    scan_all(picking, circulation)
    document = sent_before(picking, circulation)

    def prepare(_action: str, state: str) -> None:
        if state not in ("picking", "cancelled"):
            Consignment.objects.filter(pk=picking.pk).update(**document)
        put_into(picking, state)

    wrong = walk(
        CONSIGNMENT,
        picking,
        CONSIGNMENT_VERBS,
        everybody,
        lambda actor: set(roles_of(actor, picking)),
        prepare,
    )
    assert wrong == []


def sent_before(picking: Consignment, circulation: Any) -> dict[str, Any]:
    """What a delivery that was handed over carries, without the handing over."""
    from libraries.models import Document

    today = clock.today()
    paper = Document.objects.create(
        issuer=picking.lender,
        kind="handover",
        number="UJI",
        title="Serah terima",
        issued_on=today,
        verify_code="UJI",
        template="handover",
        content={},
    )
    return {"dispatched_on": today, "confirm_by": today, "handover_document": paper}


def test_a_loss_is_reported_by_desk_or_school_while_the_books_are_out(
    dispatched: Consignment, everybody: Any
) -> None:
    line = dispatched.lines.first()
    step = CONSIGNMENT.transition("report_loss")
    for state in CONSIGNMENT.states:
        for name, actor in everybody.items():
            _before, after = attempt(
                dispatched,
                lambda actor=actor: report_loss(line=line, actor=actor, kind="lost"),
                lambda state=state: put_into(dispatched, state),
            )
            may = bool(step.who & set(roles_of(actor, dispatched)))
            wanted = ("" if state in step.sources else "wrong_state") if may else "role_missing"
            assert (after.code, after.state) == (wanted, state), f"{state} as {name}"


def test_only_the_clock_flags_and_only_what_was_handed_over(dispatched: Consignment) -> None:
    for state in CONSIGNMENT.states:
        _before, after = attempt(
            dispatched,
            lambda: flag_silent(dispatched.pk),
            lambda state=state: (
                put_into(dispatched, state),
                Consignment.objects.filter(pk=dispatched.pk).update(
                    confirm_by=clock.today() - timedelta(days=1)
                ),
            ),
        )
        assert after.state == ("flagged" if state == "dispatched" else state)


def test_only_the_clock_marks_as_late_and_only_what_runs(dispatched: Consignment) -> None:
    period = dispatched.period
    for state in PERIOD.states:
        before, after = attempt(
            period,
            lambda: mark_late(period.pk),
            lambda state=state: (
                put_into(period, state),
                Period.objects.filter(pk=period.pk).update(
                    starts_on=clock.today() - timedelta(days=90), ends_on=clock.today() - timedelta(days=1)
                ),
            ),
        )
        assert after.state == state
        assert after.events - before.events == (1 if state == "running" else 0)


def test_the_life_of_a_case(dispatched: Consignment, circulation: Any, everybody: Any) -> None:
    assert set(CASE_VERBS) == CASE.actions - ON_THE_WAY["case"]
    case = report_loss(line=dispatched.lines.first(), actor=circulation, kind="lost")

    def prepare(action: str, state: str) -> None:
        facts: dict[str, Any] = {"demand": "same_title"}
        if state == "settled":
            facts |= {"settlement": "waived", "reason": "banjir"}
        if state == "written_off":
            facts |= {"write_off_number": "SK 12", "reason": "banjir"}
        if action == "warn":
            facts["due_on"] = clock.today() - timedelta(days=40)
        Case.objects.filter(pk=case.pk).update(**facts)
        if state in ("offered", "appealed"):
            kind = "offer" if state == "offered" else "appeal"
            Plea.objects.create(case=case, kind=kind, title="Batik", words="Bocor.", made_on=clock.today())
        put_into(case, state)

    wrong = walk(CASE, case, CASE_VERBS, everybody, lambda actor: set(roles_of(actor, case)), prepare)
    assert wrong == []


def test_the_life_of_a_return_visit(
    dispatched: Consignment, circulation: Any, library: Any, school_library: Any, everybody: Any
) -> None:
    assert set(VISIT_VERBS) == RETURN_VISIT.actions
    visit = open_return_visit(lender=library, partner=school_library, actor=circulation)
    line = dispatched.lines.first()
    scan(desk="return", return_visit=visit, barcode=line.copy.barcode, actor=circulation)
    wrong = walk(
        RETURN_VISIT,
        visit,
        VISIT_VERBS,
        everybody,
        lambda actor: set(roles_of(actor, visit)),
        lambda _action, state: put_into(visit, state),
    )
    assert wrong == []


def test_the_life_of_a_wish(programme: Programme, everybody: Any) -> None:
    # A plan that is changed puts its wishes back: test_continuing.py.
    assert set(WISH_VERBS) | {"release"} == WISH.actions
    wish = WishFactory(lender=programme.lender, partner=programme.partner)

    def prepare(_action: str, state: str) -> None:
        Wish.objects.filter(pk=wish.pk).update(answer="Baik.", answered_on=clock.today())
        put_into(wish, state)

    wrong = walk(WISH, wish, WISH_VERBS, everybody, lambda actor: set(roles_of(actor, wish)), prepare)
    assert wrong == []


@pytest.mark.parametrize("desk", ["pick", "return"])
def test_only_the_desk_scans(
    desk: str,
    picking: Consignment,
    library: Any,
    school_library: Any,
    circulation: Any,
    everybody: Any,
    refusal: Any,
) -> None:
    visit = open_return_visit(lender=library, partner=school_library, actor=circulation)
    place = {"consignment": picking} if desk == "pick" else {"return_visit": visit}
    for name, actor in everybody.items():
        if name not in ("circulation", "officer", "administrator", "clock"):
            refused = refusal(scan, desk=desk, barcode="BH1", actor=actor, **place)
            assert refused.code == "role_missing", name


def test_only_the_desk_opens_a_return_visit(
    library: Any, school_library: Any, everybody: Any, refusal: Any
) -> None:
    for name, actor in everybody.items():
        if name not in ("circulation", "officer", "administrator", "clock"):
            refused = refusal(open_return_visit, lender=library, partner=school_library, actor=actor)
            assert refused.code == "role_missing", name
    assert not ReturnVisit.objects.exists()


def test_handing_over_begins_the_period_and_taking_back_closes_it(
    dispatched: Consignment, circulation: Any, library: Any, school_library: Any
) -> None:
    dispatched.period.refresh_from_db()
    assert dispatched.period.status == "running"
    visit = open_return_visit(lender=library, partner=school_library, actor=circulation)
    for line in LoanLine.objects.filter(consignment=dispatched, status=LineStatus.OUT):
        scan(desk="return", return_visit=visit, barcode=line.copy.barcode, actor=circulation)
    finish_return_visit(visit=visit, actor=circulation)
    dispatched.refresh_from_db()
    dispatched.period.refresh_from_db()
    assert (dispatched.status, dispatched.period.status) == ("closed", "closed")
    assert [event.action for event in dispatched.period.events.order_by("at", "id")] == ["begin", "close"]
