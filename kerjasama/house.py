"""What shows all apps at once, composed without an upward import.

The ground floor walks the installed AppConfigs and asks each for its part; apps answer with these frozen dataclasses.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from kerjasama.domain.errors import Sentence


class Area(StrEnum):
    """A field of work at the desk. Its pages stand together below one entry of the menu, whichever apps they come from."""

    AGREEMENTS = "agreements"
    ACTIVITIES = "activities"
    PARTNERS = "partners"
    LENDING = "lending"
    MOBILE = "mobile"
    CATALOGUE = "catalogue"


AREAS: dict[Area, tuple[Sentence, str]] = {
    Area.AGREEMENTS: (_("Agreements"), "handshake"),
    Area.ACTIVITIES: (_("Activities"), "calendar"),
    Area.PARTNERS: (_("Partners"), "school"),
    Area.LENDING: (_("Lending"), "box"),
    Area.MOBILE: (_("Mobile library"), "van"),
    Area.CATALOGUE: (_("Catalogue"), "books"),
}


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu of one face ("admin" or "portal"). Lower ``order`` comes first.

    ``area``: the field of work to which it belongs; None: it stands in the menu by itself. ``also``: the beginnings of
    further addresses whose pages belong to it.
    """

    label: Sentence
    url: str
    icon: str
    order: int = 50
    count: int | None = None
    area: Area | None = None
    also: tuple[str, ...] = ()


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
class PortalTask:
    """What a partner has to do now: one sentence, one day, one button.

    ``due_on`` is the day by which (None: no day). ``tone``: calm, due, late. ``is_news``: good to know, but nothing is to be done.
    """

    what: Sentence
    url: str
    act: Sentence
    icon: str
    due_on: date | None = None
    why: Sentence = ""
    tone: str = "due"
    order: int = 50
    is_news: bool = False


@dataclass(frozen=True, slots=True)
class FrontPart:
    """What an app tells everybody on the front page: a question, its answer in a few lines, and where all of it stands.

    ``lines``: (text, detail, url).
    """

    title: Sentence
    sentence: Sentence
    url: str
    act: Sentence
    icon: str
    lines: tuple[tuple[str, str, str], ...] = ()
    order: int = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that the desk's search box found. ``exact``: the words are its very code, so there is nothing to choose."""

    kind: Sentence
    label: str
    detail: str
    url: str
    icon: str
    exact: bool = False
    order: int = 50


@dataclass(frozen=True, slots=True)
class Tie:
    """A cooperation between ``office`` and ``institution`` (both keys) that lasts ``until`` a day; None: no end in sight.

    ``in_force``: it binds both; else it is over, or still being prepared.
    """

    institution: Any
    office: Any
    until: date | None
    in_force: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """Why something cannot be erased or closed now, in a sentence, and until when (None: not known)."""

    sentence: Sentence
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PartnerPart:
    """What one app knows of a partner, on the page that shows everything about it.

    The hooks ``agreement_parts(user, agreement)`` at the desk and ``portal_agreement_parts(user, agreement, school)`` in the
    portal ask for the same of one agreement: what upper floors do under it and is not theirs who wrote it.

    ``lines``: (text, detail, url, code of the state, its words). ``act``: (label, url) of what can be begun there.
    """

    title: Sentence
    icon: str
    lines: tuple[tuple[str, str, str, str, str], ...] = ()
    empty: Sentence = ""
    url: str = ""
    act: tuple[Sentence, str] | None = None
    order: int = 50


@dataclass(frozen=True, slots=True)
class Carriage:
    """By what a delivery reaches its school, other than by the library's car.

    The hook ``carriage_of(user, consignment)`` asks every app. ``rides``: it goes along there; else it could, and ``url``
    leads to where that is said.
    """

    text: Sentence
    url: str
    rides: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline that several apps write together: what happened, when, by whom, and where to read more.

    The hook ``agreement_timeline(user, agreement)`` asks every app what happened under an agreement; ``user`` is the
    reader, whose scope each app keeps.
    """

    what: Sentence
    at: datetime
    actor: Any = None
    note: str = ""
    url: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure for /metrics and the benefit pages."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Counted:
    """What an app counted about the cooperation of an office with a partner over some time (A11, B1).

    Answered by the hook ``indicators(office, partner, start, end)``, both days included. ``key`` is stable and names its
    app ("loans.deliveries"). ``value`` None: there was nothing of which it could be said (a share of no deliveries).
    """

    key: str
    label: Sentence
    value: Decimal | None
    unit: Sentence = ""
    order: int = 50


@dataclass(frozen=True, slots=True)
class DemoCast:
    """What the apps hand on to one another, floor by floor, while the demo data is loaded.

    ``today`` is what everything is relative to. Lower floors put what they made under a name, upper floors take it.
    """

    today: date
    made: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """What the desk's menu shows of one area, or of one page that stands alone. ``items``: the pages of the area.

    ``here``: the reader is in it; ``at``: the page of it where the reader is.
    """

    label: Sentence
    url: str
    icon: str
    items: tuple[MenuItem, ...] = ()
    here: bool = False
    at: MenuItem | None = None


def by_area(items: Iterable[MenuItem], path: str) -> list[MenuEntry]:
    """The menu of the desk: the pages of an area below one entry, in the order of the first of them."""
    listed = list(items)
    at = _nearest(listed, path)
    groups: dict[Area | int, list[MenuItem]] = {}
    for position, item in enumerate(listed):
        groups.setdefault(item.area or position, []).append(item)
    entries = []
    for pages in groups.values():
        lead = pages[0]
        here = any(item is at for item in pages)
        if lead.area is None or len(pages) == 1:
            entries.append(MenuEntry(lead.label, lead.url, lead.icon, here=here))
        else:
            label, icon = AREAS[lead.area]
            entries.append(MenuEntry(label, lead.url, icon, tuple(pages), here, at if here else None))
    return entries


def _nearest(items: Iterable[MenuItem], path: str) -> MenuItem | None:
    """The entry whose address is the longest beginning of ``path``; a face's first page is only itself."""
    reach = {
        start: item
        for item in items
        for start in (item.url, *item.also)
        if path == start or (start.count("/") > 2 and path.startswith(start))
    }
    return reach[max(reach, key=len)] if reach else None


def load_demo(cast: DemoCast) -> None:
    """Ask every installed app, lowest floor first, to load its demo data."""
    for config in apps.get_app_configs():
        loader = getattr(config, "load_demo", None)
        if loader is not None:
            loader(cast)


def collect(hook: str, *args: Any, **kwargs: Any) -> list[Any]:
    """Ask every installed app for its part of ``hook``; an app without the hook has no part. Ordered by ``order``."""
    found: list[Any] = []
    for config in apps.get_app_configs():
        answer = getattr(config, hook, None)
        if answer is not None:
            part: Iterable[Any] = answer(*args, **kwargs)
            found.extend(part)
    return sorted(found, key=lambda item: getattr(item, "order", 50))
