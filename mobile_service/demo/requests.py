"""Who asks the demo's mobile libraries for a visit: a request in every state that a desk and a school meet (M7)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery

from kerjasama.domain import clock
from kerjasama.house import DemoCast
from mobile_service.models import VisitRequest, VisitRequestEvent
from mobile_service.services.answering import accept_request, decline_request, propose_day
from mobile_service.services.asking import ask_in_portal, ask_in_public, confirm_request
from mobile_service.services.asking_costs import Slot, costs_of

MORNING = time(9, 10)


def load(cast: DemoCast) -> None:
    """Told by the verbs on their own days. Nobody here has a mailbox of his own: the stranger gave a telephone."""
    _bung_hatta(cast)
    _payakumbuh(cast)
    first = VisitRequestEvent.objects.filter(subject=OuterRef("pk")).order_by("at").values("at")[:1]
    VisitRequest.objects.update(is_demo=True, created_at=Subquery(first))


def _bung_hatta(cast: DemoCast) -> None:
    library, users = cast.made["bung-hatta"], cast.made["users"]
    desk, first, second = users["petugas.sirkulasi"], users["sdn01"], users["sdn02"]
    sdn01, sdn02 = cast.made["sdn-01-bukittinggi"], cast.made["sdn-02-bukittinggi"]

    def ask(partner: Any, actor: Any, days: list[date], occasion: str, people: int) -> VisitRequest:
        return ask_in_portal(
            office=library, partner=partner, actor=actor, wanted_on=days, occasion=occasion, people=people
        )

    with _ago(cast, 16):
        coming = ask(
            sdn01, first, _school_days(cast, 9, 3), "Pekan literasi: setiap kelas memilih buku.", 140
        )
    with _ago(cast, 14):
        # On whichever day somebody loads the demo: three holidays in a row leave it unanswered.
        if any(day.best for day in costs_of(coming)):
            accept_request(request=coming, actor=desk)
    with _ago(cast, 12):
        refused = ask(sdn02, second, _school_days(cast, 3, 1), "Mengisi jam kosong setelah ujian.", 60)
    with _ago(cast, 11):
        decline_request(
            request=refused,
            actor=desk,
            note="Pada hari itu pusling dipinjam untuk pameran kota. Silakan minta hari lain.",
        )
    with _ago(cast, 4):
        festival = ask(sdn01, first, _school_days(cast, 12, 1), "Hari ayah membaca bersama kelas satu.", 55)
    with _ago(cast, 3):
        slot = _later(cast, festival)
        if slot is not None:
            propose_day(
                request=festival,
                actor=desk,
                vehicle=slot.vehicle,
                begins_at=slot.begins_at,
                note="Hari itu kami di sekolah lain sampai siang. Bagaimana kalau hari ini?",
            )
    with _ago(cast, 1):
        ask(sdn02, second, _school_days(cast, 8, 3), "Lomba bercerita tingkat gugus di halaman sekolah.", 90)


def _payakumbuh(cast: DemoCast) -> None:
    library, desk = cast.made["payakumbuh"], cast.made["users"]["sirkulasi.payakumbuh"]
    with _ago(cast, 2):
        asked = ask_in_public(
            office=library,
            asker_name="Ibu Nurhayati",
            asker_phone="0812 0000 6001",
            place="Lapangan voli Kelurahan Koto Baru",
            latitude="-0.239400",
            longitude="100.622900",
            wanted_on=_sundays(cast, 2),
            wanted_from=time(8),
            wanted_until=time(12),
            people=40,
            occasion="Pasar pagi PKK; anak-anak ikut ibunya.",
        )
    with _ago(cast, 1):
        confirm_request(request=asked, actor=desk)


def _later(cast: DemoCast, request: VisitRequest) -> Slot | None:
    """A slot on one of the days after those asked for, as a desk proposes one."""
    found = costs_of(request, _school_days(cast, 13, 8))
    return next(
        (day.best for day in found if day.best is not None and day.day not in request.wanted_on), None
    )


@contextmanager
def _ago(cast: DemoCast, days: int) -> Iterator[None]:
    """In the morning of a day that is so many days past."""
    zone = ZoneInfo(cast.made["bung-hatta"].zone)
    with clock.pretend(datetime.combine(cast.today - timedelta(days=days), MORNING, zone)):
        yield


def _school_days(cast: DemoCast, ahead: int, count: int) -> list[date]:
    """The first days from Monday to Thursday that are so far ahead."""
    days = (cast.today + timedelta(days=ahead + number) for number in range(14))
    return [day for day in days if day.weekday() < 4][:count]


def _sundays(cast: DemoCast, count: int) -> list[date]:
    first = cast.today + timedelta(days=7 + (6 - cast.today.weekday()) % 7)
    return [first + timedelta(weeks=number) for number in range(count)]
