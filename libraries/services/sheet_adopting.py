"""Writing checked rows to the directory: a batch at once, and one by one when the database refuses one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils.text import slugify

from kerjasama.domain import clock
from libraries.choices import RowOutcome
from libraries.models import Institution, Person, Sheet, SheetRow
from libraries.services.sheet_checking import CONTACTS, changes_of, contacts_of, kept_values
from libraries.sheets.values import name_key


def adopt_rows(sheet: Sheet, rows: Sequence[SheetRow]) -> tuple[int, dict[str, int]]:
    """Write the rows; returns how many, and how many of which outcome the database refused (they are told as bad rows)."""
    try:
        with transaction.atomic():
            _write(sheet, rows)
            return len(rows), {}
    except (IntegrityError, DataError) as error:
        if len(rows) == 1:
            return 0, _refuse(rows[0], error)
    adopted = 0
    refused: dict[str, int] = defaultdict(int)
    for row in rows:
        done, back = adopt_rows(sheet, [row])
        adopted += done
        for outcome, count in back.items():
            refused[outcome] += count
    return adopted, refused


def _write(sheet: Sheet, rows: Sequence[SheetRow]) -> None:
    """A fixed number of statements: institutions made and changed, contacts added, rows marked."""
    keys = [row.institution_id for row in rows if row.institution_id]
    # By rising key, as everybody locks them.
    known = {
        one.pk: one
        for one in Institution.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=keys)
        .order_by("pk")
    }
    contacts = contacts_of(keys)
    made: list[Institution] = []
    changed: list[Institution] = []
    people: list[Person] = []
    slugs = _Slugs(rows)
    for row in rows:
        institution = known.get(row.institution_id) if row.institution_id else None
        if institution is None:
            institution = Institution(
                slug=slugs.take(row), is_listed=sheet.list_publicly, **kept_values(row.values)
            )
            made.append(institution)
            row.institution = institution
        elif not institution.is_office:
            # What somebody has put right since the check is held against the row once more.
            for name, _old, new in changes_of(institution, row.values):
                setattr(institution, "region_id" if name == "region" else name, new)
            institution.version += 1
            institution.updated_at = clock.now()
            changed.append(institution)
        people += _people(institution, row.values, contacts)
        row.adopted = True
    Institution.objects.bulk_create(made)
    Institution.objects.bulk_update(
        changed,
        ["npsn", "npp", "isil", "name", "short_name", "kind", "address", "city", "phone", "email", "website",
         "latitude", "longitude", "region", "version", "updated_at"],
    )  # fmt: skip
    Person.objects.bulk_create(people)
    SheetRow.objects.bulk_update(rows, ["adopted", "institution"])


def _people(institution: Institution, values: dict[str, Any], contacts: dict[Any, list[str]]) -> list[Person]:
    found = []
    for name, function in CONTACTS.items():
        said = values.get(name, "")
        there = contacts.get((institution.pk, function), [])
        if said and not there:
            found.append(Person(institution=institution, name=said, function=function))
            contacts[institution.pk, function] = [name_key(said)]
    return found


class _Slugs:
    """Address names for a batch of new institutions, all different and free. One statement."""

    def __init__(self, rows: Sequence[SheetRow]) -> None:
        stems = {self.stem(row) for row in rows if not row.institution_id}
        self.taken = set(Institution.objects.filter(slug__in=stems).values_list("slug", flat=True))

    @staticmethod
    def stem(row: SheetRow) -> str:
        return slugify(row.values["name"])[:60].strip("-") or "lembaga"

    def take(self, row: SheetRow) -> str:
        slug = self.stem(row)
        if slug in self.taken:
            # The number of the school, else the end of the row's own key, tells namesakes apart.
            slug = f"{slug}-{(row.values.get('npsn') or f'{row.pk:x}').lower()}"
        self.taken.add(slug)
        return slug


def _refuse(row: SheetRow, error: Exception) -> dict[str, int]:
    detail = str(getattr(getattr(error.__cause__, "diag", None), "message_primary", "") or error)[:200]
    before = row.outcome
    SheetRow.objects.filter(pk=row.pk).update(
        outcome=RowOutcome.BAD, findings=[*row.findings, ["refused", {"detail": detail}]]
    )
    return {before: 1}
