"""Nobody overwrites what they have not seen: strong ETags, 304 for what is known, If-Match for changes.

A tag is ``"<version>.<digest>"``. The digest is of the whole answer, so 304 is exact even when a name inside it changed;
the version alone is what a change is measured against, so a partner's new name does not stop somebody's work.
"""

import hashlib
import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from kerjasama.api.refusals import Refusal

_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_encoder = JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def version_of(row: Any) -> str:
    """The row's own version number; where it has none, the moment of its last change."""
    version = getattr(row, "version", None)
    if version is not None:
        return str(version)
    changed = getattr(row, "updated_at", None)
    return f"{changed.timestamp():.6f}".replace(".", "") if changed else "0"


def tagged(request: Request, row: Any, data: Any, status: int = 200) -> Response:
    """The answer with its ETag, or 304 without a body when the reader has it already."""
    digest = hashlib.sha256(_encoder.encode(data).encode()).hexdigest()[:16]
    tag = f'"{version_of(row)}.{digest}"'
    known = request.headers.get("If-None-Match", "") if request.method in ("GET", "HEAD") else ""
    if known.strip() == "*" or tag.strip('"') in _TAG.findall(known):
        return Response(status=304, headers={"ETag": tag})
    return Response(data, status=status, headers={"ETag": tag})


def require_seen(request: Request, row: Any) -> None:
    """Refuse a change without ``If-Match`` (428) or with one of an earlier version (412). ``row`` should be locked."""
    given = request.headers.get("If-Match")
    if given is None:
        raise Refusal(
            428,
            "if_match_required",
            _("Send the ETag of what you read as If-Match, so that nobody else's change is overwritten."),
        )
    if given.strip() == "*":
        return
    if version_of(row) not in {tag.partition(".")[0] for tag in _TAG.findall(given)}:
        raise Refusal(
            412, "stale", _("This has been changed since you read it. Read it again, then change it.")
        )
