"""How the OpenAPI description is drawn: problems on every operation, one tag per noun, the headers that clients use."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from kerjasama.api.examples import example_of
from kerjasama.api.rows import Said

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; for programs."},
        "detail": {
            "type": "string",
            "description": "A sentence for people, in the language of Accept-Language.",
        },
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "state": {"type": "string", "description": "The present state, where a transition was refused."},
        "allowed": {"type": "array", "items": {"type": "string"}, "description": "What is possible instead."},
        "facts": {
            "type": "object",
            "additionalProperties": True,
            "description": "What the refusal rests on.",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the body that was sent."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
    "example": {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "code": "wrong_state",
        "detail": "“Hand over” is not possible now: the status is “Handed over”. Reload the page to see what is.",
        "instance": "/api/v1/consignments/01935c7e-8a40-7c3e-9d55-3f0a7d2b1e11/dispatch/",
        "request_id": "01935c80-1f22-7b0a-8c11-9a6f3e0d4c77",
        "state": "dispatched",
        "allowed": ["take_back", "report_loss"],
    },
}
REFUSALS = {
    "400": "Malformed input, or a parameter that this address does not have.",
    "401": "No valid token.",
    "403": "Not permitted: the role or the scope is missing, or no agreement permits it.",
    "404": "Not found, or not yours to see.",
    "409": "The state of the world does not allow it (`state`, `allowed`).",
    "412": "Somebody else changed it since it was read.",
    "422": "Understood, but not possible with this input.",
    "428": "If-Match is missing.",
    "429": "Too many requests (`Retry-After`).",
}
BY_METHOD = {
    "GET": ("400", "401", "403", "404", "429"),
    "POST": ("400", "401", "403", "404", "409", "422", "429"),
    "PATCH": ("400", "401", "403", "404", "409", "412", "422", "428", "429"),
}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Any text of 1–200 characters that is new for each act. Sent again within 30 days, the same request is "
    "answered again and not done again.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of what was read. Without it 428, with an old one 412.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of what is known already: 304 if it still holds.",
)


class HouseSchema(AutoSchema):
    def get_tags(self) -> list[str]:
        noun = getattr(self.view, "scope_noun", None)
        return [noun] if noun else super().get_tags()

    def get_override_parameters(self) -> list[OpenApiParameter]:
        found = list(super().get_override_parameters())
        if self.method == "POST":
            found.append(IDEMPOTENCY_KEY)
        elif self.method == "PATCH":
            found.append(IF_MATCH)
        elif self.view.action == "retrieve":
            found.append(IF_NONE_MATCH)
        if self.view.action in ("list", "retrieve"):
            row = self.view.get_serializer_class()
            found.append(
                OpenApiParameter(
                    "fields",
                    str,
                    description="Names of the fields to send, parted by commas: any of "
                    + ", ".join(f"`{name}`" for name in row.reads())
                    + ".",
                )
            )
        return found

    def get_request_serializer(self) -> Any:
        if self.view.action == "create":
            return getattr(self.view, "create_input", None)
        if self.view.action == "partial_update":
            return getattr(self.view, "revise_input", None)
        return super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        if self.view.action == "create":
            return {201: self.view.get_serializer_class()}
        return super().get_response_serializers()

    def get_examples(self) -> list[OpenApiExample]:
        found = list(super().get_examples())
        action = self.view.action
        given = {"create": "create_example", "partial_update": "revise_example"}.get(action)
        if given and getattr(self.view, given, None):
            found.append(OpenApiExample("Request", value=getattr(self.view, given), request_only=True))
        row = (
            self.view.get_serializer_class()
            if action in ("list", "retrieve", "create", "partial_update")
            else None
        )
        if row is not None and issubclass(row, Said):
            found.append(OpenApiExample("Answer", value=example_of(row), response_only=True))
        return found

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for status in BY_METHOD.get(self.method, ()):
            responses.setdefault(status, {"description": REFUSALS[status], "content": content})
        return responses


def with_problem(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Adds the one shape of every refusal to the components."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    return result
