"""One agreement out of another: renewed, written down, amended, derived, copied; and what follows for the old one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from agreements.choices import AgreementKind, AgreementStatus
from agreements.models import Agreement, AgreementEvent, Evaluation, LendingTerm
from agreements.services.continuing import (
    amend_agreement,
    copy_agreement,
    derive_work_plan,
    renew_agreement,
    write_down,
)
from agreements.services.drafting import revise_agreement
from agreements.services.ending import cancel_agreement, expire_agreement, terminate_agreement
from agreements.services.signing import activate_agreement, record_signature, submit_agreement
from agreements.services.writing import set_provision
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from libraries.models import Notice
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db

WHY = "Baru berjalan sebulan."


@pytest.fixture
def running(library: Any, school_library: Any) -> Agreement:
    return AgreementFactory(office=library, partner=school_library, in_force=True)


@pytest.fixture
def spoken(library: Any, school_library: Any) -> Agreement:
    return AgreementFactory(office=library, partner=school_library, implicit=True, in_force=True)


def conclude(draft: Agreement, actor: Any) -> Agreement:
    submit_agreement(agreement=draft, actor=actor)
    for party in draft.parties.all():
        record_signature(agreement=draft, actor=actor, party=party, signed_on=clock.today())
    return activate_agreement(agreement=draft, actor=actor)


def code_of(act: Any, **arguments: Any) -> str:
    with pytest.raises(DomainError) as refused:
        act(**arguments)
    return refused.value.code


class TestRenewing:
    def test_the_next_term_follows_on_the_last_day_for_as_long(
        self, running: Agreement, officer: Any
    ) -> None:
        draft = renew_agreement(agreement=running, actor=officer, unevaluated_because=WHY)
        assert (draft.status, draft.predecessor) == (AgreementStatus.DRAFT, running)
        assert draft.starts_on == running.ends_on + timedelta(days=1)
        assert draft.ends_on - draft.starts_on == running.ends_on - running.starts_on
        running.refresh_from_db()
        assert draft.chain == running.chain == running.pk
        assert (draft.aims, draft.lending_term.quantity) == (running.aims, running.lending_term.quantity)
        assert draft.lending_term.first_delivery_on == draft.starts_on
        assert running.status == AgreementStatus.ACTIVE

    def test_it_asks_for_the_evaluation_of_this_term(self, running: Agreement, officer: Any) -> None:
        assert code_of(renew_agreement, agreement=running, actor=officer) == "evaluation_missing"
        renew_agreement(agreement=running, actor=officer, unevaluated_because=WHY)
        assert running.events.get(action="renew_unevaluated").note == WHY

    def test_an_evaluated_term_goes_on_without_a_word(self, running: Agreement, officer: Any) -> None:
        Evaluation.objects.create(
            agreement=running,
            starts_on=running.starts_on,
            ends_on=clock.today(),
            status="finished",
            finished_on=clock.today(),
            conclusion="Berhasil.",
            recommendation="renew",
        )
        assert renew_agreement(agreement=running, actor=officer).predecessor == running
        assert not running.events.filter(action="renew_unevaluated").exists()

    def test_it_does_not_overlap(self, running: Agreement, officer: Any) -> None:
        assert (
            code_of(renew_agreement, agreement=running, actor=officer, starts_on=running.ends_on)
            == "term_overlaps"
        )

    def test_not_twice_but_again_when_it_was_given_up(self, running: Agreement, officer: Any) -> None:
        first = renew_agreement(agreement=running, actor=officer, unevaluated_because=WHY)
        assert code_of(renew_agreement, agreement=running, actor=officer) == "renewed_already"
        cancel_agreement(agreement=first, actor=officer, note="keliru")
        assert renew_agreement(agreement=running, actor=officer, unevaluated_because=WHY).pk != first.pk

    def test_only_what_has_held(self, library: Any, school_library: Any, officer: Any) -> None:
        draft = AgreementFactory(office=library, partner=school_library)
        assert code_of(renew_agreement, agreement=draft, actor=officer) == "never_held"

    def test_the_old_term_is_renewed_once_the_new_one_holds(self, running: Agreement, officer: Any) -> None:
        draft = renew_agreement(agreement=running, actor=officer, unevaluated_because=WHY)
        for party in draft.parties.all():
            party.signatory_name = "Kepala"
            party.save()
        after = clock.now() + timedelta(days=(draft.starts_on - clock.today()).days)
        with clock.pretend(after):
            expire_agreement(agreement=running)
            conclude(draft, officer)
        running.refresh_from_db()
        assert running.status == AgreementStatus.RENEWED
        assert running.events.order_by("at", "id").last().action == "pass_on"

    def test_no_two_terms_of_one_chain_hold_at_once(self, running: Agreement, officer: Any) -> None:
        draft = renew_agreement(agreement=running, actor=officer, unevaluated_because=WHY)
        Agreement.objects.filter(pk=draft.pk).update(starts_on=running.starts_on)
        with pytest.raises(IntegrityError, match="agreement_terms_apart"), transaction.atomic():
            Agreement.objects.filter(pk=draft.pk).update(status=AgreementStatus.ACTIVE)


class TestWritingDown:
    def test_the_unwritten_one_gives_way_when_the_written_one_holds(
        self, spoken: Agreement, officer: Any
    ) -> None:
        draft = write_down(agreement=spoken, actor=officer)
        assert (draft.kind, draft.predecessor, draft.scope) == (AgreementKind.PKS, spoken, spoken.scope)
        for party in draft.parties.all():
            party.signatory_name = "Kepala"
            party.save()
        conclude(draft, officer)
        spoken.refresh_from_db()
        assert spoken.status == AgreementStatus.SUPERSEDED

    def test_only_an_unwritten_one_in_force_and_into_a_written_kind(
        self, running: Agreement, spoken: Agreement, officer: Any
    ) -> None:
        assert code_of(write_down, agreement=running, actor=officer) == "not_unwritten"
        assert code_of(write_down, agreement=spoken, actor=officer, kind="implicit") == "not_written"
        assert code_of(write_down, agreement=spoken, actor=officer, kind="addendum") == "not_written"


class TestAmending:
    @pytest.fixture
    def addendum(self, running: Agreement, officer: Any) -> Agreement:
        draft = amend_agreement(agreement=running, actor=officer)
        for party in draft.parties.all():
            party.signatory_name = "Kepala"
            party.save()
        return draft

    def test_it_begins_with_the_present_terms(self, running: Agreement, addendum: Agreement) -> None:
        assert (addendum.kind, addendum.parent) == (AgreementKind.ADDENDUM, running)
        assert addendum.lending_term.quantity == running.lending_term.quantity
        assert addendum.ends_on == running.ends_on

    def test_on_the_last_day_its_end_is_left_open(self, running: Agreement, officer: Any) -> None:
        Agreement.objects.filter(pk=running.pk).update(ends_on=clock.today())
        late = amend_agreement(agreement=running, actor=officer)
        assert (late.starts_on, late.ends_on) == (clock.today(), None)
        assert code_of(submit_agreement, agreement=late, actor=officer) == "incomplete"

    def test_in_force_it_changes_what_it_names_and_nothing_else(
        self, running: Agreement, addendum: Agreement, officer: Any
    ) -> None:
        longer = running.ends_on + timedelta(days=60)
        revise_agreement(agreement=addendum, actor=officer, ends_on=longer, lending={"quantity": 7})
        set_provision(agreement=addendum, actor=officer, form="exchange", ratio_given=1, ratio_received=1)
        before = running.aims
        running.refresh_from_db()
        assert LendingTerm.objects.get(agreement=running).quantity == 5  # a draft changes nothing
        conclude(addendum, officer)
        running = Agreement.objects.get(pk=running.pk)
        assert (running.ends_on, running.aims, running.status) == (longer, before, AgreementStatus.ACTIVE)
        assert running.lending_term.quantity == 7
        assert running.provisions.get().form == "exchange"
        told = running.events.get(action="amend")
        assert told.note.startswith(Agreement.objects.get(pk=addendum.pk).number)

    def test_only_a_written_agreement_in_force(
        self, spoken: Agreement, running: Agreement, officer: Any
    ) -> None:
        assert code_of(amend_agreement, agreement=spoken, actor=officer) == "nothing_to_amend"
        terminate_agreement(agreement=running, actor=officer, note="tutup")
        assert code_of(amend_agreement, agreement=running, actor=officer) == "nothing_to_amend"

    def test_it_holds_only_while_what_it_changes_holds(
        self, running: Agreement, addendum: Agreement, officer: Any
    ) -> None:
        terminate_agreement(agreement=running, actor=officer, note="tutup")
        assert code_of(submit_agreement, agreement=addendum, actor=officer) == "parent_not_in_force"


class TestDeriving:
    def test_a_work_plan_stands_under_it_and_within_its_term(
        self, running: Agreement, library: Any, other_school_library: Any, officer: Any
    ) -> None:
        plan = derive_work_plan(
            agreement=running, actor=officer, office=library, partner=other_school_library, title="Magang"
        )
        assert (plan.kind, plan.parent) == (AgreementKind.WORK_PLAN, running)
        assert plan.ends_on <= running.ends_on

    def test_on_the_last_day_it_says_what_to_do(
        self, running: Agreement, library: Any, other_school_library: Any, officer: Any
    ) -> None:
        facts = {
            "agreement": running,
            "actor": officer,
            "office": library,
            "partner": other_school_library,
            "title": "Magang",
        }
        Agreement.objects.filter(pk=running.pk).update(ends_on=clock.today())
        assert code_of(derive_work_plan, **facts) == "term_over"
        Agreement.objects.filter(pk=running.pk).update(ends_on=clock.today() + timedelta(days=1))
        assert derive_work_plan(**facts).ends_on == clock.today() + timedelta(days=1)

    def test_children_do_not_outlive_their_parent_silently(
        self, running: Agreement, library: Any, school_library: Any, officer: Any
    ) -> None:
        child = AgreementFactory(office=library, partner=school_library, in_force=True, parent=running)
        terminate_agreement(agreement=running, actor=officer, note="tutup")
        assert AgreementEvent.objects.get(subject=child, action="parent_ended").note == str(running)
        notice = Notice.objects.get(rule="agreement_parent_ended", subject_id=child.pk)
        assert notice.recipient == library


class TestCopying:
    def test_the_chosen_parts_for_another_partner(
        self, running: Agreement, other_school_library: Any, officer: Any
    ) -> None:
        copy = copy_agreement(
            agreement=running, actor=officer, partner=other_school_library, parts=("words",)
        )
        assert (copy.partner, copy.aims, copy.starts_on) == (other_school_library, running.aims, None)
        assert not LendingTerm.objects.filter(agreement=copy).exists()
        assert copy.predecessor is None

    def test_parts_are_chosen_from_the_list(self, running: Agreement, officer: Any) -> None:
        assert code_of(copy_agreement, agreement=running, actor=officer, parts=("dates",)) == "unknown_part"
