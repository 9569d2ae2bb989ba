"""Changes: nobody overwrites what they have not seen, nothing is done twice, nothing can be smuggled in."""

import json
import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, models
from rest_framework import serializers
from rest_framework.test import APIClient

from agreements.models import Agreement
from kerjasama.api.inputs import Input, ModelInput
from kerjasama.api.routing import api_views
from kerjasama.domain import clock
from libraries.api.memory import Memory
from libraries.catalogue.models import Copy, Title
from libraries.models import ApiToken, IdempotencyKey, Institution, Membership, Person, User
from libraries.services.repeated_requests import forget_answers
from loans.models import Consignment
from tests.api.conftest import Program
from tests.factories import AgreementFactory, InstitutionFactory, UserFactory, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(library: Institution, school_library: Institution) -> Agreement:
    return AgreementFactory(office=library, partner=school_library)


# --- ETag, If-Match ----------------------------------------------------------------------------------------------


def test_what_is_known_is_not_sent_again(program: Program, draft: Agreement, officer: User) -> None:
    client = program(officer)
    url = f"/api/v1/agreements/{draft.pk}/"
    first = client.get(url)
    assert first["ETag"].startswith('"1.')
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get(url, headers={"If-None-Match": '"1.0000000000000000"'}).status_code == 200
    Institution.objects.filter(pk=draft.partner_id).update(short_name="SDN Baru")
    renamed = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (renamed.status_code, renamed.json()["partner"]["display"]) == (200, "SDN Baru")


def test_a_change_needs_the_version_that_was_read(program: Program, draft: Agreement, officer: User) -> None:
    client = program(officer)
    url = f"/api/v1/agreements/{draft.pk}/"
    seen = client.get(url)["ETag"]
    without = client.patch(url, {"aims": "lain"})
    assert (without.status_code, without.json()["code"]) == (428, "if_match_required")
    done = client.patch(url, {"aims": "lain", "lending": {"quantity": 7}}, headers={"If-Match": seen})
    assert done.status_code == 200, done.json()
    assert (done.json()["aims"], done.json()["lending"]["quantity"], done.json()["version"]) == ("lain", 7, 2)
    assert done["ETag"] != seen
    stale = client.patch(url, {"aims": "ketiga"}, headers={"If-Match": seen})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    draft.refresh_from_db()
    assert draft.aims == "lain"
    assert client.patch(url, {"aims": "ketiga"}, headers={"If-Match": done["ETag"]}).status_code == 200


@pytest.mark.parametrize("noun", ["institutions", "people", "titles", "copies"])
def test_plain_records_are_guarded_in_the_same_way(
    noun: str,
    program: Program,
    library: Institution,
    school_library: Institution,
    officer: User,
    circulation: User,
) -> None:
    copy = shelve(library, 1)[0]
    row, change = {
        "institutions": (school_library, {"city": "Padang"}),
        "people": (Person.objects.get(institution=school_library), {"position": "Plt. Kepala"}),
        "titles": (copy.title, {"publisher": "Balai Pustaka"}),
        "copies": (copy, {"condition": "worn"}),
    }[noun]
    client = program(circulation if noun in ("titles", "copies") else officer)
    url = f"/api/v1/{noun}/{row.pk}/"
    seen = client.get(url)["ETag"]
    assert client.patch(url, change).status_code == 428
    done = client.patch(url, change, headers={"If-Match": seen})
    assert done.status_code == 200, done.json()
    assert {name: done.json()[name] for name in change} == change
    assert client.patch(url, change, headers={"If-Match": seen}).status_code == 412


def test_what_is_frozen_cannot_be_patched(program: Program, agreement: Agreement, officer: User) -> None:
    answer = program(officer).patch(
        f"/api/v1/agreements/{agreement.pk}/", {"aims": "x"}, headers={"If-Match": "*"}
    )
    assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (
        409,
        "not_a_draft",
        "active",
    )


# --- Idempotency-Key ---------------------------------------------------------------------------------------------


def test_a_repeated_post_is_answered_and_not_done_again(program: Program, officer: User) -> None:
    client = program(officer)
    key = {"Idempotency-Key": "satu"}
    body = {"name": "SD Negeri 09", "kind": "school"}
    first = client.post("/api/v1/institutions/", body, headers=key)
    again = client.post("/api/v1/institutions/", dict(reversed(body.items())), headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert json.loads(again.content) == first.json()
    assert (again["Idempotency-Replayed"], again["Location"], again["ETag"]) == (
        "true",
        first["Location"],
        first["ETag"],
    )
    assert Institution.objects.filter(name="SD Negeri 09").count() == 1
    other = client.post("/api/v1/institutions/", {**body, "name": "SD Negeri 10"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert client.post("/api/v1/institutions/", body, headers={"Idempotency-Key": "dua"}).status_code == 201


def test_a_repeated_dispatch_does_not_hand_over_twice(
    program: Program, picking: Consignment, circulation: User
) -> None:
    from tests.conftest import scan_all

    scan_all(picking, circulation)
    client = program(circulation)
    url = f"/api/v1/consignments/{picking.pk}/dispatch/"
    answers = [client.post(url, {}, headers={"Idempotency-Key": "kirim-1"}) for _turn in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert client.post(url, {}).status_code == 409
    assert picking.events.filter(action="dispatch").count() == 1


def test_a_refusal_is_not_kept_so_the_same_key_may_try_again(
    program: Program, picking: Consignment, circulation: User
) -> None:
    from tests.conftest import scan_all

    client = program(circulation)
    url, key = f"/api/v1/consignments/{picking.pk}/dispatch/", {"Idempotency-Key": "kirim-2"}
    assert client.post(url, {}, headers=key).status_code == 409
    assert not IdempotencyKey.objects.exists()
    scan_all(picking, circulation)
    assert client.post(url, {}, headers=key).status_code == 200
    assert IdempotencyKey.objects.count() == 1


def test_keys_belong_to_their_user(program: Program, officer: User, head: User) -> None:
    for user in (officer, head):
        Membership.objects.get_or_create(
            user=user, institution=user.memberships.first().institution, role="officer"
        )
        answer = program(user).post(
            "/api/v1/institutions/",
            {"name": f"SD {user}", "kind": "school"},
            headers={"Idempotency-Key": "sama"},
        )
        assert (answer.status_code, answer.json()["name"]) == (201, f"SD {user}")


def test_a_key_must_be_a_key(program: Program, officer: User) -> None:
    for key in ("", "x" * 201, "kunci\tsatu"):
        answer = program(officer).post("/api/v1/institutions/", {}, headers={"Idempotency-Key": key})
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_key")


def test_old_answers_are_forgotten(officer: User) -> None:
    IdempotencyKey.objects.create(user=officer, key="a", fingerprint="", status=200)
    assert forget_answers().count == 0
    IdempotencyKey.objects.update(created_at=clock.now() - clock.days(31))
    assert forget_answers().count == 1
    assert not IdempotencyKey.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_same_key_twice_at_once_is_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    office = InstitutionFactory(office=True)
    user = UserFactory()
    Membership.objects.create(user=user, institution=office, role="officer")
    _row, key = ApiToken.objects.create(user=user, name="uji", scopes=["*:write"])
    inside, go_on = threading.Event(), threading.Event()
    keep = Memory.keep

    def slow(*args: Any) -> None:
        inside.set()
        go_on.wait(10)
        keep(*args)

    monkeypatch.setattr(Memory, "keep", slow)
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "balapan"}
    answers: list[Any] = []

    def send() -> None:
        answers.append(
            APIClient().post("/api/v1/institutions/", {"name": "SD Balap", "kind": "school"}, headers=headers)
        )
        connection.close()

    first = threading.Thread(target=send)
    first.start()
    assert inside.wait(10)
    second = APIClient().post(
        "/api/v1/institutions/", {"name": "SD Balap", "kind": "school"}, headers=headers
    )
    go_on.set()
    first.join()
    assert (second.status_code, second.json()["code"]) == (409, "in_progress")
    assert int(second["Retry-After"]) >= 1
    assert answers[0].status_code == 201
    assert Institution.objects.filter(name="SD Balap").count() == 1


# --- nothing is smuggled in (S3) ---------------------------------------------------------------------------------


def inputs() -> list[type[serializers.BaseSerializer[Any]]]:
    found: list[Any] = [Input, ModelInput]
    for each in found:
        found += [below for below in each.__subclasses__() if below not in found]
    return [each for each in found if each.__module__.split(".")[0] in ("libraries", "agreements", "loans")]


GUARDED = {"id", "pk", "status", "version", "created_at", "updated_at", "slug", "is_office", "is_demo", "holder", "place",
           "code", "document", "handover_document", "lender_id", "match_key", "signed_scan", "actor", "user", "password",
           "is_superuser", "is_staff", "letter", "settled_on", "received_on", "dispatched_on", "reported_by"}  # fmt: skip


def test_no_body_takes_what_only_a_verb_may_change() -> None:
    # The place of publication; where people meet.
    allowed = {
        (name, "place")
        for name in (
            "TitleInput", "MeetingInput", "SignatureInput", "ActivityChange", "ActivityInput", "EquipmentChange",
            "EquipmentInput",
        )
    }  # fmt: skip
    for each in inputs():
        taken = set(each().fields) & GUARDED
        assert not {name for name in taken if (each.__name__, name) not in allowed}, each


def test_every_field_of_every_model_posted_to_every_address_changes_nothing_guarded(
    program: Program,
    library: Institution,
    school_library: Institution,
    officer: User,
    circulation: User,
    draft: Agreement,
) -> None:
    copy = shelve(library, 1)[0]
    person = Person.objects.get(institution=school_library)
    for noun, row, user in (
        ("institutions", school_library, officer),
        ("people", person, officer),
        ("titles", copy.title, circulation),
        ("copies", copy, circulation),
        ("agreements", draft, officer),
    ):
        client = program(user)
        for field in type(row)._meta.concrete_fields:
            value = {
                "status": "active",
                "is_office": True,
                "place": "lost",
                "holder": str(school_library.pk),
            }.get(
                field.name, str(uuid4()) if isinstance(field, models.UUIDField | models.ForeignKey) else "9"
            )
            before = type(row).objects.values().get(pk=row.pk)
            answer = client.patch(f"/api/v1/{noun}/{row.pk}/", {field.name: value}, headers={"If-Match": "*"})
            after = type(row).objects.values().get(pk=row.pk)
            changed = {name for name in after if after[name] != before[name]}
            assert changed <= {field.attname, "version", "updated_at", "match_key"}, (noun, field.name)
            assert not {name.removesuffix("_id") for name in changed} & (
                GUARDED - {"version", "updated_at", "match_key"}
            ) or (
                noun,
                field.name,
            ) == ("titles", "place"), (noun, field.name)
            if answer.status_code == 400:
                assert answer.json()["errors"], (noun, field.name)


def test_what_nobody_asked_for_is_refused_by_its_name(
    program: Program, picking: Consignment, circulation: User
) -> None:
    answer = program(circulation).post(
        f"/api/v1/consignments/{picking.pk}/dispatch/",
        {"status": "received", "actor": str(uuid4()), "on": "2026-13-01"},
    )
    assert answer.status_code == 400
    assert {(row["pointer"], row["code"]) for row in answer.json()["errors"]} >= {
        ("/status", "unknown_field"),
        ("/actor", "unknown_field"),
    }
    picking.refresh_from_db()
    assert picking.status == "picking"


def test_an_office_cannot_write_in_the_name_of_another(
    program: Program,
    officer: User,
    circulation: User,
    perpusnas: User,
    school_library: Institution,
    library: Institution,
) -> None:
    foreign = Institution.objects.get(slug="perpusnas")
    answer = program(officer).post(
        "/api/v1/agreements/",
        {"office": str(foreign.pk), "partner": str(school_library.pk), "kind": "pks", "title": "X"},
    )
    assert answer.status_code == 403
    title = shelve(library, 1)[0].title
    answer = program(perpusnas).post(
        "/api/v1/copies/", {"owner": str(library.pk), "title": str(title.pk), "barcode": "X-1"}
    )
    assert answer.status_code == 403
    assert not Copy.objects.filter(barcode="X-1").exists()
    assert Title.objects.count() == 1


def test_no_address_deletes() -> None:
    for path, view in api_views():
        assert not hasattr(view, "destroy"), path
        assert not hasattr(view, "update"), path
