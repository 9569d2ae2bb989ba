"""School lists as people make them."""

import io
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

HEADS = ["NPSN", "Nama Sekolah", "Alamat", "Kelurahan", "Kecamatan", "Telepon", "Email", "Kepala Sekolah", "Lintang", "Bujur"]  # fmt: skip


def school_row(number: int, **other: str) -> list[str]:
    """One row under HEADS; ``other`` by the head in small letters."""
    values = {
        "npsn": f"9900{number:04}",
        "nama sekolah": f"SD Negeri {number:02} Talang",
        "alamat": f"Jalan Uji {number}",
        "kelurahan": "Talang",
        "kecamatan": "Kec. Payakumbuh Barat",
        "telepon": f"0752 {number:05}",
        "email": f"sdn{number:02}@contoh.test",
        "kepala sekolah": f"Kepala Uji {number}",
        "lintang": "-0,202011",
        "bujur": "100,600530",
    }
    return [other.get(head.lower(), values[head.lower()]) for head in HEADS]


def as_csv(
    rows: Sequence[Sequence[Any]], *, delimiter: str = ";", encoding: str = "utf-8"
) -> SimpleUploadedFile:
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    return SimpleUploadedFile("sekolah.csv", text.encode(encoding), "text/csv")


def as_xlsx(rows: Sequence[Sequence[Any]], *, merge: str = "") -> SimpleUploadedFile:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    if merge:
        page.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("sekolah.xlsx", out.getvalue())
