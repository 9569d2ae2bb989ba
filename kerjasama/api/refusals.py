"""Refusals of the plumbing itself; those of the domain are `kerjasama.domain.errors`."""

from rest_framework.exceptions import APIException


class Refusal(APIException):
    """A refusal of the plumbing itself: a status, a code that never changes, a sentence."""

    def __init__(self, status: int, code: str, detail: str, *, wait: int | None = None) -> None:
        super().__init__(detail, code)
        self.status_code = status
        self.wait = wait
