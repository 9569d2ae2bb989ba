"""The worked cases around Bung Hatta: Perpusnas signs, the unit carries out; Perintis, Sawahlunto, and what is unfinished."""

from datetime import date, timedelta

from agreements.choices import AgreementKind
from agreements.demo.telling import Plan, begin, conclude, draft, have_signed, marked, on_day
from agreements.models import Agreement
from agreements.services.continuing import derive_work_plan, renew_agreement
from agreements.services.drafting import draft_agreement, revise_agreement
from agreements.services.ending import expire_agreement, terminate_agreement
from agreements.services.signing import record_signature, submit_agreement
from kerjasama.domain import clock
from kerjasama.house import DemoCast
from libraries.models import Institution, User

EXCHANGE = ({"form": "exchange", "ratio_given": 1, "ratio_received": 1, "cost_bearer": "each"},)
SERVICE = {"audience": "students", "proof": "enrolment_letter", "replacement_days": 30}
STUDENTS = {
    "aims": "Mahasiswa dari luar Bukittinggi dan Agam dapat meminjam buku selama masa studinya.",
    "scope": "Keanggotaan dan peminjaman bagi mahasiswa aktif.",
    "division_of_work": "Perguruan tinggi menerbitkan surat aktif kuliah; perpustakaan melayani keanggotaan.",
    "procedures": "Mahasiswa menunjukkan surat aktif kuliah setiap semester.",
    "financing": "Masing-masing pihak menanggung biayanya sendiri.",
}
TWO_LIBRARIES = {
    "aims": "Melengkapi koleksi kedua perpustakaan dengan terbitan daerah.",
    "scope": "Tukar-menukar terbitan, satu untuk satu, tanpa melihat jumlah halaman dan harganya.",
    "division_of_work": "Setiap perpustakaan menawarkan daftar terbitannya dan mengirim yang dipilih mitranya.",
    "procedures": "Daftar tawaran dikirim dua kali setahun; setiap kiriman dibuatkan berita acara.",
    "financing": "Masing-masing pihak menanggung biaya kirimnya sendiri.",
}
NATIONAL = {
    "aims": "Meningkatkan kegemaran membaca dan pemanfaatan perpustakaan di Sumatera Barat.",
    "scope": "Pengembangan perpustakaan, pemanfaatan layanan, dan kegiatan literasi.",
    "relation": "Para pihak setara; pelaksanaannya diturunkan ke dalam rencana kerja UPT Perpustakaan Bung Hatta.",
    "division_of_work": "",
    "procedures": "",
    "financing": "Dituangkan dalam rencana kerja masing-masing.",
}


def sign_at_the_top(cast: DemoCast) -> dict[str, Agreement]:
    """Perpusnas' memoranda, which Bung Hatta's unit carries out; by the slug of the partner."""
    officer: User = cast.made["users"]["petugas.perpusnas"]
    made = {}
    for slug, months_ago, title in (
        ("dinas-pendidikan-bukittinggi", 26, "Pembinaan perpustakaan sekolah di Kota Bukittinggi"),
        ("universitas-perintis", 20, "Pemanfaatan perpustakaan oleh sivitas akademika"),
        ("uin-batusangkar", 14, "Pemanfaatan perpustakaan, magang, dan penelitian"),
    ):
        starts = clock.add_months(cast.today, -months_ago)
        made[slug] = conclude(
            cast.made["perpusnas"],
            Plan(
                cast.made[slug],
                starts,
                clock.add_months(starts, 60) - timedelta(days=1),
                AgreementKind.MOU,
                None,
                title=title,
                words=NATIONAL,
                executor=cast.made["bung-hatta"],
            ),
            officer,
        )
    return made


def perintis(cast: DemoCast, above: Agreement) -> None:
    """STIKes Perintis signed with the unit itself; today its students come under Perpusnas' memorandum."""
    officer: User = cast.made["users"]["petugas.kerjasama"]
    library, university = cast.made["bung-hatta"], cast.made["universitas-perintis"]
    old = conclude(
        library,
        Plan(
            university,
            date(2019, 3, 1),
            date(2021, 2, 28),
            AgreementKind.PKS,
            None,
            title="Pemanfaatan layanan perpustakaan oleh mahasiswa STIKes Perintis Padang",
            words=STUDENTS,
            provisions=({"form": "service_use", **SERVICE, "loan_limit": 2, "loan_days": 7},),
        ),
        officer,
    )
    _expire(old)
    starts = clock.add_months(cast.today, -9)
    with on_day(starts - timedelta(days=7)):
        plan = derive_work_plan(
            agreement=above,
            actor=officer,
            office=library,
            partner=university,
            title="Pemanfaatan layanan perpustakaan oleh mahasiswa Universitas Perintis",
        )
        plan = revise_agreement(
            agreement=marked(plan),
            actor=officer,
            starts_on=starts,
            ends_on=clock.add_months(starts, 24) - timedelta(days=1),
            provisions=[{"form": "service_use", **SERVICE, "loan_limit": 3, "loan_days": 14}],
            **STUDENTS,
        )
        have_signed(plan, officer)
    begin(plan, officer)


def sawahlunto(cast: DemoCast) -> None:
    """One publication for one: written for two terms, since then by word of mouth."""
    officer: User = cast.made["users"]["petugas.kerjasama"]
    library, partner = cast.made["bung-hatta"], cast.made["sawahlunto"]
    title = "Tukar-menukar bahan pustaka, satu untuk satu"
    first = conclude(
        library,
        Plan(
            partner, date(2019, 3, 1), date(2020, 2, 29), AgreementKind.PKS, None,
            title=title, words=TWO_LIBRARIES, provisions=EXCHANGE,
        ),
        officer,
    )  # fmt: skip
    with on_day(date(2020, 2, 10)):
        second = marked(
            renew_agreement(
                agreement=first,
                actor=officer,
                ends_on=date(2021, 2, 28),
                unevaluated_because="Pertukaran dinilai langsung saat serah terima.",
            )
        )
        have_signed(second, officer)
    _expire(begin(second, officer))
    starts = clock.add_months(cast.today, -5)
    conclude(
        library,
        Plan(
            partner, starts, clock.add_months(starts, 12) - timedelta(days=1), AgreementKind.IMPLICIT, None,
            title=title, words=TWO_LIBRARIES, provisions=EXCHANGE,
        ),
        officer,
    )  # fmt: skip


def unfinished(cast: DemoCast, above: Agreement) -> None:
    """On the officer's desk: a draft that the unit may not sign, one half written, one waiting for a signature, one ended early."""
    officer: User = cast.made["users"]["petugas.kerjasama"]
    library: Institution = cast.made["bung-hatta"]
    with on_day(cast.today - timedelta(days=4)):
        starts = cast.today + timedelta(days=20)
        lent = {"form": "interlibrary_loan", "loan_days": 14, "response_days": 3, "loan_limit": 5}
        draft(
            library,
            Plan(
                cast.made["sawahlunto"],
                starts,
                clock.add_months(starts, 24) - timedelta(days=1),
                AgreementKind.PKS,
                None,
                title="Pinjam antarperpustakaan",
                words=TWO_LIBRARIES
                | {"aims": "Pemustaka kedua kota dapat meminjam koleksi perpustakaan mitra."},
                provisions=(lent,),
            ),
            officer,
        )
        marked(
            draft_agreement(
                actor=officer,
                office=library,
                partner=cast.made["dinas-pendidikan-bukittinggi"],
                kind=AgreementKind.IMPLICIT,
                title="Pameran buku bersama",
                aims="Memperkenalkan koleksi anak kepada sekolah dan orang tua.",
            )
        )
        waiting = draft(
            library,
            Plan(
                cast.made["uin-batusangkar"],
                starts,
                clock.add_months(starts, 6) - timedelta(days=1),
                AgreementKind.WORK_PLAN,
                None,
                title="Magang mahasiswa Ilmu Perpustakaan",
                parent=above,
                words={
                    "aims": "Mahasiswa mengenal pekerjaan perpustakaan dari dekat.",
                    "scope": "Magang di bagian pengolahan, layanan, dan kerja sama.",
                    "division_of_work": "Kampus mengirim dan menilai; perpustakaan membimbing dan memberi sertifikat.",
                    "procedures": "Surat pengantar kampus, daftar hadir, dan laporan akhir.",
                    "financing": "Masing-masing pihak menanggung biayanya sendiri.",
                },
                provisions=({"form": "internship", "quantity": 8, "audience": "students"},),
            ),
            officer,
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
            AgreementKind.IMPLICIT,
            None,
            title="Kerja sama perpustakaan dan pendidikan",
        ),
        officer,
    )
    with on_day(cast.today - timedelta(days=40)):
        terminate_agreement(
            agreement=ended, actor=officer, note="Dilanjutkan oleh Perpustakaan Kota Payakumbuh."
        )


def _expire(agreement: Agreement) -> None:
    assert agreement.ends_on
    with on_day(agreement.ends_on + timedelta(days=1)):
        expire_agreement(agreement=agreement)
