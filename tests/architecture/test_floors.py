"""No import runs upward, no two files import each other, and nothing is called after what it is not."""

import subprocess
import sys

import pytest

from tests.architecture.source import FLOORS, ROOT, imports, modules, relative, tree

NAMELESS = {"utils", "util", "helpers", "helper", "common", "core", "misc", "base_utils", "manager2", "stuff"}
LONGEST = 500


def test_the_import_contracts_are_kept() -> None:
    """The floors, the doors and the rules, as pyproject.toml writes them down for import-linter."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
            "--no-logo",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_circle_of_files_not_even_inside_functions() -> None:
    graph = {name: {it for it in imports(name) if it in modules() and it != name} for name in modules()}
    assert circles(graph) == []


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that reach each other (Tarjan), each sorted."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []
    for start in graph:
        if start in index:
            continue
        work = [(start, iter(sorted(graph[start])))]
        index[start] = low[start] = len(index)
        stack.append(start)
        while work:
            node, rest = work[-1]
            for following in rest:
                if following not in index:
                    index[following] = low[following] = len(index)
                    stack.append(following)
                    work.append((following, iter(sorted(graph[following]))))
                    break
                if following in stack:
                    low[node] = min(low[node], index[following])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = [stack.pop()]
                    while group[-1] != node:
                        group.append(stack.pop())
                    if len(group) > 1:
                        found.append(sorted(group))
    return found


def test_a_circle_would_be_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


@pytest.mark.parametrize(
    "name",
    [
        "loans.duedates",
        "agreements.terms",
        "libraries.questions",
        "libraries.lifecycle",
        "agreements.lifecycle",
        "loans.lifecycle",
    ],
)
def test_rules_know_no_rows(name: str) -> None:
    wrong = [it for it in imports(name) if ".models" in it or ".services" in it or it.startswith("django.db")]
    assert wrong == []


def test_the_planner_knows_no_django() -> None:
    for name in modules():
        if name.startswith("loans.planning"):
            assert [it for it in imports(name) if it.startswith("django") or ".models" in it] == [], name


def test_no_name_that_says_nothing() -> None:
    assert [name for name in modules() if NAMELESS & set(name.split("."))] == []


def test_no_file_is_too_long_to_be_read() -> None:
    long = {
        relative(path): lines
        for path in modules().values()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_no_further_code_folder_on_top() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    with_code = {name for name in folders if any((ROOT / name).rglob("*.py")) and name != "tests"}
    assert with_code - {"var", "build", "dist"} == set(FLOORS)


def test_migrations_import_no_code_of_ours() -> None:
    """A migration must run as it was written when the code has long moved on."""
    # The kinds of columns are part of what a migration says.
    allowed = {"kerjasama.domain.fields", "kerjasama.domain.migrating"}
    wrong = {}
    for floor in FLOORS:
        for path in (ROOT / floor).rglob("migrations/*.py"):
            import ast

            for node in ast.walk(tree(path)):
                names = (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
                ours = [name for name in names if name.split(".")[0] in FLOORS and name not in allowed]
                if ours:
                    wrong[relative(path)] = ours
    assert wrong == {}


def test_no_business_hangs_on_model_signals() -> None:
    """Bulk writes skip them, and nobody who reads a service sees them."""
    kinds = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "pre_init", "post_init"}
    wrong = [
        relative(path)
        for path in modules().values()
        if kinds & set(path.read_text(encoding="utf-8").replace("(", " ").replace(",", " ").split())
    ]
    assert wrong == []
