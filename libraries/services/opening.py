"""Setting the opening hours of an institution (D1)."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain.errors import InvalidInput, NotPermitted
from libraries.access import access_of
from libraries.hours import WEEKDAYS, Day, Week, in_order
from libraries.models import Institution, Opening, User
from libraries.services.directory import OWN_KEEPERS, require_keeper


@transaction.atomic
def set_opening_hours(*, institution: Institution, actor: User, week: Sequence[Day]) -> Week:
    """Replace the week of an institution: seven days from Monday, each a list of (opens, closes); an empty day is closed.

    Who keeps the entry may, and people of the institution itself. Raises NotPermitted, InvalidInput
    (``hours_days``, ``hours_closed_day`` and those of ``in_order``, field ``day_0`` to ``day_6``).
    """
    fresh = Institution.objects.select_for_update(of=("self",), no_key=True).get(pk=institution.pk)
    require_own_or_keeper(fresh, actor)
    if len(week) != 7:
        raise InvalidInput("hours_days", _("A week has seven days, beginning with Monday."))
    days = tuple(in_order(day, field=f"day_{weekday}") for weekday, day in enumerate(week))
    for weekday, day in enumerate(days):
        if day and weekday in fresh.closed_weekdays:
            raise InvalidInput(
                "hours_closed_day",
                _("%(day)s is a day on which %(institution)s is closed every week. Leave its hours empty.")
                % {"day": WEEKDAYS[weekday], "institution": fresh},
                field=f"day_{weekday}",
            )
    if days == fresh.openings.week():
        return days
    Opening.objects.filter(institution=fresh).delete()
    Opening.objects.bulk_create(
        Opening(institution=fresh, weekday=weekday, opens=opens, closes=closes)
        for weekday, day in enumerate(days)
        for opens, closes in day
    )
    fresh.version += 1
    fresh.save(update_fields=["version", "updated_at"])
    return days


def require_own_or_keeper(institution: Institution, actor: User) -> None:
    """Raise NotPermitted unless the actor belongs to the institution or keeps its entry."""
    if access_of(actor).at(institution.pk) & OWN_KEEPERS:
        return
    if not access_of(actor).is_office:
        raise NotPermitted("role_missing", _("Only people of this institution may change its entry."))
    require_keeper(institution, actor)
