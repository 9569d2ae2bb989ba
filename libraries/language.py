"""The reader's language: what they chose on this device, else what their account says, else Indonesian."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from libraries.services.people import choose_language


def asked_for(header: str) -> str:
    """The language of ours that an ``Accept-Language`` wants most; empty: it names none. No cookie is looked at."""
    for code, _weight in parse_accept_lang_header(header.lower()):
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return ""


class LanguageMiddleware:
    """Indonesian first: the browser's own preference is ignored for pages, asked only by the API, where it comes before the cookie.

    The language switch stores a cookie; signing in copies the account's language into it (see sign_in).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.known = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if request.path.startswith("/api/"):
            language = asked_for(request.headers.get("Accept-Language", "")) or language
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
