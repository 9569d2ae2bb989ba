"""The entries of the portal that belong to the school itself: what it was told, and who it is."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kerjasama.house import MenuItem
from libraries.access import access_of
from libraries.choices import Tone
from libraries.models import Notice


def portal_menu(user: Any) -> Iterable[MenuItem]:
    schools = access_of(user).schools
    if not schools:
        return
    # The figure calls for an act; what only informs waits on the page without calling.
    waiting = Notice.objects.filter(recipient__in=schools).open().exclude(tone=Tone.CALM).count()
    yield MenuItem(
        pgettext_lazy("menu", "News"), reverse("portal:notices"), "bell", order=30, count=waiting or None
    )
    yield MenuItem(_("School"), reverse("portal:school"), "school", order=50)
