"""What the clock does for the calendar: series grow, schools hear of tomorrow, and what nobody reported is noted (M2, L9)."""

from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from kerjasama.domain import clock
from kerjasama.domain.rungs import Ladder
from libraries.choices import Tone
from libraries.models import Notice
from libraries.services.ladders import phase_of, tone_of, unrecorded, zones_by_day
from libraries.services.notices import Announcement, announce_all, settle_where
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row, sweep
from mobile_service import addresses
from mobile_service.choices import EntryOutcome, SeriesStatus, TripStatus, VisitStatus
from mobile_service.lifecycle import VISIT
from mobile_service.models import Series, Trip, Visit
from mobile_service.services.concerned import concerned_by, of_somebody
from mobile_service.services.loading import propose_loads
from mobile_service.services.locking import lock_visit
from mobile_service.services.occurring import PlannedDay, in_force, materialise, plan_of
from mobile_service.services.reading_entries import AT_A_STOP
from mobile_service.services.series import finish_series
from mobile_service.services.stepping import take_step
from mobile_service.services.telling import CHANGED, DESK_ROLES, LEFT_OUT, SOON, facts_of

# The day before; a visit that is planned on its very day is told at once.
DAY_BEFORE = Ladder(-1)
# So long a phone without network may still tell that the van was there.
SILENT_DAYS = 2
# A change is read within a month, or it is of no use any more.
NEWS_DAYS = 30


def plan_ahead(*, batch: int = BATCH) -> Swept:
    """End series whose last day has passed, and put the days of the others into the calendar that have come near."""
    return sweep("mobile_service.plan_ahead", partial(_plan_ahead, batch))


def _plan_ahead(batch: int) -> Swept:
    today = clock.today()
    running = Series.objects.filter(in_force(today))
    over = Series.objects.filter(status=SeriesStatus.ACTIVE, ends_on__lt=today)
    return row_by_row(partial(keys_after, over), finish_series, batch=batch) + row_by_row(
        partial(keys_after, running), extend_series, batch=batch
    )


@transaction.atomic
def extend_series(key: UUID) -> bool:
    """Whether there was a day to put into the calendar, or to leave out; of those the desk is told."""
    series = Series.objects.select_related("stop__office", "stop__partner", "vehicle").get(pk=key)
    if not plan_of(series):
        return False
    visits, out = materialise(series, actor=None)
    if out:
        announce_all([_left_out(series, out)])
    return bool(visits or out)


def _left_out(series: Series, days: list[PlannedDay]) -> Announcement:
    return Announcement(
        recipient=series.stop.office,
        sender=series.stop.office,
        rule=LEFT_OUT,
        subject_kind="series",
        subject_id=series.pk,
        due_on=days[0].on,
        tone=Tone.DUE,
        context={
            "office": str(series.stop.office),
            "stop": series.stop.name,
            "count": len(days),
            "on": days[0].on,
            "left_out": [
                {"on": day.on, "why": next(it.sentence for it in day.clashes if it.hard)} for day in days[:20]
            ],
        },
        path=addresses.series_for_desk(series.pk),
        roles=DESK_ROLES,
    )


def load_tomorrow(*, batch: int = BATCH) -> Swept:
    """Put on tomorrow's vans what their schools are to be brought about that day; the desk takes off what is to wait."""
    tomorrow = Trip.objects.filter(status=TripStatus.PLANNED, on=clock.today() + timedelta(days=1))
    return sweep(
        "mobile_service.load_tomorrow", lambda: row_by_row(partial(keys_after, tomorrow), _load, batch=batch)
    )


def _load(key: UUID) -> bool:
    return propose_loads(trip=Trip.objects.get(pk=key), actor=None) > 0


def remind_of_tomorrow(*, batch: int = BATCH) -> Swept:
    """Tell schools, and partners that asked for it elsewhere, that the van comes tomorrow, once; what was called off or moved meanwhile falls silent."""
    return sweep("mobile_service.remind_of_tomorrow", partial(_remind, batch))


def _remind(batch: int) -> Swept:
    swept = Swept()
    hush()
    for today, zones in zones_by_day().items():
        waiting = unrecorded(
            _coming(today), rule=SOON, due="trip__on", ladder=DAY_BEFORE, today=today
        ).filter(stop__office__zone__in=zones)
        swept += row_by_row(partial(keys_after, waiting), remind_of_visit, batch=batch)
    return swept


def _coming(today: date) -> QuerySet[Visit]:
    return Visit.objects.filter(
        of_somebody(),
        status=VisitStatus.PLANNED,
        trip__on__gte=today,
        begins_at__gt=clock.now(),
    )


def hush() -> int:
    """Settle reminders of visits that are over, called off or on another day now, and news that nobody waits for."""
    still = _coming(clock.today()).filter(pk=OuterRef("subject_id"), trip__on=OuterRef("due_on"))
    over = Notice.objects.open().filter(~Exists(still), rule=SOON).values_list("pk", flat=True)
    old = Q(rule__in=(CHANGED, LEFT_OUT), created_at__lt=clock.now() - clock.days(NEWS_DAYS))
    return settle_where(Q(pk__in=list(over)) | old)


@transaction.atomic
def remind_of_visit(key: UUID) -> bool:
    visit = lock_visit(Visit.objects.get(pk=key))
    stop, on = visit.stop, visit.trip.on
    today = clock.today(stop.office.zone)
    rung = DAY_BEFORE.reached(on, today)
    if visit.status != VisitStatus.PLANNED or on < today or rung is None:
        return False
    bring = visit.loads.exists()
    told = [
        Announcement(
            recipient=school,
            sender=stop.office,
            rule=SOON,
            rung=rung,
            subject_kind="visit",
            subject_id=visit.pk,
            due_on=on,
            tone=tone_of(on, today),
            context={
                **facts_of(visit),
                **phase_of(on, today),
                "office": str(stop.office),
                "school": str(school),
                # The boxes that ride along are for the school at the gate.
                "bring": bring and school.pk == stop.partner_id,
            },
            path=path,
        )
        for school, path in concerned_by([visit])[visit.pk]
    ]
    return announce_all(told) > 0


def miss_silent_visits(*, batch: int = BATCH) -> Swept:
    """Note visits of which nobody has told two days later that the van was there as not made. A phone may still say otherwise."""
    return sweep("mobile_service.miss_silent_visits", partial(_miss, batch))


def _miss(batch: int) -> Swept:
    silent = Visit.objects.filter(
        status=VisitStatus.PLANNED, ends_at__lt=clock.now() - clock.days(SILENT_DAYS)
    )
    return row_by_row(partial(keys_after, silent), miss_visit, batch=batch)


@transaction.atomic
def miss_visit(key: UUID) -> bool:
    visit = lock_visit(Visit.objects.get(pk=key))
    zone = ZoneInfo(visit.stop.office.zone)
    ends = datetime.combine(visit.trip.on, time(23, 59), zone) + clock.days(SILENT_DAYS)
    if visit.status != VisitStatus.PLANNED or clock.now() < ends:
        return False
    # A note, or what was taken back or set aside by a person, does not say that anybody was there; what still waits may.
    silent = [EntryOutcome.UNDONE, EntryOutcome.SETTLED]
    if visit.entries.filter(kind__in=AT_A_STOP).exclude(outcome__in=silent).exists():
        return False
    take_step(VISIT, "miss", visit, actor=None, sequence=visit.sequence + 1)
    settle_where(Q(subject_id=visit.pk, rule__in=(CHANGED, SOON)))
    return True
