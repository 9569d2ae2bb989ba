"""The demo's judgements: what each cooperation was to bring, what it brought, and what stood in the way.

Told after the lending, because what was lent and lost is counted, not made up; each on its day, by the verbs themselves.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from agreements.choices import AgreementKind, AgreementStatus
from agreements.demo import on_day
from agreements.models import Agreement, Indicator
from agreements.services.evaluating import begin_evaluation, finish_evaluation, revise_evaluation
from agreements.services.measuring import add_indicator, count_measurements, record_measurement
from agreements.services.obstacles import note_obstacle, resolve_obstacle
from kerjasama.house import DemoCast
from libraries.models import User

# Past agreements of Bung Hatta whose evaluation was finished, with what followed.
FINISHED = {0: "renew", 1: "renew", 2: "change", 5: "renew", 7: "end", 10: "renew", 12: "change"}
# One ends soon and its evaluation is being written; another has its aims and nothing else.
BEING_WRITTEN = 10

CONCLUSIONS = {
    "renew": (
        "Murid lebih sering datang ke perpustakaan dan lebih banyak yang menjadi anggota. Buku bergilir dibaca di kelas "
        "setiap hari Jumat.\nHilangnya buku sedikit dan selalu diganti."
    ),
    "change": (
        "Kunjungan meningkat, tetapi konfirmasi penerimaan masih sering terlambat.\n"
        "Jumlah buku per pengantaran sebaiknya disesuaikan dengan jumlah kelas."
    ),
    "end": (
        "Sekolah sudah memiliki perpustakaan baru dengan koleksi sendiri yang memadai.\n"
        "Kerja sama cukup dilanjutkan dalam bentuk kunjungan kelas tanpa peminjaman koleksi."
    ),
}
OBSTACLES = (
    (
        "staff",
        "Guru pustakawan berganti di tengah tahun pelajaran.",
        "Pelatihan singkat bagi guru yang baru pada awal semester.",
        "Guru pengganti sudah mengikuti pelatihan setengah hari di perpustakaan.",
    ),
    (
        "facilities",
        "Sekolah belum memiliki rak yang cukup untuk seratus buku.",
        "Dua rak dipinjamkan oleh perpustakaan.",
        "Rak sudah dipasang di ruang baca.",
    ),
    (
        "understanding",
        "Orang tua belum memahami manfaat buku bergilir sehingga murid enggan membawanya pulang.",
        "Penjelasan singkat pada rapat orang tua.",
        "Kepala sekolah menjelaskannya pada rapat pembagian rapor.",
    ),
    (
        "funds",
        "Biaya penggantian buku hilang belum masuk dalam anggaran sekolah.",
        "Diusulkan ke dalam rencana anggaran tahun berikutnya.",
        "Sudah dianggarkan dari dana bantuan operasional sekolah.",
    ),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One aim of the demo: how much a year before, how much was wanted, and how it grew in a year, in per cent."""

    kind: str
    name: str
    before: int
    target: int
    grew: int
    source: str


def tell(cast: DemoCast) -> None:
    """Aims for past and running agreements of both libraries; finished evaluations, one draft, obstacles."""
    officer: User = cast.made["users"]["petugas.kerjasama"]
    helper: User = cast.made["users"]["petugas.sirkulasi"]
    for index, agreement in enumerate(cast.made["past"]):
        _past(agreement, index, officer)
    for index, agreement in enumerate(cast.made["running"]):
        if index in (0, 3, 6, BEING_WRITTEN):
            _running(cast.today, agreement, index, officer, helper)
    _payakumbuh(cast)


def _bung_hatta(index: int) -> tuple[Told, ...]:
    spread = (7 * index) % 11
    return (
        Told(
            "visits",
            "Kunjungan rombongan dari sekolah",
            180 + 12 * spread,
            240 + 12 * spread,
            20 + 4 * spread,
            "Buku tamu perpustakaan",
        ),
        Told(
            "members",
            "Anggota perpustakaan dari sekolah",
            24 + spread,
            60 + spread,
            110 + 6 * spread,
            "Daftar anggota",
        ),
    )


def _aims(agreement: Agreement, told: tuple[Told, ...], officer: User) -> list[tuple[Indicator, Told]]:
    """The aims, with the year before the agreement as what was before; and what the lending counts by itself."""
    assert agreement.starts_on
    before = agreement.starts_on.year - 1
    found = [
        (
            add_indicator(
                agreement=agreement,
                actor=officer,
                kind=aim.kind,
                name=aim.name,
                baseline_value=Decimal(aim.before),
                baseline_from=date(before, 1, 1),
                baseline_until=date(before, 12, 31),
                baseline_source=f"{aim.source} {before}",
                target_value=Decimal(aim.target),
                target_on=agreement.ends_on,
            ),
            aim,
        )
        for aim in told
    ]
    for kind, name, target in (
        ("books_out", "Buku yang dipinjamkan secara bergilir", None),
        ("losses", "Buku hilang", 1),
        ("in_time", "Serah terima dikonfirmasi tepat waktu", 90),
    ):
        add_indicator(
            agreement=agreement,
            actor=officer,
            kind=kind,
            name=name,
            target_value=None if target is None else Decimal(target),
            target_on=agreement.ends_on if target is not None else None,
        )
    return found


def _measure(aims: list[tuple[Indicator, Told]], start: date, end: date, officer: User) -> None:
    """Values as they were written down: visits of these days, members at their end."""
    days = (end - start).days + 1
    for indicator, aim in aims:
        grown = aim.before * (100 + aim.grew) // 100
        value = grown if aim.kind == "members" else grown * days // 365
        record_measurement(
            indicator=indicator,
            actor=officer,
            starts_on=start,
            ends_on=end,
            value=Decimal(value),
            note=aim.source,
        )


def _past(agreement: Agreement, index: int, officer: User) -> None:
    assert agreement.starts_on and agreement.ends_on
    with on_day(agreement.starts_on):
        aims = _aims(agreement, _bung_hatta(index), officer)
    kind, description, remedy, resolution = OBSTACLES[index % len(OBSTACLES)]
    with on_day(agreement.starts_on + timedelta(days=60)):
        obstacle = note_obstacle(
            agreement=agreement,
            actor=officer,
            kind=kind,
            description=description,
            remedy=remedy,
            owner=officer,
            due_on=agreement.starts_on + timedelta(days=120),
        )
    with on_day(agreement.starts_on + timedelta(days=110)):
        resolve_obstacle(obstacle=obstacle, actor=officer, resolution=resolution)
    if index not in FINISHED:
        return
    with on_day(agreement.ends_on + timedelta(days=2)):
        _measure(aims, agreement.starts_on, agreement.ends_on, officer)
        count_measurements(
            agreement=agreement, actor=officer, starts_on=agreement.starts_on, ends_on=agreement.ends_on
        )
        _finish(agreement, FINISHED[index], officer)


def _finish(agreement: Agreement, recommendation: str, officer: User, conclusion: str = "") -> None:
    draft = begin_evaluation(agreement=agreement, actor=officer)
    draft = revise_evaluation(
        evaluation=draft,
        actor=officer,
        conclusion=conclusion or CONCLUSIONS[recommendation],
        recommendation=recommendation,
    )
    finish_evaluation(evaluation=draft, actor=officer)


def _running(today: date, agreement: Agreement, index: int, officer: User, helper: User) -> None:
    """Aims of what runs today, with one open obstacle each; one evaluation is being written."""
    assert agreement.starts_on and agreement.ends_on
    with on_day(agreement.starts_on):
        aims = _aims(agreement, _bung_hatta(index), officer)
    kind, description, remedy, _resolution = OBSTACLES[index % len(OBSTACLES)]
    with on_day(today - timedelta(days=20)):
        note_obstacle(
            agreement=agreement,
            actor=officer,
            kind=kind,
            description=description,
            remedy=remedy,
            owner=helper if index else officer,
            due_on=today + timedelta(days=(-2, 0, 9)[index % 3]),
        )
    until = min(today, agreement.ends_on) - timedelta(days=1)
    with on_day(today):
        if until > agreement.starts_on:
            _measure(aims, agreement.starts_on, until, officer)
        if index == BEING_WRITTEN:
            count_measurements(
                agreement=agreement, actor=officer, starts_on=agreement.starts_on, ends_on=until
            )
            begin_evaluation(agreement=agreement, actor=officer)


def _payakumbuh(cast: DemoCast) -> None:
    """The aims of Payakumbuh's MoU: more visitors every year, promotion around, partners who join the library's events."""
    users: dict[str, User] = cast.made["users"]
    officer = users["petugas.payakumbuh"]
    for index, agreement in enumerate(cast.made["payakumbuh running"][:8]):
        with on_day(agreement.starts_on):
            add_indicator(
                agreement=agreement,
                actor=officer,
                kind="events",
                name="Kegiatan perpustakaan yang diikuti sekolah",
                target_value=Decimal(3 + index % 3),
                target_on=agreement.ends_on,
            )
            add_indicator(
                agreement=agreement,
                actor=officer,
                kind="losses",
                name="Buku hilang",
                target_value=Decimal(1),
                target_on=agreement.ends_on,
            )
    _mou(cast, officer)


def _mou(cast: DemoCast, officer: User) -> None:
    """The MoU of Payakumbuh with its education office: its present term judged so far."""
    mou = (
        Agreement.objects.filter(
            office=cast.made["payakumbuh"],
            partner=cast.made["dinas-pendidikan-payakumbuh"],
            kind=AgreementKind.MOU,
            status=AgreementStatus.ACTIVE,
        )
        .order_by("starts_on")
        .last()
    )
    if mou is None or mou.starts_on is None:
        return
    before = (mou.starts_on - timedelta(days=365), mou.starts_on - timedelta(days=1))
    until = cast.today - timedelta(days=1)
    with on_day(cast.today):
        for kind, name, unit, was, target, now in (
            ("visits", "Pengunjung Perpustakaan Kota", "pengunjung", 18400, 20000, 11950),
            ("own", "Sekolah di sekitar yang dikunjungi untuk promosi", "sekolah", 14, 30, 22),
            ("own", "Sekolah mitra yang ikut kegiatan perpustakaan", "sekolah", 21, 40, 19),
        ):
            aim = add_indicator(
                agreement=mou,
                actor=officer,
                kind=kind,
                name=name,
                unit=unit,
                figure="",
                baseline_value=Decimal(was),
                baseline_from=before[0],
                baseline_until=before[1],
                baseline_source="Laporan tahunan",
                target_value=Decimal(target),
            )
            record_measurement(
                indicator=aim,
                actor=officer,
                starts_on=mou.starts_on,
                ends_on=until,
                value=Decimal(now),
                note="Laporan bulanan",
            )
        note_obstacle(
            agreement=mou,
            actor=officer,
            kind="systems",
            description="Jadwal kegiatan perpustakaan dan kalender sekolah belum selaras.",
            remedy="Jadwal tahunan disusun bersama setiap bulan Juli.",
            owner=officer,
            due_on=cast.today - timedelta(days=3),
        )
        _finish(
            mou,
            "change",
            officer,
            "Pengunjung bertambah dan lebih banyak sekolah didatangi.\n"
            "Kegiatan bersama belum sebanyak yang diharapkan dan perlu dijadwalkan sejak awal tahun.",
        )
