"""Templates of drafts, rules for kinds and school lists over the API, from the first word to what comes of it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agreements.models import Agreement, AgreementTemplate, KindRule
from libraries.models import Institution, Sheet, User
from libraries.services.sheets import run_waiting_sheets
from tests.api.conftest import Program
from tests.libraries.lists import HEADS, as_csv, school_row

pytestmark = pytest.mark.django_db

TEMPLATES, RULES, LISTS = "/api/v1/agreement-templates/", "/api/v1/kind-rules/", "/api/v1/school-lists/"


class TestTemplates:
    def body(self, library: Institution, **changes: Any) -> dict[str, Any]:
        return {
            "office": str(library.pk),
            "kind": "pks",
            "name": "PKS sekolah",
            "months": 6,
            "words": {"aims": "Murid membaca lebih banyak.", "scope": ""},
            "lending": {"quantity": 50, "interval_months": 3, "replacement_days": 30, "receipt_days": 3},
            "provisions": [{"form": "mobile_library", "visits_per_month": 2}],
            **changes,
        }

    def test_from_its_words_to_a_draft(
        self, program: Program, officer: User, library: Institution, school_library: Institution
    ) -> None:
        client = program(officer)
        made = client.post(TEMPLATES, self.body(library))
        assert made.status_code == 201, made.json()
        row = made.json()
        assert row["words"] == {"aims": "Murid membaca lebih banyak."}
        assert row["provisions"] == [{"form": "mobile_library", "visits_per_month": 2}]
        ask = {
            "office": str(library.pk),
            "partner": str(school_library.pk),
            "title": "Pojok baca",
            "starts_on": "2027-01-04",
        }
        draft = client.post(f"{row['url']}draft/", ask)
        assert draft.status_code == 201, draft.json()
        assert (draft.json()["ends_on"], draft.json()["status"]) == ("2027-07-03", "draft")
        agreement = Agreement.objects.get(pk=draft.json()["id"])
        assert (agreement.lending_term.quantity, agreement.aims) == (50, "Murid membaca lebih banyak.")
        changed = client.patch(
            row["url"], {"is_active": False, "lending": None}, headers={"If-Match": made["ETag"]}
        )
        assert (changed.status_code, changed.json()["version"]) == (200, 2)
        assert (changed.json()["lending"], changed.json()["words"]) == (None, row["words"])
        assert client.patch(row["url"], {"months": 3}, headers={"If-Match": made["ETag"]}).status_code == 412
        assert client.post(f"{row['url']}draft/", ask).json()["code"] == "not_offered"
        assert len(client.get(f"{TEMPLATES}?kind=pks&is_active=false").json()["results"]) == 1

    def test_an_agreement_that_went_well_becomes_one(
        self, program: Program, officer: User, circulation: User, school: User, agreement: Agreement
    ) -> None:
        url = f"/api/v1/agreements/{agreement.pk}/make_template/"
        made = program(officer).post(url, {"name": "Seperti SDN 01"})
        assert made.status_code == 201, made.json()
        assert made.json()["words"]["aims"] == agreement.aims and made.json()["lending"]["quantity"] == 5
        for other in (circulation, school):
            assert program(other).post(url, {"name": "Lagi"}).status_code == 403

    def test_what_has_no_place_in_it_is_refused(
        self, program: Program, officer: User, library: Institution
    ) -> None:
        client = program(officer)
        for wrong in (
            {"words": {"starts_on": "2027-01-04"}},
            {"words": {"notice_days": "lama"}},
            {"provisions": [{"form": "flying"}]},
            {"lending": {"quantity": 0}},
        ):
            answer = client.post(TEMPLATES, self.body(library, **wrong))
            assert answer.status_code == 400, (wrong, answer.json())
        assert not AgreementTemplate.objects.exists()

    def test_it_is_read_by_the_office_and_kept_by_its_keepers(
        self, program: Program, officer: User, circulation: User, school: User, library: Institution
    ) -> None:
        url = program(officer).post(TEMPLATES, self.body(library)).json()["url"]
        assert program(circulation).get(url).status_code == 200
        assert program(circulation).patch(url, {"months": 3}, headers={"If-Match": "*"}).status_code == 403
        assert program(school).get(url).status_code == 404


class TestRules:
    def test_a_kind_is_ruled_once_and_changed_after(
        self, program: Program, head: User, circulation: User, library: Institution, school: User
    ) -> None:
        client = program(head)
        made = client.post(RULES, {"office": str(library.pk), "kind": "pks", "required": ["aims"]})
        assert made.status_code == 201, made.json()
        url = made.json()["url"]
        again = client.post(RULES, {"office": str(library.pk), "kind": "pks", "needs_review": True})
        assert (again.json()["id"], again.json()["required"]) == (made.json()["id"], ["aims"])
        changed = client.patch(
            url,
            {"legal_basis": "UU 43/2007\nPerwali 5/2024", "required": []},
            headers={"If-Match": again["ETag"]},
        )
        assert (changed.status_code, changed.json()["version"]) == (200, 3), changed.json()
        assert KindRule.objects.get().legal_basis.endswith("Perwali 5/2024")
        assert client.post(RULES, {"office": str(library.pk), "kind": "fly"}).status_code == 400
        reader = program(circulation)
        assert reader.get(f"{RULES}?kind=pks").json()["results"][0]["id"] == made.json()["id"]
        assert reader.patch(url, {"notice_days": 1}, headers={"If-Match": "*"}).status_code == 403
        refused = reader.post(RULES, {"office": str(library.pk), "kind": "mou"})
        assert refused.status_code == 403
        assert program(school).get(url).status_code == 404


class TestSchoolLists:
    def upload(self, client: Any, office: Institution, file: SimpleUploadedFile) -> Any:
        file.seek(0)
        return client.post(LISTS, {"office": str(office.pk), "file": file}, format="multipart")

    def test_from_the_file_to_the_directory(
        self, program: Program, officer: User, circulation: User, school: User, library: Institution
    ) -> None:
        client = program(officer)
        handed = self.upload(client, library, as_csv([HEADS, school_row(1), school_row(2)]))
        assert handed.status_code == 201, handed.json()
        row = handed.json()
        assert (row["status"], row["heads"]) == ("mapping", list(HEADS))
        assert client.post(f"{row['url']}adopt/", {}).json()["code"] == "sheet_not_checked"
        wrong = client.post(f"{row['url']}choose_columns/", {"mapping": {"name": 99}})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "column_unknown")
        chosen = client.post(f"{row['url']}choose_columns/", {"mapping": row["mapping"]})
        assert (chosen.status_code, chosen.json()["status"]) == (200, "checking"), chosen.json()
        run_waiting_sheets()
        checked = client.get(row["url"]).json()
        assert (checked["status"], checked["total"], checked["new"]) == ("checked", 2, 2)
        preview = client.get(f"{row['url']}rows/?outcome=new").json()["results"]
        assert [line["number"] for line in preview] == [2, 3]
        assert client.get(f"{row['url']}rows/?outcome=sideways").status_code == 400
        before = Institution.objects.count()
        assert client.post(f"{row['url']}adopt/", {"only_new": True}).json()["status"] == "adopting"
        run_waiting_sheets()
        assert client.get(row["url"]).json()["adopted"] == 2
        assert Institution.objects.count() == before + 2
        line = client.get(f"{row['url']}rows/").json()["results"][0]
        assert line["institution"]["display"] and line["adopted"] is True
        reader = program(circulation)
        assert reader.get(row["url"]).status_code == 200
        assert reader.get(f"{row['url']}rows/").status_code == 403
        assert reader.post(f"{row['url']}put_aside/").status_code == 403
        assert program(school).get(row["url"]).status_code == 404

    def test_what_is_no_list_is_refused_and_what_is_not_wanted_goes(
        self, program: Program, officer: User, circulation: User, library: Institution
    ) -> None:
        client = program(officer)
        refused = self.upload(client, library, SimpleUploadedFile("x.csv", b"%PDF-1.4 daftar"))
        assert refused.status_code == 422, refused.json()
        assert not Sheet.objects.exists()
        content = as_csv([HEADS, school_row(1)])
        assert self.upload(program(circulation), library, content).status_code == 403
        url = self.upload(client, library, content).json()["url"]
        assert client.post(f"{url}put_aside/").json()["status"] == "cancelled"
        assert Sheet.objects.get().file is None
