"""A program says that a book is not on its shelf, and puts another in its place (L3)."""

from typing import Any

import pytest

from libraries.catalogue.models import Title
from loans.models import Consignment, MissingCopy
from tests.api.conftest import Program

pytestmark = pytest.mark.django_db


def test_the_whole_way(program: Program, picking: Consignment, circulation: Any, school: Any) -> None:
    Title.objects.update(reading_level="early", ddc="598.2")
    client = program(circulation)
    line = picking.lines.select_related("copy").first()
    own = f"/api/v1/consignments/{picking.pk}/"
    sent = {"barcode": line.copy.barcode, "note": "rak kosong"}
    answer = client.post(f"{own}report_missing/", sent)
    assert answer.status_code == 201, answer.json()
    said = answer.json()
    assert said["copy"]["display"] == line.copy.barcode and said["available_actions"] == [
        "substitute",
        "find",
    ]
    assert client.get(own).json()["shortfall"] == [{"reason": "not_on_shelf", "missing": 1}]
    offered = client.get(f"{said['url']}substitutes/").json()["results"]
    assert [row["reason"] for row in offered] == ["same_cell"] * 3
    assert (
        client.post(f"{said['url']}substitute/", {"barcode": "TIDAK-ADA"}).json()["code"]
        == "not_free_any_more"
    )
    put = client.post(f"{said['url']}substitute/", {"barcode": offered[1]["barcode"]})
    assert (put.status_code, put.json()["copy"]["display"]) == (201, offered[1]["barcode"])
    assert client.get(said["url"]).json()["substitute"]["display"] == offered[1]["barcode"]
    assert client.get(f"/api/v1/missing-copies/?open=true&consignment={picking.pk}").json()["results"]
    found = client.post(f"{said['url']}find/", {})
    assert found.status_code == 200 and found.json()["found_at"]
    assert client.get("/api/v1/missing-copies/?open=true").json()["results"] == []
    assert program(school).get(said["url"]).status_code == 404
    assert MissingCopy.objects.count() == 1
