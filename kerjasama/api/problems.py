"""Every refusal of the API is a problem detail (RFC 9457) with a stable ``code`` and a sentence in the reader's language."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import IntegrityError, OperationalError
from django.http import Http404
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from kerjasama.domain.errors import DomainError

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "Invalid request",
    401: "Not signed in",
    403: "Not permitted",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    412: "Stale",
    415: "Unsupported media type",
    422: "Not possible with this input",
    428: "Precondition required",
    429: "Too many requests",
    503: "Unavailable",
}


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Translate an exception into a problem; None leaves real faults to the 500 handler."""
    request = context.get("request")
    headers: dict[str, str] = {}
    extra: dict[str, Any] = {}
    if isinstance(exc, DomainError):
        status, code, detail = exc.status, exc.code, force_str(exc.message)
        extra = {
            name: value
            for name, value in exc.facts.items()
            if name in ("state", "allowed", "facts", "clause")
        }
        if exc.field:
            extra["errors"] = [{"pointer": f"/{exc.field}", "code": exc.code, "detail": detail}]
    elif isinstance(exc, Http404 | exceptions.NotFound):
        status, code, detail = 404, "not_found", _("There is nothing here, or it is not yours to see.")
    elif isinstance(exc, ModelValidationError):
        status, code, detail = 400, "invalid", _("Some of the input is not usable.")
        found = exc.message_dict if hasattr(exc, "error_dict") else {"": exc.messages}
        extra["errors"] = [
            {
                "pointer": f"/{name}" if name and name != "__all__" else "",
                "code": "invalid",
                "detail": message,
            }
            for name, messages in found.items()
            for message in messages
        ]
    elif isinstance(exc, IntegrityError):
        status, code, detail = 409, "constraint", _("This contradicts something that is already recorded.")
        name = getattr(getattr(exc.__cause__, "diag", None), "constraint_name", None)
        extra = {"constraint": name} if name else {}
    elif isinstance(exc, OperationalError):
        status, code, detail = (
            503,
            "database_unavailable",
            _("The database is not reachable. Try again in a minute."),
        )
        headers["Retry-After"] = "30"
    elif isinstance(exc, exceptions.ValidationError):
        status, code, detail = 400, "invalid", _("Some of the input is not usable.")
        extra["errors"] = list(flatten(exc.get_full_details()))
    elif isinstance(exc, PermissionDenied):
        status, code, detail = 403, "permission_denied", _("You may not do this.")
    elif isinstance(exc, exceptions.APIException):
        status, code, detail = exc.status_code, force_str(exc.get_codes()), force_str(exc.detail)
        if isinstance(exc, exceptions.Throttled) and exc.wait:
            headers["Retry-After"] = str(int(exc.wait) + 1)
        if getattr(exc, "auth_header", None):
            headers["WWW-Authenticate"] = exc.auth_header
    else:
        return None
    set_rollback()
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
        "instance": getattr(request, "path", ""),
        "request_id": getattr(request, "request_id", ""),
        **extra,
    }
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def flatten(details: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """DRF's nested errors as a flat list of ``{pointer, code, detail}`` (JSON pointers)."""
    if isinstance(details, Mapping):
        if set(details) == {"message", "code"}:
            yield {
                "pointer": pointer,
                "code": force_str(details["code"]),
                "detail": force_str(details["message"]),
            }
            return
        for name, value in details.items():
            yield from flatten(value, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    elif isinstance(details, list):
        for index, value in enumerate(details):
            leaf = isinstance(value, Mapping) and set(value) == {"message", "code"}
            yield from flatten(value, pointer if leaf else f"{pointer}/{index}")
