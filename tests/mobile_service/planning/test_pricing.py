"""New tours by the worth of stops, against every order of every choice of a few stops. No database."""

from dataclasses import replace
from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mobile_service.planning import Hours, Problem, Rest, Vehicle
from mobile_service.planning.blocks import blocks_of
from mobile_service.planning.pricing import Ways, priced, ways_of
from mobile_service.planning.recombining import NODES, Choice, bundles_of, choose
from mobile_service.planning.rows import Rows
from mobile_service.planning.tables import Tables
from tests.mobile_service.planning.small import road, with_stop

STOPS = 4
HOURS = st.sampled_from(
    [
        (),
        (Hours(480, 600),),
        (Hours(540, 700),),
        (Hours(480, 540), Hours(660, 780)),
    ]
)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    problem = road(STOPS)
    for at in range(STOPS):
        problem = with_stop(
            problem,
            at,
            windows=draw(HOURS),
            service=draw(st.sampled_from((20, 45, 90))),
            demand=draw(st.integers(0, 4)),
        )
    van = Vehicle(
        "V1", shifts=(Hours(450, draw(st.sampled_from((600, 800)))),), capacity=draw(st.integers(4, 9))
    )
    weights = replace(problem.weights, tour=draw(st.sampled_from((0, 5))))
    return replace(problem, vehicles=(van,), weights=weights)


@given(problems(), st.lists(st.integers(0, 60), min_size=STOPS, max_size=STOPS))
@settings(deadline=None)
def test_the_tour_that_costs_least_less_the_worth_of_its_stops_is_found(
    problem: Problem, worth: list[int]
) -> None:
    tables = Tables(problem)
    rows = Rows(tables)
    drivable = {
        route: rows.cost(0, route) - sum(worth[it] for it in route)
        for many in range(1, STOPS + 1)
        for route in permutations(range(STOPS), many)
        if rows.stands(0, route) and sum(int(tables.demand[it]) for it in route) <= tables.kinds[0].capacity
    }
    found = priced(ways_of(tables, rows, list(range(STOPS)))[0], np.array(worth, dtype=float), 0.0, 100)
    for route, cost in found:
        assert route in drivable and abs(rows.cost(0, route) - cost) < 1e-6
    best = min(drivable.values(), default=0.0)
    assert bool(found) == (best < 0)
    if found:
        assert abs(drivable[found[0][0]] - best) < 1e-6, "the best of them first"


def test_no_new_tour_is_looked_for_where_more_than_windows_and_room_count() -> None:
    """A tour that only looks drivable would be a choice that cannot be kept."""
    van = road(3).vehicles[0]
    waiting = with_stop(road(3), 1, windows=(Hours(600, 700),))
    for bound in (
        replace(van, rest=Rest(30, 600, 700)),
        replace(van, most_minutes=300),
        replace(van, most_distance=40),
    ):
        tables = Tables(replace(waiting, vehicles=(bound,)))
        assert ways_of(tables, Rows(tables), [0, 1, 2]) == []


def chosen(
    tables: Tables, met: list[tuple[int, ...]], ways: list[Ways]
) -> list[tuple[tuple[int, ...], float]]:
    rows, blocks = Rows(tables), blocks_of(tables)
    assert blocks is not None
    bundles = bundles_of(rows, blocks, [((0,), (route,)) for route in met], range(len(tables.stops)))
    found = choose(Choice(blocks, bundles, ways, nodes=NODES))
    return sorted((bundle.routes[0], bundle.cost) for bundle, _block in found)


def test_what_no_search_has_met_is_chosen() -> None:
    tables = Tables(road(4, days=2))
    met = [(0, 3), (1, 2)]
    assert chosen(tables, met, []) == [((0, 3), 80.0), ((1, 2), 60.0)]
    assert chosen(tables, met, ways_of(tables, Rows(tables), [0, 1, 2, 3])) == [((3, 2, 1, 0), 80.0)]


def test_a_new_tour_that_suits_no_day_is_none() -> None:
    """Together the first two would be cheapest; there is no day on which both can be visited."""
    problem = with_stop(with_stop(road(2, days=2), 0, banned_days=(1,)), 1, banned_days=(2,))
    tables = Tables(problem)
    ways = ways_of(tables, Rows(tables), [0, 1])
    assert chosen(tables, [(0,), (1,)], ways) == [((0,), 20.0), ((1,), 40.0)]


def test_it_ends_when_its_time_is_over() -> None:
    tables = Tables(road(4))
    assert priced(ways_of(tables, Rows(tables), [0, 1, 2, 3])[0], np.full(4, 1e3), 0.0, 100, until=0.0) == []
