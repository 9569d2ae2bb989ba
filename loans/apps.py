from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LoansConfig(AppConfig):
    name = "loans"
    verbose_name = _("Lending to partners")
    default_auto_field = "django.db.models.BigAutoField"

    def home_cards(self, user: Any) -> Iterable[Any]:
        from loans.home import home_cards

        return home_cards(user)
