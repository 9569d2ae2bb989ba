"""Where the answers to repeated requests are kept (see kerjasama/api/repeats.py)."""

import hashlib
import json
from typing import Any

from django.db import connection
from rest_framework.request import Request

from kerjasama.api.repeats import Answer, Busy
from kerjasama.domain import clock

# One statement: it takes the key for the rest of the transaction and looks whether it was answered. A lock of a transaction
# ends with it, so a worker that dies leaves nothing behind.
_RECALL = """
SELECT pg_try_advisory_xact_lock(%s), kept.fingerprint, kept.status, kept.headers, kept.body
FROM (SELECT 1) AS here
LEFT JOIN libraries_idempotencykey AS kept ON kept.user_id = %s AND kept.key = %s
"""
_KEEP = """
INSERT INTO libraries_idempotencykey (user_id, key, fingerprint, status, headers, body, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""


class Memory:
    """Keys belong to a user, so two tokens of one program share them."""

    def recall(self, request: Request, key: str) -> Answer | None:
        with connection.cursor() as cursor:
            cursor.execute(_RECALL, [_number(request.user.pk, key), request.user.pk, key])
            locked, fingerprint, status, headers, body = cursor.fetchone()
        if fingerprint is not None:
            return Answer(fingerprint, status, _decoded(headers), body)
        if not locked:
            raise Busy
        return None

    def keep(self, request: Request, key: str, answer: Answer) -> None:
        row = [
            request.user.pk,
            key,
            answer.fingerprint,
            answer.status,
            json.dumps(answer.headers),
            answer.body,
        ]
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [*row, clock.now()])
            if cursor.rowcount == 0:
                # The first request committed between our looking and our locking: ours is undone, its answer stands.
                raise Busy


def _number(user: Any, key: str) -> int:
    digest = hashlib.sha256(f"idempotency:{user}:{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _decoded(headers: Any) -> dict[str, str]:
    return json.loads(headers) if isinstance(headers, str) else headers
