"""A form sent after the session had run out is not lost: it waits for the sign-in, and stands there filled (U6).

The words are kept in the session of the not yet signed-in browser, for the portal's forms only, up to a size, for two
hours, and never a file. Nothing is done with them: the same page shows them again to whoever signs in, who must have
the right to see that page, and must send it anew.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from kerjasama.domain import clock

SESSION_KEY = "carried_form"
PREFIX = "/portal/"
# A hundred ticked books are some ten thousand.
MOST_CHARACTERS = 100_000
SECONDS = 2 * 3600
# The fresh form brings its own.
_NOT_CARRIED = frozenset({"csrfmiddlewaretoken"})


class CarriedFormMiddleware:
    """Stands before LoginRequiredMiddleware, behind the CSRF check: a foreign site's form never gets this far."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.method != "POST" or not request.path.startswith(PREFIX):
            return None
        if not getattr(view, "login_required", True):
            return None  # as LoginRequiredMiddleware sees it: the crew's phone has no account to sign in with
        if request.user.is_authenticated:
            if request.session.get(SESSION_KEY, {}).get("path") == request.path:
                del request.session[SESSION_KEY]
            return None
        typed = {name: values for name, values in request.POST.lists() if name not in _NOT_CARRIED}
        if (
            sum(len(name) + len(value) for name, values in typed.items() for value in values)
            <= MOST_CHARACTERS
        ):
            request.session[SESSION_KEY] = {
                "path": request.path,
                "typed": typed,
                "files": bool(request.FILES),
                "at": clock.now().timestamp(),
            }
            messages.info(
                request,
                _(
                    "You were signed out in the meantime. What you typed is kept: sign in, and it is there again."
                ),
            )
        return redirect_to_login(request.get_full_path())


def carried(request: HttpRequest) -> QueryDict | None:
    """What this page's form was sent with before the sign-in; None when there is nothing. Reading takes nothing away."""
    kept = request.session.get(SESSION_KEY)
    if request.method == "POST" or not kept or kept.get("path") != request.path:
        return None
    if clock.now().timestamp() - kept["at"] > SECONDS:
        return None
    typed = QueryDict(mutable=True)
    for name, values in kept["typed"].items():
        typed.setlist(name, values)
    return typed
