"""What the invented books of knowledge for children are about."""

from __future__ import annotations

from .shelf import Shelf

_GRADES = ("1", "2", "3", "4", "5", "6")
_NATURE = (
    ("gunung api", "551.21"), ("gempa bumi", "551.22"), ("tsunami", "551.4637"), ("pelangi", "551.567"), ("petir", "551.563"),
    ("siklus air", "551.48"), ("angin dan awan", "551.5"), ("tata surya", "523.2"), ("bulan", "523.3"), ("bintang", "523.8"),
    ("matahari", "523.7"), ("magnet", "538"), ("listrik", "537"), ("cahaya", "535"), ("bunyi", "534"), ("gaya dan gerak", "531"),
    ("energi terbarukan", "333.794"), ("batuan dan mineral", "552"), ("hutan hujan tropis", "577.34"), ("terumbu karang", "577.789"),
    ("hutan bakau", "577.698"), ("tumbuhan hijau", "580"), ("bunga Rafflesia", "583"), ("jamur", "579.6"), ("serangga", "595.7"),
    ("kupu-kupu", "595.78"), ("lebah", "595.799"), ("ikan air tawar", "597.176"), ("penyu", "597.92"), ("burung", "598"),
    ("harimau sumatra", "599.756"), ("gajah sumatra", "599.676"), ("orang utan", "599.883"), ("tapir", "599.66"),
    ("tubuh manusia", "612"), ("jantung dan darah", "612.1"), ("pancaindra", "612.8"), ("gigi", "612.311"), ("dinosaurus", "567.9"),
    ("danau dan sungai", "551.482"), ("laut dalam", "551.46"), ("udara", "551.51"), ("pesawat sederhana", "621.8"), ("kereta api", "625.1"),
    ("jembatan", "624.2"), ("kapal", "623.82"), ("pesawat terbang", "629.133"), ("kincir air", "621.21"),
)  # fmt: skip
_FORCES = (
    ("magnet", "538"), ("listrik", "537"), ("cahaya", "535"), ("bunyi", "534"), ("gaya dan gerak", "531"), ("udara", "533"), ("air", "532"),
    ("panas", "536"), ("pesawat sederhana", "621.8"), ("tumbuhan", "581"), ("larutan", "541"), ("energi matahari", "621.47"),
    ("cuaca", "551.5"), ("gunung api", "551.21"), ("tekanan", "532"),
)  # fmt: skip
_WHY = (
    ("langit berwarna biru", "535"), ("gunung meletus", "551.21"), ("laut terasa asin", "551.46"), ("bulan berubah bentuk", "523.3"),
    ("daun berwarna hijau", "581"), ("ikan dapat bernapas di air", "597"), ("burung dapat terbang", "598"), ("kita bermimpi", "612.8"),
    ("gigi berlubang", "617.6"), ("besi berkarat", "546"), ("es mengapung", "532"), ("terjadi siang dan malam", "525"),
    ("bumi bergempa", "551.22"), ("jantung berdetak", "612.1"), ("kapal tidak tenggelam", "532"), ("hujan turun", "551.577"),
    ("kunang-kunang bercahaya", "595.7"), ("padi harus digenangi", "633.18"),
)  # fmt: skip
_VIRTUES = (
    "jujur", "disiplin", "bertanggung jawab", "sopan", "hemat", "berani", "sabar", "mandiri", "tekun", "adil", "rendah hati",
    "suka membaca", "ramah", "peduli", "tertib", "pemaaf", "saling menghargai", "bekerja sama",
)  # fmt: skip
_VALUES = (
    "kejujuran", "kedisiplinan", "gotong royong", "kesopanan", "keberanian", "kesabaran", "kepedulian", "persahabatan", "kemandirian",
    "ketekunan", "keadilan", "toleransi", "cinta tanah air", "kerja keras",
)  # fmt: skip
_PROPHETS = (
    "Adam", "Idris", "Nuh", "Hud", "Saleh", "Ibrahim", "Lut", "Ismail", "Ishak", "Yakub", "Yusuf", "Ayub", "Syuaib", "Musa", "Harun",
    "Zulkifli", "Daud", "Sulaiman", "Ilyas", "Ilyasa", "Yunus", "Zakaria", "Yahya", "Isa", "Muhammad saw.",
)  # fmt: skip
_DISTRICTS = (
    "Agam", "Tanah Datar", "Lima Puluh Kota", "Pasaman", "Solok", "Sijunjung", "Dharmasraya", "Pesisir Selatan", "Padang Pariaman",
    "Kepulauan Mentawai", "Solok Selatan", "Pasaman Barat",
)  # fmt: skip
_ISLANDS = (
    ("Sumatera Barat", "915.9813"), ("Aceh", "915.9811"), ("Sumatera Utara", "915.9812"), ("Riau", "915.9814"), ("Jambi", "915.9815"),
    ("Sumatera Selatan", "915.9816"), ("Bengkulu", "915.9817"), ("Lampung", "915.9818"), ("Jawa Barat", "915.9824"), ("Jawa Tengah", "915.9826"),
    ("Yogyakarta", "915.9827"), ("Jawa Timur", "915.9828"), ("Bali", "915.9862"), ("Nusa Tenggara Barat", "915.9865"),
    ("Nusa Tenggara Timur", "915.9868"), ("Kalimantan Barat", "915.9832"), ("Kalimantan Selatan", "915.9836"),
    ("Kalimantan Timur", "915.9838"), ("Sulawesi Utara", "915.9842"), ("Sulawesi Selatan", "915.9847"), ("Maluku", "915.9852"), ("Papua", "915.9851"),
)  # fmt: skip

SHELVES: tuple[Shelf, ...] = (
    Shelf(
        "500", 220, ("Sains -- Buku anak",), {"middle": 5, "upper": 6, "early": 2},
        ("Mengenal {nature}", "Rahasia {nature}", "Mengapa {why}?", "Percobaan sederhana tentang {force}", "Ayo menyelidiki {nature}",
         "Tanya jawab seputar {nature}", "Buku pintar {nature}"),
        {"nature": _NATURE, "why": _WHY, "force": _FORCES}, place="Ruang Anak",
    ),
    Shelf(
        "030", 80, ("Ensiklopedia anak",), {"upper": 6, "middle": 3, "teen": 2},
        ("Ensiklopedia anak: {nature}", "Ensiklopedia mini {nature}", "Ensiklopedia bergambar {nature}"),
        {"nature": _NATURE}, place="Referensi", reference=True, corporate=True, pages=(96, 320),
    ),
    Shelf(
        "510", 120, ("Matematika -- Studi dan pengajaran (SD)",), {"early": 3, "middle": 4, "upper": 4},
        ("Matematika menyenangkan untuk kelas {grade}", "Kumpulan soal matematika kelas {grade}", "Berlatih {first} untuk kelas {low}",
         "Cepat mahir {second} kelas {high}", "Permainan {first} untuk kelas {low}", "Berlatih {second} untuk kelas {high}",
         "Matematika dan {daily} untuk kelas {grade}"),
        {"grade": _GRADES, "low": _GRADES[:3], "high": _GRADES[2:],
         "first": (("berhitung", "513.2"), ("penjumlahan dan pengurangan", "513.211"), ("satuan ukuran", "530.8"), ("membaca jam", "529.7"),
                   ("bangun datar", "516.22"), ("mengenal bilangan", "513.2")),
         "second": (("perkalian", "513.213"), ("pembagian", "513.214"), ("pecahan", "513.26"), ("bangun ruang", "516.23"),
                    ("bilangan bulat", "513.2"), ("soal cerita", "510.76"), ("keliling dan luas", "516.22"), ("kecepatan dan debit", "531.1")),
         "daily": ("belanja di pasar", "memasak", "berkebun", "olahraga", "perjalanan")},
        place="Ruang Anak",
    ),
    Shelf(
        "499.221", 120, ("Bahasa Indonesia -- Studi dan pengajaran (SD)",), {"early": 4, "middle": 4, "upper": 4},
        ("Bahasa Indonesia untuk kelas {grade}", "Lancar membaca untuk kelas {grade}", "Ayo menulis {form}",
         "Terampil menulis {form} di kelas {high}", "Belajar membaca bersama {child}", "Kamus bergambar {language} untuk anak",
         "Percakapan bahasa Inggris di {spot}"),
        {"grade": _GRADES, "high": _GRADES[2:], "child": ("Alif", "Nisa", "Buyung", "Rani", "Upik", "Hana", "Zaki", "Intan"),
         "form": ("pantun", "surat", "puisi", "cerita pendek", "buku harian", "laporan perjalanan", "resensi buku", "naskah drama"),
         "language": (("bahasa Minangkabau", "499.224"), ("bahasa Inggris", "423"), ("bahasa Arab", "492.73"), ("bahasa Jepang", "495.63"),
                      ("bahasa isyarat", "419"), ("bahasa Mandarin", "495.13")),
         "spot": (("sekolah", "428"), ("pasar", "428"), ("rumah", "428"), ("bandara", "428"), ("perpustakaan", "428"), ("tempat wisata", "428"))},
        place="Ruang Anak",
    ),
    Shelf(
        "297", 210, ("Islam -- Buku anak",), {"early": 4, "middle": 5, "upper": 4},
        ("Kisah Nabi {prophet} untuk anak", "Meneladani Nabi {prophet}", "Belajar {worship}", "Panduan {worship} untuk anak",
         "Akhlak mulia: {virtue}", "Anak saleh yang {virtue}", "Doa sehari-hari {occasion}", "Kisah teladan tentang {value}"),
        {"prophet": tuple((name, "297.246") for name in _PROPHETS),
         "worship": (("salat", "297.412"), ("puasa", "297.413"), ("zakat dan sedekah", "297.414"), ("berwudu", "297.411"), ("membaca Al-Qur'an", "297.122"),
                     ("haji dan umrah", "297.415"), ("azan", "297.412"), ("salat Jumat", "297.412"), ("salat berjamaah", "297.412"), ("tayamum", "297.411")),
         "virtue": (("jujur", "297.5"), ("sabar", "297.5"), ("menolong sesama", "297.5"), ("hormat kepada orang tua", "297.5"), ("bersyukur", "297.5"),
                    ("pemaaf", "297.5"), ("rendah hati", "297.5"), ("menepati janji", "297.5"), ("rajin belajar", "297.5"), ("menjaga kebersihan", "297.5")),
         "occasion": (("di rumah", "297.43"), ("di sekolah", "297.43"), ("di perjalanan", "297.43"), ("di bulan Ramadan", "297.43"), ("sebelum tidur", "297.43")),
         "value": tuple((word, "297.5") for word in ("kejujuran", "keikhlasan", "kesabaran", "persaudaraan", "kasih sayang", "keberanian",
                                                     "kedermawanan", "kerendahan hati", "ketekunan", "keadilan"))},
        place="Ruang Anak",
    ),
    Shelf(
        "370.114", 110, ("Pendidikan budi pekerti",), {"early": 5, "middle": 5, "picture": 2},
        ("Aku anak yang {virtue}", "Belajar {virtue} di {place}", "Seratus cerita tentang {value}", "Menanam nilai {value} di {place}"),
        {"virtue": _VIRTUES, "value": _VALUES, "place": ("rumah", "sekolah", "jalan raya", "taman bermain", "kampung", "perpustakaan")}, place="Ruang Anak",
    ),
    Shelf(
        "363.7", 80, ("Lingkungan hidup -- Buku anak",), {"middle": 5, "upper": 5, "teen": 1},
        ("Menjaga {site} kita", "Sahabat {site}", "{remade}", "Sekolah hijau: {act}", "Aksi anak untuk {site}"),
        {"site": ("sungai", "danau", "hutan", "pantai", "udara", "mata air", "kebun sekolah", "laut", "kampung", "satwa langka"),
         "remade": ("Dari botol bekas menjadi pot tanaman", "Dari kertas bekas menjadi hiasan kelas", "Dari kain perca menjadi boneka",
                    "Dari kaleng bekas menjadi alat musik", "Dari daun kering menjadi kompos", "Dari sisa dapur menjadi pupuk",
                    "Dari kardus menjadi mainan", "Dari botol bekas menjadi celengan", "Dari kertas bekas menjadi topeng"),
         "act": ("memilah sampah", "menabung air", "menanam pohon", "bank sampah", "hemat listrik", "kantin sehat")},
        place="Ruang Anak",
    ),
    Shelf(
        "796", 130, ("Permainan dan olahraga -- Buku anak",), {"middle": 5, "upper": 5, "early": 2},
        ("Ayo bermain {sport}", "Dasar-dasar {sport} untuk anak", "Permainan tradisional dari {region}", "Kerajinan tangan dari {stuff}",
         "Membuat {toy} sendiri", "Belajar menggambar {picture}", "Belajar memainkan {instrument}", "Mengenal tari {dance}"),
        {"sport": (("sepak bola", "796.334"), ("bulu tangkis", "796.345"), ("bola voli", "796.325"), ("catur", "794.1"), ("renang", "797.21"),
                   ("silat", "796.815"), ("sepak takraw", "796.33"), ("tenis meja", "796.346"), ("lari", "796.42"), ("senam", "796.44")),
         "region": tuple((name, "793.4") for name in ("Sumatera Barat", "Jawa Barat", "Betawi", "Bali", "Sulawesi", "Maluku", "Papua", "Aceh")),
         "stuff": (("kertas", "745.54"), ("bambu", "745.51"), ("tempurung kelapa", "745.5"), ("tanah liat", "738"), ("kain flanel", "746"),
                   ("daun pandan", "746.41"), ("barang bekas", "745.5"), ("biji-bijian", "745.5")),
         "toy": (("layang-layang", "796.158"), ("gasing", "745.592"), ("mobil dari kulit jeruk", "745.592"), ("wayang kertas", "791.53"), ("boneka tangan", "791.53"),
                 ("perahu otok-otok", "745.592"), ("lampion", "745.54")),
         "picture": (("pemandangan", "743.8"), ("binatang", "743.6"), ("wajah", "743.42"), ("bunga", "743.7"), ("rumah adat", "743.8"), ("komik", "741.5")),
         "instrument": (("talempong", "786.8"), ("saluang", "788.3"), ("gitar", "787.87"), ("pianika", "788.8"), ("angklung", "786.8"), ("rebana", "786.9"),
                        ("suling bambu", "788.3"), ("bansi", "788.3")),
         "dance": (("Piring", "793.319"), ("Payung", "793.319"), ("Indang", "793.319"), ("Saman", "793.319"), ("Kecak", "793.319"), ("Jaipong", "793.319"), ("Gandrung", "793.319"))},
        place="Ruang Anak",
    ),
    Shelf(
        "915.98", 120, ("Indonesia -- Geografi -- Buku anak",), {"upper": 6, "middle": 3, "teen": 2},
        ("Jelajah {island}", "Mengenal {island} untuk anak", "Rumah adat dan pakaian dari {island}", "Mengenal Kabupaten {district}",
         "Wisata alam Kabupaten {district}", "Peta dan cerita dari {island}"),
        {"island": _ISLANDS, "district": tuple((name, "915.9813") for name in _DISTRICTS)}, place="Ruang Anak",
    ),
)  # fmt: skip
