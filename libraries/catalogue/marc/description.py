"""From MARC fields to a description: cleaning, ISBD punctuation, and the local customs of Indonesian records.

The same tag means different things in different programs: 084 is the call number in INDOMARC (INLISLite) and the
classification in a SLiMS export. Which custom a record follows is read off the record itself.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

import pymarc

from libraries.catalogue.choices import Material, ReadingLevel
from libraries.catalogue.findings import BadReason, Finding, RemarkCode
from libraries.catalogue.matching import plain, valid_isbn13, volume_sign

from .holdings import copies_of
from .records import BibRecord, Unusable


class Custom(StrEnum):
    """Whose cataloguing rules a record follows."""

    MARC21 = "marc21"
    INDOMARC = "indomarc"
    SLIMS = "slims"


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BLANKS = re.compile(r"\s+")
_ISBD_END = re.compile(r"[\s/:;,=]+$")
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_DDC = re.compile(r"^\d{3}(?:\.\d+)?")
_SET_ISBN = re.compile(r"lengkap|\bset\b|no\.? ?jil", re.IGNORECASE)
_LATEST_YEAR = 2099
#: No title page is longer; what is, was damaged or put into the wrong field.
_LONGEST_TEXT = 2_000

_LANGUAGES = {
    "indonesia": "ind", "bahasa indonesia": "ind", "inggris": "eng", "english": "eng", "indonesian": "ind", "arab": "ara",
    "minangkabau": "min", "minang": "min", "jawa": "jav", "sunda": "sun", "melayu": "may", "belanda": "dut", "jepang": "jpn",
}  # fmt: skip

_AUDIENCE = {
    "a": ReadingLevel.PICTURE,
    "b": ReadingLevel.EARLY,
    "c": ReadingLevel.UPPER,
    "d": ReadingLevel.TEEN,
    "e": ReadingLevel.GENERAL,
    "f": ReadingLevel.GENERAL,
    "g": ReadingLevel.GENERAL,
    "j": ReadingLevel.MIDDLE,
}
_KINDS = {
    "g": Material.FILM,
    "i": Material.AUDIO,
    "j": Material.AUDIO,
    "k": Material.KIT,
    "o": Material.KIT,
    "p": Material.KIT,
    "r": Material.KIT,
}
_KIND_WORDS = (
    (re.compile(r"\b(komik|comics?|manga|novel grafis|graphic novels?)\b"), Material.COMIC),
    (re.compile(r"\b(majalah|magazines?|periodicals?|terbitan berkala)\b"), Material.MAGAZINE),
    (re.compile(r"\b(braille)\b"), Material.BRAILLE),
    (re.compile(r"\b(buku audio|audiobooks?|talking books?)\b"), Material.AUDIO),
)
_SCHOOL_WORDS = (
    (re.compile(r"\b(paud|tk|balita|prasekolah|pre ?school|kindergarten)\b"), ReadingLevel.PICTURE),
    (re.compile(r"\b(smp|sma|smk|mts|remaja|secondary|high school|young adult)\b"), ReadingLevel.TEEN),
    (re.compile(r"\b(sd|mi|anak|children|elementary|primary|juvenile)\b"), ReadingLevel.MIDDLE),
    (re.compile(r"\b(dewasa|umum|adult|general)\b"), ReadingLevel.GENERAL),
)
_GRADE = re.compile(r"\b(?:kelas|grades?|kls)\s*(\d{1,2})|^(\d{1,2})\b")
_AGE = re.compile(r"\b(?:ages?|usia|umur)\s*(\d{1,2})")


def clean(text: str) -> str:
    """One line of NFC text without control characters, as PostgreSQL and people want it."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", _CONTROL.sub("", text))).strip()


def describe(
    record: pymarc.Record, *, position: int, offset: int, end: int, remarks: list[Finding]
) -> BibRecord:
    """The description in a decoded record.

    Raises :class:`Unusable` for records that are no description of a title: authorities, deleted ones, those without 245.
    """
    leader = str(record.leader).ljust(24)
    if leader[6] == "z":
        raise Unusable(BadReason.AUTHORITY)
    if leader[5] == "d":
        raise Unusable(BadReason.DELETED)
    field = record.get("245")
    title = _ended(_part(field, "a")[:_LONGEST_TEXT])
    subtitle = _ended(_part(field, "b")[:_LONGEST_TEXT])
    if not title:
        title, subtitle = subtitle, ""
    if not title:
        raise Unusable(BadReason.NO_TITLE)
    custom = custom_of(record)
    notes = list(remarks)
    isbns, qualifiers = _isbns(record, notes)
    part = _ended(clean(" ".join(_all(field, "n", "p"))))
    if "jilid" not in volume_sign(
        title, subtitle, part
    ):  # many records name the volume only beside the ISBN: "(jil. 1)"
        part = part or next((word for word in qualifiers if volume_sign(word)), "")
    edition = _first(record, "250", "a", "b")
    imprint = _imprint(record)
    ddc = ddc_of(record, custom)
    call_number = call_number_of(record, custom)
    return BibRecord(
        position=position,
        byte_offset=offset,
        next_offset=end,
        title=title,
        subtitle=subtitle,
        part=part[:120],
        volume=volume_sign(title, subtitle, part),
        control_number=clean(_control(record, "001"))[:60],
        control_source=clean(_control(record, "003"))[:20],
        isbns=isbns,
        responsibility=_ended(_part(field, "c")[:_LONGEST_TEXT], stop=True),
        authors=_authors(record),
        publisher=_unbracketed(_ended(next(iter(_all(imprint, "b")), ""), stop=True))[:200],
        place=_unbracketed(_ended(next(iter(_all(imprint, "a")), "")))[:120],
        year=_year(record, imprint),
        edition=_ended(edition)[:120],
        series=_ended(_first(record, "490", "a", "v") or _first(record, "830", "a", "v"))[:300],
        extent=_ended(_first(record, "300", "a"))[:120],
        language=_language(record),
        ddc=ddc[:40],
        call_number=call_number[:80],
        subjects=_subjects(record),
        reading_level=reading_level_of(record, leader),
        material=leader[6] if leader[6].isalpha() else "a",
        kind=kind_of(record, leader),
        copies=copies_of(record, call_number=call_number, remarks=notes),
        remarks=tuple(notes),
    )


def custom_of(record: pymarc.Record) -> Custom:
    """INDOMARC names itself by 990, an INLIS control number or Perpusnas in 040; SLiMS leaves the leader blank."""
    if _control(record, "001").startswith("INLIS") or "JKPNPNA" in _first(record, "040", "a", "c"):
        return Custom.INDOMARC
    if str(record.leader)[5:9].isspace() or ("001" not in record and "008" not in record):
        return Custom.SLIMS
    return Custom.INDOMARC if record.get_fields("990") and record.get_fields("850") else Custom.MARC21


def ddc_of(record: pymarc.Record, custom: Custom) -> str:
    """A Dewey number without its division marks ("371.9/0473") and blanks ("899.221 3"); "" when there is none."""
    tags = ["082", "083", "092"] + (["084"] if custom is Custom.SLIMS else []) + ["090"]
    for tag in tags:
        for field in record.get_fields(tag):
            number = re.sub(r"[\s/'′]", "", _part(field, "a"))
            found = _DDC.match(number)
            if found:
                return found.group()
    return ""


def call_number_of(record: pymarc.Record, custom: Custom) -> str:
    """The call number on the spine; holdings may name another for a single copy."""
    if custom is Custom.INDOMARC and (given := _first(record, "084", "a")):
        return given
    for tag, codes in (("852", "khim"), ("090", "ab"), ("092", "ab"), ("099", "a"), ("050", "ab")):
        for field in record.get_fields(tag):
            given = clean(" ".join(_all(field, *codes)))
            if given:
                return given
    return ""


def reading_level_of(record: pymarc.Record, leader: str) -> str:
    """A guess from 521 and 385 (words, grades, ages), else from the audience in 008/22; "" when nothing is said."""
    for field in record.get_fields("521", "385"):
        text = plain(_part(field, "a"))
        level = _level_by_number(text, field) or next(
            (level for words, level in _SCHOOL_WORDS if words.search(text)), ""
        )
        if level:
            return level
    fixed = _control(record, "008")
    # In serials 008/22 is the form of the original, so it says nothing about readers there.
    if len(fixed) > 22 and leader[7] not in "bis" and leader[6] in "acdgijkmort":
        return _AUDIENCE.get(fixed[22], "")
    return ""


def kind_of(record: pymarc.Record, leader: str) -> str:
    """What sort of thing it is: by the leader, by the form in 008, by the genre in 655 and the medium in 245; else a book."""
    if leader[6] in _KINDS:
        return _KINDS[leader[6]]
    if leader[7] in "bis":
        return Material.MAGAZINE
    fixed = _control(record, "008")
    if leader[6] in "at" and len(fixed) > 27:
        form = {"d": Material.LARGE, "f": Material.BRAILLE}.get(fixed[23])
        if form:
            return form
        # 008/24–27 are what a book contains: 6 is comics and graphic novels.
        if "6" in fixed[24:28]:
            return Material.COMIC
    said = plain(" ".join([_first(record, "245", "h"), *(_part(it, "a") for it in record.get_fields("655"))]))
    return next((kind for words, kind in _KIND_WORDS if words.search(said)), Material.BOOK)


def _level_by_number(text: str, field: pymarc.Field) -> str:
    age = _AGE.search(text)
    grade = _GRADE.search(text)
    number = int(age.group(1)) - 6 if age else int(grade.group(1) or grade.group(2)) if grade else None
    if number is None:
        return ""
    if not age and field.indicators and field.indicators.first == "1" and not grade.group(1):
        number -= 6  # first indicator 1: a bare number is an age
    for highest, level in (
        (0, ReadingLevel.PICTURE),
        (2, ReadingLevel.EARLY),
        (4, ReadingLevel.MIDDLE),
        (6, ReadingLevel.UPPER),
    ):
        if number <= highest:
            return level
    return ReadingLevel.TEEN if number <= 12 else ReadingLevel.GENERAL


def _isbns(record: pymarc.Record, remarks: list[Finding]) -> tuple[tuple[str, ...], list[str]]:
    """Valid ISBNs of this very volume, and the words beside them, which often name the volume."""
    numbers: list[str] = []
    words: list[str] = []
    for field in record.get_fields("020"):
        for text in _all(field, "a"):
            qualifier = " ".join([*re.findall(r"\((.*?)\)", text), *_all(field, "q")])
            number = valid_isbn13(text)
            if not number:
                if any(letter.isdigit() for letter in text):
                    remarks.append(Finding(RemarkCode.ISBN_INVALID, {"value": text[:40]}))
            elif not _SET_ISBN.search(qualifier) and number not in numbers:
                numbers.append(number)
                words.append(qualifier)
    # Several ISBNs with several volumes in one record describe the whole set: no volume may claim them.
    signs = {volume_sign(word) for word in words} - {""}
    return tuple(numbers), words if len(signs) == 1 else []


def _imprint(record: pymarc.Record) -> pymarc.Field | None:
    """The field that names the publisher: 264 with second indicator 1, else 260, else any 264."""
    made = record.get_fields("264")
    published = [field for field in made if field.indicators and field.indicators.second == "1"]
    return next(iter([*published, *record.get_fields("260"), *made]), None)


def _year(record: pymarc.Record, imprint: pymarc.Field | None) -> int | None:
    fixed = _control(record, "008")
    for text in (_part(imprint, "c"), fixed[7:11] if len(fixed) > 10 else ""):
        found = _YEAR.search(text)
        if found and int(found.group()) <= _LATEST_YEAR:
            return int(found.group())
    return None


def _authors(record: pymarc.Record) -> tuple[str, ...]:
    names: list[str] = []
    for field in record.get_fields("100", "110", "111", "700", "710", "711"):
        if field.tag.startswith("7") and _part(field, "t"):  # a work within this one, not an author of it
            continue
        codes = (
            ("a", "b")
            if field.tag[1:] == "00"
            else ("a", "b", "n", "c")
            if field.tag[1:] == "11"
            else ("a", "b")
        )
        name = _ended(clean(" ".join(_all(field, *codes))), stop=True)[:200]
        if name and name not in names:
            names.append(name)
    return tuple(names)


def _subjects(record: pymarc.Record) -> tuple[str, ...]:
    found: list[str] = []
    for field in record.get_fields("600", "610", "611", "630", "650", "651", "653", "655"):
        heading = " -- ".join(
            _ended(clean(part.value), stop=True)
            for part in field.subfields
            if part.code in "avxyz" and clean(part.value)
        )[:200]
        if heading and heading not in found:
            found.append(heading)
    return tuple(found)


def _language(record: pymarc.Record) -> str:
    said = plain(_first(record, "041", "a"))
    if said in _LANGUAGES:
        return _LANGUAGES[said]
    fixed = _control(record, "008")
    for code in (
        fixed[35:38],
        said[:3] if len(said) in (3, 6, 9) else "",
    ):  # "engfre" is how two languages once were written
        if re.fullmatch(r"[a-z]{3}", code) and code not in ("und", "zxx"):
            return code
    return ""


def _control(record: pymarc.Record, tag: str) -> str:
    field = record.get(tag)
    return (field.data or "") if field and field.control_field else ""


def _all(field: pymarc.Field | None, *codes: str) -> list[str]:
    if field is None or field.control_field:
        return []
    return [value for part in field.subfields if part.code in codes and (value := clean(part.value))]


def _part(field: pymarc.Field | None, code: str) -> str:
    return clean(" ".join(_all(field, code)))


def _first(record: pymarc.Record, tag: str, *codes: str) -> str:
    return next(
        (text for field in record.get_fields(tag) if (text := clean(" ".join(_all(field, *codes))))), ""
    )


def _unbracketed(text: str) -> str:
    """Square brackets mark what the cataloguer supplied; around the whole they say nothing to a reader."""
    return text[1:-1] if text.startswith("[") and text.endswith("]") and "[" not in text[1:] else text


def _ended(text: str, *, stop: bool = False) -> str:
    """Without the ISBD punctuation that leads to the next element; ``stop`` takes a final full stop away too,

    unless it ends an initial, an abbreviation or an ellipsis.
    """
    text = _ISBD_END.sub("", text).lstrip(" :;/=")
    if text.endswith(".") and not text.endswith("..") and (stop or " " in text):
        last = text[:-1].split(" ")[-1]
        if len(last) > 3 and "." not in last:
            text = text[:-1]
    return text
