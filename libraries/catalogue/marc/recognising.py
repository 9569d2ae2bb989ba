"""What kind of file was handed in, by its content: names and types that a browser sends prove nothing."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from libraries.catalogue.choices import ImportFormat

from .iso2709 import looks_like_record
from .reading import is_xml

_MARC_NAMESPACE = b"loc.gov/MARC21"


def recognise(head: bytes) -> ImportFormat | Promise:
    """The format of a file that begins with ``head`` (some 64 KB), or a sentence that says what it is instead."""
    if not head.strip(b"\x00 \r\n\t\x1a"):
        return _("The file is empty.")
    if head.startswith(b"PK\x03\x04"):
        return _(
            "This is a spreadsheet or a zip archive. Export the catalogue as MARC (.mrc or .xml) and choose that file."
        )
    if is_xml(head):
        if _MARC_NAMESPACE in head or b"datafield" in head or b"record" in head:
            return ImportFormat.MARCXML
        return _("This XML file holds no MARC records. Choose a MARCXML export.")
    if head.startswith(b"%PDF"):
        return _("This is a PDF. Export the catalogue as MARC (.mrc or .xml) and choose that file.")
    if head.startswith((b"=LDR", b"=001", b"MARC-")):
        return _(
            "This is MARC written out as text. Export the catalogue as MARC in ISO 2709 (.mrc) or as MARCXML (.xml)."
        )
    if looks_like_record(head) or (b"\x1e" in head and b"\x1f" in head):
        return ImportFormat.MARC
    return _("This is not a MARC file. Choose a file in ISO 2709 (.mrc, .marc) or MARCXML (.xml).")
