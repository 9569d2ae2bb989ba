"""Walking through a MARCXML file record by record.

An XML parser gives up at the first fault and with it everything that follows. So the file is cut at the record elements
first, and each is parsed alone: one that is damaged costs itself only. Document types and entities are never read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

import pymarc
from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeTree

from libraries.catalogue.findings import BadReason

from .iso2709 import Stretch
from .records import Unusable

LONGEST_RECORD = 2_000_000
_READ_BYTES = 65_536
_HEAD_BYTES = 4_096

_PIECE = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<(?P<open>(?:[\w.-]+:)?record)(?=[\s>])|</(?P<close>(?:[\w.-]+:)?record)\s*>",
    re.DOTALL,
)
_UNFINISHED = re.compile(rb"<(?:!(?:-|--(?:(?!-->).)*|\[(?:(?!\]\]>).)*)?|/?[\w.:-]{0,40}\s*)\Z", re.DOTALL)
_HAS_FIELDS = re.compile(rb"<(?:[\w.-]+:)?(?:leader|controlfield|datafield)\b")
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
_NAMESPACE = re.compile(rb"""xmlns:([\w.-]+)\s*=\s*("[^"<]*"|'[^'<]*')""")
_BYTE_ENCODINGS = {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252"}
_TAG = re.compile(r"[0-9A-Za-z]{3}")


class Sheet:
    """What the top of the file says for all records in it: encoding and namespace prefixes."""

    def __init__(self, head: bytes) -> None:
        self.wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        declared = _ENCODING.search(head)
        name = "utf-16" if self.wide else declared.group(1).decode() if declared else "utf-8"
        try:
            self.encoding = codecs.lookup(name).name
        except LookupError:
            self.encoding = name
        self.readable = self.encoding in _BYTE_ENCODINGS
        prefixes = dict(_NAMESPACE.findall(head))
        names = b"".join(b" xmlns:%s=%s" % (prefix, uri) for prefix, uri in prefixes.items())
        self.wrapper = (b"<kept%s>" % names, b"</kept>")


def read_sheet(stream: BinaryIO) -> Sheet:
    """The head of the file; leaves the stream where it was."""
    place = stream.tell()
    stream.seek(0)
    sheet = Sheet(stream.read(_HEAD_BYTES))
    stream.seek(place)
    return sheet


def stretches(stream: BinaryIO, start: int = 0) -> Iterator[Stretch]:
    """Cut the stream, from byte ``start``, into record elements. What lies between records is no outcome."""
    stream.seek(start)
    offset, pending, begun, exhausted = start, b"", -1, False
    while not exhausted:
        piece = stream.read(_READ_BYTES)
        exhausted = not piece
        pending += piece
        at = 0
        while match := _PIECE.search(pending, at):
            if match["close"] and begun >= 0:
                yield Stretch(offset + begun, offset + match.end(), pending[begun : match.end()])
                begun = -1
            elif match["open"]:
                # A record inside another: the outer one was never closed, or it is an OAI envelope and no outcome.
                if begun >= 0 and _HAS_FIELDS.search(pending, begun, match.start()):
                    yield _cut(offset, begun, match.start(), pending)
                begun = match.start()
            at = match.end()
        unfinished = _UNFINISHED.search(pending, max(at, len(pending) - LONGEST_RECORD))
        done = unfinished.start() if unfinished else len(pending)
        if begun >= 0 and len(pending) - begun > LONGEST_RECORD:
            fault = Unusable(BadReason.TOO_LONG, limit=LONGEST_RECORD)
            yield Stretch(offset + begun, offset + done, pending[begun : begun + _HEAD_BYTES], fault)
            begun = -1
        keep = begun if begun >= 0 else max(at, done)
        if exhausted and begun >= 0:
            yield _cut(offset, begun, len(pending), pending)
        pending = pending[keep:]
        offset += keep
        begun = 0 if begun >= 0 else -1


def _cut(offset: int, begun: int, end: int, pending: bytes) -> Stretch:
    return Stretch(offset + begun, offset + end, pending[begun:end], Unusable(BadReason.XML_CUT))


class Malformed(Exception):
    """The element is no XML. Line and column are counted from 1 within the element."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column)
        self.line = line
        self.column = column


def decode(raw: bytes, sheet: Sheet) -> pymarc.Record:
    """One record element as a pymarc record.

    Raises :class:`Malformed` where it is no XML, :class:`Unusable` where it is no MARC record.
    """
    try:
        text = raw.decode(sheet.encoding)
    except UnicodeDecodeError as error:
        raise Unusable(
            BadReason.ENCODING, tag="", byte=raw[error.start : error.start + 1].hex().upper()
        ) from error
    opening, closing = sheet.wrapper
    try:
        element = SafeTree.fromstring(opening + text.encode("utf-8") + closing)
    except ParseError as error:
        line, column = error.position
        raise Malformed(line, max(column - (len(opening) if line == 1 else 0), 0) + 1) from error
    except (DefusedXmlException, ValueError) as error:
        raise Unusable(BadReason.UNREADABLE, detail=type(error).__name__) from error
    return _record(element[0])


def _record(element: Element) -> pymarc.Record:
    record = pymarc.Record()
    for child in element:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "leader":
            record.leader = pymarc.Leader((child.text or "").ljust(24)[:24])
            continue
        if name not in ("controlfield", "datafield"):
            continue
        tag = child.get("tag", "")
        if not _TAG.fullmatch(tag):
            raise Unusable(BadReason.FIELD_TAG, value=tag[:20])
        if name == "controlfield":
            record.add_field(pymarc.Field(tag=tag, data=child.text or ""))
        else:
            record.add_field(_field(tag, child))
    if not record.fields:
        raise Unusable(BadReason.NO_FIELDS)
    return record


def _field(tag: str, element: Element) -> pymarc.Field:
    indicators = [(element.get(name) or " ")[:1] for name in ("ind1", "ind2")]
    subfields = [
        pymarc.Subfield(code=part.get("code", " ")[:1] or " ", value=part.text or "")
        for part in element
        if isinstance(part.tag, str) and part.tag.rpartition("}")[2] == "subfield"
    ]
    if tag < "010" and tag.isdigit():  # SLiMS writes control fields as data fields
        return pymarc.Field(tag=tag, data="".join(part.value for part in subfields))
    return pymarc.Field(tag=tag, indicators=pymarc.Indicators(*indicators), subfields=subfields)
