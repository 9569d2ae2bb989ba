"""Invented authors, publishers and the cities they work in. Any likeness to living people is chance."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

# Given names that go with the family names beside them: a Batak family name after a Sundanese given name would read odd.
_MINANG = (
    (
        "Yusrizal Rahmi Syafril Desmawati Zulkifli Yenni Afrizal Nofri Wirda Erlina Gusnawati Hendri Ismail Jasmi Khairul "
        "Lisna Marnis Nurhayati Oktavia Putri Rina Syahrul Tasman Upik Vera Warman Yulia Zaini Armen Budiman Darman Elvi "
        "Fauzan Hasnah Irwan Mardiah Nasrul Rosmaini Salmah Taufik"
    ).split(),
    "Koto Piliang Chaniago Sikumbang Tanjung Guci Jambak Pitopang Payobada Simabur Bodi Singkuang".split(),
)
_JAWA = (
    "Sri Bambang Endang Agus Wahyu Retno Joko Titik Hari Dwi Eko Ning Slamet Tri Yuni Widya Heru Ratna Bagus Sekar "
    "Galih Lestari Arum Danang"
).split(), (
    "Prasetyo Wahyuni Santoso Lestari Widodo Handayani Nugroho Rahayu Susanto Utami Wibisono Purnomo Astuti Kusuma "
    "Setiawan Hartati"
).split()  # fmt: skip
_SUNDA = (
    "Asep Euis Dadang Neneng Ujang Tati Cecep Iis Rohmat Yayah Deden Imas Agus Nunung".split(),
    "Suryana Kartika Hidayat Sumarni Rukmana Gunawan Permana Sutisna Komariah Nurjaman".split(),
)
_BATAK = (
    "Rosmaida Parlindungan Tiur Hotma Lamria Sahat Dame Marlina Poltak Ruli Anita Jonathan".split(),
    "Siregar Nasution Harahap Lubis Simatupang Hutabarat Sihombing Batubara Pane Daulay".split(),
)
_SULAWESI = (
    "Andi Nurlaela Baso Rahmatia Hasriani Syamsuddin Irmawati Arifuddin".split(),
    "Mappanyukki Lamba Tandi Rante Paembonan Daeng".split(),
)
_BALI = "Made Ketut Wayan Nyoman Putu".split(), "Suardana Wirawan Sudarma Astawa Mahendra".split()
_FLORES = "Yohanes Maria Ferdinand Theresia Yosef Agnes".split(), "Kelen Duli Tokan Patiwiri Lamahala".split()
_FAMILIES = ((_MINANG, 12), (_JAWA, 8), (_SUNDA, 4), (_BATAK, 4), (_SULAWESI, 1), (_BALI, 1), (_FLORES, 1))


@dataclass(frozen=True, slots=True)
class Publisher:
    """``group_602`` and ``group_623`` are its registrant numbers in the ISBN groups of Indonesia, up to 2017 and since.

    ``classes`` are the first digits of the DDC numbers it publishes under.
    """

    name: str
    city: str
    group_602: int
    group_623: int
    classes: str = "0123456789"


PUBLISHERS: tuple[Publisher, ...] = (
    Publisher("Pustaka Marapi", "Bukittinggi", 211, 108),
    Publisher("Lentera Nagari", "Padang", 224, 117),
    Publisher("Rangkiang Ilmu", "Padang Panjang", 237, 126),
    Publisher("Cahaya Singgalang", "Bukittinggi", 246, 135),
    Publisher("Taman Bacaan Harau", "Payakumbuh", 253, 144),
    Publisher("Penerbit Ombak Puruih", "Padang", 268, 153),
    Publisher("Sinar Batang Agam", "Payakumbuh", 279, 162),
    Publisher("Gema Tunas Aksara", "Jakarta", 312, 171),
    Publisher("Wahana Cendekia Muda", "Jakarta", 327, 189, "034567"),
    Publisher("Mutiara Bahari Pers", "Jakarta", 338, 198),
    Publisher("Kebun Kata", "Yogyakarta", 349, 207, "3489"),
    Publisher("Bale Sastra Kencana", "Yogyakarta", 356, 216, "3789"),
    Publisher("Tunas Pertiwi Mandiri", "Bandung", 367, 225),
    Publisher("Parahyangan Edukasi", "Bandung", 378, 234, "0345679"),
    Publisher("Arus Timur Media", "Surabaya", 389, 243),
    Publisher("Bumi Literasi Nusa", "Surabaya", 412, 252),
    Publisher("Citra Tani Sejahtera", "Bogor", 423, 261, "356"),
    Publisher("Halaman Hijau", "Bogor", 434, 279, "3567"),
    Publisher("Nur Ilmu Press", "Solo", 445, 288, "123489"),
    Publisher("Amanah Kitab", "Solo", 456, 297, "123489"),
    Publisher("Deli Pustaka Anak", "Medan", 467, 306, "2345789"),
    Publisher("Khatulistiwa Buku", "Pontianak", 478, 315),
    Publisher("Losari Media Kreatif", "Makassar", 489, 324),
    Publisher("Rumah Dongeng Indonesia", "Jakarta", 523, 333, "378"),
)


def invent_authors(random: Random, count: int) -> list[tuple[str, str]]:
    """``count`` different people as (given name, family name)."""
    found: dict[tuple[str, str], None] = {}
    families, weights = zip(*_FAMILIES, strict=True)
    while len(found) < count:
        given, last = random.choices(families, weights)[0]
        first = random.choice(given)
        # A second given name now and then, as people have.
        if random.random() < 0.25 and (second := random.choice(given)) != first:
            first = f"{first} {second}"
        family = random.choice(last)
        if family not in first.split():
            found[first, family] = None
    return list(found)
