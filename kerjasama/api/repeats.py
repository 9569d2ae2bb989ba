"""``Idempotency-Key``: a POST that is sent again is answered again, not done again.

The answer is kept in the same transaction as the work, so there is never one without the other. Only successes are kept:
a refusal changed nothing, so the same key may try again. Where the answers are kept is a setting, because the ground
floor has no tables.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from kerjasama.api.refusals import Refusal

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("Location", "ETag")


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer. ``fingerprint`` is of the request that it answered."""

    fingerprint: str
    status: int
    headers: dict[str, str]
    body: str


class Busy(Exception):
    """Another request with the same key is, or has just been, at work."""


class Memory(Protocol):
    """Where answers are kept. Both are called inside the transaction of the work.

    Both raise Busy.
    """

    def recall(self, request: Request, key: str) -> Answer | None:
        """The kept answer. Without one, the key is held until the transaction ends."""

    def keep(self, request: Request, key: str, answer: Answer) -> None: ...


def once(handler: Callable[..., HttpResponse], request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
    """Run ``handler``, or answer what it answered when this key was first sent."""
    key = request.headers[HEADER]
    if not 1 <= len(key) <= 200 or not key.isascii() or not key.isprintable():
        raise Refusal(400, "malformed_key", _("An Idempotency-Key has 1 to 200 printable ASCII characters."))
    memory: Memory = import_string(settings.IDEMPOTENCY_MEMORY)()
    fingerprint = fingerprint_of(request)
    try:
        with transaction.atomic():
            kept = memory.recall(request, key)
            if kept is None:
                response = handler(request, *args, **kwargs)
                if 200 <= response.status_code < 300:
                    memory.keep(request, key, _answer(fingerprint, response))
                return response
    except Busy:
        raise Refusal(
            409, "in_progress", _("The first request with this key is still being worked on."), wait=1
        )
    if kept.fingerprint != fingerprint:
        raise Refusal(
            422, "key_reused", _("This Idempotency-Key was already used for another request. Take a new one.")
        )
    again = HttpResponse(kept.body, status=kept.status, content_type="application/json", headers=kept.headers)
    again["Idempotency-Replayed"] = "true"
    return again


def fingerprint_of(request: Request) -> str:
    """Method, address and what was sent. The same JSON in another order is the same; files count by content."""
    data = request.data
    if hasattr(data, "lists"):
        sent: Any = {name: [_plain(value) for value in values] for name, values in data.lists()}
    else:
        sent = data
    text = json.dumps([request.method, request.get_full_path(), sent], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return {"file": value.name, "sha256": digest.hexdigest()}


def _answer(fingerprint: str, response: Any) -> Answer:
    body = JSONRenderer().render(response.data).decode() if response.data is not None else ""
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    return Answer(fingerprint, response.status_code, headers, body)
