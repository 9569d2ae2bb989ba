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

    def partner_parts(self, user: Any, institution: Any) -> Iterable[Any]:
        from mobile_service.partnership import partner_parts

        return partner_parts(user, institution)

    def carriage_of(self, user: Any, consignment: Any) -> Iterable[Any]:
        from mobile_service.carriage import carriage_of

        return carriage_of(user, consignment)

    def agreement_parts(self, user: Any, agreement: Any) -> Iterable[Any]:
        from mobile_service.partnership import agreement_parts

        return agreement_parts(user, agreement)

    def portal_agreement_parts(self, user: Any, agreement: Any, school: Any) -> Iterable[Any]:
        from mobile_service.partnership import portal_agreement_parts

        return portal_agreement_parts(user, agreement, school)

    def kept_about(self, person: Any) -> Iterable[Any]:
        from mobile_service.services.stop_contacts import kept_about

        return kept_about(person)

    def forget_contact(self, person: Any, actor: Any) -> Iterable[Any]:
        """Erase the contact wherever a stop names it; how many there were."""
        from mobile_service.services.stop_contacts import forget_contact

        return [forget_contact(person, actor)]

    def indicators(self, office: Any, partner: Any, start: Any, end: Any) -> Iterable[Any]:
        """What the mobile library counts for the judging of a cooperation."""
        from mobile_service.figures import indicators

        return indicators(office, partner, start, end)

    def front_parts(self) -> Iterable[Any]:
        from mobile_service.public.front import front_parts

        return front_parts()

    def portal_menu(self, user: Any) -> Iterable[Any]:
        from mobile_service.portal.menu import portal_menu

        return portal_menu(user)

    def portal_tasks(self, user: Any, school: Any, today: Any) -> Iterable[Any]:
        from mobile_service.portal import asking_tasks, tasks

        return (*tasks.portal_tasks(user, school, today), *asking_tasks.portal_tasks(user, school, today))
