"""Calendars by address: of a stop, a vehicle, a crew member and a school; who may have one, and who may renew it (M4).

The address of a public stop's calendar is its page's; all others hold a secret, which is drawn anew when it went astray. What
stands in a calendar is places and times: no contact, no telephone number, nobody of the crew.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from kerjasama.domain import clock
from kerjasama.domain.errors import NotPermitted
from libraries.access import roles_toward
from libraries.models import Institution, User
from loans.choices import PeriodStatus, ProgrammeStatus
from loans.models import Period
from mobile_service import feeds
from mobile_service.choices import VisitStatus
from mobile_service.lifecycle import DESK, SCHOOL
from mobile_service.models import CrewMember, SchoolFeed, Series, Stop, Vehicle, Visit
from mobile_service.services.feeding_rows import FeedRow, feed_rows

Owner = Stop | Vehicle | CrewMember | SchoolFeed
# The first letter of an address says what it is of, so that it is looked for in one place.
LETTERS: dict[str, type[Any]] = {"s": Stop, "v": Vehicle, "c": CrewMember, "p": SchoolFeed}
# What ``token_urlsafe(32)`` may look like. Anything else is nobody's, and some of it the database cannot even be asked for.
KEY = re.compile(r"[A-Za-z0-9_-]{1,43}")
MONTHS_BACK, MONTHS_AHEAD = 2, 15
OFF = (VisitStatus.CANCELLED, VisitStatus.MISSED)
# A pause has no day of its own: its swaps stand again when it is over.
SWAPPING = (ProgrammeStatus.RUNNING, ProgrammeStatus.RETURNING)


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar, ready to be sent. It goes by its content alone (ETag): a visit that was deleted, a person taken off a trip, a
    programme that went away leave no date behind, and whoever asked by date would keep them."""

    content: bytes
    name: str


# --- addresses ---------------------------------------------------------------------------------------------------


def token_of(owner: Owner) -> str:
    """What stands in the address; empty as long as none was made."""
    letter = next(letter for letter, kind in LETTERS.items() if isinstance(owner, kind))
    return f"{letter}{owner.feed_key}" if owner.feed_key else ""


def owner_of(token: str) -> Owner | None:
    """Whose calendar an address opens. One statement; none for what looks like no address of ours."""
    kind = LETTERS.get(token[:1])
    if kind is None or not KEY.fullmatch(token[1:]):
        return None
    rows = kind.objects.filter(feed_key=token[1:])
    if kind is SchoolFeed:
        found = rows.filter(partner__is_active=True).select_related("partner").first()
    else:
        found = rows.filter(is_active=True).select_related("office").first()
    return found if isinstance(found, Owner) else None


def may_renew(owner: Stop | Vehicle | CrewMember, actor: User) -> bool:
    """The desk of the library gives out all of its calendars, and each of the crew their own."""
    own = isinstance(owner, CrewMember) and owner.user_id == actor.pk
    return own or bool(roles_toward(actor, office=owner.office_id) & DESK)


def renew_feed(*, owner: Stop | Vehicle | CrewMember, actor: User) -> Any:
    """A new secret, the first or after one went astray: the address before is dead at once. Raises NotPermitted."""
    if not may_renew(owner, actor):
        raise NotPermitted("not_permitted", _("Only the library that sends the van gives out this calendar."))
    owner.feed_key = secrets.token_urlsafe(32)
    # The address is part of what the row says of itself: its version grows with it.
    owner.version += 1
    owner.save(update_fields=["feed_key", "version", "updated_at"])
    return owner


def may_keep_school_feed(partner: UUID, actor: Any) -> bool:
    """Its secret is the school's alone: no library reads it."""
    return bool(roles_toward(actor, partner=partner) & SCHOOL)


@transaction.atomic
def renew_school_feed(*, partner: Institution, actor: User) -> SchoolFeed:
    """A secret address for a school's own calendar, the first or another. Raises NotPermitted."""
    _require_school(partner.pk, actor)
    feed, _made = SchoolFeed.objects.update_or_create(
        partner=partner, defaults={"feed_key": secrets.token_urlsafe(32)}
    )
    return feed


@transaction.atomic
def revoke_school_feed(*, feed: SchoolFeed, actor: User) -> None:
    """No calendar any more: phones that followed it are told nothing further. Raises NotPermitted."""
    _require_school(feed.partner_id, actor)
    SchoolFeed.objects.filter(pk=feed.pk).delete()


def _require_school(partner: UUID, actor: User) -> None:
    if not may_keep_school_feed(partner, actor):
        raise NotPermitted("not_permitted", _("Only the school itself gives out its calendar."))


# --- from rows to a calendar -------------------------------------------------------------------------------------


def feed_of(owner: Owner, *, site: str, language: str = "id") -> Feed:
    """The calendar of ``owner``; ``site`` is the beginning of full addresses, such as ``https://pusling.example``.

    Four statements, for a school five, whatever it holds.
    """
    with override(language):
        if isinstance(owner, Stop):
            return _of_stop(owner, site)
        if isinstance(owner, Vehicle):
            return _of_vehicle(owner, site)
        if isinstance(owner, CrewMember):
            return _of_member(owner, site)
        return _of_school(owner, site)


def window(today: date) -> tuple[date, date]:
    """From the month before last for more than a year. By whole months: a calendar does not change because a day passed."""
    month = today.replace(day=1)
    return clock.add_months(month, -MONTHS_BACK), clock.add_months(month, MONTHS_AHEAD)


def _of_stop(stop: Stop, site: str) -> Feed:
    zone = stop.office.zone
    visits = _visits(Visit.objects.filter(stop=stop), zone)
    calendar = feeds.Calendar(
        name=_("Mobile library: %(stop)s") % {"stop": stop.name},
        text=_("When the mobile library of %(library)s comes here.") % {"library": stop.office.name},
        url=_page(stop, site),
        zone=zone,
        **_events(visits, _at_the_stop, site),
    )
    return Feed(feeds.calendar_bytes(calendar), stop.slug)


def _of_vehicle(vehicle: Vehicle, site: str) -> Feed:
    zone = vehicle.office.zone
    visits = _visits(Visit.objects.filter(vehicle=vehicle), zone)
    calendar = feeds.Calendar(
        name=vehicle.name,
        text=_("All stops of %(vehicle)s, %(library)s.")
        % {"vehicle": vehicle.name, "library": vehicle.office.name},
        zone=zone,
        **_events(visits, _on_the_way, site),
    )
    return Feed(feeds.calendar_bytes(calendar), "pusling")


def _of_member(member: CrewMember, site: str) -> Feed:
    zone = member.office.zone
    visits = _visits(Visit.objects.filter(trip__duties__member=member), zone)
    calendar = feeds.Calendar(
        name=_("My trips with the mobile library"),
        text=_("The stops on the days of duty, %(library)s.") % {"library": member.office.name},
        zone=zone,
        **_events(visits, _on_duty, site),
    )
    return Feed(feeds.calendar_bytes(calendar), "tugas-pusling")


def _of_school(feed: SchoolFeed, site: str) -> Feed:
    partner, zone = feed.partner, feed.partner.zone
    visits = _visits(Visit.objects.filter(stop__partner=partner), zone)
    calendar = feeds.Calendar(
        name=_("Books and mobile library: %(school)s") % {"school": partner.name},
        text=_("When the van comes, and when the books are swapped."),
        url=f"{site}/portal/pusling/",
        zone=zone,
        days=_swaps(partner, window(clock.today(zone))),
        **_events(visits, _at_the_stop, site),
    )
    return Feed(feeds.calendar_bytes(calendar), "pusling")


def _visits(rows: QuerySet[Visit], zone: str) -> list[FeedRow]:
    return feed_rows(rows, zone, window(clock.today(zone)))


def _events(visits: Iterable[FeedRow], words: Any, site: str) -> dict[str, Any]:
    """Series with their occasions, and what stands alone. ``words(stop, vehicle, site)`` says what people read."""
    of_series: dict[UUID, tuple[Series, Stop, list[feeds.Occasion]]] = {}
    single: list[feeds.Occasion] = []
    said = cache(lambda stop, vehicle: words(stop, vehicle, site))
    for visit in visits:
        occasion = _occasion(visit, said(visit.stop, visit.vehicle))
        if visit.series is None:
            single.append(occasion)
        else:
            of_series.setdefault(visit.series.pk, (visit.series, visit.stop, []))[2].append(occasion)
    return {
        "single": single,
        "series": [
            feeds.Series(
                uid=str(row.pk),
                rule=row.rule,
                starts_on=row.starts_on,
                begins_at=row.begins_at,
                minutes=row.minutes,
                zone=stop.office.zone,
                words=said(stop, row.vehicle),
                changed_at=row.updated_at,
                sequence=row.sequence,
                occasions=occasions,
            )
            for row, stop, occasions in of_series.values()
        ],
    }


def _occasion(visit: FeedRow, words: feeds.Words) -> feeds.Occasion:
    zone = ZoneInfo(visit.stop.office.zone)
    off = visit.status in OFF
    if off or visit.reason:
        words = _changed(words, visit, off)
    return feeds.Occasion(
        uid=str(visit.pk),
        begins_at=visit.begins_at.astimezone(zone),
        ends_at=visit.ends_at.astimezone(zone),
        words=words,
        changed_at=visit.updated_at,
        sequence=visit.sequence,
        cancelled=off,
        slot=visit.series_on,
    )


def _changed(words: feeds.Words, visit: FeedRow, off: bool) -> feeds.Words:
    title = _("CANCELLED: %(what)s") % {"what": words.title} if off else words.title
    text = "\n".join(part for part in (visit.reason, words.text) if part)
    return feeds.Words(title=title, place=words.place, text=text, url=words.url, point=words.point)


def _at_the_stop(stop: Stop, vehicle: Vehicle, site: str) -> feeds.Words:
    return _words(_("Mobile library at %(stop)s") % {"stop": stop.name}, stop, vehicle, site)


def _on_the_way(stop: Stop, vehicle: Vehicle, site: str) -> feeds.Words:
    return _words(stop.name, stop, None, site)


def _on_duty(stop: Stop, vehicle: Vehicle, site: str) -> feeds.Words:
    return _words(f"{vehicle.name}: {stop.name}", stop, None, site)


def _words(title: str, stop: Stop, vehicle: Vehicle | None, site: str) -> feeds.Words:
    here = [stop.name, *(part for part in (stop.address, stop.community) if part and part not in stop.name)]
    point = (
        None
        if stop.latitude is None or stop.longitude is None
        else (float(stop.latitude), float(stop.longitude))
    )
    text = [
        _("%(vehicle)s of %(library)s") % {"vehicle": vehicle.name, "library": stop.office.name}
        if vehicle
        else "",
        stop.hint,
    ]
    return feeds.Words(
        title=title,
        place=", ".join(here),
        text="\n".join(line for line in text if line),
        url=_page(stop, site),
        point=point,
    )


def _page(stop: Stop, site: str) -> str:
    """A stop that is not public has no page."""
    return f"{site}/jadwal/{stop.slug}/" if stop.is_public else ""


def _swaps(partner: Institution, span: tuple[date, date]) -> list[feeds.WholeDay]:
    """The days on which books come or go: each period's first, and its last where no other follows. One statement."""
    rows = list(
        Period.objects.filter(
            programme__partner=partner,
            programme__status__in=SWAPPING,
            ends_on__gte=span[0],
            starts_on__lt=span[1],
        )
        .exclude(status=PeriodStatus.CANCELLED)
        .select_related("programme__lender")
        .order_by("programme", "sequence")
    )
    begins = {(row.programme_id, row.starts_on) for row in rows}
    found = []
    for row in rows:
        programme = row.programme
        facts = {"library": programme.lender.name, "count": programme.quantity}
        of = f" ({programme.label})" if programme.label else ""
        if span[0] <= row.starts_on < span[1]:
            title = (
                _("First books of %(library)s come")
                if row.sequence == 1
                else _("Books are swapped: %(library)s")
            ) % facts
            found.append(_day(f"{row.pk}", row, row.starts_on, title + of))
        if (row.programme_id, row.ends_on) not in begins and span[0] <= row.ends_on < span[1]:
            found.append(
                _day(f"{row.pk}-back", row, row.ends_on, _("Books go back to %(library)s") % facts + of)
            )
    return found


def _day(uid: str, row: Period, on: date, title: str) -> feeds.WholeDay:
    # A period counts no changes; the seconds from its making to its last change grow with each of them.
    changes = int((row.updated_at - row.created_at).total_seconds())
    return feeds.WholeDay(
        uid=uid, on=on, words=feeds.Words(title=title), changed_at=row.updated_at, sequence=changes
    )
