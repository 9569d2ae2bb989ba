"""A timetable out of a file: read, shown stop by stop, adopted whole in one transaction or not at all (M1)."""

import copy
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
from mobile_service.stop_sheet_names import ByName, same, spelling
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
    def is_doubtful(self) -> bool:
        """Whether something is to be said of its visits that repeat: in the way of some, or why there are none."""
        return any(code.startswith("series_") for code, _facts in self.read.remarks)

    @property
    def sentences(self) -> list[str]:
        return [sentence(code, facts) for code, facts in (*self.read.bad, *self.read.remarks)]

    def get_outcome_display(self) -> str:
        return str(RowOutcome(self.outcome).label)


@dataclass(frozen=True, slots=True)
class Brought:
    """What an adopted list brought to one stop; ``stop`` is None where nobody knows it any more."""

    stop: Stop | None
    is_new: bool
    series: int
    visits: int


def hand_over_stops(*, office: Institution, upload: "UploadedFile[bytes]", actor: User) -> StopSheet:
    """Read a file, without changing any stop. Raises NotPermitted, and InvalidInput (field ``file``) for what is no timetable."""
    require_desk(office, actor)
    if (upload.size or 0) > MOST_MEGABYTES * 1024 * 1024:
        raise InvalidInput("sheet_too_large", sentence("too_large", {"limit": MOST_MEGABYTES}), field="file")
    try:
        upload.seek(0)
        read = read_sheet(cast(IO[bytes], upload), apart=_names(office).told_apart())
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
    """What each stop of the file would bring now, in the order of the file. Four statements, however long the file is; up to nine
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
    if only_new:
        # What the page says afterwards is what was done.
        fresh.unchanged, fresh.changed = fresh.unchanged + fresh.changed, 0
    fresh.status, fresh.finished_at = StopSheetStatus.ADOPTED, clock.now()
    fresh.rows = [_kept(line) for line in (*made, *changed)]
    fresh.save()
    return fresh


def brought_by(sheet: StopSheet) -> list[Brought]:
    """What an adopted list brought, stop by stop; nothing of one that was adopted before this was kept."""
    if sheet.status != StopSheetStatus.ADOPTED:
        return []
    stops = {str(stop.pk): stop for stop in Stop.objects.filter(office=sheet.office_id)}
    return [
        Brought(stops.get(kept["stop"]), bool(kept["is_new"]), int(kept["series"]), int(kept["visits"]))
        for kept in sheet.rows
    ]


def _kept(line: Line) -> dict[str, Any]:
    stop = line.made or line.stop
    assert stop is not None
    return {
        "stop": str(stop.pk),
        "is_new": line.outcome == RowOutcome.NEW,
        "series": len(line.series),
        "visits": sum(len(wish.days) for wish in line.series),
    }


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


def _count(sheet: StopSheet, lines: Sequence[Line]) -> None:
    """Stops that are new, changed or as they were; of what cannot be used, every row of the file."""
    counts = Counter(line.outcome for line in lines)
    sheet.new, sheet.changed = counts[RowOutcome.NEW], counts[RowOutcome.CHANGED]
    sheet.unchanged = counts[RowOutcome.UNCHANGED]
    sheet.bad = sum(len(line.read.rows) for line in lines if line.outcome == RowOutcome.BAD)


# --- deciding ---------------------------------------------------------------------------------------------------------


def _decide(office: Institution, reads: Sequence[Read]) -> list[Line]:
    stops = list(Stop.objects.filter(office=office).select_related("partner").prefetch_related("windows"))
    for each in stops:
        each.office = office
    timetable = read_timetable(office, (row for read in reads if not read.bad for row in read.series))
    by_name = ByName((stop.name, stop) for stop in stops)
    apart = by_name.told_apart()
    schools = _schools()
    taken: set[str] = set()
    namesakes = Counter(spelling(read.values["stop"], apart) for read in reads if not read.bad)
    lines = []
    for read in reads:
        if read.bad:
            lines.append(Line(read, RowOutcome.BAD, str(read.values.get("stop", ""))))
            continue
        name, stop = _find(read, by_name, several=namesakes[spelling(read.values["stop"], apart)] > 1)
        if stop is not None:
            lines.append(_known(read, stop, timetable))
        elif name in by_name or same(name) in taken:
            alike = by_name.alike(name)
            refusal = "stop_ambiguous" if len(alike) > 1 else "name_taken"
            read.bad.append((refusal, {"names": _listed(alike)} if len(alike) > 1 else {}))
            lines.append(Line(read, RowOutcome.BAD, name))
        else:
            taken.add(same(name))
            lines.append(_unknown(office, read, name, schools.get(name_key(name)), timetable))
    return lines


def _known(read: Read, stop: Stop, timetable: Timetable) -> Line:
    line = Line(read, RowOutcome.UNCHANGED, stop.name, stop, _changes(stop, read))
    if stop.is_active:
        _add_series(line, _as_it_will_be(stop, read), timetable)
    else:
        read.remarks.append(("closed_here", {}))
    if line.changes:
        line.outcome = RowOutcome.CHANGED
    return line


def _unknown(
    office: Institution, read: Read, name: str, partner: Institution | None, timetable: Timetable
) -> Line:
    if partner is not None:
        read.remarks.append(("school_found", {"name": partner.name}))
    line = Line(read, RowOutcome.NEW, name, partner=partner)
    line.made = _new_stop(office, line)
    _add_series(line, line.made, timetable)
    return line


def _as_it_will_be(stop: Stop, read: Read) -> Stop:
    """Visits are looked at beside what the file says of their stop: its closed days, its place."""
    then = copy.copy(stop)
    for name, value in _wanted(read).items():
        setattr(then, name, value)
    return then


def _add_series(line: Line, stop: Stop, timetable: Timetable) -> None:
    if not line.read.series:
        return
    spans = _spans(line.read) or (windows_of(line.stop) if line.stop is not None else [])
    line.series, findings = timetable.series_for(stop, line.read.series, spans)
    line.read.remarks += findings
    line.changes += [(str(LABELS["series"]), "", str(wish)) for wish in line.series]


def _names(office: Institution) -> ByName[str]:
    return ByName((name, name) for name in Stop.objects.filter(office=office).values_list("name", flat=True))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _find(read: Read, by_name: ByName[Stop], *, several: bool) -> tuple[str, Stop | None]:
    """The name of the stop and the row that has it. Where several share a name, the community tells them apart."""
    said, community = str(read.values["stop"]), str(read.values.get("community", ""))
    longer = f"{said} ({community})"[:120] if community else said
    if several:
        return longer, by_name.find(longer)
    known = by_name.find(longer) or by_name.find(said)
    if known is not None and community and known.community and same(known.community) != same(community):
        return longer, by_name.find(longer)
    return said, known


def _schools() -> dict[str, Institution]:
    """Schools by the key of their name, where only one has it."""
    found: dict[str, Institution] = {}
    twice: set[str] = set()
    for school in Institution.objects.filter(kind__in=SCHOOLS, is_active=True).only(
        "pk", "name", "short_name", "kind", "closed_weekdays"
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
