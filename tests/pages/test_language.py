"""The language switch is remembered for the person, not only for the device."""

import pytest

pytestmark = pytest.mark.django_db


def test_who_switches_while_signed_in_gets_mails_in_that_language(signed_in, school):
    client = signed_in(school)
    client.post("/bahasa/", {"language": "en", "next": "/portal/"})
    school.refresh_from_db()
    assert school.language == "en"
    assert b'lang="en"' in client.get("/portal/").content


def test_a_language_that_we_do_not_speak_changes_nothing(signed_in, school):
    signed_in(school).post("/bahasa/", {"language": "xx", "next": "/portal/"})
    school.refresh_from_db()
    assert school.language == "id"


def test_a_guest_switches_for_the_device_only(signed_in, db):
    client = signed_in(None)
    client.post("/bahasa/", {"language": "en", "next": "/"})
    assert b'lang="en"' in client.get("/").content
