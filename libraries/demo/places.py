"""Names for the demo. Villages are those of Bukittinggi and Payakumbuh (Kemendagri codes of 2025); people are invented."""

# (code, name, level); villages of the two cities with what they lie in, and their neighbours.
REGIONS = (
    ("13", "Sumatera Barat", "province"),
    ("13.04", "Kabupaten Tanah Datar", "regency"),
    ("13.06", "Kabupaten Agam", "regency"),
    ("13.07", "Kabupaten Lima Puluh Kota", "regency"),
    ("13.71", "Kota Padang", "regency"),
    ("13.73", "Kota Sawahlunto", "regency"),
    ("13.75", "Kota Bukittinggi", "regency"),
    ("13.75.01", "Guguak Panjang", "district"),
    ("13.75.01.1001", "Tarok Dipo", "village"),
    ("13.75.01.1003", "Pakan Kurai", "village"),
    ("13.75.01.1005", "Benteng Pasar Atas", "village"),
    ("13.75.01.1006", "Kayu Kubu", "village"),
    ("13.75.02", "Mandiangin Koto Selayan", "district"),
    ("13.75.02.1002", "Campago Ipuh", "village"),
    ("13.75.02.1003", "Puhun Tembok", "village"),
    ("13.75.02.1006", "Pulai Anak Air", "village"),
    ("13.75.02.1008", "Garegeh", "village"),
    ("13.75.02.1009", "Manggis Ganting", "village"),
    ("13.75.03", "Aur Birugo Tigo Baleh", "district"),
    ("13.75.03.1001", "Aur Kuning", "village"),
    ("13.75.03.1002", "Birugo", "village"),
    ("13.75.03.1003", "Belakang Balok", "village"),
    ("13.75.03.1004", "Sapiran", "village"),
    ("13.75.03.1005", "Kubu Tanjung", "village"),
    ("13.75.03.1008", "Ladang Cakiah", "village"),
    ("13.76", "Kota Payakumbuh", "regency"),
    ("13.76.01", "Payakumbuh Barat", "district"),
    ("13.76.01.1002", "Pakan Sinayan", "village"),
    ("13.76.01.1003", "Kubu Gadang", "village"),
    ("13.76.01.1004", "Bulakan Balai Kandi", "village"),
    ("13.76.01.1005", "Payolansek", "village"),
    ("13.76.01.1007", "Talang", "village"),
    ("13.76.01.1016", "Parik Rantang", "village"),
    ("13.76.01.1020", "Labuah Basilang", "village"),
    ("13.76.01.1021", "Ibuah", "village"),
    ("13.76.01.1022", "Tanjuang Pauh", "village"),
    ("13.76.02", "Payakumbuh Utara", "district"),
    ("13.76.02.1002", "Napar", "village"),
    ("13.76.02.1034", "Tigo Koto Dibaruah", "village"),
    ("13.76.02.1035", "Tigo Koto Diate", "village"),
    ("13.76.03", "Payakumbuh Timur", "district"),
    ("13.76.03.1001", "Balai Jaring", "village"),
    ("13.76.03.1005", "Sicincin", "village"),
    ("13.76.03.1007", "Padang Tiakar", "village"),
    ("13.76.03.1010", "Koto Panjang", "village"),
    ("13.76.03.1011", "Koto Baru", "village"),
    ("13.76.04", "Lamposi Tigo Nagori", "district"),
    ("13.76.04.1001", "Sungai Durian", "village"),
    ("13.76.04.1003", "Parambahan", "village"),
    ("13.76.05", "Payakumbuh Selatan", "district"),
    ("13.76.05.1001", "Padang Karambia", "village"),
    ("13.76.05.1003", "Limbukan", "village"),
)

GIVEN_NAMES = (
    "Yusnimar", "Afrizal", "Desmawati", "Erman", "Fauziah", "Gusti", "Hasnah", "Irwandi", "Jusmaini", "Khairul",
    "Lisdawarti", "Marlina", "Nofriadi", "Oktavia", "Pitri", "Ratnawati", "Syafrudin", "Tuti", "Ulfa", "Veri",
    "Wirda", "Yenni", "Zulkifli", "Arnida", "Bustami", "Dahlia", "Elvira", "Firman", "Herlina", "Ismail",
)  # fmt: skip
FAMILY_NAMES = (
    "Chaniago", "Piliang", "Koto", "Tanjung", "Sikumbang", "Guci", "Jambak", "Malin", "Rajo", "Sutan", "Bandaro",
    "Caniago", "Pitopang", "Payobada", "Dalimo", "Mandaliko", "Singkuang", "Panyalai",
)  # fmt: skip


def person_name(index: int) -> str:
    """The ``index``-th invented name; the first 540 are all different."""
    return f"{GIVEN_NAMES[index % len(GIVEN_NAMES)]} {FAMILY_NAMES[(index * 7 + index // 30) % len(FAMILY_NAMES)]}"
