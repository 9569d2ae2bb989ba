"""What is due today, for the home page of the admin."""

from collections.abc import Iterable
from typing import Any

from kerjasama.house import HomeCard


def home_cards(user: Any) -> Iterable[HomeCard]:
    return ()
