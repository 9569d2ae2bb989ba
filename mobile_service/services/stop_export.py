"""Stops as rows of the open-data schema: public ones with their timetable for anybody, all of them with more for the desk."""

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from kerjasama.domain import clock
from mobile_service.choices import VisitStatus
from mobile_service.models import Series, Stop, Visit
from mobile_service.models.stop import StopQuerySet
from mobile_service.recurrence import by_weekday, first_day, parse
from mobile_service.services.occurring import in_force
from mobile_service.services.stops import windows_of
from mobile_service.stop_sheet import schema_row
from mobile_service.stop_sheet_values import windows_text
from mobile_service.stop_sheet_words import DAY_WORDS, OWN, SCHEMA


def open_rows(stops: StopQuerySet, *, timetable: Any = None) -> Iterator[list[str]]:
    """Public stops that a series visits, a row for each of its weekdays, exactly in the schema. ``timetable(stop)`` is its page's address.

    A stop that is visited by no series has no timetable, and none is invented. No contact, no private stop. Whoever expands a row's
    rule has its days, once each: those of a visit that was called off, or moved to another day, are among the exceptions. Three
    statements, however many stops there are.
    """
    off = _off(stops)
    for stop in _with_series(stops.public()):
        for series in stop.running:
            for row in _scheduled(stop, series, off[series.pk]):
                yield schema_row(row | {"timetable": timetable(stop) if timetable else ""})


def _off(stops: StopQuerySet) -> dict[UUID, set[date]]:
    """For each series the days of its rule on which the visit does not take place, beside those that it leaves out."""
    found: dict[UUID, set[date]] = defaultdict(set)
    rows = Visit.objects.filter(
        Q(status=VisitStatus.CANCELLED) | Q(sequence__gt=0),
        series__in=_running().values("pk"),
        stop__in=stops.public().order_by().values("pk"),
    ).values_list("series_id", "series_on", "begins_at", "status", "stop__office__zone")
    for series, on, begins_at, status, zone in rows:
        if on is None:
            continue
        if status == VisitStatus.CANCELLED or begins_at.astimezone(ZoneInfo(zone)).date() != on:
            found[series].add(on)
    return found


def all_rows(stops: StopQuerySet) -> Iterator[list[str]]:
    """Every stop, as ``SCHEMA`` and ``OWN``: what is handed over again comes back whole."""
    for stop in _with_series(stops.prefetch_related("windows")):
        own = {name: getattr(stop, name) for name in OWN if name not in ("windows", "closed_on")}
        own["windows"] = windows_text(windows_of(stop))
        own["closed_on"] = ", ".join(day.isoformat() for day in stop.closed_on)
        rows = [row for series in stop.running for row in _scheduled(stop, series)] or [
            _plain(stop) | {"frequency": f"FREQ=WEEKLY;INTERVAL={stop.every_weeks}"}
        ]
        for row in rows:
            yield schema_row(row | own, (*SCHEMA, *OWN))


def sheet_of_all(stops: StopQuerySet) -> str:
    """``all_rows`` as a CSV, with commas as the schema has them, and the mark by which Excel knows UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow((*SCHEMA, *OWN))
    writer.writerows(all_rows(stops))
    return f"\ufeff{text.getvalue()}"


def _running() -> QuerySet[Series]:
    """By the clock of the installation: stops of all zones stand in one file."""
    return Series.objects.filter(in_force(clock.today()))


def _with_series(stops: StopQuerySet) -> Iterator[Any]:
    running = _running().select_related("vehicle").order_by("starts_on", "pk")
    yield from (
        stops.select_related("office", "vehicle")
        .prefetch_related(Prefetch("series", running, to_attr="running"))
        .order_by("office__name", "name", "pk")
    )


def _plain(stop: Stop) -> dict[str, Any]:
    return {
        "organisation": stop.office.name,
        "mobile": stop.vehicle.name if stop.vehicle else "",
        "route": "",
        "community": stop.community,
        "stop": stop.name,
        "address": stop.address,
        "postcode": stop.postcode,
        "geox": stop.longitude,
        "geoy": stop.latitude,
        "type": "Public" if stop.is_public else "Private",
        "exceptions": ";".join(day.isoformat() for day in stop.closed_on),
    }


def _scheduled(stop: Stop, series: Series, more_off: Collection[date] = ()) -> list[dict[str, Any]]:
    """A row for each weekday of a series: the schema knows one a row. It begins on the first day of that weekday's own rule, so
    that whoever reads it counts the weeks as we do."""
    leaves = datetime.combine(series.starts_on, series.begins_at) + timedelta(minutes=series.minutes)
    off = sorted({*stop.closed_on, *series.left_out, *more_off})
    rows = []
    for weekday, rule in by_weekday(parse(series.rule, series.starts_on)):
        starts_on = first_day(rule, series.starts_on) or series.starts_on
        day = starts_on.weekday() if weekday is None else weekday
        rows.append(
            _plain(stop)
            | {
                "mobile": series.vehicle.name,
                # A route is what a vehicle drives on one weekday.
                "route": f"{series.vehicle.name} {DAY_WORDS[day]}",
                "day": DAY_WORDS[day],
                "arrival": series.begins_at,
                "departure": leaves.time(),
                "frequency": str(rule),
                "start": starts_on,
                "end": series.ends_on,
                "exceptions": ";".join(
                    each.isoformat() for each in off if weekday is None or each.weekday() == weekday
                ),
            }
        )
    return rows
