"""Who drives what, and when."""

from datetime import time, timedelta

from kerjasama.house import DemoCast
from mobile_service.choices import CrewFunction, Weekday
from mobile_service.models import CrewMember, Vehicle
from mobile_service.services.fleet import HoursInput, add_crew_member, add_outage, register_vehicle

# (library, who enters it, vehicle, plate, boxes, books of its own, whether it is out on Sundays)
VANS = (
    ("payakumbuh", "petugas.payakumbuh", "Pusling 1", "BA 9001 MX", 14, 2000, True),
    ("bung-hatta", "petugas.kerjasama", "Pusling Bung Hatta", "BA 9002 LX", 12, 1200, False),
)
# (library, name, function, telephone, account)
CREW = (
    ("payakumbuh", "Yandri Bandaro", CrewFunction.LIBRARIAN, "0812 0000 4001", "pusling.payakumbuh"),
    ("payakumbuh", "Bustami Piliang", CrewFunction.DRIVER, "0812 0000 4002", ""),
    ("payakumbuh", "Mira Oktaviani", CrewFunction.LIBRARIAN, "0812 0000 4003", "petugas.payakumbuh"),
    ("bung-hatta", "Hendra Sikumbang", CrewFunction.LIBRARIAN, "0812 0000 4011", "petugas.pusling"),
    ("bung-hatta", "Irwandi Koto", CrewFunction.DRIVER, "0812 0000 4012", ""),
)
SCHOOL_DAYS = (Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY)


def load(cast: DemoCast) -> None:
    vans: dict[str, Vehicle] = {}
    for slug, officer, name, plate, boxes, books, sundays in VANS:
        office, actor = cast.made[slug], cast.made["users"][officer]
        vans[slug] = register_vehicle(
            office=office,
            actor=actor,
            name=name,
            plate=plate,
            boxes=boxes,
            own_books=books,
            depot="Halaman belakang perpustakaan",
            latitude=office.latitude,
            longitude=office.longitude,
            hours=_week(sundays),
        )
        day = cast.today + timedelta(days=24)
        add_outage(
            vehicle=vans[slug],
            actor=actor,
            starts_on=day,
            ends_on=day + timedelta(days=1),
            reason="Servis berkala",
        )
    for slug, person, function, phone, account in CREW:
        add_crew_member(
            office=cast.made[slug],
            actor=cast.made["users"][_officer(slug)],
            name=person,
            function=function,
            phone=phone,
            user=cast.made["users"].get(account),
            vehicle=vans[slug],
        )
    Vehicle.objects.filter(pk__in=[van.pk for van in vans.values()]).update(is_demo=True)
    CrewMember.objects.filter(vehicle__in=vans.values()).update(is_demo=True)
    cast.made["vans"] = vans


def _officer(slug: str) -> str:
    return next(van[1] for van in VANS if van[0] == slug)


def _week(sundays: bool) -> list[HoursInput]:
    """School days, on Fridays until the prayer; a van of a town also goes to its villages on Sundays."""
    week: list[HoursInput] = [
        {"weekday": day, "starts_at": time(7, 30), "ends_at": time(15)} for day in SCHOOL_DAYS
    ]
    week.append({"weekday": Weekday.FRIDAY, "starts_at": time(7, 30), "ends_at": time(11, 30)})
    if sundays:
        week.append({"weekday": Weekday.SUNDAY, "starts_at": time(8), "ends_at": time(13)})
    return week
