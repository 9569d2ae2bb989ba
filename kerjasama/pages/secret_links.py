"""Pages behind a secret link, which is all that a stranger without an account has."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from kerjasama.brakes import stop

Page = Callable[..., HttpResponseBase]


def behind_link(
    find: Callable[[str], tuple[Any, Any] | None], *, guesses: str, limit: tuple[int, int]
) -> Callable[[Page], Page]:
    """The decorator of a page ``(request, row, holder, token, …)`` behind a secret link to one row.

    ``find`` answers the row and who holds its link, or None. A wrong link, an ended one and one that never was are told alike,
    and more guesses from one address than ``limit`` are stopped (S25). The page is shown in the zone of the row's office and
    keeps its address from caches and search engines.
    """

    def guard(view: Page) -> Page:
        @wraps(view)
        def page(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
            found = find(token)
            if found is None:
                refused = stop(request, guesses, limit)
                if refused:
                    return refused
                raise Http404
            row, holder = found
            with timezone.override(ZoneInfo(row.office.zone)):
                response = view(request, row, holder, token, **kwargs)
            response["Cache-Control"] = "private, no-store"
            response["X-Robots-Tag"] = "noindex"
            return response

        return login_not_required(page)

    return guard
