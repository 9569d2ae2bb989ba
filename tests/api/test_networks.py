"""Networks, readiness and follow-ups over the API, from the first question to the last follow-up (D6, D7)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kerjasama.domain import clock
from libraries.models import Institution, StoredFile, User
from libraries.questions import CONDITIONS
from tests.api.conftest import Program
from tests.factories import NetworkFactory

pytestmark = pytest.mark.django_db


def test_a_network_from_its_founding_to_its_end(
    program: Program, officer: User, school: User, library: Institution, school_library: Institution
) -> None:
    client = program(officer)
    made = client.post(
        "/api/v1/networks/", {"office": str(library.pk), "name": "Jaringan Uji", "kind": "consortium"}
    )
    assert made.status_code == 201, made.json()
    url = made.json()["url"]
    assert program(school).get(url).status_code == 404
    joined = client.post(f"{url}admit/", {"institution": str(school_library.pk)}).json()
    ids = {row["institution"]["id"]: row["id"] for row in joined["members"]}
    assert client.post(f"{url}activate/").json()["code"] == "no_focal_point"
    led = client.post(f"{url}appoint_focal_point/", {"member": ids[str(library.pk)]}).json()
    assert (led["focal_point"]["id"], led["member_count"]) == (str(library.pk), 2)
    assert client.post(f"{url}activate/").json()["code"] == "legal_form_missing"
    tag = client.get(url)["ETag"]
    changed = client.patch(url, {"legal_form": "decree"}, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.json()
    assert client.patch(url, {"legal_form": "none"}, headers={"If-Match": tag}).status_code == 412
    assert client.post(f"{url}activate/").json()["status"] == "active"
    assert program(school).get(url).json()["available_actions"] == []
    refused = client.post(f"{url}leave/", {"member": ids[str(library.pk)], "note": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "focal_point_stays")
    ended = client.post(f"{url}dissolve/", {"note": "Selesai"}).json()
    assert (ended["status"], ended["member_count"], len(ended["members"])) == ("dissolved", 0, 2)
    steps = [event["action"] for event in client.get(f"{url}events/").json()["results"]]
    assert steps == ["found", "admit", "appoint_focal_point", "activate", "dissolve"]


def test_a_member_of_another_network_is_none_here(
    program: Program, officer: User, library: Institution
) -> None:
    here, there = NetworkFactory(office=library), NetworkFactory()
    answer = program(officer).post(
        f"/api/v1/networks/{here.pk}/appoint_focal_point/", {"member": str(there.members.get().pk)}
    )
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "does_not_exist")


def test_readiness_asked_answered_and_followed_up(
    program: Program, officer: User, school: User, library: Institution, school_library: Institution
) -> None:
    office, partner = program(officer), program(school)
    due_on = (clock.today() + timedelta(days=14)).isoformat()
    body = {"office": str(library.pk), "respondent": str(school_library.pk), "due_on": due_on}
    asked = office.post("/api/v1/assessments/", body)
    assert asked.status_code == 201, asked.json()
    assert (asked.json()["readiness"], asked.json()["available_actions"]) == (None, ["answer", "cancel"])
    assert office.post("/api/v1/assessments/", body).json()["code"] == "already_asked"
    url = asked.json()["url"]
    answers = [{"question": code, "value": "yes"} for code in CONDITIONS.codes]
    part = partner.post(f"{url}answer/", {"answers": answers[:3]})
    assert (part.status_code, part.json()["code"]) == (422, "unanswered")
    answers[4] |= {"value": "no", "note": "Belum ada"}
    done = partner.post(f"{url}answer/", {"answers": answers}).json()
    assert (done["status"], done["readiness"]) == ("answered", 88)
    assert partner.get(f"{url}pdf/").content.startswith(b"%PDF-")
    gap = office.get("/api/v1/follow-ups/?status=open").json()["results"][0]
    assert (gap["question"], gap["institution"]["id"]) == ("catalogue", str(school_library.pk))
    more = office.post(
        "/api/v1/follow-ups/", {"assessment": done["id"], "what": "Pelatihan", "due_on": due_on}
    )
    assert more.status_code == 201, more.json()
    assert partner.post(f"{gap['url']}complete/", {"note": "Selesai"}).json()["status"] == "done"
    assert partner.post(f"{gap['url']}reopen/").status_code == 403
    assert office.post(f"{url}review/", {}).json()["status"] == "reviewed"


def test_a_file_is_handed_in_first_and_then_named_in_the_answer(
    program: Program, officer: User, school: User, library: Institution, school_library: Institution
) -> None:
    office, partner = program(officer), program(school)
    due_on = (clock.today() + timedelta(days=14)).isoformat()
    body = {"office": str(library.pk), "respondent": str(school_library.pk), "due_on": due_on}
    url = office.post("/api/v1/assessments/", body).json()["url"]

    def send(client: Any, content: bytes = b"%PDF-1.4 rak") -> Any:
        upload = SimpleUploadedFile("rak.pdf", content, content_type="application/pdf")
        return client.post(f"{url}attach_evidence/", {"file": upload}, format="multipart")

    kept = send(partner)
    assert kept.status_code == 201, kept.json()
    assert (kept.json()["original_name"], kept.json()["size"]) == ("rak.pdf", 12)
    assert (send(partner, b"MZ program").json()["code"], StoredFile.objects.count()) == ("file_kind", 1)
    by_hand = send(office).json()["id"]  # the desk writes down what it is told, and has a file of its own
    answers = [{"question": code, "value": "yes"} for code in CONDITIONS.codes]
    answers[0]["evidence"] = by_hand
    refused = partner.post(f"{url}answer/", {"answers": answers})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "does_not_exist")
    answers[0]["evidence"] = kept.json()["id"]
    done = partner.post(f"{url}answer/", {"answers": answers}).json()
    assert [row["has_evidence"] for row in done["answers"]].count(True) == 1
    assert (send(partner).status_code, StoredFile.objects.count()) == (409, 2)
