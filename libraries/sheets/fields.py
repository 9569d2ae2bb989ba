"""What a column may mean, and the heads by which it is known in the lists that schools and offices hand over."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kerjasama.domain.errors import Sentence


@dataclass(frozen=True, slots=True)
class Field:
    """``heads``: how the column is called, in small letters without signs; the whole head must be one of them."""

    name: str
    label: Sentence
    heads: tuple[str, ...]


FIELDS = (
    Field("npsn", _("NPSN"), ("npsn", "no npsn", "nomor npsn", "nomor pokok sekolah nasional", "kode npsn")),
    Field("npp", _("NPP"), ("npp", "no npp", "nomor pokok perpustakaan")),
    Field("isil", _("ISIL"), ("isil", "kode isil")),
    Field("name", _("Name"), ("nama sekolah", "nama", "nama satuan pendidikan", "satuan pendidikan", "nama sp",
                              "nama perpustakaan", "nama lembaga", "nama instansi", "nama madrasah", "sekolah",
                              "lembaga", "perpustakaan", "name", "school", "school name", "institution")),
    Field("short_name", _("Short name"), ("nama singkat", "nama pendek", "singkatan", "short name")),
    Field("kind", _("Kind"), ("bentuk", "bentuk pendidikan", "bentuk satuan pendidikan", "jenjang", "jenis",
                              "jenis perpustakaan", "jenis lembaga", "bp", "kind", "type", "tipe")),
    Field("address", _("Address"), ("alamat", "alamat sekolah", "alamat jalan", "jalan", "alamat lengkap", "address")),
    Field("village", _("Village"), ("kelurahan", "desa", "nagari", "desa kelurahan", "kelurahan desa", "desa kel",
                                    "kel desa", "nama desa", "nama kelurahan", "kel", "village")),
    Field("district", _("District"), ("kecamatan", "kec", "nama kecamatan", "district")),
    Field("regency", _("City or regency"), ("kabupaten", "kota", "kabupaten kota", "kab kota", "kab", "kota kabupaten",
                                           "nama kabupaten", "regency", "city")),
    Field("province", _("Province"), ("provinsi", "propinsi", "prov", "province")),
    Field("region_code", _("Region code"), ("kode wilayah", "kode kelurahan", "kode desa", "kode kemendagri",
                                            "kode desa kelurahan", "kode kecamatan", "region code")),
    Field("phone", _("Telephone"), ("telepon", "telp", "no telepon", "nomor telepon", "no telp", "tlp", "no hp", "hp",
                                    "nomor hp", "phone", "telephone", "kontak", "no tlp")),
    Field("email", _("E-mail"), ("email", "e mail", "surel", "alamat email", "email sekolah", "pos el")),
    Field("website", _("Website"), ("website", "situs", "situs web", "laman", "web")),
    Field("latitude", _("Latitude"), ("lintang", "latitude", "lat", "garis lintang", "koordinat lintang")),
    Field("longitude", _("Longitude"), ("bujur", "longitude", "long", "lng", "lon", "garis bujur", "koordinat bujur")),
    Field("principal", _("Principal"), ("kepala sekolah", "nama kepala sekolah", "kepsek", "nama kepsek", "kepala",
                                        "kepala madrasah", "nama kepala", "principal")),
    Field("librarian", _("Teacher-librarian"), ("pustakawan", "guru pustakawan", "petugas perpustakaan",
                                                "pengelola perpustakaan", "nama pengelola", "nama pustakawan",
                                                "kepala perpustakaan", "librarian", "teacher librarian")),
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}
_BY_HEAD = {head: field.name for field in FIELDS for head in field.heads}
# Numbers of a head and units in brackets say nothing about what the column is.
_SIGNS = re.compile(r"[^a-z0-9]+")


def label_of(name: str) -> str:
    return str(BY_NAME[name].label) if name in BY_NAME else name


def plain_head(text: str) -> str:
    """A head in small letters, with single blanks for everything that is no letter or digit."""
    bare = unicodedata.normalize("NFKD", re.sub(r"\([^)]*\)", " ", text)).encode("ascii", "ignore").decode()
    return _SIGNS.sub(" ", bare.casefold()).strip()


def meaning_of(head: str) -> str:
    """The field that a head names, or ""."""
    return _BY_HEAD.get(plain_head(head), "")


def guess_mapping(heads: Sequence[str]) -> dict[str, int]:
    """Field to number of its column; of two columns with one meaning the first."""
    found: dict[str, int] = {}
    for number, head in enumerate(heads):
        name = meaning_of(head)
        if name:
            found.setdefault(name, number)
    return found
