"""The page of an agreement, at the desk and in the portal, tells when the van comes to those who agreed."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement
from libraries.models import Institution, User
from mobile_service.choices import VisitStatus
from mobile_service.models import Vehicle
from mobile_service.partnership import SHOWN
from tests.factories import StopFactory
from tests.mobile_service.publishing_world import at, new_van, visit

pytestmark = pytest.mark.django_db
Browser = Callable[[User | None], Client]


@pytest.fixture
def van(library: Institution) -> Vehicle:
    return new_van(library)


def test_both_faces_show_the_next_dates_and_what_was_called_off(
    agreement: Agreement,
    van: Vehicle,
    school_library: Institution,
    other_school_library: Institution,
    circulation: User,
    school: User,
    signed_in: Browser,
) -> None:
    desk, portal = (
        reverse("work:agreement", args=[agreement.pk]),
        reverse("portal:agreement", args=[agreement.pk]),
    )
    assert [part.title for part in signed_in(circulation).get(desk).context["parts"]] == []
    gate = StopFactory(office=agreement.office, school=True, partner=school_library, name="Gerbang SDN 01")
    (part,) = signed_in(circulation).get(desk).context["parts"]
    assert part.lines == () and part.empty
    assert signed_in(school).get(portal).context["parts"] == []

    visit(gate, van, at(-3))
    visit(gate, van, at(2), status=VisitStatus.CANCELLED, reason="Ujian")
    coming = [visit(gate, van, at(3 + number)) for number in range(SHOWN)]
    visit(StopFactory(office=agreement.office, school=True, partner=other_school_library), van, at(2, 14))
    visit(StopFactory(school=True, partner=school_library), van, at(1))  # of another library
    (part,) = signed_in(circulation).get(desk).context["parts"]
    assert [line[3] for line in part.lines] == ["cancelled", *["planned"] * (SHOWN - 1)]
    assert part.lines[1][2] == reverse("work:van_visit", args=[coming[0].pk])
    assert all("Gerbang SDN 01" in line[1] for line in part.lines)
    page = signed_in(school).get(portal)
    (mine,) = page.context["parts"]
    assert [line[:2] for line in mine.lines] == [line[:2] for line in part.lines]
    assert {line[2] for line in mine.lines} == {reverse("portal:van_visits")}
    assert reverse("portal:van_visits") in page.content.decode()

    Agreement.objects.update(status="terminated")
    assert signed_in(circulation).get(desk).context["parts"] == []
