"""Where the vans stand: at the gates of the schools, and at places in the villages that anybody may come to."""

from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from kerjasama.house import DemoCast
from libraries.models import Institution
from mobile_service.choices import StopKind, Weekday
from mobile_service.models import Stop, StopWindow
from mobile_service.services.stops import free_slugs, proposals_for

# Villages of Payakumbuh with a place in them; the points are invented, somewhere in the town.
PLACES = (
    ("Balai Kelurahan Talang", "Talang", "-0.214300", "100.616800", "Parkir di samping pos ronda."),
    ("Lapangan Kubu Gadang", "Kubu Gadang", "-0.221900", "100.622400", "Masuk dari arah pasar."),
    ("Balai Kelurahan Payolansek", "Payolansek", "-0.232600", "100.627900", "Di bawah pohon beringin."),
    ("Halaman Kantor Lurah Ibuh", "Ibuh", "-0.227700", "100.637500", ""),
    ("Taman Tanjuang Pauh", "Tanjuang Pauh", "-0.236800", "100.641200", "Dekat lapangan voli."),
    ("Balai Kelurahan Napar", "Napar", "-0.206100", "100.629300", ""),
    ("Balai Adat Padang Tiakar", "Padang Tiakar", "-0.231200", "100.651600", "Masuk dari simpang tiga."),
    ("Posyandu Balai Jaring", "Balai Jaring", "-0.218400", "100.655800", ""),
    ("Balai Kelurahan Sicincin", "Sicincin", "-0.224900", "100.663100", "Parkir di halaman masjid."),
    ("Lapangan Sungai Durian", "Sungai Durian", "-0.196500", "100.611700", ""),
    ("Balai Kelurahan Parambahan", "Parambahan", "-0.199800", "100.603200", "Jalan sempit, putar di lapangan."),
    ("Balai Kelurahan Limbukan", "Limbukan", "-0.246300", "100.634900", ""),
)  # fmt: skip
# Morning hours of a school; many have a day or two on which the yard is needed for something else.
MORNINGS = (
    (Weekday.MONDAY, time(8), time(12)),
    (Weekday.TUESDAY, time(7, 30), time(12)),
    (Weekday.WEDNESDAY, time(7, 30), time(12)),
    (Weekday.THURSDAY, time(7, 30), time(12)),
    (Weekday.FRIDAY, time(7, 30), time(10, 30)),
)
HINTS = (
    "Masuk lewat gerbang samping.",
    "",
    "Parkir di halaman upacara.",
    "",
    "Gerbang depan dibuka penjaga.",
    "",
)


def load(cast: DemoCast) -> None:
    payakumbuh, bung_hatta = cast.made["payakumbuh"], cast.made["bung-hatta"]
    rows = [
        *_at_schools(payakumbuh, cast.made["payakumbuh schools"], 4),
        *_at_schools(bung_hatta, cast.made["bukittinggi schools"], 8),
        *(_village(payakumbuh, number) for number in range(len(PLACES))),
    ]
    # One school has examinations, on days that every calendar has to go round.
    rows[0][0].closed_on = [cast.today + timedelta(days=day) for day in range(28, 33)]
    stops = [stop for stop, _windows in rows]
    for stop, slug in zip(stops, free_slugs([stop.name for stop in stops]), strict=True):
        stop.slug = slug
    Stop.objects.bulk_create(stops)
    StopWindow.objects.bulk_create(
        StopWindow(stop=stop, weekday=day, opens_at=opens, closes_at=closes)
        for stop, windows in rows
        for day, opens, closes in windows
    )
    cast.made["van stops"] = {
        office.slug: [stop for stop in stops if stop.office_id == office.pk]
        for office in (payakumbuh, bung_hatta)
    }


def _at_schools(office: Institution, schools: list[Institution], every: int) -> list[tuple[Stop, Any]]:
    proposals = proposals_for(schools)
    return [
        (
            Stop(
                office=office,
                is_demo=True,
                minutes=(45, 60, 60, 75, 90)[number % 5],
                # Every third school is large enough for a visit twice as often.
                every_weeks=every // 2 if number % 3 == 0 else every,
                same_weekday=number % 4 != 0,
                hint=HINTS[number % len(HINTS)],
                **proposals[school.pk],
            ),
            [
                span
                for span in MORNINGS
                # Two schools in five keep a weekday free, and every tenth keeps two.
                if not (number % 5 < 2 and span[0] == number % 4)
                and not (number % 10 == 0 and span[0] == Weekday.FRIDAY)
            ],
        )
        for number, school in enumerate(schools)
    ]


def _village(office: Institution, number: int) -> tuple[Stop, Any]:
    name, community, latitude, longitude, hint = PLACES[number]
    stop = Stop(
        office=office,
        name=name,
        kind=StopKind.VILLAGE,
        address=f"Kelurahan {community}, Kota Payakumbuh",
        community=community,
        latitude=Decimal(latitude),
        longitude=Decimal(longitude),
        minutes=60 if number % 2 else 75,
        every_weeks=2 if number % 4 == 0 else 4,
        same_weekday=True,
        contact_name=f"Pengurus {community}",
        contact_phone=f"0812 0000 {5000 + number}",
        hint=hint,
        is_public=True,
        is_demo=True,
    )
    sunday = [(Weekday.SUNDAY, time(8), time(13))]
    afternoons = [(day, time(12, 30), time(15)) for day in (Weekday.TUESDAY, Weekday.THURSDAY)]
    return stop, sunday if number % 3 else [*afternoons, *sunday]
