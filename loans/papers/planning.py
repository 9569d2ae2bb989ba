"""A rotation plan on paper: what it gives, school by school, what falls short, what to buy, and which wishes wait (L2)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kerjasama.documents.paper import Text, Words
from kerjasama.domain.wording import grouped, long_date, plain_date


@dataclass(frozen=True, kw_only=True)
class PlannedSchool:
    """What a plan gives one school, in numbers; ``short`` says what falls short in words."""

    name: str
    places: int
    books: int
    new: int
    same: int
    dropped: int
    direct: int
    wishes: int = 0
    served: int = 0
    short: Sequence[Text] = ()


@dataclass(frozen=True, kw_only=True)
class PlannedDelivery:
    """The books of one delivery: (title, shelf mark, barcode, straight from)."""

    period: Text
    on: date
    books: Sequence[tuple[str, str, str, str]]


@dataclass(frozen=True, kw_only=True)
class RotationPlanPaper:
    """Render with ``rotation_plan``. ``remedies`` are (kind, missing, what to do); ``unserved`` (school, title, why).

    With ``deliveries`` it is the list of one school.
    """

    institution: str
    starts_on: date
    periods: int
    mode: Text
    state: Text
    schools: Sequence[PlannedSchool]
    remedies: Sequence[tuple[Text, int, Sequence[Text]]] = ()
    unserved: Sequence[tuple[str, str, Text]] = ()
    deliveries: Sequence[PlannedDelivery] = field(default=())
    printed_on: date | None = None

    def words(self, language: str) -> Words:
        name = _("Rotation plan")
        school = self.schools[0].name if self.deliveries and self.schools else ""
        return {
            "title": _("%(name)s %(number)s")
            % {"name": name, "number": plain_date(self.starts_on, language)},
            "footer": " · ".join(filter(None, (name, self.institution, school))),
            "name": name,
            "facts": [
                row
                for row in (
                    (_("Library"), self.institution),
                    (_("School"), school),
                    (_("Deliveries from"), long_date(self.starts_on, language)),
                    (_("Periods"), str(self.periods)),
                    (_("How the books travel"), str(self.mode)),
                    (_("State"), str(self.state)),
                    (_("Printed"), long_date(self.printed_on, language) if self.printed_on else ""),
                )
                if row[1]
            ],
            "figures": self._figures(language),
            "sections": [
                row
                for row in (
                    self._schools(language),
                    self._short(),
                    self._remedies(language),
                    self._unserved(),
                    *(self._delivery(row, language) for row in self.deliveries),
                )
                if row["rows"]
            ],
        }

    def _figures(self, language: str) -> list[tuple[str, str]]:
        def total(field: str) -> int:
            return sum(getattr(row, field) for row in self.schools)

        return [
            (label, grouped(number, language))
            for label, number in (
                (_("Books"), total("books")),
                (_("Empty places"), total("places") - total("books")),
                (_("New"), total("new")),
                (_("Same as now"), total("same")),
                (_("Dropped"), total("dropped")),
                (_("Straight from a school"), total("direct")),
                (_("Wishes served"), total("served")),
            )
        ]

    def _schools(self, language: str) -> Words:
        heads = [
            _("School"), _("Books"), _("Empty"), _("New"), _("Same"), _("Dropped"), _("Straight"), _("Wishes"),
        ]  # fmt: skip
        rows = [
            [
                row.name,
                *(
                    grouped(number, language)
                    for number in (
                        row.books,
                        row.places - row.books,
                        row.new,
                        row.same,
                        row.dropped,
                        row.direct,
                    )
                ),
                f"{row.served}/{row.wishes}",
            ]
            for row in self.schools
        ]
        return {"title": _("School by school"), "heads": heads, "numbers": 7, "rows": rows}

    def _short(self) -> Words:
        rows = [[row.name, " ".join(map(str, row.short))] for row in self.schools if row.short]
        return {
            "title": _("What falls short"),
            "heads": [_("School"), _("Quota")],
            "numbers": 0,
            "rows": rows,
        }

    def _remedies(self, language: str) -> Words:
        rows = [
            [str(kind), " ".join(map(str, said)), grouped(missing, language)]
            for kind, missing, said in self.remedies
        ]
        heads = [_("Kind of books"), _("What would fill the empty places"), _("Empty")]
        return {"title": _("To buy or to borrow"), "heads": heads, "numbers": 1, "rows": rows}

    def _unserved(self) -> Words:
        rows = [[school, title, str(why)] for school, title, why in self.unserved]
        heads = [_("School"), _("Title"), _("Why not")]
        return {"title": _("Wishes that wait"), "heads": heads, "numbers": 0, "rows": rows}

    def _delivery(self, row: PlannedDelivery, language: str) -> Words:
        count = ngettext("%(n)s book", "%(n)s books", len(row.books)) % {"n": len(row.books)}
        return {
            "title": " · ".join((str(row.period), long_date(row.on, language), count)),
            "heads": [_("Title"), _("Shelf mark"), _("Barcode"), _("Straight from")],
            "numbers": 0,
            "rows": [list(book) for book in row.books],
        }
