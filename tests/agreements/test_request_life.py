"""The life of a request as its table says, through the services: every state, action and actor, for each way in (A6)."""

from datetime import timedelta
from typing import Any

import pytest

from agreements.choices import RequestStatus
from agreements.lifecycle import REQUEST
from agreements.models import CooperationRequest
from agreements.services.requesting.deciding import (
    accept_request,
    decline_request,
    discuss_request,
    link_institution,
    show_interest,
    withdraw_request,
)
from agreements.services.requesting.keeping import keep_requests
from agreements.services.requesting.opening import ask_in_public, confirm_request
from agreements.services.requesting.stepping import LinkHolder, holder_of, roles_of
from agreements.services.requesting.talking import set_meeting, write_message
from kerjasama.domain import clock
from kerjasama.domain.links import token_of
from libraries.models import Message
from tests.factories import AgreementFactory, RequestFactory
from tests.lives import walk

pytestmark = pytest.mark.django_db

TOMORROW = clock.today() + timedelta(days=1)
VERBS: dict[str, Any] = {
    "confirm": lambda row, actor: confirm_request(request=row, actor=actor),
    "discuss": lambda row, actor: discuss_request(request=row, actor=actor),
    "show_interest": lambda row, actor: show_interest(request=row, actor=actor),
    "meet": lambda row, actor: set_meeting(request=row, actor=actor, on=TOMORROW, place="Ruang baca"),
    "accept": lambda row, actor: accept_request(request=row, actor=actor, kind="pks"),
    "decline": lambda row, actor: decline_request(request=row, actor=actor, note="penuh"),
    "withdraw": lambda row, actor: withdraw_request(request=row, actor=actor),
}


@pytest.fixture
def draft(library: Any, school_library: Any) -> Any:
    return AgreementFactory(office=library, partner=school_library)


def walked(row: CooperationRequest, verbs: Any, actors: Any, draft: Any) -> list[str]:
    def prepare(action: str, state: str) -> None:
        came_by = "public" if state == RequestStatus.UNCONFIRMED else row.came_by
        CooperationRequest.objects.filter(pk=row.pk).update(
            status=state, came_by=came_by, agreement=draft if state == RequestStatus.ACCEPTED else None
        )

    people = {name: actor for name, actor in actors.items() if actor is not None}
    return walk(REQUEST, row, verbs, people, lambda actor: roles_of(actor, row), prepare)


@pytest.mark.parametrize("outreach", [False, True])
def test_every_state_action_and_actor(
    outreach: bool, library: Any, school_library: Any, everybody: Any, draft: Any
) -> None:
    row = RequestFactory(office=library, institution=school_library, outreach=outreach)
    states = dict(REQUEST.states)
    if outreach:
        # An unconfirmed one is a stranger's, never ours: that state is walked below.
        states.pop(RequestStatus.UNCONFIRMED)
    wrong = walked(row, VERBS, everybody, draft)
    assert [line for line in wrong if not (outreach and "in unconfirmed" in line)] == []


def test_a_stranger_with_the_link(library: Any, officer: Any, school: Any, draft: Any) -> None:
    row = RequestFactory(office=library, stranger=True)
    other = RequestFactory(office=library, stranger=True)
    actors = {"holder": LinkHolder(row.pk), "other holder": LinkHolder(other.pk), "school": school}
    assert walked(row, VERBS, actors, draft) == []


def test_linking_keeps_the_state(library: Any, everybody: Any, school_library: Any, draft: Any) -> None:
    row = RequestFactory(office=library, stranger=True)
    verbs = {"link": lambda it, actor: link_institution(request=it, actor=actor, institution=school_library)}
    assert walked(row, verbs, everybody, draft) == []


def test_every_action_of_the_table_is_walked() -> None:
    assert set(REQUEST.actions) == {*VERBS, "link"}


class TestClock:
    """What strangers leave goes in time, and nothing else."""

    @pytest.fixture
    def stranger(self, library: Any) -> CooperationRequest:
        return ask_in_public(
            office=library,
            subject="Taman baca",
            wishes="Buku cerita.",
            institution_name="Taman Baca",
            contact_name="Yulia",
            contact_email="yulia@taman.test",
            contact_phone="0812",
        )

    def test_what_nobody_confirms_is_deleted_after_three_days(self, stranger: Any) -> None:
        assert keep_requests().count == 0
        CooperationRequest.objects.update(asked_at=clock.now() - timedelta(days=3, minutes=1))
        assert keep_requests().count == 1
        assert not CooperationRequest.objects.exists()
        assert not Message.objects.exists()
        assert keep_requests().count == 0

    def test_a_closed_matter_is_forgotten_after_half_a_year(self, stranger: Any, officer: Any) -> None:
        token = token_of(stranger.link_seed)
        row = confirm_request(request=stranger, actor=LinkHolder(stranger.pk))
        write_message(request=row, actor=officer, text="Terima kasih.")
        decline_request(request=row, actor=officer, note="Belum bisa.")
        assert Message.objects.count() == 3
        CooperationRequest.objects.update(closed_at=clock.now() - timedelta(days=179))
        assert keep_requests().count == 0
        CooperationRequest.objects.update(closed_at=clock.now() - timedelta(days=181))
        assert keep_requests().count == 1
        row.refresh_from_db()
        left = (row.contact_name, row.contact_email, row.contact_phone, row.link_seed, row.link_digest)
        assert left == ("",) * 5
        assert (row.institution_name, row.status) == ("Taman Baca", "declined")
        assert row.contact_erased_at is not None
        assert holder_of(token) is None
        assert not Message.objects.exists()
        assert row.events.order_by("at", "id").last().action == "erase_contact"
        assert keep_requests().count == 0

    def test_a_matter_that_nobody_speaks_of_is_forgotten_after_a_year(self, stranger: Any) -> None:
        row = confirm_request(request=stranger, actor=LinkHolder(stranger.pk))
        CooperationRequest.objects.filter(pk=row.pk).update(updated_at=clock.now() - timedelta(days=364))
        assert keep_requests().count == 0
        CooperationRequest.objects.filter(pk=row.pk).update(updated_at=clock.now() - timedelta(days=366))
        assert keep_requests().count == 1
        row.refresh_from_db()
        assert (row.contact_email, row.status) == ("", "received")

    def test_a_partners_request_is_left_alone(self, library: Any, school_library: Any, officer: Any) -> None:
        row = RequestFactory(office=library, institution=school_library)
        decline_request(request=row, actor=officer, note="Belum bisa.")
        CooperationRequest.objects.update(closed_at=clock.now() - timedelta(days=800))
        assert keep_requests().count == 0

    def test_after_the_contact_is_erased_the_partner_is_told_in_the_portal(
        self, stranger: Any, officer: Any, school_library: Any
    ) -> None:
        row = confirm_request(request=stranger, actor=LinkHolder(stranger.pk))
        row = link_institution(request=row, actor=officer, institution=school_library)
        CooperationRequest.objects.filter(pk=row.pk).update(updated_at=clock.now() - timedelta(days=366))
        keep_requests()
        write_message(request=row, actor=officer, text="Masih berminat?")
        assert school_library.notices.filter(rule="request_message").exists()
        assert not Message.objects.exists()
