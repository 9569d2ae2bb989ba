"""One realistic paper of each kind: what the tests read, and what ``make screenshots`` may print."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.utils import translation

from agreements.activity_papers import (
    AcceptancePaper,
    CertificatePaper,
    CohortListPaper,
    Guest,
    ListedIntern,
    MinutesPaper,
)
from agreements.choices import ActivityKind, CooperationForm
from agreements.citing import Above
from agreements.clauses import Article, LendingTerms, changed_articles, provision_article, term_article
from agreements.evaluation_paper import EvaluationPaper
from agreements.judging import FigureLine, ObstacleLine
from agreements.papers import (
    LIBRARY_LAW,
    LIBRARY_REGULATION,
    AgreementPaper,
    Factors,
    ImplicitAgreementPaper,
    Signed,
    Task,
)
from agreements.provisions import SHAPES
from kerjasama.documents.paper import Letterhead, Paper, Party, Signatory, Verification
from libraries.catalogue.papers import ListedBook, ReadingListPaper
from libraries.choices import FollowUpStatus
from libraries.papers import Condition, Measure, ReadinessPaper
from libraries.questions import CONDITIONS
from loans.papers import (
    Basis,
    BoxLabelPaper,
    CaseLetterPaper,
    ClaimedItem,
    HandoverPaper,
    Item,
    PickLine,
    PickListPaper,
    PlannedDelivery,
    PlannedSchool,
    ReplacementLetterPaper,
    ReturnPaper,
    RotationPlanPaper,
    SettlementPaper,
)
from tests.documents import van_examples

MONDAY = date(2026, 11, 23)

LETTERHEAD = Letterhead(
    name="UPT Perpustakaan Proklamator Bung Hatta",
    above=("Perpustakaan Nasional Republik Indonesia",),
    address="Jalan Kusuma Bhakti, Gulai Bancah, Bukittinggi 26122",
    contacts=("Telepon (0752) 000000", "surat@perpustakaan.example", "perpustakaan.example"),
)
LIBRARY = Party(
    institution="UPT Perpustakaan Proklamator Bung Hatta",
    signatory=Signatory(
        name="Dra. Nurhayati Rasyid, M.Hum.", position="Kepala UPT", employee_number="196805121993032001"
    ),
    address="Jalan Kusuma Bhakti, Gulai Bancah, Bukittinggi",
    acting_for="UPT Perpustakaan Proklamator Bung Hatta, Perpustakaan Nasional Republik Indonesia",
)
SCHOOL = Party(
    institution="SD Negeri 01 Benteng Pasar Atas",
    signatory=Signatory(
        name="Yusnimar, S.Pd., M.M.", position="Kepala Sekolah", employee_number="197103041996062002"
    ),
    address="Jalan Yos Sudarso 1, Benteng Pasar Atas, Bukittinggi",
)
PRINCIPAL_OF_LIBRARIES = Signatory(
    name="Drs. Marwan Sutan Pamenan", position="Kepala Bidang Layanan", employee_number="196911081994031005"
)
CRAFTSMAN = Signatory(name="Rahmi Putri, S.I.Pust.", position="Pustakawan Ahli Pertama")
VERIFICATION = Verification(code="K7QX-4M2P-9TRD", url="https://kerjasama.example/verify/K7QX-4M2P-9TRD")
BASIS = Basis(
    subject="Peminjaman Koleksi Bahan Pustaka", number="041/PKS/UPT-PBH/VII/2026", dated=date(2026, 7, 13)
)
LENDING = LendingTerms(
    quantity=100, interval_months=3, replacement_days=30, receipt_days=3, first_delivery_on=date(2026, 7, 20)
)

_TITLES = (
    ("Si Belang dan Anak Kampung Tengah", "Hamidah Djamil", "899.221 3"),
    ("Mengenal Batik Tanah Liek", "Wirda Hanim", "746.6"),
    ("Mengapa Langit Biru? Seratus Pertanyaan tentang Alam", "Bagus Prakoso", "500"),
    ("Bung Hatta Kecil di Aur Tajungkang", "Rizal Effendi", "923.2"),
    (
        "Cerita Rakyat dari Ranah Minang: Malin Kundang, Sabai Nan Aluih, dan Kisah Lainnya",
        "Tim Pustaka",
        "398.2",
    ),
    ("Berkebun di Halaman Sekolah", "Sri Lestari", "635"),
    ("Petualangan Matematika 4", "Yohanes Purba", "510"),
)


def items(count: int, *, condition: str = "Baik", start: int = 1, due_on: date | None = None) -> list[Item]:
    """``count`` plausible copies with running barcodes."""
    rows = []
    for number in range(start, start + count):
        title, author, dewey = _TITLES[number % len(_TITLES)]
        rows.append(
            Item(
                barcode=f"PBH-2026-{number:05}",
                title=title if number < 8 else f"{title}, jilid {number // 7}",
                author=author,
                call_number=f"{dewey} {author[:3].upper()} {title[0].lower()}",
                condition=condition,
                due_on=due_on,
            )
        )
    return rows


def agreement() -> AgreementPaper:
    return AgreementPaper(
        kind="pks",
        subject="Peminjaman Koleksi Bahan Pustaka",
        letterhead=LETTERHEAD,
        parties=(LIBRARY, SCHOOL),
        numbers=("041/PKS/UPT-PBH/VII/2026", "421.2/118/SDN01/2026"),
        signed_on=date(2026, 7, 13),
        place="Bukittinggi",
        above=Above(
            kind="mou",
            subject="Pengembangan Perpustakaan",
            number="12/MOU/PERPUSNAS/I/2025",
            dated=date(2025, 1, 6),
        ),
        factors=Factors(
            aims="- Memperkenalkan perpustakaan kepada generasi muda\n- Memperbarui bacaan di perpustakaan sekolah\n"
            "- Menambah jumlah kunjungan dan anggota perpustakaan",
            scope="Peminjaman bahan pustaka anak dari koleksi umum untuk perpustakaan sekolah\nPembinaan pengelola "
            "perpustakaan sekolah\nKunjungan kelas ke perpustakaan",
            relation="Para pihak bekerja sama secara setara menurut tugas masing-masing.",
            division_of_work="PIHAK PERTAMA memilih, mengolah, dan mengantar bahan pustaka; PIHAK KEDUA menyimpan, "
            "melayankan, dan mencatat pemakaiannya.",
            procedures="Setiap penggantian dijadwalkan bersama dan dilaksanakan dalam satu kunjungan.",
            financing="Biaya pengantaran ditanggung PIHAK PERTAMA; biaya penataan di sekolah ditanggung PIHAK KEDUA.",
            technology="Pencatatan memakai sistem kerja sama perpustakaan PIHAK PERTAMA.",
        ),
        obligations=(
            "Menyediakan bahan pustaka yang layak baca dan sesuai usia\nMenyerahkan daftar bahan pustaka pada setiap "
            "penyerahan\nMembimbing pengelola perpustakaan sekolah",
            "Menyediakan tempat yang aman dan mudah dijangkau murid\nMenjaga keutuhan bahan pustaka\nMengembalikan "
            "bahan pustaka menurut jadwal",
        ),
        lending=LENDING,
        starts_on=date(2026, 7, 13),
        ends_on=date(2027, 7, 12),
        verification=VERIFICATION,
    )


UNIVERSITY = Party(
    institution="Universitas Perintis Indonesia",
    signatory=Signatory(name="Prof. Dr. Elfindri Munaf, M.Sc.", position="Rektor"),
    address="Jalan Adinegoro KM 17, Lubuk Buaya, Padang",
)
# A number for every term: each form takes what it uses.
TERMS: dict[str, Any] = {
    "quantity": 3,
    "interval_months": 6,
    "loan_limit": 2,
    "loan_days": 7,
    "replacement_days": 30,
    "response_days": 5,
    "visits_per_month": 2,
    "ratio_given": 1,
    "ratio_received": 1,
    "audience": "students",
    "proof": "enrolment_letter",
    "cost_bearer": "each",
}


def terms(form: str) -> Any:
    """The terms of one form, as its row would have them."""
    used = SHAPES[form].terms
    return SimpleNamespace(
        form=form, **{name: value if name in used else None for name, value in TERMS.items()}
    )


def every_form(language: str = "id", further: str = "") -> list[Article]:
    """An article for each form of cooperation but the loan, which has an article of its own."""
    return [
        provision_article(str(CooperationForm(form).label), terms(form), further, language) for form in SHAPES
    ]


def consortium() -> AgreementPaper:
    """Three parties, all fifteen forms, texts longer than anybody should write them."""
    with translation.override("id"):
        provisions = every_form(
            further="Pelaksanaannya diatur dengan jadwal bersama yang disusun setiap awal tahun."
        )
    return replace(
        agreement(),
        subject="Pengembangan dan Pemanfaatan Bersama Perpustakaan, Bahan Pustaka, dan Tenaga Perpustakaan di Sumatera "
        "Barat",
        parties=(LIBRARY, SCHOOL, UNIVERSITY),
        obligations=(*agreement().obligations, "Menyediakan narasumber pelatihan\nMenerima peserta magang"),
        signed=(
            Signed(on=date(2026, 7, 13), place="Bukittinggi"),
            Signed(on=date(2026, 7, 15), place="Bukittinggi"),
            Signed(),
        ),
        provisions=provisions,
        recitals="jarak antara sekolah dan perpustakaan menuntut layanan yang datang ke sekolah;\npemanfaatan bersama "
        "menghemat anggaran para pihak;",
        further_provisions="Wakil para pihak bertemu sedikitnya sekali setahun.\nHasilnya dicatat dalam notula.",
    )


def mou() -> AgreementPaper:
    return AgreementPaper(
        kind="mou",
        subject="Pengembangan Perpustakaan dan Kegemaran Membaca",
        letterhead=LETTERHEAD,
        parties=(LIBRARY, UNIVERSITY),
        numbers=("12/MOU/PERPUSNAS/I/2025",),
        place="Padang",
        legal_basis=(LIBRARY_LAW, LIBRARY_REGULATION, "Peraturan Perpusnas Nomor 4 Tahun 2020"),
        factors=Factors(
            aims="Meningkatkan layanan perpustakaan para pihak.",
            scope="Pertukaran bahan pustaka\nPelatihan tenaga perpustakaan\nMagang mahasiswa",
            relation="Para pihak setara.",
        ),
        starts_on=date(2025, 1, 6),
        ends_on=date(2028, 1, 5),
        verification=VERIFICATION,
    )


def work_plan() -> AgreementPaper:
    return replace(
        mou(),
        kind="work_plan",
        subject="Pelatihan Pengelola Perpustakaan Sekolah 2026",
        parties=(LIBRARY, SCHOOL),
        numbers=("003/RK/UPT-PBH/II/2026", "421.2/019/SDN01/2026"),
        above=Above(
            kind="mou",
            subject="Pengembangan Perpustakaan dan Kegemaran Membaca",
            number="12/MOU/PERPUSNAS/I/2025",
            dated=date(2025, 1, 6),
            parties=("Perpustakaan Nasional Republik Indonesia", "Dinas Pendidikan Kota Bukittinggi"),
        ),
        obligations=("Menugaskan dua pelatih, paling lambat tanggal 2 Maret 2026", "Mengirim tiga peserta"),
        schedule=(
            Task(what="Mengirim tiga peserta", who=SCHOOL.institution, due_on=date(2026, 3, 9)),
            Task(what="Menugaskan dua pelatih", who=LIBRARY.institution, due_on=date(2026, 3, 2)),
        ),
        starts_on=date(2026, 2, 2),
        ends_on=date(2026, 12, 31),
    )


def addendum() -> AgreementPaper:
    """Fewer books, a further form, a later end; all else stays."""
    before = agreement()
    with translation.override("id"):
        paper = replace(
            before,
            kind="addendum",
            subject="Perubahan Jumlah Bahan Pustaka dan Jangka Waktu",
            numbers=("058/ADD/UPT-PBH/XI/2026",),
            signed_on=None,
            above=Above(
                kind="pks",
                subject=before.subject,
                number=before.numbers[0],
                dated=before.signed_on,
                parties=[party.institution for party in before.parties],
            ),
            factors=Factors(),
            obligations=before.obligations,
            lending=replace(LENDING, quantity=60),
            provisions=[provision_article("Perpustakaan keliling", terms("mobile_library"), "", "id")],
            starts_on=date(2026, 12, 1),
            ends_on=date(2027, 12, 31),
        )
        new = [
            *paper.terms("id"),
            term_article(before.starts_on, paper.ends_on, paper.lending, "id"),
        ]
        return replace(paper, changes=changed_articles(before.articles("id"), new))


def implicit_agreement() -> ImplicitAgreementPaper:
    return ImplicitAgreementPaper(
        subject="Peminjaman koleksi ke pojok baca sekolah",
        letterhead=Letterhead(
            name="Dinas Perpustakaan dan Kearsipan",
            above=("Pemerintah Kota Payakumbuh",),
            address="Jalan Sukarno-Hatta, Payakumbuh",
        ),
        parties=(
            Party(institution="Perpustakaan Umum Daerah Kota Payakumbuh", signatory=Signatory()),
            Party(
                institution="SD Negeri 12 Padang Tiakar",
                signatory=Signatory(),
                address="Padang Tiakar, Payakumbuh",
            ),
        ),
        agreed_on=date(2026, 8, 3),
        agreed_by="Ibu Desmawati (Kepala SDN 12) dan Bapak Hendra (Kepala Seksi Layanan)",
        how="Pada pertemuan kepala sekolah se-Kecamatan Payakumbuh Timur",
        note="Disaksikan pengawas sekolah; dicatat di buku agenda layanan.",
        recorded_by=CRAFTSMAN,
        acknowledged_by=PRINCIPAL_OF_LIBRARIES,
        recorded_on=date(2026, 8, 4),
        number="007/CK/DPK-PYK/VIII/2026",
        place="Payakumbuh",
        factors=Factors(
            aims="Menambah kunjungan dan bacaan anak di sekolah sekitar perpustakaan.",
            scope="Peminjaman koleksi anak\nKunjungan perpustakaan keliling pada hari Minggu",
        ),
        lending=LendingTerms(quantity=50, interval_months=3, replacement_days=14),
        starts_on=date(2026, 8, 10),
        ends_on=date(2027, 6, 30),
    )


def handover(count: int = 100) -> HandoverPaper:
    return HandoverPaper(
        number="112/BAST/UPT-PBH/XI/2026",
        on=MONDAY,
        letterhead=LETTERHEAD,
        giver=LIBRARY,
        receiver=SCHOOL,
        basis=BASIS,
        items=items(count),
        place="Bukittinggi",
        period="Periode 2",
        due_on=date(2027, 2, 22),
        boxes=4,
        acknowledged_by=PRINCIPAL_OF_LIBRARIES,
        verification=VERIFICATION,
    )


def return_record() -> ReturnPaper:
    damaged = Item(
        barcode="PBH-2026-00096",
        title="Berkebun di Halaman Sekolah",
        author="Sri Lestari",
        call_number="635 SRI b",
        condition="Rusak ringan",
        note="Sampul sobek",
    )
    return ReturnPaper(
        number="031/BA-K/UPT-PBH/II/2027",
        on=date(2027, 2, 22),
        letterhead=LETTERHEAD,
        giver=SCHOOL,
        receiver=LIBRARY,
        basis=BASIS,
        returned=[*items(95), damaged],
        still_out=items(3, start=97, due_on=date(2027, 3, 8)),
        lost=items(1, start=100, condition="Hilang"),
        handovers=("112/BAST/UPT-PBH/XI/2026",),
        place="Bukittinggi",
        verification=VERIFICATION,
    )


def replacement_letter() -> ReplacementLetterPaper:
    return ReplacementLetterPaper(
        number="015/SP/UPT-PBH/III/2027",
        on=date(2027, 3, 1),
        letterhead=LETTERHEAD,
        sender=LIBRARY.signatory,
        recipient="SD Negeri 01 Benteng Pasar Atas",
        attention="Kepala Sekolah",
        recipient_address="Jalan Yos Sudarso 1\nBukittinggi",
        kind="lost",
        items=(
            ClaimedItem(
                barcode="PBH-2026-00100",
                title="Mengenal Batik Tanah Liek",
                author="Wirda Hanim",
                call_number="746.6 WIR m",
                price=Decimal("85000"),
            ),
        ),
        basis=BASIS,
        due_on=date(2027, 3, 31),
        ways=("same_title", "equal_title", "price"),
        replacement_days=30,
        place="Bukittinggi",
        chronology=(
            (
                date(2027, 2, 18),
                "Sekolah melaporkan melalui portal bahwa buku tidak ditemukan di pojok baca kelas IV.",
            ),
            (date(2027, 2, 22), "Pada pengembalian buku belum ditemukan; dicatat hilang dalam berita acara."),
        ),
        handovers=("112/BAST/UPT-PBH/XI/2026",),
        verification=VERIFICATION,
    )


def settlement_record() -> SettlementPaper:
    return SettlementPaper(
        number="009/BA-P/UPT-PBH/III/2027",
        on=date(2027, 3, 24),
        letterhead=LETTERHEAD,
        partner=SCHOOL,
        library=LIBRARY,
        basis=BASIS,
        kind="lost",
        item=replacement_letter().items[0],
        outcome="equal_title",
        case="H-2027-0012",
        letter="015/SP/UPT-PBH/III/2027",
        place="Bukittinggi",
        replacement=Item(
            barcode="PBH-2027-00311",
            title="Ragam Batik Nusantara untuk Anak",
            author="Dewi Anggraini",
            call_number="746.6 DEW r",
            condition="Baru",
        ),
        reported_on=date(2027, 2, 18),
        acknowledged_by=PRINCIPAL_OF_LIBRARIES,
        verification=VERIFICATION,
    )


def case_letter() -> CaseLetterPaper:
    asked = replacement_letter()
    return CaseLetterPaper(
        number="021/SP/UPT-PBH/IV/2027",
        on=date(2027, 4, 26),
        letterhead=LETTERHEAD,
        sender=asked.sender,
        recipient=asked.recipient,
        recipient_address=asked.recipient_address,
        attention=asked.attention,
        matter="warning",
        kind="lost",
        item=asked.items[0],
        basis=BASIS,
        due_on=asked.due_on,
        way="same_title",
        case="H-2027-0012",
        letter=asked.number,
        days_late=33,
        replacement_days=30,
        place="Bukittinggi",
        verification=VERIFICATION,
    )


def pick_list(count: int = 100) -> PickListPaper:
    lines = sorted(items(count), key=lambda item: item.call_number)
    return PickListPaper(
        institution="UPT Perpustakaan Proklamator Bung Hatta",
        partner="SD Negeri 01 Benteng Pasar Atas",
        consignment="KRM-2026-0112",
        period="Periode 2",
        dispatch_on=MONDAY,
        printed_on=date(2026, 11, 19),
        lines=[
            PickLine(
                barcode=item.barcode,
                call_number=item.call_number,
                title=item.title,
                author=item.author,
                location="Ruang Anak, rak 1–6" if item.call_number < "7" else "Ruang Umum, rak 11–14",
            )
            for item in lines
        ],
    )


def rotation_plan() -> RotationPlanPaper:
    return RotationPlanPaper(
        institution="UPT Perpustakaan Proklamator Bung Hatta",
        starts_on=MONDAY,
        periods=4,
        mode="Setiap sekolah pilihannya sendiri",
        state="Untuk dilihat",
        printed_on=date(2026, 11, 19),
        schools=[
            PlannedSchool(
                name=f"SD Negeri {number:02} Benteng Pasar Atas",
                places=400,
                books=400 - number % 3,
                new=380,
                same=20 - number % 3,
                dropped=4,
                direct=210,
                wishes=5,
                served=4,
                short=["Pembaca awal: perlu 35, dapat 34."] if number % 3 else [],
            )
            for number in range(1, 20)
        ],
        remedies=[("Pembaca awal, Kesusastraan", 34, ["Beli 9 buku.", "Tanyakan kepada Perpustakaan Kota."])],
        unserved=[("SD Negeri 01", "Laskar Pelangi", "tidak ada eksemplar")],
        deliveries=[
            PlannedDelivery(
                period="Periode 1",
                on=MONDAY,
                books=[(it.title, it.call_number, it.barcode, "") for it in items(40)],
            )
        ],
    )


def box_label() -> BoxLabelPaper:
    return BoxLabelPaper(
        sender="UPT Perpustakaan Proklamator Bung Hatta",
        partner="SD Negeri 01 Benteng Pasar Atas",
        partner_address="Jalan Yos Sudarso 1, Benteng Pasar Atas\nBukittinggi",
        consignment="KRM-2026-0112",
        boxes=(26, 25, 25, 24, 0),
        period="Periode 2",
        due_on=date(2027, 2, 22),
        verification=VERIFICATION,
    )


# The other kinds that the template of an agreement prints.
KINDS: dict[str, Callable[[], AgreementPaper]] = {
    "mou": mou,
    "work_plan": work_plan,
    "addendum": addendum,
    "consortium": consortium,
}


# The name of the template, and how to make its example.
def evaluation(number: str = "004/EVAL/UPT-PBH/VIII/2022") -> EvaluationPaper:
    """One year of lending: three aims judged, one counted over half a year, obstacles open and resolved."""
    year = {"baseline_from": date(2020, 1, 1), "baseline_until": date(2020, 12, 31)}

    def line(
        name: str, unit: str, before: object, now: object, target: object, **fields: object
    ) -> FigureLine:
        told = {
            "direction": "more",
            "baseline_source": "Buku tamu 2020",
            "target_on": date(2022, 1, 31),
            "measured": now,
            "days": 365,
            "verdict": "reached",
            "source": "entered",
            **year,
        } | fields
        return FigureLine(name=name, unit=unit, baseline=before, now=now, target=target, **told)  # type: ignore[arg-type]

    return EvaluationPaper(
        number=number,
        on=date(2022, 8, 22),
        letterhead=LETTERHEAD,
        signatory=LIBRARY.signatory,
        agreement="041/PKS/UPT-PBH/VII/2021",
        subject="Peminjaman Koleksi Bahan Pustaka",
        partner=SCHOOL.institution,
        starts_on=date(2021, 8, 1),
        ends_on=date(2022, 7, 31),
        figures=(
            line("Kunjungan rombongan dari sekolah", "kunjungan", Decimal(480), Decimal(730), Decimal(600)),
            line(
                "Anggota baru dari sekolah",
                "anggota",
                Decimal(42),
                Decimal("87.5"),
                Decimal(100),
                measured=Decimal(44),
                days=184,
                verdict="better",
            ),
            line(
                "Buku hilang", "buku", Decimal(9), Decimal(3), Decimal(2), direction="less", verdict="better"
            ),
            line(
                "Kegiatan perpustakaan yang diikuti", "kegiatan", None, None, Decimal(4), verdict="unmeasured"
            ),
            line(
                "Serah terima dikonfirmasi tepat waktu", "%", None, Decimal(75), Decimal(90), verdict="missed"
            ),
        ),
        obstacles=(
            ObstacleLine(
                "staff",
                "Guru pustakawan berganti dua kali dalam setahun.",
                "Pelatihan singkat bagi guru yang baru setiap awal semester.",
                "Rina Marlina",
                date(2022, 9, 30),
                None,
                "",
            ),
            ObstacleLine(
                "facilities",
                "Sekolah belum memiliki rak yang cukup untuk seratus buku.",
                "",
                "",
                None,
                date(2021, 11, 5),
                "Dua rak dipinjamkan oleh perpustakaan.",
            ),
        ),
        conclusion=(
            "Murid lebih sering datang ke perpustakaan dan lebih sedikit buku yang hilang.\n"
            "Konfirmasi penerimaan masih sering terlambat dan perlu diingatkan lebih awal."
        ),
        recommendation="change",
        place="Bukittinggi",
        verification=VERIFICATION,
    )


def readiness() -> ReadinessPaper:
    """Eight conditions of a school, better than a year ago, and what is left to do."""
    values = ("yes", "yes", "partly", "yes", "partly", "no", "yes", "yes")
    before = ("yes", "partly", "partly", "yes", "no", "no", "no", "yes")
    return ReadinessPaper(
        letterhead=LETTERHEAD,
        about=SCHOOL.institution,
        title=CONDITIONS.title,
        answered_on=MONDAY,
        share=69,
        share_before=50,
        before_on=date(2025, 11, 24),
        conditions=[
            Condition(
                label=question.label,
                wording=question.wording,
                value=values[place],
                before=before[place],
                note="Baru separuh." if values[place] == "partly" else "",
            )
            for place, question in enumerate(CONDITIONS.questions)
        ],
        measures=[
            Measure(
                what="Mulai daftar koleksi dengan lembar kerja.",
                who="Guru pustakawan",
                due_on=date(2027, 2, 21),
                state=FollowUpStatus.OPEN.label,
            )
        ],
        review_note="Dibahas dengan kepala sekolah.",
    )


def reading_list() -> ReadingListPaper:
    return ReadingListPaper(
        school=SCHOOL.institution,
        class_name="Kelas 4",
        school_year="2026/2027",
        name="Cerita dari laut",
        note="Dipilih bersama guru kelas.",
        books=[
            ListedBook(title=title, author=author, note="Dibaca nyaring.") for title, author, _ddc in _TITLES
        ],
    )


INTERNS = (
    ListedIntern(
        name="Rahma Yulianti",
        programme="Ilmu Perpustakaan dan Informasi Islam",
        share=96,
        certificate="017/SERTIFIKAT/UPT-PBH/XI/2026",
    ),
    ListedIntern(name="Fajar Nugraha", programme="Ilmu Perpustakaan dan Informasi Islam", share=88),
    ListedIntern(name="Intan Permata", programme="Sejarah Peradaban Islam"),
)


def acceptance() -> AcceptancePaper:
    return AcceptancePaper(
        number="004/MAGANG/UPT-PBH/IX/2026",
        on=date(2026, 9, 14),
        letterhead=LETTERHEAD,
        sender=LIBRARY.signatory,
        recipient="UIN Imam Bonjol Padang",
        recipient_address="Jalan Mahmud Yunus, Padang",
        letter_number="B-118/Un.13/PP.00.9/09/2026",
        letter_on=date(2026, 9, 7),
        title="Magang mahasiswa UIN Imam Bonjol",
        begins_on=date(2026, 10, 5),
        ends_on=date(2026, 11, 13),
        at="Perpustakaan Proklamator Bung Hatta, Bukittinggi",
        places=4,
        interns=INTERNS,
        agreement="12/MOU/PERPUSNAS/I/2025",
        place="Bukittinggi",
        verification=VERIFICATION,
    )


def certificate() -> CertificatePaper:
    return CertificatePaper(
        number="017/SERTIFIKAT/UPT-PBH/XI/2026",
        on=MONDAY,
        letterhead=LETTERHEAD,
        signatory=LIBRARY.signatory,
        name="Rahma Yulianti",
        belongs_to="Ilmu Perpustakaan dan Informasi Islam, UIN Imam Bonjol Padang",
        kind=ActivityKind.INTERNSHIP.label,
        title="Magang mahasiswa UIN Imam Bonjol",
        begins_on=date(2026, 10, 5),
        ends_on=date(2026, 11, 13),
        intern=True,
        share=96,
        place="Bukittinggi",
        verification=VERIFICATION,
    )


def cohort_list() -> CohortListPaper:
    return CohortListPaper(
        letterhead=LETTERHEAD,
        title="Magang mahasiswa UIN Imam Bonjol",
        sender="UIN Imam Bonjol Padang",
        begins_on=date(2026, 10, 5),
        ends_on=date(2026, 11, 13),
        printed_on=MONDAY,
        signatory=LIBRARY.signatory,
        interns=INTERNS,
        days=28,
        place="Bukittinggi",
    )


def minutes() -> MinutesPaper:
    return MinutesPaper(
        number="002/NOTULEN/UPT-PBH/XI/2026",
        on=MONDAY,
        letterhead=LETTERHEAD,
        signatory=LIBRARY.signatory,
        title="Rapat evaluasi peminjaman bergilir",
        kind=ActivityKind.MEETING.label,
        held_on=date(2026, 11, 18),
        time="09.00 – 12.00",
        at="Aula lantai 2",
        minutes="Rapat dibuka pukul 09.05.\nSekolah meminta lebih banyak buku cerita daerah.\n"
        "Kehilangan dilaporkan lewat portal paling lambat sepekan setelah diketahui.",
        guests=(
            Guest(institution=LIBRARY.institution, persons=("Dra. Nurhayati Rasyid, M.Hum.",)),
            Guest(institution=SCHOOL.institution, people=2, persons=("Yusnimar, S.Pd., M.M.",)),
            Guest(institution="SD Negeri 02 Birugo", people=1),
        ),
        result="Disepakati jadwal penukaran semester depan.",
        place="Bukittinggi",
        verification=VERIFICATION,
    )


EXAMPLES: dict[str, Callable[[], Paper]] = {
    "agreement": agreement,
    "implicit_agreement": implicit_agreement,
    "handover": handover,
    "return_record": return_record,
    "replacement_letter": replacement_letter,
    "settlement_record": settlement_record,
    "case_letter": case_letter,
    "pick_list": pick_list,
    "box_label": box_label,
    "rotation_plan": rotation_plan,
    "evaluation": evaluation,
    "readiness": readiness,
    "reading_list": reading_list,
    "acceptance": acceptance,
    "certificate": certificate,
    "cohort_list": cohort_list,
    "minutes": minutes,
    "wall_calendar": van_examples.wall_calendar,
    "load_list": van_examples.load_list,
    "stop_poster": van_examples.stop_poster,
    "visit_report": van_examples.visit_report,
}
