"""Staff show a second factor in the session they work in (ASVS 6.3.3).

A factor that is merely enrolled is not enough: the session itself must have used one. allauth records what a session
used; a passkey alone counts, because it is two factors in one.
"""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

# What someone may still open to enrol or to leave.
OPEN_PREFIXES = ("/akun/", "/static/", "/healthz", "/readyz", "/bahasa/", "/api/")


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN_PREFIXES) or not factor_missing(request):
            return self.get_response(request)
        if not is_mfa_enabled(request.user):
            messages.warning(
                request, _("Before you work with partners' data, protect your account with a second step.")
            )
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        query = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{query}")


def factor_missing(request: HttpRequest) -> bool:
    """Whether this is staff in a session that has shown no second factor. The API asks this for itself."""
    user = request.user
    if (
        not settings.STAFF_SECOND_FACTOR
        or not user.is_authenticated
        or not (user.is_staff or user.is_superuser)
    ):
        return False
    shown = any(record.get("method") == "mfa" for record in get_authentication_records(request))
    return not shown or not is_mfa_enabled(user)
