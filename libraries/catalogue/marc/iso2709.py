"""Walking through an ISO 2709 file record by record without ever losing the next good one.

A record can lie about its length, lack its end mark or be cut off. The end is therefore looked for in this order:
where the directory of the fields says that the last field ends, where the leader says that the record ends, the next end
mark, the next thing that looks like a leader. Only a window of the file is in memory, whatever its size.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import pymarc
from pymarc import marc8_mapping

from libraries.catalogue.findings import BadReason, Finding, RemarkCode

from .records import Unusable

LEADER_BYTES = 24
RECORD_END = 0x1D
FIELD_END = 0x1E
SUBFIELD_MARK = b"\x1f"
#: ISO 2709 allows 99,999 bytes; what is longer is damaged, but its end is still looked for this far.
LONGEST_RECORD = 250_000
_READ_BYTES = 65_536

_PADDING = b"\r\n\t \x00\x1a"
_LEADER = re.compile(rb"\d{5}[a-z ]{3}[a-z0-9 ][a-z ]22\d{5}.{3}45", re.DOTALL)
_LEADER_AFTER_LENGTH = re.compile(rb"[a-z ]{3}[a-z0-9 ][a-z ]22.{5}", re.DOTALL)
_DIGITS = re.compile(rb"[0-9]+")
_TAG = re.compile(rb"[0-9A-Za-z]{3}")
#: "#", "|" and "\" are what exports of text formats leave where a blank belongs.
_INDICATORS = re.compile(rb"[0-9a-z #|\\]{0,2}")

_ANSEL = marc8_mapping.CODESETS[0x45]
_NO_SORT_MARKS = {0x88, 0x89}
_NOT_MARC8 = re.compile(
    b"["
    + b"".join(
        re.escape(bytes([byte]))
        for byte in range(0x80, 0x100)
        if byte not in _ANSEL and byte not in marc8_mapping.ODD_MAP and byte not in _NO_SORT_MARKS
    )
    + b"]"
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some bytes of the file that stand for one outcome; ``fault`` is set when they are no record at all."""

    offset: int
    end: int
    raw: bytes
    fault: Unusable | None = None


class _Window:
    """A part of the stream that can be looked into by absolute offsets from its beginning."""

    def __init__(self, stream: BinaryIO, offset: int) -> None:
        self.stream = stream
        self.offset = offset
        self.bytes = bytearray()
        self.exhausted = False
        stream.seek(offset)

    def ensure(self, count: int) -> bool:
        """Have ``count`` bytes in the window, if the file is that long."""
        while len(self.bytes) < count and not self.exhausted:
            piece = self.stream.read(max(_READ_BYTES, count - len(self.bytes)))
            if piece:
                self.bytes += piece
            else:
                self.exhausted = True
        return len(self.bytes) >= count

    def drop(self, count: int) -> None:
        del self.bytes[:count]
        self.offset += count

    def skip_padding(self) -> bool:
        """Go to the next byte that can begin a record; False at the end of the file."""
        while self.ensure(1):
            if self.bytes[0] not in _PADDING:
                return True
            kept = self.bytes.lstrip(_PADDING)
            self.drop(len(self.bytes) - len(kept))
        return False


def stretches(stream: BinaryIO, start: int = 0) -> Iterator[Stretch]:
    """Cut the stream, from byte ``start``, into records and damaged stretches; every byte but padding is accounted for."""
    window = _Window(stream, start)
    while window.skip_padding():
        end, fault = _find_end(window)
        raw = bytes(window.bytes[: min(end, LONGEST_RECORD)])
        offset = window.offset
        if end > len(window.bytes):
            end = _skip_to_boundary(window)
        else:
            window.drop(end)
            end += offset
        yield Stretch(offset, end, raw, fault)


def _find_end(window: _Window) -> tuple[int, Unusable | None]:
    """Where the stretch at the window's beginning ends, and what is structurally wrong with it (None when sound)."""
    window.ensure(LEADER_BYTES)
    try:
        length = _end_by_directory(window)
        if window.bytes[:5].isdigit():
            return length, None
        return length, Unusable(BadReason.LENGTH_NOT_NUMBER, value=_shown(window.bytes[:5]))
    except Unusable as fault:
        end = _end_by_marks(window)
        if end > LONGEST_RECORD:
            return end, fault if fault.code == BadReason.NOT_MARC else Unusable(
                BadReason.TOO_LONG, limit=LONGEST_RECORD
            )
        said = int(window.bytes[:5]) if window.bytes[:5].isdigit() else 0
        if fault.code in (BadReason.NO_TERMINATOR, BadReason.FIELD_OUTSIDE) and end < said:
            fault = Unusable(
                BadReason.TRUNCATED, expected=said, found=end
            )  # another record begins before this one is done
        return end, fault


def _end_by_directory(window: _Window) -> int:
    """The length of the record by its own directory.

    Raises :class:`Unusable` when leader, directory or the end mark do not agree.
    """
    data = window.bytes
    if not _LEADER_AFTER_LENGTH.match(data, 5) and not data[:5].isdigit():
        raise Unusable(BadReason.NOT_MARC, start=_shown(data[:5]))
    if len(data) < LEADER_BYTES:
        raise Unusable(BadReason.TOO_SHORT, found=len(data))
    said = int(data[:5]) if data[:5].isdigit() else None
    window.ensure(said or LONGEST_RECORD)
    length = said or len(data)
    base = int(data[12:17]) if data[12:17].isdigit() else 0
    if not LEADER_BYTES < base < length:
        raise Unusable(BadReason.BASE_ADDRESS, value=_shown(data[12:17]), length=length)
    if not window.ensure(base):
        raise Unusable(BadReason.TRUNCATED, expected=length, found=len(data))
    if data[base - 1] != FIELD_END or (base - 1 - LEADER_BYTES) % 12:
        raise Unusable(BadReason.DIRECTORY_END)
    if base - 1 == LEADER_BYTES:
        raise Unusable(BadReason.NO_FIELDS)
    last, last_tag = 0, ""
    for number, at in enumerate(range(LEADER_BYTES, base - 1, 12), start=1):
        entry = bytes(data[at : at + 12])
        if not _TAG.fullmatch(entry[:3]) or not entry[3:].isdigit():
            raise Unusable(BadReason.DIRECTORY_ENTRY, number=number, value=_shown(entry))
        end = int(entry[3:7]) + int(entry[7:12])
        if end > last:
            last, last_tag = end, entry[:3].decode()
    end = base + last
    if not window.ensure(end + 1):
        if said and len(data) < said:
            raise Unusable(BadReason.TRUNCATED, expected=said, found=len(data))
        if end > len(data):
            raise Unusable(BadReason.FIELD_OUTSIDE, tag=last_tag)
        raise Unusable(BadReason.NO_TERMINATOR, at=end)
    if data[end] != RECORD_END:
        if RECORD_END in data[LEADER_BYTES:end]:
            raise Unusable(BadReason.FIELD_OUTSIDE, tag=last_tag)
        raise Unusable(BadReason.NO_TERMINATOR, at=end)
    return end + 1


def _end_by_marks(window: _Window) -> int:
    """The length of a damaged stretch: up to the next end mark or the next leader. Beyond the window: not found yet."""
    window.ensure(LONGEST_RECORD)
    mark = window.bytes.find(RECORD_END) + 1
    leader = _LEADER.search(window.bytes, 1, mark or len(window.bytes))
    if leader:
        return leader.start()
    if mark:
        return mark
    return len(window.bytes) if window.exhausted else LONGEST_RECORD + len(window.bytes)


def _skip_to_boundary(window: _Window) -> int:
    """Throw away bytes until an end mark or a leader; returns the absolute offset after them."""
    window.drop(max(0, len(window.bytes) - LEADER_BYTES))
    while window.ensure(_READ_BYTES) or window.bytes:
        mark = window.bytes.find(RECORD_END) + 1
        leader = _LEADER.search(window.bytes, 1, mark or len(window.bytes))
        boundary = leader.start() if leader else mark
        leader = None  # a match keeps the bytes from being cut
        if boundary:
            window.drop(boundary)
            break
        window.drop(len(window.bytes) if window.exhausted else len(window.bytes) - LEADER_BYTES)
    return window.offset


def decode(raw: bytes) -> tuple[pymarc.Record, list[Finding]]:
    """One structurally sound record, decoded; what was put right comes along.

    The leader's word about the character set is not trusted: strict UTF-8 is tried first, MARC-8 only then.
    Raises :class:`Unusable`.
    """
    remarks: list[Finding] = []
    said = int(raw[:5])
    if said != len(raw):
        remarks.append(Finding(RemarkCode.LEADER_LENGTH, {"said": said, "found": len(raw)}))
    base = int(raw[12:17])
    for at in range(LEADER_BYTES, base - 1, 12):
        _check_field(raw, raw[at : at + 3], base + int(raw[at + 7 : at + 12]), int(raw[at + 3 : at + 7]))
    utf8 = _is_utf8(raw)
    if not utf8:
        if raw[9:10] == b"a":
            _refuse_unless_marc8(raw, base)
            remarks.append(Finding(RemarkCode.SAID_UTF8_IS_MARC8))
        else:
            unknown = len(_NOT_MARC8.findall(raw))
            if unknown:
                remarks.append(Finding(RemarkCode.UNKNOWN_CHARACTERS, {"count": unknown}))
    leader = b"%05d" % min(len(raw), 99_999) + raw[5:9] + (b"a" if utf8 else b" ") + raw[10:]
    try:
        with contextlib.redirect_stderr(io.StringIO()):  # pymarc reports characters there, one line each
            return pymarc.Record(data=leader, hide_utf8_warnings=True), remarks
    except (pymarc.exceptions.PymarcException, ValueError, LookupError, TypeError) as error:
        raise Unusable(BadReason.UNREADABLE, detail=str(error)[:120] or type(error).__name__) from error


def _check_field(raw: bytes, tag: bytes, start: int, length: int) -> None:
    end = start + length
    if length < 1 or end > len(raw) or raw[end - 1] != FIELD_END:
        raise Unusable(BadReason.FIELD_OUTSIDE, tag=tag.decode())
    if tag.isdigit() and tag < b"010":
        return
    indicators = raw[start : end - 1].split(SUBFIELD_MARK, 1)[0]
    if not _INDICATORS.fullmatch(indicators[:2]) or not indicators.isascii():
        wrong = next(
            (bytes([byte]) for byte in indicators if not _INDICATORS.fullmatch(bytes([byte]))), indicators
        )
        raise Unusable(BadReason.INDICATOR, tag=tag.decode(), value=_shown(wrong))


def _is_utf8(raw: bytes) -> bool:
    if b"\x1b" in raw and raw[9:10] != b"a":  # an escape to another MARC-8 set, in bytes that are all ASCII
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _refuse_unless_marc8(raw: bytes, base: int) -> None:
    stranger = _NOT_MARC8.search(raw)
    if not stranger:
        return
    tag = ""
    for at in range(LEADER_BYTES, base - 1, 12):
        start = base + int(raw[at + 7 : at + 12])
        if start <= stranger.start() < start + int(raw[at + 3 : at + 7]):
            tag = raw[at : at + 3].decode()
    raise Unusable(BadReason.ENCODING, tag=tag, byte=stranger.group().hex().upper())


def looks_like_record(head: bytes) -> bool:
    """Whether the first bytes of a file hold the leader of a MARC record, padding before it allowed."""
    return bool(_LEADER.search(head))


def _shown(raw: bytes | bytearray) -> str:
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in raw)
