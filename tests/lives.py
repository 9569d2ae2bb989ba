"""Walking a lifecycle table through its services: every state, every action, every actor."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from kerjasama.domain.errors import DomainError
from kerjasama.domain.lifecycle import Life
from libraries.models import User


@dataclass
class Attempt:
    """What became of one act: ``code`` of the refusal ("" when it was done) and the state found afterwards."""

    code: str
    state: str
    events: int


def attempt(row: Any, act: Callable[[], object], prepare: Callable[[], object]) -> tuple[Attempt, Attempt]:
    """Prepare, note the state, act, note what came of it, and undo all of it. The two notes are returned."""
    with undone():
        prepare()
        row.refresh_from_db()
        before = Attempt("", row.status, row.events.count())
        code = ""
        try:
            act()
        except DomainError as refusal:
            code = refusal.code
        row.refresh_from_db()
        return before, Attempt(code, row.status, row.events.count())


@contextmanager
def undone() -> Iterator[None]:
    """What is written in the block is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def put_into(row: models.Model, state: str) -> None:
    """Set a state past all rules: where a table starts, the rules are not the question."""
    type(row)._base_manager.filter(pk=row.pk).update(status=state)


def walk(
    life: Life,
    row: Any,
    verbs: Mapping[str, Callable[[Any, User | None], object]],
    actors: Mapping[str, User | None],
    roles_of: Callable[[User | None], set[str]],
    prepare: Callable[[str, str], object],
) -> list[str]:
    """Try each verb in each state as each actor, and return a line for everything that is not as the table says.

    ``verbs``: action to ``act(row, actor)``. ``prepare(action, state)`` puts the row (and what belongs to it) into the
    state, once for all actors: each attempt is undone, so that the next actor finds the row as it was prepared.
    """
    wrong = []
    for action, act in verbs.items():
        step = life.transition(action)
        for state in life.states:
            with undone():
                prepare(action, state)
                row.refresh_from_db()
                roles = {name: roles_of(actor) for name, actor in actors.items()}
                tried = {
                    name: attempt(row, lambda act=act, actor=actor: act(row, actor), lambda: None)
                    for name, actor in actors.items()
                }
            for name, (before, after) in tried.items():
                if not step.who & roles[name]:
                    wanted, ends, added = "role_missing", state, 0
                elif state not in step.sources:
                    wanted, ends, added = "wrong_state", state, 0
                else:
                    wanted, ends, added = "", step.target or state, 1
                found = (after.code, after.state, after.events - before.events)
                if found != (wanted, ends, added):
                    wrong.append(
                        f"{action} in {state} as {name}: {found}, the table says {(wanted, ends, added)}"
                    )
    return wrong
