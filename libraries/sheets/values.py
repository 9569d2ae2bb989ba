"""From the cells of a row to values as the directory keeps them, with everything there is to say about them. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from libraries.choices import InstitutionKind
from libraries.identifiers import check_isil, check_npp, check_npsn, plain_isil, plain_number
from libraries.sheets.fields import label_of
from libraries.sheets.findings import Finding
from libraries.sheets.reading import Formula

LONGEST = {
    "name": 200, "short_name": 60, "address": 500, "phone": 30, "email": 254, "website": 200, "regency": 80,
    "principal": 120, "librarian": 120, "npp": 20, "isil": 16,
}  # fmt: skip

Kind = InstitutionKind
# Forms of education and kinds of libraries as lists write them; the first that the text begins with.
KINDS: tuple[tuple[str, str], ...] = (
    (r"(mi|mts|ma|mis|min|mtsn|mtss|man|mas|ra|mak)\b|madrasah", Kind.MADRASAH),
    (r"(sd|smp|sma|smk|slb|tk|kb|paud|sps|tpa|spk|sdlb|smplb|smalb|pkbm|skb|sdit|smpit|smait)\b|sekolah(?! tinggi)", Kind.SCHOOL),
    (r"universitas|institut\b|politeknik|akademi|sekolah tinggi|perguruan tinggi|st[a-z]{1,6}\b", Kind.ACADEMIC),
    (r"perpustakaan (perguruan tinggi|universitas)", Kind.ACADEMIC),
    (r"perpustakaan nasional", Kind.NATIONAL),
    (r"perpustakaan (daerah )?provinsi|provinsi", Kind.PROVINCIAL),
    (r"perpustakaan (umum|kota|kabupaten|daerah)|umum|kabupaten|kota", Kind.CITY),
    (r"perpustakaan (desa|kelurahan|nagari)|desa|kelurahan|nagari", Kind.VILLAGE),
    (r"perpustakaan khusus|khusus", Kind.SPECIAL),
    (r"dinas pendidikan", Kind.EDUCATION_OFFICE),
    (r"arsip|kearsipan", Kind.ARCHIVE),
    (r"komunitas|taman baca|tbm\b|rumah baca", Kind.COMMUNITY),
)  # fmt: skip
# How names of schools are shortened; matching reads both alike.
_SHORT = {
    "sdn": "sd negeri", "smpn": "smp negeri", "sman": "sma negeri", "smkn": "smk negeri", "min": "mi negeri",
    "mtsn": "mts negeri", "man": "ma negeri", "tkn": "tk negeri", "slbn": "slb negeri", "n": "negeri",
    "sdit": "sd it", "smpit": "smp it", "perpus": "perpustakaan", "univ": "universitas",
}  # fmt: skip


@dataclass(slots=True)
class Read:
    """One row: ``values`` as they would be kept (all text), why it is ``bad`` (nothing when it is not), and remarks.

    Region names stay under ``village``, ``district``, ``regency``, ``province`` and ``region_code`` until they are looked up.
    """

    number: int
    values: dict[str, str] = field(default_factory=dict)
    bad: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)


def read_row(number: int, cells: Sequence[str], mapping: Mapping[str, int], kind: str) -> Read:
    """``mapping``: field to column; ``kind`` for rows that name none. Empty cells are left out: they change nothing."""
    row = Read(number)
    for name, column in mapping.items():
        text = cells[column] if column < len(cells) else ""
        if isinstance(text, Formula):
            row.bad.append(("formula", {"column": column_letter(column)}))
        elif text and text not in ("-", "–", "0", "#N/A", "NULL", "null"):
            row.values[name] = text
    _numbers(row)
    _reachable(row)
    _place(row)
    row.values["kind"] = _kind(row, kind)
    for name, limit in LONGEST.items():
        if len(row.values.get(name, "")) > limit:
            row.bad.append(("too_long", {"label": label_of(name), "limit": limit}))
    if not row.values.get("name"):
        row.bad.insert(0, ("name_missing", {}))
    return row


def column_letter(column: int) -> str:
    """How a spreadsheet calls its column, counted from 0: A, B, …, Z, AA, AB, …"""
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters = chr(65 + letter) + letters
        column -= 1
    return letters


def _numbers(row: Read) -> None:
    for name, plain, check, wrong in (
        ("npsn", plain_number, check_npsn, "npsn_wrong"),
        ("npp", plain_number, check_npp, "npp_wrong"),
        ("isil", plain_isil, check_isil, "isil_wrong"),
    ):
        if name not in row.values:
            continue
        row.values[name] = plain(row.values[name])
        try:
            check(row.values[name])
        except ValidationError:
            row.bad.append((wrong, {}))


def _reachable(row: Read) -> None:
    """A wrong e-mail or web address is no reason to lose a school."""
    email = row.values.get("email", "")
    if email:
        row.values["email"] = email = re.split(r"[;,/\s]+", email)[0].casefold()
        if not _passes(validate_email, email):
            row.remarks.append(("email_left_out", {"text": row.values.pop("email")}))
    site = row.values.get("website", "")
    if site:
        row.values["website"] = site = site if "://" in site else f"https://{site}"
        if not _passes(URLValidator(schemes=["http", "https"]), site):
            row.remarks.append(("website_left_out", {"text": row.values.pop("website")}))
    phone = row.values.get("phone", "")
    if phone:
        # A spreadsheet has eaten the zero of a mobile number.
        row.values["phone"] = f"0{phone}" if re.fullmatch(r"8\d{8,11}", phone) else phone


def _passes(check: Any, value: str) -> bool:
    try:
        check(value)
    except ValidationError:
        return False
    return True


def _place(row: Read) -> None:
    given = {name: row.values.pop(name) for name in ("latitude", "longitude") if name in row.values}
    if not given:
        return
    # “-0,193 , 100,62” in one cell, as maps hand it over.
    both = re.findall(r"-?\d+[.,]\d+", " ".join(given.values()))
    if len(given) == 1 and len(both) == 2:
        given = dict(zip(("latitude", "longitude"), both, strict=True))
    if len(given) == 1:
        row.bad.append(("place_half", {}))
        return
    try:
        latitude, longitude = (_degrees(given[name]) for name in ("latitude", "longitude"))
    except InvalidOperation:
        row.bad.append(("place_wrong", {"text": ", ".join(given.values())[:60]}))
        return
    # Indonesia lies between 95 and 141 degrees east: no latitude is so large.
    if abs(latitude) > 90 >= abs(longitude):
        latitude, longitude = longitude, latitude
        row.remarks.append(("place_turned", {}))
    if abs(latitude) > 90 or abs(longitude) > 180:
        row.bad.append(("place_wrong", {"text": ", ".join(given.values())[:60]}))
    elif latitude or longitude:
        row.values["latitude"], row.values["longitude"] = f"{latitude:.6f}", f"{longitude:.6f}"


def _degrees(text: str) -> Decimal:
    found = Decimal(text.strip().replace(",", ".").rstrip("°"))
    if not found.is_finite():
        raise InvalidOperation
    return found


def _kind(row: Read, otherwise: str) -> str:
    said = row.values.pop("kind", "")
    for text in (said, row.values.get("name", "")):
        plain = " ".join(_SHORT.get(word, word) for word in plain_words(text))
        for form, kind in KINDS:
            if plain and re.match(form, plain):
                return str(kind)
    if said:
        row.remarks.append(("kind_unknown", {"text": said[:60]}))
    return otherwise


def plain_words(text: str) -> list[str]:
    """Words in small letters without accents and signs."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.findall(r"[a-z0-9]+", bare)


def name_key(name: str) -> str:
    """What two spellings of one name share: “SDN 01 Talang” and “SD Negeri 1 Talang”."""
    words = []
    for word in plain_words(name):
        joined = re.fullmatch(r"([a-z]+)(\d+)", word)  # SDN01
        for part in joined.groups() if joined else (word,):
            words.append(part.lstrip("0") or "0" if part.isdigit() else _SHORT.get(part, part))
    return " ".join(words)


def place_key(name: str) -> str:
    """What two spellings of a region's name share: “Kec. Payakumbuh Barat” and “PAYAKUMBUH BARAT”."""
    titles = {
        "kota",
        "kabupaten",
        "kab",
        "kec",
        "kecamatan",
        "kel",
        "kelurahan",
        "desa",
        "nagari",
        "provinsi",
        "prov",
    }
    words = plain_words(name)
    while len(words) > 1 and words[0] in titles:
        words = words[1:]
    return "".join(words)
