"""What those concerned are told of the van's calendar: each school once per change, the crew where it is soon (M2, L9).

Facts are frozen when a notice is made. A visit's ``sequence`` counts its published changes; it is the rung of the notice, so the
latest word about a visit takes the place of the earlier one, and the same change is never told twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from kerjasama.domain import clock
from libraries.choices import Role, Tone
from libraries.models import Institution
from libraries.services.notices import Announcement, announce_all, settle_where
from mobile_service import addresses
from mobile_service.models import Duty, Series, Visit
from mobile_service.services.asking_telling import tell_strangers
from mobile_service.services.concerned import Concerned, concerned_by

CHANGED, SOON, LEFT_OUT = "van_changed", "van_soon", "van_left_out"
CREW_ROLES = (Role.CREW,)
DESK_ROLES = (Role.CIRCULATION, Role.OFFICER)
# The crew looks at its plan every week; a change of a later day it finds there.
CREW_DAYS = 7


def tell_visits(
    visits: Sequence[Visit],
    what: str,
    *,
    reason: str = "",
    before: Mapping[UUID, datetime] | None = None,
    crew: bool = True,
) -> int:
    """Tell of visits that were ``planned``, ``moved``, ``cancelled`` or ``restored``: one message for each school, about all of
    its own and those that it asked for elsewhere, a mail to each stranger that asked for one, and one for the ``crew`` about those of the next days. Returns how many notices are new.

    ``before``: when a moved visit was planned till now.
    """
    schools: dict[UUID, tuple[Concerned, list[Visit]]] = {}
    concerned = concerned_by(visits) if visits else {}
    for visit in sorted(visits, key=lambda row: row.begins_at):
        for school in concerned[visit.pk]:
            schools.setdefault(school[0].pk, (school, []))[1].append(visit)
    told = [
        _told(
            rows,
            what,
            recipient=school,
            side="partner",
            path=path,
            facts={"reason": reason, "before": _before(rows, before)},
        )
        for (school, path), rows in schools.values()
    ]
    if visits and what != "planned":
        tell_strangers(visits, what, reason=reason)
    soon = [row for row in visits if crew and _is_soon(row)]
    if soon:
        told += _to_crew(soon, what, reason, before)
    return announce_all(told)


def tell_series(
    series: Series, what: str, on: date, *, visits: Sequence[Visit] = (), reason: str = ""
) -> int:
    """Tell the school of a series that was ``planned``, ``changed`` or ``ended`` from a day on: one message, whatever its visits."""
    stop = series.stop
    if stop.partner is None:
        return 0
    first = min((visit.begins_at for visit in visits), default=None)
    begins = datetime.combine(series.starts_on, series.begins_at)
    ends = begins + timedelta(minutes=series.minutes)
    return announce_all(
        [
            Announcement(
                recipient=stop.partner,
                sender=stop.office,
                rule=CHANGED,
                rung=series.sequence,
                subject_kind="series",
                subject_id=series.pk,
                due_on=on,
                context={
                    "what": what,
                    "side": "partner",
                    "rule": series.rule,
                    "office": str(stop.office),
                    "school": str(stop.partner),
                    "stop": stop.name,
                    "vehicle": str(series.vehicle),
                    "on": on if first is None else first.astimezone(ZoneInfo(stop.office.zone)).date(),
                    "time": f"{begins:%H.%M}",
                    "until": f"{ends:%H.%M}",
                    "count": len(visits),
                    "more": [],
                    "reason": reason,
                    "before": {},
                },
                path=addresses.visits_for_partner(),
            )
        ]
    )


def hush_visits(visits: Iterable[Visit]) -> int:
    """What was said of these visits holds no more: neither the reminder nor an earlier change of them alone."""
    keys = [visit.pk for visit in visits]
    return settle_where(Q(subject_id__in=keys, rule__in=(CHANGED, SOON)))


def hush_lost(series: Series, begins_at: datetime) -> int:
    """That a visit of a series is called off was said of a row that is no more: now that another one takes place, it holds no more."""
    office, partner = series.stop.office, series.stop.partner
    begins = begins_at.astimezone(ZoneInfo(office.zone))
    said = Q(
        rule=CHANGED,
        subject_kind="visit",
        recipient__in=[office, *([partner] if partner else [])],
        due_on=begins.date(),
        context__what="cancelled",
        context__stop=series.stop.name,
        context__time=f"{begins:%H.%M}",
    )
    return settle_where(said & ~Q(subject_id__in=Visit.objects.filter(stop=series.stop).values("pk")))


def facts_of(visit: Visit) -> dict[str, Any]:
    """What mails say about one visit, on the clock of its library."""
    zone = ZoneInfo(visit.stop.office.zone)
    begins, ends = visit.begins_at.astimezone(zone), visit.ends_at.astimezone(zone)
    return {
        "stop": visit.stop.name,
        "vehicle": str(visit.vehicle),
        "on": begins.date(),
        "time": f"{begins:%H.%M}",
        "until": f"{ends:%H.%M}",
    }


def _is_soon(visit: Visit) -> bool:
    office = visit.stop.office
    on = visit.begins_at.astimezone(ZoneInfo(office.zone)).date()
    return on <= clock.today(office.zone) + clock.days(CREW_DAYS)


def _to_crew(
    visits: Sequence[Visit], what: str, reason: str, before: Mapping[UUID, datetime] | None
) -> list[Announcement]:
    """Nobody is told who has no account; what nobody is on duty for, nobody needs to know."""
    if not Duty.objects.filter(trip__in={row.trip_id for row in visits}, member__user__isnull=False).exists():
        return []
    rows = sorted(visits, key=lambda row: row.begins_at)
    return [
        _told(
            rows,
            what,
            recipient=rows[0].stop.office,
            side="crew",
            path=addresses.trip_for_desk(rows[0].trip_id),
            roles=CREW_ROLES,
            facts={"reason": reason, "before": _before(rows, before)},
        )
    ]


def _before(rows: Sequence[Visit], before: Mapping[UUID, datetime] | None) -> dict[str, Any]:
    """From when a single visit was moved."""
    if len(rows) != 1 or not before or rows[0].pk not in before:
        return {}
    moment = before[rows[0].pk].astimezone(ZoneInfo(rows[0].stop.office.zone))
    return {"on": moment.date(), "time": f"{moment:%H.%M}"}


def _told(
    rows: Sequence[Visit],
    what: str,
    *,
    recipient: Institution,
    side: str,
    path: str,
    facts: Mapping[str, Any],
    roles: Sequence[Role] = (),
) -> Announcement:
    first = rows[0]
    return Announcement(
        recipient=recipient,
        sender=first.stop.office,
        rule=CHANGED,
        rung=first.sequence,
        subject_kind="visit",
        subject_id=first.pk,
        due_on=_day_of(first),
        tone=Tone.DUE if what == "cancelled" else Tone.CALM,
        context={
            **facts,
            **facts_of(first),
            "what": what,
            "side": side,
            "count": len(rows),
            "more": [facts_of(row) for row in rows[1:20]],
            "office": str(first.stop.office),
            "school": str(recipient if side == "partner" else first.stop.partner or first.stop.name),
        },
        path=path,
        roles=roles,
    )


def _day_of(visit: Visit) -> date:
    day: date = facts_of(visit)["on"]
    return day
