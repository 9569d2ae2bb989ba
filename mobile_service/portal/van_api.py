"""What a crew's phone and the house say to each other (mobile_service/README.md: "The trip on a phone").

Nobody's account stands behind these addresses but a phone's own key, in a cookie that only they receive. Django's token
against forged requests is not asked for: a page out of the phone's own store has none that is still good. Instead the
cookie is SameSite=Strict, so no other site's request carries it, and a request that another site has sent is refused.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kerjasama import brakes
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from mobile_service.models import Device
from mobile_service.services import syncing
from mobile_service.services.devices import (
    device_invited_by,
    device_of,
    enrol_device,
    is_revoked,
    note_seen,
)
from mobile_service.services.keeping_files import keep_file
from mobile_service.services.packing_trip import SPOKEN, VERSION, local, pack_of
from mobile_service.services.reading_entries import key_of, moment_of
from mobile_service.services.tellers import phone_as_teller

COOKIE = "van_device"
PATH = "/portal/van/"
KEPT_SECONDS = 400 * 24 * 3600
# A code has 192 bits; this only keeps robots from asking for ever.
TRIES = (30, 600)

View = Callable[..., HttpResponse]


def from_elsewhere(request: HttpRequest) -> bool:
    """Whether another site's page has sent this. A browser says so itself; one that is too old names its origin."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.get_host()


def phone_only(view: View) -> View:
    """For phones that are signed in: gives the view its ``device``. One that was revoked is told to wipe itself."""

    @login_not_required
    @csrf_exempt
    @never_cache
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if from_elsewhere(request):
            return said({"code": "other_site", "sentence": _("This was sent by another site.")}, 403)
        device = device_of(request.COOKIES.get(COOKIE, ""))
        if device is None:
            sentence = _("This phone is not signed in. Ask the library for its code.")
            return said({"code": "not_signed_in", "sentence": sentence}, 401)
        if is_revoked(device):
            sentence = _("The library has taken this phone out of use.")
            # The key stays: should this answer be lost, the next one says it again.
            return said({"code": "revoked", "revoked": True, "sentence": sentence}, 401)
        note_seen(device)
        try:
            return view(request, device, *args, **kwargs)
        except DomainError as refused:
            return said({"code": refused.code, "sentence": str(refused.message)}, refused.status)

    return asked


def said(content: dict[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse({"version": VERSION, **content}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def state_of(device: Device) -> dict[str, Any]:
    return {
        "server_time": local(clock.now(), device.office.zone),
        "to_decide": syncing.to_decide_of(device),
        "revoked": False,
    }


def wrong_version(version: Any) -> HttpResponse | None:
    """The house speaks its own version and the one before; a page that is older still must be opened anew."""
    if isinstance(version, int) and version in SPOKEN and not isinstance(version, bool):
        return None
    sentence = _("This page is too old. Connect the phone and open the trip anew; nothing is lost.")
    return said({"code": "version", "sentence": sentence}, 409)


@phone_only
@require_safe
def pack(request: HttpRequest, device: Device) -> HttpResponse:
    """All that the trips of today and tomorrow need."""
    return said({**pack_of(device), **state_of(device)})


@phone_only
@require_safe
def state(request: HttpRequest, device: Device) -> HttpResponse:
    """Whether all is well: what waits for a person, and the time."""
    return said(state_of(device))


@phone_only
@require_POST
def send(request: HttpRequest, device: Device) -> HttpResponse:
    """Entries, as many as wait, in any order, as often as the phone likes."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("entries"), list):
        return said({"code": "unreadable", "sentence": _("What the phone sent cannot be read.")}, 400)
    if (refused := wrong_version(body.get("version"))) is not None:
        return refused
    first = body.get("from")
    answers = syncing.take_entries(
        teller=phone_as_teller(device),
        entries=body["entries"],
        sent_at=moment_of(body.get("sent_at")),
        first=first if isinstance(first, int) and 0 < first < 2**31 else None,
    )
    entries = [
        {"id": row.id, "outcome": row.outcome, "code": row.code, "sentence": row.sentence} for row in answers
    ]
    return said({**state_of(device), "entries": entries})


@phone_only
@require_POST
def file(request: HttpRequest, device: Device, client_id: UUID) -> HttpResponse:
    """One photograph or signature, by the phone's own id of it."""
    version = request.POST.get("version", "")
    known = {str(number): number for number in SPOKEN}
    if (refused := wrong_version(known.get(version))) is not None:
        return refused
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        return said({"code": "file_empty", "sentence": _("There is no picture in what was sent.")}, 422)
    row = keep_file(
        teller=phone_as_teller(device),
        client_id=client_id,
        upload=upload,
        purpose=request.POST.get("purpose", ""),
        trip=key_of(request.POST.get("trip")),
        visit=key_of(request.POST.get("visit")),
    )
    return said({**state_of(device), "id": str(row.client_id)})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind the QR: one button, and the phone is the crew's. The button is there because addresses are also
    opened by programs that only look."""
    if (wait := brakes.stop(request, "van sign-in", TRIES)) is not None:
        return wait
    device, refusal, status = device_invited_by(code), "", 200
    if request.method == "POST":
        try:
            _device, key = enrol_device(code=code)
        except DomainError as refused:
            refusal, status = str(refused.message), refused.status
        else:
            done = HttpResponseRedirect(PATH)
            done.set_cookie(
                COOKIE,
                key,
                max_age=KEPT_SECONDS,
                path=PATH,
                secure=request.is_secure() or settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Strict",
            )
            return done
    elif device is None:
        status = 404
        refusal = _("This code was used already or is older than an hour. Ask the library for a new one.")
    response = render(
        request, "portal/van_sign_in.html", {"device": device, "refusal": refusal}, status=status
    )
    # The house's own policy tells the address to no other site; a stricter one would take the form's origin away with it.
    return response
