"""Every life is one table: guarded by services alone, led by verbs, drawn in the README, worded in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

import agreements.lifecycle
import libraries.lifecycle
import loans.lifecycle
import mobile_service.lifecycle
from kerjasama.domain.lifecycle import Life
from kerjasama.domain.models import StatusEvent
from tests.architecture.source import FLOORS, ROOT, modules, relative, tree

LIVES = {
    (module.__name__.split(".")[0], life.name): life
    for module in (libraries.lifecycle, agreements.lifecycle, loans.lifecycle, mobile_service.lifecycle)
    for life in vars(module).values()
    if isinstance(life, Life)
}
NAMES = {
    "network": "NETWORK",
    "assessment": "ASSESSMENT",
    "follow-up": "FOLLOW_UP",
    "obligation": "OBLIGATION",
    "written agreement": "take_step",
    "implicit agreement": "take_step",
    "activity": "ACTIVITY",
    "booking": "BOOKING",
    "cooperation request": "REQUEST",
    "evaluation": "EVALUATION",
    "programme": "PROGRAMME",
    "period": "PERIOD",
    "consignment": "CONSIGNMENT",
    "case": "CASE",
    "return visit": "RETURN_VISIT",
    "stocktake": "STOCKTAKE",
    "rotation plan": "PLAN",
    "wish": "WISH",
    "series of visits": "SERIES",
    "trip": "TRIP",
    "visit": "VISIT",
    "visit request": "REQUEST",
    "route plan": "ROUTE_PLAN",
}
# Who writes a status without being a service, and why that is right.
MAY_WRITE_STATUS = {
    # The demo tells a past that no verb can make any more, through bulk writes of whole histories.
    "loans/demo.py": "history",
    "mobile_service/demo/calendar.py": "history",
}


def test_every_life_is_known_here() -> None:
    assert {name for _app, name in LIVES} == set(NAMES)


def status_writes(path: Path) -> Iterator[int]:
    """Lines that assign ``something.status``, or pass ``status=`` to ``update`` or ``bulk_update``."""
    for node in ast.walk(tree(path)):
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AugAssign | ast.AnnAssign)
            else []
        )
        for target in targets:
            # A view's own `self.status` is the number of an answer, not the state of a thing.
            own = (
                isinstance(target, ast.Attribute)
                and isinstance(target.value, ast.Name)
                and target.value.id == "self"
            )
            if isinstance(target, ast.Attribute) and target.attr == "status" and not own:
                yield node.lineno
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("update",)
        ) and any(keyword.arg == "status" for keyword in node.keywords):
            yield node.lineno


def test_only_services_write_a_status() -> None:
    wrong = [
        f"{relative(path)}:{line}"
        for path in modules().values()
        if "services" not in path.parts and relative(path) not in MAY_WRITE_STATUS
        for line in status_writes(path)
    ]
    assert wrong == []


def steps_taken(app: str) -> dict[str, set[str]]:
    """Which actions the services of an app take or ask for, by the name of the table they name."""
    found: dict[str, set[str]] = {}
    for name, path in modules().items():
        if not name.startswith(f"{app}.services"):
            continue
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            said = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if isinstance(node.func, ast.Name) and node.func.id == "take_step" and said:
                tables = [arg.id for arg in node.args if isinstance(arg, ast.Name) and arg.id.isupper()]
                found.setdefault(tables[0] if tables else "take_step", set()).add(said[0])
            elif isinstance(node.func, ast.Attribute) and node.func.attr == "ask" and said:
                table = node.func.value
                if isinstance(table, ast.Name) and table.id.isupper():
                    found.setdefault(table.id, set()).add(said[0])
    return found


# Led by a verb of another life: who takes back does it in a return visit, whose own table is asked.
ANSWERED_ELSEWHERE = {("consignment", "take_back"): "return_copies, scan"}


@pytest.mark.parametrize(("app", "name"), LIVES, ids=[name for _app, name in LIVES])
def test_every_transition_has_its_verb_and_no_verb_an_unknown_one(app: str, name: str) -> None:
    taken = steps_taken(app)[NAMES[name]]
    elsewhere = {action for life, action in ANSWERED_ELSEWHERE if life == name}
    assert set(LIVES[app, name].actions) - taken - elsewhere == set()
    known = {
        action
        for (_app, other), life in LIVES.items()
        if NAMES[other] == NAMES[name]
        for action in life.actions
    }
    assert taken - known == set()


@pytest.mark.parametrize("app", ["libraries", "agreements", "loans", "mobile_service"])
def test_the_readme_draws_each_life_as_its_table_has_it(app: str) -> None:
    text = (ROOT / app / "README.md").read_text(encoding="utf-8")
    for (owner, name), life in LIVES.items():
        if owner == app:
            assert f"```mermaid\n{life.drawing()}\n```" in text, f"{app}/README.md draws another {name}"


@pytest.mark.parametrize("floor", FLOORS)
def test_every_app_says_what_it_is_for(floor: str) -> None:
    if floor != "kerjasama":  # the ground floor is told by the README of the house
        text = (ROOT / floor / "README.md").read_text(encoding="utf-8")
        assert "## What may not be done here" in text


def ours() -> list[type[models.Model]]:
    """Our own models; not the audit tables that triggers fill, nor the keys of an idempotent request."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.split(".")[0] in FLOORS and not model.__name__.endswith("Audit")
    ]


# Rows that nobody asks for by themselves: they are reached through what they belong to, or by the machine alone.
REACHED_THROUGH_ANOTHER = {
    "agreements.Party": "agreement.parties",
    "agreements.LendingTerm": "agreement.lending_term",
    "agreements.Provision": "agreement.provisions",
    "agreements.PaperVersion": "agreement.paper_versions",
    "agreements.SignedScan": "agreement.signed_scans",
    "libraries.NetworkMember": "network.members",
    "libraries.Answer": "assessment.answers",
    "agreements.Participation": "activity.participations",
    "agreements.Attendee": "activity.attendees",
    "agreements.Evidence": "activity.evidence",
    "agreements.Cohort": "activity.cohort",
    "agreements.Intern": "cohort.interns",
    "agreements.AttendanceDay": "intern.days",
    "agreements.RequestMessage": "request.messages",
    "libraries.User": "libraries.services.accounts.accounts_of, by membership",
    "libraries.ApiToken": "its own user's; the manager is knox's, the admin uses ApiTokenQuerySet.visible_to",
    "libraries.NumberCounter": "drawn from by one statement",
    "libraries.DocumentView": "document.views",
    "libraries.FileView": "file.views",
    "libraries.SweepRun": "the clock's own notebook, shown on the health page",
    "libraries.IdempotencyKey": "its own token's, by key",
    "catalogue.ImportRecord": "job.records",
    "libraries.SheetRow": "sheet.rows",
    "catalogue.ReadingListItem": "reading_list.items",
    "loans.StocktakeLine": "stocktake.lines",
    "mobile_service.VehicleHours": "vehicle.hours",
    "mobile_service.StopWindow": "stop.windows",
    "mobile_service.TravelTime": "by its office, in the services that reckon drives",
    "mobile_service.Duty": "trip.duties",
    "mobile_service.TripLoad": "visit.loads",
    "mobile_service.Tally": "visit.tally",
    "mobile_service.TripFile": "trip.files, visit.files",
}


def test_every_queryset_is_closed_by_default() -> None:
    open_ones = {
        model._meta.label
        for model in ours()
        if not issubclass(model, StatusEvent) and not hasattr(model._default_manager.all(), "visible_to")
    }
    assert open_ones - set(REACHED_THROUGH_ANOTHER) == set()
    assert set(REACHED_THROUGH_ANOTHER) - {model._meta.label for model in ours()} == set(), (
        "a row of the table is gone"
    )


def test_nobody_sees_nothing(db: None) -> None:
    """Without a user, or without a membership, every queryset is empty, even where there are rows."""
    from django.contrib.auth.models import AnonymousUser

    from tests.factories import AgreementFactory, CopyFactory, UserFactory

    AgreementFactory(in_force=True)
    CopyFactory()
    stranger = UserFactory()
    # The region list, the catalogue's titles and public holidays are no secret between those who sign in.
    common = {"libraries.Region", "catalogue.Title", "libraries.Closure"}
    for kind in ours():
        rows = kind._default_manager.all()
        if not hasattr(rows, "visible_to"):
            continue
        for nobody in (None, AnonymousUser(), stranger):
            if kind._meta.label in common and nobody is stranger:
                continue
            seen = rows.visible_to(nobody)
            assert not seen.exists() or kind._meta.label in common, (kind._meta.label, nobody)


def sentences() -> Iterator[tuple[str, str]]:
    """The English words of every state and act, and where they stand."""
    with translation.override("en"):
        for (app, name), life in LIVES.items():
            yield from ((f"{app}: {name}, {row.action}", str(row.label)) for row in life.steps)
            yield from ((f"{app}: {name}, {state}", str(label)) for state, label in life.states.items())
        for module in ("libraries", "libraries.catalogue", "agreements", "loans"):
            choices = __import__(f"{module}.choices", fromlist=["choices"])
            for kind in vars(choices).values():
                if isinstance(kind, type) and issubclass(kind, models.TextChoices) and kind.choices:
                    yield from (
                        (f"{module}: {kind.__name__}.{value}", str(label)) for value, label in kind.choices
                    )


def test_every_state_and_act_has_its_indonesian_words() -> None:
    catalogue = polib.pofile(str(ROOT / "kerjasama/locale/id/LC_MESSAGES/django.po"))
    words = {entry.msgid: entry.msgstr for entry in catalogue if not entry.obsolete}
    assert [f"{place}: {label}" for place, label in sentences() if not words.get(label)] == []
