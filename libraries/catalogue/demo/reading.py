"""The demo's reading lists: what a few classes read this year. Made by the schools' own verbs."""

from kerjasama.house import DemoCast
from libraries.catalogue.choices import ReadingLevel
from libraries.catalogue.models import Title
from libraries.catalogue.services.reading_lists import add_to_reading_list, begin_reading_list
from libraries.models import Institution, User

# (school, account, class, title, level, how many of the catalogue, shared)
LISTS = (
    ("sdn-01-bukittinggi", "sdn01", "Kelas 4", "Dongeng dari Minangkabau", ReadingLevel.MIDDLE, 8, True),
    ("sdn-01-bukittinggi", "sdn01", "Kelas 1 dan 2", "Buku pertama kami", ReadingLevel.EARLY, 6, False),
    ("sdn-02-bukittinggi", "sdn02", "Kelas 6", "Sebelum ke SMP", ReadingLevel.UPPER, 10, True),
    ("sdn-01-payakumbuh", "sdn-01-payakumbuh", "Kelas 5", "Lima belas menit setiap pagi", ReadingLevel.UPPER, 7, True),
    ("sdn-04-payakumbuh", "sdn-04-payakumbuh", "Kelas 3", "Membaca nyaring", ReadingLevel.MIDDLE, 5, False),
)  # fmt: skip
TYPED = (("Malin Kundang", "Cerita rakyat"), ("Cindua Mato", "Cerita rakyat"))


def load_reading_lists(cast: DemoCast) -> None:
    first = cast.today.year if cast.today.month >= 7 else cast.today.year - 1
    for school, account, class_name, title, level, count, shared in LISTS:
        institution: Institution = cast.made[school]
        contact: User = cast.made["users"][account]
        row = begin_reading_list(
            actor=contact,
            institution=institution,
            class_name=class_name,
            school_year=f"{first}/{first + 1}",
            title=title,
            note="Dipilih bersama guru kelas.",
            is_public=shared,
        )
        for book in Title.objects.filter(reading_level=level).order_by("title", "pk")[:count]:
            add_to_reading_list(reading_list=row, actor=contact, title=book)
        if shared:
            for name, author in TYPED:
                add_to_reading_list(
                    reading_list=row,
                    actor=contact,
                    typed_title=name,
                    author=author,
                    note="Dari pojok baca kelas.",
                )
