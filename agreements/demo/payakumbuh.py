"""Payakumbuh: a memorandum with the city's education office in its third term, and the schools under it."""

from datetime import date, timedelta

from agreements.choices import AgreementKind
from agreements.demo.telling import WORDS, Plan, begin, conclude, draft, have_signed, marked, on_day
from agreements.models import Agreement
from agreements.services.continuing import amend_agreement, renew_agreement, write_down
from agreements.services.drafting import revise_agreement
from agreements.services.negotiating import negotiate_agreement, remark_on_agreement, send_to_review
from agreements.services.obligations import add_obligation, fulfil_obligation, fulfil_partly
from kerjasama.domain import clock
from kerjasama.house import DemoCast
from libraries.models import Institution, User

# The aims as the paper on Payakumbuh names them (A11).
MOU_WORDS = {
    "aims": "Jumlah pengunjung perpustakaan meningkat setiap tahun.\n"
    "Perpustakaan dikenal oleh sekolah-sekolah di sekitarnya.\n"
    "Sekolah mitra ikut serta dalam kegiatan perpustakaan.",
    "scope": "Peminjaman koleksi, perpustakaan keliling, kunjungan kelas, dan lomba literasi.",
    "relation": "Kedua dinas setara dan berkoordinasi setiap triwulan.",
    "division_of_work": "Perpustakaan menyediakan koleksi dan mobil keliling; Dinas Pendidikan menugaskan sekolah.",
    "procedures": "Setiap sekolah menandatangani perjanjian sendiri di bawah nota kesepahaman ini.",
    "financing": "APBD Kota Payakumbuh melalui anggaran masing-masing dinas.",
}
MOU_FORMS = (
    {"form": "mobile_library", "visits_per_month": 4, "audience": "pupils"},
    {"form": "joint_events", "quantity": 4},
)
# Of which party (0 is the library), what, how many days ago or ahead it is due, what became of it.
DUTIES = (
    (0, "Mengirim jadwal perpustakaan keliling semester ini", -150, "fulfilled"),
    (1, "Menyampaikan daftar sekolah mitra dan nama guru pustakawan", -120, "fulfilled"),
    (0, "Melatih guru pustakawan, dua angkatan", -30, "partly"),
    (1, "Mengusulkan anggaran rak buku sekolah", -12, ""),
    (0, "Menyusun laporan kerja sama tahunan", 45, ""),
    (1, "Mengundang semua sekolah mitra ke lomba bercerita", 80, ""),
)
WRITTEN_DOWN, AMENDED, REVIEWED = 1, 2, 3


def tell(cast: DemoCast) -> list[Agreement]:
    """Fifty-eight schools, every second one written; their agreements in the order of the schools."""
    officer: User = cast.made["users"]["petugas.payakumbuh"]
    library: Institution = cast.made["payakumbuh"]
    memorandum = _three_terms(cast, library, officer)
    made = []
    for index, school in enumerate(cast.made["payakumbuh schools"]):
        starts = cast.today - timedelta(days=(index * 11) % 96)
        written = index % 2 == 0
        plan = Plan(
            school,
            starts,
            clock.add_months(starts, 12) - timedelta(days=1),
            AgreementKind.PKS if written else AgreementKind.IMPLICIT,
            40 if written else 30,
            parent=memorandum if written else None,
            review_on=cast.today + timedelta(days=3) if index == REVIEWED else None,
        )
        made.append(conclude(library, plan, officer))
    _addendum(cast.today, made[AMENDED], officer)
    _under_way(cast, library, officer, made[WRITTEN_DOWN], memorandum)
    return made


def _three_terms(cast: DemoCast, library: Institution, officer: User) -> Agreement:
    starts = clock.add_months(cast.today - timedelta(days=200), -48)
    agreement = conclude(
        library,
        Plan(
            cast.made["dinas-pendidikan-payakumbuh"],
            starts,
            clock.add_months(starts, 24) - timedelta(days=1),
            AgreementKind.MOU,
            None,
            title="Kerja sama perpustakaan umum dan sekolah dasar",
            words=MOU_WORDS,
            provisions=MOU_FORMS,
        ),
        officer,
    )
    for term in (2, 3):
        assert agreement.ends_on
        first = agreement.ends_on + timedelta(days=1)
        with on_day(first - timedelta(days=30)):
            following = marked(
                renew_agreement(
                    agreement=agreement,
                    actor=officer,
                    ends_on=clock.add_months(starts, 24 * term) - timedelta(days=1),
                    unevaluated_because="Masa sebelumnya dievaluasi lisan dalam rapat koordinasi.",
                )
            )
            have_signed(following, officer)
        agreement = begin(following, officer)
    _duties(cast.today, agreement, officer)
    return agreement


def _duties(today: date, agreement: Agreement, officer: User) -> None:
    parties = list(agreement.parties.order_by("created_at"))
    for place, text, days, became in DUTIES:
        due = today + timedelta(days=days)
        assert agreement.starts_on
        with on_day(agreement.starts_on):
            row = add_obligation(
                agreement=agreement, actor=officer, party=parties[place], text=text, due_on=due
            )
        if became:
            with on_day(due - timedelta(days=5)):
                if became == "fulfilled":
                    fulfil_obligation(obligation=row, actor=officer)
                else:
                    fulfil_partly(
                        obligation=row, actor=officer, note="Angkatan pertama sudah, dua belas guru."
                    )


def _addendum(today: date, agreement: Agreement, officer: User) -> None:
    """A school with a leaking roof gets more time to replace what is lost."""
    assert agreement.starts_on
    starts = max(agreement.starts_on + timedelta(days=5), today - timedelta(days=10))
    with on_day(starts):
        addendum = marked(
            amend_agreement(agreement=agreement, actor=officer, title="Perpanjangan tenggat penggantian buku")
        )
        addendum = revise_agreement(agreement=addendum, actor=officer, lending={"replacement_days": 45})
        have_signed(addendum, officer)
    begin(addendum, officer)


def _under_way(
    cast: DemoCast, library: Institution, officer: User, unwritten: Agreement, memorandum: Agreement
) -> None:
    """One by word of mouth is being put in writing and talked about; one memorandum lies with the lawyers."""
    school: User = cast.made["users"][unwritten.partner.slug]
    with on_day(cast.today - timedelta(days=6)):
        written = marked(write_down(agreement=unwritten, actor=officer, parent=memorandum))
        revise_agreement(agreement=written, actor=officer, **WORDS)
        negotiate_agreement(agreement=written, actor=officer)
    with on_day(cast.today - timedelta(days=2)):
        remark_on_agreement(
            agreement=written,
            actor=school,
            note="Kami minta penukaran setiap empat bulan, karena bertepatan dengan ujian semester.",
        )
    starts = clock.add_months(cast.today, 1)
    with on_day(cast.today - timedelta(days=5)):
        further = draft(
            library,
            Plan(
                cast.made["kemenag-payakumbuh"],
                starts,
                clock.add_months(starts, 24) - timedelta(days=1),
                AgreementKind.MOU,
                None,
                title="Kerja sama perpustakaan umum dan madrasah",
                words=MOU_WORDS | {"procedures": "Setiap madrasah menandatangani perjanjian sendiri."},
                provisions=MOU_FORMS[:1],
            ),
            officer,
        )
        send_to_review(agreement=further, actor=officer)
