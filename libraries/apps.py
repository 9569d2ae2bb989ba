from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LibrariesConfig(AppConfig):
    name = "libraries"
    verbose_name = _("Directory and office")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kerjasama.domain.audit import install_history

        post_migrate.connect(install_history, sender=self)

    def home_cards(self, user: Any) -> Iterable[Any]:
        from libraries.home import home_cards

        return home_cards(user)

    def work_menu(self, user: Any) -> Iterable[Any]:
        from libraries.home import work_menu

        return work_menu(user)

    def desk_search(self, user: Any, words: str) -> Iterable[Any]:
        from libraries.finding import desk_search

        return desk_search(user, words)

    def portal_menu(self, user: Any) -> Iterable[Any]:
        from libraries.portal.menu import portal_menu

        return portal_menu(user)

    def portal_tasks(self, user: Any, school: Any, today: Any) -> Iterable[Any]:
        from libraries.portal.tasks import portal_tasks

        return portal_tasks(user, school, today)

    def load_demo(self, cast: Any) -> None:
        from libraries.demo import load

        load(cast)

    def demo_logins(self) -> list[tuple[str, str, str]]:
        from libraries.demo import DEMO_PASSWORD, LOGINS

        return [(login[0], DEMO_PASSWORD, login[5]) for login in LOGINS]
