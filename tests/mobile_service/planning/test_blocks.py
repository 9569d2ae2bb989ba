"""Days that hang together by a rhythm, and plans that are put together of them. No database."""

from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobile_service.planning import Limits, Problem, Vehicle, check
from mobile_service.planning.blocks import Blocks, blocks_of
from mobile_service.planning.city import town
from mobile_service.planning.insertion import Choices, insert_by_regret
from mobile_service.planning.patterns import Search
from mobile_service.planning.recombining import NODES, Choice, Met, bundles_of, choose, driven_in, routes_from
from mobile_service.planning.rows import Rows
from mobile_service.planning.state import State
from mobile_service.planning.tables import Tables
from mobile_service.planning.unrolling import template
from tests.mobile_service.planning.planned import planned
from tests.mobile_service.planning.small import month, road, with_stop


def tables_of(problem: Problem) -> Tables:
    return Tables(template(problem))


def blocks(tables: Tables) -> Blocks:
    found = blocks_of(tables)
    assert found is not None
    return found


def test_a_day_hangs_together_with_the_one_a_fortnight_later() -> None:
    tables = tables_of(month())
    found = blocks(tables)
    days = [[tables.days[tables.slots[slot].day] for slot in block] for block in found.slots]
    assert days == [[day, day + 14] for day in (*range(1, 6), *range(8, 13))]
    assert found.turns


def test_where_each_stop_comes_once_every_tour_is_a_block_by_itself() -> None:
    found = blocks(Tables(replace(road(4), vehicles=(Vehicle("a"), Vehicle("b")))))
    assert [len(it) for it in found.slots] == [1] * 10
    assert len(set(found.alike)) == 1


def test_where_all_days_hang_together_there_is_nothing_to_put_together() -> None:
    assert blocks_of(tables_of(with_stop(month(), 1, drift=4))) is None


def test_what_stands_on_one_day_may_stand_on_another_that_nobody_bans() -> None:
    tables = tables_of(with_stop(month(), 0, banned_weekdays=(2, 3)))
    found = blocks(tables)
    kinds = found.kinds[0]
    monthly, fortnightly = (0,), (1,)
    weekdays = [(tables.days[tables.slots[block[0]].day] - 1) % 7 + 1 for block in found.slots]
    suits = found.suit(kinds, (monthly, ()))
    assert [day for day, suit in zip(weekdays, suits, strict=True) if suit] == [1, 4, 5] * 2
    assert found.suit(kinds, (fortnightly, fortnightly)).all()
    assert not found.suit(kinds, (fortnightly, ())).any(), "it comes every fortnight"
    assert not found.suit(kinds, (monthly, monthly)).any(), "it comes every four weeks"
    numbers = {day: {int(found.alike[at]) for at in range(10) if weekdays[at] == day} for day in range(1, 6)}
    assert all(len(it) == 1 for it in numbers.values()), "both fortnights of a weekday are alike"
    assert numbers[2] == numbers[3] != numbers[1] == numbers[4] == numbers[5]


def test_the_first_and_the_second_of_two_days_may_change_places() -> None:
    found = blocks(tables_of(month()))
    assert found.ordered(((2, 1), (0, 1))) == found.ordered(((0, 1), (2, 1))) == ((0, 1), (2, 1))
    tied = blocks(Tables(with_stop(template(month()), 0, banned_days=(1, 2))))
    assert not tied.turns and tied.ordered(((2, 1), (0, 1))) == ((2, 1), (0, 1))


@given(st.integers(1, 40))
@settings(deadline=None, max_examples=8)
def test_a_plan_put_together_is_a_plan_and_never_dearer(seed: int) -> None:
    tables = tables_of(town(12, seed=seed))
    rows, choices = Rows(tables), Choices(tables)
    met = Met(blocks(tables))
    best = []
    for at in range(3):
        state = State(tables, rows)
        insert_by_regret(state, choices, state.unvisited())
        search = Search(tables, state, choices, seed + at)
        search.run(0, 60, hot=3.0, met=met)
        best.append(search.best)
    routes, _chosen, cost = min(best, key=lambda it: it[2])
    visited = sorted(set(chain.from_iterable(routes)))
    bundles = bundles_of(rows, met.blocks, driven_in(met.blocks, [met], routes), visited)
    driven = sum(rows.cost(kind, it) for kind, it in zip(state.kind, routes, strict=True))
    found = choose(Choice(met.blocks, bundles, [], under=driven, nodes=NODES))
    if not found:
        return
    state.take(routes_from(met.blocks, found))
    assert state.cost < cost
    days = [tuple(sorted(state.day[slot] for slot in slots)) for slots in state.chosen]
    assert [it for it in visited if days[it] not in choices.sets[it]] == []


@pytest.mark.parametrize("seed", [1, 2])
def test_weekdays_in_iterations_are_the_same_every_time(seed: int) -> None:
    problem = replace(town(14, seed=seed), limits=Limits(60, 1_000))
    first, second = planned(problem), planned(problem)
    assert first.visits == second.visits
    assert first.figures.met == first.figures.asked and check(problem, first).faults == ()
