"""Where the van stands next, on the front page of the house."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.wording import long_date
from kerjasama.house import FrontPart
from mobile_service.models import Visit
from mobile_service.services.publishing import Shown, coming_visits

LINES = 4


def front_parts() -> Iterable[FrontPart]:
    """The next visits that take place; nothing as long as no van drives. One statement."""
    ahead = coming_visits(Visit.objects.public(), clock.now(), LINES * 3)
    lines = [_line(visit) for visit in ahead if not visit.is_off][:LINES]
    if lines:
        yield FrontPart(
            title=_("Where is the mobile library next?"),
            sentence=_("It comes to schools and villages. Reading and borrowing is free."),
            lines=tuple(lines),
            url=reverse("schedule"),
            act=_("When does it come to us?"),
            icon="van",
            order=20,
        )


def _line(visit: Shown) -> tuple[str, str, str]:
    language = get_language() or "id"
    point = "." if language.startswith("id") else ":"
    when = f"{long_date(visit.on, language)}, {visit.begins:%H{point}%M}–{visit.ends:%H{point}%M}"
    if visit.is_now:
        when = pgettext("the van", "Here now") + f" · {when}"
    detail = f"{when} · {visit.community}" if visit.community else when
    return visit.stop, detail, reverse("schedule_stop", args=[visit.slug])
