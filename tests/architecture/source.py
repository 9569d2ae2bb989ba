"""The house as its own source tells it: modules, what they import, and what they do, read from syntax alone."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("kerjasama", "libraries", "agreements", "loans", "mobile_service")


@cache
def modules() -> dict[str, Path]:
    """Dotted name to file, for everything of ours but migrations."""
    found = {}
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" in parts:
                continue
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(name: str) -> Iterator[str]:
    """Dotted names that a module imports, wherever in it the import stands. ``from a import b`` is ``a.b`` if that is
    a module, else ``a``."""
    known = modules()
    for node in ast.walk(tree(known[name])):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = name if known[name].name == "__init__.py" else name.rpartition(".")[0]
                for _up in range(node.level - 1):
                    package = package.rpartition(".")[0]
                base = f"{package}.{base}" if base else package
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in known else base


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
