"""Where a place is, out of whatever people paste: numbers from a map, a link, degrees and minutes. Pure.

``parse_point("-0,2283, 100,6312")`` is Point(-0.228300, 100.631200). What cannot be read raises PointRefused with a code
of ``REFUSALS``, whose sentence says what to do instead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import unquote_plus

from django.utils.translation import gettext_lazy as _

from kerjasama.domain.errors import Sentence

SIXTH = Decimal("0.000001")
# Indonesia from Weh to Merauke and from Miangas to Rote, with some sea around it.
SOUTH, NORTH, WEST, EAST = Decimal("-11.5"), Decimal("6.5"), Decimal("94.5"), Decimal("141.5")

REFUSALS: dict[str, Sentence] = {
    "unreadable": _(
        "This is no place on the map. Paste two numbers such as -0.2283, 100.6312, or a long link of Google Maps."
    ),
    "one_number": _("A place needs two numbers, the latitude and the longitude: -0.2283, 100.6312."),
    "short_link": _(
        "A short link does not say where the place is. Open it in the browser, then paste the long address from there."
    ),
    "out_of_range": _("A latitude lies between -90 and 90, a longitude between -180 and 180."),
}


@dataclass(frozen=True, slots=True)
class Point:
    latitude: Decimal
    longitude: Decimal

    def __str__(self) -> str:
        return f"{self.latitude:.6f}, {self.longitude:.6f}"

    @property
    def in_indonesia(self) -> bool:
        return SOUTH <= self.latitude <= NORTH and WEST <= self.longitude <= EAST


class PointRefused(ValueError):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def sentence(self) -> str:
        return str(REFUSALS[self.code])


_SHORT_LINK = re.compile(r"maps\.app\.goo\.gl|goo\.gl/maps|g\.co/|g\.page|bit\.ly|s\.id/|share\.google", re.I)
_NUMBER = r"[-+]?\d{1,3}(?:\.\d+)?"
_PAIR = rf"({_NUMBER})\s*,\s*({_NUMBER})"
# Where links keep their place, the surest first: a pin before what was searched for before the middle of the view.
_IN_LINKS = (
    rf"!3d({_NUMBER})!4d({_NUMBER})",
    rf"[?&]mlat=({_NUMBER})&mlon=({_NUMBER})",
    rf"[?&](?:q|query|ll|sll|daddr|destination|center|cp|to)=(?:loc:|ll\.)?{_PAIR}",
    rf"^geo:{_PAIR}",
    rf"/(?:place|search|dir/[^@]*)/{_PAIR}",
    rf"@{_PAIR}",
    rf"#map=\d+(?:\.\d+)?/({_NUMBER})/({_NUMBER})",
)

# Degrees, minutes, seconds, each with or without its sign; the side of the world before or behind.
_SIDES = {
    "n": (0, 1), "lu": (0, 1), "utara": (0, 1), "s": (0, -1), "ls": (0, -1), "selatan": (0, -1),
    "e": (1, 1), "bt": (1, 1), "timur": (1, 1), "w": (1, -1), "bb": (1, -1), "barat": (1, -1),
}  # fmt: skip
_SIDE = r"(?<![a-z])(lintang\s+(?:utara|selatan)|bujur\s+(?:timur|barat)|utara|selatan|timur|barat|l[us]|b[tb]|[nsew])(?![a-z])\.?"
_ANGLE = (
    r"([-+−]?\d{1,3}(?:[.,]\d+)?)\s*(?:°|º|˚|d(?:eg|erajat)?\b)?"
    r"(?:\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:['’′`]|m(?:in|enit)?\b))?"
    r"(?:\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:[\"”″]|''|’’|s(?:ec)?\b|dtk\b|detik\b)?)?"
)
# The same with nothing but blanks between: 0 13 41.88 S.
_SPACED = r"(\d{1,3})\s+(\d{1,2})\s+(\d{1,2}(?:[.,]\d+)?)"
_LABELS = re.compile(
    r"\b(lat(itude)?|lintang|l(o?ng|on)(itude)?|bujur|koordinat|coordinates?)\b\.?\s*[:=]?", re.I
)


def parse_point(text: str) -> Point:
    """The place that ``text`` means. Raises PointRefused."""
    said = unquote_plus(text) if "://" in text or text.lstrip().lower().startswith("geo:") else text
    said = " ".join(said.replace("−", "-").replace("–", "-").split())
    if not said:
        raise PointRefused("unreadable")
    if "://" in said or said.lower().startswith("geo:") or re.match(r"(www\.|maps\.|goo\.gl)", said, re.I):
        return _of_link(said)
    sided = _with_sides(said)
    if sided is not None:
        return _point(*sided)
    return _point(*_two_numbers(said))


def kilometres_between(one: Point, other: Point) -> float:
    """As the crow flies, by the haversine."""
    from math import asin, cos, radians, sin, sqrt

    south, north = radians(float(one.latitude)), radians(float(other.latitude))
    east = radians(float(other.longitude) - float(one.longitude))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(east / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(half))


def _of_link(link: str) -> Point:
    for form in _IN_LINKS:
        found = re.search(form, link, re.I)
        if found:
            return _point(Decimal(found[1]), Decimal(found[2]))
    raise PointRefused("short_link" if _SHORT_LINK.search(link) else "unreadable")


def _two_numbers(said: str) -> tuple[Decimal, Decimal]:
    """Decimal points or decimal commas, whatever stands between the two numbers."""
    bare = _plain(said).strip(" ()[]{}.;,°º˚")
    pointed = re.fullmatch(rf"({_NUMBER})[°º˚]?\s*[,;/|\s]\s*({_NUMBER})", bare)
    if pointed:
        return Decimal(pointed[1]), Decimal(pointed[2])
    comma = r"[-+]?\d{1,3},\d+"
    with_commas = re.fullmatch(rf"({comma})[°º˚]?\s*[,;/|\s]\s*({comma})", bare)
    if with_commas:
        return _decimal(with_commas[1]), _decimal(with_commas[2])
    if re.fullmatch(r"[-+]?\d+([.,]\d+)?", bare):
        raise PointRefused("one_number")
    raise PointRefused("unreadable")


def _with_sides(said: str) -> tuple[Decimal, Decimal] | None:
    """0°13'41.9"S 100°37'52.3"E, LS 0,2283 BT 100,6312, and the like; None when no side of the world is named."""
    for angle in (_SPACED, _ANGLE):
        for form, side_at in ((rf"{angle}\s*{_SIDE}", 3), (rf"{_SIDE}\s*[:=]?\s*{angle}", 0)):
            found = re.findall(form, said, re.I)
            # A name with numbers in it is no place: nothing else may stand beside the two.
            rest = re.search(r"[a-z0-9]", _plain(re.sub(form, " ", said, flags=re.I)), re.I)
            if len(found) == 2 and not rest and _names_both(found, side_at):
                return _sorted_out(found, side_at)
    signed = re.fullmatch(rf"{_ANGLE}\s*[,;/|]?\s+?{_ANGLE}", said)
    if signed and re.search(r"[°º˚]", said) and re.search(r"['’′\"”″]", said):
        return _degrees(signed[1], signed[2], signed[3]), _degrees(signed[4], signed[5], signed[6])
    return None


def _plain(said: str) -> str:
    """Without the words that people write before their numbers."""
    return _LABELS.sub(" ", said)


def _names_both(found: Sequence[tuple[str, ...]], side_at: int) -> bool:
    return {_side(row[side_at])[0] for row in found} == {0, 1}


def _side(words: str) -> tuple[int, int]:
    return _SIDES[words.lower().rstrip(".").split()[-1]]


def _sorted_out(found: Sequence[tuple[str, ...]], side_at: int) -> tuple[Decimal, Decimal]:
    both: dict[int, Decimal] = {}
    for row in found:
        axis, sign = _side(row[side_at])
        parts = row[:3] if side_at == 3 else row[1:]
        both[axis] = abs(_degrees(*parts)) * sign
    return both[0], both[1]


def _degrees(whole: str, minutes: str | None = "", seconds: str | None = "") -> Decimal:
    degrees, part, small = _decimal(whole), _decimal(minutes or "0"), _decimal(seconds or "0")
    if part >= 60 or small >= 60:
        raise PointRefused("out_of_range")
    size = abs(degrees) + part / 60 + small / 3600
    return -size if whole.strip().startswith("-") else size


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise PointRefused("unreadable") from None


def _point(latitude: Decimal, longitude: Decimal) -> Point:
    # Indonesia lies east of 94°: no latitude is so large, so the two were exchanged.
    if abs(latitude) > 90 >= abs(longitude):
        latitude, longitude = longitude, latitude
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise PointRefused("out_of_range")
    return Point(latitude.quantize(SIXTH) + 0, longitude.quantize(SIXTH) + 0)
