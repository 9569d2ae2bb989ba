from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MobileServiceConfig(AppConfig):
    name = "mobile_service"
    verbose_name = _("Mobile library")
    default_auto_field = "django.db.models.BigAutoField"

    def work_menu(self, user: Any) -> Iterable[Any]:
        from mobile_service.home import work_menu

        return work_menu(user)

    def home_cards(self, user: Any) -> Iterable[Any]:
        from mobile_service.home import home_cards

        return home_cards(user)

    def load_demo(self, cast: Any) -> None:
        from mobile_service.demo import load

        load(cast)
