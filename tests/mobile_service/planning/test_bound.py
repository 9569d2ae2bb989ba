"""What no plan can go below, against every block of two tours there is. No database."""

from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobile_service.planning import Problem, Stop
from mobile_service.planning.city import town
from mobile_service.planning.finishing import plan_routes
from tests.bench.bound import Prices, lower_bound, prices_of
from tests.mobile_service.planning.small import month, road

STOPS = 5
TOWNS = [town(STOPS, seed=seed, iterations=60) for seed in range(1, 7)]
WEEKDAYS = frozenset(range(1, 6))


@st.composite
def priced_towns(draw: st.DrawFn) -> tuple[Problem, Prices]:
    problem = draw(st.sampled_from(TOWNS))
    keys = [it.key for it in problem.stops]
    stops = {key: draw(st.integers(0, 160)) / 2 for key in keys}
    triples = draw(st.lists(st.sampled_from(list(combinations(keys, 3))), max_size=4, unique=True))
    return problem, Prices(stops, [(triple, draw(st.integers(0, 40)) / 2) for triple in triples])


@given(priced_towns(), st.sampled_from((1, 2, 8)))
@settings(deadline=None, max_examples=40)
def test_the_bound_is_what_every_block_of_two_tours_says(
    told: tuple[Problem, Prices], neighbours: int
) -> None:
    """However much is forgotten when it is foreseen what a tour may still bring."""
    problem, prices = told
    least = min(0.0, *(cost - _worth(prices, met) for met, cost in _blocks(problem)))
    wanted = sum(prices.stops.values()) - sum(cost for _keys, cost in prices.triples) + 10 * least
    assert lower_bound(problem, prices, neighbours=neighbours) == pytest.approx(wanted, abs=1e-6)


@given(priced_towns())
@settings(deadline=None, max_examples=10)
def test_no_plan_drives_less_whatever_the_prices(told: tuple[Problem, Prices]) -> None:
    problem, prices = told
    plan = plan_routes(problem)
    assert not plan.missed
    assert plan.figures.travel >= lower_bound(problem, prices) - 1e-6


def test_the_kept_prices_are_of_the_town_that_is_measured() -> None:
    prices = prices_of(1)
    assert prices is not None
    assert set(prices.stops) == {it.key for it in town(58, seed=1).stops}
    assert prices_of(0) is None


@pytest.mark.parametrize(
    "problem",
    [road(3), month(3), town(4, 2), town(4, drift=4)],
    ids=["week", "many windows", "two vans", "drift"],
)
def test_what_it_does_not_reckon_with_is_refused(problem: Problem) -> None:
    with pytest.raises(ValueError, match="only one van"):
        lower_bound(problem, Prices({it.key: 1.0 for it in problem.stops}, []))


def test_a_triple_may_not_be_worth_something() -> None:
    problem = TOWNS[0]
    keys = [it.key for it in problem.stops]
    with pytest.raises(ValueError, match="negative"):
        lower_bound(problem, Prices(dict.fromkeys(keys, 1.0), [((keys[0], keys[1], keys[2]), -1.0)]))


def _worth(prices: Prices, met: frozenset[str]) -> float:
    """Of all stops of a block, less what it costs to have two of a triple."""
    triples = sum(cost * (len(met.intersection(keys)) // 2) for keys, cost in prices.triples)
    return sum(prices.stops[it] for it in met) - triples


def _blocks(problem: Problem) -> list[tuple[frozenset[str], float]]:
    """Every pair of tours that can lie two weeks apart: the stops of both, and the minutes of driving."""
    tours = {met: cost for many in range(STOPS + 1) for met in map(frozenset, combinations(problem.stops, many))
             if (cost := _driven(problem, met)) is not None}  # fmt: skip
    found = []
    for first, one in tours.items():
        for second, other in tours.items():
            fortnightly = {it for it in first | second if it.every == 14}
            banned = {day for it in first | second for day in it.banned_weekdays}
            if first & second == fortnightly and WEEKDAYS - banned:
                found.append((frozenset(it.key for it in first | second), one + other))
    return found


def _driven(problem: Problem, met: frozenset[Stop]) -> float | None:
    """The shortest tour of these stops that keeps all hours; none where there is none."""
    ways, shift = problem.matrices[0].minutes, problem.vehicles[0].shifts[0]
    best = None
    for order in permutations(met):
        clock, here, cost = float(shift.opens), 0, 0.0
        for stop in order:
            hours = stop.windows[0]
            clock = max(float(hours.opens), clock + ways[here][stop.place]) + stop.service
            cost += ways[here][stop.place]
            here = stop.place
            if clock > hours.closes + 1e-9:
                break
        else:
            back = ways[here][0] if order else 0.0
            if clock + back <= shift.closes + 1e-9 and (best is None or cost + back < best):
                best = cost + back
    return best
