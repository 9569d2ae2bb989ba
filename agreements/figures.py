"""What activities can say in figures about an office and a partner over some time: their part of ``indicators`` (A11, A12)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from agreements.services.activities import activity_figures
from kerjasama.house import Counted
from libraries.models import Institution


def indicators(office: Institution, partner: Institution, start: date, end: date) -> Iterable[Counted]:
    """Activities that the partner took part in, and the people who came from it."""
    found = activity_figures(office=office, partner=partner, start=start, end=end)
    yield Counted(
        "activities.joined", _("Events joined"), Decimal(found.activities), _("activities"), order=40
    )
    yield Counted(
        "activities.participants",
        _("People who took part"),
        Decimal(found.participants),
        _("people"),
        order=41,
    )
