"""What there is to say about a record of a catalogue file: why it was refused, what was put right in one that was kept.

Reports store the code and its facts, so that the sentence is said in the language of the person who reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class BadReason(StrEnum):
    EMPTY = "empty"
    NOT_MARC = "not_marc"
    LENGTH_NOT_NUMBER = "length_not_number"
    TOO_SHORT = "too_short"
    TRUNCATED = "truncated"
    NO_TERMINATOR = "no_terminator"
    TOO_LONG = "too_long"
    BASE_ADDRESS = "base_address"
    DIRECTORY_END = "directory_end"
    DIRECTORY_ENTRY = "directory_entry"
    FIELD_OUTSIDE = "field_outside"
    NO_FIELDS = "no_fields"
    INDICATOR = "indicator"
    ENCODING = "encoding"
    XML = "xml"
    XML_ENCODING = "xml_encoding"
    XML_CUT = "xml_cut"
    XML_NO_RECORDS = "xml_no_records"
    FIELD_TAG = "field_tag"
    AUTHORITY = "authority"
    DELETED = "deleted"
    NO_TITLE = "no_title"
    UNREADABLE = "unreadable"
    REFUSED = "refused"


class RemarkCode(StrEnum):
    LEADER_LENGTH = "leader_length"
    SAID_UTF8_IS_MARC8 = "said_utf8_is_marc8"
    UNKNOWN_CHARACTERS = "unknown_characters"
    ISBN_INVALID = "isbn_invalid"
    BARCODE_TWICE = "barcode_twice"
    COPY_UNNUMBERED = "copy_unnumbered"
    BARCODE_TAKEN = "barcode_taken"


class StopReason(StrEnum):
    """Why a whole import stopped."""

    FILE_MISSING = "file_missing"
    UNEXPECTED = "unexpected"


SENTENCES: dict[str, Any] = {
    BadReason.EMPTY: _("The file is empty."),
    BadReason.NOT_MARC: _(
        "This is not a MARC record: it begins with “%(start)s”, where the five digits of its length belong."
    ),
    BadReason.LENGTH_NOT_NUMBER: _(
        "The length of the record, in its first five characters, is “%(value)s”: not a number."
    ),
    BadReason.TOO_SHORT: _("Only %(found)d bytes are left here; the leader of a record alone needs 24."),
    BadReason.TRUNCATED: _(
        "The record says that it is %(expected)d bytes long, but only %(found)d are there: it was cut off."
    ),
    BadReason.NO_TERMINATOR: _("The mark that ends a record (hexadecimal 1D) is missing at byte %(at)d."),
    BadReason.TOO_LONG: _("No end of the record was found within %(limit)d bytes."),
    BadReason.BASE_ADDRESS: _(
        "The leader says that the fields begin at byte “%(value)s”, but the record is only %(length)d bytes long."
    ),
    BadReason.DIRECTORY_END: _(
        "The directory of the fields has no end mark (hexadecimal 1E) where the leader says that it ends."
    ),
    BadReason.DIRECTORY_ENTRY: _("Entry %(number)d in the directory of the fields is damaged: “%(value)s”."),
    BadReason.FIELD_OUTSIDE: _("According to the directory, field %(tag)s lies outside the record."),
    BadReason.NO_FIELDS: _("The record has no fields."),
    BadReason.INDICATOR: _(
        "Field %(tag)s has “%(value)s” as an indicator; only a digit, a small letter or a blank may stand there."
    ),
    BadReason.ENCODING: _(
        "Field %(tag)s holds characters that are neither UTF-8 nor MARC-8 (byte %(byte)s)."
    ),
    BadReason.XML: _("The XML is damaged at line %(line)d, column %(column)d of the file."),
    BadReason.XML_ENCODING: _(
        "The XML is in the character encoding “%(encoding)s”, which cannot be read. Save it as UTF-8."
    ),
    BadReason.XML_CUT: _("The XML ends in the middle of a record: the file was cut off."),
    BadReason.XML_NO_RECORDS: _("The XML holds no MARC records."),
    BadReason.FIELD_TAG: _("“%(value)s” is not the number of a field: three digits or letters belong there."),
    BadReason.AUTHORITY: _("This is an authority record (a heading), not the description of a book."),
    BadReason.DELETED: _("The record is marked as deleted in the program it comes from."),
    BadReason.NO_TITLE: _("The record has no title (field 245)."),
    BadReason.UNREADABLE: _("The record cannot be read: %(detail)s."),
    BadReason.REFUSED: _("The catalogue could not take this record: %(detail)s."),
    RemarkCode.LEADER_LENGTH: _(
        "The length in the leader (%(said)d) was wrong; the record is %(found)d bytes long."
    ),
    RemarkCode.SAID_UTF8_IS_MARC8: _(
        "The record says UTF-8 but is not; it was read as MARC-8. Check letters with accents."
    ),
    RemarkCode.UNKNOWN_CHARACTERS: _("%(count)d characters could not be read and were replaced by blanks."),
    RemarkCode.ISBN_INVALID: _("“%(value)s” is not a valid ISBN and was left out."),
    RemarkCode.BARCODE_TWICE: _("Barcode %(barcode)s occurs twice in this record; it was taken once."),
    RemarkCode.COPY_UNNUMBERED: _(
        "A copy in field %(tag)s has neither barcode nor accession number and was left out."
    ),
    RemarkCode.BARCODE_TAKEN: _("Barcode %(barcode)s already belongs to “%(title)s”; no copy was made."),
    StopReason.FILE_MISSING: _("The uploaded file is no longer there. Upload it again."),
    StopReason.UNEXPECTED: _(
        "Something unforeseen happened; it was written to the log. What was imported until then is kept."
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about a record: why it was refused, or what was put right in one that was kept."""

    code: BadReason | RemarkCode
    facts: dict[str, str | int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return sentence(self.code, self.facts)


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence for a stored code. A code of a later version that is unknown here shows as itself."""
    template = SENTENCES.get(code)
    if template is None:
        return code
    return str(template) % facts if facts else str(template)
