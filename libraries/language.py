"""The reader's language: what they chose on this device, else what their account says, else Indonesian."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from libraries.services.people import choose_language


class LanguageMiddleware:
    """Indonesian first: the browser's own preference is ignored for pages, asked only by the API.

    The language switch stores a cookie; signing in copies the account's language into it (see sign_in).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.known = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if request.path.startswith("/api/"):
            language = (
                translation.get_language_from_request(request) if "Accept-Language" in request.headers else ""
            )
        if language not in self.known:
            language = settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        self.remember(request, response)
        response.headers.setdefault("Content-Language", language)
        translation.deactivate()
        return response

    def remember(self, request: HttpRequest, response: HttpResponse) -> None:
        """Who switches the language while signed in has chosen it for mails and papers too (U29)."""
        chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
        user = getattr(request, "user", None)
        if chosen is None or user is None or not user.is_authenticated or chosen.value == user.language:
            return
        if chosen.value in self.known:
            choose_language(user=user, language=chosen.value)
