"""When are two descriptions the same title? Pure functions, no queries (D3).

The ladder: a valid ISBN-13 they share *and* similar titles; else an equal match key. ISBN alone misleads: Indonesian books
carry set ISBNs, copied wrong ones, and one ISBN over several volumes. Volumes ("jilid") and school grades ("kelas") are
never merged: textbooks often differ in nothing else.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

from stdnum import isbn as isbn_numbers
from stdnum.exceptions import ValidationError

MATCH_KEY_LENGTH = 300
#: How alike two titles with the same ISBN must be (0–1) before they are taken for one.
SIMILAR_ENOUGH = 0.6

_NOT_WORD = re.compile(r"[^\w]+")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_VOLUME = re.compile(
    r"\b(?P<word>jilid|jil|jld|volume|vol|buku ke|bagian|seri ke|nomor|book|part|band|bd|tome|number)\s*"
    r"(?P<number>\d{1,4}|[ivxlc]{1,7}|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh)\b"
)
_GRADE = re.compile(
    r"\b(?P<word>kelas|kls|grade|tingkat|semester)\s*"
    r"(?P<number>\d{1,2}|[ivx]{1,4}|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)\b"
)
_WORDS = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9, "sepuluh": 10,
}  # fmt: skip
_ONE_NAME = {
    "jil": "jilid", "jld": "jilid", "volume": "jilid", "vol": "jilid", "buku ke": "jilid", "book": "jilid", "band": "jilid",
    "bd": "jilid", "tome": "jilid", "part": "bagian", "number": "nomor", "kls": "kelas", "grade": "kelas", "tingkat": "kelas",
}  # fmt: skip
_ISBN_SHAPE = re.compile(r"(?:97[89][\s\-]*)?[0-9][0-9\s\-‐–]{7,14}[0-9Xx]")


def plain(text: str) -> str:
    """Lower case, without accents and punctuation, words parted by one blank."""
    bare = text.casefold()
    if not bare.isascii():
        bare = "".join(
            letter for letter in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(letter)
        )
    return _NOT_WORD.sub(" ", bare).strip()


def valid_isbn13(text: str) -> str:
    """The first valid ISBN in a text such as ``9786029900026 (jil. 1)`` as 13 digits; "" when there is none."""
    for found in _ISBN_SHAPE.finditer(text):
        number = re.sub(r"[^0-9X]", "", found.group().upper())
        try:
            return str(isbn_numbers.compact(isbn_numbers.validate(number, convert=True)))
        except ValidationError:
            continue
    return ""


def volume_sign(*texts: str) -> str:
    """Volume and grade named anywhere in the texts, in one spelling: "jil. II" and "Jilid 2" both give "jilid 2"."""
    signs: dict[str, int] = {}
    for text in texts:
        words = plain(text)
        for pattern in (_VOLUME, _GRADE):
            for found in pattern.finditer(words):
                number = _number(found["number"])
                if number:
                    signs.setdefault(_ONE_NAME.get(found["word"], found["word"]), number)
    return " ".join(f"{word} {number}" for word, number in sorted(signs.items()))


def _numbers(words: str) -> list[str]:
    """ "matematika 4" and "matematika iv": numbers in titles tell volumes and grades apart even without such a word."""
    return sorted(word for word in words.split() if word.isdigit() or re.fullmatch(r"[ivx]{1,5}", word))


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if text in _WORDS:
        return _WORDS[text]
    values = [_ROMAN[letter] for letter in text]
    return sum(
        -value if any(later > value for later in values[at + 1 : at + 2]) else value
        for at, value in enumerate(values)
    )


def match_key(
    *,
    title: str,
    subtitle: str = "",
    part: str = "",
    volume: str = "",
    authors: Iterable[str] = (),
    publisher: str = "",
    year: int | None = None,
    edition: str = "",
    material: str = "",
) -> str:
    """What equal descriptions have in common, at most 300 characters.

    Author means the surname of the first one, or the publisher where no author is named (annual reports). A subtitle counts,
    because series such as "Seri tokoh" put the real title there. ``material`` keeps a film apart from its book.
    """
    first = next((author for author in authors if plain(author)), "")
    who = plain(first.split(",")[0]) if first else f"@{plain(publisher)}"
    key = "|".join(
        [
            f"{plain(title)} {plain(subtitle)}".strip(),
            plain(part),
            volume,
            who,
            str(year or ""),
            edition_sign(edition),
            material if material != "a" else "",
        ]
    )
    if len(key) <= MATCH_KEY_LENGTH:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"{key[: MATCH_KEY_LENGTH - 33]}~{digest}"


def edition_sign(edition: str) -> str:
    """ "Ed. 3, Cet. 1" gives "3 1", "Third edition" "third": printing and edition by their numbers, words else."""
    words = plain(edition)
    return " ".join(re.findall(r"\d+", words)) or words.replace("edition", "").replace("edisi", "").strip()


def same_book(title: str, volume: str, other_title: str, other_volume: str) -> bool:
    """Whether two titles *that share an ISBN* may be taken for one: alike, and of the same volume and grade."""
    if volume != other_volume:
        return False
    one, other = plain(title), plain(other_title)
    if not one or not other or _numbers(one) != _numbers(other):
        return False
    if one.startswith(other) or other.startswith(one):
        return True
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= SIMILAR_ENOUGH
