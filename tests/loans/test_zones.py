"""Pick lists by zone (L3): where a book stands, one picker's part, and two people who do not get in each other's way."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from libraries.catalogue.models import Copy, Title
from libraries.models import Institution, User
from loans.models import Consignment, LoanLine, ShelfZone, ZoneClaim
from loans.services.printing import _pick_list
from loans.services.scanning import scan
from loans.services.zones import (
    House,
    chosen_part,
    claim_zone,
    keep_zone,
    leave_zone,
    parts_of,
    remove_zone,
)
from tests.factories import CopyFactory, TitleFactory

pytestmark = pytest.mark.django_db


def stands(office: Institution, call_number: str = "", location: str = "", ddc: str = "") -> str:
    copy = CopyFactory.build(
        owner=office, call_number=call_number, location=location, title=TitleFactory.build(ddc=ddc)
    )
    return House(office.pk).zone_of(copy).name


@pytest.fixture
def spread(picking: Consignment) -> Consignment:
    """Five books: two in the children's room, two among the 500s, one without any number."""
    where = [
        ("899 B", "Ruang Anak"),
        ("899 A", "Ruang Anak"),
        ("598.2 X", ""),
        ("513 Y", ""),
        ("tanpa", ""),
    ]
    lines = LoanLine.objects.filter(consignment=picking).in_shelf_order()
    for line, (call, location) in zip(lines, where, strict=True):
        Copy.objects.filter(pk=line.copy_id).update(call_number=call, location=location)
    Title.objects.update(ddc="")
    return picking


class TestWhereABookStands:
    def test_without_zones_by_its_location_then_by_its_class(self, library: Institution) -> None:
        assert stands(library, "598.2 SUS", "Ruang Anak") == "Ruang Anak"
        assert stands(library, "598.2 SUS").startswith("500 ")
        assert stands(library, "R 030 ENS").startswith("000 ")
        assert stands(library, "", ddc="297.1").startswith("200 ")
        with translation.override("en"):
            assert stands(library, "FIK AND") == "Without a number"

    @pytest.mark.parametrize(
        ("shelves", "call_number", "location", "there"),
        [
            ("000-299", "297.1 SUS", "", True),
            ("000 – 299", "300 SUS", "", False),
            ("500-599, FIK", "FIK AND", "", True),
            ("FIK", "FIKSI AND", "", False),
            ("R", "R 030", "", True),
            ("R", "ROM 1", "", False),
            ("899", "899.221 HIR", "", True),
            ("899", "89.1 HIR", "", False),
            ("ruang anak", "513", "Ruang Anak", True),
            (" , ", "513", "Ruang Anak", False),
        ],
    )
    def test_a_zone_names_classes_letters_or_a_room(
        self, shelves: str, call_number: str, location: str, there: bool, library: Institution
    ) -> None:
        ShelfZone.objects.create(office=library, name="Zona uji", shelves=shelves)
        assert (stands(library, call_number, location) == "Zona uji") is there

    def test_the_first_zone_of_the_round_that_fits(self, library: Institution, circulation: User) -> None:
        keep_zone(office=library, actor=circulation, name="Lantai 2", shelves="000-999", position=2)
        keep_zone(office=library, actor=circulation, name="Anak", shelves="Ruang Anak", position=1)
        assert stands(library, "513", "Ruang Anak") == "Anak"
        assert stands(library, "513", "Gudang") == "Lantai 2"


def test_zones_are_kept_by_the_desk(library: Institution, everybody: Any, refusal: Any) -> None:
    desk = everybody["circulation"]
    zone = keep_zone(office=library, actor=desk, name="Anak", shelves="Ruang Anak")
    changed = keep_zone(office=library, actor=desk, zone=zone, name="Anak", shelves="899", position=3)
    assert (changed.pk, changed.shelves, changed.position) == (zone.pk, "899", 3)
    refused = refusal(keep_zone, office=library, actor=desk, name="X", shelves=" , ")
    assert refused.code == "no_shelves"
    with pytest.raises(ValidationError):
        keep_zone(office=library, actor=desk, name="Anak", shelves="1")
    for name in ("crew", "head", "school", "perpusnas"):
        given = {"office": library, "actor": everybody[name], "name": "Y", "shelves": "R"}
        assert refusal(keep_zone, **given).code == "role_missing"
        assert refusal(remove_zone, zone=zone, actor=everybody[name]).code == "role_missing"
    remove_zone(zone=zone, actor=desk)
    assert not ShelfZone.objects.exists()


class TestParts:
    def test_by_zone_in_the_order_of_the_shelves(self, spread: Consignment, circulation: User) -> None:
        parts = parts_of(spread)
        assert [[line.copy.call_number for line in part.lines] for part in parts] == [
            ["899 A", "899 B"],
            ["513 Y", "598.2 X"],
            ["tanpa"],
        ]
        first = parts[0].lines[0]
        scan(desk="pick", consignment=spread, barcode=first.copy.barcode, actor=circulation)
        again = parts_of(spread)[0]
        assert (again.picked, [line.copy.call_number for line in again.waiting]) == (1, ["899 B"])

    def test_the_paper_has_all_parts_or_one(self, spread: Consignment) -> None:
        key = parts_of(spread)[1].zone.key
        assert len(_pick_list(spread, "").lines) == 5
        one = _pick_list(spread, key)
        assert [line.call_number for line in one.lines] == ["513 Y", "598.2 X"]
        said = _pick_list(spread, "").words("id")["locations"]
        assert [row["count"].split()[0] for row in said] == ["2", "2", "1"]
        # A zone that has no book of it any more does not print an empty sheet.
        assert len(_pick_list(spread, "l-Gudang").lines) == 5

    def test_statements_do_not_grow_with_the_books(
        self, spread: Consignment, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(3):
            parts_of(spread)


class TestTwoPickers:
    def test_a_name_stands_at_the_zone(
        self, spread: Consignment, circulation: User, officer: User, refusal: Any
    ) -> None:
        children, five, _none = (part.zone.key for part in parts_of(spread))
        claim_zone(consignment=spread, zone=children, actor=circulation)
        claim_zone(consignment=spread, zone=children, actor=circulation)  # pressed twice
        refused = refusal(claim_zone, consignment=spread, zone=children, actor=officer)
        assert refused.code == "zone_taken" and str(circulation) in str(refused)
        claim_zone(consignment=spread, zone=five, actor=officer)
        parts = parts_of(spread)
        assert [part.claimed_by for part in parts] == [circulation, officer, None]
        assert chosen_part(parts, "", officer) is parts[1]
        assert chosen_part(parts, children, officer) is parts[0]
        leave_zone(consignment=spread, zone=children, actor=officer)  # who went home cannot say so
        claim_zone(consignment=spread, zone=children, actor=officer)
        assert ZoneClaim.objects.filter(user=officer).count() == 2

    def test_only_what_is_there_and_only_the_desk(
        self, spread: Consignment, everybody: Any, refusal: Any
    ) -> None:
        refused = refusal(claim_zone, consignment=spread, zone="l-Gudang", actor=everybody["officer"])
        assert refused.code == "unknown_zone"
        key = parts_of(spread)[0].zone.key
        for name in ("crew", "head", "school", "perpusnas"):
            given = {"consignment": spread, "zone": key, "actor": everybody[name]}
            assert refusal(claim_zone, **given).code == "role_missing"
            assert refusal(leave_zone, **given).code == "role_missing"
