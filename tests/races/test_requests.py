"""Two officers answer one request at the same moment: one draft, one answer, and a sentence for the second (A6)."""

from functools import partial
from typing import Any

import pytest

from agreements.models import Agreement, CooperationRequest
from agreements.services.requesting.deciding import accept_request, decline_request, register_asker
from agreements.services.requesting.opening import ask_in_public, confirm_request
from agreements.services.requesting.stepping import LinkHolder
from agreements.services.requesting.talking import write_message
from libraries.models import Institution, Notice, User
from tests.factories import RequestFactory
from tests.races.conftest import again, at_once, refusals

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def asked(library: Institution, school_library: Institution) -> CooperationRequest:
    return RequestFactory(office=library, institution=school_library)


def test_two_accept_and_one_draft_opens(asked: CooperationRequest, officer: User, head: User) -> None:
    acts = [partial(accept_request, request=asked, actor=again(user), kind="pks") for user in (officer, head)]
    assert refusals(at_once(acts)) == ["wrong_state"]
    asked.refresh_from_db()
    assert asked.agreement == Agreement.objects.get()
    assert asked.events.filter(action="accept").count() == 1


def test_one_accepts_while_the_other_declines(asked: CooperationRequest, officer: User, head: User) -> None:
    acts: list[Any] = [
        partial(accept_request, request=asked, actor=again(officer), kind="pks"),
        partial(decline_request, request=asked, actor=again(head), note="Penuh."),
    ]
    assert refusals(at_once(acts)) == ["wrong_state"]
    asked.refresh_from_db()
    assert (asked.status == "accepted") == Agreement.objects.exists()


def test_two_register_the_stranger_and_one_institution_is_there(
    library: Institution, officer: User, administrator: User
) -> None:
    row = RequestFactory(office=library, stranger=True)
    acts = [
        partial(register_asker, request=row, actor=again(user), name="Pondok Baca Canduang", kind="community")
        for user in (officer, officer)
    ]
    assert refusals(at_once(acts)) == ["already_known"]
    assert Institution.objects.filter(name="Pondok Baca Canduang").count() == 1


def test_the_link_is_confirmed_twice_and_the_officer_told_once(library: Institution, officer: User) -> None:
    row = ask_in_public(
        office=library,
        subject="Taman baca",
        wishes="Buku cerita.",
        institution_name="Taman Baca",
        contact_name="Yulia",
        contact_email="yulia@taman.test",
    )
    acts = [partial(confirm_request, request=row, actor=LinkHolder(row.pk)) for _time in range(3)]
    assert refusals(at_once(acts)) == ["wrong_state"] * 2
    assert Notice.objects.filter(rule="request_received").count() == 1


def test_messages_of_both_sides_at_once_are_all_kept(
    asked: CooperationRequest, officer: User, school: User
) -> None:
    acts = [
        partial(write_message, request=asked, actor=again(user), text=f"Pesan {number}")
        for number in range(4)
        for user in (officer, school)
    ]
    assert refusals(at_once(acts)) == []
    asked.refresh_from_db()
    assert (asked.messages.count(), asked.said_count) == (8, 8)
    assert asked.events.filter(action="discuss").count() == 1
