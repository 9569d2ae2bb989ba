"""How the quotas of a school lie within one another: a tree under the whole delivery, and those that cross it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from loans.planning.problem import Problem, School

Cell = tuple[str, str]


@dataclass(slots=True)
class Node:
    """A quota (its ``number`` in the school's list; −1: the whole delivery), its cells, and what lies within it.

    ``free`` places are asked for by no quota inside: any of its cells may fill them. ``own_cells`` lie in no quota inside.
    """

    number: int
    parent: int
    places: int
    cells: frozenset[int]
    children: list[int] = field(default_factory=list)
    free: int = 0
    own_cells: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Nest:
    """Parents come before their children. ``crossing`` are the numbers of quotas that fit into no tree."""

    nodes: tuple[Node, ...]
    crossing: tuple[int, ...]


def cells_of(problem: Problem) -> list[Cell]:
    return sorted({(title.level, title.subject) for title in problem.titles})


def matches(cell: Cell, level: str, subject: str) -> bool:
    return level in ("", cell[0]) and subject in ("", cell[1])


def nest(school: School, cells: Sequence[Cell]) -> Nest:
    """The tree of a school's quotas over these cells. Of two with the same cells the smaller lies within the larger."""
    own = frozenset(at for at, cell in enumerate(cells) if cell[0] in school.levels)
    nodes = [Node(-1, -1, school.size, own)]
    crossing = []
    asked = [
        (frozenset(at for at in own if matches(cells[at], quota.level, quota.subject)), number, quota.places)
        for number, quota in enumerate(school.quotas)
        if quota.places > 0
    ]
    for inside, number, places in sorted(asked, key=lambda it: (-len(it[0]), -it[2], it[1])):
        if not inside:
            # Nothing can fill it: it lies within no other.
            nodes[0].children.append(len(nodes))
            nodes.append(Node(number, 0, places, inside))
            continue
        parent = 0
        for at, node in enumerate(nodes):
            if inside <= node.cells:
                parent = at
            elif inside & node.cells:
                crossing.append(number)
                break
        else:
            nodes[parent].children.append(len(nodes))
            nodes.append(Node(number, parent, places, inside))
    for node in nodes:
        node.free = node.places - sum(nodes[at].places for at in node.children)
        node.own_cells = node.cells - frozenset().union(*(nodes[at].cells for at in node.children))
    return Nest(tuple(nodes), tuple(sorted(crossing)))


def places_left(nodes: Sequence[Node], locked: Sequence[int]) -> list[int]:
    """What each quota still asks for when books of these cells lie in the delivery already."""
    left = [0] * len(nodes)
    for at in range(len(nodes) - 1, -1, -1):
        inside = sum(cell in nodes[at].cells for cell in locked)
        needed = sum(left[child] for child in nodes[at].children)
        left[at] = max(nodes[at].places - inside, needed if at else 0)
    return left
