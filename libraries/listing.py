"""The directory as lists: narrowed by what was asked, as points of a map, as a spreadsheet and as a printed paper (D1).

The public pages and the desk show the same entries; they differ in which rows they begin with.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kerjasama.domain.errors import Sentence
from libraries.choices import InstitutionKind, ServiceKind
from libraries.hours import week_of, week_words
from libraries.models import Institution, Opening, Person, Region
from libraries.models.institution import InstitutionQuerySet
from libraries.papers import DirectoryEntry, DirectoryGroup, DirectoryPaper
from libraries.searching import find_institutions

MOST_POINTS = 5_000
MOST_PRINTED = 2_000
MOST_ROWS = 20_000

HEADS: tuple[Sentence, ...] = (
    gettext_lazy("Name"),
    gettext_lazy("Kind"),
    gettext_lazy("NPSN"),
    gettext_lazy("NPP"),
    gettext_lazy("ISIL"),
    gettext_lazy("Address"),
    gettext_lazy("Region"),
    gettext_lazy("City"),
    gettext_lazy("Telephone"),
    gettext_lazy("E-mail"),
    gettext_lazy("Website"),
    gettext_lazy("Opening hours"),
    gettext_lazy("Services"),
    gettext_lazy("Latitude"),
    gettext_lazy("Longitude"),
    gettext_lazy("Contacts who agreed to be named"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asked for; every part may be empty."""

    words: str = ""
    kind: str = ""
    city: str = ""
    region: str = ""
    service: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Wanted":
        """From an address; what is not known there is as if it had not been asked."""

        def text(name: str) -> str:
            return " ".join(given.get(name, "").replace("\x00", "").split())[:120]

        kind, service, region = text("jenis"), text("layanan"), text("wilayah")
        return cls(
            words=text("q"),
            kind=kind if kind in InstitutionKind.values else "",
            city=text("kota"),
            region=region if region.replace(".", "").isdigit() else "",
            service=service if service in ServiceKind.values else "",
        )

    def __bool__(self) -> bool:
        return bool(self.words or self.kind or self.city or self.region or self.service)

    def narrow(self, rows: InstitutionQuerySet) -> InstitutionQuerySet:
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.city:
            rows = rows.filter(city__iexact=self.city)
        if self.region:
            rows = rows.filter(region__code__startswith=self.region)
        if self.service:
            rows = rows.filter(services__contains=[self.service])
        return find_institutions(rows, self.words)


def choices_of(rows: InstitutionQuerySet) -> dict[str, list[tuple[str, str]]]:
    """What a list can be narrowed by, among its own rows: kinds, cities and regions that occur. Three statements."""
    bare = rows.order_by()
    kinds = set(bare.values_list("kind", flat=True).distinct())
    cities = sorted(city for city in bare.exclude(city="").values_list("city", flat=True).distinct())
    codes = {code[:5] for code in bare.exclude(region=None).values_list("region_id", flat=True).distinct()}
    regions = Region.objects.filter(code__in=codes).values_list("code", "name")
    return {
        "kinds": [(value, str(label)) for value, label in InstitutionKind.choices if value in kinds],
        "cities": [(city, city) for city in cities],
        "regions": sorted(regions, key=lambda region: region[1]),
    }


def with_all(rows: InstitutionQuerySet) -> InstitutionQuerySet:
    """With hours, region and the contacts that anybody may read of: three statements more, however many rows."""
    return rows.select_related("region").prefetch_related(
        "openings", Prefetch("people", Person.objects.public().order_by("name"), to_attr="shown")
    )


def points_of(rows: InstitutionQuerySet, page_of: Any) -> dict[str, Any]:
    """GeoJSON of the rows that have a place; ``page_of(slug or key)`` is the address of an entry."""
    placed = rows.filter(latitude__isnull=False).values_list(
        "pk", "slug", "name", "kind", "city", "latitude", "longitude"
    )[:MOST_POINTS]
    labels = dict(InstitutionKind.choices)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [float(longitude), float(latitude)]},
                "properties": {
                    "name": name,
                    "kind": str(labels.get(kind, kind)),
                    "city": city,
                    "url": page_of(pk, slug),
                },
            }
            for pk, slug, name, kind, city, latitude, longitude in placed
        ],
    }


def sheet_rows(rows: InstitutionQuerySet) -> Iterator[list[Any]]:
    """One line for each entry under HEADS. Contacts only with their consent, whoever takes the file."""
    labels = dict(ServiceKind.choices)
    for row in with_all(rows)[:MOST_ROWS]:
        yield [
            row.name,
            row.get_kind_display(),
            row.npsn,
            row.npp,
            row.isil,
            row.address,
            row.region.name if row.region else "",
            row.city,
            row.phone,
            row.email,
            row.website,
            hours_words(row.openings.all()),
            ", ".join(str(labels.get(service, service)) for service in row.services),
            row.latitude if row.latitude is not None else "",
            row.longitude if row.longitude is not None else "",
            "; ".join(contact_words(person) for person in row.shown),
        ]


def hours_words(openings: Iterable[Opening]) -> str:
    return week_words(week_of((span.weekday, span.opens, span.closes) for span in openings))


def contact_words(person: Person) -> str:
    reach = ", ".join(part for part in (person.phone, person.email) if part)
    return f"{person.name} ({person.title})" + (f" {reach}" if reach else "")


def names_of_cities(codes: Iterable[str | None]) -> dict[str, str]:
    """Names of the cities and regencies of these regions, by their five characters."""
    return dict(
        Region.objects.filter(code__in={code[:5] for code in codes if code}).values_list("code", "name")
    )


def directory_paper(rows: InstitutionQuerySet, *, title: str, today: Any, site: str) -> DirectoryPaper:
    """The printed directory: by city or regency, in it by kind, with an index of all names."""
    entries = list(with_all(rows.order_by("name", "pk"))[:MOST_PRINTED])
    cities = names_of_cities(row.region_id for row in entries)
    groups: dict[tuple[str, int, str], list[DirectoryEntry]] = defaultdict(list)
    kinds = {value: (place, str(label)) for place, (value, label) in enumerate(InstitutionKind.choices)}
    for row in entries:
        region = cities.get((row.region_id or "")[:5], "") or row.city or _("Elsewhere")
        place, kind = kinds.get(row.kind, (99, row.kind))
        groups[region, place, kind].append(_entry(row))
    return DirectoryPaper(
        name=title,
        site=site,
        on=today,
        groups=[
            DirectoryGroup(region=region, kind=kind, entries=found)
            for (region, _place, kind), found in sorted(groups.items())
        ],
    )


def _entry(row: Institution) -> DirectoryEntry:
    numbers = [
        f"NPSN {row.npsn}" if row.npsn else "",
        f"NPP {row.npp}" if row.npp else "",
        f"ISIL {row.isil}" if row.isil else "",
    ]
    people: list[Person] = getattr(row, "shown", [])
    return DirectoryEntry(
        name=row.name,
        numbers=" · ".join(number for number in numbers if number),
        address=", ".join(part for part in (row.address.replace("\n", ", "), row.city) if part)
        if row.city and row.city not in row.address
        else row.address.replace("\n", ", "),
        reach=" · ".join(part for part in (row.phone, row.email, row.website) if part),
        hours=hours_words(row.openings.all()),
        people=[contact_words(person) for person in people],
    )


def tied_institutions(ties: Iterable[Any], today: Any) -> set[UUID]:
    """Those with whom something is agreed that holds today."""
    return {tie.institution for tie in ties if tie.in_force and (tie.until is None or tie.until >= today)}
