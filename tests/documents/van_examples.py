"""One realistic paper of each kind of the mobile library."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kerjasama.documents.paper import Letterhead, Signatory, Verification
from mobile_service.choices import VisitorKind
from mobile_service.load_paper import LoadLine, LoadListPaper
from mobile_service.papers import StopPoster
from mobile_service.report_paper import PartLine, StopLine, VisitReportPaper
from mobile_service.route_papers import WallCalendarPaper, WallTour

LIBRARY = "UPT Perpustakaan Proklamator Bung Hatta"
MONDAY = date(2026, 11, 23)
PLACES = (
    ("SDN 01 Benteng Pasar Atas", "Benteng Pasar Atas"),
    ("SDN 14 Jirek", "Puhun Pintu Kabun"),
    ("Balai Adat Nagari Koto Gadang", "Koto Gadang"),
    ("Madrasah Ibtidaiyah Swasta Nurul Ikhlas Mandiangin Koto Selayan", "Campago Ipuh"),
    ("Pasar Simpang Aur", "Tarok Dipo"),
    ("Surau Inyiak Parabek", "Parabek"),
    ("SDN 07 Belakang Balok", "Belakang Balok"),
    ("Kantor Wali Nagari Sungai Pua", "Sungai Pua"),
)


def wall_calendar(days: int = 30) -> WallCalendarPaper:
    """Two vans, every other day, over the turn of a month."""
    tours = []
    for number in range(days):
        stops = [
            (f"{8 + 2 * turn:02}.00–{9 + 2 * turn:02}.15", PLACES[(number + turn) % len(PLACES)][0])
            for turn in range(2 + number % 3)
        ]
        tours.append(
            WallTour(
                on=MONDAY + timedelta(days=number),
                vehicle=("Pusling Harau", "Pusling Lembah Anai")[number % 2],
                out="07.30–15.10",
                stops=stops,
            )
        )
    return WallCalendarPaper(
        institution=LIBRARY,
        starts_on=MONDAY,
        ends_on=MONDAY + timedelta(days=days - 1),
        is_draft=True,
        tours=tours,
        printed_on=MONDAY,
    )


def load_list() -> LoadListPaper:
    return LoadListPaper(
        institution=LIBRARY,
        vehicle="Pusling Harau",
        on=MONDAY,
        crew=("Zulkifli", "Rahmi Putri"),
        lines=[
            LoadLine(stop=PLACES[0][0], delivery="K-2026-0107", boxes=3, books=100, fetch=98),
            LoadLine(stop=PLACES[3][0], delivery="K-2026-0111", boxes=2, books=50, fetch=0),
            LoadLine(stop=PLACES[1][0], delivery="", boxes=0, books=0, fetch=41),
        ],
        room="5 kotak dari 20",
        own_books=250,
    )


def stop_poster() -> StopPoster:
    begins = datetime(2026, 11, 29, 9, 0)
    return StopPoster(
        stop="Balai Adat Nagari Koto Gadang",
        place="Jalan Raya Koto Gadang, Koto Gadang",
        hint="Di halaman balai, di sebelah gerbang utara.",
        library=LIBRARY,
        zone="WIB",
        visits=[
            (begins + timedelta(weeks=2 * turn), begins + timedelta(weeks=2 * turn, minutes=75))
            for turn in range(8)
        ],
        printed_on=MONDAY,
        verification=Verification(code="", url="https://kerjasama.example/jadwal/balai-koto-gadang/"),
    )


def visit_report(stops: int = 12, lines: int = 9) -> VisitReportPaper:
    """A quarter with all that can stand on it; ``lines``: at most so many of each list but the stops."""
    return VisitReportPaper(
        on=date(2027, 1, 4),
        letterhead=Letterhead(
            name=LIBRARY,
            above=("Perpustakaan Nasional Republik Indonesia",),
            address="Jalan Kusuma Bhakti, Gulai Bancah, Bukittinggi 26122",
            contacts=("Telepon (0752) 000000", "surat@perpustakaan.example"),
        ),
        signatory=Signatory(
            name="Dra. Nurhayati Rasyid, M.Hum.", position="Kepala UPT", employee_number="196805121993032001"
        ),
        place="Bukittinggi",
        office=LIBRARY,
        start=date(2026, 10, 1),
        end=date(2026, 12, 31),
        kind="quarter",
        done=168,
        due=176,
        cancelled=5,
        estimated=Decimal("87.5"),
        figures=(
            (_("Visits made"), 168, 151),
            (_("Visitors"), 5_212, 4_890),
            (_("Books lent from the van"), 3_140, 2_911),
            (_("Books brought back to the van"), 2_804, 2_760),
            (_("Books brought for schools"), 1_600, 1_500),
            (_("Trips"), 48, 46),
            (_("Kilometres"), Decimal("2310.5"), Decimal("2418.0")),
            (_("Hours on the road"), Decimal("302.0"), Decimal("288.5")),
            (_("Hours at stops"), Decimal("211.5"), Decimal("190.0")),
        )[:lines],
        kinds=[(kind.label, 1_000 - 150 * place) for place, kind in enumerate(VisitorKind)][:lines],
        reach=[
            (_("Schools"), 52, 58),
            (_("Other places"), 12, 12),
            (_("Villages and neighbourhoods"), 31, 34),
        ][:lines],
        parts=[
            PartLine(label=label, planned=60 - turn, done=58 - turn, visitors=1_700 + turn, lent=1_020 + turn)
            for turn, label in enumerate(("Oktober", "November", "Desember")[:lines])
        ],
        stops=[
            StopLine(
                name=f"{PLACES[turn % len(PLACES)][0]}{' II' if turn >= len(PLACES) else ''}",
                community=PLACES[turn % len(PLACES)][1],
                done=3,
                visitors=140 - 5 * turn,
                lent=90 - 4 * turn,
            )
            for turn in range(stops)
        ],
        little=[PLACES[3][0], PLACES[5][0]][:lines],
        unvisited=[PLACES[6][0], PLACES[7][0], "Jorong Batagak"][:lines],
    )
