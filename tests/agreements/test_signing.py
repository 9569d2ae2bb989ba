"""From a draft into force: every refusal says what is missing, and the paper is what was agreed (A2, A3, A5, A8)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Max
from django.urls import reverse
from django.utils import translation

from agreements.choices import AgreementKind, AgreementStatus
from agreements.models import Agreement, KindRule, Party
from agreements.services.ending import cancel_agreement
from agreements.services.keeping import keep_terms
from agreements.services.permits import lending_permit
from agreements.services.printing import draft_pdf
from agreements.services.signing import (
    activate_agreement,
    record_signature,
    reopen_agreement,
    submit_agreement,
    take_signature_back,
)
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, DomainError, InvalidInput, NotPermitted
from kerjasama.domain.wording import plain_date
from libraries.choices import PaperKind, PaperStatus
from libraries.models import Document, NumberPattern
from libraries.services.documents import pdf_of
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(library: Any, school_library: Any) -> Agreement:
    return AgreementFactory(office=library, partner=school_library)


@pytest.fixture
def signing(draft: Agreement, officer: Any) -> Agreement:
    return submit_agreement(agreement=draft, actor=officer)


def sign_all(row: Agreement, actor: Any) -> None:
    for party in row.parties.all():
        record_signature(agreement=row, actor=actor, party=party, signed_on=clock.today())


def refusal(act: Any, **arguments: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        act(**arguments)
    return refused.value


class TestSubmitting:
    def test_every_gap_is_named_at_once(self, draft: Agreement, officer: Any) -> None:
        Agreement.objects.filter(pk=draft.pk).update(aims="", financing="", ends_on=None)
        draft.parties.filter(role="second").update(signatory_name="")
        draft.lending_term.first_delivery_on = None
        draft.lending_term.save()
        refused = refusal(submit_agreement, agreement=draft, actor=officer)
        assert refused.code == "incomplete"
        assert refused.facts["missing"] == [
            "aims",
            "financing",
            "ends_on",
            "signatories",
            "first_delivery_on",
        ]
        assert refused.field == "aims"
        draft.refresh_from_db()
        assert (draft.status, draft.number, Document.objects.count()) == (AgreementStatus.DRAFT, "", 0)

    def test_missing_signatories_belong_to_no_field(self, draft: Agreement, officer: Any) -> None:
        draft.parties.update(signatory_name="")
        assert refusal(submit_agreement, agreement=draft, actor=officer).field is None

    def test_the_first_delivery_lies_in_the_term(self, draft: Agreement, officer: Any) -> None:
        draft.lending_term.first_delivery_on = draft.ends_on + timedelta(days=1)
        draft.lending_term.save()
        assert refusal(submit_agreement, agreement=draft, actor=officer).code == "first_delivery_outside"

    def test_it_draws_its_number_and_issues_its_paper(self, signing: Agreement) -> None:
        assert signing.number == f"001/AGRE/{clock.today().year}"
        paper = signing.document
        assert (paper.number, paper.kind, paper.status) == (signing.number, PaperKind.AGREEMENT, "issued")
        assert (paper.issuer, paper.recipient) == (signing.office, signing.partner)
        assert pdf_of(paper).size > 1000

    def test_a_number_given_by_hand_is_kept(self, draft: Agreement, officer: Any) -> None:
        Agreement.objects.filter(pk=draft.pk).update(number="12/PKS/2026")
        assert submit_agreement(agreement=draft, actor=officer).number == "12/PKS/2026"

    def test_the_sequence_goes_on_behind_a_number_given_by_hand(
        self, draft: Agreement, library: Any, officer: Any
    ) -> None:
        AgreementFactory(office=library, number=f"001/AGRE/{clock.today().year}")
        assert submit_agreement(agreement=draft, actor=officer).number == f"002/AGRE/{clock.today().year}"

    def test_without_a_pattern_it_is_numbered_as_usual(self, draft: Agreement, officer: Any) -> None:
        NumberPattern.objects.all().delete()
        assert submit_agreement(agreement=draft, actor=officer).number.startswith("001/PKS/BUNG-HATTA/")


class TestReopening:
    def test_the_paper_is_withdrawn(self, signing: Agreement, officer: Any) -> None:
        paper = Document.objects.get()
        row = reopen_agreement(agreement=signing, actor=officer, note="salah nama")
        paper.refresh_from_db()
        assert (row.document, paper.status) == (None, PaperStatus.WITHDRAWN)

    def test_from_the_first_signature_the_text_is_frozen(self, signing: Agreement, officer: Any) -> None:
        party = signing.parties.get(role="second")
        record_signature(agreement=signing, actor=officer, party=party, signed_on=clock.today())
        refused = refusal(reopen_agreement, agreement=signing, actor=officer, note="salah nama")
        assert refused.code == "signed_already"
        assert str(party.institution) in str(refused.message)
        signing.refresh_from_db()
        assert (signing.status, signing.document.status) == (AgreementStatus.SIGNING, PaperStatus.ISSUED)
        take_signature_back(agreement=signing, actor=officer, party=party, note="keliru baris")
        assert reopen_agreement(agreement=signing, actor=officer, note="salah nama").status == "draft"

    def test_every_paper_is_kept_as_a_version(self, signing: Agreement, officer: Any) -> None:
        row = reopen_agreement(agreement=signing, actor=officer, note="salah nama")
        submit_agreement(agreement=row, actor=officer)
        kept = row.paper_versions.select_related("document")
        assert [(row.ordinal, row.document.status) for row in kept] == [(2, "issued"), (1, "withdrawn")]

    def test_the_next_version_carries_the_same_number(self, signing: Agreement, officer: Any) -> None:
        row = reopen_agreement(agreement=signing, actor=officer, note="salah nama")
        again = submit_agreement(agreement=row, actor=officer)
        assert again.number == signing.number
        assert [paper.status for paper in Document.objects.order_by("created_at")] == ["withdrawn", "issued"]

    def test_the_last_signature_completes_it_with_days_and_places(
        self, signing: Agreement, officer: Any, client: Any
    ) -> None:
        first, second = signing.parties.order_by("role")
        earlier = signing.document
        for party, ago, place in ((first, 2, "Bukittinggi"), (second, 0, "Payakumbuh")):
            KindRule.objects.update_or_create(
                office=signing.office, kind=signing.kind, defaults={"legal_basis": "Peraturan yang lain"}
            )
            row = record_signature(
                agreement=signing,
                actor=officer,
                party=party,
                signed_on=clock.today() - timedelta(days=ago),
                place=place,
            )
            assert (row.document == earlier) == (party == first)
        before, now = (paper.content["words"] for paper in (earlier, row.document))
        last = plain_date(clock.today(), "id")
        assert [block["above"] for block in now["signatures"]] == [
            f"Bukittinggi, {plain_date(clock.today() - timedelta(days=2), 'id')}",
            f"Payakumbuh, {last}",
        ]
        assert "…" in before["opening"] and "…" not in now["opening"]
        for part in set(before) - {"opening", "signatures"}:
            assert now[part] == before[part], f"what was signed is what is said: {part}"
        earlier.refresh_from_db()
        assert (earlier.status, row.document.number) == (PaperStatus.COMPLETED, earlier.number)
        assert [kept.ordinal for kept in row.paper_versions.all()] == [2, 1]
        assert pdf_of(row.document).size > 1000
        # The code on the sheet that was signed is as genuine as the one on the sheet that says so.
        for paper in (earlier, row.document):
            page = client.get(reverse("verify", args=[paper.verify_code])).content.decode()
            assert "verdict--good" in page

    def test_a_signature_taken_back_takes_its_day_out_of_the_paper(
        self, signing: Agreement, officer: Any
    ) -> None:
        earlier = signing.document
        sign_all(signing, officer)
        party = signing.parties.get(role="second")
        row = take_signature_back(agreement=signing, actor=officer, party=party, note="keliru baris")
        assert (row.document, row.document.status) == (earlier, PaperStatus.ISSUED)
        record_signature(agreement=signing, actor=officer, party=party, signed_on=clock.today())
        kept = row.paper_versions.select_related("document")
        assert [(v.ordinal, v.document.status) for v in kept] == [
            (3, "issued"),
            (2, "withdrawn"),
            (1, "completed"),
        ]
        cancel_agreement(agreement=signing, actor=officer, note="batal")
        assert set(Document.objects.values_list("status", flat=True)) == {"withdrawn"}

    def test_cancelling_withdraws_it_too(self, signing: Agreement, officer: Any) -> None:
        cancel_agreement(agreement=signing, actor=officer, note="sekolah menolak")
        assert Document.objects.get().status == PaperStatus.WITHDRAWN


class TestSignatures:
    def test_not_in_the_future(self, signing: Agreement, officer: Any) -> None:
        tomorrow = clock.today(signing.office.zone) + timedelta(days=1)
        refused = refusal(
            record_signature,
            agreement=signing,
            actor=officer,
            party=signing.parties.first(),
            signed_on=tomorrow,
        )
        assert (refused.code, refused.field) == ("date_to_come", "signed_on")

    def test_not_twice(self, signing: Agreement, officer: Any) -> None:
        party = signing.parties.first()
        record_signature(agreement=signing, actor=officer, party=party, signed_on=clock.today())
        refused = refusal(
            record_signature, agreement=signing, actor=officer, party=party, signed_on=clock.today()
        )
        assert refused.code == "already_signed"
        assert str(party.institution) in str(refused.message)
        assert signing.events.filter(action="sign").count() == 1

    def test_not_for_a_party_of_another_agreement(self, signing: Agreement, officer: Any) -> None:
        stranger = AgreementFactory().parties.first()
        with pytest.raises(Party.DoesNotExist):
            record_signature(agreement=signing, actor=officer, party=stranger, signed_on=clock.today())


class TestActivating:
    def test_who_has_not_signed_is_named(self, signing: Agreement, officer: Any) -> None:
        first, second = signing.parties.order_by("role")
        record_signature(agreement=signing, actor=officer, party=first, signed_on=clock.today())
        refused = refusal(activate_agreement, agreement=signing, actor=officer)
        assert refused.code == "unsigned"
        assert str(second.institution) in str(refused.message)
        assert str(first.institution) not in str(refused.message)

    @pytest.mark.parametrize("implicit", [False, True])
    def test_too_early(self, implicit: bool, library: Any, school_library: Any, officer: Any) -> None:
        row = AgreementFactory(
            office=library,
            partner=school_library,
            implicit=implicit,
            starts_on=clock.today() + timedelta(days=5),
        )
        if not implicit:
            row = submit_agreement(agreement=row, actor=officer)
            sign_all(row, officer)
        with translation.override("en"):
            refused = refusal(activate_agreement, agreement=row, actor=officer)
        assert refused.code == "too_early"
        assert ("by itself" in str(refused.message)) is not implicit

    def test_term_over(self, signing: Agreement, officer: Any) -> None:
        sign_all(signing, officer)
        today = clock.today()
        Agreement.objects.filter(pk=signing.pk).update(
            starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1)
        )
        signing.lending_term.first_delivery_on = today - timedelta(days=9)
        signing.lending_term.save()
        assert refusal(activate_agreement, agreement=signing, actor=officer).code == "term_over"

    def test_an_implicit_one_rests_on_its_evidence(
        self, library: Any, school_library: Any, officer: Any
    ) -> None:
        row = AgreementFactory(office=library, partner=school_library, implicit=True, agreed_note="")
        assert refusal(activate_agreement, agreement=row, actor=officer).facts["missing"] == ["agreed_note"]
        Agreement.objects.filter(pk=row.pk).update(agreed_note="Notulen rapat")
        row = activate_agreement(agreement=row, actor=officer)
        assert (row.status, row.document.template) == ("active", "implicit_agreement")
        assert row.number and pdf_of(row.document).size > 1000

    def test_a_written_one_keeps_the_paper_that_was_signed(self, signing: Agreement, officer: Any) -> None:
        sign_all(signing, officer)
        signing.refresh_from_db()
        assert activate_agreement(agreement=signing, actor=officer).document == signing.document


class TestThePaper:
    @pytest.mark.parametrize("language", ["id", "en"])
    def test_is_indonesian_whatever_the_desk_reads(
        self, language: str, library: Any, school_library: Any, officer: Any
    ) -> None:
        row = AgreementFactory(office=library, partner=school_library, implicit=True, agreed_how="meeting")
        with translation.override(language):
            row = activate_agreement(agreement=row, actor=officer)
        assert row.document.content["language"] == "id"
        with translation.override("id"):
            wanted = str(row.get_agreed_how_display())
        assert row.document.content["paper"]["how"] == wanted

    def test_a_draft_is_printed_in_the_language_asked_for(self, draft: Agreement) -> None:
        with translation.override("id"):
            assert draft_pdf(draft, language="en") != draft_pdf(draft, language="id")

    def test_a_pks_cites_its_mou_by_number_and_date(
        self, library: Any, school_library: Any, officer: Any
    ) -> None:
        mou = AgreementFactory(
            office=library, partner=school_library, kind=AgreementKind.MOU, number="7/MOU/2025", in_force=True
        )
        row = AgreementFactory(office=library, partner=school_library, parent=mou)
        row = submit_agreement(agreement=row, actor=officer)
        signed = mou.parties.aggregate(last=Max("signed_on"))["last"]
        cited = " ".join(row.document.content["words"]["recitals"])
        assert mou.number in cited
        assert str(signed.year) in cited and str(signed.day) in cited


class TestPermits:
    def test_an_agreement_in_force_permits_lending_within_its_terms(self, agreement: Agreement) -> None:
        permit = lending_permit(agreement=agreement, on=clock.today())
        assert (permit.agreement, permit.term.quantity) == (agreement, 5)

    def test_one_that_says_nothing_about_lending_permits_none(
        self, library: Any, school_library: Any
    ) -> None:
        row = AgreementFactory(office=library, partner=school_library, in_force=True, lending=False)
        with pytest.raises(InvalidInput) as refused:
            lending_permit(agreement=row, on=clock.today())
        assert refused.value.code == "no_lending_terms"
        assert row.number in str(refused.value)

    @pytest.mark.parametrize("status", [s for s in AgreementStatus.values if s != AgreementStatus.ACTIVE])
    def test_in_every_other_state_it_permits_nothing(self, status: str, agreement: Agreement) -> None:
        Agreement.objects.filter(pk=agreement.pk).update(status=status)
        agreement.refresh_from_db()
        with pytest.raises(NotPermitted) as refused:
            lending_permit(agreement=agreement, on=clock.today())
        assert (refused.value.code, refused.value.facts["agreement"]) == ("not_in_force", agreement.number)
        # Aims, scope, then the loan.
        assert refused.value.facts["clause"] == "Pasal 3, Peminjaman koleksi"

    def test_first_and_last_day_are_within_the_term(self, agreement: Agreement) -> None:
        for day, permitted in (
            (agreement.starts_on, True),
            (agreement.ends_on, True),
            (agreement.starts_on - timedelta(days=1), False),
            (agreement.ends_on + timedelta(days=1), False),
        ):
            if permitted:
                lending_permit(agreement=agreement, on=day)
            else:
                assert refusal(lending_permit, agreement=agreement, on=day).code == "not_in_force"

    def test_one_without_a_term_says_so(self, draft: Agreement) -> None:
        Agreement.objects.filter(pk=draft.pk).update(starts_on=None, ends_on=None)
        draft.refresh_from_db()
        assert refusal(lending_permit, agreement=draft, on=clock.today()).code == "not_in_force"


class TestTheClock:
    def test_brings_into_force_and_takes_out_of_it(
        self, signing: Agreement, officer: Any, library: Any, school_library: Any
    ) -> None:
        sign_all(signing, officer)
        unsigned = submit_agreement(
            agreement=AgreementFactory(office=library, partner=school_library), actor=officer
        )
        idea = AgreementFactory(office=library, partner=school_library, implicit=True)
        today = clock.today("Asia/Jayapura")
        over = AgreementFactory(
            office=library,
            in_force=True,
            starts_on=today - timedelta(days=99),
            ends_on=today - timedelta(days=2),
        )
        assert keep_terms() == 2
        states = {row.pk: row.status for row in Agreement.objects.all()}
        assert states[signing.pk] == "active"
        assert states[over.pk] == "expired"
        assert (states[unsigned.pk], states[idea.pk]) == ("signing", "draft")
        assert over.events.get().actor is None
        assert keep_terms() == 0

    def test_waits_for_the_offices_own_day(
        self, library: Any, school_library: Any, time_machine: Any
    ) -> None:
        # Half past midnight in Jayapura is half past ten in the evening of the day before in Jakarta.
        time_machine.move_to("2026-06-30T15:30:00+00:00", tick=False)
        row = AgreementFactory(
            office=library, in_force=True, starts_on=clock.today() - timedelta(days=9), ends_on=clock.today()
        )
        assert keep_terms() == 0
        time_machine.move_to("2026-06-30T17:30:00+00:00", tick=False)
        assert keep_terms() == 1
        row.refresh_from_db()
        assert row.status == "expired"


def test_two_conflicting_facts_are_one_family() -> None:
    assert issubclass(Conflict, DomainError) and Conflict.status == 409
