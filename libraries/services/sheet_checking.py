"""What each row of a spreadsheet means for the directory: new, changed in what, unchanged, or not to be used and why.

Nothing is written to the directory here. A batch of rows is decided with a fixed number of statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from libraries.choices import PersonFunction, RowOutcome
from libraries.models import Institution, Person, Sheet, SheetRow
from libraries.services.sheet_places import RegionFinder
from libraries.sheets.findings import Finding
from libraries.sheets.values import Read, name_key, place_key

# Values of a row that are kept with the institution under the same name.
KEPT = (
    "npsn", "npp", "isil", "name", "short_name", "kind", "address", "city", "phone", "email", "website",
    "latitude", "longitude", "region",
)  # fmt: skip
CONTACTS = {"principal": PersonFunction.PRINCIPAL, "librarian": PersonFunction.TEACHER_LIBRARIAN}
NUMBERS = ("npsn", "npp", "isil")
# Names of regions from the smallest on, and how long the code of one is at least.
_LENGTHS = {"village": 13, "district": 8, "regency": 5, "province": 2, "region_code": 2}


@dataclass(slots=True)
class Known:
    """Who stands in the directory, and what earlier rows of the same file have named already."""

    by_number: dict[tuple[str, str], UUID] = field(default_factory=dict)
    by_name: dict[str, list[tuple[str, str, UUID]]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[tuple[str, ...], int] = field(default_factory=dict)

    @classmethod
    def now(cls, sheet: Sheet) -> Known:
        """Two statements, however large the directory: institutions, and the rows checked before an interruption."""
        known = cls()
        for pk, npsn, npp, isil, name, region, city in Institution.objects.values_list(
            "pk", "npsn", "npp", "isil", "name", "region_id", "city"
        ):
            for number, value in zip(NUMBERS, (npsn, npp, isil.upper()), strict=True):
                if value:
                    known.by_number[number, value] = pk
            known.by_name[name_key(name)].append(((region or "")[:8], place_key(city), pk))
        earlier = SheetRow.objects.filter(sheet=sheet).exclude(outcome=RowOutcome.BAD)
        for row, values in earlier.values_list("number", "values"):
            known.remember(row, values)
        return known

    def remember(self, number: int, values: dict[str, str]) -> tuple[str, int] | None:
        """Note a row; which kind of double it is, and of which row, when an earlier one is the same institution."""
        keys: list[tuple[str, ...]] = [("npsn", values["npsn"])] if values.get("npsn") else []
        if not values.get("npsn"):
            keys.append(
                (
                    "name",
                    name_key(values.get("name", "")),
                    _district(values),
                    place_key(values.get("city", "")),
                )
            )
        for key in keys:
            if key in self.rows:
                return key[0], self.rows[key]
        for key in keys:
            self.rows[key] = number
        return None

    def find(self, values: dict[str, str]) -> tuple[UUID | None, bool]:
        """The institution that a row is about, and whether several could be: by NPSN, else by name and district."""
        for number in NUMBERS:
            value = values.get(number, "")
            pk = self.by_number.get((number, value.upper() if number == "isil" else value)) if value else None
            if pk is not None:
                return pk, False
        named = self.by_name.get(name_key(values["name"]), ())
        district, city = _district(values), place_key(values.get("city", ""))
        there = [
            pk
            for known_district, known_city, pk in named
            if (
                known_district == district
                if len(known_district) == 8 and len(district) == 8
                else not (known_city and city) or known_city == city
            )
        ]
        return (there[0], False) if len(there) == 1 else (None, len(there) > 1)


def _district(values: dict[str, str]) -> str:
    return values.get("region", "")[:8]


def decide_rows(sheet: Sheet, reads: Sequence[Read], known: Known, finder: RegionFinder) -> list[SheetRow]:
    """Unsaved rows of the report, in order. Two statements."""
    found: dict[int, UUID] = {}
    for read in reads:
        _settle_place(read, finder)
        if read.bad:
            continue
        double = known.remember(read.number, read.values)
        if double is not None:
            kind, row = double
            facts = {"row": row, "number": read.values["npsn"]} if kind == "npsn" else {"row": row}
            read.bad.append((f"{kind}_twice", facts))
            continue
        pk, several = known.find(read.values)
        if several:
            read.bad.append(("ambiguous", {}))
        elif pk is not None:
            found[read.number] = pk
    institutions = Institution.objects.in_bulk(set(found.values()))
    contacts = contacts_of(found.values())
    return [_row(sheet, read, institutions.get(found.get(read.number)), contacts, known) for read in reads]


def contacts_of(keys: Iterable[UUID]) -> dict[tuple[UUID, str], list[str]]:
    """Names of the contacts by institution and function, for the functions that a spreadsheet can name."""
    found: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    people = Person.objects.filter(
        institution__in=set(keys), function__in=CONTACTS.values(), erased_at__isnull=True
    )
    for institution, function, name in people.values_list("institution_id", "function", "name"):
        found[institution, function].append(name)
    return found


def _settle_place(read: Read, finder: RegionFinder) -> None:
    """Names of regions become one code and a city; what is not found is told and left empty."""
    named = {name: read.values.pop(name) for name in _LENGTHS if name in read.values}
    code = finder.find(named)
    if code:
        read.values["region"] = code
    # A village that is not found leaves the district: better than nothing, but told.
    for name, length in _LENGTHS.items():
        if named.get(name):
            if len(code) < length:
                read.remarks.append(("region_unknown", {"text": named[name][:80]}))
            break
    city = finder.city_of(code) if len(code) >= 5 else named.get("regency", "")
    if city:
        read.values["city"] = city[:80]


def _row(
    sheet: Sheet,
    read: Read,
    existing: Institution | None,
    contacts: dict[tuple[UUID, str], list[str]],
    known: Known,
) -> SheetRow:
    findings: list[Finding] = [*read.bad, *read.remarks]
    changes: list[list[str]] = []
    if existing is not None and not read.bad:
        if existing.is_office:
            findings.append(("office_kept", {}))
        else:
            findings += _taken(read.values, existing, known)
            changes = changes_of(existing, read.values)
            more, remarks = _new_contacts(existing, read.values, contacts)
            changes += more
            findings += remarks
    bad = bool(read.bad) or any(code == "number_taken" for code, _facts in findings)
    outcome = (
        RowOutcome.BAD
        if bad
        else RowOutcome.NEW
        if existing is None
        else RowOutcome.CHANGED
        if changes
        else RowOutcome.UNCHANGED
    )
    return SheetRow(
        sheet=sheet,
        number=read.number,
        outcome=outcome,
        label=read.values.get("name", "")[:200],
        values=read.values,
        changes=changes if outcome == RowOutcome.CHANGED else [],
        findings=[[code, facts] for code, facts in findings],
        institution=existing,
    )


def changes_of(existing: Institution, values: dict[str, str]) -> list[list[str]]:
    """[field, before, after] of everything that the row says otherwise. What it does not say stays."""
    found = []
    for name in KEPT:
        new = values.get(name, "")
        if not new:
            continue
        old = existing.region_id if name == "region" else getattr(existing, name)
        said = "" if old is None else f"{old:.6f}" if name in ("latitude", "longitude") else str(old)
        # A list that knows only the city must not move a school out of its village.
        if name == "region" and said.startswith(new):
            continue
        if name == "name" and name_key(said) == name_key(new):
            continue
        if name == "kind" and said:
            continue
        if new != said:
            found.append([name, said, new])
    return found


def _taken(values: dict[str, str], existing: Institution, known: Known) -> list[Finding]:
    """Numbers of the row that belong to somebody else than the institution it is about."""
    found: list[Finding] = []
    for number in NUMBERS:
        value = values.get(number, "")
        holder = (
            known.by_number.get((number, value.upper() if number == "isil" else value)) if value else None
        )
        if holder is not None and holder != existing.pk:
            other = Institution.objects.filter(pk=holder).values_list("name", flat=True).first()
            found.append(("number_taken", {"number": value, "name": other or "–"}))
    return found


def _new_contacts(
    existing: Institution, values: dict[str, str], contacts: dict[tuple[UUID, str], list[str]]
) -> tuple[list[list[str]], list[Finding]]:
    """A contact is added where there is none of that function; one with another name is never overwritten."""
    changes: list[list[str]] = []
    remarks: list[Finding] = []
    for name, function in CONTACTS.items():
        said = values.get(name, "")
        there = contacts.get((existing.pk, function), [])
        if said and not there:
            changes.append([name, "", said])
        elif said and name_key(said) not in {name_key(one) for one in there}:
            remarks.append(("contact_differs", {"function": str(function)}))
    return changes, remarks


def tally(rows: Iterable[SheetRow]) -> dict[str, int]:
    """How many rows of each outcome."""
    counts: dict[str, int] = dict.fromkeys(RowOutcome.values, 0)
    for row in rows:
        counts[row.outcome] += 1
    return counts


def kept_values(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a row as fields of an institution."""
    found = {name: values[name] for name in KEPT if values.get(name) and name != "region"}
    if values.get("region"):
        found["region_id"] = values["region"]
    return found
