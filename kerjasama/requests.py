"""What every request carries: an id that joins page, log line, audit row and error message."""

import re
from collections.abc import Callable
from typing import Any

import pghistory.middleware
import structlog
from django.http import HttpRequest, HttpResponse

from kerjasama.domain.identity import uuid7

_ACCEPTABLE = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


class RequestIdMiddleware:
    """Accepts a sane ``X-Request-ID`` or makes one; binds it to the log and answers with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if _ACCEPTABLE.match(given) else str(uuid7())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id
        return response


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Gives every audit row its who, when and from where: user, address, page, request id."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request)
        context["address"] = request.META.get("REMOTE_ADDR", "")
        context["request"] = getattr(request, "request_id", "")
        return context
