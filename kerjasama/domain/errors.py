"""One family of refusals. Services raise them; doors only translate them (architecture: "One family of errors").

Each carries a stable ``code`` for programs, a translated sentence for people (what is wrong and what to do),
the ``facts`` behind it, and the HTTP status that an API answers with.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

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


def refuse_unknown(given: Iterable[str], known: Collection[str]) -> None:
    """Raise InvalidInput (``unknown_field``) for the first name in ``given`` that is not one of ``known``.

    A service that takes any fields by name says so itself: a misspelt name would else be lost in silence.
    """
    for name in given:
        if name not in known:
            raise InvalidInput(
                "unknown_field", _("“%(field)s” cannot be changed here.") % {"field": name}, field=name
            )
