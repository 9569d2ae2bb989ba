"""Uploads: what is accepted, how it is checked, and where it is kept (S16).

The table below is the one place that says what may be uploaded; forms, the API and the help texts read it.
"""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from kerjasama.domain.errors import InvalidInput, Sentence
from libraries.choices import FilePurpose
from libraries.models import FileView, Institution, StoredFile, User
from libraries.sheets.findings import SheetRefused
from libraries.sheets.reading import kind_of as sheet_kind

MAX_PIXELS = 40_000_000
# Photographs are kept at a size that shows a torn page and still travels over a village network.
PHOTOGRAPH_EDGE = 2000


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What one purpose accepts: kinds by content, and at most so many bytes."""

    kinds: frozenset[str]
    max_bytes: int
    words: Sentence


ACCEPTED: dict[str, Acceptance] = {
    FilePurpose.SIGNED_SCAN: Acceptance(
        frozenset({"pdf", "jpeg", "png"}), settings.UPLOAD_MAX_BYTES, gettext_lazy("a PDF, JPEG or PNG file")
    ),
    FilePurpose.PHOTOGRAPH: Acceptance(
        frozenset({"jpeg", "png"}), settings.UPLOAD_MAX_BYTES, gettext_lazy("a photograph (JPEG or PNG)")
    ),
    FilePurpose.EVIDENCE: Acceptance(
        frozenset({"pdf", "jpeg", "png"}), settings.UPLOAD_MAX_BYTES, gettext_lazy("a PDF, JPEG or PNG file")
    ),
    FilePurpose.ATTACHMENT: Acceptance(
        frozenset({"pdf", "jpeg", "png"}), settings.UPLOAD_MAX_BYTES, gettext_lazy("a PDF, JPEG or PNG file")
    ),
    FilePurpose.CATALOGUE: Acceptance(
        frozenset({"marc", "marcxml"}),
        settings.IMPORT_MAX_BYTES,
        gettext_lazy("a MARC 21 file (.mrc) or MARCXML"),
    ),
    FilePurpose.SHEET: Acceptance(
        frozenset({"xlsx", "csv"}),
        20 * 1024 * 1024,
        gettext_lazy("an Excel workbook (.xlsx) or a CSV file"),
    ),
}

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "marc": "application/marc",
    "marcxml": "application/marcxml+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
EXTENSIONS = {
    "pdf": "pdf",
    "jpeg": "jpg",
    "png": "png",
    "marc": "mrc",
    "marcxml": "xml",
    "xlsx": "xlsx",
    "csv": "csv",
}


def kind_for(purpose: str, head: bytes) -> str:
    """What a file for ``purpose`` is by its first bytes; "" when it is nothing that we take."""
    if purpose != FilePurpose.SHEET:
        return kind_by_content(head)
    try:
        # Any text may be a CSV, so this is asked only where a spreadsheet is expected.
        return sheet_kind(head)
    except SheetRefused:
        return ""


def kind_by_content(head: bytes) -> str:
    """What the first bytes say a file is, whatever its name claims; "" when it is nothing that we take."""
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:5].isdigit() and len(head) >= 24 and head[10:12].isdigit():
        return "marc"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<") and (b"collection" in head or b"record" in head or start.startswith(b"<?xml")):
        return "marcxml"
    return ""


def keep_upload(
    upload: "UploadedFile[bytes]",
    *,
    owner: Institution,
    counterpart: Institution | None,
    purpose: str,
    actor: User | None,
    field: str = "file",
) -> StoredFile:
    """Check an upload by content and keep it. Images are decoded whole and written anew, without their GPS and EXIF.

    Raises InvalidInput: ``file_empty``, ``file_too_large``, ``file_kind``, ``image_unreadable``, ``image_too_large``.
    """
    accepted = ACCEPTED[purpose]
    size = upload.size or 0
    if size == 0:
        raise InvalidInput("file_empty", _("The file is empty. Choose another one."), field=field)
    if size > accepted.max_bytes:
        raise InvalidInput(
            "file_too_large",
            _("The file is too large: %(size)s MB. At most %(limit)s MB are accepted.")
            % {"size": f"{size / 1048576:.1f}", "limit": accepted.max_bytes // 1048576},
            field=field,
        )
    upload.seek(0)
    kind = kind_for(purpose, upload.read(4096))
    upload.seek(0)
    if kind not in accepted.kinds:
        raise InvalidInput(
            "file_kind",
            _("This is not %(wanted)s. The content of the file decides, not its name.")
            % {"wanted": accepted.words},
            field=field,
        )
    name = PurePath(upload.name or "").name[:200] or "file"
    if kind in ("jpeg", "png"):
        content: bytes = clean_image(upload, kind, field)
    elif purpose in (FilePurpose.CATALOGUE, FilePurpose.SHEET):
        return keep_stream(upload, owner, counterpart, purpose, name, kind, actor)
    else:
        content = upload.read()
    return keep_bytes(
        content,
        owner_id=owner.pk,
        counterpart_id=counterpart.pk if counterpart else None,
        purpose=purpose,
        name=name,
        extension=EXTENSIONS[kind],
        content_type=CONTENT_TYPES[kind],
        actor=actor,
    )


def clean_image(upload: "UploadedFile[bytes]", kind: str, field: str) -> bytes:
    """The image decoded and written anew: what is not picture is gone."""
    try:
        with Image.open(upload, formats=[kind.upper()]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise InvalidInput(
                    "image_too_large",
                    _("The picture has too many pixels. Choose a smaller size in the camera."),
                    field=field,
                )
            picture = ImageOps.exif_transpose(image)
            picture.thumbnail((PHOTOGRAPH_EDGE, PHOTOGRAPH_EDGE))
            out = io.BytesIO()
            if kind == "jpeg":
                picture.convert("RGB").save(out, "JPEG", quality=85)
            else:
                plain = Image.frombytes(picture.mode, picture.size, picture.tobytes())
                if picture.mode == "P" and picture.palette is not None:
                    plain.putpalette(picture.palette)
                plain.save(out, "PNG")
            return out.getvalue()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise InvalidInput(
            "image_unreadable", _("The picture cannot be read. Take it again or choose another."), field=field
        )


def keep_bytes(
    content: bytes,
    *,
    owner_id: UUID,
    counterpart_id: UUID | None,
    purpose: str,
    name: str,
    extension: str,
    content_type: str,
    actor: User | None,
) -> StoredFile:
    """Keep bytes that are already known to be what ``content_type`` says."""
    row = StoredFile(
        owner_id=owner_id,
        counterpart_id=counterpart_id,
        purpose=purpose,
        original_name=name[:200],
        extension=extension,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=actor,
    )
    row.file.save(stored_name(row), ContentFile(content), save=False)
    row.save(force_insert=True)
    return row


def keep_stream(
    upload: "File[bytes]",
    owner: Institution,
    counterpart: Institution | None,
    purpose: str,
    name: str,
    kind: str,
    actor: User | None,
) -> StoredFile:
    """A catalogue file may be large: it is hashed and kept chunk by chunk."""
    row = StoredFile(
        owner=owner,
        counterpart=counterpart,
        purpose=purpose,
        original_name=name,
        extension=EXTENSIONS[kind],
        content_type=CONTENT_TYPES[kind],
        size=upload.size or 0,
        sha256=digest(upload.chunks()),
        uploaded_by=actor,
    )
    upload.seek(0)
    row.file.save(stored_name(row), upload, save=False)
    row.save(force_insert=True)
    return row


def digest(chunks: Iterable[bytes]) -> str:
    value = hashlib.sha256()
    for chunk in chunks:
        value.update(chunk)
    return value.hexdigest()


def stored_name(row: StoredFile) -> str:
    """A name of ours: nothing that a user typed reaches the file system."""
    return f"{row.purpose}/{row.id.hex[-2:]}/{row.id}.{row.extension}"


def note_file_view(*, file: StoredFile, user: User) -> None:
    """Remember who opened a file (A8)."""
    FileView.objects.create(file=file, user=user)
