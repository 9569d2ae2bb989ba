"""The days of a series: which they are, what is in their way, and from which of them another one goes on (M2)."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput
from mobile_service.choices import VisitStatus
from mobile_service.models import Series, Stop, Vehicle, Visit
from mobile_service.recurrence import Rule, days_of, first_day, parse
from mobile_service.services.bounds import require_near
from mobile_service.services.checking import said
from mobile_service.services.occurring import HORIZON, PlannedDay, plan_days


def preview(
    *,
    stop: Stop,
    vehicle: Vehicle,
    rule: Rule,
    starts_on: date,
    ends_on: date | None,
    begins_at: time,
    minutes: int,
    instead_of: Series | None = None,
) -> list[PlannedDay]:
    """The days that a series would have, each with what is in its way. ``instead_of``: the one that it takes over from."""
    require_near(starts_on, clock.today(stop.office.zone), field="starts_on")
    ignoring: Collection[UUID] = ()
    if instead_of is not None:
        starts_on = in_step(instead_of, rule, starts_on)
        ignoring = list(
            instead_of.visits.filter(
                status=VisitStatus.PLANNED, series_on__gte=starts_on, begins_at__gt=clock.now()
            ).values_list("pk", flat=True)
        )
    days = plan_days(
        stop=stop,
        vehicle=vehicle,
        rule=rule,
        starts_on=first_of(rule, starts_on, ends_on),
        ends_on=ends_on,
        begins_at=begins_at,
        minutes=minutes,
        ignoring=ignoring,
    )
    away = away_from(instead_of, starts_on) if instead_of is not None else ()
    return [day for day in days if day.on not in away]


def next_days(series: Series, count: int = 10) -> list[date]:
    """The coming days of the rule, without those left out; today, as long as its hour has not come."""
    today = clock.today(series.stop.office.zone)
    if series.ends_on and series.ends_on < today:
        return []
    last = min(series.ends_on or date.max, today + HORIZON)
    days = days_of(parse(series.rule), series.starts_on, today, last)
    if days[:1] == [today] and moment_of(series, today) <= clock.now():
        days = days[1:]
    return [day for day in days if day not in series.left_out][:count]


def in_step(series: Series, rule: Rule, from_on: date) -> date:
    """From where the weeks are counted when another series goes on with ``rule``: as before, where the rule stays."""
    if str(rule) != series.rule:
        return from_on
    later = days_of(rule, series.starts_on, from_on, from_on + timedelta(days=366 * 5))
    return later[0] if later else from_on


def first_of(rule: Rule, starts_on: date, ends_on: date | None) -> date:
    """The nearest of its days; "every 8 weeks" is counted from it, not from the week in which somebody typed it."""
    first = first_day(replace(rule, interval=1), starts_on)
    if first is None or (ends_on is not None and first > ends_on):
        raise InvalidInput(
            "no_day", _("No day of this rule lies between the first and the last day."), field="ends_on"
        )
    return first


def away_from(series: Series, first: date) -> set[date]:
    """Days of a series from ``first`` on that no other one makes anew: they were left out or called off, have been or begun."""
    to_come = Q(status=VisitStatus.PLANNED, begins_at__gt=clock.now())
    settled = series.visits.filter(series_on__gte=first).exclude(to_come)
    return {
        *(day for day in series.left_out if day >= first),
        *(day for day in settled.values_list("series_on", flat=True) if day),
    }


def to_come(visits: Iterable[Visit]) -> list[Visit]:
    """What has begun by the clock stays as it is: the van may be there, and its phone tells of it when it has a network again (M5)."""
    now = clock.now()
    return [visit for visit in visits if visit.begins_at > now]


def moment_of(series: Series, on: date) -> datetime:
    return datetime.combine(on, series.begins_at, ZoneInfo(series.stop.office.zone))


def require_day(series: Series, on: date) -> None:
    ends = series.ends_on or date.max
    if not series.starts_on <= on <= ends or not days_of(parse(series.rule), series.starts_on, on, on):
        coming = next_days(series, 3)
        words = (
            _("%(day)s is no day of this series. Its next ones: %(days)s.")
            if coming
            else _("%(day)s is no day of this series.")
        )
        facts = {"day": said(on), "days": ", ".join(map(said, coming))}
        raise InvalidInput("not_a_day", words % facts, field="on")
