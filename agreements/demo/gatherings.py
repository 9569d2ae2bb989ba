"""The demo's visits, courses, meetings and events, of Bung Hatta and of Payakumbuh, told by the verbs on their days."""

from datetime import date, timedelta
from typing import Any

from agreements.choices import ActivityKind
from agreements.demo.telling import WIB, at, on_day
from agreements.models import Activity, Agreement
from agreements.services.activities import add_attendee, cancel_activity, finish_activity, plan_activity
from agreements.services.certifying import issue_certificates, issue_minutes
from agreements.services.inviting import accept_invitation, decline_invitation, invite_partners
from kerjasama.house import DemoCast
from libraries.models import Institution, User


def tell_visits_and_courses(cast: DemoCast, library: Institution, officer: User) -> None:
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


def tell_meetings(cast: DemoCast, library: Institution, officer: User) -> None:
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


def tell_payakumbuh(cast: DemoCast) -> None:
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
