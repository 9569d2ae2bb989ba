"""What happened to a thing, in words: the act, and what it was then."""

from types import SimpleNamespace
from typing import Any

from kerjasama.domain import clock
from kerjasama.domain.lifecycle import Life, step
from libraries.desk import timeline

LIFE = Life(
    name="visit",
    start="planned",
    states={"planned": "Planned", "cancelled": "Cancelled", "done": "Done"},
    steps=(
        step("change", "planned", None, {"desk"}, "Change"),
        step("cancel", "planned", "cancelled", {"desk"}, "Call off"),
        step("finish", "planned", "done", {"desk"}, "Done"),
    ),
)


def event(action: str, before: str, after: str) -> Any:
    return SimpleNamespace(
        action=action, from_state=before, to_state=after, actor=None, at=clock.now(), note=""
    )


def test_an_act_says_what_came_of_it() -> None:
    (told,) = timeline([event("cancel", "planned", "cancelled")], LIFE)
    assert (told.what, told.state) == ("Call off", "Cancelled")


def test_nothing_is_said_twice() -> None:
    for action, before, after in (
        ("change", "planned", "planned"),
        ("create", "", "planned"),
        ("finish", "planned", "done"),
    ):
        (told,) = timeline([event(action, before, after)], LIFE, {"create": "Planned"})
        assert told.state == ""
