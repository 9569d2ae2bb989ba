"""How far ahead the calendar is kept. What lies beyond is a slip of the hand, and the sums with days would break on it."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput

FURTHEST_YEARS = 5
FURTHEST = timedelta(days=366 * FURTHEST_YEARS)


def require_near(on: date, today: date, *, field: str) -> None:
    """Raises InvalidInput (``too_far``)."""
    if on - today > FURTHEST:
        raise _too_far(field)


def require_near_moment(moment: datetime, *, field: str) -> None:
    """Before anything is reckoned with it. Raises InvalidInput (``too_far``, ``in_the_past``)."""
    ahead = moment - clock.now()
    if ahead > FURTHEST:
        raise _too_far(field)
    if ahead < -FURTHEST:
        raise InvalidInput("in_the_past", _("This day has passed. Choose another one."), field=field)


def _too_far(field: str) -> InvalidInput:
    return InvalidInput(
        "too_far",
        _("The calendar reaches %(years)d years ahead. Choose an earlier day.") % {"years": FURTHEST_YEARS},
        field=field,
    )
