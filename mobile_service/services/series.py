"""Visits that repeat: begun, changed from a day on, days left out and put back, ended (M2)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, refuse_unknown
from libraries.models import User
from mobile_service.choices import SeriesStatus, VisitStatus
from mobile_service.lifecycle import SERIES
from mobile_service.models import Series, Stop, Trip, Vehicle, Visit
from mobile_service.recurrence import Rule, days_of, first_day, parse
from mobile_service.services.bounds import require_near
from mobile_service.services.checking import said
from mobile_service.services.occurring import HORIZON, PlannedDay, materialise, plan_days, plan_of
from mobile_service.services.scheduling import cancel_locked, place_visit, require_reason, restore_visit
from mobile_service.services.stepping import roles_of, take_step, write_event
from mobile_service.services.telling import hush_lost, hush_visits, tell_series, tell_visits
from mobile_service.services.trips import drop_if_empty, put_usual_crew, require_desk, take_trips

CHANGEABLE = ("vehicle", "rule", "begins_at", "minutes", "ends_on")


@transaction.atomic
def make_series(
    *,
    actor: User | None,
    stop: Stop,
    vehicle: Vehicle,
    rule: Rule | str,
    starts_on: date,
    begins_at: time,
    minutes: int | None = None,
    ends_on: date | None = None,
    careful: bool = False,
    tell: bool = True,
) -> Series:
    """Begin a series: its visits of the next half year stand in the calendar at once, later ones follow night by night.

    It begins on the first day of the rule. Days on which the van cannot come are left out; ``careful``: they refuse instead
    (``days_clash``), with each day and what is in its way among the facts. Raises NotPermitted, InvalidInput
    (``rule_unreadable``, ``rule_unsupported``, ``in_the_past``, ``too_far``, ``no_day``, ``other_office``) and Conflict
    (``no_day_possible``).
    """
    require_desk(stop.office, actor)
    _require_same_office(stop, vehicle)
    parsed = parse(rule, starts_on) if isinstance(rule, str) else rule
    if starts_on < clock.today(stop.office.zone):
        raise InvalidInput("in_the_past", _("This day has passed. Choose another one."), field="starts_on")
    require_near(starts_on, clock.today(stop.office.zone), field="starts_on")
    series = Series(
        stop=stop,
        vehicle=vehicle,
        rule=str(parsed),
        starts_on=_first(parsed, starts_on, ends_on),
        ends_on=ends_on,
        begins_at=begins_at,
        minutes=minutes or stop.minutes,
        is_demo=stop.is_demo,
    )
    return _begin(series, actor=actor, careful=careful, what="planned" if tell else "")


@transaction.atomic
def change_series(
    *, series: Series, actor: User, from_on: date | None = None, careful: bool = False, **changes: Any
) -> Series:
    """The visits repeat otherwise from a day on: the series ends before it, and another one goes on. Returns that one.

    ``changes``: vehicle, rule, begins_at, minutes, ends_on. Weeks go on being counted as before where the rule stays; days that
    were left out or called off stay so. Raises as ``make_series`` does.
    """
    refuse_unknown(changes, CHANGEABLE)
    found = _read().get(pk=series.pk)
    SERIES.ask("change", found.status, roles_of(actor, found))
    today = clock.today(found.stop.office.zone)
    from_on = max(from_on or today, today)
    require_near(from_on, today, field="from_on")
    then = _changed(found, from_on, changes)
    days = preview(
        stop=then.stop,
        vehicle=then.vehicle,
        rule=parse(then.rule),
        starts_on=then.starts_on,
        ends_on=then.ends_on,
        begins_at=then.begins_at,
        minutes=then.minutes,
        instead_of=found,
    )
    to = {(then.vehicle, day.on) for day in days if day.possible}
    visits, fresh, trips = _lock_from(series, from_on, to=to, actor=actor)
    # Once more, now that nobody can come between.
    SERIES.ask("change", fresh.status, roles_of(actor, fresh))
    new = _changed(fresh, from_on, changes)
    begun = list(Trip.objects.filter(pk__in=[trip.pk for trip in trips], visits=None).order_by("pk"))
    take_step(SERIES, "change", fresh, actor=actor, note=str(from_on), sequence=fresh.sequence + 1)
    _withdraw(visits, actor=actor, note=_("The regular visits change."))
    _end_on(fresh, from_on, actor=actor)
    # A trip that goes on keeps its crew and its notes; who was on one that does not is free for a new one.
    going = [trip for trip in trips if (trip.vehicle, trip.on) in to]
    _drop_empty([trip for trip in trips if trip not in going], actor=actor)
    put_usual_crew(begun)
    made = _begin(new, actor=actor, careful=careful, what="changed")
    _drop_empty(going, actor=actor)
    return made


def _changed(series: Series, from_on: date, changes: Mapping[str, Any]) -> Series:
    """The one that goes on from that day, not saved."""
    rule = changes.get("rule", series.rule)
    parsed = parse(rule, from_on) if isinstance(rule, str) else rule
    new = Series(
        stop=series.stop,
        vehicle=changes.get("vehicle", series.vehicle),
        rule=str(parsed),
        starts_on=from_on,
        ends_on=changes.get("ends_on", series.ends_on),
        begins_at=changes.get("begins_at", series.begins_at),
        minutes=changes.get("minutes", series.minutes),
        sequence=series.sequence + 1,
        is_demo=series.is_demo,
    )
    _require_same_office(new.stop, new.vehicle)
    if new.rule == series.rule:
        later = days_of(parsed, series.starts_on, from_on, from_on + timedelta(days=366 * 5))
        new.starts_on = later[0] if later else from_on
    new.starts_on = _first(parsed, new.starts_on, new.ends_on)
    if away := _away(series, new.starts_on):
        new.left_out = [day for day in days_of(parsed, new.starts_on, min(away), max(away)) if day in away]
    return new


@transaction.atomic
def except_day(*, series: Series, actor: User, on: date, note: str) -> Series:
    """Leave out one day of the rule: nothing takes place and nothing is shown. The school reads why.

    Raises InvalidInput (``not_a_day``, ``reason_missing``) and Conflict (``day_begun``).
    """
    visits, fresh, trips = _lock_from(series, on, on, actor=actor)
    SERIES.ask("except", fresh.status, roles_of(actor, fresh))
    require_reason(note)
    _require_day(fresh, on)
    if on in fresh.left_out:
        raise InvalidInput("not_a_day", _("%(day)s is left out already.") % {"day": said(on)}, field="on")
    if fresh.visits.filter(series_on=on).exclude(status=VisitStatus.PLANNED).exists():
        raise Conflict(
            "day_begun",
            _("The visit of %(day)s is no longer only planned. Open it to see what can be done.")
            % {"day": said(on)},
            field="on",
        )
    _withdraw(visits, actor=actor, note=note.strip(), tell=True)
    _drop_empty(trips, actor=actor)
    take_step(
        SERIES,
        "except",
        fresh,
        actor=actor,
        note=f"{on}: {note.strip()}",
        left_out=sorted({*fresh.left_out, on}),
        sequence=fresh.sequence + 1,
    )
    return fresh


@transaction.atomic
def include_day(*, series: Series, actor: User, on: date, careful: bool = False) -> Series:
    """Put a day back that was left out. Raises InvalidInput (``not_left_out``), and Conflict where something is in the way."""
    found = _read().get(pk=series.pk)
    SERIES.ask("include", found.status, roles_of(actor, found))
    if on not in found.left_out:
        raise InvalidInput("not_left_out", _("This day is not left out."), field="on")
    begins_at = _moment(found, on)
    slot: dict[str, Any] = {
        "vehicle": found.vehicle,
        "begins_at": begins_at,
        "ends_at": begins_at + timedelta(minutes=found.minutes),
        "is_pinned": False,
    }
    known = found.visits.filter(series_on=on).first()
    if known is None:
        place_visit(actor=actor, stop=found.stop, series=found, series_on=on, careful=careful, **slot)
    elif known.status == VisitStatus.CANCELLED:
        # It was moved or loaded before it was left out, so its row was kept: there is one for each day.
        restore_visit(visit=known, actor=actor, careful=careful, **slot)
    fresh = _lock_series(series.pk)
    if on in fresh.left_out:
        take_step(
            SERIES,
            "include",
            fresh,
            actor=actor,
            note=str(on),
            left_out=[day for day in fresh.left_out if day != on],
            sequence=fresh.sequence + 1,
        )
    hush_lost(fresh, begins_at)
    return fresh


@transaction.atomic
def end_series(*, series: Series, actor: User, on: date | None = None, note: str = "") -> Series:
    """From ``on`` (today when not given) the van does not come by this rule any more. The school gets one message."""
    visits, fresh, trips = _lock_from(series, on or date.min, actor=actor)
    SERIES.ask("end", fresh.status, roles_of(actor, fresh))
    today = clock.today(fresh.stop.office.zone)
    on = max(on or today, today)
    _withdraw(
        [visit for visit in visits if visit.series_on and visit.series_on >= on],
        actor=actor,
        note=note.strip() or _("The regular visits end."),
    )
    _drop_empty(trips, actor=actor)
    _end_on(fresh, on, actor=actor, note=note.strip())
    tell_series(fresh, "ended", on, reason=note.strip())
    return fresh


@transaction.atomic
def finish_series(key: UUID) -> bool:
    """The last day of a series has passed."""
    fresh = _lock_series(key)
    today = clock.today(fresh.stop.office.zone)
    if fresh.status != SeriesStatus.ACTIVE or fresh.ends_on is None or fresh.ends_on >= today:
        return False
    take_step(SERIES, "end", fresh, actor=None)
    return True


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
        ignoring = list(
            instead_of.visits.filter(status=VisitStatus.PLANNED, series_on__gte=starts_on).values_list(
                "pk", flat=True
            )
        )
    days = plan_days(
        stop=stop,
        vehicle=vehicle,
        rule=rule,
        starts_on=_first(rule, starts_on, ends_on),
        ends_on=ends_on,
        begins_at=begins_at,
        minutes=minutes,
        ignoring=ignoring,
    )
    away = _away(instead_of, starts_on) if instead_of is not None else ()
    return [day for day in days if day.on not in away]


def next_days(series: Series, count: int = 10) -> list[date]:
    """The coming days of the rule, without those left out."""
    today = clock.today(series.stop.office.zone)
    if series.ends_on and series.ends_on < today:
        return []
    last = min(series.ends_on or date.max, today + HORIZON)
    days = days_of(parse(series.rule), series.starts_on, today, last)
    return [day for day in days if day not in series.left_out][:count]


def _begin(series: Series, *, actor: User | None, careful: bool, what: str) -> Series:
    """Save a series and put its visits into the calendar."""
    series.full_clean()
    series.save(force_insert=True)
    write_event(series, "begin", actor=actor, before="")
    if careful:
        _refuse_clashes(series)
    visits, out = materialise(series, actor=actor)
    if out and not visits:
        raise Conflict(
            "no_day_possible",
            _("On none of the %(count)d days the van can come. %(sentence)s")
            % {"count": len(out), "sentence": out[0].clashes[0].sentence},
            facts=_facts(out),
            field="rule",
        )
    if what:
        tell_series(series, what, series.starts_on, visits=visits)
    return series


def _refuse_clashes(series: Series) -> None:
    days = [day for day in plan_of(series) if day.clashes]
    if days:
        raise Conflict(
            "days_clash",
            _("Something is in the way on %(count)d days, first on %(day)s: %(sentence)s")
            % {"count": len(days), "day": said(days[0].on), "sentence": days[0].clashes[0].sentence},
            facts=_facts(days),
            field="rule",
        )


def _facts(days: Sequence[PlannedDay]) -> dict[str, Any]:
    return {
        "days": [
            {
                "on": day.on,
                "possible": day.possible,
                "clashes": [{"code": clash.code, "sentence": clash.sentence} for clash in day.clashes],
            }
            for day in days[:60]
        ]
    }


def _first(rule: Rule, starts_on: date, ends_on: date | None) -> date:
    """The nearest of its days; "every 8 weeks" is counted from it, not from the week in which somebody typed it."""
    first = first_day(replace(rule, interval=1), starts_on)
    if first is None or (ends_on is not None and first > ends_on):
        raise InvalidInput(
            "no_day", _("No day of this rule lies between the first and the last day."), field="ends_on"
        )
    return first


def _away(series: Series, first: date) -> set[date]:
    """Days of a series from ``first`` on that no other one makes anew: they were left out or called off, or have been."""
    settled = series.visits.filter(series_on__gte=first).exclude(status=VisitStatus.PLANNED)
    return {
        *(day for day in series.left_out if day >= first),
        *(day for day in settled.values_list("series_on", flat=True) if day),
    }


def _end_on(fresh: Series, on: date, *, actor: User, note: str = "") -> None:
    """The locked series has no day from ``on`` on. One that has not begun keeps its first day, left out."""
    last = on - timedelta(days=1)
    changes: dict[str, Any] = {"ends_on": max(last, fresh.starts_on), "sequence": fresh.sequence + 1}
    if last < fresh.starts_on:
        changes["left_out"] = sorted({*fresh.left_out, fresh.starts_on})
    elif fresh.ends_on and fresh.ends_on < last:
        changes["ends_on"] = fresh.ends_on
    take_step(SERIES, "end", fresh, actor=actor, note=note, **changes)


def _withdraw(visits: Sequence[Visit], *, actor: User | None, note: str, tell: bool = False) -> None:
    """Locked visits of a series that are no days of it any more. Nothing is left of those that only the rule had made; what
    somebody has moved, or has put something on, is called off and stays to be read."""
    hush_visits(visits)
    kept = set(
        Visit.objects.filter(pk__in=[visit.pk for visit in visits])
        .exclude(sequence=0, loads=None, requests=None, entries=None, files=None)
        .values_list("pk", flat=True)
    )
    cancel_locked([visit for visit in visits if visit.pk in kept], actor=actor, note=note, tell=False)
    gone = [visit for visit in visits if visit.pk not in kept]
    Visit.objects.filter(pk__in=[visit.pk for visit in gone]).delete()
    if tell:
        for visit in gone:
            # Another word about it than that it was planned.
            visit.sequence += 1
        # While the trips still know their crew.
        tell_visits(visits, "cancelled", reason=note)


def _drop_empty(trips: Iterable[Trip], *, actor: User | None) -> None:
    """Those of the locked trips on which nothing takes place any more."""
    for trip in Trip.objects.filter(pk__in=[trip.pk for trip in trips]).order_by("pk"):
        drop_if_empty(trip, actor=actor)


def _lock_from(
    series: Series,
    first: date,
    last: date | None = None,
    *,
    to: Iterable[tuple[Vehicle, date]] = (),
    actor: User,
) -> tuple[list[Visit], Series, list[Trip]]:
    """The planned visits of a series from a day of its rule on, the series, and the trips of both sides, fresh: trips by id,
    visits by id, series. ``to``: vehicles and days onto which its visits go."""
    wanted = Visit.objects.filter(series=series, series_on__gte=first, status=VisitStatus.PLANNED)
    if last is not None:
        wanted = wanted.filter(series_on__lte=last)
    trips = take_trips(wanted, to=to, actor=actor)
    visits = list(
        wanted.select_for_update(of=("self",), no_key=True)
        .select_related("trip", "stop__office", "stop__partner", "vehicle", "series")
        .order_by("pk")
    )
    return visits, _lock_series(series.pk), trips


def _lock_series(key: UUID) -> Series:
    series: Series = _read().select_for_update(of=("self",), no_key=True).get(pk=key)
    return series


def _read() -> QuerySet[Series]:
    return Series.objects.select_related("stop__office", "stop__partner", "vehicle")


def _moment(series: Series, on: date) -> datetime:
    return datetime.combine(on, series.begins_at, ZoneInfo(series.stop.office.zone))


def _require_day(series: Series, on: date) -> None:
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


def _require_same_office(stop: Stop, vehicle: Vehicle) -> None:
    if vehicle.office_id != stop.office_id:
        raise InvalidInput(
            "other_office", _("Choose a vehicle of the library that the stop belongs to."), field="vehicle"
        )
