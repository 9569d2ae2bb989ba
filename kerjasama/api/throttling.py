"""A brake for programs that have run wild: so many requests a minute per token, user or address.

Counted in the memory of each worker process, so a request costs no query for it. It protects the machine; it is not a
quota, and with several workers the true limit is higher by their number.
"""

import math
import time
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from kerjasama.api.refusals import Refusal

WINDOW = 60
_FORGET_ABOVE = 10_000


class Brake:
    """Counts within a fixed window of a minute."""

    def __init__(self) -> None:
        self.window = -1
        self.counts: dict[str, int] = {}

    def press(self, who: str) -> tuple[int, int]:
        """Count one request. Returns how many there were in this window, and the seconds until the next."""
        now = time.monotonic()
        window = int(now // WINDOW)
        if window != self.window or len(self.counts) > _FORGET_ABOVE:
            self.window, self.counts = window, {}
        self.counts[who] = self.counts.get(who, 0) + 1
        return self.counts[who], math.ceil(WINDOW - now % WINDOW)


requests = Brake()
failures = Brake()


class RequestBrake(BaseThrottle):
    """Per token or user, else per address. Notes what is left for the ``RateLimit-*`` headers."""

    def allow_request(self, request: Request, view: Any) -> bool:
        limit = settings.API_REQUESTS_PER_MINUTE
        count, seconds = requests.press(_who(request))
        request.rate = (limit, max(0, limit - count), seconds)
        self.seconds = seconds
        return count <= limit

    def wait(self) -> float:
        return self.seconds


def rate_headers(request: Any) -> dict[str, str]:
    limit, left, seconds = getattr(request, "rate", None) or (None, None, None)
    if limit is None:
        return {}
    return {"RateLimit-Limit": str(limit), "RateLimit-Remaining": str(left), "RateLimit-Reset": str(seconds)}


def note_failure(address: str) -> None:
    """A wrong token from this address. Raises 429 once there were too many in this minute (S5)."""
    count, seconds = failures.press(address)
    if count > settings.API_FAILURES_PER_MINUTE:
        raise Refusal(
            429,
            "throttled",
            _("Too many wrong tokens from this address. Wait %(seconds)s seconds.") % {"seconds": seconds},
            wait=seconds,
        )


def _who(request: Request) -> str:
    auth = request.auth
    if auth is not None:
        return f"token:{getattr(auth, 'pk', auth)}"
    if request.user is not None and request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"address:{request.META.get('REMOTE_ADDR', '')}"
