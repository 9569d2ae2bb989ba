"""Reading MARC files: ISO 2709 and MARCXML, MARC 21 and INDOMARC, whole and damaged. Pure: no rows, no requests."""

from libraries.catalogue.findings import BadReason, Finding, RemarkCode, sentence

from .reading import SNIFFED_BYTES, is_xml, read
from .records import BadRecord, BibRecord, CopyData

__all__ = [
    "SNIFFED_BYTES",
    "BadReason",
    "BadRecord",
    "BibRecord",
    "CopyData",
    "Finding",
    "RemarkCode",
    "is_xml",
    "read",
    "sentence",
]
