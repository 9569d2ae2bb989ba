"""From an agreement to what is lent under it."""

import pytest
from django.urls import reverse

from agreements.models import Agreement
from libraries.models import User
from loans.home import agreement_links
from loans.models import Programme
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db


def test_an_addendum_leads_to_the_programme_of_what_it_changes(
    agreement: Agreement, circulation: User
) -> None:
    addendum = AgreementFactory(
        office=agreement.office, partner=agreement.partner, kind="addendum", parent=agreement, in_force=True
    )
    opening = [item.url for item in agreement_links(circulation, agreement)]
    assert opening == [reverse("work:programme_open", args=[agreement.pk])]
    # Books lent a second time under the paper that changes the first one: that is not offered.
    assert list(agreement_links(circulation, addendum)) == []


def test_both_lead_to_the_programme_once_it_runs(programme: Programme, circulation: User) -> None:
    agreement = programme.agreement
    addendum = AgreementFactory(
        office=agreement.office, partner=agreement.partner, kind="addendum", parent=agreement, in_force=True
    )
    page = reverse("work:programme", args=[programme.pk])
    for paper in (agreement, addendum):
        assert [item.url for item in agreement_links(circulation, paper)] == [page]
