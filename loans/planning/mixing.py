"""What is left to plan personally when fixed boxes travel: smaller deliveries, fewer copies, titles that will come anyway."""

from dataclasses import replace

from loans.planning.kits import Ring
from loans.planning.problem import Ban, Crossing, Problem, School
from loans.planning.quotas import Cell, cells_of, matches, nest
from loans.planning.tables import Rule, Tables

Box = list[int]


def without_boxes(problem: Problem, ringed: list[Ring], tables: Tables) -> Problem:
    """The problem beside the boxes. What a box brings to a school is not brought a second time by hand."""
    boxed = {key for ring in ringed for box in ring.boxes for _title, key in box}
    copies = tuple(copy for copy in problem.copies if copy.key not in boxed)
    with_copy = {copy.title for copy in copies}
    rest = replace(
        problem,
        mode="personal",
        copies=copies,
        titles=tuple(title for title in problem.titles if title.key in with_copy),
    )
    cells = cells_of(rest)
    rules = {(rule.school, rule.number): rule for rule in tables.rules}
    shrunk, seen = {}, []
    for ring in ringed:
        books = max(len(box) for box in ring.boxes)
        for place, at in enumerate(ring.schools):
            school = tables.schools[at]
            boxes = [
                [title for title, _key in ring.boxes[ring.box_at(place, period)]]
                for period in range(tables.periods)
                if period + 1 not in school.absent
            ]
            titles = {tables.titles[it].key for box in boxes for it in box}
            seen.append(Ban(school.key, tuple(sorted(titles))))
            smaller = replace(
                school,
                size=school.size - books,
                crossing=tuple(
                    _less(rule, rules.get((at, number)), boxes) for number, rule in enumerate(school.crossing)
                ),
            )
            shrunk[school.key] = _with_quotas(tables, smaller, cells, boxes)
    return replace(
        rest,
        schools=tuple(shrunk[school.key] for school in problem.schools),
        bans=(*problem.bans, *seen),
    )


def _less(asked: Crossing, rule: Rule | None, boxes: list[Box]) -> Crossing:
    """What a crossing quota still asks for beside the boxes."""
    if rule is None:
        return asked
    lying = sum(int(rule.counts[box].sum()) for box in boxes)
    return replace(
        asked,
        at_least=max(asked.at_least - lying, 0),
        at_most=None if asked.at_most is None else max(asked.at_most - lying, 0),
    )


def _with_quotas(tables: Tables, school: School, cells: list[Cell], boxes: list[Box]) -> School:
    """Of each quota what no box brings, as far as there are titles left and the smaller delivery holds it."""
    asked = []
    for quota in school.quotas:
        inside = {at for at, cell in enumerate(tables.cells) if matches(cell, quota.level, quota.subject)}
        brought = min((sum(int(tables.cell_of[it]) in inside for it in box) for box in boxes), default=0)
        some = any(cell[0] in school.levels and matches(cell, quota.level, quota.subject) for cell in cells)
        asked.append(min(max(quota.places - brought, 0), school.size) if some else 0)
    shrunk = replace(
        school, quotas=tuple(replace(it, places=n) for it, n in zip(school.quotas, asked, strict=True))
    )
    nodes = nest(shrunk, cells).nodes
    # A quota holds at least what is asked for inside it …
    for node in reversed(nodes[1:]):
        asked[node.number] = max(asked[node.number], sum(asked[nodes[it].number] for it in node.children))
    while True:
        shrunk = replace(
            school, quotas=tuple(replace(it, places=n) for it, n in zip(school.quotas, asked, strict=True))
        )
        nodes = nest(shrunk, cells).nodes
        if all(node.free >= 0 for node in nodes):
            return shrunk
        # … and no more than fits into the one around it.
        for node in nodes:
            room = asked[node.number] if node.number >= 0 else school.size
            for child in node.children:
                number = nodes[child].number
                asked[number] = min(asked[number], room)
                room -= asked[number]
