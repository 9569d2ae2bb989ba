"""The demo's tools that libraries lend each other: a projector out today, a laminator somebody waits for, a press."""

from datetime import timedelta

from agreements.demo.telling import at, on_day
from agreements.models import Booking, Equipment
from agreements.services.bookings import confirm_booking, request_booking, take_back_equipment
from agreements.services.equipment import register_equipment
from kerjasama.house import DemoCast
from libraries.models import Institution, User


def tell(cast: DemoCast, library: Institution, officer: User) -> None:
    """A projector that is out today, a laminator that somebody waits for, a press that is free."""
    users, today, schools = cast.made["users"], cast.today, cast.made["bukittinggi schools"]
    with on_day(today - timedelta(days=90)):
        projector, laminator, _press = (
            register_equipment(actor=officer, owner=library, name=name, place=place, description=text)
            for name, place, text in (
                (
                    "Proyektor dan layar 2 meter",
                    "Lantai 1, meja layanan",
                    "Dengan kabel HDMI dan pengeras suara.",
                ),
                (
                    "Laminator A3",
                    "Lantai 2, ruang pengolahan",
                    "Dengan 20 lembar plastik; selebihnya dibawa sendiri.",
                ),
                (
                    "Alat jilid buku",
                    "Lantai 2, ruang pelestarian",
                    "Penjepit kayu dan alat lubang; jarum disediakan.",
                ),
            )
        )

    def ask(
        tool: Equipment, school: Institution, actor: User, first: int, days: int, purpose: str
    ) -> Booking:
        begins = today + timedelta(days=first)
        with on_day(min(begins, today) - timedelta(days=4)):
            return request_booking(
                equipment=tool,
                institution=school,
                actor=actor,
                begins_at=at(begins, 8),
                ends_at=at(begins + timedelta(days=days), 15),
                purpose=purpose,
            )

    earlier = ask(projector, schools[0], users["sdn01"], -20, 1, "Pemutaran film Bung Hatta di kelas 5")
    with on_day(today - timedelta(days=22)):
        confirm_booking(booking=earlier, actor=officer)
    with on_day(today - timedelta(days=18)):
        take_back_equipment(
            booking=earlier, actor=officer, condition="Baik; tutup lensa hilang, sudah diganti."
        )
    out = ask(projector, schools[1], users["sdn02"], 0, 2, "Lomba mendongeng antarkelas")
    with on_day(today - timedelta(days=2)):
        confirm_booking(booking=out, actor=officer)
    ask(laminator, schools[0], users["sdn01"], 4, 1, "Kartu anggota perpustakaan sekolah")
    late = ask(laminator, schools[1], users["sdn02"], -5, 2, "Label rak")
    with on_day(today - timedelta(days=7)):
        confirm_booking(booking=late, actor=officer)
