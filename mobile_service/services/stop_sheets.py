"""A timetable out of a file: read, shown stop by stop, adopted whole in one transaction or not at all (M1)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import IO, Any, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput
from libraries.choices import RowOutcome
from libraries.hours import interval_words
from libraries.models import Institution, User
from libraries.sheets.findings import SheetRefused
from libraries.sheets.values import name_key
from mobile_service.choices import StopKind, StopSheetStatus, Weekday
from mobile_service.models import Stop, StopSheet, StopWindow, Trip
from mobile_service.services.keeping import require_desk
from mobile_service.services.sheet_series import NewSeries, Timetable, begin_series, read_timetable
from mobile_service.services.stops import SCHOOLS, free_slugs, windows_of
from mobile_service.services.trips import drop_if_empty, open_trips
from mobile_service.stop_sheet import Read, read_sheet
from mobile_service.stop_sheet_words import SheetUnreadable, sentence

MOST_MEGABYTES = 5
# What a row says of a stop, with its words for the report.
LABELS = {
    "community": gettext_lazy("Village or neighbourhood"),
    "address": gettext_lazy("Address"),
    "postcode": gettext_lazy("Postcode"),
    "place": gettext_lazy("Place on the map"),
    "minutes": gettext_lazy("Minutes needed"),
    "every_weeks": gettext_lazy("Wanted every (weeks)"),
    "windows": gettext_lazy("Time windows"),
    "closed_on": gettext_lazy("Days on which it cannot be"),
    "is_public": gettext_lazy("Public"),
    "contact_name": gettext_lazy("Contact"),
    "contact_phone": gettext_lazy("Contact's telephone"),
    "hint": gettext_lazy("How to find it"),
    "series": gettext_lazy("Visits that repeat"),
}
PLAIN = (
    "community",
    "address",
    "postcode",
    "minutes",
    "every_weeks",
    "is_public",
    "contact_name",
    "contact_phone",
    "hint",
)


@dataclass(slots=True)
class Line:
    """What becomes of one stop of the file, or why a row of it is of no use. ``changes``: (words, before, after).

    ``made``: the stop as it will be made, where it is new.
    """

    read: Read
    outcome: str
    name: str
    stop: Stop | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    partner: Institution | None = None
    made: Stop | None = None
    series: list[NewSeries] = field(default_factory=list)

    @property
    def rows(self) -> str:
        return ", ".join(str(row) for row in self.read.rows)

    @property
    def sentences(self) -> list[str]:
        return [sentence(code, facts) for code, facts in (*self.read.bad, *self.read.remarks)]

    def get_outcome_display(self) -> str:
        return str(RowOutcome(self.outcome).label)


def hand_over_stops(*, office: Institution, upload: "UploadedFile[bytes]", actor: User) -> StopSheet:
    """Read a file, without changing any stop. Raises NotPermitted, and InvalidInput (field ``file``) for what is no timetable."""
    require_desk(office, actor)
    if (upload.size or 0) > MOST_MEGABYTES * 1024 * 1024:
        raise InvalidInput("sheet_too_large", sentence("too_large", {"limit": MOST_MEGABYTES}), field="file")
    try:
        upload.seek(0)
        read = read_sheet(cast(IO[bytes], upload))
    except (SheetRefused, SheetUnreadable) as refusal:
        raise InvalidInput(f"sheet_{refusal.code}", refusal.text, field="file") from None
    sheet = StopSheet(
        office=office,
        name=(upload.name or _("list of stops"))[-200:],
        rows=[row.kept() for row in read.reads],
        passed_over=read.passed_over,
        started_by=actor,
    )
    _count(sheet, lines_of(sheet))
    sheet.save(force_insert=True)
    return sheet


def lines_of(sheet: StopSheet) -> list[Line]:
    """What each stop of the file would bring now, in the order of the file. Four statements, however long the file is; up to seven
    more where it brings visits that repeat."""
    if sheet.status != StopSheetStatus.CHECKED:
        return []
    return _decide(sheet.office, [Read.of(kept) for kept in sheet.rows])


@transaction.atomic
def adopt_stops(*, sheet: StopSheet, actor: User, only_new: bool = False) -> StopSheet:
    """Write every usable stop of the file: new ones, and unless ``only_new`` what it says otherwise of known ones; and begin the
    visits that repeat.

    Rows that cannot be used are left out. Raises Conflict (``sheet_done``, ``nothing_to_adopt``).
    """
    fresh = _lock(sheet, actor)
    # One list at a time for a library: two with the same stop would else both make it.
    Institution.objects.select_for_update(no_key=True).get(pk=fresh.office_id)
    # As everywhere, trips are locked before stops.
    trips = [(wish.vehicle, day) for line in lines_of(fresh) for wish in line.series for day in wish.days]
    opened = open_trips(trips, actor=actor) if trips else {}
    known = Stop.objects.filter(office=fresh.office).order_by("pk")
    list(known.select_for_update(no_key=True).values_list("pk", flat=True))
    lines = lines_of(fresh)
    made = [line for line in lines if line.outcome == RowOutcome.NEW]
    changed = [line for line in lines if line.outcome == RowOutcome.CHANGED and not only_new]
    if not made and not changed:
        raise Conflict("nothing_to_adopt", _("There is nothing to adopt: no row is new or changes anything."))
    _make(made)
    for line in changed:
        _change(line)
    begun = [
        (stop, wish)
        for line in (*made, *changed)
        if (stop := line.made or line.stop) is not None
        for wish in line.series
    ]
    if begun:
        begin_series(begun, actor=actor)
    for trip in Trip.objects.filter(pk__in=[trip.pk for trip in opened.values()], visits=None):
        drop_if_empty(trip, actor=actor)
    _count(fresh, lines)
    fresh.status, fresh.finished_at, fresh.rows = StopSheetStatus.ADOPTED, clock.now(), []
    fresh.save()
    return fresh


@transaction.atomic
def put_stops_aside(*, sheet: StopSheet, actor: User) -> StopSheet:
    """The list is not to be adopted. Raises Conflict (``sheet_done``)."""
    fresh = _lock(sheet, actor)
    fresh.status, fresh.finished_at, fresh.rows = StopSheetStatus.CANCELLED, clock.now(), []
    fresh.save()
    return fresh


def _lock(sheet: StopSheet, actor: User) -> StopSheet:
    fresh = (
        StopSheet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office")
        .get(pk=sheet.pk)
    )
    require_desk(fresh.office, actor)
    if fresh.status != StopSheetStatus.CHECKED:
        raise Conflict("sheet_done", _("This list was adopted or put aside already. Hand it over anew."))
    return fresh


def _count(sheet: StopSheet, lines: Iterable[Line]) -> None:
    counts = Counter(line.outcome for line in lines)
    sheet.new, sheet.changed = counts[RowOutcome.NEW], counts[RowOutcome.CHANGED]
    sheet.unchanged, sheet.bad = counts[RowOutcome.UNCHANGED], counts[RowOutcome.BAD]


# --- deciding ---------------------------------------------------------------------------------------------------------


def _decide(office: Institution, reads: Sequence[Read]) -> list[Line]:
    stops = list(Stop.objects.filter(office=office).select_related("partner").prefetch_related("windows"))
    for each in stops:
        each.office = office
    timetable = read_timetable(office, (row for read in reads if not read.bad for row in read.series))
    by_name = {_key(stop.name): stop for stop in stops}
    schools = _schools()
    taken = set(by_name)
    namesakes = Counter(_key(read.values["stop"]) for read in reads if not read.bad)
    lines = []
    for read in reads:
        if read.bad:
            lines.append(Line(read, RowOutcome.BAD, str(read.values.get("stop", ""))))
            continue
        name, stop = _find(read, by_name, several=namesakes[_key(read.values["stop"])] > 1)
        if stop is not None:
            line = Line(read, RowOutcome.UNCHANGED, stop.name, stop, _changes(stop, read))
            if stop.is_active:
                _add_series(line, stop, timetable)
            else:
                read.remarks.append(("closed_here", {}))
            if line.changes:
                line.outcome = RowOutcome.CHANGED
            lines.append(line)
        elif _key(name) in taken:
            read.bad.append(("name_taken", {}))
            lines.append(Line(read, RowOutcome.BAD, name))
        else:
            taken.add(_key(name))
            partner = schools.get(name_key(name))
            if partner is not None:
                read.remarks.append(("school_found", {"name": partner.name}))
            line = Line(read, RowOutcome.NEW, name, partner=partner)
            line.made = _new_stop(office, line)
            _add_series(line, line.made, timetable)
            lines.append(line)
    return lines


def _add_series(line: Line, stop: Stop, timetable: Timetable) -> None:
    line.series, findings = timetable.series_for(stop, line.read.series)
    line.read.remarks += findings
    line.changes += [(str(LABELS["series"]), "", str(wish)) for wish in line.series]


def _key(name: str) -> str:
    return " ".join(str(name).split()).casefold()


def _find(read: Read, by_name: dict[str, Stop], *, several: bool) -> tuple[str, Stop | None]:
    """The name of the stop and the row that has it. Where several share a name, the community tells them apart."""
    said, community = str(read.values["stop"]), str(read.values.get("community", ""))
    longer = f"{said} ({community})"[:120] if community else said
    if several:
        return longer, by_name.get(_key(longer))
    known = by_name.get(_key(longer)) or by_name.get(_key(said))
    if known is not None and community and known.community and _key(known.community) != _key(community):
        return longer, by_name.get(_key(longer))
    return said, known


def _schools() -> dict[str, Institution]:
    """Schools by the key of their name, where only one has it."""
    found: dict[str, Institution] = {}
    twice: set[str] = set()
    for school in Institution.objects.filter(kind__in=SCHOOLS, is_active=True).only(
        "pk", "name", "short_name"
    ):
        for key in {name_key(school.name), name_key(school.short_name)} - {""}:
            if key in found:
                twice.add(key)
            found[key] = school
    return {key: school for key, school in found.items() if key not in twice}


def _wanted(read: Read) -> dict[str, Any]:
    """Fields of a stop that the file speaks of."""
    wanted = {name: read.values[name] for name in PLAIN if name in read.values}
    if "latitude" in read.values:
        wanted["latitude"] = Decimal(read.values["latitude"])
        wanted["longitude"] = Decimal(read.values["longitude"])
    if "closed_on" in read.values:
        wanted["closed_on"] = [date.fromisoformat(day) for day in read.values["closed_on"]]
    return wanted


def _spans(read: Read) -> list[tuple[int, time, time]]:
    return sorted((day, time.fromisoformat(begin), time.fromisoformat(end)) for day, begin, end in read.spans)


def _changes(stop: Stop, read: Read) -> list[tuple[str, str, str]]:
    wanted = _wanted(read)
    place = None if stop.latitude is None else f"{stop.latitude}, {stop.longitude}"
    found = []
    if "latitude" in wanted:
        said = f"{wanted.pop('latitude')}, {wanted.pop('longitude')}"
        if said != place:
            found.append((str(LABELS["place"]), place or "", said))
    for name, value in wanted.items():
        if getattr(stop, name) != value:
            found.append((str(LABELS[name]), _shown(getattr(stop, name)), _shown(value)))
    if read.spans and _spans(read) != windows_of(stop):
        found.append((str(LABELS["windows"]), _hours(windows_of(stop)), _hours(_spans(read))))
    return found


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(day.isoformat() for day in value)
    return str(value)


def _hours(spans: Iterable[tuple[int, time, time]]) -> str:
    return ", ".join(f"{Weekday(day).label} {interval_words((begin, end))}" for day, begin, end in spans)


# --- writing ----------------------------------------------------------------------------------------------------------


def _make(lines: Sequence[Line]) -> None:
    stops = [line.made for line in lines if line.made is not None]
    for stop, slug in zip(stops, free_slugs([stop.name for stop in stops]), strict=True):
        stop.slug = slug
        _check(stop)
    Stop.objects.bulk_create(stops)
    StopWindow.objects.bulk_create(
        StopWindow(stop=stop, weekday=day, opens_at=begin, closes_at=end)
        for stop, line in zip(stops, lines, strict=True)
        for day, begin, end in _spans(line.read)
    )


def _new_stop(office: Institution, line: Line) -> Stop:
    wanted = _wanted(line.read)
    # The schema is of public stops; a school's yard is none, unless the file says so.
    wanted.setdefault("is_public", line.partner is None)
    return Stop(
        office=office,
        name=line.name,
        partner=line.partner,
        kind=StopKind.SCHOOL if line.partner else StopKind.VILLAGE,
        **wanted,
    )


def _change(line: Line) -> None:
    stop = line.stop
    assert stop is not None
    wanted = _wanted(line.read)
    for name, value in wanted.items():
        setattr(stop, name, value)
    if line.read.spans and _spans(line.read) != windows_of(stop):
        stop.windows.all().delete()
        StopWindow.objects.bulk_create(
            StopWindow(stop=stop, weekday=day, opens_at=begin, closes_at=end)
            for day, begin, end in _spans(line.read)
        )
    stop.version += 1
    _check(stop)
    stop.save(update_fields=[*wanted, "version", "updated_at"])


def _check(stop: Stop) -> None:
    """What a column refuses; the rows have been looked at before, so this is for what nobody thought of."""
    try:
        stop.clean_fields(exclude=["office", "partner", "vehicle"])
    except ValidationError as error:
        raise InvalidInput(
            "row_refused",
            _("The stop “%(stop)s” cannot be kept: %(why)s")
            % {"stop": stop.name, "why": " ".join(error.messages)},
        ) from error
