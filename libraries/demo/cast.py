"""The institutions of the worked cases, and the people who sign in to the demo."""

from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password

from kerjasama.house import DemoCast
from libraries.choices import NUMBERED_AS_AGREEMENTS, ClosureScope, InstitutionKind, PersonFunction, Role
from libraries.choices import InstitutionKind as Kind
from libraries.demo.directory import SIGNS, contacts, hours, place
from libraries.demo.places import REGIONS, person_name
from libraries.demo.together import load_together
from libraries.models import Closure, Institution, Membership, NumberPattern, Person, Region, User
from libraries.services.numbering import USUAL_PATTERNS

# Printed by the demo for everybody to see; the demo is the only place where such an account exists.
DEMO_PASSWORD = "baca-buku-bersama"  # noqa: S105

# (user name, e-mail, name, institution, role, who that is)
LOGINS = (
    (
        "petugas.kerjasama",
        "dewi",
        "Dewi Anggraini",
        "bung-hatta",
        Role.OFFICER,
        "cooperation officer, Bung Hatta",
    ),
    (
        "petugas.sirkulasi",
        "rizki",
        "Rizki Pratama",
        "bung-hatta",
        Role.CIRCULATION,
        "circulation librarian, Bung Hatta",
    ),
    (
        "petugas.pusling",
        "hendra",
        "Hendra Sikumbang",
        "bung-hatta",
        Role.CREW,
        "mobile-library crew, Bung Hatta",
    ),
    ("kepala", "rahmat", "Rahmat Hidayat", "bung-hatta", Role.HEAD, "head of the library, Bung Hatta"),
    (
        "admin.bunghatta",
        "fitri",
        "Fitri Handayani",
        "bung-hatta",
        Role.ADMINISTRATOR,
        "administrator, Bung Hatta",
    ),
    (
        "sdn01",
        "sdn01",
        "Yusnimar Chaniago",
        "sdn-01-bukittinggi",
        Role.SCHOOL_CONTACT,
        "partner school SDN 01 (portal)",
    ),
    (
        "sdn02",
        "sdn02",
        "Afrizal Koto",
        "sdn-02-bukittinggi",
        Role.SCHOOL_CONTACT,
        "another school, SDN 02 (portal)",
    ),
    (
        "petugas.payakumbuh",
        "mira",
        "Mira Oktaviani",
        "payakumbuh",
        Role.OFFICER,
        "cooperation officer, Payakumbuh",
    ),
    (
        "sirkulasi.payakumbuh",
        "andi",
        "Andi Saputra",
        "payakumbuh",
        Role.CIRCULATION,
        "circulation, Payakumbuh",
    ),
    (
        "pusling.payakumbuh",
        "yandri",
        "Yandri Bandaro",
        "payakumbuh",
        Role.CREW,
        "mobile-library crew, Payakumbuh",
    ),
    (
        "petugas.perpusnas",
        "ratna",
        "Ratna Kusumawardani",
        "perpusnas",
        Role.OFFICER,
        "cooperation officer, Perpusnas",
    ),
    ("perpusnas", "sari", "Sari Wulandari", "perpusnas", Role.COORDINATOR, "network coordinator, Perpusnas"),
)

UNITS = {"bung-hatta": "UPT-PBH", "payakumbuh": "DPK-PYK", "perpusnas": "PERPUSNAS"}
BUKITTINGGI_SCHOOLS = 15
PAYAKUMBUH_SCHOOLS = 58


def load(cast: DemoCast) -> None:
    """Regions, institutions, signatories, accounts, numbering patterns and closed days."""
    _regions()
    made = {row.slug: row for row in _offices()}
    for number, office in enumerate(made.values()):
        place(office, number)
        office.save(force_insert=True)
    villages = list(Region.objects.filter(level="village").order_by("code"))
    bukittinggi = _schools("bukittinggi", "Bukittinggi", BUKITTINGGI_SCHOOLS, villages, "13.75", 0)
    payakumbuh = _schools("payakumbuh", "Payakumbuh", PAYAKUMBUH_SCHOOLS, villages, "13.76", 200)
    for number, school in enumerate((*bukittinggi, *payakumbuh)):
        place(school, number)
    Institution.objects.bulk_create([*bukittinggi, *payakumbuh])
    made |= {row.slug: row for row in (*bukittinggi, *payakumbuh)}
    _signatories(made)
    hours(made.values())
    contacts(made.values(), cast.today)
    cast.made.update(made)
    cast.made["bukittinggi schools"] = bukittinggi
    cast.made["payakumbuh schools"] = payakumbuh
    cast.made["users"] = _accounts(made)
    _patterns(made)
    _closed_days(cast.today)
    load_together(cast)


def _regions() -> None:
    known: dict[str, Region] = {}
    for code, name, level in REGIONS:
        parent = known.get(code.rpartition(".")[0])
        known[code] = Region(code=code, name=name, level=level, parent=parent)
    Region.objects.bulk_create(known.values(), ignore_conflicts=True)


def _offices() -> list[Institution]:
    def place(slug: str, name: str, short: str, kind: str, city: str, **more: Any) -> Institution:
        return Institution(slug=slug, name=name, short_name=short, kind=kind, city=city, is_demo=True, **more)

    perpusnas = place(
        "perpusnas", "Perpustakaan Nasional Republik Indonesia", "Perpusnas", Kind.NATIONAL, "Jakarta",
        is_office=True, address="Jakarta Pusat", email="kerjasama@perpusnas.example",
    )  # fmt: skip
    return [
        perpusnas,
        place(
            "bung-hatta", "UPT Perpustakaan Proklamator Bung Hatta", "Perpustakaan Bung Hatta", Kind.CITY, "Bukittinggi",
            is_office=True, parent=perpusnas, region_id="13.75.01.1005", closed_weekdays=[6],
            address="Bukit Gulai Bancah, Kota Bukittinggi, Sumatera Barat", email="sirkulasi@bung-hatta.example",
            phone="0752 000 000", letterhead="PERPUSTAKAAN NASIONAL REPUBLIK INDONESIA",
        ),
        place(
            "payakumbuh", "Perpustakaan Umum Daerah Kota Payakumbuh", "Perpustakaan Payakumbuh", Kind.CITY,
            "Payakumbuh", is_office=True, region_id="13.76.01.1021", closed_weekdays=[6],
            address="Kota Payakumbuh, Sumatera Barat", email="layanan@payakumbuh.example",
            letterhead="PEMERINTAH KOTA PAYAKUMBUH\nDINAS PERPUSTAKAAN DAN KEARSIPAN",
        ),
        place(
            "dinas-pendidikan-payakumbuh", "Dinas Pendidikan Kota Payakumbuh", "Disdik Payakumbuh",
            Kind.EDUCATION_OFFICE, "Payakumbuh", region_id="13.76",
        ),
        place(
            "sawahlunto", "Dinas Perpustakaan dan Kearsipan Kota Sawahlunto", "DPK Sawahlunto", Kind.CITY, "Sawahlunto",
            region_id="13.73",
        ),
        place(
            "universitas-perintis", "Universitas Perintis Indonesia", "Universitas Perintis", Kind.ACADEMIC, "Padang",
            region_id="13.71",
        ),
        place(
            "uin-batusangkar", "UIN Mahmud Yunus Batusangkar", "UIN Batusangkar", Kind.ACADEMIC, "Batusangkar",
            region_id="13.04",
        ),
        place(
            "dinas-pendidikan-bukittinggi", "Dinas Pendidikan dan Kebudayaan Kota Bukittinggi", "Disdik Bukittinggi",
            Kind.EDUCATION_OFFICE, "Bukittinggi", region_id="13.75",
        ),
        place(
            "kemenag-payakumbuh", "Kantor Kementerian Agama Kota Payakumbuh", "Kemenag Payakumbuh", Kind.OTHER,
            "Payakumbuh", region_id="13.76",
        ),
    ]  # fmt: skip


def _schools(
    slug: str, city: str, count: int, villages: list[Region], region: str, offset: int
) -> list[Institution]:
    here = [village for village in villages if village.code.startswith(region)]
    rows = []
    for number in range(1, count + 1):
        village = here[(number * 5) % len(here)]
        rows.append(
            Institution(
                slug=f"sdn-{number:02}-{slug}",
                name=f"SD Negeri {number:02} {village.name}",
                short_name=f"SDN {number:02} {village.name}",
                kind=Kind.SCHOOL,
                npsn=f"99{offset + number:06}",
                region=village,
                address=f"Kelurahan {village.name}, Kota {city}",
                city=city,
                email=f"sdn{number:02}@{slug}.example",
                closed_weekdays=[6],
                is_demo=True,
            )
        )
    return rows


def _signatories(made: dict[str, Institution]) -> None:
    named = {login[3]: login[2] for login in LOGINS if login[4] in (Role.HEAD, Role.SCHOOL_CONTACT)}
    Person.objects.bulk_create(
        Person(
            institution=row,
            name=named.get(slug, person_name(index + 11)),
            function=SIGNS.get(InstitutionKind(row.kind), PersonFunction.HEAD),
            position="Kepala Sekolah" if row.kind == Kind.SCHOOL else "Kepala",
            email=row.email,
            signs=True,
        )
        for index, (slug, row) in enumerate(made.items())
    )


def _accounts(made: dict[str, Institution]) -> dict[str, User]:
    """The cast with a password; the other schools' contacts sign in by a code that is sent to them."""
    password = make_password(DEMO_PASSWORD)
    users, memberships = {}, []
    for username, mailbox, name, slug, role, _who in LOGINS:
        institution = made[slug]
        user = User(
            username=username,
            name=name,
            email=f"{mailbox}@{slug}.example",
            password=password,
            is_staff=institution.is_office,
        )
        users[username] = user
        memberships.append(Membership(user=user, institution=institution, role=role))
    for index, (slug, row) in enumerate(made.items()):
        if row.kind == Kind.SCHOOL and slug not in {login[3] for login in LOGINS}:
            contact = User(
                username=slug,
                name=person_name(index + 120),
                email=f"guru@{slug}.example",
                password=make_password(None),
            )
            users[slug] = contact
            memberships.append(Membership(user=contact, institution=row, role=Role.SCHOOL_CONTACT))
    User.objects.bulk_create(users.values())
    Membership.objects.bulk_create(memberships)
    return users


def _patterns(made: dict[str, Institution]) -> None:
    NumberPattern.objects.bulk_create(
        NumberPattern(institution=made[slug], kind=kind, pattern=pattern, unit=unit)
        for slug, unit in UNITS.items()
        for kind, pattern in USUAL_PATTERNS.items()
        if kind not in NUMBERED_AS_AGREEMENTS
    )


def _closed_days(today: date) -> None:
    """Holidays with a fixed date, and the schools' long holiday; moving feasts are entered by the office every year."""
    fixed = ((1, 1, "Tahun Baru"), (5, 1, "Hari Buruh"), (6, 1, "Hari Lahir Pancasila"), (8, 17, "Hari Kemerdekaan"),
             (12, 25, "Hari Natal"))  # fmt: skip
    rows = []
    for year in range(2021, today.year + 3):
        rows += [
            Closure(starts_on=date(year, month, day), ends_on=date(year, month, day), reason=reason)
            for month, day, reason in fixed
        ]
        rows.append(
            Closure(
                starts_on=date(year, 6, 21),
                ends_on=date(year, 7, 5),
                reason="Libur kenaikan kelas",
                scope=ClosureScope.SCHOOLS,
            )
        )
    Closure.objects.bulk_create(rows)
