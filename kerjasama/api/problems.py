"""Every refusal of the API is a problem detail (RFC 9457) with a stable ``code`` and a sentence in the reader's language."""

from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.core.signals import got_request_exception
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from kerjasama.domain.errors import DomainError

log = structlog.get_logger(__name__)

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
    500: "Fault",
    503: "Unavailable",
}


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> Response:
    """Translate an exception into a problem. A fault of ours is logged, and told without its details."""
    request = context.get("request")
    status, code, detail, extra = _told(exc)
    headers: dict[str, str] = {}
    if status >= 500 and not isinstance(exc, exceptions.APIException):
        got_request_exception.send(sender=type(context.get("view")), request=request)
        log.error("api_fault", path=getattr(request, "path", ""), status=status, exc_info=exc)
    if status == 503:
        headers["Retry-After"] = "30"
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    if auth_header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    set_rollback()
    return problem(request, status, code, detail, headers=headers, **extra)


def problem(
    request: Any,
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **extra: Any,
) -> Response:
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
    return Response(body, status=status, headers=dict(headers or {}), content_type=MEDIA_TYPE)


def _told(exc: Exception) -> tuple[int, str, str, dict[str, Any]]:
    """Status, code, sentence and further members of the problem that an exception is told as."""
    if isinstance(exc, DomainError):
        return exc.status, exc.code, force_str(exc.message), _facts(exc)
    if isinstance(exc, Http404 | exceptions.NotFound):
        return 404, "not_found", _("There is nothing here, or it is not yours to see."), {}
    if isinstance(exc, ModelValidationError):
        return 400, "invalid", _("Some of the input is not usable."), {"errors": _of_model(exc)}
    if isinstance(exc, exceptions.ValidationError):
        errors = list(flatten(exc.get_full_details()))
        return 400, "invalid", _("Some of the input is not usable."), {"errors": errors}
    if isinstance(exc, IntegrityError):
        name = getattr(getattr(exc.__cause__, "diag", None), "constraint_name", None)
        detail = _("This contradicts something that is already recorded.")
        return 409, "constraint", detail, {"constraint": name} if name else {}
    if isinstance(exc, OperationalError | InterfaceError):
        return 503, "database_unavailable", _("The database is not reachable. Try again in a minute."), {}
    if isinstance(exc, PermissionDenied):
        return 403, "permission_denied", _("You may not do this."), {}
    if isinstance(exc, exceptions.APIException):
        return exc.status_code, force_str(exc.get_codes()), force_str(exc.detail), {}
    return (
        500,
        "fault",
        _("Something went wrong here, not at your side. Nothing was changed; it has been noted."),
        {},
    )


def _facts(exc: DomainError) -> dict[str, Any]:
    """What the rule knows: the state and what is possible instead stand on top, the rest under ``facts``."""
    told = {name: exc.facts[name] for name in ("state", "allowed") if name in exc.facts}
    rest = {name: value for name, value in exc.facts.items() if name not in told}
    if rest:
        told["facts"] = rest
    if exc.field:
        told["errors"] = [{"pointer": f"/{exc.field}", "code": exc.code, "detail": force_str(exc.message)}]
    return told


def _of_model(exc: ModelValidationError) -> list[dict[str, str]]:
    found = exc.error_dict if hasattr(exc, "error_dict") else {"": exc.error_list}
    return [
        {
            "pointer": f"/{name}" if name and name != "__all__" else "",
            "code": force_str(error.code or "invalid"),
            "detail": " ".join(error.messages),
        }
        for name, errors in found.items()
        for error in errors
    ]


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
