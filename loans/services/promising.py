"""Wishes that a plan brings: promised with their delivery when it is adopted, open again when it is changed (L10).

A promise that a person made by hand is left alone unless its book itself was taken out of the plan.
"""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from kerjasama.domain import clock
from libraries.models import Institution, User
from libraries.services.notices import announce_all
from loans.choices import OPEN_WISHES, WishStatus
from loans.lifecycle import DESK, WISH
from loans.models import PlannedBook, Wish, WishEvent
from loans.services.serving import news_of_wishes

BATCH = 500
Pair = tuple[UUID, UUID]


def settle_wishes(
    lender: Institution, *, periods: Collection[UUID], dropped: Collection[Pair], actor: User
) -> int:
    """After the books of ``periods`` have changed: promise the wishes that they bring, put back those of ``dropped``
    (period, title). Returns how many are promised. Called inside the transaction of the change; ten statements at the most.
    """
    WISH.ask("promise", WishStatus.OPEN, DESK)
    brought = {
        (partner, title): (key, period)
        for key, period, partner, title in PlannedBook.objects.filter(period__in=periods)
        .order_by("-period__starts_on", "pk")
        .values_list("pk", "period_id", "period__programme__partner_id", "title_id")
    }
    wishes = list(
        Wish.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            lender=lender,
            status__in=OPEN_WISHES,
            title__isnull=False,
            partner__in={partner for partner, _title in [*brought]} | _partners_of(dropped),
        )
        .select_related("partner")
        .order_by("pk")
    )
    today, now = clock.today(lender.zone), clock.now()
    gone = set(dropped)
    changed: list[Wish] = []
    events: list[WishEvent] = []
    promised = 0
    for wish in wishes:
        assert wish.title_id is not None
        found = brought.get((wish.partner_id, wish.title_id))
        before = wish.status
        if found is not None and wish.period_id != found[1]:
            action, note = "promise", _("by the rotation plan")
            wish.status, wish.period_id, wish.answered_on = WishStatus.PLANNED, found[1], today
            promised += 1
        elif found is None and wish.status == WishStatus.PLANNED and (wish.period_id, wish.title_id) in gone:
            WISH.ask("release", wish.status, DESK)
            action, note = "release", _("The plan was changed and does not bring it any more.")
            wish.status, wish.period, wish.answered_on, wish.answer = WishStatus.OPEN, None, None, ""
        else:
            continue
        wish.updated_at = now
        changed.append(wish)
        events.append(
            WishEvent(
                subject=wish,
                action=action,
                from_state=before,
                to_state=wish.status,
                actor=actor,
                at=now,
                note=note,
            )
        )
    if changed:
        Wish.objects.bulk_update(
            changed, ["status", "period", "answered_on", "answer", "updated_at"], batch_size=BATCH
        )
        WishEvent.objects.bulk_create(events, batch_size=BATCH)
        announce_all(
            news_of_wishes(lender, partner)
            for partner in {wish.partner_id: wish.partner for wish in changed}.values()
        )
    return promised


def _partners_of(dropped: Collection[Pair]) -> set[UUID]:
    from_periods = {period for period, _title in dropped}
    rows = Wish.objects.filter(period__in=from_periods).values_list("partner_id", flat=True)
    return set(rows) if from_periods else set()
