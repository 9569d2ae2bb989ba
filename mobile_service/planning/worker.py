"""``python -m mobile_service.planning.worker``: PyVRP in a process of its own, because it can hang for ever and heeds no clock then.

It reads jobs on its standard input and writes what it has found, each as a pickle: ("tick",) while it lives, ("best", cost, tours) when it
finds better, ("done", cost, tours) at the end. Whoever started it kills it when it is silent for too long.
"""

import os
import pickle
import sys
import threading
import time
from typing import Any

from mobile_service.planning.recombining import Choice, choose

TICK = 0.2


def main() -> int:
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    out = os.fdopen(os.dup(1), "wb")
    # Whatever else writes to the standard output must not get between.
    os.dup2(2, 1)

    def tell(*words: Any) -> None:
        pickle.dump(words, out)
        out.flush()

    import warnings

    warnings.simplefilter("ignore")
    import pyvrp  # noqa: F401

    tell("ready")
    while True:
        try:
            job = pickle.load(sys.stdin.buffer)  # noqa: S301 (our own parent wrote it)
        except EOFError:
            return 0
        if job == "wedge":
            # For the test of what happens when PyVRP does: as deaf as it is then.
            while True:
                pass
        if isinstance(job, Choice):
            tell("chosen", choose(job))
        else:
            solve(job, tell)


def solve(job: Any, tell: Any) -> None:
    import pyvrp
    from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks, IteratedLocalSearchParams
    from pyvrp.stop import MaxIterations

    data = _data(job)
    heard = [time.monotonic()]

    class Callbacks(IteratedLocalSearchCallbacks):
        def on_iteration(self, current: Any, candidate: Any, best: Any, cost_evaluator: Any) -> None:
            now = time.monotonic()
            if now - heard[0] > TICK:
                heard[0] = now
                tell("tick")

        def on_best(self, best: Any) -> None:
            if best.is_feasible():
                tell("best", _cost(best), _tours(best))

    params = pyvrp.SolveParams(ils=IteratedLocalSearchParams(callbacks=Callbacks()))
    # A moment, not a span: making the model and its neighbourhoods takes time too.
    stop = MaxIterations(job.iterations) if job.iterations else lambda _best_cost: time.time() > job.until
    start = None
    if job.start:
        start = pyvrp.Solution(data, [pyvrp.Route(data, clients, number) for number, clients in job.start])
    result = pyvrp.solve(
        data, stop, seed=job.seed, collect_stats=False, display=False, params=params, initial_solution=start
    )
    if result.best.is_feasible():
        tell("done", _cost(result.best), _tours(result.best))
    else:
        tell("done", None, [])


def _data(job: Any) -> Any:
    import pyvrp

    in_group = {client: number for number, group in enumerate(job.groups) for client in group}
    clients = [
        pyvrp.Client(
            location=row["location"],
            delivery=row["delivery"],
            service_duration=row["service_duration"],
            tw_early=row["tw_early"],
            tw_late=row["tw_late"],
            prize=row["prize"],
            required=False,
            group=in_group.get(at),
        )
        for at, row in enumerate(job.clients)
    ]
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _each in range(job.locations)],
        clients=clients,
        depots=[pyvrp.Depot(location=len(clients) + at) for at in range(len(job.depots))],
        vehicle_types=[pyvrp.VehicleType(**row) for row in job.types],
        distance_matrices=job.costs,
        duration_matrices=job.minutes,
        groups=[pyvrp.ClientGroup(group, required=False) for group in job.groups],
    )


def _cost(solution: Any) -> int:
    return int(solution.distance_cost() + solution.fixed_vehicle_cost() + solution.uncollected_prizes())


def _tours(solution: Any) -> list[tuple[int, list[int]]]:
    return [(route.vehicle_type(), [it.idx for it in route if it.is_client()]) for route in solution.routes()]


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(3)


if __name__ == "__main__":
    sys.exit(main())
