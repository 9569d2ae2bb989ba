"""Every step of every life has its address, and ``available_actions`` tells the truth about it."""

from typing import Any

import pytest
from django.urls import resolve

from agreements.models import Agreement, LendingTerm
from kerjasama.api.routing import api_views
from kerjasama.domain.lifecycle import CLOCK, Life
from libraries.models import Institution, Person, User
from loans.models import Consignment, LoanLine, Period
from loans.services.programmes import open_programme
from loans.services.proposing import propose_consignment
from tests.api.conftest import Program
from tests.api.population import populate
from tests.conftest import scan_all
from tests.factories import AgreementFactory, MembershipFactory, PersonFactory, shelve
from tests.support.ledger import Ledger

pytestmark = pytest.mark.django_db


def viewsets() -> list[Any]:
    found = {view for _path, view in api_views() if getattr(view, "scope_noun", "")}
    return sorted(found, key=lambda view: view.scope_noun)


@pytest.mark.parametrize(
    ("view", "life"),
    [(view, life) for view in viewsets() for life in view.lives],
    ids=lambda it: getattr(it, "name", None),
)
def test_every_step_has_its_address(view: Any, life: Life) -> None:
    for step in life.steps:
        if step.who == {CLOCK} or step.action in view.consequences:
            continue
        assert step.action in view.acts, f"{life.name}: {step.action} has no address"
        found = resolve(f"/api/v1/{view.scope_noun}/01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11/{step.action}/")
        assert found.func.cls is view
        assert "post" in found.func.actions


def test_all_lives_of_the_house_are_walked() -> None:
    import agreements.lifecycle
    import libraries.lifecycle
    import loans.lifecycle
    import mobile_service.lifecycle

    known = {
        life.name
        for module in (libraries.lifecycle, agreements.lifecycle, loans.lifecycle, mobile_service.lifecycle)
        for life in vars(module).values()
        if isinstance(life, Life)
    }
    assert {life.name for view in viewsets() for life in view.lives} == known


def test_needs_of_a_step_are_asked_for() -> None:
    for view in viewsets():
        for life in view.lives:
            for step in life.steps:
                act = view.acts.get(step.action)
                if act is None or not step.needs:
                    continue
                taken = act.takes().fields
                assert set(step.needs) <= set(taken), f"{view.scope_noun} {step.action}"
                assert all(taken[name].required for name in step.needs)


def test_what_is_offered_exists_and_what_exists_is_offered_only_where_it_works(
    program: Program, library: Institution, circulation: User, officer: User, school: User
) -> None:
    populate(1, library, circulation)
    for user in (circulation, officer, school):
        client = program(user)
        for view in viewsets():
            for row in client.get(f"/api/v1/{view.scope_noun}/").json()["results"]:
                assert set(row.get("available_actions", ())) <= set(view.acts), view.scope_noun


def test_an_agreement_from_draft_to_force_over_the_api(
    program: Program, officer: User, library: Institution, school_library: Institution
) -> None:
    client = program(officer)
    made = client.post(
        "/api/v1/agreements/",
        {
            "office": str(library.pk),
            "partner": str(school_library.pk),
            "kind": "pks",
            "title": "Peminjaman koleksi bergilir",
            "starts_on": "2020-01-01",
            "ends_on": "2099-12-31",
            "aims": "Minat baca",
            "scope": "Peminjaman",
            "division_of_work": "Kantor mengantar",
            "procedures": "BAST",
            "financing": "Masing-masing",
            "lending": {"quantity": 20, "interval_months": 3, "first_delivery_on": "2098-01-04"},
        },
    )
    assert made.status_code == 201, made.json()
    draft = made.json()
    assert made["Location"] == draft["url"]
    assert draft["lending"]["quantity"] == 20
    assert draft["available_actions"] == ["negotiate", "send_to_review", "submit", "cancel"]
    assert {party["institution"]["id"] for party in draft["parties"]} == {
        str(library.pk),
        str(school_library.pk),
    }

    sent = client.post(f"{draft['url']}submit/").json()
    assert (sent["status"], bool(sent["number"])) == ("signing", True)
    for party in sent["parties"]:
        answer = client.post(f"{draft['url']}sign/", {"party": party["id"], "signed_on": "2020-01-01"})
        assert answer.status_code == 200, answer.json()
    refused = client.post(f"{draft['url']}sign/", {"party": party["id"], "signed_on": "2020-01-01"})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_signed")
    active = client.post(f"{draft['url']}activate/").json()
    assert active["status"] == "active"
    assert active["document"]["url"].endswith(f"/api/v1/documents/{active['document']['id']}/")
    steps = [event["action"] for event in client.get(f"{draft['url']}events/").json()["results"]]
    assert steps == ["draft", "submit", "sign", "sign", "activate"]
    again = client.post(f"{draft['url']}activate/")
    assert (again.status_code, again.json()["state"], again.json()["allowed"]) == (
        409,
        "active",
        ["terminate"],
    )


def test_a_party_of_another_agreement_is_no_party_here(
    program: Program,
    officer: User,
    library: Institution,
    school_library: Institution,
    other_school_library: Institution,
) -> None:
    here = AgreementFactory(office=library, partner=school_library, status="signing")
    other = AgreementFactory(office=library, partner=other_school_library, status="signing")
    foreign = other.parties.first()
    answer = program(officer).post(
        f"/api/v1/agreements/{here.pk}/sign/", {"party": str(foreign.pk), "signed_on": "2026-01-01"}
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/party"
    assert answer.json()["errors"][0]["code"] == "does_not_exist"


def test_the_whole_way_of_a_delivery_over_the_api(
    program: Program, agreement: Agreement, circulation: User, officer: User, school: User
) -> None:
    """From the agreement to the settled loss, by programs of the desk and of the school."""
    shelve(agreement.office, 12)
    desk, partner = program(circulation), program(school)

    def ok(answer: Any, status: int = 200) -> Any:
        assert answer.status_code == status, answer.json()
        return answer.json()

    programme = ok(desk.post("/api/v1/programmes/", {"agreement": str(agreement.pk)}), 201)
    periods = ok(desk.get(f"/api/v1/periods/?programme={programme['id']}"))["results"]
    first = min(periods, key=lambda row: row["sequence"])
    box = ok(desk.post(f"{first['url']}propose/"))
    assert (box["status"], box["line_count"]) == ("picking", 5)
    assert ok(desk.post("/api/v1/consignments/", {"period": first["id"]}), 201)["id"] == box["id"]
    lines = ok(desk.get(box["lines_url"]))["results"]
    barcodes = [line["copy"]["display"] for line in lines]

    dropped = ok(desk.post(f"{box['url']}drop_line/", {"barcode": barcodes[4]}))
    assert dropped["status"] == "dropped"
    scans = [{"desk": "pick", "consignment": box["id"], "barcode": code} for code in barcodes[:4]]
    event = "7f1f0f1e-3a44-4d0b-9b32-0d1f4ac0a001"
    first_scan = ok(desk.post("/api/v1/scans/", {**scans[0], "client_event_id": event}))
    assert (first_scan["outcome"], first_scan["count"], first_scan["total"]) == ("ok", 1, 4)
    assert (
        ok(desk.post("/api/v1/scans/", {**scans[0], "client_event_id": event}))["scan_id"]
        == first_scan["scan_id"]
    )
    assert ok(desk.post(f"/api/v1/scans/{first_scan['scan_id']}/undo/"))["reason"] == "put_back"
    batch = ok(
        desk.post(
            "/api/v1/scans/batch/", {"scans": [*scans, {"desk": "pick"}, {**scans[0], "barcode": "NIX"}]}
        )
    )
    assert [row["status"] for row in batch["results"]] == [200] * 4 + [400, 200]
    assert batch["results"][5]["answer"]["reason"] == "unknown_barcode"
    assert batch["results"][4]["problem"]["code"] == "invalid"

    sent = ok(desk.post(f"{box['url']}dispatch/", {}))
    assert (sent["status"], sent["days_late"]) == ("dispatched", 0)
    paper = ok(partner.get(sent["handover_document"]["url"]))
    pdf = partner.get(paper["pdf"])
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")
    seen = ok(partner.get("/api/v1/consignments/"))["results"][0]
    assert seen["available_actions"] == ["receive", "report_loss"]
    got = ok(
        partner.post(
            f"{box['url']}receive/",
            {
                "received_by": "Bu Yus",
                "differences": [{"kind": "damaged", "line": lines[0]["id"], "description": "sobek"}],
            },
        )
    )
    assert (got["status"], got["received_by"]) == ("received", "Bu Yus")
    difference = ok(desk.get("/api/v1/discrepancies/?open=true"))["results"][0]
    assert difference["available_actions"] == ["resolve"]
    assert ok(desk.post(f"{difference['url']}resolve/", {"outcome": "noted"}))["available_actions"] == []

    case = ok(
        partner.post(
            "/api/v1/cases/",
            {"consignment": box["id"], "barcode": barcodes[1], "kind": "lost", "account": "hilang"},
        ),
        201,
    )
    case = ok(desk.post(f"{case['url']}assess/", {"demand": "same_title"}))
    assert case["letter"]
    back = ok(
        desk.post(
            f"{box['url']}take_back/",
            {"copies": [{"barcode": code} for code in (barcodes[0], barcodes[2], barcodes[3], "NIX")]},
        )
    )
    assert (back["returned"], [row["reason"] for row in back["answers"]]) == (3, ["unknown_barcode"])
    visit = ok(desk.get("/api/v1/return-visits/?status=open"))["results"][0]
    assert visit["available_actions"] == ["take_back", "finish"]
    done = ok(desk.post(f"{visit['url']}finish/"))
    assert (done["status"], bool(done["document"])) == ("closed", True)
    assert ok(desk.get(box["url"]))["status"] == "closed"
    settled = ok(
        desk.post(f"{case['url']}settle/", {"settlement": "same_title", "replacement_barcode": "BARU-1"})
    )
    assert (settled["status"], settled["available_actions"]) == ("settled", ["note_write_off"])
    assert settled["replacement_copy"]["display"] == "BARU-1"


def test_a_loss_by_line_or_barcode_and_nothing_else(
    program: Program, dispatched: Consignment, school: User
) -> None:
    line = LoanLine.objects.filter(consignment=dispatched).select_related("copy").first()
    url = f"/api/v1/consignments/{dispatched.pk}/report_loss/"
    client = program(school)
    assert client.post(url, {"kind": "lost"}).status_code == 400
    assert (
        client.post(url, {"kind": "lost", "line": str(line.pk), "barcode": line.copy.barcode}).status_code
        == 400
    )
    wrong = client.post(url, {"kind": "lost", "barcode": "NIX"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/barcode")
    answer = client.post(url, {"kind": "lost", "line": str(line.pk)})
    assert (answer.status_code, answer.json()["kind"]) == (201, "lost")
    assert client.post(url, {"kind": "lost", "line": str(line.pk)}).status_code == 409


@pytest.mark.parametrize("rows", [1, 20])
def test_dispatch_is_one_short_transaction(
    rows: int, program: Program, agreement: Agreement, circulation: User, ledger: Ledger
) -> None:
    """G7: the number of statements is written down and does not depend on the number of books."""
    shelve(agreement.office, rows)
    LendingTerm.objects.filter(agreement=agreement).update(quantity=rows)
    programme = open_programme(agreement=agreement, actor=circulation)
    picking = propose_consignment(period=programme.periods.order_by("sequence")[0], actor=circulation)
    scan_all(picking, circulation)
    client = program(circulation)
    name, url = "POST /api/v1/consignments/{id}/dispatch/", f"/api/v1/consignments/{picking.pk}/dispatch/"
    assert ledger.weigh(name, rows, lambda: client.post(url, {})).status_code == 200
    assert {**ledger.known, **ledger.changed}[name][str(rows)] <= 12


def test_the_directory_and_the_catalogue_are_kept_by_those_who_may(
    program: Program, officer: User, circulation: User, crew: User, school: User, library: Institution
) -> None:
    made = program(officer).post(
        "/api/v1/institutions/", {"name": "SD Negeri 05 Baru", "kind": "school", "npsn": "12345678"}
    )
    assert made.status_code == 201, made.json()
    assert made.json()["slug"] == "sd-negeri-05-baru"
    twin = program(officer).post(
        "/api/v1/institutions/", {"name": "Lain", "kind": "school", "npsn": "12345678"}
    )
    assert twin.status_code == 400
    person = program(officer).post(
        "/api/v1/people/", {"institution": made.json()["id"], "name": "Kepala", "signs": True}
    )
    assert person.status_code == 201
    assert Person.objects.get(pk=person.json()["id"]).signs
    title = program(circulation).post("/api/v1/titles/", {"title": "Buku Baru", "isbn": "978-602-99000-2-6"})
    assert title.status_code == 201, title.json()
    copy = program(circulation).post(
        "/api/v1/copies/", {"owner": str(library.pk), "title": title.json()["id"], "barcode": "NEU-1"}
    )
    assert (copy.status_code, copy.json()["place"], copy.json()["holder"]["id"]) == (
        201,
        "shelf",
        str(library.pk),
    )
    for user in (crew, school):
        assert program(user).post("/api/v1/institutions/", {"name": "X", "kind": "school"}).status_code == 403
        assert program(user).post("/api/v1/titles/", {"title": "X"}).status_code == 403


def test_a_catalogue_file_is_taken_in(
    program: Program, circulation: User, school: User, library: Institution
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = program(circulation)
    xml = b'<?xml version="1.0"?><collection xmlns="http://www.loc.gov/MARC21/slim"></collection>'
    answer = client.post(
        "/api/v1/imports/",
        {"institution": str(library.pk), "file": SimpleUploadedFile("a.xml", xml)},
        format="multipart",
    )
    assert answer.status_code == 201, answer.json()
    assert (answer.json()["status"], answer.json()["format"]) == ("waiting", "marcxml")
    wrong = client.post(
        "/api/v1/imports/",
        {"institution": str(library.pk), "file": SimpleUploadedFile("a.exe", b"MZ\x00\x00")},
        format="multipart",
    )
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/file"
    assert client.post("/api/v1/imports/", {"institution": str(library.pk)}, format="json").status_code == 415


def test_a_moved_period_and_a_paused_programme(program: Program, programme: Any, circulation: User) -> None:
    client = program(circulation)
    second = Period.objects.get(programme=programme, sequence=2)
    past = client.post(f"/api/v1/periods/{second.pk}/move/", {"starts_on": "2020-01-01"})
    assert (past.status_code, past.json()["errors"][0]["pointer"]) == (422, "/starts_on")
    url = f"/api/v1/programmes/{programme.pk}/"
    paused = client.post(f"{url}pause/", {"note": "gedung diperbaiki"}).json()
    assert paused["status"] == "paused"
    assert paused["available_actions"] == ["resume", "extend", "bring_home", "end"]
    assert client.post(f"{url}pause/", {"note": "lagi"}).status_code == 409
    assert client.post(f"{url}end/", {}).status_code == 400
    assert client.post(f"{url}resume/").json()["status"] == "running"
    assert client.post(f"{url}replan/").json() == {"moved": 0}


def test_signatories_come_from_the_people_of_the_institutions(
    program: Program, officer: User, library: Institution, other_school_library: Institution
) -> None:
    PersonFactory(institution=other_school_library, name="Bu Dewi", position="Kepala Sekolah")
    made = program(officer).post(
        "/api/v1/agreements/",
        {
            "office": str(library.pk),
            "partner": str(other_school_library.pk),
            "kind": "implicit",
            "title": "Kunjungan",
        },
    )
    assert made.status_code == 201
    assert "Bu Dewi" in {party["signatory_name"] for party in made.json()["parties"]}


def test_what_is_not_offered_is_refused_and_changes_nothing(
    program: Program, library: Institution, circulation: User, crew: User, school: User
) -> None:
    """By a school about its own matters, and by an insider of the office whose role is another one."""
    partner = populate(1, library, circulation)[0]
    MembershipFactory(user=school, institution=partner, role="school_contact")
    for user in (school, crew):
        client = program(user)
        tried = 0
        for view in viewsets():
            if not view.lives:
                continue  # what has no life offers nothing by its state
            for row in client.get(f"/api/v1/{view.scope_noun}/").json()["results"]:
                for verb, act in view.acts.items():
                    if verb in row.get("available_actions", ()):
                        continue
                    answer = client.post(f"{row['url']}{verb}/", dict(act.example))
                    assert answer.status_code in (400, 403, 409, 415, 422), (user, view.scope_noun, verb)
                    tried += 1
                again = client.get(row["url"]).json()
                assert {name: again[name] for name in row if name != "days_late"} == {
                    name: row[name] for name in row if name != "days_late"
                }
        assert tried > 15
