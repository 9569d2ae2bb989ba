from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LoansConfig(AppConfig):
    name = "loans"
    verbose_name = _("Lending to partners")
    default_auto_field = "django.db.models.BigAutoField"

    def partner_parts(self, user: Any, institution: Any) -> Iterable[Any]:
        from loans.partnership import partner_parts

        return partner_parts(user, institution)

    def home_cards(self, user: Any) -> Iterable[Any]:
        from loans.home import home_cards

        return home_cards(user)

    def work_menu(self, user: Any) -> Iterable[Any]:
        from loans.home import work_menu

        return work_menu(user)

    def desk_search(self, user: Any, words: str) -> Iterable[Any]:
        from loans.finding import desk_search

        return desk_search(user, words)

    def portal_menu(self, user: Any) -> Iterable[Any]:
        from loans.portal.menu import portal_menu

        return portal_menu(user)

    def portal_tasks(self, user: Any, school: Any, today: Any) -> Iterable[Any]:
        from loans.portal.tasks import portal_tasks

        return portal_tasks(user, school, today)

    def agreement_links(self, user: Any, agreement: Any) -> Iterable[Any]:
        """What the page of an agreement says about the lending under it."""
        from loans.home import agreement_links

        return agreement_links(user, agreement)

    def indicators(self, office: Any, partner: Any, start: Any, end: Any) -> Iterable[Any]:
        """What lending counts for the judging of a cooperation."""
        from loans.figures import indicators

        return indicators(office, partner, start, end)

    def load_demo(self, cast: Any) -> None:
        from loans.demo import load

        load(cast)
