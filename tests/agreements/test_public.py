"""The public page (A6, P2): a stranger asks and confirms; robots, guesses and opened links change nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agreements.choices import RequestStatus
from agreements.limits import ASKED_PER_ADDRESS, ASKED_PER_MAILBOX, FASTEST, SENT_PER_LINK, SLOWEST
from agreements.models import CooperationRequest
from agreements.public.forms import stamp
from agreements.services.requesting.talking import write_message
from kerjasama.domain import clock
from kerjasama.domain.links import token_of
from libraries.models import Institution, Message, Notice
from tests.access.asking import writes
from tests.factories import RequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_brakes() -> None:
    cache.clear()


@pytest.fixture
def typed(library: Institution) -> dict[str, Any]:
    with time_machine.travel(clock.now() - FASTEST - timedelta(seconds=1)):
        made = stamp()
    return {
        "office": str(library.pk),
        "subject": "Pojok baca",
        "forms": ["collection_loan", "mobile_library"],
        "wishes": "Seratus buku cerita.",
        "books": "100",
        "institution_name": "MI Al-Falah",
        "institution_kind": "madrasah",
        "contact_name": "Nurhayati",
        "contact_position": "Kepala Madrasah",
        "contact_email": "nurhayati@alfalah.test",
        "stamp": made,
    }


@pytest.fixture
def asked(typed: dict[str, Any]) -> CooperationRequest:
    assert Client().post(reverse("ask"), typed).status_code == 302
    return CooperationRequest.objects.get()


def link(row: CooperationRequest, name: str = "ask_follow", *args: Any) -> str:
    return reverse(name, args=[token_of(row.link_seed), *args])


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


class TestAsking:
    def test_the_form_keeps_what_was_asked_and_sends_one_mail(self, asked: CooperationRequest) -> None:
        assert (asked.status, asked.came_by, asked.forms) == (
            RequestStatus.UNCONFIRMED,
            "public",
            ["collection_loan", "mobile_library"],
        )
        message = Message.objects.get()
        assert (message.template, message.address) == ("request_confirm", "nurhayati@alfalah.test")
        assert not Notice.objects.exists()

    def test_a_robot_in_the_trap_is_told_the_same_and_nothing_is_kept(self, typed: dict[str, Any]) -> None:
        answer = Client().post(reverse("ask"), {**typed, "remarks": "cheap pills"})
        assert (answer.status_code, answer["Location"]) == (302, reverse("ask_sent"))
        assert not CooperationRequest.objects.exists()
        assert not Message.objects.exists()

    @pytest.mark.parametrize(
        "made", ["", "rubbish", "WzFd:1abc:xyz", "now", "yesterday"], ids=lambda made: made or "none"
    )
    def test_the_stamp_of_the_form(self, made: str, typed: dict[str, Any]) -> None:
        if made == "now":
            made = stamp()
        elif made == "yesterday":
            with time_machine.travel(clock.now() - SLOWEST - timedelta(minutes=1)):
                made = stamp()
        answer = Client().post(reverse("ask"), {**typed, "stamp": made})
        assert answer.status_code == 422
        assert not CooperationRequest.objects.exists()
        # Nothing typed is lost, and the next try begins with a fresh stamp.
        page = words(answer)
        assert "Seratus buku cerita." in page
        fresh = re.search(r'name="stamp" value="([^"]+)"', page)
        assert fresh and fresh[1] != made
        with time_machine.travel(clock.now() + FASTEST + timedelta(seconds=1)):
            assert Client().post(reverse("ask"), {**typed, "stamp": fresh[1]}).status_code == 302

    def test_too_many_from_one_address(self, typed: dict[str, Any]) -> None:
        most = ASKED_PER_ADDRESS[0]
        for number in range(most):
            given = {**typed, "contact_email": f"orang{number}@contoh.test"}
            assert Client().post(reverse("ask"), given).status_code == 302
        answer = Client().post(reverse("ask"), {**typed, "contact_email": "lain@contoh.test"})
        assert answer.status_code == 429
        assert "Seratus buku cerita." in words(answer)
        assert CooperationRequest.objects.count() == most
        elsewhere = Client(REMOTE_ADDR="192.0.2.7").post(reverse("ask"), typed)
        assert elsewhere.status_code == 302

    def test_nobodys_mailbox_is_filled_from_many_addresses(self, typed: dict[str, Any]) -> None:
        most = ASKED_PER_MAILBOX[0]
        answers = [
            Client(REMOTE_ADDR=f"192.0.2.{number}").post(reverse("ask"), typed).status_code
            for number in range(most + 2)
        ]
        assert answers == [302] * most + [429] * 2
        assert Message.objects.count() == most

    @pytest.mark.parametrize("name", ["subject", "institution_name", "contact_name", "contact_position"])
    def test_short_fields_hold_no_web_addresses(self, name: str, typed: dict[str, Any]) -> None:
        answer = Client().post(reverse("ask"), {**typed, name: "Lihat https://contoh.test"})
        assert answer.status_code == 422
        assert not Message.objects.exists()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"contact_email": "bukan alamat"},
            {"contact_name": ""},
            {"institution_kind": "national"},
            {"forms": ["nonsense"]},
            {"books": "0"},
            {"wanted_from": "2020-01-01"},
            {"wishes": ""},
            {"subject": "x\x00y"},
        ],
        ids=str,
    )
    def test_what_cannot_be_is_said_beside_its_field(
        self, wrong: dict[str, Any], typed: dict[str, Any]
    ) -> None:
        answer = Client().post(reverse("ask"), {**typed, **wrong})
        assert answer.status_code == 422
        assert "error-summary" in words(answer)
        assert not CooperationRequest.objects.exists()

    def test_only_a_library_of_this_system_can_be_chosen(
        self, typed: dict[str, Any], school_library: Institution
    ) -> None:
        answer = Client().post(reverse("ask"), {**typed, "office": str(school_library.pk)})
        assert answer.status_code == 422

    def test_the_page_says_what_becomes_of_ones_details(self, library: Institution) -> None:
        page = Client().get(reverse("ask"))
        assert "3 hari" in words(page)
        assert "180 hari" in words(page)

    def test_the_way_in_stands_on_the_front_page_and_at_the_foot(self, library: Institution) -> None:
        assert words(Client().get(reverse("front"))).count(f'href="{reverse("ask")}"') >= 2


class TestLink:
    def test_opening_it_changes_nothing(self, asked: CooperationRequest) -> None:
        with writes() as written:
            for _time in range(3):
                answer = Client().get(link(asked))
                assert answer.status_code == 200
            Client().head(link(asked))
            for name in ("ask_confirm", "ask_message"):
                assert Client().get(link(asked, name)).status_code == 405
            assert Client().get(link(asked, "ask_withdraw")).status_code == 200
        assert written == []
        asked.refresh_from_db()
        assert asked.status == RequestStatus.UNCONFIRMED

    def test_it_is_kept_out_of_caches_and_search_engines(self, asked: CooperationRequest) -> None:
        answer = Client().get(link(asked))
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Referrer-Policy"] == "same-origin"

    def test_pressing_the_button_confirms_and_a_second_press_does_no_harm(
        self, asked: CooperationRequest, officer: Any
    ) -> None:
        for _time in range(2):
            assert Client().post(link(asked, "ask_confirm"))["Location"] == link(asked)
        asked.refresh_from_db()
        assert asked.status == RequestStatus.RECEIVED
        assert Notice.objects.count() == 1

    def test_a_foreign_site_cannot_press_it(self, asked: CooperationRequest) -> None:
        answer = Client(enforce_csrf_checks=True).post(link(asked, "ask_confirm"))
        assert answer.status_code == 403

    def test_a_wrong_link_is_not_found_and_guessing_is_slowed(
        self, asked: CooperationRequest, time_machine: Any
    ) -> None:
        time_machine.move_to(clock.now(), tick=False)  # all of it within one window
        wrong = reverse("ask_follow", args=["A" * 32])
        answers = [Client().get(wrong).status_code for _time in range(70)]
        assert (answers[0], answers[-1]) == (404, 429)
        assert Client().get(link(asked)).status_code == 200  # whoever has it is not slowed

    def test_the_thread_with_a_file_both_ways(self, asked: CooperationRequest, officer: Any) -> None:
        Client().post(link(asked, "ask_confirm"))
        upload = SimpleUploadedFile("surat.pdf", b"%PDF-1.4 surat kami")
        sent = Client().post(link(asked, "ask_message"), {"text": "Ini <b>surat</b> kami.", "file": upload})
        assert sent.status_code == 302
        asked.refresh_from_db()
        write_message(request=asked, actor=officer, text="Terima kasih, kami pelajari.")
        page = words(Client().get(link(asked)))
        assert "Ini &lt;b&gt;surat&lt;/b&gt; kami." in page
        assert "Terima kasih, kami pelajari." in page
        assert str(officer) not in page  # a stranger talks with the library, not with a person
        file = asked.messages.exclude(attachment=None).get().attachment
        assert file is not None
        got = Client().get(link(asked, "ask_file", file.pk))
        assert b"".join(got.streaming_content).endswith(b"surat kami")
        assert Client().get(reverse("file", args=[file.pk])).status_code == 302

    def test_a_file_of_another_thread_is_not_found(
        self, asked: CooperationRequest, library: Institution
    ) -> None:
        other = RequestFactory(office=library, stranger=True)
        upload = SimpleUploadedFile("surat.pdf", b"%PDF-1.4 rahasia")
        Client().post(link(other, "ask_message"), {"text": "Surat.", "file": upload})
        file = other.messages.get().attachment
        assert Client().get(link(asked, "ask_file", file.pk)).status_code == 404

    def test_what_is_no_picture_and_no_pdf_is_refused_and_the_words_stay(
        self, asked: CooperationRequest
    ) -> None:
        Client().post(link(asked, "ask_confirm"))
        upload = SimpleUploadedFile("surat.pdf", b"MZ program")
        answer = Client().post(link(asked, "ask_message"), {"text": "Surat kami.", "file": upload})
        assert answer.status_code == 422
        assert "Surat kami." in words(answer)
        assert not asked.messages.exists()

    def test_an_unconfirmed_request_is_not_talked_about(self, asked: CooperationRequest) -> None:
        answer = Client().post(link(asked, "ask_message"), {"text": "Halo"})
        assert answer.status_code == 409
        assert not asked.messages.exists()

    def test_a_flood_by_the_link_is_stopped(self, library: Institution) -> None:
        row = RequestFactory(office=library, stranger=True)
        most = SENT_PER_LINK[0]
        answers = [
            Client().post(link(row, "ask_message"), {"text": f"Pesan {number}"}).status_code
            for number in range(most + 1)
        ]
        assert answers == [302] * most + [429]

    def test_withdrawing_asks_first(self, library: Institution) -> None:
        row = RequestFactory(office=library, stranger=True)
        assert Client().post(link(row, "ask_withdraw"))["Location"] == link(row)
        row.refresh_from_db()
        assert row.status == RequestStatus.WITHDRAWN
        again = Client().post(link(row, "ask_withdraw"))
        assert again.status_code == 409
