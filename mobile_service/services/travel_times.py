"""Driving times that a person knows better: typed one by one, or pasted as a table (M3)."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain.errors import InvalidInput
from libraries.models import Institution, User
from mobile_service.models import Stop, TravelTime
from mobile_service.services.trips import require_desk

DEPOT = frozenset({"", "depot", "-", "–", "pangkalan", "perpustakaan", "library"})
MOST_MINUTES = 24 * 60
MOST_LINES = 5000
Line = tuple[Stop | None, Stop | None, Decimal, Decimal | None]


@transaction.atomic
def set_time(
    *,
    office: Institution,
    actor: User,
    origin: Stop | None,
    target: Stop | None,
    minutes: float | Decimal,
    kilometres: float | Decimal | None = None,
    both: bool = False,
) -> TravelTime:
    """The drive from ``origin`` to ``target`` (None: the depot), and back as long where ``both``. What stood there is replaced.

    Raises NotPermitted (``role_missing``), InvalidInput (``same_place``, ``other_office``, ``bad_minutes``).
    """
    require_desk(office, actor)
    _require(office, origin, target, Decimal(str(minutes)))
    rows = [(origin, target), (target, origin)] if both else [(origin, target)]
    made = [_put(office, one, other, Decimal(str(minutes)), _exact(kilometres)) for one, other in rows]
    return made[0]


@transaction.atomic
def remove_time(*, travel_time: TravelTime, actor: User) -> None:
    """Forget what was typed: the road engine, or the straight line, says it again."""
    require_desk(travel_time.office, actor)
    travel_time.delete()


@transaction.atomic
def paste_times(*, office: Institution, actor: User, text: str, both: bool = False) -> int:
    """Lines of "from; to; minutes; kilometres" by the names of stops, as a spreadsheet pastes them. All or none; returns how many.

    Raises NotPermitted, InvalidInput (``nothing_pasted``, ``too_many_lines``, ``bad_lines`` with each line and its sentence).
    """
    require_desk(office, actor)
    stops = {row.name.casefold(): row for row in Stop.objects.filter(office=office)}
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise InvalidInput(
            "too_many_lines",
            _("At most %(most)s lines can be pasted at once.") % {"most": MOST_LINES},
            field="text",
        )
    good: list[Line] = []
    wrong: list[dict[str, Any]] = []
    for place, (number, line) in enumerate(lines):
        try:
            good.append(_read(line, stops))
        except ValueError as trouble:
            if place or not _is_head(line):
                wrong.append({"line": number, "sentence": str(trouble)})
    if wrong:
        raise InvalidInput(
            "bad_lines",
            " ".join(_("Line %(line)s: %(sentence)s") % row for row in wrong[:10]),
            field="text",
            facts={"lines": wrong},
        )
    if not good:
        raise InvalidInput("nothing_pasted", _("Paste at least one line."), field="text")
    return sum(_put_line(office, line, both) for line in good)


def _put_line(office: Institution, line: Line, both: bool) -> int:
    origin, target, minutes, kilometres = line
    _put(office, origin, target, minutes, kilometres)
    if both:
        _put(office, target, origin, minutes, kilometres)
    return 1 + both


def _put(
    office: Institution,
    origin: Stop | None,
    target: Stop | None,
    minutes: Decimal,
    kilometres: Decimal | None,
) -> TravelTime:
    made, _created = TravelTime.objects.update_or_create(
        office=office,
        origin=origin,
        target=target,
        defaults={"minutes": minutes, "kilometres": kilometres, "is_typed": True},
    )
    return made


def _require(office: Institution, origin: Stop | None, target: Stop | None, minutes: Decimal) -> None:
    if origin == target:
        raise InvalidInput("same_place", _("Choose two different places."), field="target")
    for field, stop in (("origin", origin), ("target", target)):
        if stop is not None and stop.office_id != office.pk:
            raise InvalidInput("other_office", _("Choose a stop of this library."), field=field)
    if not 0 <= minutes <= MOST_MINUTES:
        raise InvalidInput("bad_minutes", _("A drive takes 0 minutes to a day."), field="minutes")


def _read(line: str, stops: dict[str, Stop]) -> Line:
    """Raises ValueError with the sentence of what is wrong."""
    sign = "\t" if "\t" in line else ";" if ";" in line else ","
    cells = [cell.strip().strip('"') for cell in line.split(sign)]
    if len(cells) < 3:
        raise ValueError(_("give where from, where to and the minutes."))
    origin, target = (_stop(name, stops) for name in cells[:2])
    if origin == target:
        raise ValueError(_("both places are the same."))
    minutes = _number(cells[2])
    if minutes is None or not 0 <= minutes <= MOST_MINUTES:
        raise ValueError(_("“%(cell)s” is no number of minutes.") % {"cell": cells[2]})
    kilometres = _number(cells[3]) if len(cells) > 3 and cells[3] else None
    if len(cells) > 3 and cells[3] and (kilometres is None or not 0 <= kilometres < 100_000):
        raise ValueError(_("“%(cell)s” is no number of kilometres.") % {"cell": cells[3]})
    return origin, target, minutes, kilometres


def _stop(name: str, stops: dict[str, Stop]) -> Stop | None:
    if name.casefold() in DEPOT:
        return None
    found = stops.get(name.casefold())
    if found is None:
        raise ValueError(_("no stop is called “%(name)s”.") % {"name": name})
    return found


def _is_head(line: str) -> bool:
    return not any(sign.isdigit() for sign in line)


def _number(cell: str) -> Decimal | None:
    try:
        found = Decimal(cell.replace(",", "."))
    except InvalidOperation:
        return None
    return found.quantize(Decimal("0.01")) if found.is_finite() and abs(found) < 10**6 else None


def _exact(value: float | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
