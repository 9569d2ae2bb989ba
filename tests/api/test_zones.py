"""Programs fetch zone by zone, and swap at the door (L3, L6)."""

from typing import Any

import pytest

from loans.models import Consignment
from loans.services.returning import open_return_visit
from tests.api.conftest import Program

pytestmark = pytest.mark.django_db


def test_a_zone_is_claimed_listed_printed_and_left(
    program: Program, picking: Consignment, circulation: Any, officer: Any
) -> None:
    own, client = f"/api/v1/consignments/{picking.pk}/", program(circulation)
    made = {"office": str(picking.lender_id), "name": "Semua rak", "shelves": "000-999", "position": 1}
    zone = client.post("/api/v1/shelf-zones/", made)
    assert zone.status_code == 201, zone.json()
    parts = client.get(f"{own}zones/").json()["results"]
    assert [(row["name"], row["total"], row["claimed_by"]) for row in parts] == [("Semua rak", 5, "")]
    key = parts[0]["zone"]
    said = client.post(f"{own}claim_zone/", {"zone": key}).json()["results"]
    assert said[0]["claimed_by"] == str(circulation) and len(said[0]["waiting"]) == 5
    taken = program(officer).post(f"{own}claim_zone/", {"zone": key})
    assert (taken.status_code, taken.json()["code"]) == (409, "zone_taken")
    assert client.get(f"{own}pick_list/?zone={key}").content.startswith(b"%PDF-")
    assert client.get(f"{own}pick_list/?zona={key}").status_code == 400
    left = client.post(f"{own}leave_zone/", {"zone": key}).json()["results"]
    assert left[0]["claimed_by"] == ""
    assert client.post(f"{zone.json()['url']}remove/", {}).json()["removed"] is True


def test_a_swap_in_one_call(program: Program, dispatched: Consignment, circulation: Any) -> None:
    client = program(circulation)
    url = f"/api/v1/programmes/{dispatched.period.programme_id}/swap/"
    assert client.post(url, {}).json()["code"] == "nothing_to_swap"
    visit = open_return_visit(lender=dispatched.lender, partner=dispatched.partner, actor=circulation)
    copies = [{"barcode": line.copy.barcode} for line in dispatched.lines.select_related("copy")]
    client.post(f"/api/v1/return-visits/{visit.pk}/take_back/", {"copies": copies})
    done = client.post(url, {}).json()
    assert (done["return_visit"], done["consignment"], done["handover_record"]) == (str(visit.pk), None, "")
    assert done["return_record"]
