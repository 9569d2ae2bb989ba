"""What follows a demand at the desk: answers, more time, the last letter, a write-off (L8)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from kerjasama.domain import clock
from kerjasama.pages.templatetags.house import short_date
from libraries.models import User
from loans.admin.bulk import PAGES
from loans.admin.case_forms import CASE_FORMS
from loans.admin.forms import (
    AddLineForm,
    AssessForm,
    FindForm,
    OpenVisitForm,
    ReportLossForm,
    ResolveForm,
    SettleForm,
)
from loans.choices import CaseStatus
from loans.lifecycle import CASE, SCHOOL
from loans.models import Case, Consignment
from loans.portal.views.wishes import SubjectForm, WordsForm
from loans.services.claiming import assess_case, report_loss
from loans.services.pleading import appeal_case, offer_replacement

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(dispatched: Consignment, school: User, circulation: User) -> Case:
    lost = report_loss(line=dispatched.lines.all()[0], actor=school, kind="lost")
    return assess_case(case=lost, actor=circulation, demand="same_title")


@pytest.fixture
def desk(signed_in: Callable[[User], Client], circulation: User) -> Client:
    return signed_in(circulation)


def step(case: Case, action: str) -> str:
    return reverse("work:case_step", args=[case.pk, action])


def page_of(desk: Client, case: Case) -> str:
    return desk.get(reverse("work:case", args=[case.pk])).content.decode()


def test_an_offer_is_looked_at_and_accepted(desk: Client, case: Case, school: User) -> None:
    offer_replacement(case=case, actor=school, title="Batik Nusantara")
    page = page_of(desk, case)
    assert step(case, "accept") in page
    assert "Batik Nusantara" in page
    assert "Batik Nusantara" in desk.get(step(case, "accept")).content.decode()
    assert desk.post(step(case, "accept"), {"note": ""}).status_code == 302
    case.refresh_from_db()
    assert case.status == CaseStatus.ACCEPTED
    settling = desk.get(reverse("work:case_settle", args=[case.pk])).content.decode()
    assert "Batik Nusantara" in settling, "what was accepted is filled in"


def test_a_damaged_book_is_not_found_again_and_is_owed_by_no_day_before_it_is_asked_for(
    desk: Client, dispatched: Consignment, circulation: User, school: User
) -> None:
    torn = report_loss(line=dispatched.lines.all()[1], actor=school, kind="damaged")
    find = reverse("work:case_find", args=[torn.pk])
    assert find not in page_of(desk, torn)
    assert desk.post(find, {"condition": "good"}).status_code == 409
    row = desk.get(f"/api/v1/cases/{torn.pk}/").json()
    assert "find" not in row["available_actions"] and "assess" in row["available_actions"]
    day = short_date(torn.due_on)
    assert day not in desk.get(reverse("work:cases")).content.decode()
    asked = assess_case(case=torn, actor=circulation, demand="same_title")
    assert find not in page_of(desk, asked)
    assert short_date(asked.due_on) in desk.get(reverse("work:cases")).content.decode()


def test_a_refusal_without_reason_is_asked_for_it(desk: Client, case: Case, school: User) -> None:
    offer_replacement(case=case, actor=school, title="Batik Nusantara")
    assert desk.post(step(case, "refuse"), {"note": ""}).status_code == 422
    assert desk.post(step(case, "refuse"), {"note": "Halaman hilang."}).status_code == 302
    assert "Halaman hilang." in page_of(desk, case)


def test_an_objection_is_decided(desk: Client, case: Case, school: User) -> None:
    appeal_case(case=case, actor=school, words="Atap bocor.")
    assert "Atap bocor." in page_of(desk, case)
    answer = desk.post(step(case, "reduce"), {"demand": "price", "amount": "20000", "note": "Buku tua."})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.status, case.demand, int(case.amount or 0)) == (CaseStatus.ASSESSED, "price", 20000)


def test_the_letter_to_the_head_is_offered_once_it_is_late(desk: Client, case: Case) -> None:
    assert step(case, "warn") not in page_of(desk, case)
    assert desk.post(step(case, "warn"), {}).status_code == 409
    Case.objects.filter(pk=case.pk).update(due_on=clock.today() - timedelta(days=31))
    assert step(case, "warn") in page_of(desk, case)
    assert desk.post(step(case, "warn"), {}).status_code == 302
    case.refresh_from_db()
    assert case.warning.number in page_of(desk, case)


def test_written_off_its_number_stays_on_the_page_of_the_copy(desk: Client, case: Case) -> None:
    assert desk.post(step(case, "write_off"), {"number": "", "note": "x"}).status_code == 422
    assert desk.post(step(case, "write_off"), {"number": "SK 12/2027", "note": "Banjir."}).status_code == 302
    copy = desk.get(reverse("work:copy", args=[case.copy_id])).content.decode()
    assert "SK 12/2027" in copy
    assert case.code in copy


def test_the_list_says_what_waits_for_an_answer(desk: Client, case: Case, school: User) -> None:
    cut = reverse("work:cases") + "?bagian=dijawab"
    assert case.code not in desk.get(cut).content.decode()
    appeal_case(case=case, actor=school, words="Atap bocor.")
    assert case.code in desk.get(cut).content.decode()


def test_an_unknown_step_is_no_page(desk: Client, case: Case) -> None:
    assert desk.get(step(case, "reopen")).status_code == 404


@pytest.mark.parametrize("action", [row.action for row in CASE.steps if row.who & SCHOOL])
def test_what_a_school_may_do_the_desk_may_note_for_it(action: str) -> None:
    roles: Any = CASE.transition(action).who
    assert "lender:circulation" in roles


FORMS = {
    **{f"case: {action}": form for action, form in CASE_FORMS.items()},
    **{f"many: {kind}": page[0] for kind, page in PAGES.items()},
    **{form.__name__: form for form in (ReportLossForm, AssessForm, SettleForm, FindForm, OpenVisitForm)},
    **{form.__name__: form for form in (AddLineForm, ResolveForm, SubjectForm, WordsForm)},
}


@pytest.mark.parametrize("name", FORMS)
def test_a_field_left_empty_says_what_to_do(name: str) -> None:
    bare = forms.Field.default_error_messages["required"]
    for field, box in FORMS[name].base_fields.items():
        assert not box.required or box.error_messages["required"] != bare, field
