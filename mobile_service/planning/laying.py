"""A plan out of tours that a person has put together."""

from collections.abc import Mapping, Sequence

from mobile_service.planning.faults import BadProblem, Fault
from mobile_service.planning.plan import Plan
from mobile_service.planning.problem import Problem
from mobile_service.planning.summing import summed
from mobile_service.planning.tables import Tables


def lay(problem: Problem, tours: Mapping[tuple[int, str], Sequence[str]]) -> Plan:
    """The plan whose tours visit these stops in this order: (day, vehicle) → keys of stops. Times are the earliest, whether they fit or not.

    ``checking.check`` says what is wrong with it. Raises BadProblem for a day, vehicle or stop that the problem does not have, and for
    a vehicle that is not out on that day.
    """
    tables = Tables(problem)
    vehicles = {it.key: at for at, it in enumerate(tables.problem.vehicles)}
    stops = {it.key: at for at, it in enumerate(tables.stops)}
    slots = {(it.day, it.vehicle): it.number for it in tables.slots}
    routes: dict[int, tuple[int, ...]] = {}
    faults = []
    for (day, key), keys in sorted(tours.items()):
        if not keys:
            continue
        slot = slots.get((tables.day_at.get(day, -1), vehicles.get(key, -1)))
        if slot is None:
            faults.append(Fault("no_tour", {"day": day, "vehicle": key}))
        unknown = [it for it in keys if it not in stops]
        faults += [Fault("unknown_stop", {"stop": it}) for it in unknown]
        if slot is not None and not unknown:
            routes[slot] = tuple(stops[it] for it in keys)
    if faults:
        raise BadProblem(faults)
    return summed(tables, [routes.get(it.number, ()) for it in tables.slots], status="done", late=True)
