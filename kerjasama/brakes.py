"""How often something may be asked for from one place: counted in the cache, which all workers share (S25).

Who asks is kept as a keyed digest only, and for no longer than the window. Two requests at the very same moment may count
as one: a brake for robots, not a quota.
"""

import hashlib
import hmac

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kerjasama.domain import clock


def too_often(what: str, who: str, limit: tuple[int, int]) -> bool:
    """Count one more ``what`` by ``who``; True when it is more than ``limit``: (how many, within how many seconds)."""
    most, seconds = limit
    window = int(clock.now().timestamp()) // seconds
    mark = hmac.new(settings.SECRET_KEY.encode(), who.encode(), hashlib.sha256).hexdigest()[:32]
    key = f"brake:{what.replace(' ', '-')}:{mark}:{window}"
    count: int = cache.get(key, 0) + 1
    cache.set(key, count, seconds)
    return count > most


def address_of(request: HttpRequest) -> str:
    """Where a request of somebody unknown comes from."""
    return str(request.META.get("REMOTE_ADDR", ""))


def stop(request: HttpRequest, what: str, limit: tuple[int, int]) -> HttpResponse | None:
    """The page that says to wait, when this address has asked for ``what`` too often; None when it may go on."""
    if not too_often(what, address_of(request), limit):
        return None
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(limit[1])
    return response
