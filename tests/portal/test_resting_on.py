"""A school reads on what its books rest: the agreement and its article, in one plain sentence (A7)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from libraries.models import User
from loans.models import Consignment
from loans.services.claiming import report_loss

pytestmark = pytest.mark.django_db


def test_a_delivery_and_a_loss_name_agreement_and_article(
    dispatched: Consignment, school: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(school)
    client.cookies["bahasa"] = "en"
    number = dispatched.period.programme.agreement.number
    page = client.get(reverse("portal:consignment", args=[dispatched.pk])).content.decode()
    assert f"Under “{number}”, Article " in page
    assert "Loan of the collection" in page
    line = dispatched.lines.first()
    assert line is not None
    case = report_loss(line=line, actor=school, kind="lost")
    page = client.get(reverse("portal:case", args=[case.pk])).content.decode()
    assert "Replacement of lost or damaged library material" in page
