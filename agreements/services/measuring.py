"""Aims as figures: indicators with what was before and what is aimed at, and their measurements (A11)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.choices import (
    AgreementStatus,
    Direction,
    Gathering,
    IndicatorKind,
    MeasurementSource,
)
from agreements.lifecycle import KEEPS
from agreements.models import Agreement, Indicator, Measurement
from agreements.services.stepping import lock_agreement, roles_of
from kerjasama.domain import clock
from kerjasama.domain.errors import Conflict, InvalidInput, NotPermitted, refuse_unknown
from kerjasama.house import Counted, collect
from libraries.models import User

EDITABLE = frozenset(
    {
        "kind",
        "name",
        "unit",
        "direction",
        "gathering",
        "figure",
        "baseline_value",
        "baseline_from",
        "baseline_until",
        "baseline_source",
        "target_value",
        "target_on",
    }
)


@dataclass(frozen=True, slots=True)
class Usual:
    """What usually goes with a kind of indicator; everything of it may be said otherwise."""

    unit: str
    direction: str = Direction.MORE
    gathering: str = Gathering.SUM
    figure: str = ""


# Units are what stands on Indonesian papers, whatever language the desk reads.
USUAL = {
    IndicatorKind.VISITS: Usual("kunjungan"),
    IndicatorKind.MEMBERS: Usual("anggota", gathering=Gathering.LATEST),
    IndicatorKind.LOANS: Usual("peminjaman"),
    IndicatorKind.BOOKS_OUT: Usual("buku", figure="loans.copies_lent"),
    IndicatorKind.LOSSES: Usual("buku", direction=Direction.LESS, figure="loans.lost"),
    IndicatorKind.EVENTS: Usual("kegiatan", figure="activities.joined"),
    IndicatorKind.IN_TIME: Usual("%", gathering=Gathering.MEAN, figure="loans.confirmed_in_time"),
    IndicatorKind.OWN: Usual(""),
}


@dataclass(frozen=True, slots=True)
class CountReport:
    """What "count now" did. ``kept``: indicators for which somebody had entered a value, so nothing was counted over it;
    ``silent``: those whose figure has nothing to say about this time, or which no app counts."""

    written: tuple[Measurement, ...] = ()
    kept: tuple[Indicator, ...] = ()
    silent: tuple[Indicator, ...] = ()


def figures_known(agreement: Agreement, on: date | None = None) -> list[Counted]:
    """Every figure that some app can count for this agreement's two sides, with its label."""
    day = on or clock.today(agreement.office.zone)
    return collect("indicators", agreement.office, agreement.partner, day, day)


@transaction.atomic
def add_indicator(
    *, agreement: Agreement, actor: User, kind: str, name: str = "", **fields: Any
) -> Indicator:
    """One aim more. What is not said is as usual for its kind; ``name`` empty takes the kind's own words.

    Raises NotPermitted, InvalidInput (``agreement_cancelled``, ``name_missing``), ValidationError for values that the row refuses.
    """
    fresh = lock_agreement(agreement)
    require_keeper(fresh, actor)
    _require_alive(fresh)
    refuse_unknown(fields, EDITABLE)
    usual = USUAL.get(IndicatorKind(kind), Usual("")) if kind in IndicatorKind.values else Usual("")
    if not name.strip():
        if kind not in IndicatorKind.values or kind == IndicatorKind.OWN:
            raise InvalidInput("name_missing", _("Say in a few words what is measured."), field="name")
        name = str(IndicatorKind(kind).label)
    given = {key: value for key, value in fields.items() if value not in (None, "")}
    row = Indicator(
        agreement=fresh,
        kind=kind,
        name=name.strip(),
        **{
            "unit": usual.unit,
            "direction": usual.direction,
            "gathering": usual.gathering,
            "figure": fields.get("figure", usual.figure),
        }
        | {key: value for key, value in given.items() if key != "figure"},
    )
    _validate(row)
    row.save(force_insert=True)
    return row


@transaction.atomic
def revise_indicator(
    *, indicator: Indicator, actor: User, version: int | None = None, **changes: Any
) -> Indicator:
    """Change what an indicator says. Finished evaluations keep the words and figures they were finished with.

    Raises Conflict (``stale``) when somebody else has saved since ``version``.
    """
    agreement = lock_agreement(indicator.agreement)
    require_keeper(agreement, actor)
    fresh = Indicator.objects.select_for_update(no_key=True).get(pk=indicator.pk)
    if version is not None and version != fresh.version:
        raise Conflict(
            "stale",
            _("Somebody else has changed this indicator meanwhile. Look at it again, then save."),
            facts={"version": fresh.version},
        )
    refuse_unknown(changes, EDITABLE)
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.version += 1
    _validate(fresh)
    fresh.save(update_fields=[*changes, "version", "updated_at"])
    return fresh


@transaction.atomic
def drop_indicator(*, indicator: Indicator, actor: User) -> None:
    """Take back an indicator that nobody has measured. Raises Conflict (``measured``)."""
    agreement = lock_agreement(indicator.agreement)
    require_keeper(agreement, actor)
    if indicator.measurements.exists():
        raise Conflict(
            "measured",
            _("“%(name)s” has been measured. Take its measurements away first, or leave it as it is.")
            % {"name": indicator.name},
        )
    indicator.delete()


@transaction.atomic
def record_measurement(
    *, indicator: Indicator, actor: User, starts_on: date, ends_on: date, value: Decimal, note: str = ""
) -> Measurement:
    """Enter a value. For exactly the same time it takes the place of the earlier one.

    Raises InvalidInput (``time_reversed``, ``date_to_come``, ``negative``) and Conflict (``times_overlap``) naming the time that
    is already measured.
    """
    agreement = lock_agreement(indicator.agreement)
    require_keeper(agreement, actor)
    _require_time(agreement, starts_on, ends_on)
    if value < 0:
        raise InvalidInput("negative", _("A value cannot be below zero."), field="value")
    same = {"indicator": indicator, "starts_on": starts_on, "ends_on": ends_on}
    row = Measurement.objects.filter(**same).first() or Measurement(**same)
    other = _overlapping(indicator, starts_on, ends_on).exclude(pk=row.pk).order_by("starts_on").first()
    if other is not None:
        raise Conflict(
            "times_overlap",
            _(
                "From %(start)s to %(end)s there is a value already. Choose another time, or take that one away first."
            )
            % {"start": other.starts_on.isoformat(), "end": other.ends_on.isoformat()},
            facts={"starts_on": other.starts_on, "ends_on": other.ends_on},
        )
    row.value, row.source, row.entered_by, row.note = value, MeasurementSource.ENTERED, actor, note.strip()
    row.full_clean(exclude=["indicator"], validate_constraints=False)
    row.save()
    return row


@transaction.atomic
def drop_measurement(*, measurement: Measurement, actor: User) -> None:
    """Take a value away. Finished evaluations keep it."""
    agreement = lock_agreement(measurement.indicator.agreement)
    require_keeper(agreement, actor)
    measurement.delete()


@transaction.atomic
def count_measurements(*, agreement: Agreement, actor: User, starts_on: date, ends_on: date) -> CountReport:
    """Count what the system knows from ``starts_on`` to ``ends_on`` and write it to the indicators that ask for it.

    Counted again, a value takes the place of what was counted for any part of that time; what somebody entered is left.
    Raises InvalidInput (``time_reversed``, ``date_to_come``, ``nothing_to_count`` when no indicator is counted).
    """
    fresh = lock_agreement(agreement)
    require_keeper(fresh, actor)
    _require_time(fresh, starts_on, ends_on)
    wanted = list(fresh.indicators.exclude(figure=""))
    if not wanted:
        raise InvalidInput(
            "nothing_to_count",
            _("No indicator of this agreement is counted by the system. Enter the values by hand."),
        )
    known: dict[str, Counted] = {
        row.key: row for row in collect("indicators", fresh.office, fresh.partner, starts_on, ends_on)
    }
    written, kept, silent = [], [], []
    for indicator in wanted:
        counted = known.get(indicator.figure)
        earlier = _overlapping(indicator, starts_on, ends_on)
        if earlier.filter(source=MeasurementSource.ENTERED).exists():
            kept.append(indicator)
        elif counted is None or counted.value is None:
            silent.append(indicator)
        else:
            earlier.delete()
            written.append(
                Measurement.objects.create(
                    indicator=indicator,
                    starts_on=starts_on,
                    ends_on=ends_on,
                    value=counted.value,
                    source=MeasurementSource.COUNTED,
                )
            )
    return CountReport(tuple(written), tuple(kept), tuple(silent))


def require_keeper(agreement: Agreement, actor: User) -> None:
    """Aims, measurements and obstacles are kept by whoever keeps the agreement."""
    if not roles_of(actor, agreement) & KEEPS:
        raise NotPermitted(
            "role_missing",
            _("Only a cooperation officer or the head of %(office)s keeps the evaluation of its agreements.")
            % {"office": agreement.office},
        )


def _overlapping(indicator: Indicator, starts_on: date, ends_on: date) -> Any:
    return Measurement.objects.filter(indicator=indicator, starts_on__lte=ends_on, ends_on__gte=starts_on)


def _require_time(agreement: Agreement, starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise InvalidInput("time_reversed", _("The last day must not be before the first."), field="ends_on")
    if ends_on > clock.today(agreement.office.zone):
        raise InvalidInput(
            "date_to_come", _("This time is not over yet. Measure until today at most."), field="ends_on"
        )


def _require_alive(agreement: Agreement) -> None:
    if agreement.status == AgreementStatus.CANCELLED:
        raise InvalidInput(
            "agreement_cancelled", _("This agreement was given up; there is nothing to measure under it.")
        )


def _validate(row: Indicator) -> None:
    row.full_clean()
