"""What is due today in the office, and its place in the menu of the desk."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kerjasama.house import HomeCard, MenuItem
from libraries.access import access_of
from libraries.choices import MessageStatus
from libraries.models import Message

SHOWN = 3


def work_menu(user: Any) -> Iterable[MenuItem]:
    yield MenuItem(_("Today"), reverse("admin:index"), "home", order=10)
    yield MenuItem(_("Find"), reverse("work:search"), "search", order=12)
    yield MenuItem(_("Institutions"), reverse("admin:libraries_institution_changelist"), "school", order=80)


def home_cards(user: Any) -> Iterable[HomeCard]:
    """Mails that a person must decide about: nobody else will."""
    if not access_of(user).is_office:
        return
    stuck = list(
        Message.objects.visible_to(user)
        .filter(status__in=[MessageStatus.FAILED, MessageStatus.UNSURE])
        .annotate(total=Window(Count("pk")))
        .order_by("-updated_at")[:SHOWN]
    )
    if stuck:
        yield HomeCard(
            title=_("Mails that did not arrive"),
            count=stuck[0].total,
            sentence=_("Put the address right or send them again; until then nobody was told."),
            url=reverse("admin:libraries_message_changelist") + "?status__in=failed,unsure",
            tone="late",
            order=90,
            lines=tuple(
                (
                    row.address,
                    str(row.get_status_display()),
                    reverse("admin:libraries_message_change", args=[row.pk]),
                )
                for row in stuck
            ),
        )
