"""What a scan page sends with a code: its id, and what a device says that kept it while there was no connection."""

import re
import uuid
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

# What lies between two codes of a pasted list; codes themselves hold none of it.
BETWEEN = re.compile(r"[\s,;]+")


def codes_of(text: str) -> list[str]:
    """The codes of a pasted list, in its order, one by line or separated by spaces, commas, semicolons."""
    return [code for code in BETWEEN.split(text.replace("\x00", "")) if code]


def event_id_of(request: HttpRequest) -> UUID:
    """The id that the page gave this scan; a fresh one when it is missing or no id at all."""
    return uuid_of(request.POST.get("event")) or uuid.uuid4()


def uuid_of(text: str | None) -> UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def kept_by_device(request: HttpRequest) -> dict[str, Any]:
    """``recorded_offline`` and ``scanned_at`` of a scan that waited in the browser for its connection."""
    if request.POST.get("offline") != "1":
        return {}
    return {"recorded_offline": True, "scanned_at": _moment(request.POST.get("scanned_at", ""))}


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and is_aware(found) else None
