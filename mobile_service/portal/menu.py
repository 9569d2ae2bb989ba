"""The van in the portal's menu: when it comes, for schools where it stops, and asking for it."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kerjasama.house import MenuItem
from libraries.access import access_of
from mobile_service.models import Stop


def portal_menu(user: Any) -> Iterable[MenuItem]:
    schools = access_of(user).schools
    if schools and Stop.objects.filter(partner__in=schools, is_active=True).exists():
        yield MenuItem(pgettext_lazy("menu", "Van"), reverse("portal:van_visits"), "van", order=35)
    if schools:
        yield MenuItem(_("Mobile library"), reverse("portal:visit_requests"), "van", order=42)
