"""Asking to cooperate (A6): how a request begins, what the two say to each other, and every refusal on the way."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from agreements.choices import CooperationForm, RequestChannel, RequestSide, RequestStatus
from agreements.models import Agreement, CooperationRequest
from agreements.services.requesting.deciding import (
    accept_request,
    decline_request,
    link_institution,
    register_asker,
    show_interest,
    withdraw_request,
)
from agreements.services.requesting.opening import (
    ask_in_portal,
    ask_in_public,
    confirm_request,
    record_outreach,
)
from agreements.services.requesting.stepping import LinkHolder, holder_of
from agreements.services.requesting.talking import set_meeting, write_message
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from kerjasama.domain.links import token_of
from libraries.emails import compose
from libraries.models import Institution, Message, Notice, Person
from libraries.services.messages import new_message
from tests.factories import InstitutionFactory, RequestFactory

pytestmark = pytest.mark.django_db

WISHES: dict[str, Any] = {
    "subject": "Pojok baca untuk kelas rendah",
    "wishes": "Seratus buku cerita, ditukar setiap tiga bulan.",
    "forms": [CooperationForm.COLLECTION_LOAN],
    "books": 80,
    "pupils": 240,
    "wanted_months": 12,
}
SELF: dict[str, Any] = {
    "institution_name": "MI Al-Falah",
    "institution_kind": "madrasah",
    "contact_name": "Nurhayati",
    "contact_position": "Kepala Madrasah",
    "contact_email": "nurhayati@alfalah.test",
}


def refusal(act: Any, **arguments: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        act(**arguments)
    return refused.value


@pytest.fixture
def asked(library: Institution, school_library: Institution, school: Any) -> CooperationRequest:
    return ask_in_portal(office=library, institution=school_library, actor=school, **WISHES)


@pytest.fixture
def stranger(library: Institution) -> CooperationRequest:
    return ask_in_public(office=library, language="en", **WISHES, **SELF)


@pytest.fixture
def confirmed(stranger: CooperationRequest) -> CooperationRequest:
    return confirm_request(request=stranger, actor=LinkHolder(stranger.pk))


@pytest.fixture
def invited(library: Institution, school_library: Institution, officer: Any) -> CooperationRequest:
    return record_outreach(office=library, institution=school_library, actor=officer, **WISHES)


class TestBeginning:
    def test_a_school_asks_and_the_officer_is_told(
        self, asked: CooperationRequest, library: Institution
    ) -> None:
        assert (asked.status, asked.turn, asked.came_by) == ("received", "office", "portal")
        notice = Notice.objects.get(recipient=library)
        assert (notice.rule, notice.path) == ("request_received", f"/admin/kerja/permintaan/{asked.pk}/")
        assert set(notice.roles) == {"officer", "head"}
        assert [event.action for event in asked.events.all()] == ["ask"]

    def test_only_for_ones_own_institution(
        self, library: Institution, school_library: Institution, other_school: Any, circulation: Any
    ) -> None:
        for actor in (other_school, circulation):
            refused = refusal(
                ask_in_portal, office=library, institution=school_library, actor=actor, **WISHES
            )
            assert refused.code == "role_missing"

    def test_only_a_library_of_this_system_is_asked(
        self, school_library: Institution, other_school_library: Institution, school: Any
    ) -> None:
        refused = refusal(
            ask_in_portal, office=other_school_library, institution=school_library, actor=school, **WISHES
        )
        assert (refused.code, refused.field) == ("not_an_office", "office")

    def test_a_start_that_has_passed_is_refused(
        self, library: Institution, school_library: Institution, school: Any
    ) -> None:
        past = {**WISHES, "wanted_from": clock.today() - timedelta(days=1)}
        refused = refusal(ask_in_portal, office=library, institution=school_library, actor=school, **past)
        assert (refused.code, refused.field) == ("date_past", "wanted_from")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"forms": ["nonsense"]},
            {"books": 0},
            {"wanted_months": 0},
            {"subject": ""},
            {"wishes": "x" * 5000},
        ],
    )
    def test_what_the_rows_refuse(
        self, wrong: dict[str, Any], library: Institution, school_library: Institution, school: Any
    ) -> None:
        with pytest.raises(ValidationError):
            ask_in_portal(office=library, institution=school_library, actor=school, **{**WISHES, **wrong})
        assert not CooperationRequest.objects.exists()

    def test_a_field_that_nobody_asked_for(
        self, library: Institution, school_library: Institution, school: Any
    ) -> None:
        refused = refusal(
            ask_in_portal,
            office=library,
            institution=school_library,
            actor=school,
            contact_name="x",
            **WISHES,
        )
        assert refused.code == "unknown_field"

    def test_an_outreach_waits_for_the_partner_and_shows_in_its_news(
        self, invited: CooperationRequest, school_library: Institution
    ) -> None:
        assert (invited.status, invited.turn) == (RequestStatus.RECEIVED, RequestSide.PARTNER)
        notice = Notice.objects.get(recipient=school_library)
        assert (notice.rule, notice.path) == ("request_invitation", f"/portal/permintaan/{invited.pk}/")

    def test_only_officer_and_head_invite(
        self, library: Institution, school_library: Institution, circulation: Any, school: Any
    ) -> None:
        for actor in (circulation, school):
            refused = refusal(
                record_outreach, office=library, institution=school_library, actor=actor, **WISHES
            )
            assert refused.code == "role_missing"


class TestStrangers:
    def test_nobody_is_bothered_before_the_link_is_confirmed(
        self, stranger: CooperationRequest, officer: Any
    ) -> None:
        assert stranger.status == RequestStatus.UNCONFIRMED
        assert not Notice.objects.exists()
        assert not CooperationRequest.objects.visible_to(officer).exists()

    def test_the_mail_holds_the_link_and_not_one_word_that_was_typed(
        self, stranger: CooperationRequest
    ) -> None:
        message = Message.objects.get()
        assert (message.address, message.language) == (SELF["contact_email"], "en")
        mail = compose(message)
        assert mail is not None
        whole = f"{mail.subject}\n{mail.body}\n{mail.alternatives[0][0]}"
        assert token_of(stranger.link_seed) in whole
        assert "Please confirm your request" in mail.subject
        for typed in (*SELF.values(), WISHES["subject"], WISHES["wishes"]):
            if typed != SELF["contact_email"]:
                assert str(typed) not in whole, typed

    def test_no_table_holds_what_opens_the_link(self, stranger: CooperationRequest) -> None:
        token = token_of(stranger.link_seed)
        assert token not in f"{Message.objects.values().get()}{CooperationRequest.objects.values().get()}"
        found = holder_of(token)
        assert found is not None and found[0] == stranger
        for wrong in (
            "",
            "x",
            token[:-1],
            token[:-1] + ("A" if token[-1] != "A" else "B"),
            stranger.link_digest,
        ):
            assert holder_of(wrong) is None

    def test_confirming_tells_the_officer_once(self, stranger: CooperationRequest) -> None:
        row = confirm_request(request=stranger, actor=LinkHolder(stranger.pk))
        assert (row.status, row.turn) == ("received", "office")
        assert Notice.objects.get().rule == "request_received"
        event = row.events.order_by("at", "id").last()
        assert (event.action, event.actor, event.by_link) == ("confirm", None, True)
        refused = refusal(confirm_request, request=stranger, actor=LinkHolder(stranger.pk))
        assert refused.code == "wrong_state"

    def test_the_link_of_another_request_opens_nothing(self, stranger: CooperationRequest) -> None:
        other = RequestFactory(stranger=True, office=stranger.office)
        holder = LinkHolder(other.pk)
        assert refusal(confirm_request, request=stranger, actor=holder).code == "role_missing"
        row = confirm_request(request=stranger, actor=LinkHolder(stranger.pk))
        assert refusal(write_message, request=row, actor=holder, text="Halo").code == "role_missing"
        assert refusal(withdraw_request, request=row, actor=holder).code == "role_missing"

    @pytest.mark.parametrize("name", ["institution_name", "contact_name", "contact_email"])
    def test_who_asks_must_say_so(self, name: str, library: Institution) -> None:
        refused = refusal(ask_in_public, office=library, **WISHES, **{**SELF, name: " "})
        assert (refused.code, refused.field) == ("contact_missing", name)

    def test_the_answer_reaches_the_mailbox_by_the_same_link(
        self, confirmed: CooperationRequest, officer: Any
    ) -> None:
        write_message(request=confirmed, actor=officer, text="Rahasia: <b>datanglah</b>")
        message = Message.objects.get(template="request_message")
        mail = compose(message)
        assert mail is not None
        assert token_of(confirmed.link_seed) in str(mail.body)
        assert "datanglah" not in f"{mail.body}{mail.alternatives[0][0]}"

    def test_what_a_stranger_typed_is_escaped_and_cut_in_the_officers_mail(
        self, library: Institution, officer: Any
    ) -> None:
        row = ask_in_public(
            office=library,
            **{**WISHES, "subject": "<script>alert(1)</script>\r\nBcc: semua@contoh.test" + "x" * 100},
            **SELF,
        )
        confirm_request(request=row, actor=LinkHolder(row.pk))
        notice = Notice.objects.get()
        assert len(notice.context["subject"]) <= 120
        message = new_message(template=notice.rule, notice=notice, address="a@contoh.test", dedupe_key="uji")
        message.save()
        mail = compose(message)
        assert mail is not None
        assert "<script>" not in str(mail.alternatives[0][0])
        assert "\n" not in mail.subject


class TestTalking:
    def test_each_message_is_told_to_the_other_side_and_passes_the_turn(
        self, asked: CooperationRequest, officer: Any, school: Any, library: Any, school_library: Any
    ) -> None:
        write_message(request=asked, actor=officer, text="Berapa kelas?")
        asked.refresh_from_db()
        assert (asked.status, asked.turn) == ("discussing", "partner")
        assert not Notice.objects.open().filter(recipient=library).exists()
        assert Notice.objects.open().get(recipient=school_library).rule == "request_message"
        write_message(request=asked, actor=school, text="Enam kelas.")
        asked.refresh_from_db()
        assert asked.turn == "office"
        assert not Notice.objects.open().filter(recipient=school_library).exists()
        assert Notice.objects.open().get(recipient=library).context["side"] == "office"
        assert [row.side for row in asked.messages.all()] == ["office", "partner"]

    @pytest.mark.parametrize(("text", "code"), [(" ", "text_missing"), ("x" * 4001, "text_too_long")])
    def test_an_empty_or_endless_message(
        self, text: str, code: str, asked: CooperationRequest, officer: Any
    ) -> None:
        refused = refusal(write_message, request=asked, actor=officer, text=text)
        assert (refused.code, refused.field) == (code, "text")

    def test_nobody_else_joins_in(
        self, asked: CooperationRequest, circulation: Any, other_school: Any, perpusnas: Any
    ) -> None:
        for actor in (circulation, other_school, perpusnas):
            assert refusal(write_message, request=asked, actor=actor, text="Halo").code == "role_missing"

    def test_a_closed_matter_is_not_spoken_of(self, asked: CooperationRequest, officer: Any) -> None:
        decline_request(request=asked, actor=officer, note="Koleksi habis.")
        assert refusal(write_message, request=asked, actor=officer, text="Halo").code == "request_closed"

    def test_an_attachment_belongs_to_both_sides_and_to_nobody_else(
        self, asked: CooperationRequest, school: Any, officer: Any, other_school: Any
    ) -> None:
        upload = SimpleUploadedFile("surat.pdf", b"%PDF-1.4 surat")
        message = write_message(request=asked, actor=school, text="Surat kami.", upload=upload)
        file = message.attachment
        assert file is not None
        rows = type(file).objects
        assert rows.visible_to(officer).filter(pk=file.pk).exists()
        assert rows.visible_to(school).filter(pk=file.pk).exists()
        assert not rows.visible_to(other_school).filter(pk=file.pk).exists()

    def test_a_file_is_what_its_content_says(self, asked: CooperationRequest, school: Any) -> None:
        upload = SimpleUploadedFile("surat.pdf", b"MZ program")
        refused = refusal(write_message, request=asked, actor=school, text="Surat.", upload=upload)
        assert refused.code == "file_kind"
        assert not asked.messages.exists()

    def test_a_meeting_is_told_and_can_be_moved(
        self, asked: CooperationRequest, officer: Any, school_library: Any
    ) -> None:
        day = clock.today() + timedelta(days=5)
        set_meeting(request=asked, actor=officer, on=day, place="Ruang baca", at=time(10, 0))
        row = set_meeting(request=asked, actor=officer, on=day + timedelta(days=1), place="Sekolah")
        assert (row.status, row.meeting_on, row.meeting_place) == (
            "discussing",
            day + timedelta(days=1),
            "Sekolah",
        )
        open_ones = Notice.objects.open().filter(recipient=school_library, rule="request_meeting")
        assert open_ones.get().context["on"] == (day + timedelta(days=1)).isoformat()

    def test_a_meeting_needs_a_place_and_a_day_to_come(
        self, asked: CooperationRequest, officer: Any, school: Any
    ) -> None:
        today = clock.today()
        assert refusal(set_meeting, request=asked, actor=officer, on=today, place=" ").code == "place_missing"
        past = refusal(set_meeting, request=asked, actor=officer, on=today - timedelta(days=1), place="x")
        assert (past.code, past.field) == ("date_past", "on")
        assert refusal(set_meeting, request=asked, actor=school, on=today, place="x").code == "role_missing"
        asked.refresh_from_db()
        assert asked.meeting_on is None


class TestDeciding:
    def test_accepting_opens_a_draft_that_says_what_was_said(
        self, asked: CooperationRequest, officer: Any, school_library: Any
    ) -> None:
        CooperationRequest.objects.filter(pk=asked.pk).update(wanted_from=clock.today() + timedelta(days=30))
        row = accept_request(request=asked, actor=officer, kind="pks")
        draft = row.agreement
        assert draft is not None
        starts = clock.today() + timedelta(days=30)
        assert (row.status, row.turn, draft.status, draft.partner) == (
            "accepted",
            "",
            "draft",
            school_library,
        )
        assert (draft.title, draft.aims) == (WISHES["subject"], WISHES["wishes"])
        assert (draft.initiated_by, draft.starts_on) == ("partner", starts)
        assert draft.ends_on == clock.add_months(starts, 12) - timedelta(days=1)
        assert (draft.lending_term.quantity, draft.lending_term.first_delivery_on) == (80, starts)
        assert draft.scope
        assert draft.origin == row
        assert [event.action for event in draft.events.all()] == ["draft", "request"]
        told = Notice.objects.open().get(recipient=school_library)
        assert (told.rule, told.context["outcome"]) == ("request_answered", "accepted")

    def test_a_mou_lends_nothing_and_an_outreach_began_with_us(
        self, invited: CooperationRequest, officer: Any
    ) -> None:
        draft = accept_request(request=invited, actor=officer, kind="mou", title="Kerja sama").agreement
        assert draft is not None
        assert (draft.title, draft.initiated_by) == ("Kerja sama", "library")
        assert not hasattr(draft, "lending_term")

    def test_an_implicit_agreement_rests_on_the_meeting(
        self, confirmed: CooperationRequest, officer: Any
    ) -> None:
        CooperationRequest.objects.filter(pk=confirmed.pk).update(
            institution=InstitutionFactory(school=True), meeting_on=clock.today(), meeting_place="Sekolah"
        )
        draft = accept_request(request=confirmed, actor=officer, kind="implicit").agreement
        assert draft is not None
        assert (draft.agreed_on, draft.agreed_how) == (clock.today(), "meeting")
        assert draft.agreed_by == "Nurhayati, Kepala Madrasah"
        assert draft.agreed_note

    def test_a_stranger_must_first_be_somebody_of_the_directory(
        self, confirmed: CooperationRequest, officer: Any, school_library: Institution
    ) -> None:
        assert (
            refusal(accept_request, request=confirmed, actor=officer, kind="pks").code
            == "institution_unknown"
        )
        assert not Agreement.objects.exists()
        row = link_institution(request=confirmed, actor=officer, institution=school_library)
        assert row.institution == school_library
        again = refusal(link_institution, request=row, actor=officer, institution=school_library)
        assert again.code == "already_known"
        assert accept_request(request=row, actor=officer, kind="pks").agreement

    def test_the_office_is_not_its_own_partner(
        self, confirmed: CooperationRequest, officer: Any, library: Institution
    ) -> None:
        refused = refusal(link_institution, request=confirmed, actor=officer, institution=library)
        assert (refused.code, refused.field) == ("same_institution", "institution")

    def test_registering_the_stranger_takes_the_contact_along(
        self, confirmed: CooperationRequest, officer: Any
    ) -> None:
        upload = SimpleUploadedFile("surat.pdf", b"%PDF-1.4 surat")
        message = write_message(
            request=confirmed, actor=LinkHolder(confirmed.pk), text="Surat.", upload=upload
        )
        row = register_asker(
            request=confirmed, actor=officer, name="MI Al-Falah", kind="madrasah", city="Bukittinggi"
        )
        assert row.institution is not None
        assert (row.institution.name, row.institution.kind) == ("MI Al-Falah", "madrasah")
        person = Person.objects.get(institution=row.institution)
        assert (person.name, person.email) == ("Nurhayati", "nurhayati@alfalah.test")
        assert message.attachment is not None
        message.attachment.refresh_from_db()
        assert message.attachment.counterpart == row.institution

    def test_registering_twice_makes_one_institution(
        self, confirmed: CooperationRequest, officer: Any
    ) -> None:
        given = {"name": "MI Al-Falah", "kind": "madrasah"}
        register_asker(request=confirmed, actor=officer, **given)
        assert refusal(register_asker, request=confirmed, actor=officer, **given).code == "already_known"
        assert Institution.objects.filter(name="MI Al-Falah").count() == 1

    def test_the_head_links_and_leaves_the_directory_to_those_who_keep_it(
        self, confirmed: CooperationRequest, head: Any, school_library: Institution
    ) -> None:
        refused = refusal(register_asker, request=confirmed, actor=head, name="MI", kind="madrasah")
        assert refused.code == "role_missing"
        assert link_institution(request=confirmed, actor=head, institution=school_library)

    def test_declining_needs_a_reason_that_the_other_side_reads(
        self, asked: CooperationRequest, officer: Any, school_library: Any
    ) -> None:
        assert refusal(decline_request, request=asked, actor=officer, note=" ").code == "reason_missing"
        row = decline_request(request=asked, actor=officer, note="Koleksi anak sedang dipinjam semua.")
        assert (row.status, row.closing_note, row.turn) == (
            "declined",
            "Koleksi anak sedang dipinjam semua.",
            "",
        )
        assert Notice.objects.open().get(recipient=school_library).context["outcome"] == "declined"

    def test_an_invited_school_shows_interest_or_declines_and_a_school_that_asked_does_neither(
        self, invited: CooperationRequest, asked: CooperationRequest, school: Any, officer: Any
    ) -> None:
        assert refusal(show_interest, request=asked, actor=school).code == "role_missing"
        assert refusal(decline_request, request=asked, actor=school, note="x").code == "role_missing"
        assert refusal(show_interest, request=invited, actor=officer).code == "role_missing"
        row = show_interest(request=invited, actor=school)
        assert (row.status, row.turn) == ("discussing", "office")
        assert decline_request(request=row, actor=school, note="Belum siap.").status == "declined"

    def test_whoever_asked_withdraws(
        self,
        asked: CooperationRequest,
        invited: CooperationRequest,
        confirmed: Any,
        school: Any,
        officer: Any,
    ) -> None:
        assert refusal(withdraw_request, request=asked, actor=officer).code == "role_missing"
        assert refusal(withdraw_request, request=invited, actor=school).code == "role_missing"
        for row, actor in ((asked, school), (invited, officer), (confirmed, LinkHolder(confirmed.pk))):
            closed = withdraw_request(request=row, actor=actor)
            assert (closed.status, closed.closed_at is not None) == ("withdrawn", True)


class TestSight:
    def test_a_school_sees_its_own_and_nothing_else(
        self, asked: CooperationRequest, school: Any, other_school: Any, perpusnas: Any, circulation: Any
    ) -> None:
        rows = CooperationRequest.objects
        assert list(rows.visible_to(school)) == [asked]
        assert list(rows.visible_to(circulation)) == [asked]
        for stranger in (other_school, perpusnas, None):
            assert not rows.visible_to(stranger).exists()

    def test_channels_have_their_start(self, asked: Any, invited: Any, stranger: Any) -> None:
        assert {row.came_by for row in (asked, invited, stranger)} == set(RequestChannel.values)
