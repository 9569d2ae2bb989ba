"""How figures are judged: pure tables of numbers and verdicts (A11)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from agreements.evaluation_paper import bars, number
from agreements.judging import (
    Aim,
    FigureLine,
    ObstacleLine,
    Value,
    frozen,
    judge,
    thawed_figure,
    thawed_obstacle,
)

YEAR = (date(2020, 1, 1), date(2020, 12, 31))
HALF = (date(2021, 1, 1), date(2021, 6, 30))


def value(amount: Any, start: date = YEAR[0], end: date = YEAR[1]) -> Value:
    return Value(start, end, Decimal(amount))


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "found", "verdict"),
    [
        ("more", 100, 120, 120, "reached"),
        ("more", 100, 120, 119, "better"),
        ("more", 100, 120, 100, "same"),
        ("more", 100, 120, 99, "worse"),
        ("less", 10, 5, 5, "reached"),
        ("less", 10, 5, 6, "better"),
        ("less", 10, 5, 10, "same"),
        ("less", 10, 5, 11, "worse"),
        ("less", 10, None, 0, "better"),
        ("more", None, 120, 119, "missed"),
        ("more", None, 120, 121, "reached"),
        ("more", None, None, 1, "noted"),
    ],
)
def test_verdicts(direction: str, baseline: Any, target: Any, found: int, verdict: str) -> None:
    aim = Aim(
        direction=direction,
        baseline=None if baseline is None else Decimal(baseline),
        target=None if target is None else Decimal(target),
    )
    assert judge(aim, [value(found)]).verdict == verdict


def test_nothing_measured_is_said() -> None:
    judged = judge(Aim(baseline=Decimal(1)), [])
    assert (judged.measured, judged.now, judged.verdict) == (None, None, "unmeasured")


def test_half_a_year_is_not_held_against_a_whole_one() -> None:
    aim = Aim(baseline=Decimal(1000), baseline_from=YEAR[0], baseline_until=YEAR[1])
    judged = judge(aim, [value(600, *HALF)])
    assert judged.measured == 600
    assert judged.now == 1213  # 600 in 181 days are that many in 366, and nobody counts a quarter of a visit
    assert judge(aim, [value("600.50", *HALF)]).now == Decimal("1214.27")
    assert (judged.verdict, judged.is_converted) == ("better", True)


def test_nearly_equal_times_are_compared_as_they_are() -> None:
    aim = Aim(baseline=Decimal(1000), baseline_from=YEAR[0], baseline_until=YEAR[1])
    judged = judge(aim, [value(900, date(2021, 1, 1), date(2021, 12, 1))])
    assert (judged.now, judged.is_converted) == (Decimal(900), False)


def test_states_and_shares_are_never_converted() -> None:
    for how in ("latest", "mean"):
        aim = Aim(gathering=how, baseline=Decimal(50), baseline_from=YEAR[0], baseline_until=YEAR[1])
        assert judge(aim, [value(60, *HALF)]).now == 60


def test_several_measurements_become_one() -> None:
    first = value(10, date(2021, 1, 1), date(2021, 1, 10))
    second = value(40, date(2021, 1, 11), date(2021, 2, 9))
    for how, wanted in (("sum", "50"), ("latest", "40"), ("mean", "32.50")):
        assert judge(Aim(gathering=how), [first, second]).measured == Decimal(wanted)


def line(**fields: Any) -> FigureLine:
    return FigureLine(
        **{
            "name": "Kunjungan",
            "unit": "kunjungan",
            "direction": "more",
            "baseline": Decimal("100"),
            "baseline_from": YEAR[0],
            "baseline_until": YEAR[1],
            "baseline_source": "Buku tamu",
            "target": Decimal("120.50"),
            "target_on": None,
            "measured": None,
            "now": None,
            "days": 0,
            "verdict": "unmeasured",
            "source": "",
        }
        | fields
    )


def test_what_is_frozen_is_what_was() -> None:
    assert thawed_figure(frozen(line())) == line()
    obstacle = ObstacleLine("staff", "a", "b", "", None, YEAR[0], "c")
    assert thawed_obstacle(frozen(obstacle)) == obstacle


def test_bars_are_shares_of_the_longest() -> None:
    found = bars(line(baseline=Decimal(50), now=Decimal(200), target=Decimal(100)))
    assert found == {"before": Decimal("25.0"), "now": Decimal("100.0"), "target": Decimal("50.0")}
    assert bars(line(baseline=Decimal(0), target=None, now=Decimal(0))) == {
        "before": 0,
        "now": 0,
        "target": None,
    }


@pytest.mark.parametrize(
    ("given", "indonesian", "english"),
    [
        (Decimal("1250.00"), "1.250", "1,250"),
        (Decimal("87.50"), "87,5", "87.5"),
        (Decimal("0.25"), "0,25", "0.25"),
        (None, "–", "–"),
    ],
)
def test_numbers_are_said_as_people_write_them(given: Any, indonesian: str, english: str) -> None:
    assert (number(given, "id"), number(given, "en")) == (indonesian, english)
