"""The cast: one office with its people, two of its schools, and Perpusnas, as every test knows them."""

import gc
import os
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client, TransactionTestCase
from django.utils import timezone
from hypothesis import settings as hypothesis_settings

from agreements.models import Agreement
from kerjasama.domain import clock
from libraries.choices import InstitutionKind, Role
from libraries.models import Institution, User
from loans.choices import LineStatus
from loans.models import Consignment, LoanLine, Programme
from loans.services.dispatching import dispatch_consignment
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from loans.services.scanning import scan
from tests.chromium import chromium  # noqa: F401  # a fixture, for every test that opens pages
from tests.factories import (
    AgreementFactory,
    InstitutionFactory,
    MembershipFactory,
    PersonFactory,
    UserFactory,
    number_papers,
    shelve,
)
from tests.support.emptying import empty

# How a test that committed is cleared away.
TransactionTestCase._fixture_teardown = empty

# A busy machine is no reason to fail, and a run leaves nothing in the working tree. Every run asks the same, so that a change
# is refused for what it does and never for what came to mind that day; HYPOTHESIS_PROFILE=wide asks something new each time.
hypothesis_settings.register_profile("house", deadline=None, database=None, derandomize=True)
hypothesis_settings.register_profile("wide", deadline=None, database=None, print_blob=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


def pytest_collection_finish() -> None:
    """All that was read stays to the end: whoever looks for circles need not walk through it each time."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser that shares two cores with everything else may answer late: such a journey is walked once more, and the summary says so.

    A defect fails twice. What reckons, keeps or refuses is never asked a second time.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


BEGAN_ON = clock.today()


@pytest.fixture(autouse=True)
def _the_day_on_which_the_run_began(monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules reckon with the day on which they were read: a run over midnight stays a little before it."""
    if clock.today() != BEGAN_ON:
        before = SimpleNamespace(now=lambda: timezone.now() - timedelta(hours=1))
        monkeypatch.setattr(clock, "timezone", before)


@pytest.fixture(autouse=True)
def _quiet_settings(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STAFF_SECOND_FACTOR = False
    # Static files as they lie in the source: collecting them is the image's test, not everybody's.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture
def library(db: None) -> Institution:
    """Bung Hatta's library: an office with numbering patterns and a signatory."""
    office = InstitutionFactory(
        office=True,
        name="UPT Perpustakaan Proklamator Bung Hatta",
        short_name="Perpustakaan Bung Hatta",
        slug="bung-hatta",
        kind=InstitutionKind.NATIONAL,
    )
    number_papers(office)
    PersonFactory(institution=office, name="Rahmat Hidayat", position="Kepala Perpustakaan")
    return office


@pytest.fixture
def school_library(db: None) -> Institution:
    """SDN 01."""
    sdn = InstitutionFactory(school=True, name="SD Negeri 01 Benteng", slug="sdn-01")
    PersonFactory(institution=sdn, name="Yusnimar", position="Kepala Sekolah")
    return sdn


@pytest.fixture
def other_school_library(db: None) -> Institution:
    return InstitutionFactory(school=True, name="SD Negeri 02 Birugo", slug="sdn-02")


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """``person(name, institution, role)``: an account with one role; office people are staff."""

    def make(name: str, institution: Institution, role: str) -> User:
        user = UserFactory(username=name, name=name.replace("_", " ").title(), is_staff=institution.is_office)
        MembershipFactory(user=user, institution=institution, role=role)
        return user

    return make


@pytest.fixture
def officer(person: Callable[..., User], library: Institution) -> User:
    return person("officer", library, Role.OFFICER)


@pytest.fixture
def circulation(person: Callable[..., User], library: Institution) -> User:
    return person("circulation", library, Role.CIRCULATION)


@pytest.fixture
def crew(person: Callable[..., User], library: Institution) -> User:
    return person("crew", library, Role.CREW)


@pytest.fixture
def head(person: Callable[..., User], library: Institution) -> User:
    return person("head", library, Role.HEAD)


@pytest.fixture
def administrator(person: Callable[..., User], library: Institution) -> User:
    return person("administrator", library, Role.ADMINISTRATOR)


@pytest.fixture
def coordinator(person: Callable[..., User], library: Institution) -> User:
    return person("coordinator", library, Role.COORDINATOR)


@pytest.fixture
def school(person: Callable[..., User], school_library: Institution) -> User:
    return person("school", school_library, Role.SCHOOL_CONTACT)


@pytest.fixture
def other_school(person: Callable[..., User], other_school_library: Institution) -> User:
    return person("other_school", other_school_library, Role.SCHOOL_CONTACT)


@pytest.fixture
def perpusnas(person: Callable[..., User], db: None) -> User:
    """Staff of another office, with nothing to do with Bung Hatta's partners."""
    office = InstitutionFactory(office=True, name="Perpustakaan Nasional RI", slug="perpusnas")
    number_papers(office)
    return person("perpusnas", office, Role.CIRCULATION)


@pytest.fixture
def everybody(
    officer: User,
    circulation: User,
    crew: User,
    head: User,
    administrator: User,
    coordinator: User,
    school: User,
    other_school: User,
    perpusnas: User,
) -> dict[str, User | None]:
    """The whole cast by name; None is the clock."""
    people = (
        officer,
        circulation,
        crew,
        head,
        administrator,
        coordinator,
        school,
        other_school,
        perpusnas,
    )
    return {**{user.username: user for user in people}, "clock": None}


@pytest.fixture
def signed_in() -> Callable[[User | None], Client]:
    """``signed_in(user)``: a browser with that user's session; None stays anonymous."""

    def make(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def agreement(library: Institution, school_library: Institution) -> Agreement:
    """A PKS in force between Bung Hatta and SDN 01: five books every three months."""
    return AgreementFactory(office=library, partner=school_library, in_force=True)


@pytest.fixture
def programme(agreement: Agreement, circulation: User) -> Programme:
    return open_programme(agreement=agreement, actor=circulation)


@pytest.fixture
def picking(programme: Programme, circulation: User) -> Consignment:
    """A proposed delivery of five books, none of them scanned."""
    shelve(programme.lender, 12)
    return propose_consignment(period=programme.periods.order_by("sequence")[0], actor=circulation)


def scan_all(consignment: Consignment, actor: User) -> list[str]:
    """Scan every proposed book of a delivery; returns the barcodes in shelf order."""
    lines = LoanLine.objects.filter(consignment=consignment, status=LineStatus.PROPOSED).in_shelf_order()
    barcodes = [line.copy.barcode for line in lines]
    for barcode in barcodes:
        assert scan(desk="pick", consignment=consignment, barcode=barcode, actor=actor).outcome == "ok"
    return barcodes


@pytest.fixture
def dispatched(picking: Consignment, circulation: User) -> Consignment:
    """The five books handed over, not yet confirmed."""
    scan_all(picking, circulation)
    return dispatch_consignment(consignment=picking, actor=circulation)


@pytest.fixture
def packed(dispatched: Consignment, circulation: User) -> Consignment:
    """The next five, in the box."""
    shelve(dispatched.lender, 8)
    second = dispatched.period.programme.periods.order_by("sequence")[1]
    consignment = propose_consignment(period=second, actor=circulation)
    scan_all(consignment, circulation)
    return consignment
