"""Who asks for the van, who is believed, and how strangers are forgotten (M7)."""

from datetime import time, timedelta
from typing import Any

import pytest
import time_machine

from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError, NotPermitted
from kerjasama.domain.links import token_of
from libraries.models import Institution, Message, Notice, User
from mobile_service.choices import RequestStatus
from mobile_service.limits import CLOSED_CONTACT_DAYS, UNCALLED_DAYS, UNCONFIRMED_DAYS
from mobile_service.models import VisitRequest
from mobile_service.services.asking import ask_again, ask_in_portal, ask_in_public, confirm_request
from mobile_service.services.asking_keeping import keep_visit_requests
from mobile_service.services.asking_links import LinkHolder, holder_of
from tests.factories import VisitRequestFactory

pytestmark = pytest.mark.django_db

WISH: dict[str, Any] = {"place": "Balai Nagari Koto Tangah", "occasion": "Pekan baca anak nagari."}


def days(*ahead: int) -> list[Any]:
    return [clock.today("Asia/Jakarta") + timedelta(days=n) for n in ahead]


def stranger(library: Institution, **contact: Any) -> VisitRequest:
    contact = contact or {"asker_email": "yulia@canduang.test"}
    return ask_in_public(office=library, asker_name="Yulia", **contact, **WISH)


class TestAsking:
    def test_a_school_asks_and_the_office_is_told_once(
        self, library: Institution, school_library: Institution, school: User
    ) -> None:
        row = ask_in_portal(
            office=library,
            partner=school_library,
            actor=school,
            occasion="Hari anak",
            wanted_on=days(8, 3, 3),
        )
        assert (row.status, row.place, row.wanted_on) == ("open", school_library.name, days(3, 8))
        told = Notice.objects.get()
        assert (told.recipient, told.rule, told.tone) == (library, "visit_asked", "due")

    def test_nobody_asks_for_another_school(
        self, library: Institution, school_library: Institution, other_school: User
    ) -> None:
        with pytest.raises(NotPermitted):
            ask_in_portal(office=library, partner=school_library, actor=other_school, **WISH)

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"wanted_on": days(0)}, "day_unusable"),
            ({"wanted_on": days(400)}, "day_unusable"),
            ({"wanted_on": days(1, 2, 3, 4, 5, 6)}, "days_many"),
            (
                {
                    "wanted_from": clock.now().time().replace(hour=10),
                    "wanted_until": clock.now().time().replace(hour=9),
                },
                "times_turned_round",
            ),
            ({"wanted_from": time(9), "wanted_until": time(9, 59), "minutes": 60}, "times_too_short"),
            ({"colour": "red"}, "unknown_field"),
        ],
        ids=["today", "far", "many", "turned", "short", "unknown"],
    )
    def test_what_cannot_be_is_refused(
        self,
        wrong: dict[str, Any],
        code: str,
        library: Institution,
        school_library: Institution,
        school: User,
    ) -> None:
        with pytest.raises(DomainError) as refused:
            ask_in_portal(office=library, partner=school_library, actor=school, **{**WISH, **wrong})
        assert refused.value.code == code

    def test_just_as_long_as_the_visit_is_enough(
        self, library: Institution, school_library: Institution, school: User
    ) -> None:
        given = {**WISH, "wanted_from": time(9), "wanted_until": time(10), "minutes": 60}
        assert ask_in_portal(office=library, partner=school_library, actor=school, **given).minutes == 60


class TestStrangers:
    def test_nobody_is_bothered_before_the_mailbox_is_shown(
        self, library: Institution, officer: User
    ) -> None:
        row = stranger(library)
        message = Message.objects.get()
        assert (message.template, message.address) == ("visit_request_confirm", "yulia@canduang.test")
        assert "Koto" not in str(message.context)
        assert not Notice.objects.exists()
        assert row not in VisitRequest.objects.visible_to(officer)
        found = holder_of(token_of(row.link_seed))
        assert found is not None
        confirm_request(request=row, actor=found[1])
        assert row in VisitRequest.objects.visible_to(officer)
        assert Notice.objects.get().rule == "visit_asked"
        assert row.events.get(action="confirm").by_link

    def test_a_telephone_is_confirmed_by_the_desk_alone(self, library: Institution, officer: User) -> None:
        row = stranger(library, asker_phone="0812 3456")
        assert row in VisitRequest.objects.visible_to(officer)
        assert not Message.objects.exists()
        with pytest.raises(NotPermitted):
            confirm_request(request=row, actor=LinkHolder(row.pk))
        confirm_request(request=row, actor=officer)
        row.refresh_from_db()
        assert row.status == RequestStatus.OPEN

    def test_without_a_way_to_answer_nothing_is_taken(self, library: Institution) -> None:
        with pytest.raises(DomainError) as refused:
            stranger(library, asker_email=" ", asker_phone="")
        assert refused.value.code == "contact_missing"

    @pytest.mark.parametrize(
        "phone", ["abc", "0812 345", "0812 3456 7890 / 0813 4567 8901", "Rumah 0812 3456"]
    )
    @pytest.mark.parametrize("email", ["", "yulia@canduang.test"])
    def test_nobody_is_called_on_what_is_no_number(
        self, phone: str, email: str, library: Institution
    ) -> None:
        with pytest.raises(DomainError) as refused:
            stranger(library, asker_email=email, asker_phone=phone)
        assert (refused.value.code, refused.value.field) == ("telephone_unusable", "asker_phone")
        assert not VisitRequest.objects.exists()

    def test_a_link_of_one_request_opens_no_other(self, library: Institution) -> None:
        one, other = VisitRequestFactory.create_batch(2, office=library, stranger=True, status="proposed")
        with pytest.raises(NotPermitted):
            ask_again(request=one, actor=LinkHolder(other.pk), wanted_on=days(3))
        assert holder_of("A" * 32) is None
        assert holder_of("") is None

    def test_no_audit_keeps_what_a_stranger_typed_of_themselves(self, library: Institution) -> None:
        row = stranger(library)
        kept = {field.name for field in row.audit_trail.model._meta.get_fields()}
        assert not kept & {"asker_name", "asker_phone", "asker_email", "link_seed", "link_digest"}
        assert "status" in kept


class TestForgetting:
    @pytest.mark.parametrize(
        ("contact", "kept"),
        [({"asker_email": "a@b.test"}, UNCONFIRMED_DAYS), ({"asker_phone": "0812 0001 0001"}, UNCALLED_DAYS)],
        ids=["mail", "telephone"],
    )
    def test_what_nobody_confirmed_is_deleted(
        self, contact: dict[str, str], kept: int, library: Institution
    ) -> None:
        stranger(library, **contact)
        now = clock.now()
        with time_machine.travel(now + timedelta(days=kept, minutes=-1)):
            assert keep_visit_requests().count == 0
        with time_machine.travel(now + timedelta(days=kept, minutes=1)):
            assert keep_visit_requests().count == 1
        assert not VisitRequest.objects.exists()
        assert not Message.objects.exists()

    def test_contacts_go_when_the_matter_is_over_and_the_rest_stays(
        self, library: Institution, school_library: Institution
    ) -> None:
        over = clock.now() - timedelta(days=CLOSED_CONTACT_DAYS, minutes=1)
        row = VisitRequestFactory(office=library, stranger=True, status="declined", closed_at=over)
        fresh = VisitRequestFactory(office=library, stranger=True, status="declined", closed_at=clock.now())
        VisitRequestFactory(office=library, partner=school_library, status="declined", closed_at=over)
        token = token_of(row.link_seed)
        assert keep_visit_requests().count == 1
        row.refresh_from_db()
        fresh.refresh_from_db()
        assert (row.asker_name, row.asker_email, row.link_digest) == ("", "", "")
        assert (row.place != "", row.occasion != "", row.contact_erased_at is not None) == (True, True, True)
        assert holder_of(token) is None
        assert fresh.asker_email
        assert keep_visit_requests().count == 0
