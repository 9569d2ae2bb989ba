"""Telling an institution something, exactly once (L9).

Other services announce in their own transaction, so the notice stands or falls with the change that it is about. It is
on the page at once; a sweep (``addressing``) turns it into one message per person, another (``delivering``) sends those.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Q
from psycopg2.extras import Json

from kerjasama.domain import clock
from kerjasama.domain.identity import uuid7
from libraries.choices import MessageStatus, Tone
from libraries.models import Institution, Message, Notice

# A notice with a new rung or a new due date takes the place of the earlier ones about the same matter: who opens the
# page reads the latest word only. Both happen in one statement, so nobody ever sees two, or none.
_ANNOUNCE = """
WITH told AS (
    INSERT INTO libraries_notice
        (id, created_at, updated_at, recipient_id, sender_id, rule, rung, subject_kind, subject_id, due_on, tone,
         context, path, roles)
    VALUES {rows}
    ON CONFLICT ON CONSTRAINT notice_once DO NOTHING
    RETURNING id, recipient_id, rule, subject_id, created_at
), superseded AS (
    UPDATE libraries_notice AS earlier
    SET settled_at = told.created_at, updated_at = told.created_at
    FROM told
    WHERE earlier.subject_id = told.subject_id AND earlier.rule = told.rule
      AND earlier.recipient_id = told.recipient_id AND earlier.settled_at IS NULL
)
SELECT count(*) FROM told
"""


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """One notice to be. ``rule`` names the templates ``emails/<rule>_subject.txt`` and ``_body.txt``.

    ``due_on`` is the date it is about; ``rung`` days relative to it. ``context``: JSON-able facts for the sentences
    (dates as ISO text). ``path``: the page of the very task. ``roles``: whose mailbox; empty means all members.
    ``sender``: the office that speaks, where answers go.
    """

    recipient: Institution | UUID
    rule: str
    subject_kind: str
    subject_id: UUID
    due_on: date
    rung: int = 0
    tone: str = Tone.CALM
    context: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""
    roles: Sequence[str] = ()
    sender: Institution | UUID | None = None


def announce_all(announcements: Iterable[Announcement]) -> int:
    """Insert the notices that are not there yet, in one statement. Returns how many are new."""
    now = clock.now()
    rows = [
        (
            uuid7(),
            now,
            now,
            _key(it.recipient),
            _key(it.sender),
            it.rule,
            it.rung,
            it.subject_kind,
            it.subject_id,
            it.due_on,
            str(it.tone),
            Json(dict(it.context), dumps=_dumps),
            it.path,
            Json([str(role) for role in it.roles]),
        )
        for it in announcements
    ]
    if not rows:
        return 0
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    with connection.cursor() as cursor:
        values: list[Any] = [value for it in rows for value in it]
        cursor.execute(_ANNOUNCE.format(rows=", ".join([row] * len(rows))), values)
        return int(cursor.fetchone()[0])


def announce(
    *,
    recipient: Institution | UUID,
    rule: str,
    subject_kind: str,
    subject_id: UUID,
    due_on: date,
    rung: int = 0,
    tone: str = Tone.CALM,
    context: Mapping[str, Any] | None = None,
    path: str = "",
    roles: Sequence[str] = (),
    sender: Institution | UUID | None = None,
) -> bool:
    """Tell one institution one thing; fields as in ``Announcement``. Returns whether it is new.

    Call it inside the transaction of the change. Repeating it is harmless: rule, rung, subject, due date and
    recipient together exist once.
    """
    return bool(
        announce_all(
            [
                Announcement(
                    recipient=recipient,
                    rule=rule,
                    subject_kind=subject_kind,
                    subject_id=subject_id,
                    due_on=due_on,
                    rung=rung,
                    tone=tone,
                    context=context or {},
                    path=path,
                    roles=roles,
                    sender=sender,
                )
            ]
        )
    )


def settle(subject_id: UUID, rules: Iterable[str] | None = None) -> int:
    """The matter is dealt with: its open notices leave the page and messages not yet sent fall silent.

    ``rules`` narrows it to some rules; without it everything about the subject is settled. Returns the notices settled.
    Call it inside the transaction that deals with the matter.
    """
    about = Q(subject_id=subject_id)
    if rules is not None:
        about &= Q(rule__in=list(rules))
    return settle_where(about)


def settle_where(about: Q) -> int:
    """``settle`` for every open notice that the condition names. Two statements, whatever their number."""
    now = clock.now()
    settled = Notice.objects.open().filter(about).update(settled_at=now, updated_at=now)
    if settled:
        silence(about)
    return settled


def silence(about: Q) -> int:
    """Waiting messages of settled notices are not sent. One that is being sent asks again before it speaks."""
    settled = Notice.objects.filter(about, settled_at__isnull=False)
    return Message.objects.filter(status=MessageStatus.PENDING, notice__in=settled).update(
        status=MessageStatus.SILENCED, updated_at=clock.now()
    )


def _key(institution: Institution | UUID | None) -> UUID | None:
    return institution.pk if isinstance(institution, Institution) else institution


def _dumps(value: Any) -> str:
    return DjangoJSONEncoder().encode(value)
