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
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from kerjasama import brakes
from kerjasama.pages.camera import with_camera
from libraries.services.barcodes import MOST_BYTES, codes_in
from mobile_service.models import Device
from mobile_service.portal.van_api import phone_only, said
from mobile_service.portal.van_words import sentences

# What the page is made of. It is sent joined, a file for each kind: on a slow line every file more is a third of a second.
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
JOINED = {"css": (STYLES, "text/css"), "js": (SCRIPTS, "text/javascript")}
ICONS = "img/icons.svg"
PICTURES = ("img/mark.svg", "img/van-192.png")
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
@gzip_page
def piece(request: HttpRequest, made: str, kind: str) -> HttpResponse:
    """All styles of the page, or all its scripts, one after the other. Kept for ever: other content has another address."""
    content = joined(kind)
    response = HttpResponse(content, content_type=f"{JOINED[kind][1]}; charset=utf-8")
    # A page of just before an update still gets what it can run, but nobody keeps it under that name.
    response["Cache-Control"] = (
        "public, max-age=31536000, immutable" if made == digest(content) else "no-store"
    )
    # Who asks was looked up for the log alone. A "Vary: Cookie" would make the keeper, which sends no cookie, fetch it a second time.
    request.session.accessed = False
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
        {"words": words, "styles": address("css"), "scripts": address("js"), "icons": SafeString(_source(ICONS).decode())},
    )  # fmt: skip


def joined(kind: str) -> bytes:
    """Each script is a function of its own and each sheet stands for itself, so that joining is writing one after the other."""
    return b"\n".join(_source(name) for name in JOINED[kind][0])


def address(kind: str) -> str:
    return reverse(f"portal:van_{kind}", args=[digest(joined(kind))])


def digest(content: bytes) -> str:
    """As long as in the names that collected files have: the keeper knows by it that the content never changes."""
    return hashlib.sha256(content).hexdigest()[:12]


def kept() -> list[str]:
    """What the phone stores: the page, and every file that it names."""
    return [reverse("portal:van"), address("css"), address("js"), *map(static, PICTURES)]


def version() -> str:
    """The same for the same files, whichever process or machine serves them."""
    whole = hashlib.sha256(page().encode())
    for name in (*STYLES, *SCRIPTS, *PICTURES, WORKER):
        whole.update(_source(name))
    return whole.hexdigest()[:16]


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
