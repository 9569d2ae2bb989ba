"""The columns of a timetable file under all the names people give them, and what there is to say about its rows."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kerjasama.domain.errors import Sentence
from mobile_service.choices import Weekday

# [code, facts], as it is kept with a row and said in the reader's language.
Finding = tuple[str, dict[str, Any]]

# The schema's columns, in its order.
SCHEMA = (
    "organisation",
    "mobile",
    "route",
    "community",
    "stop",
    "address",
    "postcode",
    "geox",
    "geoy",
    "day",
    "type",
    "arrival",
    "departure",
    "frequency",
    "start",
    "end",
    "exceptions",
    "timetable",
)
# What we keep beside it.
OWN = ("minutes", "every_weeks", "windows", "closed_on", "contact_name", "contact_phone", "hint")

_NAMES: dict[str, tuple[str, ...]] = {
    "organisation": ("organisation", "organization", "organisasi", "perpustakaan", "instansi"),
    "mobile": ("mobile", "mobilename", "mobilelibrary", "vehicle", "kendaraan", "mobil", "pusling", "armada"),
    "route": ("route", "rute", "trayek"),
    "community": ("community", "kelurahan", "desa", "nagari", "kelurahandesa", "desakelurahan", "village"),
    "stop": ("stop", "stopname", "titik", "namatitik", "titiklayanan", "namatitiklayanan", "lokasi", "namalokasi", "nama", "tempat"),
    "address": ("address", "alamat"),
    "postcode": ("postcode", "kodepos", "zip"),
    "longitude": ("geox", "geopointx", "longitude", "long", "lon", "lng", "bujur"),
    "latitude": ("geoy", "geopointy", "latitude", "lat", "lintang"),
    "day": ("day", "hari"),
    "type": ("type", "jenis", "sifat"),
    "arrival": ("arrival", "arrivaltime", "datang", "tiba", "jamdatang", "jammulai", "mulai", "jamtiba", "jamkedatangan"),
    "departure": ("departure", "departuretime", "berangkat", "pergi", "jamselesai", "selesai", "jamberangkat", "jampergi", "jamkeberangkatan"),
    "frequency": ("frequency", "frekuensi", "rrule"),
    "start": ("start", "startdate", "tanggalmulai", "berlakumulai"),
    "end": ("end", "enddate", "tanggalakhir", "berlakusampai"),
    "exceptions": ("exceptions", "exception", "pengecualian", "kecuali"),
    "timetable": ("timetable", "timetablelink", "jadwal", "tautanjadwal"),
    "minutes": ("minutes", "menit", "lamamenit", "durasi", "lama"),
    "every_weeks": ("everyweeks", "setiapminggu", "tiapminggu"),
    "windows": ("windows", "jendelawaktu", "jamtersedia"),
    "closed_on": ("closedon", "haritutup", "tidakbisa"),
    "contact_name": ("contactname", "contact", "kontak", "namakontak"),
    "contact_phone": ("contactphone", "phone", "telepon", "hp", "teleponkontak"),
    "hint": ("hint", "petunjuk", "keterangan"),
}  # fmt: skip
ALIASES = {alias: name for name, aliases in _NAMES.items() for alias in aliases}

_DAY_NAMES = (
    ("monday", "mon", "mo", "senin", "sen"),
    ("tuesday", "tue", "tues", "tu", "selasa", "sel"),
    ("wednesday", "wed", "we", "rabu", "rab"),
    ("thursday", "thu", "thur", "thurs", "th", "kamis", "kam"),
    ("friday", "fri", "fr", "jumat", "jum"),
    ("saturday", "sat", "sa", "sabtu", "sab"),
    ("sunday", "sun", "su", "minggu", "ahad", "min"),
)
DAYS = {name: day for day, names in enumerate(_DAY_NAMES) for name in names}
DAY_WORDS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

STOPS: dict[str, Sentence] = {
    "no_heads": _("No row with heads of columns was found. The first row must name them: stop, day, arrival, departure."),
    "no_rows": _("Below the heads there is no row."),
    "too_many_rows": _("The list has more than %(limit)d rows. Split it into parts."),
    "too_large": _("The file is larger than %(limit)d MB. Split it into parts."),
}  # fmt: skip
REFUSALS: dict[str, Sentence] = {
    "stop_missing": _("The name of the stop is missing."),
    "formula": _("The column “%(head)s” holds a formula instead of a value. Paste it as values."),
    "too_long": _("“%(head)s” is longer than %(limit)d characters."),
    "place_half": _("A place on the map needs both geox (longitude) and geoy (latitude)."),
    "place_wrong": _("“%(text)s” is no place on the map: geox is a longitude, geoy a latitude, both in degrees."),
    "day_unknown": _("“%(text)s” is no weekday."),
    "time_wrong": _("“%(text)s” is no time of day. Write it as 08:30."),
    "departure_first": _("The departure lies before the arrival."),
    "times_missing": _("How long the van stays is missing. Write arrival and departure, or the minutes."),
    "minutes_wrong": _("A visit takes 5 minutes to 8 hours; this row says %(minutes)d minutes."),
    "weeks_wrong": _("“%(text)s” is no number of weeks from 1 to 52."),
    "windows_wrong": _("The time windows “%(text)s” cannot be read. Write them as: MO 07:30-12:00; TU 07:30-12:00."),
    "rows_overlap": _("Rows %(first)d and %(second)d of this stop overlap on %(day)s."),
    "row_overlaps": _("Row %(row)d: two of its time windows overlap on %(day)s."),
    # As it was kept before rows were named.
    "windows_overlap": _("Two rows of this stop overlap on %(day)s."),
    "frequency_wrong": _("“%(text)s” is no frequency. Write it as “every 2 weeks”, or as FREQ=WEEKLY;INTERVAL=2."),
    "date_wrong": _("“%(text)s” is no day. Write it as 2026-11-23."),
    "end_first": _("The last day lies before the first."),
    "stop_ambiguous": _("Several stops of the library differ from this name in capitals alone: %(names)s. Write the name exactly as it is there."),
    "name_taken": _("Another stop of this list has this name and no community tells them apart."),
}  # fmt: skip
REMARKS: dict[str, Sentence] = {
    "place_turned": _("Latitude and longitude stood in each other's column; they were exchanged."),
    "place_abroad": _("The point lies outside Indonesia. Perhaps a minus is missing, or the numbers were exchanged."),
    "seldom": _("It is visited less than once a year; once a year was taken."),
    "day_differs": _("The frequency names another weekday than %(day)s."),
    "exceptions_left_out": _("The exceptions “%(text)s” are not days; they were left out."),
    "phone_left_out": _("“%(text)s” is no telephone number of 8 to 15 digits; it was left out."),
    "type_unknown": _("“%(text)s” is no type of the schema; the stop is taken as not public."),
    "row_twice": _("Row %(row)d says the same as row %(first)d; it adds nothing."),
    "school_found": _("The directory knows this school: %(name)s."),
    "rows_left_out": _("Other rows of this stop cannot be used; they are listed by themselves."),
    "series_vehicle": _("Row %(row)d: no vehicle in use is called “%(text)s”, so its visits are not planned. Register the vehicle, or write its name as it is here."),
    "series_vehicles": _("Row %(row)d: several vehicles in use differ from “%(text)s” in capitals alone: %(names)s. Its visits are not planned. Write the name exactly as it is here."),
    "series_no_vehicle": _("Row %(row)d: its visits are not planned. Write into the column “mobile” which vehicle comes."),
    "series_rule": _("Row %(row)d: its visits are not planned. %(why)s"),
    "series_over": _("Row %(row)d: its last day has passed, so no visits are planned."),
    "series_differs": _("Row %(row)d: on that weekday the van comes already, %(series)s. A list changes no visits that run; change them on their page."),
    "series_no_day": _("Row %(row)d: on none of its days the van can come, so nothing is planned. The first reason: %(why)s"),
    "series_excepted": _("Row %(row)d: all of its days are exceptions, so no visits are planned."),
    "series_doubtful": _("Row %(row)d: something is in the way on %(count)d of %(of)d days, first on %(day)s; they are planned all the same. %(why)s"),
    "series_days_out": _("Row %(row)d: days of the next half year that are left out: %(count)d. The first reason: %(why)s"),
    "closed_here": _("This stop is closed; it stays closed until somebody opens it again."),
}  # fmt: skip
SENTENCES: dict[str, Sentence] = {**STOPS, **REFUSALS, **REMARKS}


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence for a kept code; one of a later version that is unknown here shows as itself."""
    words = SENTENCES.get(code)
    if words is None:
        return code
    if isinstance(facts.get("day"), int):
        facts = {**facts, "day": Weekday(facts["day"]).label}
    return str(words) % facts if facts else str(words)


class SheetUnreadable(Exception):
    """The file as a whole cannot be used; ``code`` is one of STOPS."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    @property
    def text(self) -> str:
        return sentence(self.code, self.facts)
