"""The portal's entry to what was agreed on."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from kerjasama.house import MenuItem
from libraries.access import access_of


def portal_menu(user: Any) -> Iterable[MenuItem]:
    if access_of(user).schools:
        yield MenuItem(
            pgettext_lazy("menu", "Agreement"), reverse("portal:agreements"), "handshake", order=40
        )
