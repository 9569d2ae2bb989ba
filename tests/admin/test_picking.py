"""Fetching with a phone, and the zones of the house, at the desk (L3)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from libraries.catalogue.models import Copy
from libraries.models import User
from loans.models import Consignment, LoanLine, ShelfZone, ZoneClaim
from loans.services.zones import claim_zone, parts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def spread(picking: Consignment) -> Consignment:
    for number, line in enumerate(LoanLine.objects.filter(consignment=picking).in_shelf_order()):
        Copy.objects.filter(pk=line.copy_id).update(location="Ruang Anak" if number < 3 else "Ruang Umum")
    return picking


def test_one_zone_is_shown_large_and_ticked_by_the_scan_itself(desk: Client, spread: Consignment) -> None:
    url = reverse("work:pick", args=[spread.pk])
    page = desk.get(url).content.decode()
    children, others = parts_of(spread)
    for line in children.lines:
        assert f'data-missing="{line.copy.barcode}"' in page
    for line in others.lines:
        assert f'data-missing="{line.copy.barcode}"' not in page
    assert f'action="{reverse("work:scan", args=[spread.pk])}"' in page and "data-scan-tick" in page
    first = children.lines[0].copy.barcode
    desk.post(reverse("work:scan", args=[spread.pk]), {"barcode": first}, HTTP_HX_REQUEST="true")
    part = desk.get(reverse("work:pick_part", args=[spread.pk]), {"zona": children.zone.key}).content.decode()
    assert part.lstrip().startswith('<section id="pick"') and "<html" not in part
    assert f'data-missing="{first}"' not in part
    assert '<span class="numeric">1</span> dari 3 · Ruang Anak' in part
    # The whole page is made of the very fragment.
    assert "every 4s" in part and "every 4s" in page


def test_the_other_one_sees_who_fetches(
    desk: Client, spread: Consignment, signed_in: Any, officer: User, circulation: User
) -> None:
    zone, _rest = (part.zone.key for part in parts_of(spread))
    claim_zone(consignment=spread, zone=zone, actor=officer)
    url = reverse("work:pick_zone", args=[spread.pk])
    browser = signed_in(circulation)
    taken = browser.post(url, {"zona": zone}, follow=True).content.decode()
    assert str(officer) in taken and ZoneClaim.objects.get().user == officer
    browser.post(url, {"zona": zone, "leave": "1"})
    browser.post(url, {"zona": zone})
    assert ZoneClaim.objects.get().user == circulation


def test_a_missing_book_leads_back_to_the_phone(desk: Client, spread: Consignment) -> None:
    line = parts_of(spread)[0].lines[0]
    way = reverse("work:line_missing", args=[line.pk]) + "?ke=ambil"
    assert way in desk.get(reverse("work:pick", args=[spread.pk])).content.decode()
    shown = desk.post(way, {}, follow=True)
    assert reverse("work:pick", args=[spread.pk]) in shown.content.decode()


def test_one_pickers_part_on_paper(desk: Client, spread: Consignment) -> None:
    key = parts_of(spread)[0].zone.key
    url = reverse("work:pick_list", args=[spread.pk])
    whole, part = desk.get(url), desk.get(url, {"zona": key})
    assert part.content.startswith(b"%PDF-") and part.content != whole.content


def test_zones_are_made_changed_and_removed(desk: Client) -> None:
    sent = {"name": "Anak", "shelves": "Ruang Anak", "position": "1"}
    assert desk.post(reverse("work:zone_new"), sent).status_code == 302
    zone = ShelfZone.objects.get()
    assert "Anak" in desk.get(reverse("work:zones")).content.decode()
    twice = desk.post(reverse("work:zone_new"), sent)
    assert twice.status_code == 422
    desk.post(reverse("work:zone", args=[zone.pk]), sent | {"shelves": "800-899"})
    zone.refresh_from_db()
    assert zone.shelves == "800-899"
    desk.post(reverse("work:zone_remove", args=[zone.pk]))
    assert not ShelfZone.objects.exists()
