"""The demo's requests to cooperate: one in each state that an officer meets, told by the verbs on their own days (A6)."""

from datetime import time, timedelta
from typing import Any

from agreements.choices import CooperationForm as F
from agreements.demo import on_day
from agreements.models import CooperationRequest
from agreements.services.requesting.deciding import (
    accept_request,
    decline_request,
    register_asker,
    show_interest,
    withdraw_request,
)
from agreements.services.requesting.opening import (
    ask_in_portal,
    ask_in_public,
    confirm_request,
    record_outreach,
)
from agreements.services.requesting.stepping import LinkHolder
from agreements.services.requesting.talking import set_meeting, write_message
from kerjasama.house import DemoCast
from libraries.models import Institution, User
from libraries.services.messages import forget


def load(cast: DemoCast) -> None:
    """Both libraries' requests. The mails to strangers are taken out of the outbox again: their mailboxes are invented."""
    _bung_hatta(cast)
    _payakumbuh(cast)
    CooperationRequest.objects.update(is_demo=True)
    forget("request:")


def _bung_hatta(cast: DemoCast) -> None:
    officer: User = cast.made["users"]["petugas.kerjasama"]
    school: User = cast.made["users"]["sdn02"]
    library: Institution = cast.made["bung-hatta"]
    sdn02: Institution = cast.made["sdn-02-bukittinggi"]
    days = timedelta(days=1)
    with on_day(cast.today - 21 * days):
        exhibition = ask_in_portal(
            office=library,
            institution=sdn02,
            actor=school,
            subject="Pameran buku pada hari jadi sekolah",
            wishes="Perpustakaan membuka meja pameran dan mendongeng untuk kelas satu sampai tiga.",
            forms=[F.JOINT_EVENTS],
            pupils=210,
        )
    with on_day(cast.today - 19 * days):
        decline_request(
            request=exhibition,
            actor=officer,
            note="Pada tanggal itu kami melayani hari kunjung perpustakaan. Bulan berikutnya kami bisa.",
        )
    with on_day(cast.today - 2 * days):
        ask_in_portal(
            office=library,
            institution=sdn02,
            actor=school,
            subject="Kunjungan kelas empat ke perpustakaan",
            wishes="Kami ingin datang setiap bulan dengan satu kelas, dan dipandu mencari buku sendiri.",
            forms=[F.SERVICE_USE, F.JOINT_EVENTS],
            wanted_from=cast.today + 30 * days,
            wanted_months=10,
            pupils=32,
        )
    with on_day(cast.today - 9 * days):
        reading_house = _stranger(
            library,
            name="Rumah Baca Canduang",
            kind="community",
            contact=("Yulia Rahman", "Pengelola", "rumahbaca@canduang.example"),
            subject="Seratus buku untuk rumah baca nagari",
            wishes="Rumah baca kami buka setiap sore. Anak-anak sudah membaca semua buku yang ada.",
            forms=[F.COLLECTION_LOAN, F.MOBILE_LIBRARY],
            books=100,
            wanted_from=cast.today + 14 * days,
            wanted_months=12,
        )
    with on_day(cast.today - 8 * days):
        write_message(
            request=reading_house, actor=officer, text="Terima kasih. Berapa anak yang datang setiap pekan?"
        )
    with on_day(cast.today - 7 * days):
        write_message(
            request=reading_house,
            actor=LinkHolder(reading_house.pk),
            text="Sekitar empat puluh anak, dari tiga sekolah dasar di nagari.",
        )
    with on_day(cast.today - 6 * days):
        set_meeting(
            request=reading_house,
            actor=officer,
            on=cast.today + 5 * days,
            at=time(10, 0),
            place="Rumah Baca Canduang, Jorong Lubuak Aua",
        )
    with on_day(cast.today - 1 * days):
        _stranger(
            library,
            name="SMA Negeri 9 Agam Timur",
            kind="school",
            contact=("Fitri Yeni", "Guru pustakawan", "perpustakaan@sman9agam.example"),
            subject="Belajar mengolah koleksi",
            wishes="Dua orang dari perpustakaan sekolah kami ingin belajar klasifikasi selama satu pekan.",
            forms=[F.LIBRARIANS_TOGETHER, F.JOINT_PROCESSING],
        )
    with on_day(cast.today):
        ask_in_public(
            office=library,
            institution_name="Taman Bacaan Ngarai",
            institution_kind="community",
            contact_name="Hendri",
            contact_position="Ketua",
            contact_email="taman@ngarai.example",
            subject="Buku untuk taman bacaan",
            wishes="Lima puluh buku cerita.",
            forms=[F.REDISTRIBUTION],
        )
    with on_day(cast.today - 4 * days):
        record_outreach(
            office=library,
            institution=cast.made["sdn-01-bukittinggi"],
            actor=officer,
            subject="Pojok baca bersama di jam istirahat",
            wishes="Kami membawa rak dan dua ratus buku; sekolah menyediakan ruang dan guru piket.",
            forms=[F.COLLECTION_LOAN, F.SCHOOL_INSIDE],
            books=200,
        )
        withdrawn = record_outreach(
            office=library,
            institution=cast.made["universitas-perintis"],
            actor=officer,
            subject="Bedah buku tahunan",
            wishes="Mahasiswa dan perpustakaan memilih satu buku daerah setahun sekali.",
            forms=[F.JOINT_EVENTS],
        )
    with on_day(cast.today - 3 * days):
        withdraw_request(request=withdrawn, actor=officer, note="Digabung dengan pekan buku provinsi.")


def _payakumbuh(cast: DemoCast) -> None:
    officer: User = cast.made["users"]["petugas.payakumbuh"]
    library: Institution = cast.made["payakumbuh"]
    days = timedelta(days=1)
    with on_day(cast.today - 30 * days):
        madrasah = _stranger(
            library,
            name="MI Nurul Iman Koto Nan Ampek",
            kind="madrasah",
            contact=("Nurhayati", "Kepala Madrasah", "mi@nuruliman.example"),
            subject="Peminjaman buku bacaan untuk madrasah",
            wishes="Empat puluh buku cerita yang ditukar setiap tiga bulan, untuk kelas satu sampai tiga.",
            forms=[F.COLLECTION_LOAN],
            books=40,
            pupils=96,
            wanted_months=12,
        )
    with on_day(cast.today - 27 * days):
        set_meeting(
            request=madrasah,
            actor=officer,
            on=cast.today - 20 * days,
            at=time(9, 30),
            place="Ruang kepala madrasah",
        )
    with on_day(cast.today - 19 * days):
        register_asker(
            request=madrasah,
            actor=officer,
            name="MI Nurul Iman Koto Nan Ampek",
            kind="madrasah",
            city="Payakumbuh",
            email="mi@nuruliman.example",
        )
        accept_request(request=madrasah, actor=officer, kind="implicit")
    with on_day(cast.today - 12 * days):
        late = _stranger(
            library,
            name="Kafe Baca Batang Agam",
            kind="other",
            contact=("Doni Saputra", "Pemilik", "halo@kafebaca.example"),
            subject="Rak buku di kafe",
            wishes="Kami ingin meminjam buku terbaru untuk tamu.",
            forms=[F.COLLECTION_LOAN],
        )
    with on_day(cast.today - 10 * days):
        decline_request(
            request=late,
            actor=officer,
            note="Buku kami pinjamkan kepada sekolah dan lembaga, bukan kepada usaha. Pertunjukan buku bersama tetap mungkin.",
        )
    with on_day(cast.today - 6 * days):
        record_outreach(
            office=library,
            institution=cast.made["dinas-pendidikan-payakumbuh"],
            actor=officer,
            subject="Jadwal bersama perpustakaan keliling",
            wishes="Setiap pekan satu kecamatan; dinas memberi tahu sekolah, kami membawa buku.",
            forms=[F.MOBILE_LIBRARY],
        )
    with on_day(cast.today - 3 * days):
        _stranger(
            library,
            name="Perpustakaan Nagari Talang Maur",
            kind="village",
            contact=("Erni", "Petugas perpustakaan", "nagari@talangmaur.example"),
            subject="Tukar-menukar bahan pustaka",
            wishes="Kami mempunyai buku sejarah nagari, dan mencari buku anak.",
            forms=[F.EXCHANGE, F.INTERLIBRARY_LOAN],
        )
    school: User = cast.made["users"]["sdn01"]
    with on_day(cast.today - 11 * days):
        visit = record_outreach(
            office=library,
            institution=cast.made["sdn-01-bukittinggi"],
            actor=officer,
            subject="Lomba bercerita dua kota",
            wishes="Murid dari Bukittinggi dan Payakumbuh bercerita tentang buku yang mereka baca.",
            forms=[F.JOINT_EVENTS],
            pupils=20,
        )
    with on_day(cast.today - 8 * days):
        show_interest(request=visit, actor=school)
        write_message(request=visit, actor=school, text="Kami mau. Apakah ada juri dari perpustakaan?")


def _stranger(
    library: Institution, *, name: str, kind: str, contact: tuple[str, str, str], **wishes: Any
) -> CooperationRequest:
    """Asked on the public page, and confirmed from the mailbox on the same day."""
    row = ask_in_public(
        office=library,
        institution_name=name,
        institution_kind=kind,
        contact_name=contact[0],
        contact_position=contact[1],
        contact_email=contact[2],
        **wishes,
    )
    return confirm_request(request=row, actor=LinkHolder(row.pk))
