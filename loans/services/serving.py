"""Wishes that come true: the delivery that brings a title serves the wish for it, in one statement (L10, G7)."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import connection

from kerjasama.domain import clock
from kerjasama.domain.identity import uuid7
from libraries.choices import Role
from libraries.models import Institution, User
from libraries.services.notices import Announcement
from loans import addresses
from loans.choices import WishStatus
from loans.lifecycle import DESK, WISH
from loans.models import Consignment

# Locks the wishes in the order of their ids, serves them and writes their events: what a hundred books cost, one costs.
_SERVE = """
WITH brought AS (
    SELECT * FROM unnest(%(titles)s::uuid[], %(events)s::uuid[]) AS brought (title_id, event_id)
), waiting AS (
    SELECT wish.id, wish.status, brought.event_id
    FROM loans_wish wish JOIN brought ON brought.title_id = wish.title_id
    WHERE wish.lender_id = %(lender)s AND wish.partner_id = %(partner)s AND wish.status = ANY(%(sources)s::text[])
    ORDER BY wish.id FOR NO KEY UPDATE OF wish
), served AS (
    UPDATE loans_wish wish
    SET status = %(status)s, consignment_id = %(consignment)s, answered_on = %(on)s, updated_at = %(now)s
    FROM waiting WHERE wish.id = waiting.id
    RETURNING wish.id
)
INSERT INTO loans_wishevent (id, subject_id, action, from_state, to_state, actor_id, at, note)
SELECT waiting.event_id, served.id, %(action)s, waiting.status, %(status)s, %(actor)s, %(now)s, ''
FROM served JOIN waiting ON waiting.id = served.id
"""


def serve_wishes(consignment: Consignment, titles: Iterable[UUID], *, actor: User, on: date) -> int:
    """The wishes of the partner for ``titles``, which this delivery brings, are served. Returns how many. One statement.

    Called by the handover inside its transaction: who may hand over may do this on the way.
    """
    step = WISH.ask("serve", WishStatus.OPEN, DESK)
    keys = sorted(set(titles))
    with connection.cursor() as cursor:
        cursor.execute(
            _SERVE,
            {
                "titles": keys,
                "events": [uuid7() for _key in keys],
                "lender": consignment.lender_id,
                "partner": consignment.partner_id,
                "sources": sorted(step.sources),
                "status": str(step.target),
                "action": step.action,
                "consignment": consignment.pk,
                "on": on,
                "now": clock.now(),
                "actor": actor.pk,
            },
        )
        return int(cursor.rowcount)


def news_of_wishes(lender: Institution, partner: Institution) -> Announcement:
    """One word to the school a day, however many of its wishes were answered or served on it."""
    return Announcement(
        recipient=partner,
        sender=lender,
        rule="wishes_answered",
        subject_kind="wishes",
        subject_id=lender.pk,
        due_on=clock.today(lender.zone),
        context={"lender": str(lender), "partner": str(partner)},
        path=addresses.wishes_for_partner(),
        roles=[Role.SCHOOL_CONTACT],
    )
