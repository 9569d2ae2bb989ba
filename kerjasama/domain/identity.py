"""Identifiers. UUID version 7 (RFC 9562): unguessable outside, and new rows land at the end of every index."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """A fresh UUIDv7: 48 bits of milliseconds, 12 of their fraction, then random bits. Python 3.11 has none of its own.

    The fraction keeps rows that are made one after another within a millisecond in their order (RFC 9562, 6.2, method 3).
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    value = bytearray(
        milliseconds.to_bytes(6, "big") + (rest * 4096 // 1_000_000).to_bytes(2, "big") + os.urandom(8)
    )
    value[6] = 0x70 | value[6]
    value[8] = 0x80 | (value[8] & 0x3F)
    return uuid.UUID(bytes=bytes(value))
