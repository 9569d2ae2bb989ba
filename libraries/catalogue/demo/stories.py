"""What the invented story books are about: patterns and words that fit together in any combination."""

from __future__ import annotations

from .shelf import Shelf

_PLACES = (
    "Danau Maninjau", "Ngarai Sianok", "Danau Singkarak", "Gunung Marapi", "Gunung Singgalang", "Gunung Sago", "Lembah Harau",
    "Lembah Anai", "Batang Agam", "Batang Sinamar", "Batang Anai", "Danau Diatas", "Danau Dibawah", "Sarasah Bunta",
    "Gua Kamang", "Pantai Air Manis", "Telaga Dewi", "Batu Batikam", "Pulau Pasumpahan", "Gunung Talang", "Batang Kuranji",
    "Bukit Tui", "Sungai Landia", "Batang Hari", "Pulau Cubadak", "Gunung Pasaman", "Kapalo Banda", "Padang Mangateh",
)  # fmt: skip
_NAGARI = (
    "Koto Gadang", "Sungai Puar", "Pandai Sikek", "Sumpur", "Koto Tinggi", "Pariangan", "Batipuh", "Situjuah", "Mungka",
    "Lubuk Basung", "Matur", "Kamang", "Suliki", "Guguak", "Air Tabit", "Tiakar", "Limbukan", "Balingka", "Padang Laweh",
    "Sariak", "Canduang", "Lasi", "Simalanggang", "Koto Nan Ampek",
)  # fmt: skip
_HEROES = (
    "Puti Rinai", "Sutan Mantari", "Bujang Salido", "Upik Banun", "Datuak Rajo Lelo", "Puti Ambun Suri", "Bujang Juaro",
    "Malin Sutan", "Puti Lindung Bulan", "Si Buyung Kaciak", "Tuanku Lareh", "Mak Uniang", "Bujang Paman", "Puti Galang Banyak",
    "Pandeka Rantau", "Inyiak Balang",
)  # fmt: skip
_CHARMS = (
    "cincin batu lumut", "seruling bambu kuning", "tikar pandan", "kerbau putih", "sumur tujuh rupa", "burung nuri emas",
    "ikan larangan", "tanduk perunggu", "selendang songket", "payung beledu", "ayam kinantan", "pohon beringin tua",
    "lesung batu", "perahu daun", "rabab tua", "periuk tembaga",
)  # fmt: skip
_PROVINCES = (
    "Aceh", "Sumatera Utara", "Riau", "Kepulauan Riau", "Jambi", "Bengkulu", "Sumatera Selatan", "Bangka Belitung", "Lampung",
    "Banten", "Betawi", "Tanah Sunda", "Jawa Tengah", "Yogyakarta", "Jawa Timur", "Madura", "Bali", "Lombok", "Sumbawa", "Flores",
    "Pulau Timor", "Kalimantan Barat", "Kalimantan Tengah", "Kalimantan Selatan", "Kalimantan Timur", "Sulawesi Utara",
    "Gorontalo", "Sulawesi Tengah", "Tanah Toraja", "Sulawesi Tenggara", "Maluku", "Maluku Utara", "Tanah Papua", "Nias",
    "Mentawai", "Sumba",
)  # fmt: skip
_ANIMALS = (
    "kancil", "kelinci", "gajah", "kura-kura", "monyet", "buaya", "harimau", "beruang madu", "burung hantu", "ayam jantan", "itik",
    "kambing", "kerbau", "semut", "belalang", "lebah", "kupu-kupu", "siput", "katak", "tupai", "landak", "musang", "burung pipit",
    "bangau", "elang", "kepiting", "ikan lele", "kucing", "tikus sawah", "rusa", "tapir", "siamang", "kunang-kunang", "capung",
    "jangkrik", "cecak",
)  # fmt: skip
_TRAITS = (
    "pelit", "suka menolong", "sombong", "pemberani", "malas bangun", "banyak akal", "rindu hujan", "takut gelap", "ingin terbang",
    "suka bernyanyi", "pemalu", "lupa berterima kasih", "mencari rumah", "tidak mau berbagi", "jujur", "rajin menabung",
    "kehilangan ekor", "ingin bersekolah", "baik hati", "tidak sabar",
)  # fmt: skip
_CHILDREN = (
    "Alif", "Nisa", "Buyung", "Rani", "Dafa", "Upik", "Salsa", "Fikri", "Hana", "Rafi", "Tari", "Zaki", "Mira", "Ilham", "Laras",
    "Bima", "Sari", "Ucok", "Made", "Intan", "Farhan", "Puti", "Gilang", "Aisyah",
)  # fmt: skip
_SETTINGS = (
    "rumah gadang", "stasiun tua", "kebun teh", "pasar pagi", "hutan bakau", "balai desa", "kaki Gunung Marapi", "tepi danau",
    "pulau seberang", "sekolah lama", "kincir air", "ladang jagung", "muara sungai", "bukit belakang sekolah", "perpustakaan kota",
    "gudang kopi", "surau tepi sawah", "kapal nelayan", "lembah berkabut", "loteng nenek", "dermaga kecil", "terowongan kereta",
    "rumah pohon", "mercusuar",
)  # fmt: skip
_THINGS = (
    "peta", "jam saku", "layang-layang", "surat tanpa nama", "kunci perunggu", "kotak musik", "buku harian", "sepeda biru",
    "lonceng sekolah", "lukisan", "kamera tua", "celengan ayam", "topi anyaman", "perahu kertas", "biji kelereng", "radio tua",
)  # fmt: skip

SHELVES: tuple[Shelf, ...] = (
    Shelf(
        "398.2", 230, ("Cerita rakyat -- Minangkabau",), {"middle": 5, "upper": 4, "early": 2},
        ("Asal mula {place}", "Legenda {place}", "{hero} dan {charm}", "{hero} dari {nagari}", "Dongeng dari {nagari}",
         "Cerita rakyat dari {nagari}", "Penunggu {place}", "Kisah {hero} di {nagari}"),
        {"place": _PLACES, "nagari": _NAGARI, "hero": _HEROES, "charm": _CHARMS}, place="Ruang Anak",
    ),
    Shelf(
        "398.209598", 110, ("Cerita rakyat -- Indonesia",), {"middle": 4, "upper": 5},
        ("Cerita rakyat dari {province}", "Kumpulan legenda {province}", "Dongeng pilihan dari {province}",
         "{province} dalam cerita rakyat", "Lima kisah lama dari {province}"),
        {"province": _PROVINCES}, place="Ruang Anak",
    ),
    Shelf(
        "398.24", 240, ("Fabel", "Cerita binatang"), {"early": 6, "picture": 3, "middle": 3},
        ("{animal} yang {trait}", "{animal} dan {other} di tepi sungai", "{animal} dan {other} bersahabat",
         "Ketika {animal} bertemu {other}", "Hakim rimba dan {animal} yang {trait}"),
        {"animal": _ANIMALS, "other": _ANIMALS, "trait": _TRAITS}, place="Ruang Anak",
    ),
    Shelf(
        "899.2213", 300, ("Fiksi anak Indonesia",), {"upper": 6, "middle": 5, "teen": 1},
        ("Rahasia {setting}", "Misteri {thing} di {setting}", "{child} dan {thing} yang hilang", "Petualangan {child} di {setting}",
         "Liburan {child} di {setting}", "Detektif cilik di {setting}", "{child} dan {other}: sahabat dari {setting}",
         "{thing} dari {setting}", "Klub baca di {setting}"),
        {"setting": _SETTINGS, "thing": _THINGS, "child": _CHILDREN, "other": _CHILDREN}, place="Ruang Anak",
    ),
    Shelf(
        "899.2213", 210, ("Buku cerita bergambar",), {"picture": 7, "early": 3},
        ("{child} belajar {skill}", "{child} tidak takut {fear}", "Ayo {skill}, {child}!", "Hari pertama {child} {first}",
         "{child} dan {animal} kecil", "Selamat tidur, {animal}", "Di mana {pet}ku?", "Aku sayang {person}",
         "{child} membantu {person}"),
        {
            "child": _CHILDREN, "animal": _ANIMALS,
            "pet": ("kucing", "kelinci", "itik", "kambing", "kura-kura", "burung nuri", "ayam jago", "ikan mas"),
            "skill": ("menggosok gigi", "mengancing baju", "berbagi", "mengantre", "berenang", "naik sepeda", "menanam cabai",
                      "merapikan mainan", "mencuci tangan", "menyikat sepatu", "membaca", "melipat baju", "meminta maaf"),
            "fear": ("gelap", "petir", "dokter gigi", "ombak", "tampil di panggung", "kucing hitam", "suara guruh", "disuntik"),
            "first": ("di sekolah", "puasa", "ke perpustakaan", "di rumah nenek", "naik kereta", "ikut posyandu", "mengaji"),
            "person": ("Ibu", "Ayah", "Nenek", "Kakek", "adik", "Bu Guru", "kakak", "Amak", "Pak Tani", "Pak Sopir"),
        }, place="Ruang Anak",
    ),
    Shelf(
        "899.2211", 110, ("Puisi anak Indonesia",), {"upper": 5, "middle": 3, "teen": 3, "general": 3},
        ("Nyanyian {nature}", "Sajak untuk {nature}", "{nature} di jendela kelas", "Pantun {theme}", "Seratus pantun {theme}",
         "Antologi puisi anak: {nature}", "Gurindam dan syair tentang {theme}"),
        {
            "nature": ("hujan", "laut", "bulan sabit", "padi menguning", "angin gunung", "embun pagi", "senja", "danau", "sungai",
                       "bintang", "kabut", "ombak", "daun gugur", "tanah kelahiran", "ibu", "sawah", "perahu", "kampung halaman"),
            "theme": ("jenaka", "nasihat", "adat", "persahabatan", "merantau", "agama", "muda-mudi", "cinta tanah air",
                      "anak rantau", "orang tua", "kebersihan", "sekolah"),
        }, place="Ruang Anak",
    ),
    Shelf(
        "899.2213", 190, ("Fiksi Indonesia",), {"general": 8, "teen": 4},
        ("Hujan di {town}", "Surat terakhir dari {town}", "Perempuan dari {town}", "Lelaki yang {deed}", "Perempuan yang {deed}",
         "Jalan pulang ke {town}", "Musim {season} di {town}", "{town}, suatu petang", "Kereta malam ke {town}", "Anak-anak {town}"),
        {
            "town": ("Padang Panjang", "Sawahlunto", "Payakumbuh", "Bukittinggi", "Pariaman", "Solok", "Lintau", "Painan", "Teluk Bayur",
                     "Kayu Tanam", "Baso", "Batusangkar", "Muaro Labuh", "Siberut", "Talawi", "Sicincin"),
            "deed": ("menunggu surat", "menjual hujan", "menjaga jembatan", "pulang terlambat", "menyimpan peta", "membaca angin",
                     "menanam cengkih", "menghitung langkah", "melupakan laut", "menenun malam"),
            "season": ("durian", "panen", "merantau", "hujan", "angin barat", "kemarau"),
        }, place="Koleksi Umum",
    ),
    Shelf(
        "741.5", 130, ("Komik edukasi",), {"upper": 6, "middle": 5, "teen": 2},
        ("Komik sains: {science}", "Komik sejarah: {history}", "Komik {child} dan {other}: {lesson}", "Komik petualangan: {setting}"),
        {
            "science": ("gaya dan gerak", "listrik di rumah", "tata surya", "tubuh manusia", "gunung api", "cuaca", "cahaya dan bayangan",
                        "magnet", "rantai makanan", "air dan siklusnya", "bunyi", "tumbuhan hijau", "gempa bumi", "penemuan mesin"),
            "history": ("Perang Padri", "Kerajaan Pagaruyung", "kapal-kapal Sriwijaya", "Majapahit", "Proklamasi", "Sumpah Pemuda",
                        "jalur rempah", "PDRI di Bukittinggi", "kereta api Sumatera", "Kerajaan Samudra Pasai"),
            "child": _CHILDREN[:10], "other": _CHILDREN[10:18],
            "lesson": ("hemat energi", "siaga bencana", "jajan sehat", "antiperundungan", "aman berinternet", "kelola sampah"),
            "setting": _SETTINGS,
        }, place="Ruang Anak",
    ),
)  # fmt: skip
