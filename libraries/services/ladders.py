"""Asking the database for what is due by a ladder: "the latest rung reached and not yet recorded" (L9)."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar, cast

from django.db.models import Case, Exists, Model, OuterRef, QuerySet, SmallIntegerField, Value, When

from kerjasama.domain import clock
from kerjasama.domain.rungs import Ladder
from libraries.choices import Tone, Zone
from libraries.models import Notice

Row = TypeVar("Row", bound=Model)


def unrecorded(rows: QuerySet[Row], *, rule: str, due: str, ladder: Ladder, today: date) -> QuerySet[Row]:
    """Those of ``rows`` that have reached a rung by their date field ``due`` of which no notice of ``rule`` tells.

    One query for any number of rows; once everything is told, it finds nothing.
    """
    reached = Case(
        *(When(**{f"{due}__lte": last}, then=Value(rung)) for rung, last in ladder.windows(today)),
        output_field=SmallIntegerField(),
    )
    told = Notice.objects.filter(
        rule=rule, rung=OuterRef("rung"), subject_id=OuterRef("pk"), due_on=OuterRef(due)
    )
    started = {f"{due}__lte": today - clock.days(ladder.rungs[0])}
    return cast(QuerySet[Row], rows.filter(**started).alias(rung=reached).filter(~Exists(told)))


def zones_by_day() -> dict[date, Sequence[str]]:
    """The civil dates of this moment and the zones they hold in: most of the day one date, else two."""
    days: dict[date, list[str]] = {}
    for zone in Zone.values:
        days.setdefault(clock.today(zone), []).append(zone)
    return dict(days)


def tone_of(due_on: date, today: date) -> Tone:
    """How a notice about this date looks today."""
    if today > due_on:
        return Tone.LATE
    return Tone.DUE if (due_on - today).days <= 3 else Tone.CALM


def phase_of(due_on: date, today: date) -> dict[str, object]:
    """Facts for sentences: ``phase`` before, today or after, and how many ``days`` lie between."""
    phase = "before" if today < due_on else "after" if today > due_on else "today"
    return {"phase": phase, "days": abs((due_on - today).days)}
