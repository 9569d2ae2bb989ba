"""Visits that repeat: begun, changed from a day on, days left out and put back, ended (M2)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, refuse_unknown
from libraries.models import User
from mobile_service.choices import SeriesStatus, VisitStatus
from mobile_service.lifecycle import SERIES
from mobile_service.models import Series, Stop, Trip, Vehicle, Visit
from mobile_service.recurrence import Rule, days_of, parse
from mobile_service.services.bounds import require_near
from mobile_service.services.checking import said
from mobile_service.services.occurring import PlannedDay, materialise, plan_of
from mobile_service.services.scheduling import cancel_locked, place_visit, require_reason, restore_visit
from mobile_service.services.series_days import (
    away_from,
    first_of,
    in_step,
    moment_of,
    preview,
    require_day,
    to_come,
)
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
        starts_on=first_of(parsed, starts_on, ends_on),
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
    were left out or called off stay so, and so does a visit that has begun. Raises as ``make_series`` does, and InvalidInput
    (``ends_already``) where it is to go on for longer than was decided.
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
    _withdraw(to_come(visits), actor=actor, note=_("The regular visits change."))
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
    ends_on = changes.get("ends_on", series.ends_on)
    # A form from before that decision, sent once more, would go on beside the one that takes over.
    if (
        series.ends_on is not None
        and (ends_on or date.max) > series.ends_on
        and series.events.filter(action="end").exists()
    ):
        raise _ends_already(series.ends_on, field="ends_on")
    new = Series(
        stop=series.stop,
        vehicle=changes.get("vehicle", series.vehicle),
        rule=str(parsed),
        starts_on=from_on,
        ends_on=ends_on,
        begins_at=changes.get("begins_at", series.begins_at),
        minutes=changes.get("minutes", series.minutes),
        sequence=series.sequence + 1,
        is_demo=series.is_demo,
    )
    _require_same_office(new.stop, new.vehicle)
    new.starts_on = first_of(parsed, in_step(series, parsed, from_on), new.ends_on)
    if away := away_from(series, new.starts_on):
        new.left_out = [day for day in days_of(parsed, new.starts_on, min(away), max(away)) if day in away]
    return new


@transaction.atomic
def except_day(*, series: Series, actor: User, on: date, note: str) -> Series:
    """Leave out one day of the rule: nothing takes place and nothing is shown. The school reads why.

    Raises InvalidInput (``not_a_day``, ``in_the_past``, ``reason_missing``) and Conflict (``day_begun``).
    """
    visits, fresh, trips = _lock_from(series, on, on, actor=actor)
    SERIES.ask("except", fresh.status, roles_of(actor, fresh))
    require_reason(note)
    require_day(fresh, on)
    if on < clock.today(fresh.stop.office.zone):
        raise InvalidInput("in_the_past", _("This day has passed. Choose another one."), field="on")
    if on in fresh.left_out:
        raise InvalidInput("not_a_day", _("%(day)s is left out already.") % {"day": said(on)}, field="on")
    if fresh.visits.filter(series_on=on).exclude(status=VisitStatus.PLANNED).exists():
        raise Conflict(
            "day_begun",
            _("The visit of %(day)s is no longer only planned. Open it to see what can be done.")
            % {"day": said(on)},
            field="on",
        )
    if len(to_come(visits)) < len(visits):
        raise Conflict(
            "day_begun",
            _("The visit of %(day)s has begun by the clock. Open it to see what can be done.")
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
    begins_at = moment_of(found, on)
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
    """From ``on`` (today when not given) the van does not come by this rule any more. The school gets one message.

    Until then it goes on. Raises InvalidInput (``ends_already``) where it ends before that day as it is.
    """
    visits, fresh, trips = _lock_from(series, on or date.min, actor=actor)
    SERIES.ask("end", fresh.status, roles_of(actor, fresh))
    today = clock.today(fresh.stop.office.zone)
    on = max(on or today, today)
    if fresh.ends_on is not None and today <= fresh.ends_on < on:
        raise _ends_already(fresh.ends_on, field="on")
    _withdraw(
        to_come(visit for visit in visits if visit.series_on and visit.series_on >= on),
        actor=actor,
        note=note.strip() or _("The regular visits end."),
    )
    _drop_empty(trips, actor=actor)
    on = _end_on(fresh, on, actor=actor, note=note.strip())
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


def _end_on(fresh: Series, on: date, *, actor: User, note: str = "") -> date:
    """The locked series has no day from ``on`` on. Where days come before it, it goes on until then, and the night ends it
    (``finish_series``). One that has not begun keeps its first day, left out.

    Returns the first day without: tomorrow, where today's visit has begun.
    """
    today = clock.today(fresh.stop.office.zone)
    last = min(on - timedelta(days=1), fresh.ends_on or date.max)
    goes_on = last >= fresh.starts_on and bool(days_of(parse(fresh.rule), fresh.starts_on, today, last))
    if on == today and fresh.visits.filter(series_on=today).exclude(status=VisitStatus.CANCELLED).exists():
        last = today  # what has begun stays, and is the last of it
    ends_on = max(last, fresh.starts_on)
    left_out = {fresh.starts_on} if last < fresh.starts_on else set()
    changes: dict[str, Any] = {
        "ends_on": ends_on,
        "left_out": sorted({day for day in fresh.left_out if day <= ends_on} | left_out),
        "sequence": fresh.sequence + 1,
    }
    if goes_on:
        for name, value in changes.items():
            setattr(fresh, name, value)
        fresh.save(update_fields=[*changes, "updated_at"])
        write_event(fresh, "end", actor=actor, note=f"{on}: {note}" if note else str(on))
    else:
        take_step(SERIES, "end", fresh, actor=actor, note=note, **changes)
    return max(on, last + timedelta(days=1))


def _ends_already(last: date, *, field: str) -> InvalidInput:
    return InvalidInput(
        "ends_already",
        _("The last day of this series is %(day)s already. Choose that day or an earlier one.")
        % {"day": said(last)},
        field=field,
    )


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


def _require_same_office(stop: Stop, vehicle: Vehicle) -> None:
    if vehicle.office_id != stop.office_id:
        raise InvalidInput(
            "other_office", _("Choose a vehicle of the library that the stop belongs to."), field="vehicle"
        )
