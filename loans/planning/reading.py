"""Problems and plans as JSON, in one canonical form: tables sorted, fields by name, what is at its default left out.

``problem_to_json`` of equal problems is equal byte for byte, in whatever order their tables came. Reading is strict: an unknown
field or a wrong kind of value is a fault that names the table, the row (from 1) and the field.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from functools import cache
from math import isfinite
from operator import attrgetter
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from loans.planning.faults import BadProblem, Fault
from loans.planning.plan import Plan
from loans.planning.problem import Problem

_PLAIN = {str, int, float, bool}
# No number in degrees or kilometres is greater.
FAR = 1e9
D = TypeVar("D")
# In what order each table of a problem is written; the others are small or mean something by their order.
_SORTED = {
    "schools": ("key",),
    "titles": ("key",),
    "copies": ("key",),
    "wishes": ("school", "title"),
    "locks": ("school", "period", "title", "copy"),
}
# Rows of these may share their school and period, so that their titles decide.
_SORTED_WITH_TITLES = {"history": ("ago",), "bans": (), "earlier": ("period",)}


def problem_to_json(problem: Problem) -> str:
    """The canonical form."""
    row = row_of(problem)
    for table, keys in _SORTED.items():
        if table in row:
            order = sorted(getattr(problem, table), key=attrgetter(*keys))
            row[table] = [row_of(it) for it in order]
    for table, more in _SORTED_WITH_TITLES.items():
        for entry in row.get(table, ()):
            entry["titles"] = sorted(entry["titles"])
        if table in row:
            row[table].sort(
                key=lambda it, more=more: (it["school"], *(it.get(name, 1) for name in more), it["titles"])
            )
    return canonical(row)


def problem_from_json(text: str | bytes) -> Problem:
    """Raises BadProblem (``not_json``, ``unknown_field``, ``field_twice``, ``wrong_value``, ``missing_field``)."""
    return read_as(Problem, text)


def plan_to_json(plan: Plan) -> str:
    """The canonical form: the same problem gives the same text."""
    return canonical(row_of(plan))


def plan_from_json(text: str | bytes) -> Plan:
    """Raises BadProblem as ``problem_from_json``."""
    return read_as(Plan, text)


def canonical(row: object) -> str:
    """One text for one row, in whatever order its fields came."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def row_of(value: Any) -> dict[str, Any]:
    """A dataclass as plain values; what is at its default is left out."""
    found = {}
    for name, default in _defaults(type(value)):
        entry = getattr(value, name)
        if default is not MISSING and entry == default:
            continue
        found[name] = _plain(entry)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | float) or value is None:
        return value
    if isinstance(value, tuple):
        # A row of plain values is written as a list as it is; of those a plan has very many.
        return value if all(type(it) in _PLAIN for it in value) else [_plain(it) for it in value]
    if isinstance(value, date):
        return value.isoformat()
    return row_of(value)


def _find_defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((it.name, _default(it)) for it in fields(kind))


_defaults: Callable[[Any], tuple[tuple[str, Any], ...]] = cache(_find_defaults)


def _default(it: "Field[Any]") -> Any:
    return it.default_factory() if it.default_factory is not MISSING else it.default


def read_as(kind: type[D], text: str | bytes) -> D:
    """Strictly: raises BadProblem naming the table, the row and the field. The route planner reads with it too."""
    try:
        row = json.loads(text, object_pairs_hook=_once)
    except ValueError as error:
        raise BadProblem([Fault("not_json", {"detail": str(error)})]) from error
    except RecursionError as error:
        raise BadProblem([Fault("not_json", {"detail": "brackets within brackets"})]) from error
    made: D = _reader(kind)(row, "")
    return made


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) != len(pairs):
        names = [name for name, _value in pairs]
        raise BadProblem([Fault("field_twice", {"field": next(it for it in names if names.count(it) > 1)})])
    return row


Reader = Callable[[Any, str], Any]


def _wrong(where: str) -> BadProblem:
    return BadProblem([Fault("wrong_value", {"field": where.lstrip(".")})])


def _make_reader(kind: Any) -> Reader:
    """How a value of this kind is read; ``where`` names it in a fault."""
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    if isinstance(kind, UnionType):
        (inner,) = [_reader(it) for it in get_args(kind) if it is not type(None)]
        return lambda value, where: None if value is None else inner(value, where)
    if get_origin(kind) is tuple:
        inside = get_args(kind)
        if inside[-1] is Ellipsis:
            return _list_reader(_reader(inside[0]))
        return _pair_reader([_reader(it) for it in inside])
    if kind is date:
        return _read_date
    if isinstance(kind, type) and issubclass(kind, tuple):
        readers = [_reader(it) for it in get_type_hints(kind).values()]
        pair = _pair_reader(readers)
        return lambda value, where: kind(*pair(value, where))
    if kind is float:
        return _read_float
    if kind is str:
        return _read_text

    def simple(value: Any, where: str) -> Any:
        if type(value) is not kind:
            raise _wrong(where)
        return value

    return simple


_reader: Callable[[Any], Reader] = cache(_make_reader)


def _list_reader(inner: Reader) -> Reader:
    def read(value: Any, where: str) -> Any:
        if type(value) is not list:
            raise _wrong(where)
        try:
            return tuple([inner(it, where) for it in value])
        except BadProblem:
            # Which row it is, is asked only when there is something to say.
            for number, it in enumerate(value, start=1):
                inner(it, f"{where}[{number}]")
            raise

    return read


def _pair_reader(readers: list[Reader]) -> Reader:
    def read(value: Any, where: str) -> Any:
        if type(value) is not list or len(value) != len(readers):
            raise _wrong(where)
        return tuple([reader(it, where) for reader, it in zip(readers, value, strict=True)])

    return read


def _read_float(value: Any, where: str) -> float:
    if type(value) not in (int, float) or not abs(value) < FAR or not isfinite(value):
        raise _wrong(where)
    return value  # type: ignore[no-any-return]


def _read_text(value: Any, where: str) -> str:
    # Half a character, as "\\ud800" is one, can be written nowhere.
    if type(value) is not str or not (value.isascii() or _whole(value)):
        raise _wrong(where)
    return value


def _whole(text: str) -> bool:
    return not any("\ud800" <= it <= "\udfff" for it in text)


def _read_date(value: Any, where: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _wrong(where) from error


def _dataclass_reader(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    readers = {name: _reader(hints[name]) for name, _each in _defaults(kind)}
    needed = [name for name, default in _defaults(kind) if default is MISSING]

    def read(value: Any, where: str) -> Any:
        if type(value) is not dict:
            raise _wrong(where)
        try:
            found = {name: readers[name](it, f"{where}.{name}") for name, it in value.items()}
        except KeyError as error:
            raise BadProblem(
                [Fault("unknown_field", {"field": f"{where}.{error.args[0]}".lstrip(".")})]
            ) from error
        for name in needed:
            if name not in found:
                raise BadProblem([Fault("missing_field", {"field": f"{where}.{name}".lstrip(".")})])
        return kind(**found)

    return read


def names(faults: Iterable[Fault]) -> list[str]:
    """The codes, for tests and logs."""
    return [fault.code for fault in faults]
