"""What shows all apps at once, composed without an upward import.

The ground floor walks the installed AppConfigs and asks each for its part; apps answer with these frozen dataclasses.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from kerjasama.domain.errors import Sentence


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu of one face ("admin" or "portal"). Lower ``order`` comes first."""

    label: Sentence
    url: str
    icon: str
    order: int = 50
    count: int | None = None


@dataclass(frozen=True, slots=True)
class HomeCard:
    """One matter of today on the home page: how many, what it is, where to go. ``tone``: calm, due, late."""

    title: Sentence
    count: int
    sentence: Sentence
    url: str
    tone: str = "calm"
    order: int = 50
    lines: tuple[tuple[str, str, str], ...] = ()  # (text, detail, url) of the first few


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure for /metrics and the benefit pages."""

    name: str
    value: float


def collect(hook: str, *args: Any, **kwargs: Any) -> list[Any]:
    """Ask every installed app for its part of ``hook``; an app without the hook has no part. Ordered by ``order``."""
    found: list[Any] = []
    for config in apps.get_app_configs():
        answer = getattr(config, hook, None)
        if answer is not None:
            part: Iterable[Any] = answer(*args, **kwargs)
            found.extend(part)
    return sorted(found, key=lambda item: getattr(item, "order", 50))
