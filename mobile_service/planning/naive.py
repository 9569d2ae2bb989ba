"""A quick hand's calendar, to be beaten: day after day, each vehicle goes to the nearest stop that is still waiting and can be reached."""

from mobile_service.planning.plan import Plan
from mobile_service.planning.problem import Problem
from mobile_service.planning.summing import summed
from mobile_service.planning.tables import Tables
from mobile_service.planning.timing import fits


def plan_naively(problem: Problem) -> Plan:
    """Stops that have begun a rhythm come before new ones on the days that are due; nothing is ever moved again."""
    tables = Tables(problem)
    routes: list[tuple[int, ...]] = [()] * len(tables.slots)
    waiting = dict.fromkeys(range(len(tables.stops)))
    due: dict[int, list[int]] = {}
    for slot in tables.slots:
        kind = tables.kinds[slot.kind]
        today = due.get(slot.day, [])
        table = tables.costs[kind.matrix]
        while True:
            place = tables.places[routes[slot.number][-1]] if routes[slot.number] else kind.start
            starting = [it for it in waiting if _pattern(tables, it, slot.day)]
            reachable = sorted((float(table[place, tables.places[it]]), it) for it in {*today, *starting})
            for _way, stop in reachable:
                route = (*routes[slot.number], stop)
                if tables.allowed[slot.number, stop] and fits(tables, kind, route):
                    break
            else:
                break
            routes[slot.number] = route
            if stop in today:
                today.remove(stop)
            else:
                del waiting[stop]
                for day in _pattern(tables, stop, slot.day)[1:]:
                    due.setdefault(day, []).append(stop)
    return summed(tables, routes, status="done", solver="naive")


def _pattern(tables: Tables, stop: int, day: int) -> tuple[int, ...]:
    """A pattern of the stop that begins on this day, () without one."""
    return next((it for it in tables.patterns[stop] if it[0] == day), ())
