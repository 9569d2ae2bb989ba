"""A kept route plan in words: what is missed and what would help, what is left out, what is broken (M3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kerjasama.domain.wording import long_date
from mobile_service.models import RoutePlan
from mobile_service.planning import Fault, NotPlanned
from mobile_service.planning.plan import Missed, Relaxation
from mobile_service.services.planner_words import missed_words, sentence, way_words, why_not
from mobile_service.services.routing_result import kept_calendar

LEFT_OUT = {
    "no_place": gettext_lazy("It has no place on the map. Give it one, then reckon again."),
    "elsewhere": gettext_lazy("A vehicle that the plan does not send out comes here as often as is wanted."),
    "not_due": gettext_lazy("Its next visit is due after the last day of the plan."),
}
IDLE = {
    "no_start": gettext_lazy("Neither it nor the library has a place on the map from which it starts. Give one, then reckon again."),
    "no_hours": gettext_lazy("It has no hours. Say on which weekdays it drives, then reckon again."),
}  # fmt: skip
CHANGES = {
    "added": gettext_lazy("New"),
    "dropped": gettext_lazy("Falls out"),
    "other_day": gettext_lazy("Another day"),
    "other_vehicle": gettext_lazy("Another vehicle"),
    "other_time": gettext_lazy("Another time"),
}


@dataclass(frozen=True, slots=True)
class UnmetRow:
    """``said``: the stop, how many visits it misses, and why. ``ways``: what would help, the cheapest first."""

    stop: str
    name: str
    said: str
    ways: list[str]


def fault_words(plan: RoutePlan, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Why there is no plan, or what a hand has broken in it."""
    return [_fault(plan, row) for row in rows]


def unmet_words(plan: RoutePlan) -> list[UnmetRow]:
    """Stop by stop what the plan does not reach."""
    found = []
    for row in plan.unmet:
        missed = Missed(row["name"], row["visits"], row["reason"])
        found.append(
            UnmetRow(row["stop"], row["name"], missed_words(missed), [_way(way) for way in row["ways"]])
        )
    return found


def left_out_words(plan: RoutePlan, row: Mapping[str, Any]) -> str:
    known = LEFT_OUT.get(row["code"])
    return str(known) if known else _fault(plan, row)


def idle_words(row: Mapping[str, Any]) -> str:
    return str(IDLE.get(row["code"], row["code"]))


def _fault(plan: RoutePlan, row: Mapping[str, Any]) -> str:
    code, facts = row["code"], dict(row["facts"])
    calendar = kept_calendar(plan)

    def day(number: int) -> str:
        return _said(calendar.day(number))

    if code in ("time_limit", "memory", "crashed"):
        return why_not(NotPlanned(code, seconds=facts.get("seconds", 0)))
    if code == "hand_gap":
        return _(
            "%(stop)s is visited on %(first)s and then on %(second)s: %(days)s days apart instead of %(asked)s."
        ) % {
            **facts,
            "first": day(facts["first"]),
            "second": day(facts["second"]),
        }
    return sentence(Fault(code, facts), day=day)


def _way(row: Mapping[str, Any]) -> str:
    """The day is kept as ISO text; any number stands for it here."""
    on = row["day"]
    return way_words(
        Relaxation(row["kind"], row["amount"], row["cost"], 1 if on else 0, row["vehicle"]),
        day=lambda _number: _said(date.fromisoformat(on)),
    )


def _said(on: date) -> str:
    return long_date(on, get_language() or "id")
