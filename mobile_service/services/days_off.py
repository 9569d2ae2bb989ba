"""Days on which nobody comes: national holidays taken over for a year, joint leave, school holidays; and the visits on them (M2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted
from libraries.access import access_of
from libraries.choices import ClosureScope, Role
from libraries.models import Closure, User
from libraries.models.closure import SCHOOLS
from mobile_service.choices import VisitStatus
from mobile_service.models import Visit
from mobile_service.models.visit import VisitQuerySet
from mobile_service.services.bounds import require_near, require_near_moment
from mobile_service.services.calling_off import cancel_visits
from mobile_service.services.checking import SEARCHED_DAYS, nearest_free
from mobile_service.services.scheduling import civil, move_visit
from mobile_service.services.surroundings import read_all_surroundings
from mobile_service.services.trips import take_trips

KEEPERS = frozenset({Role.OFFICER, Role.CIRCULATION})
ESTIMATE = "(perkiraan)"
LONGEST = 120
_DAYS_OFF_LOCK = 4_771_002


@dataclass(frozen=True, slots=True)
class Proposal:
    """A national holiday as it is known or reckoned. ``kept``: it stands among the closed days already."""

    on: date
    name: str
    is_estimate: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A planned visit on a closed day, why it is closed, and the nearest days with nothing in the way."""

    visit: Visit
    reason: str
    free: Sequence[datetime]


def propose_holidays(year: int) -> list[Proposal]:
    """The national holidays of a year. Dates that follow the moon are estimates until the government decides them."""
    from holidays.countries.indonesia import Indonesia

    kept = set()
    everyone = Closure.objects.filter(institution__isnull=True, scope=ClosureScope.EVERYONE)
    for first, last in everyone.between(date(year, 1, 1), date(year, 12, 31)).values_list(
        "starts_on", "ends_on"
    ):
        kept |= {first + clock.days(n) for n in range((last - first).days + 1)}
    found = Indonesia(years=year, language="id", observed=False)
    return [
        Proposal(on, name.replace(ESTIMATE, "").strip(), ESTIMATE in name, on in kept)
        for on, name in sorted(found.items())
        if on.year == year
    ]


@transaction.atomic
def take_over_holidays(*, actor: User, year: int, days: Iterable[date] | None = None) -> list[Closure]:
    """Keep the national holidays of a year, or those of them that were chosen. Those kept already stay as they are."""
    require_keeper(actor)
    _require_year(year)
    chosen = None if days is None else set(days)
    _one_at_a_time()
    rows = [
        Closure(starts_on=it.on, ends_on=it.on, reason=it.name)
        for it in propose_holidays(year)
        if not it.kept and (chosen is None or it.on in chosen)
    ]
    return Closure.objects.bulk_create(rows)


@transaction.atomic
def keep_days_off(
    *,
    actor: User,
    starts_on: date,
    ends_on: date,
    reason: str,
    scope: str = ClosureScope.EVERYONE,
    closure: Closure | None = None,
) -> Closure:
    """Closed days of everyone (a holiday, joint leave) or of all schools; new, or ``closure`` changed.

    Raises NotPermitted (``role_missing``), InvalidInput (``turned_round``, ``too_long``, ``reason_missing``, ``long_ago``,
    ``too_far``) and Conflict (``kept_already``).
    """
    require_keeper(actor)
    if ends_on < starts_on:
        raise InvalidInput(
            "turned_round", _("The last closed day cannot be before the first."), field="ends_on"
        )
    if (ends_on - starts_on).days > LONGEST:
        raise InvalidInput(
            "too_long",
            _("Nobody is closed for more than %(days)d days on end. Check the last day.") % {"days": LONGEST},
            field="ends_on",
        )
    if not reason.strip():
        raise InvalidInput("reason_missing", _("Say what the day is, such as Cuti bersama."), field="reason")
    _one_at_a_time()
    row = (
        Closure.objects.select_for_update(no_key=True).get(pk=closure.pk, institution__isnull=True)
        if closure
        else Closure()
    )
    # What is kept already may be named otherwise, however far away it lies and however often it stands there.
    if (row.starts_on, row.ends_on) != (starts_on, ends_on):
        _require_near_days(starts_on, ends_on)
    if (row.starts_on, row.ends_on, row.scope) != (starts_on, ends_on, scope):
        _require_new(row, starts_on, ends_on, scope)
    row.starts_on, row.ends_on, row.reason, row.scope = starts_on, ends_on, reason.strip()[:120], scope
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def remove_days_off(*, actor: User, closure: Closure) -> None:
    """It is no closed day after all. What was left out of series because of it stays out until somebody puts it back."""
    require_keeper(actor)
    Closure.objects.get(pk=closure.pk, institution__isnull=True).delete()


def on_days_off(user: Any) -> VisitQuerySet:
    """Planned visits on days that are closed for the place they go to, however the closed day came about."""
    today = clock.today()
    shut = Closure.objects.filter(starts_on__lte=OuterRef("trip__on"), ends_on__gte=OuterRef("trip__on"))
    everyone = Q(institution=None, scope=ClosureScope.EVERYONE)
    own = Q(institution=OuterRef("stop__office")) | Q(institution=OuterRef("stop__partner"))
    schools = Q(institution=None, scope=ClosureScope.SCHOOLS)
    planned = Visit.objects.visible_to(user).filter(status=VisitStatus.PLANNED, trip__on__gte=today)
    return planned.filter(
        Exists(shut.filter(everyone | own))
        | Q(Exists(shut.filter(schools)), stop__partner__kind__in=list(SCHOOLS))
    )


def visits_on_days_off(user: Any, *, with_free: bool = False, most: int = 100) -> list[Hit]:
    """Those of ``on_days_off``, soonest first, each with the reason; ``with_free`` also the nearest days with nothing in the way."""
    visits = list(on_days_off(user).for_list().order_by("begins_at")[:most])
    if not visits:
        return []
    days = [visit.trip.on for visit in visits]
    closures = list(Closure.objects.between(min(days), max(days)))
    free = nearest_days(visits, min(days), max(days)) if with_free else {}
    return [Hit(visit, _why(visit, closures), free.get(visit.pk, ())) for visit in visits]


def nearest_days(visits: Sequence[Visit], first: date, last: date) -> dict[UUID, Sequence[datetime]]:
    """For visits on days that are closed, or without their vehicle. Read once for all of them; none stands in its own way."""
    span = timedelta(days=SEARCHED_DAYS + 1)
    around = read_all_surroundings([(row.stop, row.vehicle) for row in visits], first - span, last + span)
    return {
        row.pk: nearest_free(row.begins_at, row.ends_at, around[row.stop_id, row.vehicle_id])
        for row in visits
    }


def _why(visit: Visit, closures: Iterable[Closure]) -> str:
    stop, on = visit.stop, visit.trip.on
    sides = [stop.office, *([stop.partner] if stop.partner else [])]
    return next(
        (row.reason for row in closures if row.starts_on <= on <= row.ends_on and row.shuts(sides)), ""
    )


@transaction.atomic
def resolve_days_off(
    *, actor: User, cancelled: Sequence[Visit], moved: Mapping[UUID, datetime], note: str
) -> tuple[int, int]:
    """Call off some visits and move others, in one act; each school reads one message about what is called off.

    Raises what ``cancel_visits`` and ``move_visit`` raise; then nothing of it is done.
    """
    for moment in moved.values():
        require_near_moment(moment, field="begins_at")
    visible = Visit.objects.visible_to(actor).select_related(
        "stop__office", "stop__partner", "vehicle", "trip"
    )
    rows = list(visible.filter(pk__in=list(moved)).order_by("trip_id", "pk"))
    take_trips(
        Visit.objects.filter(pk__in=[row.pk for row in (*cancelled, *rows)]),
        to=[(row.vehicle, civil(moved[row.pk], row.stop)) for row in rows],
        actor=actor,
    )
    off = cancel_visits(visits=cancelled, actor=actor, note=note) if cancelled else []
    for visit in rows:
        move_visit(visit=visit, actor=actor, begins_at=moved[visit.pk], reason=note.strip()[:200])
    return len(off), len(moved)


def require_keeper(actor: User) -> None:
    access = access_of(actor)
    if not access.everything and not access.having(KEEPERS):
        raise NotPermitted(
            "role_missing", _("Only an officer or the circulation desk of a library keeps the closed days.")
        )


def _one_at_a_time() -> None:
    """Two desks that keep the same day at the same moment would each find it missing: no row is there yet that could be locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_DAYS_OFF_LOCK])


def _require_near_days(starts_on: date, ends_on: date) -> None:
    """A slip of the hand in the year would be kept where nobody looks. Raises InvalidInput (``long_ago``, ``too_far``)."""
    today = clock.today()
    if starts_on.year < today.year - 1:
        raise InvalidInput(
            "long_ago",
            _("Closed days are kept from %(year)d on. Check the year.") % {"year": today.year - 1},
            field="starts_on",
        )
    require_near(starts_on, today, field="starts_on")
    require_near(ends_on, today, field="ends_on")


def _require_new(row: Closure, starts_on: date, ends_on: date, scope: str) -> None:
    """The same days are closed once for the same people, whatever they are called. Raises Conflict (``kept_already``)."""
    same = Closure.objects.filter(institution=None, starts_on=starts_on, ends_on=ends_on, scope=scope)
    known = same.exclude(pk=row.pk).first()
    if known is not None:
        raise Conflict(
            "kept_already",
            _("These days are kept already: %(reason)s. Change that entry instead.")
            % {"reason": known.reason},
            field="starts_on",
        )


def _require_year(year: int) -> None:
    if not 2020 <= year <= 2077:
        raise InvalidInput("year_unknown", _("Choose a year from 2020 to 2077."), field="year")
