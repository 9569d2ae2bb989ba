"""The demo's wishes (L10): some in each state, told by the verbs themselves."""

from datetime import date, timedelta

from agreements.demo import on_day
from libraries.catalogue.models import Title
from libraries.models import Institution, User
from loans.choices import OPEN_WISHES, LineStatus, PeriodStatus, ProgrammeStatus, Subject, WishPriority
from loans.models import LoanLine, Period, Programme, Wish
from loans.models.wish import TRAVELLING
from loans.services.wishing import decline_wish, make_wish, promise_wish, serve_wish, withdraw_wish

WORDS = (
    ("Ensiklopedi hewan laut untuk anak", "Untuk pelajaran IPA kelas 5"),
    ("Cerita rakyat Minangkabau, bahasa Minang", "Muatan lokal"),
    ("Kamus bergambar Indonesia–Inggris", ""),
    ("Buku percobaan sederhana dengan air dan udara", "Kelas 4"),
)
SUBJECTS = ((Subject.SCIENCE, "middle"), (Subject.LITERATURE, "early"), (Subject.HISTORY, "upper"))
# What the programmes bring: of other levels nothing could come.
LEVELS = ("picture", "early", "middle", "upper")
# Of ten titles that the library has, these become of them, school by school in turn.
ENDS = ("open", "open", "planned", "declined", "withdrawn", "open", "served")
REASON = "Semua eksemplar sudah dijanjikan kepada sekolah lain sampai akhir semester ini."


def wish_for_books(desk: User, contacts: dict[str, User], lender: Institution, today: date) -> None:
    """What the schools with a running programme of one library wish for, in the last two months."""
    programmes = Programme.objects.filter(lender=lender, status=ProgrammeStatus.RUNNING)
    rows = list(programmes.select_related("lender", "partner").order_by("partner__slug", "pk")[:8])
    titles = list(Title.objects.filter(pk__in=_travelling(lender)).order_by("match_key", "pk")[:40])
    for number, programme in enumerate(rows):
        actor = contacts.get(programme.partner.slug, desk)
        _titles(desk, actor, programme, titles, number, today)
        _others(desk, actor, programme, number, today)


def _travelling(lender: Institution) -> list[object]:
    copies = lender.copies.filter(TRAVELLING, title__reading_level__in=LEVELS)
    return list(copies.order_by("title_id").values_list("title_id", flat=True).distinct()[:400])


def _titles(
    desk: User, actor: User, programme: Programme, titles: list[Title], number: int, today: date
) -> None:
    """The same few titles are wanted by several schools, so that there is something to count."""
    had = set(
        LoanLine.objects.filter(consignment__partner=programme.partner)
        .exclude(status=LineStatus.DROPPED)
        .values_list("copy__title_id", flat=True)
    )
    fresh = [title for title in titles if title.pk not in had]
    period = (
        Period.objects.filter(programme=programme, status=PeriodStatus.PLANNED).order_by("starts_on").first()
    )
    for turn, title in enumerate(fresh[: 3 + number % 3]):
        with on_day(today - timedelta(days=50 - 7 * turn - number)):
            wish = make_wish(
                lender=programme.lender,
                partner=programme.partner,
                actor=actor,
                title=title,
                priority=WishPriority.values[(turn + number) % 3],
                note="Untuk pojok baca kelas 3" if turn == 1 else "",
            )
        with on_day(today - timedelta(days=5 + turn)):
            _end(desk, actor, wish, ENDS[(turn + number) % len(ENDS)], period)


def _others(desk: User, actor: User, programme: Programme, number: int, today: date) -> None:
    words, note = WORDS[number % len(WORDS)]
    subject, level = SUBJECTS[number % len(SUBJECTS)]
    sides = {"lender": programme.lender, "partner": programme.partner, "actor": actor}
    with on_day(today - timedelta(days=12 + number)):
        make_wish(**sides, words=words, note=note, priority=WishPriority.NEEDED)
        wish = make_wish(**sides, subject=subject, reading_level=level)
    if number % 2:
        with on_day(today - timedelta(days=3)):
            serve_wish(wish=wish, actor=desk, note="Dua belas buku dibawakan dengan mobil keliling.")


def _end(desk: User, actor: User, wish: Wish, end: str, period: Period | None) -> None:
    assert wish.status in OPEN_WISHES
    if end == "planned" and period is not None:
        promise_wish(wish=wish, actor=desk, period=period, note="Ada di rak, kami bawakan.")
    elif end == "declined":
        decline_wish(wish=wish, actor=desk, note=REASON)
    elif end == "withdrawn" and actor != desk:
        withdraw_wish(wish=wish, actor=actor)
    elif end == "served":
        serve_wish(wish=wish, actor=desk, note="Dipinjamkan langsung saat kunjungan ke perpustakaan.")
