"""The simple planner: subjects in turn, within a subject the copy that has rested longest, no title twice.

Deterministic: the same shelf gives the same proposal. Linear in the number of candidates but for one sort.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import date

from loans.planning.proposal import Candidate, Proposal, Shortfall, Wanted

_NEVER = date.min


def propose(wanted: Wanted, candidates: Iterable[Candidate]) -> Proposal:
    """Choose up to ``wanted.quantity`` copies.

    Turn by turn each subject gives its longest-resting copy of a title not yet chosen; large subjects go on when
    small ones are exhausted. A copy that was never lent has rested longest of all.
    """
    shelves: dict[str, deque[Candidate]] = defaultdict(deque)
    seen = 0
    for copy in sorted(candidates, key=lambda it: (it.rests_since or _NEVER, it.barcode, it.copy_id)):
        seen += 1
        if copy.title_id not in wanted.had:
            shelves[copy.subject].append(copy)
    turn = deque(sorted(shelves))
    chosen: list[Candidate] = []
    titles = set(wanted.had)
    while turn and len(chosen) < wanted.quantity:
        subject = turn.popleft()
        shelf = shelves[subject]
        while shelf and shelf[0].title_id in titles:
            shelf.popleft()
        if shelf:
            copy = shelf.popleft()
            titles.add(copy.title_id)
            chosen.append(copy)
            turn.append(subject)
    missing = wanted.quantity - len(chosen)
    shortfalls = []
    if missing:
        shortfalls.append(Shortfall("shelf_empty" if seen == 0 else "no_new_titles", missing))
    return Proposal([copy.copy_id for copy in chosen], shortfalls)
