"""Every address of the house × every actor (S1, S2): answered as the table says, nothing written by who may not write,
and nothing of SDN 01 in what strangers read. An address that nobody listed fails here."""

import re
from typing import Any
from uuid import uuid4

import pytest

from tests.access import (  # noqa: F401  # they fill the table
    api_table,
    calendar_table,
    fleet_table,
    packing_table,
    road_table,
    rotation_table,
    route_table,
    stocktake_table,
    van_calendar_table,
    van_table,
    visit_table,
)
from tests.access.api_table import OPEN_DOORS
from tests.access.asking import ANONYMOUS, Answer, addresses, alike, ask
from tests.access.table import OFFICE, TABLE, Row
from tests.access.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(120)]

# Addresses that answer alike whoever asks, each with why it is not walked.
NOT_WALKED = {
    "mark": "a redirect to a picture that everybody may see",
    "style": "a page of components, there in DEBUG only",
    "admin:login": "sends everybody to the one place where people sign in",
    "admin:view_on_site": "no model of ours has an address of its own to be viewed on",
    "admin:app_list": "lists what the index lists",
    "admin:admin/(?P<url>.*)$": "what the admin does not know is not found",
}
STRANGERS = ("other_school", "perpusnas")
# One of the office is enough where every one of them is answered alike by one base class.
FEW = (ANONYMOUS, "circulation", "school", "other_school", "perpusnas")
RECORDS = (ANONYMOUS, "officer", "circulation", "crew", "administrator", "school", "perpusnas")
ALL = (ANONYMOUS, *OFFICE, "school", "other_school", "perpusnas")
# A stranger may start a matter of their own: a visit, an import, a directory entry. These write where nothing was sent.
API = sorted(name for name in TABLE if name.startswith("api:"))
PAGES = sorted(name for name in TABLE if not name.startswith("api:"))


def actors(name: str) -> tuple[str, ...]:
    if name.startswith("work:"):
        return ALL
    return RECORDS if name.startswith("admin:") else FEW


def path_of(world: World, name: str, row: Row, *, guess: str = "") -> str:
    """The address with the things of SDN 01 in it; with ``guess`` as the id of its (last) thing instead."""
    found = "/" + addresses()[name].replace("^", "").replace("$", "")

    def fill(match: Any) -> str:
        argument = re.sub(r"[<>]|\?P|\w+:", "", match[0].split(">")[0]).lstrip("(")
        said = row.about[argument]
        if said.startswith("="):
            return said[1:]
        if said == "code of document":
            return str(world.things["document"].verify_code)
        return guess or world.pk(said)

    return re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]+>", fill, found)


def differs(answer: Answer, wanted: str) -> bool:
    return answer.kind not in (("in", "403") if wanted == "any" else (wanted,))


def test_every_address_is_listed_and_every_row_has_its_address() -> None:
    known = {name for name in addresses() if not name.startswith(("djdt:",))}
    listed = set(TABLE) | set(NOT_WALKED) | OPEN_DOORS
    assert known - listed == set(), "addresses that nobody has decided about"
    assert listed - known - {"style"} == set(), "rows whose address is gone"


@pytest.mark.parametrize("name", PAGES)
def test_pages(name: str, world: World) -> None:
    row = TABLE[name]
    path = path_of(world, name, row)
    wrong = []
    for actor in actors(name):
        for method, wanted in (("get", row.get[actor]), ("post", row.post[actor])):
            answer = ask(world, actor, path, method=method)
            if differs(answer, wanted):
                wrong.append(f"{method} as {actor}: {answer.kind} ({answer.status}), the table says {wanted}")
            if answer.written and answer.kind != "in":
                wrong.append(f"{method} as {actor}: refused, yet it wrote {answer.written}")
            if actor in ("perpusnas", "other_school", ANONYMOUS):
                wrong += leaks(world, name, actor, answer)
    assert wrong == []


@pytest.mark.parametrize("name", [name for name in PAGES if TABLE[name].guess])
def test_a_guess_is_answered_like_another_schools_thing(name: str, world: World) -> None:
    """What is there but not yours, and what is not there at all: the same answer, word for word."""
    row = TABLE[name]
    real, guessed = path_of(world, name, row), path_of(world, name, row, guess=str(uuid4()))
    for actor in STRANGERS:
        there, nowhere = (ask(world, actor, path) for path in (real, guessed))
        if name.startswith("portal:") and actor == "perpusnas":
            assert there.kind == "away"  # the portal is for schools, whatever was asked for
        assert there.status == nowhere.status, actor
        assert alike(there.body, real) == alike(nowhere.body, guessed), actor


@pytest.mark.parametrize("name", API)
def test_the_api(name: str, world: World) -> None:
    row = TABLE[name]
    path = path_of(world, name, row)
    method = "get" if set(row.get.values()) != {"405"} else "post"
    wrong = []
    for actor in row.get:
        for verb, wanted in (("get", row.get[actor]), ("post", row.post[actor])):
            if verb != method and actor not in ("circulation", "other_school"):
                continue  # a wrong method is refused before anybody asks who it is
            answer = ask(world, actor, path, method=verb, key=world.keys[actor])
            if differs(answer, wanted):
                wrong.append(f"{verb} as {actor}: {answer.kind} ({answer.status}), the table says {wanted}")
            if answer.written and answer.kind != "in":
                wrong.append(f"{verb} as {actor}: refused, yet it wrote {answer.written}")
            if actor in STRANGERS:
                wrong += leaks(world, name, actor, answer)
    unknown = ask(world, ANONYMOUS, path, method=method)
    if unknown.kind != "401" or unknown.written:
        wrong.append(f"{method} without a key: {unknown.kind}")
    for actor in ("circulation", "school"):
        answer = ask(world, actor, path, method=method, key=world.keys[f"{actor} without scopes"])
        if answer.kind != "403" or answer.written:
            wrong.append(f"{method} with a key of no scope, as {actor}: {answer.kind}")
    assert wrong == []


@pytest.mark.parametrize("name", [name for name in API if TABLE[name].guess])
def test_a_guess_over_the_api(name: str, world: World) -> None:
    row = TABLE[name]
    real, guess = path_of(world, name, row), str(uuid4())
    guessed = path_of(world, name, row, guess=guess)
    for actor in STRANGERS:
        if row.get[actor] != "404":
            continue
        there, nowhere = (ask(world, actor, path, key=world.keys[actor]) for path in (real, guessed))
        assert there.status == nowhere.status == 404
        assert alike(there.body, real) == alike(nowhere.body, guessed)


def leaks(world: World, name: str, actor: str, answer: Answer) -> list[str]:
    """Marks of SDN 01's matters in what a stranger reads. The public page of a verified paper is about that paper."""
    if name in ("verify",) or answer.kind in ("login",):
        return []
    things = world.things
    marks = [
        things["agreement"].number,
        things["delivered"].code,
        things["case"].code,
        things["document"].number,
        things["copy"].barcode,
        things["message"].address,
        things["request"].subject,
    ]
    if actor != "perpusnas":  # the directory of institutions is common to all offices
        marks += [things["institution"].name, things["person"].name]
    return [f"{actor} reads “{mark}” there" for mark in marks if mark in answer.body]


def test_no_account_at_anothers_partner(world: World) -> None:
    """Whoever could give a role at SDN 01 could read what SDN 01 reads."""
    from kerjasama.domain.errors import NotPermitted
    from libraries.services.accounts import create_account, grant_role
    from tests.lives import undone

    given = {"institution": world.things["institution"], "role": "school_contact"}
    stranger, keeper = world.people["perpusnas"], world.people["administrator"]
    for act in (
        lambda: grant_role(actor=stranger, account=stranger, **given),
        lambda: create_account(actor=stranger, name="Orang", email="orang@contoh.test", **given),
    ):
        with pytest.raises(NotPermitted):
            act()
    with undone():
        assert create_account(actor=keeper, name="Guru", email="guru@contoh.test", **given).pk
