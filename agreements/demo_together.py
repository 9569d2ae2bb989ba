"""The demo's activities: internships of 2020 and of today, visits, courses, meetings, events, and tools that are shared.

Each is told by the verbs on its day. What stands on an agreement has one: the internships of 2020 on agreements that the
unit still signed itself, those of today on agreements of Perpusnas, under which they are derived activities (turunan).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agreements.choices import ActivityKind, AgreementKind
from agreements.demo.telling import Plan, conclude, on_day
from agreements.models import Activity, Agreement, Booking, Equipment
from agreements.services.activities import add_attendee, cancel_activity, finish_activity, plan_activity
from agreements.services.bookings import confirm_booking, request_booking, take_back_equipment
from agreements.services.certifying import accept_interns, issue_certificates, issue_minutes
from agreements.services.cohorts import KEPT_FOR, add_intern, erase_names, set_cohort, take_attendance
from agreements.services.ending import expire_agreement
from agreements.services.equipment import register_equipment
from agreements.services.inviting import accept_invitation, decline_invitation, invite_partners
from kerjasama.house import DemoCast
from libraries.choices import InstitutionKind
from libraries.models import Institution, Person, User

WIB = ZoneInfo("Asia/Jakarta")
# (slug, name, short name, city, how its students are called)
UNIVERSITIES = (
    ("uin-imam-bonjol", "UIN Imam Bonjol Padang", "UIN Imam Bonjol", "Padang"),
    ("universitas-sumatera-utara", "Universitas Sumatera Utara", "USU", "Medan"),
    ("uin-batusangkar", "UIN Mahmud Yunus Batusangkar", "UIN Batusangkar", "Batusangkar"),
)
INTERNS = (
    "Rahma Yulianti",
    "Fajar Nugraha",
    "Intan Permata",
    "Yoga Saputra",
    "Nadia Rahmadani",
    "Ilham Kurniawan",
    "Suci Wulandari",
    "Bima Prasetyo",
    "Laila Azzahra",
)
LETTER = "B-{number}/{code}/PP.00.9/{month:02}/{year}"
PROGRAMME = "Ilmu Perpustakaan dan Informasi Islam"


@dataclass(frozen=True, slots=True)
class Internship:
    """Who sends how many, from when, for how many days; ``offset`` picks their names."""

    university: Institution
    begins: date
    days: int
    interns: int
    offset: int


def load(cast: DemoCast) -> None:
    """Everything that Bung Hatta and Payakumbuh do together with others besides lending."""
    officer: User = cast.made["users"]["petugas.kerjasama"]
    library: Institution = cast.made["bung-hatta"]
    universities = _universities(cast)
    _internships_of_2020(library, officer, universities)
    _internships_of_today(cast, library, officer, universities)
    _visits_and_courses(cast, library, officer)
    _meetings(cast, library, officer)
    _payakumbuh(cast)
    _tools(cast, library, officer)
    Activity.objects.update(is_demo=True)
    Equipment.objects.update(is_demo=True)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), WIB)


def _universities(cast: DemoCast) -> list[Institution]:
    rows = []
    for slug, name, short, city in UNIVERSITIES:
        row, _new = Institution.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "short_name": short,
                "kind": InstitutionKind.ACADEMIC,
                "city": city,
                "address": city,
                "email": f"perpustakaan@{slug}.example",
                "is_demo": True,
            },
        )
        Person.objects.get_or_create(
            institution=row,
            signs=True,
            defaults={"name": f"Ketua Program Studi {short}", "position": "Ketua Program Studi"},
        )
        rows.append(row)
        cast.made[slug] = row
    return rows


# --- internships -------------------------------------------------------------------------------------------------


def _internships_of_2020(library: Institution, officer: User, universities: Sequence[Institution]) -> None:
    """In 2020 the unit signed its own agreements. The names of these interns are erased by now."""
    for number, university in enumerate(universities):
        begins = date(2020, 1, 13) + timedelta(days=7 * number)
        plan = Plan(
            university, date(2019, 9, 2), date(2021, 9, 1), AgreementKind.PKS, None, title="Magang mahasiswa"
        )
        agreement = conclude(library, plan, officer)
        story = Internship(university, begins, 26, 2 + number % 2, 3 * number)
        activity = _internship(library, officer, story, agreement, finished=True)
        with on_day(begins + timedelta(days=story.days) + KEPT_FOR + timedelta(days=1)):
            erase_names(activity.cohort.pk)
        with on_day(plan.ends_on + timedelta(days=1)):
            expire_agreement(agreement=agreement)


def _internships_of_today(
    cast: DemoCast, library: Institution, officer: User, universities: Sequence[Institution]
) -> None:
    """One is over and certified, one under way, one agreed for next month; all derived from Perpusnas' agreements."""
    perpusnas: Institution = cast.made["perpusnas"]
    signer: User = cast.made["users"]["petugas.perpusnas"]
    begins = (-75, -18, 24)
    for number, university in enumerate(universities):
        starts = cast.today - timedelta(days=200)
        plan = Plan(
            university,
            starts,
            cast.today + timedelta(days=530),
            AgreementKind.MOU,
            None,
            title="Pendidikan, penelitian, dan magang mahasiswa",
            words={"relation": "Para pihak bekerja sama secara setara."},
            executor=cast.made["bung-hatta"],
        )
        agreement = conclude(perpusnas, plan, signer)
        first = cast.today + timedelta(days=begins[number])
        story = Internship(university, first, 40, 3, 3 * number)
        _internship(library, officer, story, agreement, finished=number == 0, today=cast.today)


def _internship(
    library: Institution,
    officer: User,
    story: Internship,
    agreement: Agreement,
    *,
    finished: bool,
    today: date | None = None,
) -> Activity:
    """Letter, places, names, attendance on the days so far, and certificates where it is over."""
    ends = story.begins + timedelta(days=story.days)
    written = min(story.begins - timedelta(days=30), (today or story.begins) - timedelta(days=2))
    with on_day(written):
        activity = plan_activity(
            actor=officer,
            office=library,
            kind=ActivityKind.INTERNSHIP,
            title=f"Magang mahasiswa {story.university}",
            begins_at=at(story.begins, 8),
            ends_at=at(ends, 16),
            place="Perpustakaan Proklamator Bung Hatta, Bukittinggi",
            agreement=agreement,
            plan="Layanan sirkulasi, pengolahan bahan pustaka, dan layanan anak; setiap pekan satu bagian.",
        )
        set_cohort(
            activity=activity,
            actor=officer,
            sender=story.university,
            places=story.interns + 1,
            letter_number=LETTER.format(
                number=118 + story.offset, code="Un.13", month=written.month, year=written.year
            ),
            letter_on=written - timedelta(days=4),
        )
        interns = [
            add_intern(
                activity=activity,
                actor=officer,
                name=INTERNS[(story.offset + number) % len(INTERNS)],
                programme=PROGRAMME,
                of_age=True,
            )
            for number in range(story.interns)
        ]
    with on_day(written + timedelta(days=1)):
        accept_interns(activity=activity, actor=officer)
    last = ends if finished else (today or ends)
    day, number = story.begins, 0
    while day <= last and (finished or today is None or day <= today):
        if day.weekday() < 5:
            present = [row.pk for index, row in enumerate(interns) if (number + index) % 9 != 4]
            with on_day(day):
                take_attendance(activity=activity, actor=officer, on=day, present=present)
            number += 1
        day += timedelta(days=1)
    if finished:
        with on_day(ends + timedelta(days=1)):
            finish_activity(
                activity=activity,
                actor=officer,
                counts={"students": len(interns)},
                result="Para mahasiswa telah bekerja di sirkulasi, pengolahan, dan layanan anak.",
            )
            issue_certificates(activity=activity, actor=officer)
    return activity


# --- visits, courses, meetings -----------------------------------------------------------------------------------


def _visits_and_courses(cast: DemoCast, library: Institution, officer: User) -> None:
    """What needs no agreement at all."""
    today, schools = cast.today, cast.made["bukittinggi schools"]
    visit = _plan(
        officer,
        library,
        ActivityKind.STUDY_VISIT,
        "Studi banding mahasiswa Universitas Perintis",
        today - timedelta(days=41),
        (9, 12),
        "Ruang layanan dan ruang pengolahan",
    )
    _done(
        visit,
        officer,
        {"students": 42, "teachers": 3},
        {cast.made["universitas-perintis"].pk: 45},
        "Mahasiswa mengenal alur pengolahan dan layanan koleksi Bung Hatta.",
    )
    course = _plan(
        officer,
        library,
        ActivityKind.BINDING,
        "Pelatihan penjilidan dan perbaikan buku",
        today - timedelta(days=23),
        (8, 15),
        "Ruang pelestarian",
    )
    with on_day(today - timedelta(days=30)):
        invite_partners(activity=course, actor=officer, institutions=schools[:6])
    for school in schools[:5]:
        _say(cast, course, school, 1)
    for school in schools[:5]:
        person = school.people.filter(signs=True).first()
        if person is not None:
            with on_day(today - timedelta(days=23)):
                add_attendee(activity=course, actor=officer, person=person)
    _done(
        course,
        officer,
        {"teachers": 5, "librarians": 2},
        {school.pk: 1 for school in schools[:5]},
        "Setiap peserta memperbaiki empat buku sekolahnya sendiri.",
    )
    with on_day(today - timedelta(days=21)):
        issue_certificates(activity=course, actor=officer)
    class_visit = _plan(
        officer,
        library,
        ActivityKind.CLASS_VISIT,
        "Kunjungan kelas 4 ke ruang anak",
        today + timedelta(days=1),
        (9, 11),
        "Ruang anak, lantai 1",
    )
    with on_day(today - timedelta(days=6)):
        invite_partners(activity=class_visit, actor=officer, institutions=[schools[1]])
    _say(cast, class_visit, schools[1], 34)
    # Over for two days, and nobody has written down yet how it went.
    _plan(
        officer,
        library,
        ActivityKind.PROMOTION,
        "Promosi perpustakaan di Pasar Ateh",
        today - timedelta(days=2),
        (15, 18),
        "Pelataran Jam Gadang",
    )


def _meetings(cast: DemoCast, library: Institution, officer: User) -> None:
    """One is over, with minutes; one is coming, and half of the schools have answered."""
    today, schools = cast.today, cast.made["bukittinggi schools"]
    held = _plan(
        officer,
        library,
        ActivityKind.MEETING,
        "Rapat evaluasi peminjaman bergilir",
        today - timedelta(days=12),
        (9, 12),
        "Aula lantai 2",
    )
    with on_day(today - timedelta(days=20)):
        invite_partners(activity=held, actor=officer, institutions=schools)
    for number, school in enumerate(schools):
        if number % 5 != 4:
            _say(cast, held, school, 1 + number % 2)
        elif number == 9:
            _say(cast, held, school, 0, "Bersamaan dengan akreditasi sekolah.")
    with on_day(today - timedelta(days=11)):
        finish_activity(
            activity=held,
            actor=officer,
            counts={"teachers": 17, "librarians": 5},
            attendance={row.pk: 1 + n % 2 for n, row in enumerate(schools) if n % 5 != 4},
            result="Disepakati jadwal penukaran semester depan dan cara melaporkan buku hilang lewat portal.",
            minutes=(
                "Rapat dibuka oleh Kepala Perpustakaan pukul 09.05 dan dihadiri perwakilan dua belas sekolah.\n"
                "Rata-rata delapan dari sepuluh buku dibaca lebih dari dua kali dalam satu periode.\n"
                "Sekolah meminta lebih banyak buku cerita daerah dan buku sains bergambar.\n"
                "Kehilangan dilaporkan lewat portal paling lambat sepekan setelah diketahui.\n"
                "Rapat ditutup pukul 11.40 dengan doa bersama."
            ),
        )
        issue_minutes(activity=held, actor=officer)
    coming = _plan(
        officer,
        library,
        ActivityKind.MEETING,
        "Rapat persiapan Bulan Gemar Membaca",
        today + timedelta(days=5),
        (9, 11),
        "Aula lantai 2",
        "Membagi tugas lomba mendongeng dan pameran buku. Mohon dihadiri kepala sekolah atau guru pustakawan.",
    )
    with on_day(today - timedelta(days=3)):
        invite_partners(activity=coming, actor=officer, institutions=schools)
    for number, school in enumerate(schools):
        if number in (1, 2, 4, 6, 7, 9):
            _say(cast, coming, school, 1 + number % 2)
        elif number == 11:
            _say(cast, coming, school, 0, "Guru pustakawan sedang mengikuti pelatihan di Padang.")
    rained_off = _plan(
        officer,
        library,
        ActivityKind.CLASS_VISIT,
        "Kunjungan kelas ke taman bacaan",
        today - timedelta(days=8),
        (8, 10),
        "Taman Panorama",
    )
    with on_day(today - timedelta(days=8)):
        cancel_activity(activity=rained_off, actor=officer, note="Hujan deras sejak pagi.")


def _payakumbuh(cast: DemoCast) -> None:
    """Partner schools join the library's events (seed 000); they stand on the library's agreements with them."""
    officer: User = cast.made["users"]["petugas.payakumbuh"]
    library: Institution = cast.made["payakumbuh"]
    schools: list[Institution] = cast.made["payakumbuh schools"]
    running: list[Agreement] = cast.made["payakumbuh running"]
    oldest = min(running, key=lambda row: row.starts_on or date.max)
    week = _plan(
        officer,
        library,
        ActivityKind.JOINT_EVENT,
        "Pekan Literasi: lomba mendongeng",
        cast.today - timedelta(days=34),
        (8, 14),
        "Perpustakaan Umum Kota Payakumbuh",
        agreement=oldest,
    )
    with on_day(cast.today - timedelta(days=45)):
        invite_partners(activity=week, actor=officer, institutions=schools[:24])
    _done(
        week,
        officer,
        {"pupils": 186, "teachers": 31, "parents": 64, "public": 90},
        {row.pk: 8 + number % 7 for number, row in enumerate(schools[:18])},
        "Delapan belas sekolah mengirim peserta; enam puluh anak mendaftar menjadi anggota perpustakaan.",
    )
    fair = _plan(
        officer,
        library,
        ActivityKind.EXHIBITION,
        "Pameran buku anak bersama sekolah mitra",
        cast.today + timedelta(days=9),
        (8, 15),
        "Perpustakaan Umum Kota Payakumbuh",
        agreement=oldest,
    )
    with on_day(cast.today - timedelta(days=5)):
        invite_partners(activity=fair, actor=officer, institutions=schools[:30])
    for number, school in enumerate(schools[:30]):
        if number % 3 == 0:
            _say(cast, fair, school, 12 + number % 5)


def _plan(
    officer: User,
    library: Institution,
    kind: str,
    title: str,
    day: date,
    hours: tuple[int, int],
    place: str,
    plan: str = "",
    agreement: Agreement | None = None,
) -> Activity:
    """Put on the calendar five weeks ahead."""
    with on_day(day - timedelta(days=35)):
        return plan_activity(
            actor=officer,
            office=library,
            kind=kind,
            title=title,
            begins_at=at(day, hours[0]),
            ends_at=at(day, hours[1]),
            place=place,
            plan=plan,
            agreement=agreement,
        )


def _done(
    activity: Activity, officer: User, counts: dict[str, int], came: dict[Any, int], result: str
) -> None:
    with on_day(activity.ends_on + timedelta(days=1)):
        finish_activity(activity=activity, actor=officer, counts=counts, attendance=came, result=result)


def _say(cast: DemoCast, activity: Activity, school: Institution, people: int, why: str = "") -> None:
    """The school's own account answers, two days after the invitation or today; 0 people means that it cannot come."""
    users: dict[str, User] = cast.made["users"]
    short = "".join(school.slug.split("-")[:2])
    actor = users.get(school.slug) or users[short]
    invited = activity.events.filter(action="invite").latest("at").at.astimezone(WIB).date()
    with on_day(min(invited + timedelta(days=2), cast.today)):
        if people:
            accept_invitation(activity=activity, actor=actor, institution=school, expected=people)
        else:
            decline_invitation(activity=activity, actor=actor, institution=school, note=why)


# --- tools -------------------------------------------------------------------------------------------------------


def _tools(cast: DemoCast, library: Institution, officer: User) -> None:
    """A projector that is out today, a laminator that somebody waits for, a press that is free."""
    users, today, schools = cast.made["users"], cast.today, cast.made["bukittinggi schools"]
    with on_day(today - timedelta(days=90)):
        projector, laminator, _press = (
            register_equipment(actor=officer, owner=library, name=name, place=place, description=text)
            for name, place, text in (
                (
                    "Proyektor dan layar 2 meter",
                    "Lantai 1, meja layanan",
                    "Dengan kabel HDMI dan pengeras suara.",
                ),
                (
                    "Laminator A3",
                    "Lantai 2, ruang pengolahan",
                    "Dengan 20 lembar plastik; selebihnya dibawa sendiri.",
                ),
                (
                    "Alat jilid buku",
                    "Lantai 2, ruang pelestarian",
                    "Penjepit kayu dan alat lubang; jarum disediakan.",
                ),
            )
        )

    def ask(
        tool: Equipment, school: Institution, actor: User, first: int, days: int, purpose: str
    ) -> Booking:
        begins = today + timedelta(days=first)
        with on_day(min(begins, today) - timedelta(days=4)):
            return request_booking(
                equipment=tool,
                institution=school,
                actor=actor,
                begins_at=at(begins, 8),
                ends_at=at(begins + timedelta(days=days), 15),
                purpose=purpose,
            )

    earlier = ask(projector, schools[0], users["sdn01"], -20, 1, "Pemutaran film Bung Hatta di kelas 5")
    with on_day(today - timedelta(days=22)):
        confirm_booking(booking=earlier, actor=officer)
    with on_day(today - timedelta(days=18)):
        take_back_equipment(
            booking=earlier, actor=officer, condition="Baik; tutup lensa hilang, sudah diganti."
        )
    out = ask(projector, schools[1], users["sdn02"], 0, 2, "Lomba mendongeng antarkelas")
    with on_day(today - timedelta(days=2)):
        confirm_booking(booking=out, actor=officer)
    ask(laminator, schools[0], users["sdn01"], 4, 1, "Kartu anggota perpustakaan sekolah")
    late = ask(laminator, schools[1], users["sdn02"], -5, 2, "Label rak")
    with on_day(today - timedelta(days=7)):
        confirm_booking(booking=late, actor=officer)
