"""What the desk's one search box finds among the agreements (U27)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agreements.models import Activity, Agreement, CooperationRequest, Equipment
from kerjasama.domain.wording import plain_date
from kerjasama.house import Hit

SHOWN = 8


def desk_search(user: Any, words: str) -> Iterable[Hit]:
    """Agreements by number, title or partner; requests by subject or who asks; activities and tools. Four queries."""
    rows = (
        Agreement.objects.visible_to(user)
        .filter(Q(number__icontains=words) | Q(title__icontains=words) | Q(partner__name__icontains=words))
        .select_related("partner")
        .order_by("-created_at")
    )
    for row in rows[:SHOWN]:
        yield Hit(
            _("Agreement"),
            row.title,
            f"{row.partner} · {row.number or row.get_kind_display()} · {row.get_status_display()}",
            reverse("work:agreement", args=[row.pk]),
            "handshake",
            exact=bool(row.number) and row.number.upper() == words.upper(),
            order=20,
        )
    asked = (
        CooperationRequest.objects.visible_to(user)
        .filter(
            Q(subject__icontains=words)
            | Q(institution__name__icontains=words)
            | Q(institution_name__icontains=words)
        )
        .for_list()
    )
    for request in asked[:SHOWN]:
        yield Hit(
            _("Request to cooperate"),
            request.subject,
            f"{request.asker_name} · {request.get_status_display()}",
            reverse("work:request", args=[request.pk]),
            "mail",
            order=25,
        )
    together = (
        Activity.objects.visible_to(user)
        .filter(Q(title__icontains=words) | Q(place__icontains=words))
        .select_related("office")
        .order_by("-begins_at", "-pk")
    )
    for activity in together[:SHOWN]:
        yield Hit(
            _("Activity"),
            activity.title,
            f"{plain_date(activity.begins_on, get_language() or 'id')} · {activity.place} · {activity.get_status_display()}",
            reverse("work:activity", args=[activity.pk]),
            "calendar",
            order=45,
        )
    tools = Equipment.objects.visible_to(user).filter(
        Q(name__icontains=words) | Q(description__icontains=words)
    )
    for tool in tools.select_related("owner")[:SHOWN]:
        yield Hit(
            _("Tool"),
            tool.name,
            f"{tool.owner} · {tool.place}",
            reverse("work:equipment", args=[tool.pk]),
            "settings",
            order=50,
        )
