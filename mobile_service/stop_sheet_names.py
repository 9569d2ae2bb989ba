"""What is kept here, found by the name that a file says. Pure: names in, rows out."""

from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


def same(name: str) -> str:
    """Names that differ in capitals and spaces alone are the same here."""
    return " ".join(str(name).split()).casefold()


class ByName(Generic[T]):
    """Rows by their names. An exact name wins; else one that differs in capitals alone, as long as it is the only one."""

    def __init__(self, rows: Iterable[tuple[str, T]]) -> None:
        self._alike: dict[str, dict[str, T]] = {}
        for name, row in rows:
            self._alike.setdefault(same(name), {})[" ".join(name.split())] = row

    def find(self, name: str) -> T | None:
        alike = self._alike.get(same(name), {})
        exact = alike.get(" ".join(name.split()))
        return exact or (next(iter(alike.values())) if len(alike) == 1 else None)

    def alike(self, name: str) -> list[str]:
        """The names that differ from this one in capitals at most."""
        return sorted(self._alike.get(same(name), ()))

    def told_apart(self) -> set[str]:
        """What ``same`` makes of names that several rows share but for capitals."""
        return {key for key, alike in self._alike.items() if len(alike) > 1}

    def __contains__(self, name: str) -> bool:
        return same(name) in self._alike


def spelling(name: str, apart: Iterable[str]) -> str:
    """By what rows of one name come together: its letters alone, but as it is written where capitals tell ``apart``."""
    key = same(name)
    return " ".join(str(name).split()) if key in apart else key
