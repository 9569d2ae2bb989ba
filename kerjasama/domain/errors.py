"""One family of refusals. Services raise them; doors only translate them (architecture: "One family of errors").

Each carries a stable ``code`` for programs, a translated sentence for people (what is wrong and what to do),
the ``facts`` behind it, and the HTTP status that an API answers with.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise

Sentence = str | Promise


class DomainError(Exception):
    """A rule of the domain says no. ``field`` names the input it is about, if there is one."""

    status = 422

    def __init__(
        self,
        code: str,
        message: Sentence,
        *,
        facts: Mapping[str, Any] | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.facts: dict[str, Any] = dict(facts or {})
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class InvalidInput(DomainError):
    """What was typed or sent cannot be understood or used."""

    status = 422


class NotPermitted(DomainError):
    """The actor has no right to do this, or no agreement permits it on this date."""

    status = 403


class Conflict(DomainError):
    """The world has moved on: somebody else was first, or the thing is not where it should be."""

    status = 409


class TransitionRefused(Conflict):
    """The life of the thing does not allow this action in its present state."""


class LimitReached(Conflict):
    """A limit that was agreed on is used up."""
