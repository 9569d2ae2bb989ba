"""Calendars by their addresses: a public stop's for anybody, all others for who holds the secret (M4)."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from kerjasama import brakes
from mobile_service.models import Stop
from mobile_service.services.feeding import Owner, feed_of, owner_of

# Phones ask a few times a day; the servers of one provider ask for many of them (S25).
ASKED_PER_ADDRESS = (240, 60)
PUBLIC_SECONDS = 900


@login_not_required
@require_safe
def of_stop(request: HttpRequest, slug: str) -> HttpResponse:
    refused = brakes.stop(request, "calendar", ASKED_PER_ADDRESS)
    if refused:
        return refused
    row = get_object_or_404(Stop.objects.public().select_related("office"), slug=slug)
    response = _calendar(request, row)
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=PUBLIC_SECONDS)
    return response


@login_not_required
@require_safe
def secret(request: HttpRequest, token: str) -> HttpResponse:
    refused = brakes.stop(request, "calendar", ASKED_PER_ADDRESS)
    if refused:
        return refused
    owner = owner_of(token)
    if owner is None:
        raise Http404
    response = _calendar(request, owner)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _calendar(request: HttpRequest, owner: Owner) -> HttpResponse:
    """In Indonesian, or in the language of ``?bahasa=``: a phone that asks has no language of its own."""
    asked = request.GET.get("bahasa", "")
    language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    feed = feed_of(owner, site=request.build_absolute_uri("/").rstrip("/"), language=language)
    response = HttpResponse(feed.content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{feed.name}.ics"'
    response["Content-Language"] = language
    response["X-Content-Type-Options"] = "nosniff"
    etag = f'"{hashlib.sha256(feed.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    assert answer is not None
    return answer
