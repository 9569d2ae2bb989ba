"""The demo's agreements: the past of 2021 and 2022, what runs today, and one of each state that an officer meets.

They are made by the verbs themselves, each on its own day, so every paper, signature and event is there.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agreements.choices import AgreedHow, AgreementKind
from agreements.models import Agreement
from agreements.services.drafting import draft_agreement
from agreements.services.ending import terminate_agreement
from agreements.services.signing import activate_agreement, record_signature, submit_agreement
from kerjasama.domain import clock
from kerjasama.house import DemoCast
from libraries.models import Institution, User

AIMS = (
    "Menumbuhkan kegemaran membaca murid sekolah dasar.\n"
    "Memperkenalkan perpustakaan kepada generasi muda.\n"
    "Menyegarkan koleksi perpustakaan sekolah tanpa membeli buku baru."
)
SCOPE = (
    "Peminjaman koleksi secara bergilir.\nKegiatan bersama: kunjungan kelas, mendongeng, dan pameran buku."
)
DIVISION = (
    "Perpustakaan memilih, mengantar, dan menukar buku.\n"
    "Sekolah menyediakan tempat, menjaga buku, dan mencatat pemakaiannya."
)
PROCEDURES = "Setiap serah terima dibuatkan berita acara.\nSekolah mengonfirmasi penerimaan melalui portal."
FINANCING = "Biaya pengantaran ditanggung perpustakaan; biaya penggantian buku hilang ditanggung sekolah."

# Days until a running period ends, per Bukittinggi school: so that every screen has something due, late or fresh.
# SDN 01 received its second delivery yesterday; SDN 03 is swapped today; 04 and 07 are late.
RUNNING_ENDS = (89, 3, 0, -9, 84, 82, -33, 40, 12, 55, 21, 68, 75, 47, 88)


@dataclass(frozen=True, slots=True)
class Plan:
    """One agreement to be made: with whom, from when to when, how it came about, how many books."""

    partner: Institution
    starts_on: date
    ends_on: date
    kind: str
    quantity: int = 100
    interval_months: int = 3


def load(cast: DemoCast) -> None:
    """Past and running agreements of both libraries; put on as "past", "running" and "payakumbuh running"."""
    officer: User = cast.made["users"]["petugas.kerjasama"]
    library: Institution = cast.made["bung-hatta"]
    schools: list[Institution] = cast.made["bukittinggi schools"]
    past = [_past(school, index) for index, school in enumerate(schools)]
    cast.made["past"] = [conclude(library, plan, officer) for plan in past]
    running = [_running(cast.today, school, index) for index, school in enumerate(schools)]
    cast.made["running"] = [conclude(library, plan, officer) for plan in running]
    _payakumbuh(cast)
    _unfinished(cast, library, officer)


def _past(school: Institution, index: int) -> Plan:
    """Ten agreements of 2021, five of 2022, for half a year or a year; since 2022 the unit signs none any more."""
    year = 2021 if index < 10 else 2022
    starts = date(year, 2, 1) + timedelta(days=3 * index)
    months = 12 if index % 3 == 0 else 6
    kind = AgreementKind.PKS if year == 2021 else AgreementKind.IMPLICIT
    return Plan(school, starts, clock.add_months(starts, months) - timedelta(days=1), kind)


def _running(today: date, school: Institution, index: int) -> Plan:
    """An agreement whose present period ends so many days from today."""
    ends_in = RUNNING_ENDS[index]
    periods = 2 if index in (0, 2, 8) else 1
    starts = clock.add_months(today + timedelta(days=ends_in), -3 * periods)
    length = 6 if index in (8, 10) else 12
    return Plan(school, starts, clock.add_months(starts, length) - timedelta(days=1), AgreementKind.IMPLICIT)


def _payakumbuh(cast: DemoCast) -> None:
    """Fifty-eight schools: every second agreement written, the others agreed in a meeting; a few not yet delivered."""
    officer: User = cast.made["users"]["petugas.payakumbuh"]
    library: Institution = cast.made["payakumbuh"]
    made = []
    for index, school in enumerate(cast.made["payakumbuh schools"]):
        starts = cast.today - timedelta(days=(index * 11) % 96)
        kind = AgreementKind.PKS if index % 2 == 0 else AgreementKind.IMPLICIT
        plan = Plan(
            school,
            starts,
            clock.add_months(starts, 12) - timedelta(days=1),
            kind,
            40 if index % 2 == 0 else 30,
        )
        made.append(conclude(library, plan, officer))
    cast.made["payakumbuh running"] = made


def _unfinished(cast: DemoCast, library: Institution, officer: User) -> None:
    """What an officer has on the desk: an incomplete draft, one waiting for a signature, one ended before its time."""
    with on_day(cast.today - timedelta(days=4)):
        draft_agreement(
            actor=officer,
            office=library,
            partner=cast.made["sawahlunto"],
            kind=AgreementKind.MOU,
            title="Tukar-menukar bahan pustaka",
            aims="Melengkapi koleksi kedua perpustakaan dengan terbitan daerah.",
        )
        waiting = draft_agreement(
            actor=officer,
            office=library,
            partner=cast.made["universitas-perintis"],
            kind=AgreementKind.PKS,
            title="Pemanfaatan layanan perpustakaan oleh mahasiswa",
            starts_on=cast.today + timedelta(days=20),
            ends_on=clock.add_months(cast.today, 24),
            aims="Mahasiswa dari luar kota dapat meminjam buku selama masa studinya.",
            scope="Keanggotaan dan peminjaman bagi mahasiswa aktif.",
            division_of_work="Universitas menerbitkan surat aktif kuliah; perpustakaan melayani keanggotaan.",
            procedures="Mahasiswa menunjukkan surat aktif kuliah setiap semester.",
            financing="Masing-masing pihak menanggung biayanya sendiri.",
        )
    with on_day(cast.today - timedelta(days=3)):
        waiting = submit_agreement(agreement=waiting, actor=officer)
        first = waiting.parties.get(institution=library)
        record_signature(agreement=waiting, actor=officer, party=first, signed_on=clock.today())
    ended = conclude(
        library,
        Plan(
            cast.made["dinas-pendidikan-payakumbuh"],
            cast.today - timedelta(days=200),
            cast.today + timedelta(days=165),
            AgreementKind.MOU,
        ),
        officer,
        lends=False,
    )
    with on_day(cast.today - timedelta(days=40)):
        terminate_agreement(
            agreement=ended, actor=officer, note="Dilanjutkan oleh Perpustakaan Kota Payakumbuh."
        )


def conclude(library: Institution, plan: Plan, officer: User, *, lends: bool = True) -> Agreement:
    """Draft, sign and bring into force, each on its day."""
    lending: dict[str, Any] | None = None
    if lends:
        lending = {
            "quantity": plan.quantity,
            "interval_months": plan.interval_months,
            "first_delivery_on": plan.starts_on,
            "replacement_days": 30,
            "receipt_days": 3,
        }
    evidence: dict[str, Any] = {}
    if plan.kind == AgreementKind.IMPLICIT:
        evidence = {
            "agreed_by": f"Kepala {plan.partner.short_name or plan.partner.name} dan petugas kerja sama perpustakaan",
            "agreed_on": plan.starts_on - timedelta(days=7),
            "agreed_how": AgreedHow.VISIT,
            "agreed_note": "Disepakati saat kunjungan petugas ke sekolah, disaksikan guru pustakawan.",
        }
    with on_day(plan.starts_on - timedelta(days=7)):
        agreement = draft_agreement(
            actor=officer,
            office=library,
            partner=plan.partner,
            kind=plan.kind,
            title="Peminjaman koleksi secara bergilir" if lends else "Kerja sama perpustakaan dan pendidikan",
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            aims=AIMS,
            scope=SCOPE,
            relation="Kedua pihak bekerja sama secara setara." if not lends else "",
            division_of_work=DIVISION,
            procedures=PROCEDURES,
            financing=FINANCING,
            lending=lending,
            **evidence,
        )
        if plan.kind != AgreementKind.IMPLICIT:
            for party in agreement.parties.all():
                if not party.signatory_name:
                    party.signatory_name = "Pejabat yang berwenang"
                    party.save()
            submit_agreement(agreement=agreement, actor=officer)
            for party in agreement.parties.all():
                record_signature(agreement=agreement, actor=officer, party=party, signed_on=clock.today())
    with on_day(plan.starts_on):
        agreement = activate_agreement(agreement=agreement, actor=officer)
    Agreement.objects.filter(pk=agreement.pk).update(is_demo=True)
    return agreement


def on_day(day: date) -> Any:
    """It is nine in the morning of ``day`` in West Sumatra."""
    return clock.pretend(datetime.combine(day, time(9, 0), ZoneInfo("Asia/Jakarta")))
