"""What the demo's offices rule for themselves, and who may sign: the dated table of the 2021 case (A4, F6)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from agreements.choices import AgreementKind, DeskOutcome, Factor
from agreements.demo.telling import WORDS
from agreements.models import AgreementTemplate, DeskCount
from agreements.services.authority import record_authority
from agreements.services.ruling import set_borrowing_rule, set_kind_rule
from kerjasama.house import DemoCast
from libraries.models import Institution, Region, User

# Institution, kind, from, until, on what basis.
AUTHORITIES = (
    (
        "bung-hatta",
        AgreementKind.PKS,
        date(2015, 1, 1),
        date(2021, 12, 31),
        "Perubahan nomenklatur UPT, 2021",
    ),
    ("perpusnas", AgreementKind.MOU, date(2015, 1, 1), None, "Kewenangan Kepala Perpustakaan Nasional"),
    ("perpusnas", AgreementKind.PKS, date(2015, 1, 1), None, "Kewenangan Kepala Perpustakaan Nasional"),
)
MEMBERS_OF = ("13.75", "13.06")
# How many a day came to each answer, over a week; the desk is closed on Sundays.
A_WEEK: Mapping[str, tuple[int, ...]] = {
    DeskOutcome.MEMBER: (9, 11, 8, 12, 7, 15),
    DeskOutcome.BORROW: (4, 6, 3, 5, 2, 8),
    DeskOutcome.PROOF: (3, 2, 4, 1, 2, 3),
    DeskOutcome.READ: (6, 5, 7, 4, 9, 10),
}
WEEKS = 8
SCHOOL_LOAN = {"quantity": 100, "interval_months": 3, "replacement_days": 30, "receipt_days": 3}
TEMPLATES: tuple[dict[str, Any], ...] = (
    {
        "kind": AgreementKind.PKS,
        "name": "Peminjaman koleksi dengan sekolah dasar",
        "words": WORDS,
        "lending": SCHOOL_LOAN,
        "months": 12,
    },
    {
        "kind": AgreementKind.WORK_PLAN,
        "name": "Turunan: peminjaman koleksi dengan sekolah",
        "words": {name: WORDS[name] for name in ("aims", "scope", "division_of_work", "procedures")},
        "lending": SCHOOL_LOAN,
        "months": 12,
    },
    {
        "kind": AgreementKind.WORK_PLAN,
        "name": "Turunan: pemanfaatan layanan oleh mahasiswa",
        "words": {
            "scope": "Keanggotaan dan peminjaman bagi mahasiswa aktif.",
            "division_of_work": "Perguruan tinggi menerbitkan surat aktif kuliah; perpustakaan melayani keanggotaan.",
            "procedures": "Mahasiswa menunjukkan surat aktif kuliah setiap semester.",
        },
        "provisions": {
            "service_use": {
                "audience": "students",
                "proof": "enrolment_letter",
                "loan_limit": 3,
                "loan_days": 14,
                "replacement_days": 30,
            }
        },
        "months": 24,
    },
    {
        "kind": AgreementKind.IMPLICIT,
        "name": "Tukar-menukar terbitan, satu untuk satu",
        "words": {"aims": "Melengkapi koleksi kedua perpustakaan dengan terbitan daerah."},
        "provisions": {"exchange": {"ratio_given": 1, "ratio_received": 1, "cost_bearer": "each"}},
        "months": 12,
    },
)


def lay_down(cast: DemoCast) -> None:
    """Authority, the borrowing rule of Bung Hatta, Payakumbuh's legal review, templates, and two months at the desk."""
    users: dict[str, User] = cast.made["users"]
    for slug, kind, starts_on, ends_on, basis in AUTHORITIES:
        record_authority(
            actor=users["petugas.perpusnas"],
            institution=cast.made[slug],
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            basis=basis,
        )
    set_borrowing_rule(
        actor=users["petugas.kerjasama"],
        office=cast.made["bung-hatta"],
        regions=Region.objects.filter(pk__in=MEMBERS_OF),
        loan_limit=2,
        loan_days=7,
        note="Pendaftaran anggota di meja layanan, setiap hari kerja.",
    )
    set_kind_rule(
        actor=users["petugas.payakumbuh"],
        office=cast.made["payakumbuh"],
        kind=AgreementKind.MOU,
        required=[Factor.AIMS, Factor.SCOPE, Factor.RELATION],
        needs_review=True,
        notice_days=60,
    )
    AgreementTemplate.objects.bulk_create(AgreementTemplate(**given) for given in TEMPLATES)
    _desk(cast.made["bung-hatta"], cast.today)


def _desk(office: Institution, today: date) -> None:
    days = [today - timedelta(days=back) for back in range(1, 7 * WEEKS + 1)]
    DeskCount.objects.bulk_create(
        DeskCount(office=office, day=day, outcome=outcome, count=numbers[day.weekday()])
        for day in days
        if day.weekday() < 6
        for outcome, numbers in A_WEEK.items()
    )
