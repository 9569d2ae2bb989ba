from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "libraries.catalogue"
    label = "catalogue"
    verbose_name = _("Catalogue")
    default_auto_field = "django.db.models.BigAutoField"

    def load_demo(self, cast: Any) -> None:
        from libraries.catalogue.demo import load_catalogue
        from libraries.catalogue.demo.reading import load_reading_lists

        load_catalogue(cast.made["bung-hatta"], cast.made["payakumbuh"], today=cast.today)
        load_reading_lists(cast)

    def work_menu(self, user: Any) -> Iterable[Any]:
        from libraries.catalogue.home import work_menu

        return work_menu(user)

    def home_cards(self, user: Any) -> Iterable[Any]:
        from libraries.catalogue.home import home_cards

        return home_cards(user)
