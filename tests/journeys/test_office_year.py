"""A small town's year of rotation, every step by the real verbs; ``make bench ARGS=year`` lives the demo's two offices at full size."""

from datetime import timedelta

import pytest

from kerjasama.domain import clock
from libraries.choices import Role
from libraries.models import Institution, User
from loans.choices import LineStatus
from loans.models import Case, LoanLine
from loans.services.programmes import open_programme
from tests.factories import AgreementFactory, MembershipFactory, UserFactory, shelve
from tests.journeys.office_year import OfficeYear

pytestmark = pytest.mark.django_db

SCHOOLS = 6
BOOKS = 8


def test_a_year_of_a_town(library: Institution, circulation: User) -> None:
    shelve(library, 90)
    programmes = []
    for number in range(SCHOOLS):
        starts = clock.today() + timedelta(days=3 + number % 3)
        agreement = AgreementFactory(
            office=library, in_force=True, lending={"quantity": BOOKS, "first_delivery_on": starts}
        )
        programmes.append(open_programme(agreement=agreement, actor=circulation))
        if number:  # the first school never says a word
            MembershipFactory(user=UserFactory(), institution=agreement.partner, role=Role.SCHOOL_CONTACT)
    year = OfficeYear(library, circulation, every=5)
    told = year.live(clock.today() + timedelta(days=1), months=13)

    assert year.faults() == []
    assert len(told.plans) == 2, "planned at once, and again after the losses"
    assert told.deliveries == SCHOOLS * 4
    assert told.books == SCHOOLS * 4 * BOOKS - told.short
    assert told.short == 0
    assert told.as_planned >= 0.95 * told.books, "what was promised is what went out"
    assert told.losses and told.kept_behind and told.silent == 4
    assert Case.objects.count() >= told.losses
    still_out = LoanLine.objects.filter(status=LineStatus.OUT).count()
    assert still_out == 0, "what one swap left behind the next brings home"
