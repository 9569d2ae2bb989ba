"""Writing a draft: what is filled in, what is refused, and who may (A1, A2, A5, A7)."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from agreements.choices import AgreementKind, AgreementStatus
from agreements.models import Agreement, LendingTerm
from agreements.services.drafting import attach_signed_scan, draft_agreement, revise_agreement
from agreements.services.parties import add_party, remove_party, revise_party
from agreements.services.signing import submit_agreement
from kerjasama.domain.errors import Conflict, DomainError, InvalidInput, NotPermitted, TransitionRefused
from libraries.choices import FilePurpose
from libraries.models import StoredFile
from tests.factories import AgreementFactory, InstitutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(officer: Any, library: Any, school_library: Any) -> Agreement:
    return draft_agreement(
        actor=officer,
        office=library,
        partner=school_library,
        kind=AgreementKind.PKS,
        title="Peminjaman bergilir",
        lending={"quantity": 100, "interval_months": 3},
        aims="Murid membaca.",
    )


def test_what_is_known_is_filled_in(
    draft: Agreement, library: Any, school_library: Any, officer: Any
) -> None:
    first, second = draft.parties.order_by("role")
    assert (first.institution, first.signatory_name) == (library, "Rahmat Hidayat")
    assert (second.institution, second.signatory_position) == (school_library, "Kepala Sekolah")
    assert (draft.status, draft.version, draft.number) == (AgreementStatus.DRAFT, 1, "")
    assert (draft.lending_term.quantity, draft.lending_term.replacement_days) == (100, 30)
    event = draft.events.get()
    assert (event.action, event.from_state, event.to_state, event.actor) == ("draft", "", "draft", officer)


def test_an_agreement_may_lend_nothing(officer: Any, library: Any, school_library: Any) -> None:
    row = draft_agreement(
        actor=officer, office=library, partner=school_library, kind=AgreementKind.MOU, title="Niat baik"
    )
    assert not LendingTerm.objects.filter(agreement=row).exists()


@pytest.mark.parametrize(
    "name", ["circulation", "crew", "coordinator", "school", "other_school", "perpusnas"]
)
def test_who_keeps_no_agreements_writes_none(
    name: str, everybody: Any, library: Any, school_library: Any, draft: Agreement
) -> None:
    count = Agreement.objects.count()
    with pytest.raises(NotPermitted) as refused:
        draft_agreement(
            actor=everybody[name], office=library, partner=school_library, kind="pks", title="Bukan saya"
        )
    assert refused.value.code == "role_missing"
    with pytest.raises(NotPermitted):
        revise_agreement(agreement=draft, actor=everybody[name], title="Bukan saya")
    with pytest.raises(NotPermitted):
        revise_party(agreement=draft, actor=everybody[name], party=draft.parties.first(), obligations="x")
    assert Agreement.objects.count() == count
    draft.refresh_from_db()
    assert (draft.title, draft.version) == ("Peminjaman bergilir", 1)


def test_a_stale_form_overwrites_nothing(draft: Agreement, officer: Any) -> None:
    revise_agreement(agreement=draft, actor=officer, version=1, scope="Ruang lingkup baru")
    with pytest.raises(Conflict) as refused:
        revise_agreement(agreement=draft, actor=officer, version=1, scope="Ruang lingkup lama")
    assert (refused.value.code, refused.value.facts["version"]) == ("stale", 2)
    draft.refresh_from_db()
    assert (draft.scope, draft.version) == ("Ruang lingkup baru", 2)


def test_without_a_version_the_last_word_holds(draft: Agreement, officer: Any) -> None:
    assert revise_agreement(agreement=draft, actor=officer, aims="Lain").version == 2


@pytest.mark.parametrize("name", ["status", "office", "kind", "document", "is_demo", "apa_saja"])
def test_what_moves_by_its_own_verb_cannot_be_written(name: str, draft: Agreement, officer: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        revise_agreement(agreement=draft, actor=officer, **{name: "x"})
    assert (refused.value.code, refused.value.field) == ("unknown_field", name)
    draft.refresh_from_db()
    assert (draft.status, draft.version) == (AgreementStatus.DRAFT, 1)


def test_unknown_lending_terms_are_refused(draft: Agreement, officer: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        revise_agreement(agreement=draft, actor=officer, lending={"fee": 5})
    assert refused.value.field == "fee"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": date(2026, 5, 1), "ends_on": date(2026, 4, 1)}, "__all__"),
        ({"title": ""}, "title"),
        ({"agreed_how": "telegram"}, "agreed_how"),
    ],
)
def test_the_rows_refuse_what_makes_no_sense(
    changes: Any, field: str, draft: Agreement, officer: Any
) -> None:
    with pytest.raises(ValidationError) as refused:
        revise_agreement(agreement=draft, actor=officer, **changes)
    assert field in refused.value.message_dict
    draft.refresh_from_db()
    assert draft.version == 1


@pytest.mark.parametrize("terms", [{"quantity": 0}, {"interval_months": 0}, {"replacement_ways": ["gold"]}])
def test_lending_terms_are_checked(terms: Any, draft: Agreement, officer: Any) -> None:
    with pytest.raises(ValidationError):
        revise_agreement(agreement=draft, actor=officer, lending=terms)


def test_a_library_makes_no_agreement_with_itself(officer: Any, library: Any) -> None:
    with pytest.raises(ValidationError):
        draft_agreement(actor=officer, office=library, partner=library, kind="pks", title="Sendiri")


def test_the_text_is_frozen_once_it_is_sent_for_signature(
    library: Any, school_library: Any, officer: Any
) -> None:
    row = submit_agreement(agreement=AgreementFactory(office=library, partner=school_library), actor=officer)
    party = row.parties.first()
    frozen = [
        lambda: revise_agreement(agreement=row, actor=officer, title="Lain"),
        lambda: revise_agreement(agreement=row, actor=officer, lending={"quantity": 7}),
        lambda: revise_party(agreement=row, actor=officer, party=party, signatory_name="Lain"),
        lambda: add_party(agreement=row, actor=officer, institution=InstitutionFactory()),
        lambda: remove_party(agreement=row, actor=officer, party=party),
    ]
    for change in frozen:
        with pytest.raises(TransitionRefused) as refused:
            change()
        assert refused.value.code == "not_a_draft"
    assert row.lending_term.quantity == 5


def test_further_parties_come_and_go_but_the_two_stay(draft: Agreement, officer: Any) -> None:
    focal = add_party(agreement=draft, actor=officer, institution=InstitutionFactory(), role="focal")
    assert draft.parties.count() == 3
    remove_party(agreement=draft, actor=officer, party=focal)
    with pytest.raises(Conflict) as refused:
        remove_party(agreement=draft, actor=officer, party=draft.parties.get(role="second"))
    assert refused.value.code == "main_party"
    with pytest.raises(ValidationError):
        add_party(agreement=draft, actor=officer, institution=draft.partner)


def test_a_party_of_another_agreement_cannot_be_reached_through_this_one(
    draft: Agreement, officer: Any
) -> None:
    stranger = AgreementFactory().parties.first()
    with pytest.raises(type(stranger).DoesNotExist):
        revise_party(agreement=draft, actor=officer, party=stranger, obligations="x")
    with pytest.raises(InvalidInput):
        revise_party(agreement=draft, actor=officer, party=draft.parties.first(), signed_on=date(2026, 1, 1))


class TestSignedScan:
    @pytest.fixture
    def scan(self, library: Any) -> StoredFile:
        return StoredFile.objects.create(
            owner=library,
            purpose=FilePurpose.SIGNED_SCAN,
            original_name="pks.pdf",
            extension="pdf",
            content_type="application/pdf",
            size=10,
            sha256="0" * 64,
        )

    def test_nothing_is_attached_to_a_draft(self, draft: Agreement, scan: StoredFile, officer: Any) -> None:
        with pytest.raises(TransitionRefused) as refused:
            attach_signed_scan(agreement=draft, file=scan, actor=officer)
        assert refused.value.code == "nothing_signed_yet"

    def test_it_is_kept_with_its_event(
        self, agreement: Agreement, scan: StoredFile, officer: Any, circulation: Any
    ) -> None:
        with pytest.raises(DomainError):
            attach_signed_scan(agreement=agreement, file=scan, actor=circulation)
        row = attach_signed_scan(agreement=agreement, file=scan, actor=officer)
        assert row.signed_scan == scan
        assert row.events.get(action="attach_scan").note == "pks.pdf"


def test_who_sees_what(draft: Agreement, everybody: Any) -> None:
    def seers() -> set[str]:
        return {
            name
            for name, user in everybody.items()
            if user is not None and Agreement.objects.visible_to(user).filter(pk=draft.pk).exists()
        }

    office = {"officer", "circulation", "crew", "head", "administrator", "coordinator"}
    assert seers() == office
    Agreement.objects.filter(pk=draft.pk).update(status=AgreementStatus.SIGNING)
    assert seers() == office | {"school"}
    Agreement.objects.filter(pk=draft.pk).update(status=AgreementStatus.CANCELLED)
    assert seers() == office
