"""A catalogue that was never printed: titles that read like an Indonesian library's, made from words and a seed.

The same seed gives the same titles, on every machine. Nothing here knows the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

from stdnum import ean

from libraries.catalogue.matching import plain

from . import general, knowledge, stories
from .people import PUBLISHERS, Publisher, invent_authors
from .shelf import Shelf, Word

FIRST_YEAR, LAST_YEAR = 1998, 2026
#: Groups 602 and 623 were given to Indonesia when thirteen digits had come; older books of ours carry no number.
FIRST_YEAR_WITH_ISBN = 2009
FIRST_YEAR_OF_623 = 2018
AUTHORS = 420

_SLOT = re.compile(r"{(\w+)}")
_PAGES = {
    "picture": (16, 32),
    "early": (24, 48),
    "middle": (32, 96),
    "upper": (64, 160),
    "teen": (96, 240),
    "general": (80, 320),
}
_HEIGHT = {
    "picture": (24, 29),
    "early": (21, 26),
    "middle": (20, 25),
    "upper": (19, 24),
    "teen": (19, 21),
    "general": (20, 24),
}


@dataclass(frozen=True, slots=True)
class DemoTitle:
    """One invented title. ``price`` is in rupiah; ``place`` is the room where it stands; see the model for the rest."""

    title: str
    part: str
    responsibility: str
    authors: tuple[str, ...]
    publisher: str
    place_of_publication: str
    year: int
    edition: str
    series: str
    extent: str
    isbn: str
    ddc: str
    call_number: str
    subjects: tuple[str, ...]
    reading_level: str
    price: int
    place: str
    reference: bool


def demo_titles(seed: int = 2021) -> list[DemoTitle]:
    """All titles of the demo catalogue, in a mixed order, no two alike in title and volume."""
    random = Random(seed)
    authors = invent_authors(random, AUTHORS)
    isbns = _Isbns()
    seen: set[str] = set()
    found: list[DemoTitle] = []
    for shelf in (*stories.SHELVES, *knowledge.SHELVES, *general.SHELVES):
        circle = random.sample(authors, 30 + shelf.count // 5)  # people write about what they know
        for text, ddc in _sentences(shelf, random, seen):
            found.extend(_editions(shelf, text, ddc, random, circle, isbns))
    random.shuffle(found)
    return found


def _sentences(shelf: Shelf, random: Random, seen: set[str]) -> Iterator[tuple[str, str]]:
    """``shelf.count`` different titles, the patterns taking turns, each with its DDC number."""
    decks = [_deck(shelf, pattern, random) for pattern in shelf.patterns]
    made = 0
    while decks and made < shelf.count:
        for deck in list(decks):
            text, ddc = next(deck, ("", ""))
            if not text:
                decks.remove(deck)
            elif made < shelf.count and plain(text) not in seen:
                seen.add(plain(text))
                made += 1
                yield text, ddc


def _deck(shelf: Shelf, pattern: str, random: Random) -> Iterator[tuple[str, str]]:
    slots: list[str] = _SLOT.findall(pattern)
    hands: list[tuple[Word, ...]] = list(product(*(shelf.slots[slot] for slot in slots)))
    random.shuffle(hands)
    for hand in hands:
        words = tuple(word if isinstance(word, str) else word[0] for word in hand)
        if len(set(words)) < len(words):
            continue  # "kancil dan kancil bersahabat"
        numbers = [word[1] for word in hand if not isinstance(word, str)]
        text = pattern.format(**dict(zip(slots, words, strict=True)))
        yield text[0].upper() + text[1:], numbers[0] if numbers else shelf.ddc


def _editions(
    shelf: Shelf, text: str, ddc: str, random: Random, circle: list[tuple[str, str]], isbns: _Isbns
) -> Iterator[DemoTitle]:
    """Mostly one book; now and then a work in two or three volumes, which must never be taken for one."""
    level = _level(shelf, text, random)
    people = _people(random, circle)
    publisher = random.choice([house for house in PUBLISHERS if ddc[0] in house.classes])
    year = _year(random)
    long_enough = level in ("upper", "teen", "general") and "kelas" not in text
    volumes = random.choice((2, 2, 3)) if long_enough and random.random() < 0.05 else 1
    series = f"Seri {shelf.subjects[0].split(' -- ')[0].lower()}" if random.random() < 0.18 else ""
    for volume in range(1, volumes + 1):
        name = publisher.name
        headings = (
            (f"Tim {name}",) if shelf.corporate else tuple(f"{last}, {given}" for given, last in people)
        )
        said = f"Tim {name}" if shelf.corporate else ", ".join(f"{given} {last}" for given, last in people)
        low, high = shelf.pages or _PAGES[level]
        pages = random.randrange(low, high + 1, 8)
        height = random.randint(*_HEIGHT[level])
        drawn = " : ilus." if level != "general" or random.random() < 0.5 else ""
        main_heading = re.sub(r"[^A-Za-z]", "", headings[0])[:3].upper()
        yield DemoTitle(
            title=text,
            part=f"Jilid {volume}" if volumes > 1 else "",
            responsibility=said,
            authors=headings,
            publisher=name,
            place_of_publication=publisher.city,
            year=min(year + (volume - 1) // 2, LAST_YEAR),
            edition=random.choices(
                ("Cet. 1", "Cet. 2", "Cet. 3", "Ed. revisi", "Ed. 2, Cet. 1", ""), (10, 4, 2, 1, 1, 6)
            )[0],
            series=series,
            extent=f"{pages} hlm.{drawn} ; {height} cm",
            isbn=isbns.next(publisher, year) if year >= FIRST_YEAR_WITH_ISBN else "",
            ddc=ddc,
            call_number=f"{ddc} {main_heading} {text[0].lower()}" + (f" {volume}" if volumes > 1 else ""),
            subjects=shelf.subjects,
            reading_level=level,
            price=_price(pages, year, random),
            place=shelf.place,
            reference=shelf.reference,
        )


def _level(shelf: Shelf, text: str, random: Random) -> str:
    grade = re.search(r"kelas ([1-6])\b", text)
    if grade:
        return ("early", "early", "middle", "middle", "upper", "upper")[int(grade.group(1)) - 1]
    levels, weights = zip(*shelf.levels.items(), strict=True)
    return str(random.choices(levels, weights)[0])


def _people(random: Random, circle: list[tuple[str, str]]) -> list[tuple[str, str]]:
    # Some write much: the first of the list come up far more often than the last.
    count = random.choices((1, 2, 3), (16, 4, 1))[0]
    chosen: dict[tuple[str, str], None] = {}
    while len(chosen) < count:
        chosen[circle[int(len(circle) * random.random() ** 1.7)]] = None
    return list(chosen)


def _year(random: Random) -> int:
    return LAST_YEAR - int((LAST_YEAR - FIRST_YEAR + 1) * random.random() ** 1.25)


def _price(pages: int, year: int, random: Random) -> int:
    """A price of its year: paper grew dearer by some six per cent a year."""
    now = (18_000 + 260 * pages) * random.uniform(0.85, 1.25)
    return max(6_000, round(now * 1.06 ** (year - LAST_YEAR) / 500) * 500)


class _Isbns:
    """Numbers of each publisher in order, group 602 up to 2017 and 623 from 2018."""

    def __init__(self) -> None:
        self.given: dict[str, int] = {}

    def next(self, publisher: Publisher, year: int) -> str:
        group = (
            f"978623{publisher.group_623:03d}"
            if year >= FIRST_YEAR_OF_623
            else f"978602{publisher.group_602:03d}"
        )
        count = self.given.get(group, 0)
        self.given[group] = count + 1
        body = f"{group}{count:03d}"
        return body + str(ean.calc_check_digit(body))
