"""From a problem to a plan, within its time: insertion at once, then the pattern search, which chooses days, and PyVRP, which knows tours, in
turns; on a single day PyVRP alone.
"""

import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from itertools import chain

from mobile_service.planning.blocks import Blocks, blocks_of
from mobile_service.planning.insertion import Choices, insert_all, insert_by_regret
from mobile_service.planning.model import begin_from, model_of, size_of
from mobile_service.planning.patterns import Search
from mobile_service.planning.pricing import ways_of
from mobile_service.planning.recombining import NODES, Choice, Met, bundles_of, driven_in, routes_from
from mobile_service.planning.routing import Solver, visits_of
from mobile_service.planning.rows import Rows
from mobile_service.planning.state import State
from mobile_service.planning.tables import Tables
from mobile_service.planning.timing import driven, way

# How much worse a plan may be at first, in mean legs; with more stops than ``MANY`` there is no time to cool down from there.
HOT = 3.0
MANY = 100
# The same where every stop comes once, however many there are: no rhythm holds them, and good plans lie far apart.
BOLD = 2.0
# Shares of the time: how long is searched, chosen among what was met, and driven better, before all begins anew; and what must be left when
# another search is over. With iterations there are so many rounds.
ROUND = (0.15, 0.15, 0.02)
LAST = 0.1
ROUNDS = 3
# The share of the time for each choice where stops keep a rhythm.
CHOOSING = 0.06
# What the matrices of a model may take.
MOST_BYTES = 200_000_000
# Seconds for each visit after which PyVRP seldom finds more: what is over goes to the pattern search.
BRIEF = 0.05
Routes = list[tuple[int, ...]]
Told = Callable[[str, float, Routes | None], None]


def solver_name() -> str:
    return f"kerjasama patterns 1, PyVRP {version('pyvrp')}"


class Work:
    """The best tours so far and the time that is left. ``told`` hears the stage, the share of the time that is over, and better tours."""

    def __init__(
        self,
        tables: Tables,
        told: Told,
        solver: Solver,
        *,
        seconds: float,
        iterations: int,
        seed: int,
    ) -> None:
        self.tables, self.told, self.seed, self.iterations = tables, told, seed, iterations
        self.began = time.monotonic()
        self.seconds = seconds
        self.until = self.began + seconds
        self.rows = Rows(tables)
        self.state = State(tables, self.rows)
        self.choices = Choices(tables)
        self.solver = solver
        self.best = self.state.keep()
        self.reference: float | None = None
        self.stage = "insertion"

    def share(self, share: float) -> float:
        """The moment at which so much of the time is over."""
        return self.began + share * self.seconds

    def better(self, kept: tuple[Routes, list[tuple[int, ...]], float]) -> None:
        if kept[2] < self.best[2] - 1e-7:
            self.best = kept
            self.told(self.stage, (time.monotonic() - self.began) / max(1e-9, self.seconds), kept[0])

    def enter(self, stage: str) -> None:
        self.stage = stage
        self.told(stage, (time.monotonic() - self.began) / max(1e-9, self.seconds), None)

    def adopt(self, routes: Sequence[Sequence[int]]) -> None:
        """Take over tours as the state: what cannot be driven, or is in no pattern, is taken out and put in anew."""
        state, tables = self.state, self.tables
        chosen: list[list[int]] = [[] for _stop in tables.stops]
        for slot, route in enumerate(routes):
            for stop in route:
                chosen[stop].append(slot)
        bad = {
            stop
            for stop, slots in enumerate(chosen)
            if slots and tuple(sorted(tables.slots[it].day for it in slots)) not in self.choices.sets[stop]
        }
        state.restore(([()] * len(tables.slots), [()] * len(tables.stops), state.nothing))
        kept: list[tuple[int, ...]] = []
        for slot, route in enumerate(routes):
            tour = [it for it in route if it not in bad and tables.allowed[slot, it]]
            kept.append(driven(tables, tables.kinds[state.kind[slot]], tour))
        whole = {stop for stop, slots in enumerate(chosen) if slots and all(stop in kept[it] for it in slots)}
        state.take([tuple(it for it in route if it in whole) for route in kept])
        insert_by_regret(state, self.choices, state.unvisited())
        self.better(state.keep())


def work_out(work: Work) -> None:
    """Fill ``work.best``. With iterations instead of seconds nothing depends on the clock."""
    tables, state = work.tables, work.state
    if not tables.stops or not tables.slots:
        return
    if len(tables.stops) > 2:
        work.solver.start()
    work.enter("insertion")
    insert_all(state, work.choices)
    work.better(state.keep())
    work.told("insertion", 0.0, work.best[0])
    # What does not fit now may well be missed at the end, and saying why and what would help takes time.
    work.seconds -= min(0.08 * work.seconds, 0.1 * len(state.unvisited()))
    work.until = work.began + work.seconds
    if tables.single:
        _freely(work)
    else:
        _in_rhythm(work)


def _freely(work: Work) -> None:
    """Each stop once: PyVRP chooses days and ways together, but seldom leaves the days that it began with for others that are far from them.

    So over several days the pattern search goes first, and again; where stops are not too many to begin anew each time, the tours that it
    has met are recombined. On a single day three beginnings are better than one.
    """
    steps = work.iterations
    if len(work.tables.days) > 1 and (blocks := _recombined(work)) is not None:
        _in_rounds(work, blocks)
    elif len(work.tables.days) > 1:
        for searched, driven_until in ((0.45, 0.5), (0.92, 1.0)):
            _search(work, "patterns", work.share(searched), steps // 50 + 1, hot=BOLD, cold=BOLD / 40)
            _polish(work, work.share(driven_until), steps)
    else:
        for beginning in (1, 2, 3):
            _polish(work, work.share(beginning / 3), -(-steps // 3))
            work.seed += 1
    if work.state.unvisited() or work.solver.killed:
        # Where PyVRP hangs, the pattern search has the rest of the time.
        _search(work, "patterns", work.until, steps // 50 + 1, hot=1.0)


def _recombined(work: Work) -> Blocks | None:
    """What tours are put together from, where stops are few enough for it. It costs something else on each day where it is worth
    something to stay with an earlier plan."""
    few = len(work.tables.stops) <= MANY and work.tables.extra is None
    return blocks_of(work.tables) if few else None


def _in_rounds(work: Work, blocks: Blocks) -> None:
    searched, chosen, driven_for = (it * work.seconds for it in ROUND)
    steps = work.iterations
    met: list[Met] = []
    while not met or (len(met) < ROUNDS if steps else time.monotonic() + searched < work.share(1 - LAST)):
        met.append(Met(blocks))
        until = min(time.monotonic() + searched, work.until)
        _search(work, "patterns", until, steps // 50 + 1, hot=BOLD, cold=BOLD / 40, met=met[-1])
        _recombine(work, blocks, met, min(time.monotonic() + chosen, work.until))
        _polish(work, min(time.monotonic() + driven_for, work.until), steps)
    _search(work, "patterns", work.share(0.95), steps // 50 + 1, hot=BOLD / 4, cold=BOLD / 40)
    _polish(work, work.until, steps)


def _recombine(work: Work, blocks: Blocks, met: Sequence[Met], until: float) -> None:
    """The best plan that can be made of tours which the searches have met, and from there on."""
    work.enter("tours")
    tables, routes = work.tables, work.best[0]
    visited = sorted(set(chain.from_iterable(routes)))
    choice = Choice(
        blocks,
        bundles_of(work.rows, blocks, driven_in(blocks, met, routes), visited),
        ways_of(tables, work.rows, visited) if tables.single else [],
        under=sum(work.rows.cost(kind, it) for kind, it in zip(work.state.kind, routes, strict=True)),
        nodes=NODES if work.iterations else 0,
    )
    chosen = work.solver.choose(choice, max(until, work.until) if work.iterations else until)
    if chosen:
        work.adopt(routes_from(blocks, chosen))


def _in_rhythm(work: Work) -> None:
    """First with every visit for itself, which says how good a plan could be and where to begin; then in rhythm, at first boldly."""
    work.enter("reference")
    steps = work.iterations
    brief = BRIEF * sum(work.tables.asked)
    relaxed = _route(work, (), min(work.share(0.15), time.monotonic() + 2 * brief), free=True, steps=steps)
    if relaxed is not None:
        if sum(map(len, relaxed)) == sum(work.tables.asked):
            kinds = work.tables.kinds
            work.reference = sum(
                way(work.tables, kinds[slot.kind], relaxed[slot.number], "minutes")
                for slot in work.tables.slots
            )
        work.adopt(relaxed)
    hot = HOT * min(1.0, MANY / len(work.tables.stops))
    blocks, met = _recombined(work), list[Met]()
    _search_and_choose(work, blocks, met, work.share(0.65), hot)
    _polish(work, min(work.share(0.72), time.monotonic() + brief), steps)
    _search_and_choose(work, blocks, met, max(work.share(0.95), work.until - brief), hot / 4)
    _polish(work, work.until, steps)


def _search_and_choose(work: Work, blocks: Blocks | None, met: list[Met], until: float, hot: float) -> None:
    """In rhythm; the last part of the time is for choosing among what was met, in the searches before too."""
    steps = work.iterations // 50 + 1
    if blocks is None:
        _search(work, "patterns", until, steps, hot=hot, cold=hot / 20)
        return
    met.append(Met(blocks))
    _search(work, "patterns", until - CHOOSING * work.seconds, steps, hot=hot, cold=hot / 20, met=met[-1])
    _recombine(work, blocks, met, until)


def _search(
    work: Work,
    stage: str,
    until: float,
    steps: int,
    *,
    hot: float,
    cold: float = 0.01,
    met: Met | None = None,
) -> None:
    if until <= time.monotonic() and not work.iterations:
        return
    work.enter(stage)
    work.state.restore(work.best)
    search = Search(work.tables, work.state, work.choices, work.seed)
    search.run(until, steps if work.iterations else 0, hot=hot, cold=cold, told=work.better, met=met)
    work.seed += 1


def _polish(work: Work, until: float, steps: int) -> None:
    """The days of stops that come more than once as they are; all else free."""
    work.enter("tours")
    routed = _route(work, work.best[0], until, free=False, steps=steps)
    if routed is not None:
        work.adopt(routed)
    work.state.restore(work.best)


def _route(
    work: Work, start: Sequence[Sequence[int]], until: float, *, free: bool, steps: int
) -> Routes | None:
    if work.iterations:
        until = max(until, work.until)
    chosen = [tuple(work.state.day[slot] for slot in it) for it in work.best[1]]
    visits = visits_of(work.tables, chosen, free=free)
    if size_of(work.tables, visits) > MOST_BYTES:
        # A quarter of days with hours of their own: the model alone would take most of the time, and more memory than there is.
        return None
    job = model_of(work.tables, visits)
    if start:
        begin_from(job, work.tables, start)
    job.seed, job.iterations = work.seed, steps
    return work.solver.solve(work.tables, job, until)
