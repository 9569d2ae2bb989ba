"""From a notice to the mailboxes of those who should read it (L9)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from kerjasama.domain import clock
from kerjasama.domain.quiet_hours import earliest
from libraries.emails import DIGEST
from libraries.models import Institution, Membership, Message, Notice, User
from libraries.services.messages import new_message, queue
from libraries.services.sweeps import Swept, sweep

BATCH = 200
# So many at once from one office to one reader become a single message that lists them (U40).
DIGEST_FROM = 3


def address_notices() -> Swept:
    """Turn every notice not yet addressed into messages."""
    return sweep("libraries.address_notices", partial(_address, BATCH))


def _address(batch: int) -> Swept:
    swept = address_batch(batch)
    while swept.unfinished:
        swept = Swept(swept.count) + address_batch(batch)
    return swept


@transaction.atomic
def address_batch(limit: int = BATCH) -> Swept:
    """Queue messages for up to ``limit`` notices, and mark these as addressed. Five statements, whatever their number.

    Each current member with one of the notice's roles (all members when it names none) gets one in their own language,
    not in the quiet hours of the recipient's zone. Where no member has a mailbox, the institution's own is used; where
    there is none either, the notice stands on the page and is addressed all the same.
    """
    now = clock.now()
    notices = list(
        Notice.objects.select_for_update(of=("self",), skip_locked=True)
        .open()
        .filter(addressed_at__isnull=True)
        .select_related("recipient", "sender")
        .order_by("recipient", "created_at")[:limit]
    )
    if not notices:
        return Swept()
    members = _members(notices)
    queue(_messages(notices, members, now))
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(addressed_at=now, updated_at=now)
    return Swept(len(notices), unfinished=len(notices) == limit)


def _members(notices: Iterable[Notice]) -> dict[UUID, list[Membership]]:
    """Memberships of today by institution, of accounts that are open and have a mailbox."""
    found: dict[UUID, list[Membership]] = defaultdict(list)
    memberships = (
        Membership.objects.current()
        .filter(institution__in={notice.recipient_id for notice in notices}, user__is_active=True)
        .exclude(user__email="")
        .select_related("user")
        .order_by("created_at")
    )
    for membership in memberships:
        found[membership.institution_id].append(membership)
    return found


def _messages(
    notices: Iterable[Notice], members: dict[UUID, list[Membership]], now: datetime
) -> Iterator[Message]:
    piles: dict[tuple[UUID, UUID | None, UUID | None], list[Notice]] = defaultdict(list)
    users: dict[UUID, User] = {}
    for notice in notices:
        readers = _readers(notice, members.get(notice.recipient_id, []))
        for reader in readers:
            users[reader.pk] = reader
            piles[notice.recipient_id, notice.sender_id, reader.pk].append(notice)
        if not readers and notice.recipient.email:
            piles[notice.recipient_id, notice.sender_id, None].append(notice)
    for (_recipient, _sender, key), pile in piles.items():
        user = users[key] if key else None
        if len(pile) >= DIGEST_FROM:
            yield _digest(pile, user, now)
        else:
            for notice in pile:
                yield _single(notice, user, now)


def _readers(notice: Notice, memberships: Iterable[Membership]) -> list[User]:
    """Who of the recipient reads it, each once. When nobody has the role, everybody does rather than nobody."""
    asked = [it.user for it in memberships if not notice.roles or it.role in notice.roles]
    return list(dict.fromkeys(asked or [it.user for it in memberships]))


def _single(notice: Notice, user: User | None, now: datetime) -> Message:
    return new_message(
        user=user,
        address=user.email if user else notice.recipient.email,
        language=user.language if user else "id",
        office=_office(notice),
        notice=notice,
        template=notice.rule,
        dedupe_key=f"notice:{notice.pk}:{user.pk if user else '-'}",
        not_before=earliest(now, notice.recipient.zone),
    )


def _digest(pile: list[Notice], user: User | None, now: datetime) -> Message:
    first = pile[0]
    return new_message(
        user=user,
        address=user.email if user else first.recipient.email,
        language=user.language if user else "id",
        office=_office(first),
        template=DIGEST,
        context={"school": str(first.recipient), "notices": [str(notice.pk) for notice in pile]},
        # Its first notice stands for all: they were taken together under one lock.
        dedupe_key=f"notice:{first.pk}:{user.pk if user else '-'}",
        not_before=earliest(now, first.recipient.zone),
    )


def _office(notice: Notice) -> Institution | None:
    """In whose name it goes out: the office that speaks; an office that reminds itself speaks for itself."""
    if notice.sender is not None:
        return notice.sender
    return notice.recipient if notice.recipient.is_office else None
