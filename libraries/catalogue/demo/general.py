"""What the invented books of the general collection are about."""

from __future__ import annotations

from .shelf import Shelf

_CROPS = (
    ("padi", "633.18"), ("jagung", "633.15"), ("cabai merah", "635.643"), ("bawang merah", "635.25"), ("tomat", "635.642"), ("kopi arabika", "633.73"),
    ("kakao", "633.74"), ("kulit manis", "633.83"), ("gambir", "633.87"), ("kelapa", "634.61"), ("durian", "634.6"), ("alpukat", "634.653"),
    ("jeruk", "634.3"), ("manggis", "634.655"), ("ubi jalar", "635.22"), ("kentang", "635.21"), ("kubis", "635.34"), ("wortel", "635.13"),
    ("jahe", "633.83"), ("serai wangi", "633.81"), ("melon", "635.61"), ("pisang", "634.772"), ("vanili", "633.82"), ("jamur tiram", "635.8"),
    ("kacang tanah", "633.368"), ("bayam dan kangkung", "635.4"),
)  # fmt: skip
_STOCK = (
    ("ayam kampung", "636.5"), ("itik", "636.597"), ("kambing", "636.39"), ("sapi", "636.2"), ("ikan lele", "639.31"), ("ikan nila", "639.31"),
    ("ikan gurami", "639.31"), ("lebah madu", "638.1"), ("kelinci", "636.932"), ("kerbau", "636.293"), ("puyuh", "636.594"), ("ikan koi", "639.34"),
)  # fmt: skip
_FOODS = (
    ("rendang", "641.66"), ("masakan Padang", "641.59598"), ("kue tradisional", "641.86"), ("sambal", "641.81"), ("olahan ikan", "641.692"),
    ("olahan singkong", "641.65"), ("bekal sekolah", "641.53"), ("masakan Nusantara", "641.59598"), ("minuman herbal", "641.87"), ("camilan sehat", "641.53"),
    ("olahan tahu dan tempe", "641.65"), ("lauk rumahan", "641.5"),
)  # fmt: skip
_CITIES = (
    "Bukittinggi", "Payakumbuh", "Padang", "Padang Panjang", "Sawahlunto", "Pariaman", "Solok", "Batusangkar", "Painan", "Lubuk Sikaping",
)  # fmt: skip
_LANDS = (
    ("Minangkabau", "959.813"), ("Aceh", "959.811"), ("Tanah Batak", "959.812"), ("Riau", "959.814"), ("Jambi", "959.815"), ("Palembang", "959.816"),
    ("Batavia", "959.822"), ("Jawa", "959.82"), ("Bali", "959.86"), ("Kalimantan", "959.83"), ("Sulawesi", "959.84"), ("Maluku", "959.85"),
)  # fmt: skip
_PEOPLE = (
    "Rasuna Sutan Mudo", "Hasan Tuah Malako", "Zainab Pandan Sari", "Marah Indra Kelana", "Siti Ramlah Alam", "Bagindo Lauik Sati",
    "Abdul Wahid Simawang", "Nurani Kartawijaya", "Soedarman Projo", "Martha Lekatompessy", "I Nyoman Segara", "Tengku Azman Siak",
    "Daeng Mallawa", "Rukiah Batang Kapas", "Johan Silalahi Toba", "Chairani Malakewi", "Idrus Pakan Rabaa", "Lastri Wonodadi",
    "Haji Malik Pandai Besi", "Rosna Tilatang", "Amir Sungai Dareh", "Ratna Kemuning", "Kamaludin Muara", "Yusna Sarilamak",
)  # fmt: skip

SHELVES: tuple[Shelf, ...] = (
    Shelf(
        "630", 200, ("Pertanian", "Peternakan"), {"general": 1},
        ("Budi daya {crop}", "Bertanam {crop} di pekarangan", "Panduan praktis {crop}", "Hama dan penyakit {crop}", "Usaha tani {crop}",
         "Pascapanen {crop}", "Beternak {stock}", "Panduan praktis beternak {stock}", "Pakan dan kesehatan {stock}", "Usaha {stock} skala rumah tangga"),
        {"crop": _CROPS, "stock": _STOCK},
    ),
    Shelf(
        "641.5", 90, ("Tata boga",), {"general": 1},
        ("Resep {food} warisan keluarga", "Aneka {food} praktis", "Tiga puluh resep {food}", "Membuka usaha {food}", "{food} untuk pemula",
         "{food} dari dapur {city}"),
        {"food": _FOODS, "city": _CITIES},
    ),
    Shelf(
        "959.8", 150, ("Indonesia -- Sejarah",), {"general": 6, "teen": 4, "upper": 1},
        ("Sejarah {land} untuk pemula", "{land} pada masa {period}", "Sejarah Kota {city}", "{city} tempo dulu", "Perjuangan rakyat {city}, 1945–1949",
         "Sejarah {matter} di {land}", "Bangunan bersejarah di {city}"),
        {"land": _LANDS, "city": tuple((name, "959.813") for name in _CITIES),
         "period": ("penjajahan Belanda", "pendudukan Jepang", "pergerakan nasional", "revolusi kemerdekaan", "kerajaan-kerajaan Islam", "perdagangan rempah"),
         "matter": ("pendidikan", "surat kabar", "perkeretaapian", "perdagangan", "pergerakan perempuan", "pasar")},
    ),
    Shelf(
        "920", 110, ("Biografi",), {"general": 4, "teen": 4, "upper": 4},
        ("{person}: guru dari {origin}", "{person}: perintis {field}", "Jejak hidup {person}", "{person}, anak rantau dari {origin}", "Masa kecil {person}"),
        {"person": _PEOPLE, "origin": ("kaki Singgalang", "tepi danau", "pesisir selatan", "lembah Harau", "kampung nelayan", "ujung pulau"),
         "field": ("sekolah rakyat", "koperasi desa", "perpustakaan keliling", "tenun songket", "puskesmas", "surat kabar perempuan", "pertanian organik")},
    ),
    Shelf(
        "306.09598", 120, ("Minangkabau -- Adat istiadat",), {"general": 6, "teen": 2},
        ("Pepatah-petitih Minangkabau tentang {matter}", "Adat {rite} di {nagari}", "{heritage} Minangkabau", "Mengenal {heritage} Minangkabau",
         "{rite} dan maknanya", "Tambo Nagari {nagari}", "Kato nan ampek dan {matter}"),
        {"matter": ("kepemimpinan", "pergaulan", "merantau", "harta pusaka", "pendidikan anak", "musyawarah", "alam", "perempuan"),
         "rite": (("batagak penghulu", "392"), ("turun mandi", "392.1"), ("baralek", "392.5"), ("tabuik", "394.2"), ("balimau", "394.2"), ("alek nagari", "394.2"),
                  ("makan bajamba", "394.1")),
         "nagari": ("Koto Gadang", "Sungai Puar", "Pariangan", "Batipuh", "Situjuah", "Mungka", "Matur", "Kamang", "Suliki", "Lintau", "Sumpur", "Balingka"),
         "heritage": (("ukiran", "736.4"), ("songket", "746.14"), ("randai", "792"), ("rumah gadang", "728"), ("silek", "796.815"), ("kaba", "398.2"),
                      ("sulaman", "746.44"), ("musik talempong", "786.8"), ("rabab", "787"))},
    ),
    Shelf(
        "613", 90, ("Kesehatan",), {"general": 6, "teen": 1},
        ("Mencegah {illness} di rumah", "Mengenal {illness}", "Hidup sehat: {habit}", "Pola makan sehat untuk {who}", "Kesehatan {who}",
         "Pertolongan pertama pada {accident}"),
        {"illness": (("demam berdarah", "614.588"), ("diare", "616.34"), ("batuk dan pilek", "616.2"), ("diabetes", "616.462"), ("darah tinggi", "616.132"),
                     ("tuberkulosis", "616.995"), ("kurang gizi", "616.39"), ("stunting", "618.92")),
         "habit": ("tidur cukup", "mencuci tangan", "minum air putih", "berjalan kaki", "sarapan", "makan sayur dan buah", "bebas asap rokok"),
         "who": (("ibu hamil", "618.2"), ("balita", "618.92"), ("anak sekolah", "613.0432"), ("remaja", "613.0433"), ("lansia", "613.0438")),
         "accident": (("luka bakar", "616.0252"), ("patah tulang", "616.0252"), ("gigitan ular", "616.0252"), ("tenggelam", "616.0252"))},
    ),
    Shelf(
        "649", 80, ("Pengasuhan anak",), {"general": 1},
        ("Mendampingi anak {stage}", "Membangun kebiasaan {habit} sejak dini", "Bermain sambil belajar {skill}", "Mendongeng untuk {audience}",
         "Komunikasi hangat dengan {audience}"),
        {"stage": ("masuk sekolah", "belajar membaca", "usia remaja", "berkebutuhan khusus", "pemalu", "kecanduan gawai", "pindah sekolah"),
         "habit": (("membaca", "028.5"), ("menabung", "332.024"), ("berbagi", "649.7"), ("bangun pagi", "649.6"), ("berkata jujur", "649.7"), ("mandiri", "649.6")),
         "skill": ("berhitung", "mengenal huruf", "mengenal alam", "bersosialisasi", "bahasa daerah", "seni"),
         "audience": ("balita", "anak usia dini", "anak sekolah dasar", "remaja", "cucu", "anak berkebutuhan khusus")},
    ),
    Shelf(
        "658", 100, ("Usaha kecil",), {"general": 1},
        ("Merintis usaha {trade}", "Pembukuan sederhana untuk usaha {trade}", "Memasarkan {product} secara daring", "Kemasan menarik untuk {product}",
         "Koperasi {group} yang sehat", "Belajar dari pelaku usaha {trade}"),
        {"trade": ("warung makan", "kerajinan tangan", "konveksi", "katering", "bengkel", "toko kelontong", "kue rumahan", "sulaman", "kedai kopi", "bibit tanaman"),
         "product": ("keripik sanjai", "songket", "kopi bubuk", "rendang kemasan", "madu hutan", "sulaman", "gula aren", "batik tanah liek"),
         "group": (("tani", "334.683"), ("simpan pinjam", "334.2"), ("sekolah", "334"), ("nelayan", "334.683"), ("wanita", "334"))},
    ),
    Shelf(
        "005", 80, ("Komputer",), {"general": 4, "teen": 5},
        ("Belajar {skill} langkah demi langkah", "{skill} untuk guru", "{skill} untuk pelajar", "Cepat mahir {skill}", "Dasar-dasar {skill}"),
        {"skill": (("mengetik dan menyunting naskah", "005.52"), ("mengolah lembar kerja", "005.54"), ("membuat presentasi", "005.58"), ("menyunting foto", "006.6"),
                   ("menyunting video", "006.696"), ("membuat blog", "006.752"), ("pemrograman dengan blok", "005.1"), ("algoritma", "005.1"),
                   ("jaringan komputer", "004.6"), ("keamanan internet", "005.8"), ("robotika", "629.892"), ("basis data", "005.74"))},
    ),
    Shelf(
        "020", 70, ("Ilmu perpustakaan",), {"general": 1},
        ("Mengelola {kind}", "Promosi {kind}", "Pedoman {work} di {kind}", "{work} untuk pustakawan pemula", "Layanan anak di {kind}"),
        {"kind": (("perpustakaan sekolah", "027.8"), ("perpustakaan nagari", "027.4"), ("taman bacaan masyarakat", "027.4"), ("perpustakaan keliling", "027.4"),
                  ("perpustakaan masjid", "027.67"), ("perpustakaan umum", "027.4"), ("pojok baca kelas", "027.8")),
         "work": (("klasifikasi", "025.4"), ("pengatalogan", "025.3"), ("perawatan buku", "025.7"), ("penyiangan koleksi", "025.216"), ("penelusuran informasi", "025.5"),
                  ("kerja sama perpustakaan", "021.64"), ("literasi informasi", "028.7"))},
    ),
)  # fmt: skip
