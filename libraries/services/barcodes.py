"""Barcodes read out of a picture, for browsers that cannot do it themselves. The picture is looked at and thrown away."""

import io

import zxingcpp
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from kerjasama.domain.errors import InvalidInput

# A frame of a camera, made small by the page; nothing that is sent here needs to be larger.
MOST_BYTES = 600 * 1024
MOST_PIXELS = 2_500_000
MOST_CODES = 10


def codes_in(picture: bytes) -> list[str]:
    """The codes in a JPEG, PNG or WebP, each once. Raises InvalidInput (``frame_too_large``, ``frame_unreadable``)."""
    if len(picture) > MOST_BYTES:
        raise InvalidInput("frame_too_large", _("The picture is too large."), field="frame")
    try:
        with Image.open(io.BytesIO(picture), formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise InvalidInput("frame_too_large", _("The picture is too large."), field="frame")
            grey = image.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise InvalidInput("frame_unreadable", _("The picture cannot be read."), field="frame") from None
    found = (code.text.strip() for code in zxingcpp.read_barcodes(grey))
    return list(dict.fromkeys(text for text in found if text and text.isprintable()))[:MOST_CODES]
