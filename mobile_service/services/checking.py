"""Whether the van can be there then, and when else: surroundings in, sentences out. No queries in here (M2).

A hard clash makes a visit impossible. The others are warnings: a person may have good reasons, and says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kerjasama.domain.errors import Conflict
from kerjasama.domain.wording import long_date
from mobile_service.choices import Weekday
from mobile_service.services.surroundings import Surroundings, Taken

SEARCHED_DAYS = 28
STEP = timedelta(minutes=15)
# A drive reckoned from the map is a guess: that it is short of so many minutes is not worth a word.
ROUGHLY = 5
# Who plans farther ahead has most likely typed another year.
FAR_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing in the way. ``code`` for programs; ``hard``: it cannot be done, whoever wants it."""

    code: str
    sentence: str
    hard: bool = True


def clashes_of(begins_at: datetime, ends_at: datetime, around: Surroundings) -> list[Clash]:
    """Everything in the way of a visit at that time, the hard ones first."""
    return [*_hard(begins_at, ends_at, around), *_soft(begins_at, ends_at, around)]


def hard_clashes_of(begins_at: datetime, ends_at: datetime, around: Surroundings) -> list[Clash]:
    """Only what makes it impossible."""
    return list(_hard(begins_at, ends_at, around))


def require_possible(clashes: Sequence[Clash], *, careful: bool, free: Sequence[datetime] = ()) -> None:
    """Raise Conflict with the sentence of the first hard clash; when ``careful``, also for warnings nobody has accepted."""
    hard = [clash for clash in clashes if clash.hard]
    if not hard and not (careful and clashes):
        return
    said = hard or list(clashes)
    raise Conflict(
        said[0].code,
        " ".join(clash.sentence for clash in said),
        facts={
            "clashes": [
                {"code": clash.code, "sentence": clash.sentence, "hard": clash.hard} for clash in clashes
            ],
            "free": list(free),
        },
        field="begins_at",
    )


def _hard(begins_at: datetime, ends_at: datetime, around: Surroundings) -> Iterator[Clash]:
    begins, ends = around.local(begins_at), around.local(ends_at)
    on, vehicle, stop = begins.date(), around.vehicle, around.stop
    if not stop.is_active:
        yield Clash("stop_inactive", _("%(stop)s is not visited any more.") % {"stop": stop})
    if not vehicle.is_active:
        yield Clash("vehicle_inactive", _("%(vehicle)s is not in use any more.") % {"vehicle": vehicle})
    for first, last, reason in around.outages:
        if first <= on <= last:
            yield Clash(
                "vehicle_out",
                _("%(vehicle)s does not drive on %(day)s: %(reason)s.")
                % {"vehicle": vehicle, "day": said(on), "reason": reason},
            )
    for first, last, reason in around.closures:
        if first <= on <= last:
            yield Clash("holiday", _("%(day)s is closed: %(reason)s.") % {"day": said(on), "reason": reason})
    if on in stop.closed_on:
        yield Clash(
            "stop_closed", _("%(stop)s cannot be visited on %(day)s.") % {"stop": stop, "day": said(on)}
        )
    if on in around.trips_over:
        yield Clash(
            "trip_over",
            _("%(vehicle)s is back from its trip of %(day)s already.")
            % {"vehicle": vehicle, "day": said(on)},
        )
    if ends.date() != on:
        yield Clash("over_midnight", _("A visit begins and ends on the same day."))
    for row in around.taken.get(on, ()):
        if not (row.begins_at < ends_at and begins_at < row.ends_at):
            continue
        facts = {**_times(row, around), "stop": row.stop, "vehicle": row.vehicle}
        if row.vehicle_id == vehicle.pk:
            yield Clash("vehicle_busy", _("%(vehicle)s is at %(stop)s from %(begins)s to %(ends)s.") % facts)
        else:
            yield Clash(
                "stop_busy", _("%(vehicle)s comes to %(stop)s from %(begins)s to %(ends)s already.") % facts
            )


def _soft(begins_at: datetime, ends_at: datetime, around: Surroundings) -> Iterator[Clash]:
    begins, ends = around.local(begins_at), around.local(ends_at)
    weekday, vehicle, stop = begins.weekday(), around.vehicle, around.stop
    facts = {"stop": stop, "vehicle": vehicle, "day": said(begins.date())}
    if begins.date() - around.today > FAR_AHEAD:
        yield Clash("far_ahead", _("%(day)s is more than a year away. Check the year.") % facts, hard=False)
    if stop.vehicle_id and stop.vehicle_id != vehicle.pk:
        yield Clash("other_vehicle", _("%(stop)s is meant for another vehicle.") % facts, hard=False)
    windows = around.windows.get(weekday, ())
    if around.windows and not any(first <= begins.time() and ends.time() <= last for first, last in windows):
        yield Clash(
            "outside_window",
            _("%(stop)s is open for the van at other times: %(times)s.")
            % {**facts, "times": _windows_in_words(around)},
            hard=False,
        )
    elif not around.windows and weekday in around.closed_weekdays:
        yield Clash("partner_closed", _("%(stop)s is closed on this weekday.") % facts, hard=False)
    span = around.hours.get(weekday)
    if span is None:
        yield Clash("not_out", _("%(vehicle)s stays at home on this weekday.") % facts, hard=False)
    elif begins.time() < span[0] or ends.time() > span[1]:
        yield Clash(
            "outside_hours",
            _("%(vehicle)s is out from %(begins)s to %(ends)s on this weekday.")
            % {**facts, "begins": hour(span[0]), "ends": hour(span[1])},
            hard=False,
        )
    for member, other in around.crew_elsewhere.get(begins.date(), ()):
        yield Clash(
            "crew_elsewhere",
            _("%(member)s is on %(other)s on %(day)s.") % {**facts, "member": member, "other": other},
            hard=False,
        )
    yield from _tight(begins_at, ends_at, around)


def _tight(begins_at: datetime, ends_at: datetime, around: Surroundings) -> Iterator[Clash]:
    """From the stop before, and to the one after, the van needs its time."""
    here, day = around.stop.pk, around.taken.get(around.local(begins_at).date(), ())
    own = [row for row in day if row.vehicle_id == around.vehicle.pk]
    before = [row for row in own if row.ends_at <= begins_at]
    after = [row for row in own if row.begins_at >= ends_at]
    legs = []
    if before:
        last = max(before, key=lambda row: row.ends_at)
        legs.append((last, (last.stop_id, here), begins_at - last.ends_at))
    if after:
        first = min(after, key=lambda row: row.begins_at)
        legs.append((first, (here, first.stop_id), first.begins_at - ends_at))
    for row, pair, spare in legs:
        way = around.drives.get(pair)
        gap = spare / timedelta(minutes=1)
        if way is None or gap + (0 if way.is_known else ROUGHLY) >= way.minutes:
            continue
        facts = {"other": row.stop, "stop": around.stop, "gap": gap, "needed": ceil(way.minutes)}
        if way.is_known:
            sentence = _(
                "Between %(other)s and %(stop)s there are %(gap)d minutes; the drive takes %(needed)d."
            )
        else:
            sentence = _(
                "Between %(other)s and %(stop)s there are %(gap)d minutes; "
                "by the map the drive takes about %(needed)d."
            )
        yield Clash("too_tight", sentence % facts, hard=False)


def nearest_free(
    begins_at: datetime, ends_at: datetime, around: Surroundings, *, most: int = 3
) -> list[datetime]:
    """The nearest times without any clash: another time on that day, then the nearest other days."""
    length = ends_at - begins_at
    begins = around.local(begins_at)
    days = [0, *(sign * days for days in range(1, SEARCHED_DAYS + 1) for sign in (1, -1))]
    found: list[datetime] = []
    for offset in days:
        moment = _free_on(begins.date() + timedelta(days=offset), begins, length, around)
        if moment is not None:
            found.append(moment)
        if len(found) == most:
            break
    return found


def _free_on(on: date, wanted: datetime, length: timedelta, around: Surroundings) -> datetime | None:
    """The free time on that day that is nearest to the wanted one."""
    if on <= around.today:
        return None
    first, last = around.hours.get(on.weekday(), (time(7), time(17)))
    spans = around.windows.get(on.weekday(), ()) if around.windows else [(first, last)]
    starts = {wanted.time()}
    for opens, closes in spans:
        moment, end = around.at(on, max(opens, first)), around.at(on, min(closes, last))
        while moment + length <= end:
            starts.add(moment.time())
            moment += STEP
    target = around.at(on, wanted.time())
    for start in sorted(starts, key=lambda it: (abs(around.at(on, it) - target), it < wanted.time())):
        moment = around.at(on, start)
        if not clashes_of(moment, moment + length, around):
            return moment
    return None


def hour(moment: datetime | time) -> str:
    """ "09.00", or "09:00" in English."""
    return moment.strftime("%H.%M" if (get_language() or "id").startswith("id") else "%H:%M")


def said(on: date) -> str:
    return long_date(on, get_language() or "id")


def _times(row: Taken, around: Surroundings) -> dict[str, str]:
    return {
        "begins": hour(around.local(row.begins_at)),
        "ends": hour(around.local(row.ends_at)),
    }


def _windows_in_words(around: Surroundings) -> str:
    return ", ".join(
        f"{Weekday(weekday).label} {hour(opens)}–{hour(closes)}"
        for weekday, spans in sorted(around.windows.items())
        for opens, closes in spans
    )
