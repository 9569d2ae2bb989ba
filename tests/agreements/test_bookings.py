"""Tools that others may use: who may book, the whole life, and never to two at once (F14)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from agreements.choices import BookingStatus, EquipmentOpenTo
from agreements.grounds import Span, nearest_free, overlapping
from agreements.lifecycle import BOOKING
from agreements.models import Agreement, Booking, Equipment
from agreements.services.bookings import (
    cancel_booking,
    confirm_booking,
    decline_booking,
    request_booking,
    take_back_equipment,
)
from agreements.services.equipment import register_equipment, revise_equipment
from agreements.services.together import roles_of
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.models import Institution, NetworkMember, Notice, User
from tests.factories import BookingFactory, EquipmentFactory, InstitutionFactory, NetworkFactory
from tests.lives import put_into, walk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def refused(act: Any) -> DomainError:
    with pytest.raises(DomainError) as caught, transaction.atomic():
        act()
    assert str(caught.value.message)
    return caught.value


def test_the_nearest_free_time_is_found_between_and_behind() -> None:
    taken = [Span(at(0), at(2)), Span(at(3), at(5)), Span(at(8), at(9))]
    assert overlapping(Span(at(2), at(3)), taken) == []
    assert nearest_free(Span(at(1), at(2)), taken) == at(2)
    assert nearest_free(Span(at(1), at(3)), taken) == at(5)
    assert nearest_free(Span(at(1), at(9)), taken) == at(9)
    assert nearest_free(Span(at(-4), at(-2)), taken) == at(-4)
    assert nearest_free(Span(at(20), at(22)), taken) == at(20)


@pytest.fixture
def projector(agreement: Agreement) -> Equipment:
    return EquipmentFactory(owner=agreement.office, name="Proyektor")


def ask(tool: Equipment, institution: Institution, actor: User, **changes: Any) -> Booking:
    begins = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    given = {
        "begins_at": begins,
        "ends_at": begins + timedelta(hours=4),
        "purpose": "Menonton film",
        **changes,
    }
    return request_booking(equipment=tool, institution=institution, actor=actor, **given)


def test_who_may_see_and_book(
    projector: Equipment,
    school: User,
    school_library: Institution,
    other_school: User,
    other_school_library: Institution,
    officer: User,
) -> None:
    assert Equipment.objects.visible_to(school).get() == projector
    assert not Equipment.objects.visible_to(other_school).exists()
    assert refused(lambda: ask(projector, other_school_library, other_school)).code == "not_open_to_you"
    assert refused(lambda: ask(projector, other_school_library, school)).code == "role_missing"
    revise_equipment(equipment=projector, actor=officer, open_to=EquipmentOpenTo.NETWORK)
    assert not Equipment.objects.visible_to(other_school).exists()
    network = NetworkFactory(office=projector.owner)
    NetworkMember.objects.create(
        network=network, institution=other_school_library, joined_on=clock.today() - timedelta(days=9)
    )
    assert Equipment.objects.visible_to(other_school).exists()
    assert ask(projector, other_school_library, other_school).status == BookingStatus.REQUESTED
    # The office notes a request that came by telephone, and one of its own.
    ask(projector, school_library, officer)
    ask(projector, projector.owner, officer)
    assert Notice.objects.filter(rule="booking_requested").count() == 1


def test_requests_that_make_no_sense(
    projector: Equipment, school: User, school_library: Institution, officer: User
) -> None:
    now = clock.now()
    for changes, code in (
        ({"purpose": " "}, "purpose_missing"),
        ({"ends_at": now}, "turned_round"),
        ({"begins_at": now - timedelta(days=2), "ends_at": now - timedelta(days=1)}, "in_the_past"),
    ):
        wrong = refused(lambda changes=changes: ask(projector, school_library, school, **changes))
        assert wrong.code == code
    revise_equipment(equipment=projector, actor=officer, is_active=False)
    assert refused(lambda: ask(projector, school_library, school)).code == "out_of_use"


def test_every_state_action_and_actor(
    projector: Equipment, school_library: Institution, everybody: dict[str, User | None]
) -> None:
    booking = BookingFactory(equipment=projector, institution=school_library)
    verbs = {
        "confirm": lambda row, actor: confirm_booking(booking=row, actor=actor),
        "decline": lambda row, actor: decline_booking(booking=row, actor=actor, note="rusak"),
        "cancel": lambda row, actor: cancel_booking(booking=row, actor=actor, note="tidak jadi"),
        "take_back": lambda row, actor: take_back_equipment(booking=row, actor=actor, condition="baik"),
    }
    wrong = walk(
        BOOKING,
        booking,
        verbs,
        everybody,
        lambda actor: roles_of(actor, booking),
        lambda _action, state: put_into(booking, state),
    )
    assert wrong == []


def test_the_refusal_says_who_has_it_until_when_and_when_it_is_free(
    projector: Equipment, school: User, school_library: Institution, officer: User
) -> None:
    first, second = ask(projector, school_library, school), ask(projector, projector.owner, officer)
    confirm_booking(booking=first, actor=officer)
    wrong = refused(lambda: confirm_booking(booking=second, actor=officer))
    assert wrong.code == "taken"
    assert str(school_library) in str(wrong.message)
    assert wrong.facts["free_from"] == first.ends_at
    assert refused(lambda: ask(projector, school_library, school)).code == "taken"
    after = ask(
        projector,
        school_library,
        school,
        begins_at=first.ends_at,
        ends_at=first.ends_at + timedelta(hours=1),
    )
    assert after.status == BookingStatus.REQUESTED
    take_back_equipment(booking=first, actor=officer, condition="Baik, kabel lengkap")
    assert confirm_booking(booking=second, actor=officer).status == BookingStatus.CONFIRMED
    first.refresh_from_db()
    assert (first.condition, first.returned_at is not None) == ("Baik, kabel lengkap", True)


def test_the_database_gives_nothing_to_two(projector: Equipment) -> None:
    BookingFactory(equipment=projector, status="confirmed")
    BookingFactory(equipment=projector, status="requested")
    BookingFactory(equipment=EquipmentFactory(owner=projector.owner), status="confirmed")
    with pytest.raises(IntegrityError), transaction.atomic():
        BookingFactory(equipment=projector, status="confirmed")


def test_each_side_is_told_what_the_other_did(
    projector: Equipment, school: User, school_library: Institution, officer: User
) -> None:
    booking = ask(projector, school_library, school)
    assert Notice.objects.open().filter(rule="booking_requested", recipient=projector.owner).exists()
    confirm_booking(booking=booking, actor=officer)
    assert not Notice.objects.open().filter(rule="booking_requested").exists()
    told = Notice.objects.open().get(rule="booking_answered", recipient=school_library)
    assert (told.context["outcome"], told.path) == (
        "confirmed",
        f"/portal/peralatan/pemesanan/{booking.pk}/",
    )
    cancel_booking(booking=booking, actor=school, note="Hujan")
    assert Notice.objects.get(rule="booking_cancelled").recipient == projector.owner
    other = ask(projector, school_library, school)
    decline_booking(booking=other, actor=officer, note="Lampu putus")
    again = Notice.objects.get(rule="booking_answered", subject_id=other.pk)
    assert again.context["reason"] == "Lampu putus"
    for act in (
        lambda: decline_booking(booking=ask(projector, school_library, school), actor=officer, note=" "),
        lambda: cancel_booking(booking=ask(projector, school_library, school), actor=school, note=""),
    ):
        assert refused(act).code == "reason_missing"
    given = confirm_booking(booking=ask(projector, school_library, school), actor=officer)
    assert (
        refused(lambda: take_back_equipment(booking=given, actor=officer, condition="")).code
        == "condition_missing"
    )


def test_a_tool_is_described_by_those_who_keep_it(
    officer: User, crew: User, school: User, library: Institution
) -> None:
    tool = register_equipment(actor=officer, owner=library, name="Laminator", place="Lantai 2")
    assert (tool.open_to, tool.is_active) == (EquipmentOpenTo.PARTNERS, True)
    for actor in (crew, school):
        assert (
            refused(lambda actor=actor: revise_equipment(equipment=tool, actor=actor, name="X")).code
            == "role_missing"
        )
    assert refused(lambda: register_equipment(actor=crew, owner=library, name="X", place="Y")).code == (
        "role_missing"
    )
    for changes, code in (
        ({"name": " "}, "name_missing"),
        ({"place": ""}, "place_missing"),
        ({"open_to": "all"}, "open_to_unknown"),
        ({"version": 9}, "stale"),
    ):
        wrong = refused(lambda changes=changes: revise_equipment(equipment=tool, actor=officer, **changes))
        assert wrong.code == code


def test_who_sees_a_booking(projector: Equipment, everybody: dict[str, Any]) -> None:
    sdn = everybody["school"].memberships.get().institution
    booking = BookingFactory(equipment=projector, institution=sdn)
    seen = {name for name, user in everybody.items() if booking in Booking.objects.visible_to(user)}
    assert seen == set(everybody) - {"other_school", "perpusnas", "clock"}
    assert InstitutionFactory() != sdn
