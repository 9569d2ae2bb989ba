from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibrariesConfig(AppConfig):
    name = "libraries"
    verbose_name = _("Directory and office")
    default_auto_field = "django.db.models.BigAutoField"

    def home_cards(self, user: Any) -> Iterable[Any]:
        from libraries.home import home_cards

        return home_cards(user)
