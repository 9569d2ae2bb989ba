"""The demo's internships: of 2020 on agreements that the unit still signed itself, and of today on agreements of Perpusnas,
under which they are derived activities (turunan). Each is told by the verbs on its day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from agreements.choices import ActivityKind, AgreementKind
from agreements.demo.telling import Plan, at, conclude, on_day
from agreements.models import Activity, Agreement
from agreements.services.activities import finish_activity, plan_activity
from agreements.services.certifying import accept_interns, issue_certificates
from agreements.services.cohorts import KEPT_FOR, add_intern, erase_names, set_cohort, take_attendance
from agreements.services.ending import expire_agreement
from kerjasama.house import DemoCast
from libraries.choices import InstitutionKind
from libraries.models import Institution, Person, User

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
# What is agreed with a university; the usual words of the demo are those of a primary school.
ACADEMIC = {
    "aims": "Mahasiswa belajar bekerja di perpustakaan umum.\n"
    "Perpustakaan memperoleh bantuan dan gagasan baru.\nHasil penelitian bermanfaat bagi layanan.",
    "scope": "Magang mahasiswa.\nPenelitian dan pengabdian kepada masyarakat.",
    "division_of_work": "Perpustakaan menyediakan pembimbing dan tempat.\n"
    "Program studi menempatkan, membekali, dan menilai mahasiswa.",
    "procedures": "Penempatan dimulai dengan surat pengantar dan surat penerimaan.\n"
    "Magang berakhir dengan laporan, penilaian, dan sertifikat.",
    "financing": "Tidak ada biaya yang dibebankan; transportasi ditanggung mahasiswa.",
}
PROGRAMME = "Ilmu Perpustakaan dan Informasi Islam"


@dataclass(frozen=True, slots=True)
class Internship:
    """Who sends how many, from when, for how many days; ``offset`` picks their names."""

    university: Institution
    begins: date
    days: int
    interns: int
    offset: int


def universities_of(cast: DemoCast) -> list[Institution]:
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


def tell_2020(library: Institution, officer: User, universities: Sequence[Institution]) -> None:
    """In 2020 the unit signed its own agreements. The names of these interns are erased by now."""
    for number, university in enumerate(universities):
        begins = date(2020, 1, 13) + timedelta(days=7 * number)
        plan = Plan(
            university,
            date(2019, 9, 2),
            date(2021, 9, 1),
            AgreementKind.PKS,
            None,
            title="Magang mahasiswa",
            words=ACADEMIC,
        )
        agreement = conclude(library, plan, officer)
        story = Internship(university, begins, 26, 2 + number % 2, 3 * number)
        activity = _internship(library, officer, story, agreement, finished=True)
        with on_day(begins + timedelta(days=story.days) + KEPT_FOR + timedelta(days=1)):
            erase_names(activity.cohort.pk)
        with on_day(plan.ends_on + timedelta(days=1)):
            expire_agreement(agreement=agreement)


def tell_today(
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
            words={**ACADEMIC, "relation": "Para pihak bekerja sama secara setara."},
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
