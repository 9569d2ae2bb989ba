"""The mobile library's place in the menu of the desk, and what of it is due today."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kerjasama.house import Area, HomeCard, MenuItem


def work_menu(user: Any) -> Iterable[MenuItem]:
    yield MenuItem(_("Stops"), reverse("work:stops"), "pin", order=48, area=Area.MOBILE)
    yield MenuItem(
        _("Vehicles and crew"),
        reverse("work:vehicles"),
        "van",
        order=48,
        area=Area.MOBILE,
        also=("/admin/kerja/pusling/kru/", "/admin/kerja/pusling/tidak-jalan/"),
    )
    yield MenuItem(_("Figures"), reverse("work:van_figures"), "chart", order=49, area=Area.MOBILE)
    yield MenuItem(
        _("Calendars for phones"), reverse("work:van_calendars"), "phone", order=79, area=Area.MOBILE
    )


def home_cards(user: Any) -> Iterable[HomeCard]:
    return ()
