"""Wishes over the API (L10): by the school, by its library for it, answered by the desk."""

from typing import Any

import pytest

from libraries.models import Institution, User
from loans.models import Programme, Wish
from tests.api.conftest import Program
from tests.factories import CopyFactory, TitleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides(programme: Programme) -> dict[str, str]:
    return {"lender": str(programme.lender_id), "partner": str(programme.partner_id)}


def test_wished_promised_and_taken_back(
    program: Program, sides: dict[str, str], programme: Programme, school: User, circulation: User
) -> None:
    client, desk = program(school), program(circulation)
    title = CopyFactory(owner=programme.lender).title
    made = client.post("/api/v1/wishes/", {**sides, "title": str(title.pk), "priority": 3})
    assert made.status_code == 201, made.json()
    row = made.json()
    assert (row["status"], row["stock"], row["free"], row["remark"]) == ("open", 1, 1, "")
    assert row["available_actions"] == ["withdraw"]
    twice = client.post("/api/v1/wishes/", {**sides, "title": str(title.pk)})
    assert (twice.status_code, twice.json()["code"]) == (409, "wished_already")
    period = programme.periods.first()
    wanting = desk.post(f"{row['url']}promise/", {})
    assert (wanting.status_code, wanting.json()["errors"][0]["pointer"]) == (400, "/period")
    promised = desk.post(f"{row['url']}promise/", {"period": str(period.pk), "note": "Ada."}).json()
    assert (promised["status"], promised["answer"]) == ("planned", "Ada.")
    assert promised["available_actions"] == ["promise", "serve", "decline"]
    assert client.post(f"{row['url']}decline/", {"note": "x"}).status_code == 403
    assert client.post(f"{row['url']}withdraw/").json()["status"] == "withdrawn"
    steps = client.get(f"{row['url']}events/").json()["results"]
    assert [step["action"] for step in steps] == ["make", "promise", "withdraw"]


def test_what_the_library_does_not_have_is_said_at_once(
    program: Program, sides: dict[str, str], circulation: User
) -> None:
    made = program(circulation).post("/api/v1/wishes/", {**sides, "title": str(TitleFactory().pk)})
    assert (made.status_code, made.json()["stock"]) == (201, 0)
    assert made.json()["remark"]


def test_a_school_wishes_for_itself_alone(
    program: Program, sides: dict[str, str], other_school: User, school: User, library: Institution
) -> None:
    foreign = program(other_school).post("/api/v1/wishes/", {**sides, "subject": "500"})
    assert (foreign.status_code, foreign.json()["errors"][0]["pointer"]) == (400, "/partner")
    own = {**sides, "partner": str(other_school.memberships.get().institution_id)}
    without = program(other_school).post("/api/v1/wishes/", {**own, "subject": "500"})
    assert (without.status_code, without.json()["code"]) == (403, "no_programme")
    nonsense = program(school).post("/api/v1/wishes/", {**sides, "subject": "500", "words": "Atlas"})
    assert (nonsense.status_code, nonsense.json()["code"]) == (422, "one_thing")
    assert not Wish.objects.exists()


def test_filters(program: Program, sides: dict[str, str], school: User, circulation: User) -> None:
    client, desk = program(school), program(circulation)

    def count(query: str) -> int:
        answer = desk.get(f"/api/v1/wishes/?{query}")
        assert answer.status_code == 200, answer.json()
        return len(answer.json()["results"])

    first = client.post("/api/v1/wishes/", {**sides, "subject": "500", "reading_level": "early"}).json()
    client.post("/api/v1/wishes/", {**sides, "words": "Atlas Dunia", "priority": 1})
    assert (count("q=atlas"), count("q=benteng+dunia"), count("q=zebra")) == (1, 1, 0)
    assert (count("subject=500"), count("priority=1"), count("unanswered=true")) == (1, 1, 2)
    declined: Any = desk.post(f"{first['url']}decline/", {"note": "Belum ada."})
    assert declined.json()["answer"] == "Belum ada."
    assert (count("status=declined"), count("unanswered=true"), count("unanswered=false")) == (1, 1, 1)
