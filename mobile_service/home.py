"""The mobile library's place in the menu of the desk, and what of it is due today."""

from collections.abc import Iterable
from typing import Any

from kerjasama.house import HomeCard, MenuItem


def work_menu(user: Any) -> Iterable[MenuItem]:
    return ()


def home_cards(user: Any) -> Iterable[HomeCard]:
    return ()
