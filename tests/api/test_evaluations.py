"""Judging a cooperation over the API: from an aim to the frozen figures (A11)."""

from typing import Any

import pytest

from agreements.models import Agreement
from agreements.services.measuring import add_indicator
from kerjasama.domain import clock
from libraries.models import User
from tests.api.conftest import Program
from tests.factories import IndicatorFactory

pytestmark = pytest.mark.django_db


def test_from_an_aim_to_a_finished_evaluation(
    program: Program, agreement: Agreement, officer: User, school: User, dispatched: Any
) -> None:
    agreement = dispatched.period.programme.agreement
    client, today = program(officer), clock.today().isoformat()
    aim = client.post(
        "/api/v1/indicators/",
        {"agreement": str(agreement.pk), "kind": "visits", "baseline_value": "100", "target_value": "120"},
    )
    assert aim.status_code == 201, aim.json()
    assert (aim.json()["direction"], aim.json()["unit"]) == ("more", "kunjungan")
    add_indicator(agreement=agreement, actor=officer, kind="books_out")
    value = client.post(
        "/api/v1/measurements/",
        {
            "indicator": aim.json()["id"],
            "starts_on": agreement.starts_on.isoformat(),
            "ends_on": today,
            "value": "130",
        },
    )
    assert (value.status_code, value.json()["source"]) == (201, "entered")
    draft = client.post("/api/v1/evaluations/", {"agreement": str(agreement.pk)})
    assert draft.status_code == 201, draft.json()
    url = draft.json()["url"]
    assert draft.json()["available_actions"] == ["finish"]
    counted = client.post(f"{url}count/")
    assert [line["measured"] for line in counted.json()["figures"]] == ["130.00", "5.00"]
    noted = client.post(f"{url}note_obstacle/", {"kind": "staff", "description": "Guru berganti."})
    assert noted.json()["obstacles"][0]["description"] == "Guru berganti."
    refused = client.post(f"{url}finish/")
    assert (refused.status_code, refused.json()["code"]) == (422, "incomplete")
    etag = client.get(url)["ETag"]
    changed = client.patch(
        url, {"conclusion": "Berhasil.", "recommendation": "renew"}, headers={"If-Match": etag}
    )
    assert changed.status_code == 200, changed.json()
    partner = program(school)
    assert partner.get(url).status_code == 404
    done = client.post(f"{url}finish/")
    assert (done.status_code, done.json()["available_actions"]) == (200, ["reopen"])
    seen = partner.get(url).json()
    assert [line["verdict"] for line in seen["figures"]] == ["reached", "noted"]
    assert seen["available_actions"] == []
    assert partner.get("/api/v1/indicators/").json()["results"] == []
    assert partner.post(f"{url}reopen/", {"note": "x"}).status_code == 403


def test_an_obstacle_from_its_note_to_its_end(
    program: Program, agreement: Agreement, officer: User, circulation: User
) -> None:
    client = program(officer)
    noted = client.post(
        "/api/v1/obstacles/",
        {"agreement": str(agreement.pk), "kind": "funds", "description": "Dana terbatas."},
    )
    assert noted.status_code == 201, noted.json()
    url = noted.json()["url"]
    changed = client.patch(url, {"remedy": "Dianggarkan."}, headers={"If-Match": noted["ETag"]})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert len(client.get("/api/v1/obstacles/?resolved=false&kind=funds").json()["results"]) == 1
    assert program(circulation).post(f"{url}resolve/", {"resolution": "x"}).status_code == 403
    done = client.post(f"{url}resolve/", {"resolution": "Sudah dianggarkan."})
    assert done.json()["resolved_on"] == clock.today("Asia/Jakarta").isoformat()
    assert client.post(f"{url}resolve/", {"resolution": "x"}).json()["code"] == "already_resolved"
    assert len(client.get("/api/v1/obstacles/?resolved=true").json()["results"]) == 1


def test_filters_narrow(program: Program, agreement: Agreement, officer: User) -> None:
    IndicatorFactory(agreement=agreement)
    client = program(officer)
    for query, count in (
        ("indicators/?kind=visits", 1),
        ("indicators/?kind=members", 0),
        (f"indicators/?agreement={agreement.pk}", 1),
        ("measurements/?source=counted", 0),
        ("evaluations/?status=finished", 0),
    ):
        answer = client.get(f"/api/v1/{query}")
        assert (answer.status_code, len(answer.json()["results"])) == (200, count), query


def test_somebody_elses_indicator_does_not_exist(
    program: Program, agreement: Agreement, perpusnas: User
) -> None:
    row = IndicatorFactory(agreement=agreement)
    today = clock.today().isoformat()
    answer = program(perpusnas).post(
        "/api/v1/measurements/",
        {"indicator": str(row.pk), "starts_on": today, "ends_on": today, "value": "1"},
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "does_not_exist"


def test_an_aim_is_taken_back_as_long_as_nothing_was_measured(
    program: Program, agreement: Agreement, officer: User, circulation: User, school: User
) -> None:
    aim = IndicatorFactory(agreement=agreement)
    url, client, today = f"/api/v1/indicators/{aim.pk}/remove/", program(officer), clock.today().isoformat()
    value = client.post(
        "/api/v1/measurements/",
        {"indicator": str(aim.pk), "starts_on": today, "ends_on": today, "value": "3"},
    ).json()
    refused = client.post(url)
    assert (refused.status_code, refused.json()["code"]) == (409, "measured")
    for stranger, status in ((circulation, 403), (school, 404)):
        assert program(stranger).post(f"{value['url']}remove/").status_code == status
        assert program(stranger).post(url).status_code == status
    assert client.post(f"{value['url']}remove/").json() == {"id": value["id"], "removed": True}
    assert client.post(url).json() == {"id": str(aim.pk), "removed": True}
    assert client.post(url).status_code == 404
