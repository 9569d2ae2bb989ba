"""The worked cases of the field over the API, each on its days: who may sign, what is derived, what the desk answers."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from agreements.services.keeping import keep_terms
from kerjasama.domain import clock
from libraries.choices import InstitutionKind, Role
from libraries.models import Institution, Notice, Region, User
from tests.api.conftest import Program
from tests.factories import InstitutionFactory, PersonFactory, number_papers

pytestmark = pytest.mark.django_db

WORDS = {
    "aims": "Murid membaca lebih banyak.",
    "scope": "Peminjaman koleksi secara bergilir.",
    "relation": "Para pihak setara.",
    "division_of_work": "Perpustakaan mengantar; sekolah menjaga.",
    "procedures": "Serah terima dengan berita acara.",
    "financing": "Masing-masing pihak menanggung biayanya sendiri.",
}
LENDING = {"quantity": 100, "interval_months": 3}


def on(day: date) -> Any:
    return clock.pretend(datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC))


class Desk:
    """An officer's program: what it asks of the API, and what it is answered."""

    def __init__(self, client: APIClient, office: Institution) -> None:
        self.client = client
        self.office = office

    def post(self, path: str, status: int = 200, **given: Any) -> dict[str, Any]:
        answer = self.client.post(f"/api/v1/{path}/", given, format="json")
        assert answer.status_code == status, answer.json()
        said: dict[str, Any] = answer.json()
        return said

    def get(self, path: str, **asked: Any) -> dict[str, Any]:
        answer = self.client.get(f"/api/v1/{path}/", asked)
        assert answer.status_code == 200, answer.json()
        said: dict[str, Any] = answer.json()
        return said

    def change(self, row: dict[str, Any], **given: Any) -> dict[str, Any]:
        tag = self.client.get(row["url"])["ETag"]
        answer = self.client.patch(row["url"], given, format="json", headers={"If-Match": tag})
        assert answer.status_code == 200, answer.json()
        said: dict[str, Any] = answer.json()
        return said

    def draft(self, partner: Institution, kind: str, first: date, months: int, **more: Any) -> dict[str, Any]:
        last = clock.add_months(first, months) - timedelta(days=1)
        given = {"title": "Kerja sama", **WORDS, **more}
        if "lending" in given:
            given["lending"] = given["lending"] | {"first_delivery_on": first.isoformat()}
        return self.post(
            "agreements",
            201,
            office=str(self.office.pk),
            partner=str(partner.pk),
            kind=kind,
            starts_on=first.isoformat(),
            ends_on=last.isoformat(),
            **given,
        )

    def act(self, row: dict[str, Any], verb: str, status: int = 200, **given: Any) -> dict[str, Any]:
        return self.post(f"agreements/{row['id']}/{verb}", status, **given)

    def have_signed(self, row: dict[str, Any]) -> dict[str, Any]:
        """Sent for signature and signed by everybody today."""
        row = self.act(row, "submit")
        for party in row["parties"]:
            row = self.act(row, "sign", party=party["id"], signed_on=clock.today().isoformat())
        return row

    def conclude(self, row: dict[str, Any]) -> dict[str, Any]:
        self.have_signed(row)
        return self.act(row, "activate")


@pytest.fixture
def national(library: Institution) -> Institution:
    """Perpusnas, of which Bung Hatta's library is a unit."""
    found = InstitutionFactory(
        office=True, name="Perpustakaan Nasional RI", short_name="Perpusnas", slug="perpusnas"
    )
    number_papers(found)
    PersonFactory(institution=found, position="Kepala")
    library.parent = found
    library.save()
    return found


@pytest.fixture
def desk(program: Program, officer: User, library: Institution) -> Desk:
    return Desk(program(officer), library)


@pytest.fixture
def top(program: Program, person: Callable[..., User], national: Institution) -> Desk:
    return Desk(program(person("ratna", national, Role.OFFICER)), national)


@pytest.fixture
def authority(top: Desk, library: Institution, national: Institution) -> None:
    """The table of the 2021 case."""
    rows = (
        (library, "pks", "2015-01-01", "2021-12-31", "Perubahan nomenklatur UPT, 2021"),
        (national, "mou", "2015-01-01", None, "Kewenangan Kepala"),
        (national, "pks", "2015-01-01", None, "Kewenangan Kepala"),
    )
    for institution, kind, starts_on, ends_on, basis in rows:
        top.post(
            "signing-authorities",
            201,
            institution=str(institution.pk),
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            basis=basis,
        )


def partner(name: str, kind: str, **more: Any) -> Institution:
    found = InstitutionFactory(name=name, short_name=name, kind=kind, **more)
    PersonFactory(institution=found)
    return found


def test_bung_hatta_signs_in_2020_and_derives_in_2022(
    desk: Desk, top: Desk, authority: None, library: Institution, school_library: Institution
) -> None:
    with on(date(2020, 3, 2)):
        signed = desk.conclude(desk.draft(school_library, "pks", date(2020, 3, 2), 12, lending=LENDING))
        assert signed["status"] == "active"
    with on(date(2022, 3, 1)):
        keep_terms()
        again = desk.draft(school_library, "pks", date(2022, 3, 1), 12, lending=LENDING)
        refusal = desk.act(again, "submit", 403)
        assert refusal["code"] == "no_authority"
        assert "Perpusnas" in refusal["detail"]
        assert "Perubahan nomenklatur UPT, 2021" in refusal["detail"]
        assert refusal["facts"]["derive_from"] == []

        education = partner("Disdik Bukittinggi", InstitutionKind.EDUCATION_OFFICE)
        memorandum = top.draft(education, "mou", date(2022, 3, 1), 24)
        memorandum = top.act(memorandum, "add_party", institution=str(library.pk), role="executor")
        memorandum = top.conclude(memorandum)
        refusal = desk.act(again, "submit", 403)
        assert refusal["facts"]["derive_from"] == [memorandum["id"]]
        assert memorandum["number"] in refusal["detail"]

        plan = desk.act(
            memorandum,
            "derive",
            201,
            office=str(library.pk),
            partner=str(school_library.pk),
            title="Peminjaman koleksi",
        )
        assert (plan["kind"], plan["parent"]["id"]) == ("work_plan", memorandum["id"])
        plan = desk.change(plan, **WORDS, lending=LENDING | {"first_delivery_on": "2022-03-01"})
        plan = desk.conclude(plan)
        assert plan["status"] == "active"
        permit = desk.get(
            "permissions", form="collection_loan", office=str(library.pk), partner=str(school_library.pk)
        )
        assert (permit["allowed"], permit["agreement"]["id"]) == (True, plan["id"])

    with on(date(2022, 9, 1)):
        top.act(memorandum, "terminate", note="Perubahan kebijakan.")
        told = desk.get(f"agreements/{plan['id']}/events")["results"]
        assert "parent_ended" in {event["action"] for event in told}
        assert Notice.objects.filter(recipient=library, rule="agreement_parent_ended").exists()
        refusal = desk.act(
            memorandum,
            "derive",
            409,
            office=str(library.pk),
            partner=str(school_library.pk),
            title="Magang",
        )
        assert refusal["code"] == "nothing_to_derive_from"


def test_payakumbuh_goes_from_the_memorandum_to_schools_to_the_next_term(
    program: Program, person: Callable[..., User], school_library: Institution
) -> None:
    city = InstitutionFactory(office=True, name="Perpustakaan Umum Kota Payakumbuh", slug="payakumbuh")
    number_papers(city)
    PersonFactory(institution=city)
    desk = Desk(program(person("mira", city, Role.OFFICER)), city)
    education = partner("Disdik Payakumbuh", InstitutionKind.EDUCATION_OFFICE)
    first = date(2024, 1, 8)
    with on(first):
        draft = desk.draft(school_library, "pks", first, 12, lending=LENDING)
        memorandum = desk.draft(education, "mou", first, 24)
        draft = desk.change(draft, parent=memorandum["id"])
        refusal = desk.act(draft, "submit", 409)
        assert refusal["code"] == "parent_not_in_force"
        memorandum = desk.act(memorandum, "negotiate")
        memorandum = desk.act(memorandum, "send_to_review")
        memorandum = desk.act(
            memorandum, "pass_review", reviewed_by="Bagian Hukum", reviewed_on=first.isoformat()
        )
        memorandum = desk.conclude(memorandum)
        under = desk.conclude(draft)
        assert under["parent"]["id"] == memorandum["id"]
        duty = desk.post(
            "obligations",
            201,
            agreement=memorandum["id"],
            party=memorandum["parties"][0]["id"],
            text="Mengirim jadwal perpustakaan keliling",
            due_on="2024-06-30",
        )
    with on(date(2024, 6, 20)):
        assert desk.post(f"obligations/{duty['id']}/fulfil")["status"] == "fulfilled"
    with on(date(2025, 1, 7)):
        following = desk.act(under, "renew", 201, unevaluated_because="Dinilai dalam rapat.")
        assert (following["starts_on"], following["lending"]["quantity"]) == ("2025-01-08", 100)
        assert following["parent"]["id"] == memorandum["id"]
        desk.have_signed(following)
        assert desk.act(following, "activate", 409)["code"] == "too_early"
    with on(date(2025, 1, 8)):
        keep_terms()
        assert desk.get(f"agreements/{under['id']}")["status"] in ("renewed", "expired")
        assert desk.get(f"agreements/{following['id']}")["status"] == "active"


def test_a_student_of_perintis_borrows_on_the_enrolment_letter(
    desk: Desk, top: Desk, authority: None, library: Institution
) -> None:
    university = partner("Universitas Perintis", InstitutionKind.ACADEMIC, slug="universitas-perintis")
    Region.objects.create(code="13.71", name="Kota Padang", level="regency")
    check = {"institution": str(university.pk), "proof": "enrolment_letter"}
    service = {
        "form": "service_use",
        "audience": "students",
        "proof": "enrolment_letter",
        "loan_limit": 3,
        "loan_days": 14,
    }
    with on(date(2019, 3, 1)):
        old = desk.conclude(desk.draft(university, "pks", date(2019, 3, 1), 24, provisions=[service]))
        assert desk.post("desk-checks", **check)["outcome"] == "borrow"
    with on(date(2022, 3, 1)):
        keep_terms()
        said = desk.post("desk-checks", **check)
        assert said["outcome"] == "read"
        assert old["number"] in said["reasons"][0]

        memorandum = top.draft(university, "mou", date(2022, 3, 1), 60)
        top.act(memorandum, "add_party", institution=str(library.pk), role="executor")
        memorandum = top.conclude(memorandum)
        plan = desk.act(
            memorandum,
            "derive",
            201,
            office=str(library.pk),
            partner=str(university.pk),
            title="Pemanfaatan layanan",
        )
        plan = desk.conclude(desk.change(plan, **WORDS, provisions=[service]))
        said = desk.post("desk-checks", **check)
        assert (said["outcome"], said["loan_limit"], said["until"]) == ("borrow", 3, "2022-03-15")
        assert said["agreement"]["id"] == plan["id"]
        said = desk.post("desk-checks", institution=str(university.pk), proof="id_card", region="13.71")
        assert (said["outcome"], said["loan_limit"]) == ("proof", None)
        assert desk.get("desk-checks")["results"][0]["office"]["id"] == str(library.pk)


def test_sawahlunto_exchanges_one_for_one_as_data(desk: Desk, authority: None, library: Institution) -> None:
    other = partner("DPK Sawahlunto", InstitutionKind.CITY)
    exchange = {"form": "exchange", "ratio_given": 1, "ratio_received": 1}
    asked = {"form": "exchange", "office": str(library.pk), "partner": str(other.pk)}
    with on(date(2019, 3, 1)):
        written = desk.conclude(desk.draft(other, "pks", date(2019, 3, 1), 12, provisions=[exchange]))
        permit = desk.get("permissions", **asked)
        assert permit["limits"]["ratio_given"] == permit["limits"]["ratio_received"] == 1
        assert "one for one" in permit["sentences"][0]
    with on(date(2020, 2, 1)):
        following = desk.act(written, "renew", 201, unevaluated_because="Dinilai dalam rapat.")
        assert following["provisions"][0]["ratio_given"] == 1
        desk.have_signed(following)
    with on(date(2020, 3, 1)):
        keep_terms()
        assert desk.get("permissions", **asked)["agreement"]["id"] == following["id"]
    with on(date(2026, 3, 2)):
        keep_terms()
        assert desk.get("permissions", **asked)["allowed"] is False
        spoken = desk.draft(
            other,
            "implicit",
            date(2026, 3, 2),
            12,
            provisions=[exchange],
            agreed_by="Kedua kepala perpustakaan",
            agreed_on="2026-03-01",
            agreed_how="telephone",
            agreed_note="Dicatat petugas kerja sama.",
        )
        desk.act(spoken, "activate")
        permit = desk.get("permissions", **asked)
        assert (permit["allowed"], permit["agreement"]["id"]) == (True, spoken["id"])
        assert desk.get("permissions", **asked | {"form": "internship"})["allowed"] is False
