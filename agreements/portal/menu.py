"""The portal's entries to what was agreed on, and to what is asked for."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from kerjasama.house import MenuItem
from libraries.access import access_of


def portal_menu(user: Any) -> Iterable[MenuItem]:
    schools = access_of(user).schools
    if not schools:
        return
    yield MenuItem(pgettext_lazy("menu", "Activities"), reverse("portal:activities"), "calendar", order=35)
    yield MenuItem(pgettext_lazy("menu", "Agreement"), reverse("portal:agreements"), "handshake", order=40)
    # What waits for an answer is told under News and on the first page; a figure here would cost every page a query.
    yield MenuItem(pgettext_lazy("menu", "Requests"), reverse("portal:requests"), "mail", order=45)
