"""Reading papers back: their text, their metadata, and a picture of their pages."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader


def opened(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def flat(text: str) -> str:
    """Text without the places where a line may end: white space and zero-width spaces."""
    return re.sub(r"[\s\u200b]+", "", text)


def pages(pdf: bytes) -> list[str]:
    """The text of each page, without white space: where a line ends is the typesetter's business."""
    return [flat(page.extract_text()) for page in opened(pdf).pages]


def text_of(pdf: bytes) -> str:
    return "".join(pages(pdf))


def poppler(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.fail(f"{program} was not found. Debian: apt-get install poppler-utils")
    return found


def qr_codes(pdf: bytes, folder: Path) -> list[list[str]]:
    """What a telephone reads off each printed page."""
    subprocess.run(
        [poppler("pdftoppm"), "-r", "200", "-gray", "-png", "-", folder / "page"], input=pdf, check=True
    )
    return [
        [found.text for found in zxingcpp.read_barcodes(Image.open(picture))]
        for picture in sorted(folder.glob("page*.png"))
    ]


def words_outside_the_paper(pdf: bytes) -> list[str]:
    """Words that run over the left or right edge of their page."""
    listing = subprocess.run(
        [poppler("pdftotext"), "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    )
    outside, width = [], 0.0
    for line in listing.stdout.decode(errors="replace").splitlines():
        if page := re.search(r'<page width="([\d.]+)"', line):
            width = float(page[1])
        elif (word := re.search(r'xMin="(-?[\d.]+)".*xMax="(-?[\d.]+)".*>(.*)</word>', line)) and (
            float(word[1]) < 0 or float(word[2]) > width
        ):
            outside.append(word[3])
    return outside
