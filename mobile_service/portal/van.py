"""The trip on a phone: the page that it keeps, the keeper of that page, and what makes it an app. The trip itself is in the pack.

None of these knows who asks: they are the same for everybody, so that a phone may store them and show them without a network. Whose phone it is
says its own cookie, and only the pack, the entries and the files ask for it.
"""

import hashlib
import json
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from kerjasama import brakes
from kerjasama.pages.camera import with_camera
from libraries.services.barcodes import MOST_BYTES, codes_in
from mobile_service.models import Device
from mobile_service.portal.van_api import phone_only, said
from mobile_service.portal.van_words import sentences

STYLES = ("css/tokens.css", "css/base.css", "css/components.css", "css/forms.css", "css/van.css")
SCRIPTS = tuple(
    f"js/van/{name}.js"
    for name in (
        "words",
        "store",
        "replay",
        "queue",
        "sync",
        "dom",
        "ink",
        "eye",
        "trip",
        "stop",
        "swap",
        "app",
    )
)
PICTURES = ("img/icons.svg", "img/mark.svg", "img/van-192.png")
WORKER = "js/van/worker.js"
# A phone sends two frames a second while it scans.
FRAMES_PER_PHONE = (200, 60)


@login_not_required
@require_safe
@gzip_page  # nothing in it is secret: its length may tell what it will
@with_camera
def van(request: HttpRequest) -> HttpResponse:
    """The page of the trip (M5, M6). Revalidated each time it is asked for; between times the phone has its own."""
    response = HttpResponse(page())
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_safe
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The keeper of the page. A changed file anywhere in it is a new version, and a browser that looks sees it by this text."""
    head = f"const VERSION = {json.dumps(version())};\nconst FILES = {json.dumps(kept())};\n"
    response = HttpResponse(head + _source(WORKER).decode(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = reverse("portal:van")
    return response


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone must know to put the page on its first screen."""
    icons = [
        {"src": static(f"img/van-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any maskable"}
        for size in (192, 512)
    ]  # fmt: skip
    with translation.override("id"):
        words = sentences()
    response = JsonResponse(
        {
            "id": reverse("portal:van"),
            "name": f"{words['app']} · {settings.SITE_NAME}",
            "short_name": words["app"],
            "start_url": reverse("portal:van"),
            "scope": reverse("portal:van"),
            "display": "standalone",
            "lang": "id",
            "background_color": "#f6f1e6",
            "theme_color": "#1c4f43",
            "icons": icons,
        },
        content_type="application/manifest+json",
    )
    response["Cache-Control"] = "no-cache"
    return response


@phone_only
@require_POST
def frame(request: HttpRequest, device: Device) -> HttpResponse:
    """One frame of the camera, read for a phone that cannot read barcodes itself; nothing of it is kept."""
    if brakes.too_often("van frame", str(device.pk), FRAMES_PER_PHONE):
        answer = said({"codes": []}, 429)
        answer["Retry-After"] = str(FRAMES_PER_PHONE[1])
        return answer
    picture = request.FILES.get("frame")
    if picture is None or (picture.size or 0) > MOST_BYTES:
        return said({"codes": []}, 413 if picture else 422)
    return said({"codes": codes_in(picture.read())})


def page() -> str:
    words = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words[code] = sentences()
    return render_to_string(
        "portal/van/shell.html",
        {"words": words, "styles": [static(name) for name in STYLES], "scripts": [static(name) for name in SCRIPTS]},
    )  # fmt: skip


def kept() -> list[str]:
    """What the phone stores: the page, and every file that it names."""
    return [reverse("portal:van"), *(static(name) for name in (*STYLES, *SCRIPTS, *PICTURES))]


def version() -> str:
    """The same for the same files, whichever process or machine serves them."""
    digest = hashlib.sha256(page().encode())
    for name in (*STYLES, *SCRIPTS, *PICTURES, WORKER):
        digest.update(_source(name))
    return digest.hexdigest()[:16]


def _source(name: str) -> bytes:
    """A file of ours as it is served: collected, or in development as it lies in the source."""
    return _read(name) if not settings.DEBUG else _read.__wrapped__(name)


@lru_cache(maxsize=64)
def _read(name: str) -> bytes:
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            content: bytes = file.read()
            return content
    place = finders.find(name)
    if not place:
        raise FileNotFoundError(name)
    with open(place, "rb") as source:
        return source.read()
