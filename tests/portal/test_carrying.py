"""A session that runs out in the middle of a form loses nothing that was typed (U6, "an expired session")."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from kerjasama.domain import clock
from libraries.models import User
from libraries.portal.carrying import MOST_CHARACTERS, SESSION_KEY
from loans.models import Consignment, LoanLine
from tests.portal.conftest import words

PASSWORD = "kata sandi uji 2026"


def sign_in(browser: Client, user: User, address: str) -> str:
    """By the form, as a person does it; returns where the sign-in leads."""
    answer = browser.post(address, {"login": user.username, "password": PASSWORD})
    assert answer.status_code == 302, words(answer)[:500]
    return str(answer.url)


@pytest.fixture
def expired(client: Client) -> Client:
    """A phone whose session is over: the server no longer knows it."""
    return client


def test_a_report_is_there_again_after_the_sign_in(
    expired: Client, school: User, received: Consignment, photograph: Callable[[], SimpleUploadedFile]
) -> None:
    line = received.lines.all()[0]
    address = reverse("portal:report_loss", args=[line.pk])
    answer = expired.post(
        address, {"kind": "damaged", "account": "Kena hujan saat pulang.", "photograph": photograph()}
    )
    assert answer.status_code == 302
    assert "tersimpan" in words(expired.get(answer.url)), "the sign-in page says that nothing is lost"
    back = sign_in(expired, school, answer.url)
    assert back == address
    page = words(expired.get(back))
    assert "Isian Anda masih ada" in page
    assert "Kena hujan saat pulang." in page
    assert "checked" in page
    # Reading takes nothing away: a reload shows it again.
    assert "Kena hujan saat pulang." in words(expired.get(back))
    sent = expired.post(back, {"kind": "damaged", "account": "Kena hujan saat pulang."})
    assert sent.status_code == 302
    assert SESSION_KEY not in expired.session


def test_signing_in_by_code_brings_it_back_as_well(
    expired: Client, school: User, received: Consignment, mailoutbox: list[EmailMessage]
) -> None:
    """Schools sign in by a code (U10); the address of the form travels through all of its pages."""
    address = reverse("portal:report_loss", args=[received.lines.all()[0].pk])
    answer = expired.post(address, {"kind": "lost", "account": "Tidak ada di rak."})
    sign_in_page = expired.get(answer.url).content.decode()
    by_code = re.search(r'href="(/akun/login/code/[^"]*)"', sign_in_page)
    assert by_code
    ask = by_code[1].replace("&amp;", "&")
    asked = expired.post(ask, {"email": school.email})
    assert asked.status_code == 302
    code = re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", str(mailoutbox[-1].body), re.MULTILINE)
    assert code, mailoutbox[-1].body
    signed_in = expired.post(asked.url, {"code": code[1]})
    assert signed_in.status_code == 302
    assert signed_in.url == address
    assert "Tidak ada di rak." in words(expired.get(address))


def test_ticks_are_there_again(
    expired: Client, school: User, dispatched: Consignment, lines: list[LoanLine]
) -> None:
    address = reverse("portal:confirm_missing", args=[dispatched.pk])
    answer = expired.post(
        address, {"line": [str(lines[1].pk)], "shown": [str(line.pk) for line in lines], "look": "1", "q": ""}
    )
    page = expired.get(sign_in(expired, school, answer.url)).content.decode()
    boxes = [tag for tag in page.split("<input") if 'name="line"' in tag]
    assert [str(lines[1].pk) in tag for tag in boxes if "checked" in tag] == [True]


def test_the_name_on_the_last_page_is_there_again(
    expired: Client, school: User, dispatched: Consignment
) -> None:
    address = reverse("portal:confirm_check", args=[dispatched.pk])
    answer = expired.post(address, {"received_by": "Bu Rahmi dan Pak Edi"})
    dispatched.refresh_from_db()
    assert dispatched.received_on is None
    page = words(expired.get(sign_in(expired, school, answer.url)))
    assert "Bu Rahmi dan Pak Edi" in page


def test_another_persons_page_shows_nothing(
    expired: Client, other_school: User, received: Consignment
) -> None:
    line = received.lines.all()[0]
    answer = expired.post(reverse("portal:report_loss", args=[line.pk]), {"account": "Rahasia sekolah"})
    response = expired.get(sign_in(expired, other_school, answer.url))
    assert response.status_code == 404
    assert "Rahasia sekolah" not in words(response)


def test_a_foreign_form_is_not_kept(received: Consignment) -> None:
    strict = Client(enforce_csrf_checks=True)
    line = received.lines.all()[0]
    answer = strict.post(reverse("portal:report_loss", args=[line.pk]), {"account": "dari situs lain"})
    assert answer.status_code == 403
    assert SESSION_KEY not in strict.session


def test_what_is_too_large_is_not_kept(expired: Client, received: Consignment) -> None:
    line = received.lines.all()[0]
    answer = expired.post(
        reverse("portal:report_loss", args=[line.pk]), {"account": "x" * (MOST_CHARACTERS + 1)}
    )
    assert answer.status_code == 302
    assert SESSION_KEY not in expired.session


def test_other_pages_keep_nothing(expired: Client, db: None) -> None:
    expired.post("/admin/", {"name": "x"})
    assert SESSION_KEY not in expired.session


def test_it_is_forgotten_after_two_hours(expired: Client, school: User, received: Consignment) -> None:
    line = received.lines.all()[0]
    answer = expired.post(reverse("portal:report_loss", args=[line.pk]), {"account": "Kemarin dulu"})
    back = sign_in(expired, school, answer.url)
    with time_machine.travel(clock.now() + timedelta(hours=3), tick=False):
        assert "Kemarin dulu" not in words(expired.get(back))


def test_the_token_of_the_old_form_is_not_kept(expired: Client, received: Consignment) -> None:
    line = received.lines.all()[0]
    expired.post(
        reverse("portal:report_loss", args=[line.pk]), {"csrfmiddlewaretoken": "lama", "account": "x"}
    )
    assert "csrfmiddlewaretoken" not in expired.session[SESSION_KEY]["typed"]
