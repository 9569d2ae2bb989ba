"""Planned books and titles never sent, over the API (L2)."""

from typing import Any

import pytest

from libraries.catalogue.models import Copy
from libraries.models import Institution, User
from loans.models import Period, PlannedBook, Programme, TitleBan
from loans.services.programmes import open_programme
from tests.factories import AgreementFactory, shelve

pytestmark = pytest.mark.django_db

URL = "/api/v1/planned-books/"


@pytest.fixture
def shelf(library: Institution) -> list[Copy]:
    return shelve(library, 20)


@pytest.fixture
def programme(library: Institution, circulation: User) -> Programme:
    return open_programme(agreement=AgreementFactory(office=library, in_force=True), actor=circulation)


@pytest.fixture
def coming(programme: Programme) -> Period:
    return programme.periods.get(sequence=2)


def test_a_book_is_fixed_replaced_released_and_removed(
    program: Any, circulation: User, coming: Period, shelf: list[Copy]
) -> None:
    client = program(circulation)
    made = client.post(URL, {"period": str(coming.pk), "barcode": shelf[0].barcode})
    assert (made.status_code, made.json()["is_locked"]) == (201, True), made.content
    assert made.json()["available_actions"] == ["remove", "unlock"]
    url = f"{URL}{made.json()['id']}/"
    changed = client.patch(url, {"title": str(shelf[3].title_id)}, headers={"If-Match": "*"})
    assert (changed.status_code, changed.json()["copy"]["id"]) == (200, str(shelf[3].pk)), changed.content
    assert client.post(f"{url}unlock/").json()["is_locked"] is False
    assert client.post(f"{url}lock/").json()["is_locked"] is True
    assert client.get(f"{URL}?is_locked=true").json()["results"][0]["id"] == made.json()["id"]
    assert client.post(f"{url}remove/").json() == {"id": made.json()["id"], "removed": True}
    assert not PlannedBook.objects.exists()


def test_refusals_have_their_code(
    program: Any, circulation: User, coming: Period, shelf: list[Copy], school: User
) -> None:
    client = program(circulation)
    told = {"period": str(coming.pk)}
    assert client.post(URL, told).status_code == 400
    both = client.post(URL, {**told, "barcode": "x", "copy": str(shelf[0].pk)})
    assert both.status_code == 400
    unknown = client.post(URL, {**told, "barcode": "tidak-ada"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_barcode")
    Copy.objects.filter(pk=shelf[0].pk).update(may_travel=False)
    stays = client.post(URL, {**told, "copy": str(shelf[0].pk)})
    assert (stays.status_code, stays.json()["code"]) == (409, "copy_stays_here")


def test_a_ban_is_made_listed_and_lifted(
    program: Any,
    circulation: User,
    library: Institution,
    programme: Programme,
    coming: Period,
    shelf: list[Copy],
) -> None:
    client = program(circulation)
    told = {
        "lender": str(library.pk),
        "partner": str(programme.partner_id),
        "title": str(shelf[0].title_id),
        "reason": "Sudah punya.",
    }
    PlannedBook.objects.create(period=coming, title=shelf[0].title, copy=shelf[0], is_locked=True)
    fixed = client.post("/api/v1/title-bans/", told)
    assert (fixed.status_code, fixed.json()["code"]) == (409, "fixed_by_hand")
    PlannedBook.objects.update(is_locked=False)
    made = client.post("/api/v1/title-bans/", told)
    assert (made.status_code, made.json()["available_actions"]) == (201, ["lift"])
    assert not PlannedBook.objects.exists()
    listed = client.get(f"/api/v1/title-bans/?partner={programme.partner_id}").json()["results"]
    assert [row["reason"] for row in listed] == ["Sudah punya."]
    lifted = client.post(f"/api/v1/title-bans/{made.json()['id']}/lift/").json()
    assert (lifted["removed"], TitleBan.objects.exists()) == (True, False)
