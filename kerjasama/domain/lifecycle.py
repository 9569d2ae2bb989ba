"""The life of a thing, as a table: action → from which states, to which state, who may.

One table guards the service, shows only the buttons that work, fills ``available_actions`` in the API, draws the
picture in the README, and parametrises the tests. There are no queries and no side effects in here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from kerjasama.domain.errors import NotPermitted, Sentence, TransitionRefused

# The clock is an actor of its own: sweeps act in its name, no person may.
CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table. ``target`` None means: the state stays (a recorded act, such as one party's signature).

    ``needs`` names inputs that the act cannot do without (a reason, a date): doors turn them into fields.
    """

    action: str
    sources: frozenset[str]
    target: str | None
    who: frozenset[str]
    label: Sentence
    needs: tuple[str, ...] = ()


def step(
    action: str,
    sources: str | Iterable[str],
    target: str | None,
    who: Iterable[str],
    label: Sentence,
    needs: tuple[str, ...] = (),
) -> Transition:
    """Write a row of a table: ``step("dispatch", "picking", "dispatched", {"circulation"}, _("Dispatch"))``."""
    from_states = frozenset({sources}) if isinstance(sources, str) else frozenset(sources)
    return Transition(action, from_states, target, frozenset(who), label, needs)


@dataclass(frozen=True)
class Life:
    """All transitions of one kind of thing. ``states`` maps each state to its label; ``start`` is the first."""

    name: str
    start: str
    states: Mapping[str, Sentence]
    steps: tuple[Transition, ...]
    _by_action: dict[str, Transition] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_action = {row.action: row for row in self.steps}
        if len(by_action) != len(self.steps):
            raise ValueError(f"{self.name}: an action stands twice in the table")
        known = set(self.states)
        for row in self.steps:
            if not row.sources <= known or (row.target is not None and row.target not in known):
                raise ValueError(f"{self.name}: {row.action} names an unknown state")
        object.__setattr__(self, "_by_action", by_action)

    @property
    def actions(self) -> Collection[str]:
        return self._by_action.keys()

    def transition(self, action: str) -> Transition:
        return self._by_action[action]

    def ask(self, action: str, state: str, roles: Collection[str]) -> Transition:
        """The row for ``action``, if an actor with ``roles`` may do it in ``state``.

        Raises NotPermitted when no role of the actor is named in the row, TransitionRefused when the state is wrong.
        """
        row = self._by_action[action]
        facts = {"state": state, "allowed": self.available(state, roles)}
        if not row.who & set(roles):
            raise NotPermitted(
                "role_missing",
                _("Your role does not include “%(action)s”. Ask a colleague who has it, or an administrator.")
                % {"action": row.label},
                facts=facts,
            )
        if state not in row.sources:
            raise TransitionRefused(
                "wrong_state",
                _(
                    "“%(action)s” is not possible now: the status is “%(state)s”. Reload the page to see what is."
                )
                % {"action": row.label, "state": self.states[state]},
                facts=facts,
            )
        return row

    def available(self, state: str, roles: Collection[str]) -> list[str]:
        """Actions that an actor with ``roles`` may do in ``state``, in the order of the table."""
        held = set(roles)
        return [row.action for row in self.steps if state in row.sources and row.who & held]

    def ends(self) -> set[str]:
        """States that nothing leads out of."""
        return {
            state
            for state in self.states
            if not any(state in row.sources and row.target not in (None, state) for row in self.steps)
        }

    def drawing(self) -> str:
        """A Mermaid state diagram, for the README of the app."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        for row in self.steps:
            for source in sorted(row.sources):
                lines.append(f"    {source} --> {row.target or source}: {row.action}")
        lines += [f"    {state} --> [*]" for state in sorted(self.ends())]
        return "\n".join(lines)
