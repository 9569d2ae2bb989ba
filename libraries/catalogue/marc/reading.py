"""Bytes in, one outcome per record out, for ISO 2709 and MARCXML alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from libraries.catalogue.findings import BadReason

from . import iso2709, marcxml
from .description import describe
from .records import BadRecord, BibRecord, Unusable, excerpt_of

SNIFFED_BYTES = 65_536
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

Outcome = BibRecord | BadRecord


def is_xml(head: bytes) -> bool:
    """Whether a file that begins with these bytes is to be read as XML."""
    for mark in _BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"").lstrip()[:1] == b"<"


def read(stream: BinaryIO, *, offset: int = 0, position: int = 0) -> Iterator[Outcome]:
    """Every record of a seekable binary stream, in order; never raises for what the bytes are.

    To resume, give the ``next_offset`` and the ``position`` of the last outcome that was dealt with.
    """
    stream.seek(0)
    head = stream.read(SNIFFED_BYTES)
    if not head.strip(b"\x00 \r\n\t\x1a"):
        if offset == 0:
            yield BadRecord(1, 0, max(len(head), 1), BadReason.EMPTY)
        return
    outcomes = _read_xml(stream, offset) if is_xml(head) else _read_iso(stream, offset)
    for outcome in outcomes:
        position += 1
        yield replace(outcome, position=position)


def _read_iso(stream: BinaryIO, offset: int) -> Iterator[Outcome]:
    if offset == 0:
        stream.seek(0)
        offset = (
            3 if stream.read(3) == _BYTE_ORDER_MARKS[0] else 0
        )  # Windows editors put it before the first leader
    for stretch in iso2709.stretches(stream, offset):
        try:
            if stretch.fault:
                raise stretch.fault
            record, remarks = iso2709.decode(stretch.raw)
            yield describe(record, position=0, offset=stretch.offset, end=stretch.end, remarks=remarks)
        except Unusable as fault:
            yield _bad(stretch, fault)


def _read_xml(stream: BinaryIO, offset: int) -> Iterator[Outcome]:
    sheet = marcxml.read_sheet(stream)
    if not sheet.readable:
        if offset == 0:
            stream.seek(0, 2)
            yield BadRecord(1, 0, stream.tell(), BadReason.XML_ENCODING, {"encoding": sheet.encoding})
        return
    lines = _Lines(stream)
    found = False
    for stretch in marcxml.stretches(stream, offset):
        found = True
        try:
            if stretch.fault:
                raise stretch.fault
            record = marcxml.decode(stretch.raw, sheet)
            yield describe(record, position=0, offset=stretch.offset, end=stretch.end, remarks=[])
        except marcxml.Malformed as fault:
            place = lines.at(stretch.offset)
            facts: dict[str, str | int] = {"line": place + fault.line - 1, "column": fault.column}
            yield _bad(stretch, Unusable(BadReason.XML, **facts))
        except Unusable as fault:
            yield _bad(stretch, fault)
    if not found and offset == 0:
        stream.seek(0, 2)
        yield BadRecord(1, 0, stream.tell(), BadReason.XML_NO_RECORDS)


def _bad(stretch: iso2709.Stretch, fault: Unusable) -> BadRecord:
    return BadRecord(0, stretch.offset, stretch.end, fault.code, fault.facts, excerpt_of(stretch.raw))


class _Lines:
    """Line numbers by offset, counted only when a fault has to be named; the stream stays where it was."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.offset = 0
        self.line = 1

    def at(self, offset: int) -> int:
        place = self.stream.tell()
        self.stream.seek(self.offset)
        while self.offset < offset and (piece := self.stream.read(min(SNIFFED_BYTES, offset - self.offset))):
            self.line += piece.count(b"\n")
            self.offset += len(piece)
        self.stream.seek(place)
        return self.line
