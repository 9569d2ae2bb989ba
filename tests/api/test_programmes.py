"""Programmes over the API: several of one agreement, weekdays, a look before a move, a pause, another end, everything home."""

from datetime import timedelta
from typing import Any

import pytest

from agreements.models import Agreement
from kerjasama.domain import clock
from libraries.models import Institution, User
from tests.api.conftest import Program
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(library: Institution, school_library: Institution) -> Agreement:
    today = clock.today()
    row: Agreement = AgreementFactory(
        office=library,
        partner=school_library,
        in_force=True,
        starts_on=today,
        ends_on=today + timedelta(days=364),
    )
    row.lending_term.quantity = 10
    row.lending_term.save()
    return row


def opened(client: Any, agreement: Agreement, **given: Any) -> Any:
    return client.post("/api/v1/programmes/", {"agreement": str(agreement.pk), **given})


def test_several_programmes_share_what_was_agreed(
    program: Program, circulation: User, agreement: Agreement
) -> None:
    client = program(circulation)
    lower = opened(client, agreement, label="Kelas 1–3", quantity=6, weekdays=[0, 3]).json()
    assert (lower["label"], lower["quantity"], lower["weekdays"]) == ("Kelas 1–3", 6, [0, 3])
    unnamed = opened(client, agreement)
    assert (unnamed.status_code, unnamed.json()["code"]) == (409, "programme_exists")
    upper = opened(client, agreement, label="Kelas 4–6").json()
    assert upper["quantity"] == 4
    url = f"/api/v1/programmes/{upper['id']}/"
    terms = {"label": "Kelas 4–6", "quantity": 5, "interval_months": 3}
    refused = client.post(f"{url}set_terms/", terms)
    assert (refused.status_code, refused.json()["code"]) == (422, "quantity_above_agreed")
    changed = client.post(f"{url}set_terms/", {**terms, "quantity": 3, "label": "Pojok baca"}).json()
    assert (changed["label"], changed["quantity"]) == ("Pojok baca", 3)


def test_a_move_is_looked_at_before_it_is_made(
    program: Program, circulation: User, school: User, agreement: Agreement
) -> None:
    client = program(circulation)
    programme = opened(client, agreement).json()
    rows = client.get(f"/api/v1/periods/?programme={programme['id']}").json()["results"]
    second = min(rows, key=lambda row: (row["sequence"] != 2, row["sequence"]))
    url = f"/api/v1/periods/{second['id']}/"
    look = client.post(f"{url}look_at_move/", {"starts_on": "2020-01-01"}).json()
    assert (look["possible"], look["code"]) == (False, "date_past") and look["problem"]
    day = second["starts_on"]
    assert client.post(f"{url}look_at_move/", {"starts_on": day}).json()["possible"] is True
    stale = client.post(f"{url}move/", {"starts_on": day, "expected": "2020-01-01"})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert program(school).post(f"{url}look_at_move/", {"starts_on": day}).status_code == 403


def test_weekdays_a_pause_another_end_and_everything_home(
    program: Program, circulation: User, agreement: Agreement
) -> None:
    client = program(circulation)
    url = f"/api/v1/programmes/{opened(client, agreement).json()['id']}/"
    assert client.post(f"{url}set_weekdays/", {"weekdays": [2]}).json()["moved"] >= 0
    assert client.get(url).json()["weekdays"] == [2]
    assert client.post(f"{url}set_weekdays/", {"weekdays": [9]}).status_code == 400
    # The school is closed on Sundays.
    closed = client.post(f"{url}set_weekdays/", {"weekdays": [6]})
    assert (closed.status_code, closed.json()["code"]) == (422, "weekdays_closed")
    until = (clock.today() + timedelta(days=120)).isoformat()
    paused = client.post(f"{url}pause/", {"note": "renovasi", "until": until}).json()
    assert (paused["status"], paused["paused_until"]) == ("paused", until)
    resumed = client.post(f"{url}resume/").json()
    assert (resumed["status"], resumed["paused_until"]) == ("running", None)
    last = (clock.today() + timedelta(days=200)).isoformat()
    assert client.post(f"{url}extend/", {"ends_on": last}).json()["ends_on"] == last
    beyond = (clock.today() + timedelta(days=900)).isoformat()
    refused = client.post(f"{url}extend/", {"ends_on": beyond})
    assert (refused.status_code, refused.json()["code"]) == (422, "beyond_agreement")
    # Nothing is out, so there is nothing to wait for.
    assert client.post(f"{url}bring_home/", {"note": "pindah"}).json()["status"] == "ended"
