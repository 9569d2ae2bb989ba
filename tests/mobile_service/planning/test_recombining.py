"""Tours that were met in different plans, put together to a better one. No database."""

import time
from collections.abc import Iterable
from itertools import chain, combinations
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobile_service.planning import Limits, Problem, check, recombining
from mobile_service.planning.blocks import Blocks, blocks_of
from mobile_service.planning.city import town
from mobile_service.planning.model import model_of
from mobile_service.planning.recombining import (
    NODES,
    Choice,
    Met,
    bundles_of,
    choose,
    driven_in,
    routes_from,
    spread,
)
from mobile_service.planning.routing import BRIEFEST, Solver, visits_of
from mobile_service.planning.rows import Rows
from mobile_service.planning.state import State
from mobile_service.planning.tables import Tables
from tests.mobile_service.planning.planned import SOLVER, planned
from tests.mobile_service.planning.small import road, with_stop

Tour = tuple[tuple[int, ...], float]


def blocks(tables: Tables) -> Blocks:
    found = blocks_of(tables)
    assert found is not None
    return found


def choice(tables: Tables, tours: Iterable[Tour], under: float = inf) -> Choice:
    several = blocks(tables)
    bundles = [it for route, cost in tours for it in spread(several, (0,), (route,), cost)]
    return Choice(several, bundles, [], under, nodes=NODES)


def chosen(problem: Problem, tours: Iterable[Tour]) -> list[tuple[int, ...]]:
    tables = Tables(problem)
    return routes_from(blocks(tables), choose(choice(tables, tours)))


@given(
    st.lists(
        st.tuples(st.frozensets(st.integers(0, 4), min_size=1, max_size=3), st.integers(1, 30)),
        max_size=8,
        unique_by=lambda it: it[0],
    )
)
@settings(deadline=None)
def test_no_other_choice_is_cheaper(rows: list[tuple[frozenset[int], int]]) -> None:
    alone = [(frozenset({at}), 20) for at in range(5) if frozenset({at}) not in dict(rows)]
    tours = [(tuple(sorted(stops)), cost) for stops, cost in [*rows, *alone]]
    parts = [
        some
        for many in range(1, 6)
        for some in combinations(tours, many)
        if sorted(chain.from_iterable(route for route, _cost in some)) == list(range(5))
    ]
    routes = [it for it in chosen(road(5), tours) if it]
    cost = dict(tours)
    assert sorted(chain.from_iterable(routes)) == list(range(5))
    assert sum(cost[it] for it in routes) == min(sum(it for _route, it in some) for some in parts)


def test_a_tour_is_on_a_day_that_suits_all_its_stops() -> None:
    problem = with_stop(road(4, days=3), 0, banned_days=(1, 2))
    problem = with_stop(problem, 2, banned_days=(3,))
    routes = chosen(problem, [((0, 1), 5), ((2, 3), 5)])
    assert routes[2] == (0, 1)
    assert (2, 3) in routes[:2]


def test_a_tour_for_which_no_day_is_left_falls_away() -> None:
    problem = with_stop(road(4, days=2), 0, banned_days=(1,))
    problem = with_stop(problem, 2, banned_days=(1,))
    routes = chosen(problem, [((0, 1), 5), ((2, 3), 5)])
    assert sorted(map(len, routes)) == [0, 2]


def test_there_are_no_more_tours_than_days() -> None:
    tours = [((at,), 1.0) for at in range(4)] + [((0, 1), 50), ((2, 3), 60)]
    assert sorted(it for it in chosen(road(4, days=2), tours) if it) == [(0, 1), (2, 3)]


def test_the_best_of_two_plans_is_found_in_neither() -> None:
    """Each of two plans has one good pair and two stops that go alone."""
    tables = Tables(road(4, days=3))
    rows = Rows(tables)
    state, met = State(tables, rows), Met(blocks(tables))
    for plan in ([(0, 1), (2,), (3,)], [(0,), (1,), (2, 3)]):
        state.take([tuple(it) for it in plan])
        met(state)
    bundles = bundles_of(rows, met.blocks, driven_in(met.blocks, [met], state.routes), range(4))
    routes = routes_from(met.blocks, choose(Choice(met.blocks, bundles, [], state.cost, nodes=NODES)))
    assert sorted(it for it in routes if it) == [(0, 1), (2, 3)]


def test_stops_that_are_missed_now_stay_out_of_it() -> None:
    tables = Tables(road(4, days=3))
    rows = Rows(tables)
    state, met = State(tables, rows), Met(blocks(tables))
    state.take([(0, 1), (2, 3), ()])
    met(state)
    assert {it.routes for it in bundles_of(rows, met.blocks, met.best(9), [0, 1, 2])} == {((0, 1),)}


def test_a_long_search_remembers_what_stood_in_its_best_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recombining, "REMEMBERED", 2)
    tables = Tables(road(4, days=3))
    state, met = State(tables, Rows(tables)), Met(blocks(tables))
    for plan in ([(3,), (0, 1, 2), ()], [(0, 1, 2, 3), (), ()], [(2, 0, 3, 1), (), ()]):
        state.take([tuple(it) for it in plan])
        met(state)
    assert set(met.plans) == {((0,), ((0, 1, 2, 3),)), ((0,), ((),))}


def test_the_cheapest_order_of_the_same_stops_is_chosen_from() -> None:
    tables = Tables(road(3, days=1))
    rows = Rows(tables)
    state, met = State(tables, rows), Met(blocks(tables))
    for route in ((1, 0, 2), (0, 1, 2)):
        state.take([route])
        met(state)
    assert [it.routes for it in bundles_of(rows, met.blocks, met.best(9), range(3))] == [((0, 1, 2),)]


def test_a_choice_that_takes_too_long_is_given_up_and_the_solver_answers_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = Solver._ask
    monkeypatch.setattr(
        Solver, "_ask", lambda self, job: real(self, "wedge" if isinstance(job, Choice) else job)
    )
    tables = Tables(road(5))
    solver = Solver()
    try:
        solver.start()
        assert solver._ready(time.monotonic() + 30)
        tours = [((at,), 1.0) for at in range(5)]
        assert solver.choose(choice(tables, tours), time.monotonic() + BRIEFEST + 0.5) == []
        job = model_of(tables, visits_of(tables, (), free=True))
        job.iterations = 20
        routes = solver.solve(tables, job, time.monotonic() + 30)
        assert routes is not None and sum(map(len, routes)) == 5
        assert solver.killed == 0, "PyVRP did not hang"
    finally:
        solver.kill()


def test_nothing_to_choose_from_is_no_choice() -> None:
    assert SOLVER.choose(choice(Tables(road(3)), []), time.monotonic() + 10) == []


def test_sundays_in_iterations_are_the_same_every_time() -> None:
    from dataclasses import replace

    problem = replace(town(14, seed=5, sundays=True), limits=Limits(60, 1_000))
    first, second = planned(problem), planned(problem)
    assert first.visits == second.visits
    assert first.figures.met == 14 and check(problem, first).faults == ()
