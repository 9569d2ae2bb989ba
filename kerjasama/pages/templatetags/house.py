"""How pages say dates, sums, states and pictures: ``{% load house %}``.

Words come from ``kerjasama.domain.wording``; nothing here decides anything.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kerjasama.domain import clock, wording
from kerjasama.house import MenuEntry, by_area

register = template.Library()

TONES = ("good", "warn", "bad", "accent", "quiet", "calm")

# A state is never told by its colour alone: each tone has a picture, and the words stand beside it.
TONE_ICONS = {"good": "good", "warn": "warning", "bad": "stop", "accent": "clock", "quiet": "", "calm": ""}

# The states of every life in the house, by what they mean to the reader. What is not named here is calm.
STATE_TONES = {
    "active": "good",
    "accepted": "good",
    "available": "good",
    "better": "good",
    "complete": "good",
    "completed": "good",
    "confirmed": "good",
    "delivered": "good",
    "done": "good",
    "finished": "good",
    "paid": "good",
    "picked": "good",
    "found": "good",
    "reached": "good",
    "received": "good",
    "replaced": "good",
    "returned": "good",
    "reviewed": "good",
    "sent": "good",
    "settled": "good",
    "signed": "good",
    "swapped": "good",
    "fulfilled": "good",
    "served": "good",
    "assessed": "warn",
    "offered": "warn",
    "appealed": "warn",
    "written_off": "quiet",
    "retracted": "quiet",
    "awaiting_receipt": "warn",
    "damaged": "warn",
    "missed": "warn",
    "due": "warn",
    "expiring": "warn",
    "flagged": "warn",
    "negotiation": "warn",
    "open": "warn",
    "partial": "warn",
    "partly": "warn",
    "paused": "warn",
    "reported": "warn",
    "replacement_due": "warn",
    "unconfirmed": "warn",
    "unsure": "warn",
    "failed": "bad",
    "late": "bad",
    "lost": "bad",
    "missing": "bad",
    "overdue": "bad",
    "refused": "bad",
    "rejected": "bad",
    "terminated": "bad",
    "worse": "bad",
    "dispatched": "accent",
    "requested": "warn",
    "invited": "accent",
    "in_progress": "accent",
    "in_transit": "accent",
    "packed": "accent",
    "packing": "accent",
    "picking": "accent",
    "out": "accent",
    "running": "accent",
    "signing": "accent",
    "signature": "accent",
    "answered": "accent",
    "forming": "accent",
    "archived": "quiet",
    "cancelled": "quiet",
    "closed": "quiet",
    "dissolved": "quiet",
    "dropped": "quiet",
    "declined": "quiet",
    "draft": "quiet",
    "expired": "quiet",
    "planned": "quiet",
    "proposed": "quiet",
    "renewed": "quiet",
    "unmeasured": "quiet",
    "waived": "quiet",
    "withdrawn": "quiet",
}


def _language() -> str:
    return get_language() or "id"


def _as_date(value: Any) -> date | None:
    """A moment becomes the civil date of the zone the page is shown in; a date stays; anything else is nothing."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, date) else None


@register.filter
def long_date(value: Any) -> str:
    """``2026-11-23`` → "Senin, 23 November 2026". Empty for what is no date."""
    day = _as_date(value)
    return wording.long_date(day, _language()) if day else ""


@register.filter
def plain_date(value: Any) -> str:
    """``2026-11-23`` → "23 November 2026"."""
    day = _as_date(value)
    return wording.plain_date(day, _language()) if day else ""


@register.filter
def short_date(value: Any) -> str:
    """``2026-11-23`` → "23 Nov 2026": for the narrow columns of tables."""
    day = _as_date(value)
    if not day:
        return ""
    number, month, year = wording.plain_date(day, _language()).split(" ")
    return f"{number} {month[:3]} {year}"


@register.filter
def moment(value: Any) -> str:
    """A time stamp → "23 November 2026, pukul 10.42"; in English "23 November 2026, 10:42". In the page's zone."""
    if not isinstance(value, datetime):
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    day = wording.plain_date(local.date(), _language())
    if _language().startswith("id"):
        return f"{day}, pukul {wording.hour(local)}"
    return f"{day}, {wording.hour(local, 'en')}"


@register.filter
def clock_time(value: Any) -> str:
    """A time stamp, or a time of day → "10.42" (Indonesian) or "10:42"; also one that a notice has kept as "10.42"."""
    if isinstance(value, str):
        return value if _language().startswith("id") else re.sub(r"^(\d\d)\.(\d\d)$", r"\1:\2", value)
    if not isinstance(value, datetime | time):
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return wording.hour(local, _language())


@register.simple_tag(takes_context=True)
def come_back(context: template.Context) -> str:
    """Where the reader is to come back to: this page, or where a form was sent from, whose own address may take nothing but forms."""
    request = context["request"]
    sent_from = request.headers.get("Referer", "") if request.method == "POST" else ""
    if url_has_allowed_host_and_scheme(sent_from, {request.get_host()}):
        parts = urlsplit(sent_from)
        return urlunsplit(("", "", parts.path, parts.query, ""))
    return str(request.get_full_path())


@register.simple_tag
def today_long() -> str:
    """Today in full, in the installation's zone: "Senin, 23 November 2026"."""
    return wording.long_date(clock.today(), _language())


def _days_to(value: Any, today: Any) -> int | None:
    day = _as_date(value)
    if day is None:
        return None
    return (day - (_as_date(today) or clock.today())).days


@register.filter
def days_until(value: Any, today: Any = None) -> str:
    """How far a due date is: "3 hari lagi", "besok", "hari ini", "terlambat 2 hari". ``today`` may be given."""
    days = _days_to(value, today)
    if days is None:
        return ""
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 0:
        return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    return ngettext("%(count)d day late", "%(count)d days late", -days) % {"count": -days}


@register.filter
def days_ago(value: Any, today: Any = None) -> str:
    """How long ago something was, without blame: "hari ini", "kemarin", "5 hari yang lalu"."""
    days = _days_to(value, today)
    if days is None:
        return ""
    if days >= 0:
        return _("today") if days == 0 else days_until(value, today)
    if days == -1:
        return _("yesterday")
    return ngettext("%(count)d day ago", "%(count)d days ago", -days) % {"count": -days}


@register.filter
def due_tone(value: Any, today: Any = None, near: int = 7) -> str:
    """The tone of a due date: "bad" once it has passed, "warn" from ``near`` days before it (a week), else "calm"."""
    days = _days_to(value, today)
    if days is None:
        return "calm"
    return "bad" if days < 0 else "warn" if days <= near else "calm"


@register.filter
def money(value: Any) -> str:
    """A sum in rupiah: ``45000`` → "Rp45.000". Empty for nothing at all; zero is a sum."""
    if value is None or value == "":
        return ""
    try:
        return wording.rupiah(Decimal(str(value)), _language())
    except InvalidOperation:
        return ""


@register.filter
def count(value: Any) -> str:
    """A whole number with its thousands set apart: ``12500`` → "12.500" (Indonesian), "12,500" (English)."""
    try:
        return wording.grouped(int(value), _language())
    except (TypeError, ValueError):
        return ""


@register.filter
def tone(state: Any) -> str:
    """The tone of a state's code, for a badge or a table row: ``"overdue"`` → "bad"."""
    return STATE_TONES.get(str(state), "calm")


@register.filter
def percent_of(part: Any, whole: Any) -> int:
    """``part`` of ``whole`` as 0–100, never beyond: for progress bars."""
    try:
        return max(0, min(100, round(100 * int(part) / int(whole))))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A picture of our own sprite. Decoration only: the words stand beside it, so it is hidden from readers."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {css}" if css else "",
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def badge(text: Any, tone: str = "calm", picture: str | None = None) -> SafeString:
    """A small label: ``{% badge _("Late") "bad" %}``. ``picture`` overrides the tone's own icon, "" takes it away."""
    chosen = TONE_ICONS.get(tone, "") if picture is None else picture
    return format_html(
        '<span class="badge badge--{}">{}{}</span>',
        tone if tone in TONES else "calm",
        icon(chosen) if chosen else "",
        text,
    )


@register.simple_tag
def status_badge(thing: Any, field: str = "status", calm: str = "") -> SafeString:
    """The state of a model instance in its own words and tone: ``{% status_badge agreement %}``.

    ``calm``: the state that for this thing is nothing yet, whatever it means elsewhere.
    """
    state = getattr(thing, field)
    label = getattr(thing, f"get_{field}_display", lambda: state)()
    return badge(label, "calm" if calm and state == calm else tone(state))


@register.simple_tag
def due_badge(day: Any, today: Any = None, near: int = 7) -> SafeString:
    """How far a due date is, as a badge: calm, from ``near`` days before it (a week) warning, then late."""
    how = due_tone(day, today, near)
    return badge(days_until(day, today), how, "clock" if how == "calm" else None)


@register.filter
def field_kind(bound_field: Any) -> str:
    """What kind of control a form field is ("checkbox", "select", "date", ...), as the end of a CSS class."""
    kind = str(bound_field.widget_type)
    return {"checkbox": "check", "radioselect": "radios", "checkboxselectmultiple": "checks"}.get(kind, kind)


@register.filter
def as_shown(form: Any) -> list[Any]:
    """The fields of a form in the order in which its page shows them: part by part where it has ``sections``, then the rest (U5)."""
    if not form:
        return []
    parts = form.sections() if hasattr(form, "sections") else ()
    groups = [group for part in parts for group in part.get("groups", [part.get("fields", ())])]
    place = {field.name: number for number, field in enumerate(chain.from_iterable(groups))}
    return sorted(form, key=lambda field: place.get(field.name, len(place)))


@register.filter
def notice_tone(level: Any) -> str:
    """Django's message levels and our tones are one list to a notice: "error" → "bad", "success" → "good"."""
    return {
        "success": "good",
        "good": "good",
        "warning": "warn",
        "warn": "warn",
        "error": "bad",
        "bad": "bad",
    }.get(str(level), "calm")


@register.filter
def is_here(request: Any, url: str) -> bool:
    """Whether a menu entry is where the reader is: the same page, or one below it (a face's first page only itself)."""
    path = getattr(request, "path", "")
    return path == url or (url.count("/") > 2 and path.startswith(url))


@register.simple_tag
def menu_by_area(items: Any, request: Any) -> list[MenuEntry]:
    """The desk's menu, its pages gathered by field of work: ``{% menu_by_area work_menu request as entries %}``."""
    return by_area(items or (), getattr(request, "path", ""))


@register.filter
def is_genuine(status: Any) -> bool:
    """Whether a paper with this status still holds: anything but replaced, withdrawn or voided does."""
    return str(status) not in {"replaced", "withdrawn", "void", "voided", "cancelled", "superseded"}


_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
)
_BROWSERS_LAST = (("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
)


@register.filter
def device(user_agent: Any) -> str:
    """A browser's long signature in two words that its owner knows: "Chrome, Android"."""
    text = str(user_agent)
    found = [
        next((name for mark, name in names if mark in text), "")
        for names in (_BROWSERS + _BROWSERS_LAST, (*_SYSTEMS, ("Linux", "Linux")))
    ]
    return ", ".join(word for word in found if word) or _("Unknown device")
