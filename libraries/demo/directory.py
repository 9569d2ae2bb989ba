"""What the demo's directory says beyond the names: where everybody is, when they are open, what they offer, whom to ask.

Towns are where they are; a place inside a town, hours, numbers and people are invented. Some people agreed to be shown.
"""

from collections.abc import Iterable
from datetime import date, time, timedelta
from decimal import Decimal

from libraries.choices import ConsentHow, InstitutionKind, PersonFunction, ServiceKind
from libraries.demo.places import person_name
from libraries.models import Institution, Opening, Person

# Latitude, longitude and how far the town reaches, in degrees.
TOWNS = {
    "Bukittinggi": (Decimal("-0.3050"), Decimal("100.3700"), Decimal("0.0160")),
    "Payakumbuh": (Decimal("-0.2220"), Decimal("100.6320"), Decimal("0.0260")),
    "Jakarta": (Decimal("-6.1812"), Decimal("106.8271"), Decimal("0")),
    "Sawahlunto": (Decimal("-0.6820"), Decimal("100.7780"), Decimal("0")),
    "Batusangkar": (Decimal("-0.4540"), Decimal("100.5920"), Decimal("0")),
    "Padang": (Decimal("-0.8530"), Decimal("100.3310"), Decimal("0")),
}
SERVICES = {
    InstitutionKind.NATIONAL: [
        ServiceKind.READING, ServiceKind.REFERENCE, ServiceKind.DIGITAL, ServiceKind.TRAINING, ServiceKind.ACCESSIBLE,
    ],
    InstitutionKind.CITY: [
        ServiceKind.READING, ServiceKind.LENDING, ServiceKind.CHILDREN, ServiceKind.STORYTELLING, ServiceKind.INTERNET,
        ServiceKind.LOCAL, ServiceKind.MOBILE, ServiceKind.CLASS_VISITS,
    ],
    InstitutionKind.ACADEMIC: [ServiceKind.READING, ServiceKind.LENDING, ServiceKind.REFERENCE, ServiceKind.COPYING],
    InstitutionKind.SCHOOL: [ServiceKind.READING, ServiceKind.LENDING],
    InstitutionKind.EDUCATION_OFFICE: [ServiceKind.TRAINING],
}  # fmt: skip
OFFICE_WEEK = ((0, 3, ((8, 0, 16, 0),)), (4, 4, ((8, 0, 11, 30), (13, 30, 16, 30))), (5, 5, ((8, 0, 12, 0),)))
SCHOOL_WEEK = ((0, 3, ((7, 30, 13, 0),)), (4, 4, ((7, 30, 11, 0),)), (5, 5, ((7, 30, 12, 0),)))
SIGNS = {InstitutionKind.SCHOOL: PersonFunction.PRINCIPAL}


def place(row: Institution, number: int) -> None:
    """A place on the map, services and a place in the public directory, for a row that is not saved yet."""
    latitude, longitude, reach = TOWNS[row.city]
    # A spiral spreads the schools of a town evenly, the same way each time.
    turn = Decimal((number * 137) % 360) / 180 - 1
    away = Decimal((number * 61) % 100) / 100
    row.latitude = (latitude + reach * away * turn).quantize(Decimal("0.000001"))
    row.longitude = (longitude + reach * (1 - away) * (1 if number % 2 else -1)).quantize(Decimal("0.000001"))
    row.services = sorted(SERVICES.get(InstitutionKind(row.kind), []))
    row.is_listed = True
    row.phone = row.phone or f"0752 000 {100 + number:03}"


def hours(rows: Iterable[Institution]) -> None:
    Opening.objects.bulk_create(
        Opening(institution=row, weekday=weekday, opens=time(span[0], span[1]), closes=time(span[2], span[3]))
        for row in rows
        for first, last, spans in (SCHOOL_WEEK if row.kind == InstitutionKind.SCHOOL else OFFICE_WEEK)
        for weekday in range(first, last + 1)
        for span in spans
    )


def contacts(rows: Iterable[Institution], today: date) -> None:
    """A teacher-librarian at every school, a parent at some; a librarian at every office. Every third agreed to be shown."""
    people = []
    for number, row in enumerate(rows):
        school = row.kind == InstitutionKind.SCHOOL
        agreed = {}
        if number % 3 == 0:
            agreed = {
                "consent_on": today - timedelta(days=40 + number),
                "consent_how": ConsentHow.FORM,
                "show_publicly": True,
            }
        people.append(
            Person(
                institution=row,
                name=person_name(number + 230),
                function=PersonFunction.TEACHER_LIBRARIAN if school else PersonFunction.LIBRARIAN,
                position="Guru pustakawan" if school else "Pustakawan",
                phone=f"0812 0000 {1000 + number}",
                email=f"pustaka@{row.slug}.example",
                **agreed,
            )
        )
        if school and number % 4 == 0:
            people.append(
                Person(
                    institution=row,
                    name=person_name(number + 320),
                    function=PersonFunction.COMMITTEE if number % 8 else PersonFunction.CLASS_PARENT,
                    phone=f"0812 0000 {2000 + number}",
                )
            )
    Person.objects.bulk_create(people)
