"""The portal's first entries: what to do now, and the books that we hold."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from kerjasama.house import MenuItem
from libraries.access import access_of


def portal_menu(user: Any) -> Iterable[MenuItem]:
    if access_of(user).schools:
        yield MenuItem(pgettext_lazy("menu", "Home"), reverse("portal:home"), "home", order=10)
        yield MenuItem(pgettext_lazy("menu", "Books"), reverse("portal:holdings"), "books", order=20)
        yield MenuItem(pgettext_lazy("menu", "Wishes"), reverse("portal:wishes"), "wish", order=25)
