"""A plan as rows to read: every book with its delivery, against what is promised now; and the plan on paper (L2)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from kerjasama.documents.rendering import render_pdf
from kerjasama.domain import clock
from libraries.catalogue.models import Copy, Title
from loans.models import Period, PlannedBook, RotationPlan
from loans.papers import PlannedDelivery, PlannedSchool, RotationPlanPaper
from loans.services.planner_words import kind_words, remedy_words, unserved_words
from loans.services.rotating import result_of


@dataclass(frozen=True, slots=True)
class BookRow:
    """One book that a plan gives. ``is_new``: it is not promised to that delivery now."""

    school: str
    period: Period
    copy: Copy
    source: str
    is_new: bool
    kit: str


def books_of(plan: RotationPlan, programme: UUID | None = None) -> Iterator[BookRow]:
    """Every book of the plan, or of one school, in the order of schools, deliveries and the shelf. Three statements."""
    rows = [row for row in plan.schools if programme is None or row["programme"] == str(programme)]
    names = {row["programme"]: row["name"] for row in plan.schools}
    keys = {row["programme"]: row["periods"] for row in rows}
    periods = Period.objects.in_bulk([UUID(key) for of in keys.values() for key in of.values()])
    deliveries: dict[str, list[Any]] = defaultdict(list)
    for answer in result_of(plan):
        for delivery in answer.deliveries:
            if delivery.school in keys:
                deliveries[delivery.school].append(delivery)
    wanted = [item.copy for found in deliveries.values() for it in found for item in it.items]
    copies = {str(copy.pk): copy for copy in _copies(wanted)}
    promised = set(PlannedBook.objects.filter(period__in=periods).values_list("period_id", "title_id"))
    for row in rows:
        for delivery in sorted(deliveries[row["programme"]], key=lambda it: it.period):
            period = periods.get(UUID(keys[row["programme"]][str(delivery.period)]))
            if period is None:
                continue
            known = [(copies[item.copy], item) for item in delivery.items if item.copy in copies]
            for copy, item in sorted(known, key=lambda it: (it[0].call_number, it[0].barcode)):
                yield BookRow(
                    row["name"],
                    period,
                    copy,
                    names.get(item.source, ""),
                    (period.pk, copy.title_id) not in promised,
                    delivery.kit,
                )


def _copies(keys: Sequence[str]) -> Iterator[Copy]:
    rows = Copy.objects.select_related("title").only(
        "barcode", "call_number", "title__title", "title__reading_level"
    )
    for start in range(0, len(keys), 5000):
        yield from rows.filter(pk__in=keys[start : start + 5000])


def dropped_by(plan: RotationPlan, programme: UUID) -> list[tuple[Period, Title]]:
    """What the deliveries of one school are promised now and would not get. Two statements."""
    row = next(row for row in plan.schools if row["programme"] == str(programme))
    given = {
        (row["periods"][str(delivery.period)], item.title)
        for answer in result_of(plan)
        for delivery in answer.deliveries
        if delivery.school == str(programme)
        for item in delivery.items
    }
    books = (
        PlannedBook.objects.filter(period__in=[UUID(key) for key in row["periods"].values()])
        .select_related("period", "title")
        .order_by("period__starts_on", "title__title", "pk")
    )
    return [
        (book.period, book.title) for book in books if (str(book.period_id), str(book.title_id)) not in given
    ]


def plan_pdf(plan: RotationPlan, *, programme: UUID | None = None, language: str = "id") -> bytes:
    """The plan on paper: its sum, every school in numbers, what falls short and what to buy; or the list of one school."""
    with translation.override(language):
        rows = [row for row in plan.schools if programme is None or row["programme"] == str(programme)]
        report = plan.report
        paper = RotationPlanPaper(
            institution=str(plan.lender),
            starts_on=plan.starts_on,
            periods=plan.periods,
            mode=plan.get_mode_display(),
            state=plan.get_status_display(),
            printed_on=clock.today(plan.lender.zone),
            schools=[_school(row) for row in rows],
            remedies=[]
            if programme
            else [
                (kind_words(row["level"], row["subject"]), row["missing"], remedy_words(row))
                for row in report.get("remedies", ())
            ],
            unserved=[
                (row["school"], row["title"], unserved_words(row["reason"]))
                for row in report.get("unserved", ())
                if programme is None or row["programme"] == str(programme)
            ],
            deliveries=_deliveries(plan, programme) if programme else (),
        )
        return render_pdf("rotation_plan", paper, language=language)


def short_words(row: Mapping[str, Any]) -> list[str]:
    """What each quota of a school lacks: needs, gets, and what no copy could fill."""
    said = []
    for gap in row["short"]:
        words = _("%(kind)s: needs %(needs)s, gets %(gets)s") % {
            "kind": kind_words(
                gap["level"], gap["subject"], gap.get("language", ""), gap.get("material", "")
            ),
            "needs": gap["needs"],
            "gets": gap["gets"],
        }
        if gap["had_all"]:
            words += _(" (%(n)s because the school has had all titles)") % {"n": gap["had_all"]}
        said.append(words + ".")
    return said


def differences_of(row: Mapping[str, Any]) -> dict[str, int]:
    """New, same and dropped books of a school, of plans that were kept before these were counted as well."""
    return {
        "same": row["kept"],
        "new": row.get("new", row["books"] - row["kept"]),
        "dropped": row.get("dropped", row["earlier"] - row["kept"]),
        "wishes": row.get("wishes", 0),
        "served": row.get("served", 0),
    }


def _school(row: Mapping[str, Any]) -> PlannedSchool:
    return PlannedSchool(
        name=row["name"],
        places=row["places"],
        books=row["books"],
        direct=row["direct"],
        short=short_words(row),
        **differences_of(row),
    )


def _deliveries(plan: RotationPlan, programme: UUID) -> list[PlannedDelivery]:
    found: dict[UUID, tuple[Period, list[tuple[str, str, str, str]]]] = {}
    for book in books_of(plan, programme):
        rows = found.setdefault(book.period.pk, (book.period, []))[1]
        rows.append((book.copy.title.title, book.copy.call_number, book.copy.barcode, book.source))
    return [
        PlannedDelivery(period=str(period), on=period.starts_on, books=rows)
        for period, rows in found.values()
    ]
