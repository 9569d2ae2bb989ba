"""The plain SQL of what is measured: the fewest statements that do the same to the same tables, sent by psycopg2 itself.

No rights, no rules, no translation, no paper: what PostgreSQL alone needs for the rows. Each runs in one transaction.
"""

import time
import uuid
from typing import Any

import psycopg2
import psycopg2.extras

from kerjasama.domain.identity import uuid7

psycopg2.extras.register_uuid()

_MOVE = """
WITH moved AS (
    UPDATE catalogue_copy c SET place = %(place)s, holder_id = %(holder)s, placed_at = now(), updated_at = now()
    FROM unnest(%(copies)s, %(moves)s) AS asked (copy_id, move_id)
    WHERE c.id = asked.copy_id AND c.place = %(source)s
    RETURNING c.id, asked.move_id
), followed AS (
    UPDATE loans_loanline l SET status = %(status)s, returned_at = CASE WHEN %(status)s = 'returned' THEN now() END
    FROM moved WHERE l.copy_id = moved.id AND l.consignment_id = %(consignment)s RETURNING l.id, l.copy_id
), ledger AS (
    INSERT INTO loans_custodymove (id, copy_id, sequence, kind, from_holder_id, from_place, to_holder_id, to_place,
                                   line_id, condition, note, actor_id, at, recorded_at)
    SELECT moved.move_id, moved.id, %(sequence)s, %(kind)s, %(before)s, %(source)s, %(holder)s, %(place)s,
           followed.id, '', '', %(actor)s, now(), now()
    FROM moved JOIN followed ON followed.copy_id = moved.id RETURNING 1
)
SELECT count(*) FROM ledger
"""


class PlainSql:
    """One connection of its own; every verb returns the seconds it took."""

    def __init__(self, dsn: dict[str, Any], office: uuid.UUID, actor: uuid.UUID) -> None:
        self.connection = psycopg2.connect(**dsn)
        self.office, self.actor = office, actor

    def scan(self, consignment: uuid.UUID, barcode: str) -> float:
        """Find the line by its barcode under lock, move the copy, write the ledger and the scan, count."""
        began = time.perf_counter()
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT l.id, c.id FROM loans_loanline l JOIN catalogue_copy c ON c.id = l.copy_id "
                "WHERE c.owner_id = %s AND c.barcode = %s AND l.status IN ('proposed', 'picked', 'out', 'lost') "
                "FOR UPDATE OF l, c",
                [self.office, barcode],
            )
            line, copy = cursor.fetchone()
            cursor.execute(
                _MOVE,
                self._move([copy], consignment, "pick", "shelf", "packed", "picked", self.office, sequence=1),
            )
            cursor.execute(
                "INSERT INTO loans_scan (id, client_event_id, desk, consignment_id, barcode, line_id, outcome, reason, "
                "facts, actor_id, at, recorded_offline, review, review_note) "
                "VALUES (%s, %s, 'pick', %s, %s, %s, 'ok', 'picked', '{}', %s, now(), false, '', '')",
                [uuid7(), uuid.uuid4(), consignment, barcode, line, self.actor],
            )
            cursor.execute(
                "SELECT count(*) FILTER (WHERE status = 'picked'), count(*) FROM loans_loanline WHERE consignment_id = %s",
                [consignment],
            )
            cursor.fetchone()
        return time.perf_counter() - began

    def hand_over(self, consignment: uuid.UUID, partner: uuid.UUID, copies: list[uuid.UUID]) -> float:
        """The books move, in one statement."""
        return self._one(
            self._move(copies, consignment, "dispatch", "packed", "away", "out", partner, sequence=2)
        )

    def take_back(self, consignment: uuid.UUID, partner: uuid.UUID, copies: list[uuid.UUID]) -> float:
        facts = self._move(
            copies, consignment, "return", "away", "shelf", "returned", self.office, sequence=3
        )
        return self._one(facts | {"before": partner})

    def _one(self, facts: dict[str, Any]) -> float:
        began = time.perf_counter()
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(_MOVE, facts)
            moved = cursor.fetchone()[0]
        took = time.perf_counter() - began
        if moved != len(facts["copies"]):
            raise RuntimeError(f"the plain SQL moved {moved} of {len(facts['copies'])} copies")
        return took

    def _move(
        self,
        copies: list[uuid.UUID],
        consignment: uuid.UUID,
        kind: str,
        source: str,
        place: str,
        status: str,
        holder: uuid.UUID,
        *,
        sequence: int,
    ) -> dict[str, Any]:
        return {
            "copies": copies,
            "moves": [uuid7() for _each in copies],
            "consignment": consignment,
            "kind": kind,
            "source": source,
            "place": place,
            "status": status,
            "holder": holder,
            "before": self.office,
            "actor": self.actor,
            "sequence": sequence,
        }
