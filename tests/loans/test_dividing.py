"""Several programmes of one agreement, and several agreements of one partner (L1)."""

from datetime import timedelta
from typing import Any

import pytest

from agreements.models import Agreement
from kerjasama.domain import clock
from libraries.catalogue.models import Title
from loans.models import Programme
from loans.services.dispatching import dispatch_consignment
from loans.services.dividing import remarks_of, set_terms
from loans.services.following import follow_amended_agreements
from loans.services.programmes import open_missing_programmes, open_programme
from loans.services.proposing import propose_consignment, titles_had
from loans.services.rotating import ask_plan, result_of, run_waiting_plans
from loans.services.sharing import deal
from tests.conftest import scan_all
from tests.factories import AgreementFactory, WishFactory, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(library: Any, school_library: Any) -> Agreement:
    """Ten books every three months, for a year."""
    today = clock.today()
    row = AgreementFactory(
        office=library,
        partner=school_library,
        in_force=True,
        starts_on=today - timedelta(days=10),
        ends_on=today + timedelta(days=360),
    )
    row.lending_term.quantity = 10
    row.lending_term.save()
    return row


@pytest.fixture
def lower(agreement: Agreement, circulation: Any) -> Programme:
    return open_programme(agreement=agreement, actor=circulation, label="Kelas 1–3", quantity=6)


def test_the_second_takes_what_the_first_leaves(
    lower: Programme, agreement: Agreement, circulation: Any
) -> None:
    upper = open_programme(agreement=agreement, actor=circulation, label="Kelas 4–6", weekdays=[3])
    assert (lower.quantity, upper.quantity) == (6, 4)
    assert str(upper).endswith("(Kelas 4–6)") and upper.for_whom.endswith(", Kelas 4–6")
    assert upper.starts_on == clock.today(), "a programme that is added later begins today"
    assert {row.starts_on.weekday() for row in upper.periods.all()} == {3}
    assert any("6" in remark and "4" in remark and "10" in remark for remark in remarks_of(lower))
    assert open_missing_programmes() == 0


def test_together_they_stay_within_the_agreement(
    lower: Programme, agreement: Agreement, circulation: Any, refusal: Any
) -> None:
    refused = refusal(open_programme, agreement=agreement, actor=circulation, label="Kelas 4–6", quantity=5)
    assert (refused.code, refused.facts) == ("quantity_above_agreed", {"agreed": 10, "others": 6, "asked": 5})
    assert "10" in str(refused)
    refused = refusal(
        set_terms, programme=lower, actor=circulation, label="Kelas 1–3", quantity=11, interval_months=3
    )
    assert (refused.code, refused.field) == ("quantity_above_agreed", "quantity")


def test_each_has_its_own_name(
    lower: Programme, agreement: Agreement, circulation: Any, refusal: Any
) -> None:
    for label, code in (("", "programme_exists"), ("kelas 1–3", "label_used")):
        refused = refusal(open_programme, agreement=agreement, actor=circulation, label=label, quantity=1)
        assert refused.code == code


def test_its_own_number_is_kept_when_the_agreement_is_amended(
    lower: Programme, agreement: Agreement, circulation: Any
) -> None:
    assert lower.own_terms
    agreement.lending_term.receipt_days = 9
    agreement.lending_term.quantity = 12
    agreement.lending_term.save()
    assert follow_amended_agreements().count == 1
    lower.refresh_from_db()
    assert (lower.quantity, lower.receipt_days) == (6, 9)
    assert follow_amended_agreements().count == 0
    shelve(lower.lender, 20)
    consignment = propose_consignment(period=lower.periods.get(sequence=1), actor=circulation)
    assert consignment.quantity == 6


def test_one_that_took_all_is_divided_later(agreement: Agreement, circulation: Any) -> None:
    whole = open_programme(agreement=agreement, actor=circulation)
    assert not whole.own_terms
    set_terms(programme=whole, actor=circulation, label="Kelas 1–3", quantity=6, interval_months=1)
    whole.refresh_from_db()
    assert whole.own_terms and whole.periods.count() > 6, "the new interval plans the deliveries to come"
    assert whole.events.filter(action="terms").count() == 1
    open_programme(agreement=agreement, actor=circulation, label="Pojok baca")
    assert agreement.programmes.count() == 2


@pytest.mark.parametrize("name", ["crew", "head", "coordinator", "school", "other_school", "perpusnas"])
def test_only_by_the_desk(name: str, everybody: Any, lower: Programme, refusal: Any) -> None:
    refused = refusal(
        set_terms, programme=lower, actor=everybody[name], label="x", quantity=1, interval_months=3
    )
    assert refused.code == "role_missing"


def test_no_title_comes_twice_to_the_school_whichever_programme_brings_it(
    lower: Programme, agreement: Agreement, library: Any, school_library: Any, circulation: Any
) -> None:
    """The memory is the school's: it spans the programmes of one agreement, and those of its other agreements."""
    upper = open_programme(agreement=agreement, actor=circulation, label="Kelas 4–6")
    beside = open_programme(
        agreement=AgreementFactory(office=library, partner=school_library, in_force=True), actor=circulation
    )
    shelve(library, 30)
    had: set[Any] = set()
    for programme in (lower, upper, beside):
        consignment = propose_consignment(period=programme.periods.order_by("sequence")[0], actor=circulation)
        chosen = set(consignment.lines.values_list("copy__title_id", flat=True))
        assert len(chosen) == programme.quantity
        assert not chosen & had
        scan_all(consignment, circulation)
        dispatch_consignment(consignment=consignment, actor=circulation)
        had |= chosen
    assert had <= set(titles_had(consignment))


def test_the_page_offers_what_is_left_and_names_the_others(
    lower: Programme, agreement: Agreement, circulation: Any, signed_in: Any
) -> None:
    desk = signed_in(circulation)
    page = desk.get(f"/admin/kerja/program/{lower.pk}/").content.decode()
    add = f"/admin/kerja/perjanjian/{agreement.pk}/program/"
    assert "Kelas 1–3" in page and f'href="{add}"' in page
    assert 'value="4"' in desk.get(add).content.decode()
    answer = desk.post(add, {"label": "Kelas 4–6", "quantity": "4", "weekdays": ["0", "3"]})
    assert answer.status_code == 302
    upper = agreement.programmes.get(label="Kelas 4–6")
    assert upper.weekdays == [0, 3]
    page = desk.get(f"/admin/kerja/program/{lower.pk}/").content.decode()
    assert f"/admin/kerja/program/{upper.pk}/" in page and f'href="{add}"' not in page
    refused = desk.post(
        f"/admin/kerja/program/{lower.pk}/ketentuan/",
        {"label": "Kelas 1–3", "quantity": "7", "interval_months": "3"},
    )
    assert refused.status_code == 422


def test_a_plan_brings_no_title_twice_to_the_school_either(
    agreement: Agreement, library: Any, school_library: Any, circulation: Any
) -> None:
    """The planner knows each programme as a school of its own; what one of them brings is kept from the other."""
    lower = open_programme(agreement=agreement, actor=circulation, label="Kelas 1–3", quantity=6)
    upper = open_programme(agreement=agreement, actor=circulation, label="Kelas 4–6")
    shelve(library, 60)
    wished = Title.objects.order_by("-pk").first()
    WishFactory(lender=library, partner=school_library, title=wished)
    plan = ask_plan(office=library, actor=circulation, starts_on=clock.today(), periods=4)
    run_waiting_plans()
    plan.refresh_from_db()
    brought: dict[str, set[str]] = {}
    for answer in result_of(plan):
        for delivery in answer.deliveries:
            brought.setdefault(delivery.school, set()).update(item.title for item in delivery.items)
    assert set(brought) == {str(lower.pk), str(upper.pk)}
    assert all(brought.values())
    assert not brought[str(lower.pk)] & brought[str(upper.pk)]
    assert str(wished.pk) in brought[str(lower.pk)] | brought[str(upper.pk)]
    assert {row["name"] for row in plan.schools} == {lower.for_whom, upper.for_whom}


def test_titles_are_dealt_by_the_numbers_of_books_and_promises_stay(lower: Programme) -> None:
    upper = Programme(quantity=3, partner=lower.partner, lender=lower.lender, reading_levels=["upper"])
    titles = [("early", "8", f"e{number}") for number in range(9)]
    titles += [("upper", "5", f"u{number}") for number in range(9)]
    dealt = deal([lower, upper], titles, {"u0": upper.pk})
    mine = [key for key, owner in dealt.items() if owner == lower.pk]
    assert sorted(key for key in mine if key.startswith("e")) == [f"e{number}" for number in range(9)]
    assert 5 <= sum(key.startswith("u") for key in mine) <= 6
    assert dealt["u0"] == upper.pk
