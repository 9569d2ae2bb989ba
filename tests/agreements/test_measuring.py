"""Indicators and their measurements, entered and counted: what is kept, and every refusal (A11)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agreements.choices import AgreementStatus
from agreements.models import Agreement, Indicator, Measurement
from agreements.services.measuring import (
    add_indicator,
    count_measurements,
    drop_indicator,
    drop_measurement,
    figures_known,
    record_measurement,
    revise_indicator,
)
from kerjasama.domain import clock
from kerjasama.domain.errors import DomainError
from loans.services.claiming import report_loss
from loans.services.receiving import confirm_receipt
from tests.factories import IndicatorFactory, MeasurementFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refusal(act: Any, **arguments: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        act(**arguments)
    assert str(refused.value.message)
    return refused.value


class TestAdding:
    def test_what_is_not_said_is_as_usual(self, agreement: Agreement, officer: Any) -> None:
        losses = add_indicator(agreement=agreement, actor=officer, kind="losses")
        assert (losses.direction, losses.figure, losses.unit) == ("less", "loans.lost", "buku")
        assert losses.name
        members = add_indicator(agreement=agreement, actor=officer, kind="members", name="Anggota baru")
        assert (members.gathering, members.figure) == ("latest", "")

    def test_what_is_said_holds(self, agreement: Agreement, officer: Any) -> None:
        row = add_indicator(
            agreement=agreement,
            actor=officer,
            kind="losses",
            figure="",
            unit="eksemplar",
            target_value=Decimal(2),
        )
        assert (row.figure, row.unit, row.target_value) == ("", "eksemplar", 2)

    def test_own_words_need_words(self, agreement: Agreement, officer: Any) -> None:
        refused = refusal(add_indicator, agreement=agreement, actor=officer, kind="own", name=" ")
        assert (refused.code, refused.field) == ("name_missing", "name")

    def test_only_the_keeping_office(self, agreement: Agreement, circulation: Any, school: Any) -> None:
        for stranger in (circulation, school):
            refused = refusal(add_indicator, agreement=agreement, actor=stranger, kind="visits")
            assert refused.code == "role_missing"

    def test_nothing_under_what_was_given_up(self, agreement: Agreement, officer: Any) -> None:
        Agreement.objects.filter(pk=agreement.pk).update(status=AgreementStatus.CANCELLED)
        assert refusal(add_indicator, agreement=agreement, actor=officer, kind="visits").code == (
            "agreement_cancelled"
        )

    def test_unknown_fields_and_impossible_values(self, agreement: Agreement, officer: Any) -> None:
        call = {"agreement": agreement, "actor": officer, "kind": "visits"}
        assert refusal(add_indicator, **call, agreement_id="x").code == "unknown_field"
        for wrong in (
            {"target_value": Decimal(-1)},
            {"baseline_from": clock.today(), "baseline_until": clock.today() - DAY},
        ):
            with pytest.raises(ValidationError):
                add_indicator(**call, **wrong)
        add_indicator(**call)
        with pytest.raises(ValidationError):  # of the same name
            add_indicator(**call)


class TestChanging:
    def test_two_officers(self, agreement: Agreement, officer: Any) -> None:
        row = IndicatorFactory(agreement=agreement)
        row = revise_indicator(indicator=row, actor=officer, version=1, target_value=Decimal(150))
        assert (row.version, row.target_value) == (2, 150)
        refused = refusal(revise_indicator, indicator=row, actor=officer, version=1, name="Lain")
        assert refused.code == "stale"

    def test_not_by_others(self, agreement: Agreement, circulation: Any) -> None:
        row = IndicatorFactory(agreement=agreement)
        assert (
            refusal(revise_indicator, indicator=row, actor=circulation, name="X").code
            == refusal(drop_indicator, indicator=row, actor=circulation).code
            == "role_missing"
        )

    def test_dropped_only_while_unmeasured(self, agreement: Agreement, officer: Any) -> None:
        row = MeasurementFactory(indicator__agreement=agreement)
        assert refusal(drop_indicator, indicator=row.indicator, actor=officer).code == "measured"
        drop_measurement(measurement=row, actor=officer)
        drop_indicator(indicator=row.indicator, actor=officer)
        assert not Indicator.objects.exists()


class TestEntering:
    def test_again_for_the_same_time_takes_its_place(self, agreement: Agreement, officer: Any) -> None:
        row = IndicatorFactory(agreement=agreement)
        call = {
            "indicator": row,
            "actor": officer,
            "starts_on": agreement.starts_on,
            "ends_on": clock.today(),
        }
        record_measurement(**call, value=Decimal(10), note="Buku tamu")
        again = record_measurement(**call, value=Decimal(12))
        assert Measurement.objects.get().value == again.value == 12
        assert (again.source, again.entered_by) == ("entered", officer)

    def test_refusals(self, agreement: Agreement, officer: Any, circulation: Any) -> None:
        row, today = IndicatorFactory(agreement=agreement), clock.today()
        call = {"indicator": row, "actor": officer, "value": Decimal(1)}
        assert (
            refusal(record_measurement, **call, starts_on=today, ends_on=today - DAY).code == "time_reversed"
        )
        assert (
            refusal(record_measurement, **call, starts_on=today, ends_on=today + DAY).code == "date_to_come"
        )
        assert (
            refusal(record_measurement, **call | {"value": Decimal(-1)}, starts_on=today, ends_on=today).code
            == "negative"
        )
        assert (
            refusal(record_measurement, **call | {"actor": circulation}, starts_on=today, ends_on=today).code
            == "role_missing"
        )
        record_measurement(**call, starts_on=today - 9 * DAY, ends_on=today - DAY)
        refused = refusal(record_measurement, **call, starts_on=today - DAY, ends_on=today)
        assert refused.code == "times_overlap"
        assert (today - 9 * DAY).isoformat() in str(refused.message)
        record_measurement(**call, starts_on=today, ends_on=today)

    def test_no_time_is_measured_twice_even_past_the_services(self, agreement: Agreement) -> None:
        row = MeasurementFactory(indicator__agreement=agreement)
        with pytest.raises(IntegrityError), transaction.atomic():
            MeasurementFactory(indicator=row.indicator, starts_on=row.ends_on, ends_on=row.ends_on)


class TestCounting:
    def test_what_lending_knows(self, dispatched: Any, officer: Any, school: Any) -> None:
        agreement = dispatched.period.programme.agreement
        confirm_receipt(consignment=dispatched, actor=school)
        report_loss(line=dispatched.lines.all()[0], actor=school, kind="lost")
        found = {row.key: row.value for row in figures_known(agreement)}
        assert found["loans.copies_lent"] == found["loans.distinct_titles"] == 5
        assert (found["loans.deliveries"], found["loans.lost"], found["loans.replaced"]) == (1, 1, 0)
        assert (found["loans.confirmed_in_time"], found["loans.late_returns"]) == (100, 0)

    def test_another_partner_has_its_own_figures(self, dispatched: Any, other_school_library: Any) -> None:
        agreement = dispatched.period.programme.agreement
        agreement.partner = other_school_library
        found = {row.key: row.value for row in figures_known(agreement)}
        assert found["loans.copies_lent"] == 0
        assert found["loans.confirmed_in_time"] is None

    def test_writes_counts_and_leaves_what_was_entered(self, dispatched: Any, officer: Any) -> None:
        agreement, today = dispatched.period.programme.agreement, clock.today()
        lent = add_indicator(agreement=agreement, actor=officer, kind="books_out")
        lost = add_indicator(agreement=agreement, actor=officer, kind="losses")
        share = add_indicator(agreement=agreement, actor=officer, kind="in_time")
        add_indicator(agreement=agreement, actor=officer, kind="visits")
        record_measurement(indicator=lost, actor=officer, starts_on=today, ends_on=today, value=Decimal(3))
        call = {"agreement": agreement, "actor": officer, "starts_on": agreement.starts_on, "ends_on": today}
        report = count_measurements(**call)
        assert [(row.indicator, row.value, row.source) for row in report.written] == [(lent, 5, "counted")]
        assert (report.kept, report.silent) == ((lost,), (share,))
        assert count_measurements(**call).written[0].value == 5
        assert Measurement.objects.count() == 2  # counted anew, not twice

    def test_refusals(self, agreement: Agreement, officer: Any, circulation: Any) -> None:
        call = {"agreement": agreement, "starts_on": agreement.starts_on, "ends_on": clock.today()}
        assert refusal(count_measurements, **call, actor=circulation).code == "role_missing"
        IndicatorFactory(agreement=agreement)
        assert refusal(count_measurements, **call, actor=officer).code == "nothing_to_count"
        wrong = call | {"ends_on": clock.today() + DAY}
        assert refusal(count_measurements, **wrong, actor=officer).code == "date_to_come"
