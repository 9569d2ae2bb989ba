"""A school on its phone: signed in, with a delivery in each of its states."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from libraries.models import User
from loans.choices import LineStatus
from loans.models import Case, Consignment, LoanLine
from loans.services.claiming import assess_case, report_loss
from loans.services.receiving import confirm_receipt


@pytest.fixture
def phone(signed_in: Callable[[User], Client], school: User) -> Client:
    """SDN 01's contact, signed in."""
    return signed_in(school)


@pytest.fixture
def received(dispatched: Consignment, school: User) -> Consignment:
    """The five books, all confirmed as complete and good."""
    return confirm_receipt(consignment=dispatched, actor=school)


@pytest.fixture
def lines(dispatched: Consignment) -> list[LoanLine]:
    """The books of the delivery in the order in which the portal lists them."""
    return list(dispatched.lines.filter(status=LineStatus.OUT).order_by("copy__title__title"))


@pytest.fixture
def reported(received: Consignment, school: User) -> Case:
    return report_loss(line=received.lines.all()[0], actor=school, kind="lost", account="Hanyut.")


@pytest.fixture
def assessed(reported: Case, circulation: User) -> Case:
    return assess_case(case=reported, actor=circulation, demand="same_title")


@pytest.fixture
def photograph() -> Callable[[], SimpleUploadedFile]:
    def make() -> SimpleUploadedFile:
        content = io.BytesIO()
        Image.new("RGB", (64, 48), (120, 80, 40)).save(content, "JPEG")
        return SimpleUploadedFile("IMG_0001.jpg", content.getvalue(), content_type="image/jpeg")

    return make


@pytest.fixture
def no_photograph() -> SimpleUploadedFile:
    return SimpleUploadedFile("foto.jpg", b"MZ this is a program", content_type="image/jpeg")


def words(response: Any) -> str:
    """The page as text, white space folded: what a test may look for."""
    return " ".join(response.content.decode().split())
