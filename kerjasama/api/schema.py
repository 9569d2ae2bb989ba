"""How the OpenAPI description is drawn: problems on every operation, one tag per noun."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

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
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


class HouseSchema(AutoSchema):
    def get_tags(self) -> list[str]:
        noun = getattr(self.view, "scope_noun", None)
        return [noun] if noun else super().get_tags()

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)  # type: ignore[no-untyped-call]
        content = {"application/problem+json": {"schema": PROBLEM}}
        usual = {"401": "No valid token.", "403": "Not permitted.", "404": "Not found, or not yours."}
        if self.method in ("POST", "PUT", "PATCH", "DELETE"):
            usual |= {
                "400": "Invalid input.",
                "409": "Conflict of state.",
                "422": "Not possible with this input.",
            }
        else:
            usual |= {"400": "Unknown or malformed parameter."}
        for status, words in usual.items():
            responses.setdefault(status, {"description": words, "content": content})
        return responses
