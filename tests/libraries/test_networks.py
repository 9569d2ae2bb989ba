"""Networks and consortia: the whole table, every refusal, and that there is never a second focal point (D7)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, DomainError, InvalidInput, NotPermitted
from libraries.choices import LegalForm, NetworkKind, NetworkRole, NetworkStatus
from libraries.lifecycle import NETWORK
from libraries.models import Network, NetworkMember
from libraries.services.networks import (
    activate_network,
    admit_member,
    appoint_focal_point,
    assign_role,
    dissolve_network,
    focal_point,
    found_network,
    leave_network,
    revise_network,
)
from libraries.services.stepping import roles_of
from tests.factories import InstitutionFactory, NetworkFactory
from tests.lives import put_into, walk

pytestmark = pytest.mark.django_db


def member(network: Network, institution: Any) -> NetworkMember:
    return network.members.current().get(institution=institution)


class TestTheTable:
    @pytest.fixture
    def verbs(self, school_library: Any) -> dict[str, Any]:
        newcomer = InstitutionFactory()
        return {
            "admit": lambda row, actor: admit_member(network=row, actor=actor, institution=newcomer),
            "assign_role": lambda row, actor: assign_role(
                network=row, actor=actor, member=member(row, school_library), role="treasurer"
            ),
            "appoint_focal_point": lambda row, actor: appoint_focal_point(
                network=row, actor=actor, member=member(row, school_library)
            ),
            "activate": lambda row, actor: activate_network(network=row, actor=actor),
            "leave": lambda row, actor: leave_network(
                network=row, actor=actor, member=member(row, school_library), note="pindah kota"
            ),
            "dissolve": lambda row, actor: dissolve_network(network=row, actor=actor, note="selesai"),
        }

    def test_every_state_action_and_actor(self, network: Network, verbs: Any, everybody: Any) -> None:
        assert set(verbs) == set(NETWORK.actions)
        wrong = walk(
            NETWORK,
            network,
            verbs,
            everybody,
            lambda actor: set(roles_of(actor, network)),
            lambda action, state: put_into(network, state),
        )
        assert wrong == []


class TestFounding:
    def test_the_office_is_the_first_member(self, library: Any, coordinator: Any) -> None:
        row = found_network(
            actor=coordinator, office=library, name="  Jaringan   Uji ", founded_on=date(2020, 5, 2)
        )
        assert (row.name, row.slug, row.status) == ("Jaringan Uji", "jaringan-uji", NetworkStatus.FORMING)
        first = row.members.get()
        assert (first.institution, first.joined_on) == (library, date(2020, 5, 2))
        assert [event.action for event in row.events.all()] == ["found"]
        assert found_network(actor=coordinator, office=library, name="Jaringan Uji").slug == "jaringan-uji-2"

    def test_not_for_everybody(self, library: Any, circulation: Any, school: Any, perpusnas: Any) -> None:
        for actor in (circulation, school, perpusnas):
            with pytest.raises(NotPermitted):
                found_network(actor=actor, office=library, name="Jaringan")

    def test_a_school_keeps_no_network(self, school_library: Any, school: Any) -> None:
        with pytest.raises(NotPermitted):
            found_network(actor=school, office=school_library, name="Jaringan")

    @pytest.mark.parametrize(
        "fields",
        [
            {"kind": "club"},
            {"legal_form": "handshake"},
            {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)},
        ],
    )
    def test_the_rows_refuse_what_makes_no_sense(self, fields: Any, library: Any, officer: Any) -> None:
        with pytest.raises(ValidationError):
            found_network(actor=officer, office=library, name="Jaringan", **fields)
        with pytest.raises(InvalidInput):
            found_network(actor=officer, office=library, name="Jaringan", status="active")


class TestRevising:
    def test_what_was_seen_is_what_is_changed(self, network: Network, officer: Any, school: Any) -> None:
        with pytest.raises(NotPermitted):
            revise_network(network=network, actor=school, purpose="x")
        revised = revise_network(network=network, actor=officer, version=1, purpose="Bersama")
        assert (revised.purpose, revised.version) == ("Bersama", 2)
        with pytest.raises(Conflict) as refused:
            revise_network(network=network, actor=officer, version=1, purpose="Lain")
        assert refused.value.code == "stale"
        with pytest.raises(InvalidInput):
            revise_network(network=network, actor=officer, slug="lain")

    def test_a_dissolved_one_is_history(self, network: Network, officer: Any) -> None:
        dissolve_network(network=network, actor=officer, note="selesai")
        with pytest.raises(Conflict) as refused:
            revise_network(network=network, actor=officer, purpose="x")
        assert refused.value.code == "dissolved"

    def test_an_active_consortium_keeps_its_form(self, network: Network, officer: Any) -> None:
        activate_network(network=network, actor=officer)
        with pytest.raises(InvalidInput) as refused:
            revise_network(network=network, actor=officer, kind=NetworkKind.CONSORTIUM)
        assert refused.value.field == "legal_form"
        revise_network(
            network=network, actor=officer, kind=NetworkKind.CONSORTIUM, legal_form=LegalForm.DECREE
        )


class TestMembers:
    def test_once_and_again_after_leaving(self, network: Network, officer: Any, school_library: Any) -> None:
        with pytest.raises(Conflict) as refused:
            admit_member(network=network, actor=officer, institution=school_library)
        assert refused.value.code == "already_member"
        gone = leave_network(
            network=network, actor=officer, member=member(network, school_library), note="digabung"
        )
        assert (gone.left_on, gone.left_reason) == (clock.today(), "digabung")
        admit_member(network=network, actor=officer, institution=school_library, role="secretary")
        assert network.members.filter(institution=school_library).count() == 2
        with pytest.raises(Conflict) as refused:
            assign_role(network=network, actor=officer, member=gone, role="member")
        assert refused.value.code == "no_member"

    def test_no_day_to_come_and_none_before_joining(
        self, network: Network, officer: Any, school_library: Any
    ) -> None:
        tomorrow = clock.today() + timedelta(days=1)
        row = member(network, school_library)
        for act in (
            lambda: admit_member(
                network=network, actor=officer, institution=InstitutionFactory(), joined_on=tomorrow
            ),
            lambda: leave_network(network=network, actor=officer, member=row, note="x", left_on=tomorrow),
            lambda: leave_network(
                network=network, actor=officer, member=row, note="x", left_on=row.joined_on - timedelta(1)
            ),
        ):
            with pytest.raises(InvalidInput):
                act()

    def test_a_reason_is_needed(self, network: Network, officer: Any, school_library: Any) -> None:
        for act in (
            lambda: leave_network(
                network=network, actor=officer, member=member(network, school_library), note=" "
            ),
            lambda: dissolve_network(network=network, actor=officer, note=""),
        ):
            with pytest.raises(InvalidInput) as refused:
                act()
            assert refused.value.field == "note"

    def test_another_networks_member_is_none_here(self, network: Network, officer: Any) -> None:
        stranger = NetworkFactory().members.get()
        with pytest.raises(Conflict):
            appoint_focal_point(network=network, actor=officer, member=stranger)


class TestTheFocalPoint:
    def test_one_at_a_time_and_the_former_stays_a_member(
        self, network: Network, officer: Any, library: Any, school_library: Any
    ) -> None:
        appoint_focal_point(network=network, actor=officer, member=member(network, school_library))
        assert focal_point(network) == member(network, school_library)
        assert member(network, library).role == NetworkRole.MEMBER
        assert network.events.latest("at").note == f"{library} → {school_library}"
        with pytest.raises(Conflict) as refused:
            appoint_focal_point(network=network, actor=officer, member=member(network, school_library))
        assert refused.value.code == "already_focal_point"

    def test_the_database_holds_it(self, network: Network, school_library: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            NetworkMember.objects.filter(pk=member(network, school_library).pk).update(role=NetworkRole.FOCAL)

    def test_no_second_by_another_way(self, network: Network, officer: Any, school_library: Any) -> None:
        with pytest.raises(Conflict) as taken:
            admit_member(network=network, actor=officer, institution=InstitutionFactory(), role="focal")
        assert taken.value.code == "focal_point_taken"
        with pytest.raises(InvalidInput):
            assign_role(network=network, actor=officer, member=member(network, school_library), role="focal")

    def test_it_stays_while_the_network_works(self, network: Network, officer: Any, library: Any) -> None:
        activate_network(network=network, actor=officer)
        lead = member(network, library)
        for act in (
            lambda: leave_network(network=network, actor=officer, member=lead, note="x"),
            lambda: assign_role(network=network, actor=officer, member=lead, role="treasurer"),
        ):
            with pytest.raises(Conflict) as refused:
                act()
            assert refused.value.code == "focal_point_stays"


class TestBeginningAndEnding:
    def test_it_begins_with_two_members_and_a_focal_point(self, library: Any, officer: Any) -> None:
        row = NetworkFactory(office=library)
        codes = []
        for prepare in (
            lambda: None,
            lambda: admit_member(network=row, actor=officer, institution=InstitutionFactory()),
            lambda: appoint_focal_point(network=row, actor=officer, member=row.members.first()),
            lambda: revise_network(network=row, actor=officer, legal_form="decree"),
        ):
            prepare()
            Network.objects.filter(pk=row.pk).update(kind=NetworkKind.CONSORTIUM)
            try:
                activate_network(network=row, actor=officer)
            except DomainError as refused:
                codes.append(refused.code)
        assert codes == ["too_few_members", "no_focal_point", "legal_form_missing"]
        row.refresh_from_db()
        assert (row.status, row.founded_on) == (NetworkStatus.ACTIVE, clock.today())

    def test_two_stay_while_it_works(
        self, network: Network, officer: Any, school_library: Any, other_school_library: Any
    ) -> None:
        activate_network(network=network, actor=officer)
        leave_network(network=network, actor=officer, member=member(network, school_library), note="x")
        with pytest.raises(Conflict) as refused:
            leave_network(
                network=network, actor=officer, member=member(network, other_school_library), note="x"
            )
        assert refused.value.code == "too_few_members"

    def test_the_end_ends_every_membership(self, network: Network, officer: Any) -> None:
        dissolve_network(network=network, actor=officer, note="Dilebur ke jaringan provinsi")
        assert not network.members.current().exists()
        assert set(network.members.values_list("left_reason", flat=True)) == {"Dilebur ke jaringan provinsi"}


def test_who_sees_it(network: Network, everybody: Any, officer: Any, school_library: Any) -> None:
    def seers() -> set[str]:
        return {
            name
            for name, user in everybody.items()
            if user is not None and Network.objects.visible_to(user).filter(pk=network.pk).exists()
        }

    office = {"officer", "circulation", "crew", "head", "administrator", "coordinator"}
    assert seers() == office | {"school", "other_school"}
    leave_network(network=network, actor=officer, member=member(network, school_library), note="x")
    assert seers() == office | {"other_school"}


def test_only_a_network_at_work_is_published(network: Network, officer: Any) -> None:
    assert not Network.objects.published().exists()
    activate_network(network=network, actor=officer)
    assert Network.objects.published().get() == network
    revise_network(network=network, actor=officer, is_public=False)
    assert not Network.objects.published().exists()


def test_a_list_knows_who_leads_and_how_many(network: Network, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        row = Network.objects.for_list().get()
        assert (row.member_count, str(row.focal[0].institution)) == (3, "Perpustakaan Bung Hatta")
