"""The van in the portal's menu: when it comes; from there one asks for it."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from kerjasama.house import MenuItem
from libraries.access import access_of


def portal_menu(user: Any) -> Iterable[MenuItem]:
    """For every school, so that the menu asks nothing of the database; where the van does not stop yet, the page says so."""
    if access_of(user).schools:
        yield MenuItem(pgettext_lazy("menu", "Van"), reverse("portal:van_visits"), "van", order=42)
