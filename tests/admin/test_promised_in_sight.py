"""After a plan is adopted, the pages of the daily work say what it has for the next deliveries (L2)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kerjasama.domain import clock
from libraries.catalogue.models import Copy
from libraries.models import Institution, User
from loans.home import to_prepare
from loans.models import PlannedBook
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from tests.factories import AgreementFactory, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(library: Institution) -> list[Copy]:
    return shelve(library, 12)


def test_the_programme_the_swap_and_the_first_page_name_the_planned_books(
    shelf: list[Copy], library: Institution, circulation: User, signed_in: Callable[[User], Client]
) -> None:
    programme = open_programme(agreement=AgreementFactory(office=library, in_force=True), actor=circulation)
    desk = signed_in(circulation)
    pages: list[Any] = [reverse(f"work:{name}", args=[programme.pk]) for name in ("programme", "swap")]
    period = programme.periods.get(sequence=1)
    way = f'href="{reverse("work:period_books", args=[period.pk])}">4 buku direncanakan</a>'
    [card] = to_prepare(circulation, clock.today())
    assert "direncanakan" not in card.lines[0][1]
    for copy in shelf[:4]:
        PlannedBook.objects.create(period=period, title=copy.title, copy=copy)
    for page in pages:
        assert way in desk.get(page).content.decode()
    [card] = to_prepare(circulation, clock.today())
    assert (card.count, card.lines[0][1].endswith("4 buku direncanakan")) == (1, True)
    # What is being packed is told by its own list.
    propose_consignment(period=period, actor=circulation)
    for page in pages:
        assert way not in desk.get(page).content.decode()
