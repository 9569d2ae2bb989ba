"""The committed ledger of query counts: what a list costs is known, and grows only on purpose.

``tests/query_counts.json`` holds, per list, the number of queries with one row and with twenty. Both are equal, or a row
costs queries of its own. After a change that is meant: ``LEDGER=write python -m pytest …``, and commit the difference.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

LEDGER = Path(__file__).parent.parent / "query_counts.json"
# What opens and closes transactions is not counted: a test has a savepoint where production has BEGIN and COMMIT.
BRACKETS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN", "COMMIT")
# The audit's context travels in front of each writing statement, in the same round trip.
AUDIT_CONTEXT = re.compile(r"^SELECT set_config\('pghistory\.context_id'.*?', true\); ", re.DOTALL)


class Ledger:
    """``ledger.weigh("api /copies/", rows, act)`` runs ``act``, counts its queries and compares."""

    def __init__(self, known: dict[str, dict[str, int]], writing: bool) -> None:
        self.known = known
        self.writing = writing
        self.changed: dict[str, dict[str, int]] = {}

    def weigh(self, name: str, rows: int, act: Callable[[], Any]) -> Any:
        """Returns what ``act`` returns. Fails when it cost another number of queries than is written."""
        with CaptureQueriesContext(connection) as captured:
            answer = act()
        plain = [AUDIT_CONTEXT.sub("", query["sql"]) for query in captured.captured_queries]
        statements = [statement for statement in plain if not statement.startswith(BRACKETS)]
        if self.writing:
            self.changed.setdefault(name, {})[str(rows)] = len(statements)
            return answer
        written = self.known.get(name, {}).get(str(rows))
        told = "\n".join(statement[:300] for statement in statements)
        assert written is not None, f"{name} with {rows} rows is not in the ledger; LEDGER=write adds it"
        assert len(statements) == written, (
            f"{name}, {rows} rows: {len(statements)} queries, {written} in the ledger\n{told}"
        )
        return answer


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """The ledger, written back after the test when ``LEDGER=write``."""
    known = json.loads(LEDGER.read_text()) if LEDGER.exists() else {}
    book = Ledger(known, os.environ.get("LEDGER") == "write")
    yield book
    if book.changed:
        for name, counts in book.changed.items():
            known.setdefault(name, {}).update(counts)
        LEDGER.write_text(json.dumps(known, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
