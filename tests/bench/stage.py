"""The rows that the figures are taken on, made in bulk; only what is measured goes through the verbs."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.test import Client as Browser
from django.utils import timezone
from knox.crypto import hash_token

from agreements.models import Agreement, LendingTerm, Party, Provision
from kerjasama.domain import clock
from kerjasama.domain.identity import uuid7
from libraries.catalogue.models import Copy, Title
from libraries.choices import Role
from libraries.models import ApiToken, Document, Institution, Membership, User
from loans.choices import LineStatus, MoveKind
from loans.models import Consignment, LoanLine, Period, Programme
from loans.services.custody import Move, move_copies
from loans.services.dispatching import dispatch_consignment
from loans.services.programmes import open_programme
from tests.factories import (
    AgreementFactory,
    InstitutionFactory,
    MembershipFactory,
    UserFactory,
    number_papers,
)

COPIES = 100_000
PER_TITLE = 5
BOOKS = 100
AGREEMENTS = 10_000


@dataclass(frozen=True)
class Stage:
    """One office with a desk and a token, and a hundred thousand copies."""

    office: Institution
    desk: User
    token: str
    copies: list[UUID]


def set_up() -> Stage:
    """The office, its desk, its token, and its catalogue."""
    office = InstitutionFactory(office=True, name="Perpustakaan Ukur", slug="ukur")
    number_papers(office)
    desk = UserFactory(username="meja", is_staff=True)
    for role in (Role.CIRCULATION, Role.OFFICER):
        MembershipFactory(user=desk, institution=office, role=role)
    return Stage(office, desk, _token(desk), _catalogue(office))


def _token(user: User) -> str:
    row, secret = ApiToken.objects.create(user=user, expiry=timedelta(days=1))
    row.name, row.scopes, row.last_used_at = "bench", ["*:write"], timezone.now() + timedelta(days=1)
    row.save()
    assert hash_token(secret) == row.digest
    return str(secret)


def _catalogue(office: Institution) -> list[UUID]:
    titles = [
        Title(
            id=uuid7(),
            title=f"Judul ukur nomor {number:06}",
            authors=["Penulis Ukur"],
            ddc=f"{number % 1000:03}.{number % 10}",
            match_key=f"judul ukur {number}",
        )
        for number in range(COPIES // PER_TITLE)
    ]
    copies = [
        Copy(
            id=uuid7(),
            title=titles[number // PER_TITLE],
            owner=office,
            holder=office,
            barcode=f"UK{number:07}",
            call_number=f"{titles[number // PER_TITLE].ddc} UKU {number % PER_TITLE}",
            price=50_000,
        )
        for number in range(COPIES)
    ]
    # The catalogue is only scenery: it needs no audit. What is measured is audited as ever.
    with pgtrigger.ignore():
        Title.objects.bulk_create(titles, batch_size=5000)
        Copy.objects.bulk_create(copies, batch_size=5000)
    return [copy.pk for copy in copies]


class Deliveries:
    """Deliveries of a hundred copies each, of which no copy is used twice."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.next = 0

    def proposed(self, books: int = BOOKS) -> Consignment:
        """A delivery whose books, a hundred unless told, are on the list."""
        programme = self.programme()
        period = programme.periods.order_by("sequence")[0]
        consignment = Consignment.objects.create(
            code=f"UKR-{self.next:05}",
            period=period,
            lender=programme.lender,
            partner=programme.partner,
            quantity=books,
            due_on=period.ends_on,
        )
        keys = self.stage.copies[self.next : self.next + books]
        self.next += books
        LoanLine.objects.bulk_create(LoanLine(consignment=consignment, copy_id=key) for key in keys)
        return consignment

    def scanned(self, books: int = BOOKS) -> Consignment:
        consignment = self.proposed(books)
        move_copies(
            [Move(line.copy_id, line.pk) for line in consignment.lines.order_by("copy_id")],
            kind=MoveKind.PICK,
            partner_id=consignment.partner_id,
            actor=self.stage.desk,
            on=clock.today(),
        )
        return consignment

    def out(self) -> Consignment:
        return dispatch_consignment(consignment=self.scanned(), actor=self.stage.desk)

    def programme(self) -> Programme:
        agreement = AgreementFactory(
            office=self.stage.office,
            partner=InstitutionFactory(school=True),
            in_force=True,
            lending={"quantity": BOOKS},
        )
        return open_programme(agreement=agreement, actor=self.stage.desk)


def barcodes(consignment: Consignment) -> list[str]:
    return list(consignment.lines.exclude(status=LineStatus.DROPPED).values_list("copy__barcode", flat=True))


def late_programmes(stage: Stage, count: int) -> None:
    """``count`` schools whose books should have gone back three days ago: one line each, so the sweep has its work."""
    schools = [
        InstitutionFactory.build(school=True, slug=f"sdn-ukur-{uuid7().hex}", npsn="")
        for _each in range(count)
    ]
    Institution.objects.bulk_create(schools, batch_size=2000)
    users = [UserFactory.build(username=f"guru-{uuid7().hex}", email=f"{uuid7().hex}@contoh.test", password="!")
             for _each in range(count)]  # fmt: skip
    User.objects.bulk_create(users, batch_size=2000)
    Membership.objects.bulk_create(
        [
            MembershipFactory.build(user=user, institution=school, role=Role.SCHOOL_CONTACT)
            for user, school in zip(users, schools, strict=True)
        ],
        batch_size=2000,
    )
    today = clock.today()
    starts, ends = today - timedelta(days=95), today - timedelta(days=3)
    agreements = [
        AgreementFactory.build(
            office=stage.office, partner=school, in_force=True, starts_on=starts, number=f"{uuid7().hex}/UKUR"
        )
        for school in schools
    ]
    Agreement.objects.bulk_create(agreements, batch_size=2000)
    programmes = [
        Programme(
            agreement=agreement, lender=stage.office, partner=agreement.partner, quantity=1, interval_months=3,
            receipt_days=3, replacement_days=30, starts_on=starts, ends_on=agreement.ends_on,
        )
        for agreement in agreements
    ]  # fmt: skip
    Programme.objects.bulk_create(programmes, batch_size=2000)
    periods = [
        Period(
            programme=programme,
            sequence=1,
            nominal_on=starts,
            starts_on=starts,
            ends_on=ends,
            status="running",
        )
        for programme in programmes
    ]
    Period.objects.bulk_create(periods, batch_size=2000)
    consignments = [
        Consignment(
            code=f"S-{uuid7().hex[-12:]}", period=period, lender=stage.office, partner=programme.partner, quantity=1,
            status="received", due_on=ends, dispatched_on=starts, confirm_by=starts + timedelta(days=3),
            received_on=starts, handover_document=document,
        )
        for period, programme, document in zip(
            periods, programmes, handover_records(stage, count), strict=True
        )
    ]  # fmt: skip
    Consignment.objects.bulk_create(consignments, batch_size=2000)
    free = Copy.objects.filter(owner=stage.office, loan_lines__isnull=True).order_by("-pk")[:count]
    LoanLine.objects.bulk_create(
        [
            LoanLine(consignment=consignment, copy=copy, status=LineStatus.OUT)
            for consignment, copy in zip(consignments, free, strict=True)
        ],
        batch_size=2000,
    )


def handover_records(stage: Stage, count: int) -> list[Document]:
    """Records such as a delivery that is out must have."""
    rows = [
        Document(
            issuer=stage.office,
            kind="handover",
            number=uuid7().hex,
            title="Ukur",
            issued_on=clock.today(),
            verify_code=uuid7().hex[-18:],
            template="handover",
            content={},
        )
        for _each in range(count)
    ]
    return Document.objects.bulk_create(rows, batch_size=2000)


def some_agreements(stage: Stage) -> Institution:
    """Ten thousand agreements of the office with five hundred partners, most of them over; returns one of the partners."""
    partners = InstitutionFactory.create_batch(500, school=True)
    today = clock.today()
    rows, parties, loans, provisions = [], [], [], []
    for number in range(AGREEMENTS):
        starts = today - timedelta(days=number % 3650)
        ends = clock.add_months(starts, 12 + number % 24)
        row = Agreement(
            id=uuid7(),
            office=stage.office,
            partner=partners[number % len(partners)],
            kind="mou" if number % 9 == 0 else "pks",
            title=f"Kerja sama ukur {number:05}",
            number=f"{number:05}/UKUR",
            status="active" if ends >= today else "expired",
            starts_on=starts,
            ends_on=ends,
            scope="Peminjaman koleksi bergilir. " * 20,
        )
        rows.append(row)
        for role, institution in (("first", stage.office), ("second", row.partner)):
            parties.append(Party(agreement=row, institution=institution, role=role))
        if number % 3:
            loans.append(LendingTerm(agreement=row))
        if number % 5 == 0:
            provisions.append(Provision(agreement=row, form="internship", quantity=4))
    with pgtrigger.ignore():
        for model, made in (
            (Agreement, rows),
            (Party, parties),
            (LendingTerm, loans),
            (Provision, provisions),
        ):
            model._default_manager.bulk_create(made, batch_size=2000)
    return partners[7]


def session_of(user: User) -> str:
    """A signed-in browser's cookie, "name=value"."""
    browser = Browser()
    browser.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
