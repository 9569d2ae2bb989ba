from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    name = "agreements"
    verbose_name = _("Agreements")
    default_auto_field = "django.db.models.BigAutoField"

    def partners(self, offices: Iterable[Any] | None) -> Iterable[Any]:
        """Keys of the institutions that have, or had, an agreement with ``offices`` (None: any); a draft is none yet."""
        from agreements.choices import AgreementStatus
        from agreements.models import Party

        parties = Party.objects.exclude(
            agreement__status__in=[AgreementStatus.DRAFT, AgreementStatus.CANCELLED]
        )
        if offices is not None:
            parties = parties.filter(agreement__office__in=offices)
        return parties.values_list("institution", flat=True).distinct()

    def shared_documents(self, institutions: Any) -> Iterable[Any]:
        from agreements.sharing import shared_documents

        return shared_documents(institutions)

    def shared_files(self, institutions: Any) -> Iterable[Any]:
        from agreements.sharing import shared_files

        return shared_files(institutions)

    def ties(self, institutions: Iterable[Any] | None) -> Iterable[Any]:
        from agreements.partnership import ties

        return ties(institutions)

    def holds_on(self, person: Any) -> Iterable[Any]:
        from agreements.partnership import holds_on

        return holds_on(person)

    def kept_about(self, person: Any) -> Iterable[Any]:
        from agreements.partnership import kept_about

        return kept_about(person)

    def forget_contact(self, person: Any, actor: Any) -> Iterable[Any]:
        """Erase the contact wherever agreements keep it outside the papers; how many places there were."""
        from agreements.services.requesting.keeping import forget_contact

        return [forget_contact(person, actor)]

    def partner_parts(self, user: Any, institution: Any) -> Iterable[Any]:
        from agreements.partnership import partner_parts

        return partner_parts(user, institution)

    def home_cards(self, user: Any) -> Iterable[Any]:
        from agreements import judging_home
        from agreements.home import home_cards
        from agreements.together_home import together_cards

        return [*home_cards(user), *judging_home.home_cards(user), *together_cards(user)]

    def work_menu(self, user: Any) -> Iterable[Any]:
        from agreements import judging_home
        from agreements.home import work_menu

        return [*work_menu(user), *judging_home.work_menu(user)]

    def agreement_links(self, user: Any, agreement: Any) -> Iterable[Any]:
        from agreements import judging_home
        from agreements.home import agreement_links
        from agreements.together_home import links_to_activities

        return [
            *agreement_links(user, agreement),
            *judging_home.agreement_links(user, agreement),
            *links_to_activities(user, agreement),
        ]

    def desk_search(self, user: Any, words: str) -> Iterable[Any]:
        from agreements.finding import desk_search

        return desk_search(user, words)

    def agreement_timeline(self, user: Any, agreement: Any) -> Iterable[Any]:
        from agreements.happenings import agreement_timeline

        return agreement_timeline(user, agreement)

    def portal_menu(self, user: Any) -> Iterable[Any]:
        from agreements.portal.menu import portal_menu

        return portal_menu(user)

    def portal_tasks(self, user: Any, school: Any, today: Any) -> Iterable[Any]:
        from agreements.portal.tasks import invitation_tasks, portal_tasks, tool_tasks

        return [
            *portal_tasks(user, school, today),
            *invitation_tasks(school, today),
            *tool_tasks(school, today),
        ]

    def indicators(self, office: Any, partner: Any, start: Any, end: Any) -> Iterable[Any]:
        """What activities count for the judging of a cooperation."""
        from agreements.figures import indicators

        return indicators(office, partner, start, end)

    def load_demo(self, cast: Any) -> None:
        from agreements.demo import requests, together, whole

        whole.load(cast)
        requests.load(cast)
        together.load(cast)
