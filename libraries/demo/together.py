"""The demo's networks and readiness: who works together, who was asked, what came of it. Told by the verbs, each on its day."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kerjasama.domain import clock
from kerjasama.house import DemoCast
from libraries.choices import LegalForm, NetworkKind, NetworkRole
from libraries.models import Assessment, Institution, Network, User
from libraries.questions import CONDITIONS, NETWORK, QuestionSet
from libraries.services.follow_ups import complete_follow_up, drop_follow_up, revise_follow_up
from libraries.services.networks import (
    activate_network,
    admit_member,
    appoint_focal_point,
    found_network,
    leave_network,
)
from libraries.services.readiness import (
    GivenAnswer,
    answer_assessment,
    review_assessment,
    send_assessment,
    send_assessments,
)

STANDARDS = (
    "Klasifikasi: DDC edisi 23, tiga angka untuk sekolah dasar.\n"
    "Katalog: RDA, dipertukarkan dalam MARC 21 atau lembar kerja.\n"
    "Peminjaman antaranggota tanpa biaya; buku hilang diganti judul yang sama."
)
NOTES = {
    "catalogue": "Baru buku pelajaran yang tercatat.",
    "staff": "Dirangkap guru kelas, dua jam sehari.",
    "equipment": "Fotokopi di warung seberang sekolah.",
    "rules": "Ada, tetapi belum ditempel.",
    "collection": "Label sedang dipasang.",
}


def load_together(cast: DemoCast) -> None:
    """Three networks, last year's answers and this year's questions."""
    users: dict[str, User] = cast.made["users"]
    _school_network(cast, users["petugas.payakumbuh"])
    _consortium(cast, users["petugas.kerjasama"])
    _forming(cast, users["petugas.kerjasama"])
    _asked_of_bukittinggi(cast, users)
    _asked_of_payakumbuh(cast, users)


def _school_network(cast: DemoCast, officer: User) -> None:
    library: Institution = cast.made["payakumbuh"]
    schools: Sequence[Institution] = cast.made["payakumbuh schools"]
    founded = date(2023, 5, 2)
    with on_day(founded):
        network = found_network(
            actor=officer,
            office=library,
            name="Jaringan Perpustakaan Sekolah Payakumbuh",
            legal_form=LegalForm.AGREEMENT,
            legal_basis="Nota Kesepahaman Dinas Pendidikan dan Perpustakaan Kota Payakumbuh, 2 Mei 2023",
            founded_on=founded,
            starts_on=founded,
            ends_on=date(cast.today.year + 2, 5, 1),
            purpose=(
                "Sekolah dasar di Kota Payakumbuh saling meminjamkan koleksi, berlatih bersama, dan menyambut "
                "perpustakaan keliling."
            ),
            standards=STANDARDS,
        )
        for index, school in enumerate(schools[:14]):
            role = {2: NetworkRole.SECRETARY, 5: NetworkRole.TREASURER}.get(index, NetworkRole.MEMBER)
            admit_member(network=network, actor=officer, institution=school, role=role)
        office = cast.made["dinas-pendidikan-payakumbuh"]
        admit_member(network=network, actor=officer, institution=office, role=NetworkRole.COORDINATOR)
        _lead(network, officer, schools[0])
        activate_network(network=network, actor=officer)
    with on_day(date(2024, 7, 15)):
        _lead(network, officer, library)
    with on_day(date(2025, 6, 30)):
        leave_network(
            network=network,
            actor=officer,
            member=network.members.current().get(institution=schools[13]),
            note="Sekolah digabung dengan tetangganya.",
        )
    cast.made["school network"] = network


def _consortium(cast: DemoCast, officer: User) -> None:
    founded = date(2024, 8, 19)
    with on_day(founded):
        network = found_network(
            actor=officer,
            office=cast.made["bung-hatta"],
            name="Konsorsium Perpustakaan Sumatera Barat",
            kind=NetworkKind.CONSORTIUM,
            legal_form=LegalForm.ASSOCIATION,
            legal_basis="Akta perkumpulan Nomor 17, 19 Agustus 2024",
            founded_on=founded,
            starts_on=founded,
            purpose="Pengadaan koleksi digital bersama dan pelatihan pustakawan.",
            standards="Tagihan dibagi menurut jumlah anggota aktif setiap perpustakaan.",
        )
        for slug, role in (
            ("universitas-perintis", NetworkRole.TREASURER),
            ("sawahlunto", NetworkRole.MEMBER),
            ("payakumbuh", NetworkRole.SECRETARY),
        ):
            admit_member(network=network, actor=officer, institution=cast.made[slug], role=role)
        _lead(network, officer, cast.made["bung-hatta"])
        activate_network(network=network, actor=officer)


def _forming(cast: DemoCast, officer: User) -> None:
    with on_day(cast.today - timedelta(days=20)):
        network = found_network(
            actor=officer,
            office=cast.made["bung-hatta"],
            name="Jaringan Sekolah Dasar Bukittinggi",
            purpose="Bertukar pengalaman mengelola pojok baca.",
        )
        for school in cast.made["bukittinggi schools"][:4]:
            admit_member(network=network, actor=officer, institution=school)


def _lead(network: Network, officer: User, institution: Institution) -> None:
    member = network.members.current().get(institution=institution)
    appoint_focal_point(network=network, actor=officer, member=member)


def _asked_of_bukittinggi(cast: DemoCast, users: dict[str, User]) -> None:
    """All were asked last year; eleven answered. This year eight are asked again, and one was late to begin with."""
    officer, library = users["petugas.kerjasama"], cast.made["bung-hatta"]
    schools: Sequence[Institution] = cast.made["bukittinggi schools"]
    last_year = cast.today - timedelta(days=330)
    _round(library, officer, users, schools[:11], last_year, cast.today, better=0)
    with on_day(cast.today - timedelta(days=30)):
        send_assessments(
            actor=officer,
            office=library,
            respondents=schools[12:14],
            due_on=cast.today - timedelta(days=9),
            message="Mohon diisi sebelum kunjungan kami ke sekolah.",
        )
    asked = cast.today - timedelta(days=10)
    with on_day(asked):
        report = send_assessments(
            actor=officer,
            office=library,
            respondents=schools[:8],
            due_on=cast.today + timedelta(days=4),
            message="Setahun sudah lewat. Apa yang sudah berubah di perpustakaan Bapak dan Ibu?",
        )
    for index, row in enumerate(report.sent):
        if index in (1, 4, 6):
            with on_day(asked + timedelta(days=3 + index // 2)):
                _answer(row, users, index, better=2)


def _asked_of_payakumbuh(cast: DemoCast, users: dict[str, User]) -> None:
    officer, library = users["petugas.payakumbuh"], cast.made["payakumbuh"]
    schools: Sequence[Institution] = cast.made["payakumbuh schools"]
    _round(library, officer, users, schools[:20], cast.today - timedelta(days=120), cast.today, better=1)
    asked = cast.today - timedelta(days=60)
    with on_day(asked):
        row = send_assessment(
            actor=officer,
            office=library,
            network=cast.made["school network"],
            due_on=asked + timedelta(days=14),
        )
    with on_day(asked + timedelta(days=9)):
        answer_assessment(assessment=row, actor=officer, answers=_answers(NETWORK, 3, 1))


def _round(
    library: Institution,
    officer: User,
    users: dict[str, User],
    schools: Sequence[Institution],
    asked: date,
    today: date,
    *,
    better: int,
) -> None:
    """One round of questions, answered within two weeks, talked over within four; some gaps are closed since."""
    with on_day(asked):
        report = send_assessments(
            actor=officer, office=library, respondents=schools, due_on=asked + timedelta(days=14)
        )
    for index, row in enumerate(report.sent):
        with on_day(asked + timedelta(days=2 + index % 11)):
            _answer(row, users, index, better=better)
        if index % 5 == 4:
            continue
        with on_day(asked + timedelta(days=21 + index % 7)):
            review_assessment(
                assessment=row, actor=officer, note="Dibahas dengan kepala sekolah saat kunjungan."
            )
            for place, gap in enumerate(row.follow_ups.order_by("question")):
                if (index + place) % 3 == 0:
                    who = "Perpustakaan" if place % 2 else "Guru pustakawan"
                    revise_follow_up(follow_up=gap, actor=officer, who=who)
        with on_day(asked + timedelta(days=60 + index)):
            for place, gap in enumerate(row.follow_ups.order_by("question")):
                if (index + place) % 4 == 1:
                    complete_follow_up(follow_up=gap, actor=officer, note="Selesai dikerjakan bersama.")
                elif (index + place) % 9 == 2:
                    drop_follow_up(follow_up=gap, actor=officer, note="Menunggu gedung perpustakaan baru.")
                else:
                    due_on = today + timedelta(days=(13 * index + 29 * place + 12) % 80 - 6)
                    revise_follow_up(follow_up=gap, actor=officer, due_on=due_on)


def _answer(row: Assessment, users: dict[str, User], index: int, *, better: int) -> None:
    slug = row.respondent.slug
    contact = users.get({"sdn-01-bukittinggi": "sdn01", "sdn-02-bukittinggi": "sdn02"}.get(slug, slug))
    assert contact is not None
    answer_assessment(assessment=row, actor=contact, answers=_answers(CONDITIONS, index, better))


def _answers(asked: QuestionSet, index: int, better: int) -> list[GivenAnswer]:
    """Different from one to the next, the same on every load; ``better``: how much has been done since."""
    given = []
    for place, code in enumerate(asked.codes):
        weak = (index * 5 + place * 7) % 11 - better
        value = "no" if weak > 8 else "partly" if weak > 5 else "yes"
        given.append(GivenAnswer(code, value, NOTES.get(code, "") if value != "yes" else ""))
    return given


def on_day(day: date) -> Any:
    """It is nine in the morning of ``day`` in West Sumatra."""
    return clock.pretend(datetime.combine(day, time(9, 0), ZoneInfo("Asia/Jakarta")))
