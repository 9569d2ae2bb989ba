"""Books packed into boxes that stand in a ring: copies of a title never less than a gap apart, and no box left with room."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

# So many starts round the ring tell enough.
STARTS = 58

Flags = NDArray[np.bool_]


class Packing:
    """``boxes`` hold (title, copy) and are filled in place, from ``copies`` of each title; ``barred`` are boxes no title may lie in."""

    def __init__(
        self,
        boxes: list[list[tuple[int, str]]],
        gap: int,
        barred: Mapping[int, Flags],
        copies: dict[int, list[str]],
    ) -> None:
        self.boxes, self.gap, self.copies = boxes, gap, copies
        self.count = len(boxes)
        self.most = self.count // gap
        around = (np.arange(self.count)[:, None] - np.arange(self.count)[None, :]) % self.count
        # Boxes that a box is too near to, itself among them.
        self.near: Flags = np.minimum(around, self.count - around) < gap
        self.barred = barred
        self.open: dict[int, Flags] = {}

    def fill(self, titles: Iterable[int], wanted: int) -> None:
        """``wanted`` more books of these titles into every box, as far as copies go."""
        missing = np.full(self.count, wanted)
        for title in titles:
            if not missing.any():
                break
            if self.copies[title]:
                for box in self._round(title, missing):
                    self._put(title, box)
                    missing[box] -= 1

    def complete(self, titles: list[int], size: int) -> None:
        """Any title rather than an empty place; where none that is left may lie, one from another box that it can take the place of."""
        missing = np.array([size - len(box) for box in self.boxes])
        for title in titles:
            if self.copies[title] and missing.any():
                for box in self._round(title, missing):
                    self._put(title, box)
                    missing[box] -= 1
        for box in np.flatnonzero(missing > 0).tolist():
            while len(self.boxes[box]) < size and self._exchange(titles, box):
                pass

    def _may(self, title: int) -> Flags:
        """The boxes that a further copy may lie in."""
        if title not in self.open:
            barred = self.barred.get(title)
            self.open[title] = np.ones(self.count, dtype=bool) if barred is None else ~barred
        return self.open[title]

    def _put(self, title: int, box: int) -> None:
        self.boxes[box].append((title, self.copies[title].pop(0)))
        self._may(title)[self.near[box]] = False

    def _round(self, title: int, missing: NDArray[np.int64]) -> list[int]:
        """Boxes for as many copies as can be, then where most is missing."""
        free = self._may(title) & (missing > 0)
        copies = len(self.copies[title])
        boxes = np.flatnonzero(free).tolist()
        best: tuple[int, int, list[int]] = (0, 0, [])
        for start in range(0, len(boxes), len(boxes) // STARTS + 1):
            # Once round the ring from here, the next box that is open and far enough, and at last far enough from the first.
            first = last = boxes[start]
            chosen = [first]
            for box in [*boxes[start + 1 :], *(it + self.count for it in boxes[:start])]:
                if len(chosen) == copies or box > first + self.count - self.gap:
                    break
                if box - last >= self.gap:
                    chosen.append(box)
                    last = box
            chosen = [box % self.count for box in chosen]
            worth = int(missing[chosen].sum())
            if (len(chosen), worth) > best[:2]:
                best = (len(chosen), worth, chosen)
        return best[2]

    def _exchange(self, titles: list[int], box: int) -> bool:
        """Move a book from another box into this one, and one that is left into its place."""
        for title in titles:
            if not self.copies[title]:
                continue
            for other in np.flatnonzero(self._may(title)).tolist():
                for at, (moved, key) in enumerate(self.boxes[other]):
                    if self._may_move(moved, other, box):
                        del self.boxes[other][at]
                        self.boxes[box].append((moved, key))
                        self._put(title, other)
                        self._recount(moved)
                        return True
        return False

    def _may_move(self, title: int, source: int, target: int) -> bool:
        barred = self.barred.get(title)
        if barred is not None and barred[target]:
            return False
        return not any(
            it == title
            for box in np.flatnonzero(self.near[target]).tolist()
            if box != source
            for it, _key in self.boxes[box]
        )

    def _recount(self, title: int) -> None:
        del self.open[title]
        may = self._may(title)
        for box, books in enumerate(self.boxes):
            if any(it == title for it, _key in books):
                may[self.near[box]] = False
