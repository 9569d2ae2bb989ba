"""Copies, as the different library systems write them into a record.

The first of these that names a copy counts, so that a record which says the same twice does not make two copies:
952 (Koha), 945 and 949 (Innovative and its heirs), 999 (SirsiDynix), 852 with 876 (MARC 21 holdings), 990 (INDOMARC).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation

import pymarc

from libraries.catalogue.findings import Finding, RemarkCode

from .records import CopyData

BARCODE_LENGTH = 40
_LARGEST_PRICE = Decimal("9999999999")
_RUPIAH = re.compile(r"(?:rp|idr)\.?\s*([\d.]+)(?:,(\d\d))?", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d{1,2})?")


def copies_of(record: pymarc.Record, *, call_number: str, remarks: list[Finding]) -> tuple[CopyData, ...]:
    """The copies that a record lists; what cannot be numbered or comes twice is left out with a remark."""
    price = _price_of_title(record)
    for tag, read in _DIALECTS:
        fields = record.get_fields(tag)
        found = [copy for field in fields for copy in read(record, field, call_number, price)]
        if not found:
            continue
        kept: dict[str, CopyData] = {}
        for copy in found:
            if not copy.barcode:
                remarks.append(Finding(RemarkCode.COPY_UNNUMBERED, {"tag": tag}))
            elif copy.barcode in kept:
                remarks.append(Finding(RemarkCode.BARCODE_TWICE, {"barcode": copy.barcode}))
            else:
                kept[copy.barcode] = copy
        return tuple(kept.values())
    return ()


def _koha(
    record: pymarc.Record, field: pymarc.Field, call_number: str, price: Decimal | None
) -> Iterator[CopyData]:
    # Other systems use 952 for other things; in Koha an item has a branch or a number of its own.
    if not _has(field, "p", "i", "a", "b"):
        return
    own_price = _value(field, "g")
    yield _copy(
        barcode=_value(field, "p") or _value(field, "i"),
        accession_number=_value(field, "i"),
        call_number=_value(field, "o") or call_number,
        price=_amount(own_price) or price,
        note=_value(field, "z") or _value(field, "t", prefix="c."),
    )


def _innovative(
    record: pymarc.Record, field: pymarc.Field, call_number: str, price: Decimal | None
) -> Iterator[CopyData]:
    barcode = _value(field, "i")
    if len(barcode) >= 4:
        own = " ".join(filter(None, [_value(field, "a"), _value(field, "b")]))
        yield _copy(barcode=barcode, call_number=own or call_number, price=price, note=_value(field, "n"))


def _sirsi(
    record: pymarc.Record, field: pymarc.Field, call_number: str, price: Decimal | None
) -> Iterator[CopyData]:
    if _has(field, "i") and _has(field, "w", "l", "m"):
        yield _copy(
            barcode=_value(field, "i"), call_number=_value(field, "a") or call_number,
            price=_rupiah(_value(field, "p")) or price, note=_value(field, "o"),
        )  # fmt: skip


def _holdings(
    record: pymarc.Record, field: pymarc.Field, call_number: str, price: Decimal | None
) -> Iterator[CopyData]:
    own = " ".join(filter(None, (_value(field, code) for code in "khim"))) or call_number
    if _has(field, "p"):
        yield _copy(barcode=_value(field, "p"), call_number=own, price=price, note=_value(field, "z"))
        return
    for item in record.get_fields("876", "877", "878"):
        if _has(item, "p"):
            cost = _rupiah(_value(item, "c")) or price
            yield _copy(
                barcode=_value(item, "p"), accession_number=_value(item, "a"), call_number=own, price=cost
            )


def _indomarc(
    record: pymarc.Record, field: pymarc.Field, call_number: str, price: Decimal | None
) -> Iterator[CopyData]:
    # INDOMARC carries the accession number (nomor induk) of each copy but no barcode: the number then stands on the label.
    for part in field.subfields:
        if part.code == "a":
            number = _tidy(part.value)
            yield _copy(barcode=number, accession_number=number, call_number=call_number, price=price)


Reader = Callable[[pymarc.Record, pymarc.Field, str, Decimal | None], Iterable[CopyData]]
_DIALECTS: tuple[tuple[str, Reader], ...] = (
    ("952", _koha),
    ("945", _innovative),
    ("949", _innovative),
    ("999", _sirsi),
    ("852", _holdings),
    ("990", _indomarc),
)


def _copy(
    *,
    barcode: str,
    call_number: str,
    accession_number: str = "",
    price: Decimal | None = None,
    note: str = "",
) -> CopyData:
    return CopyData(
        barcode=_tidy(barcode).replace(" ", "")[:BARCODE_LENGTH],
        call_number=call_number[:80],
        accession_number=accession_number[:60],
        price=price,
        note=note[:200],
    )


def _has(field: pymarc.Field, *codes: str) -> bool:
    return any(_value(field, code) for code in codes)


def _value(field: pymarc.Field, code: str, *, prefix: str = "") -> str:
    value = next((_tidy(part.value) for part in field.subfields if part.code == code), "")
    return prefix + value if value else ""


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[\x00-\x1f\x7f-\x9f]", "", text)).strip()


def _price_of_title(record: pymarc.Record) -> Decimal | None:
    texts = [
        part.value
        for field in record.get_fields("020", "037")
        for part in field.subfields
        if part.code in "ac"
    ]
    return next((price for text in texts if (price := _rupiah(text)) is not None), None)


def _rupiah(text: str) -> Decimal | None:
    """``Rp 45.000,00`` as 45000; other currencies are not guessed at."""
    found = _RUPIAH.search(text)
    return _amount(found.group(1).replace(".", "")) if found else None


def _amount(text: str) -> Decimal | None:
    """A bare number, as Koha writes prices in the currency of the library."""
    if not _NUMBER.fullmatch(text):
        return _rupiah(text)
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if 0 < amount <= _LARGEST_PRICE else None
