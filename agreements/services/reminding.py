"""Reminding both sides that an agreement ends (A10, L9)."""

from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from agreements import addresses
from agreements.choices import AgreementStatus
from agreements.models import Agreement
from kerjasama.domain import clock
from kerjasama.domain.rungs import Ladder
from libraries.choices import Role
from libraries.models import Notice
from libraries.services.ladders import phase_of, tone_of, unrecorded, zones_by_day
from libraries.services.notices import Announcement, announce_all, settle_where
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row, sweep

RULE = "agreement_ends"
# Days relative to the last day of the agreement.
ENDING = Ladder(-90, -30, -7)


def remind_expiring(*, batch: int = BATCH) -> Swept:
    """Tell office and partner 90, 30 and 7 days before an agreement in force ends."""
    return sweep("agreements.remind_expiring", partial(_remind_expiring, batch))


def _remind_expiring(batch: int) -> Swept:
    swept = Swept()
    hush()
    for today, zones in zones_by_day().items():
        ending = unrecorded(in_force(), rule=RULE, due="ends_on", ladder=ENDING, today=today)
        waiting = ending.filter(office__zone__in=zones)
        swept += row_by_row(partial(keys_after, waiting), remind_of_end, batch=batch)
    return swept


def in_force() -> QuerySet[Agreement]:
    return Agreement.objects.filter(status=AgreementStatus.ACTIVE)


def hush() -> int:
    """Settle notices of agreements that are over or end on another day now."""
    still_open = in_force().filter(pk=OuterRef("subject_id"), ends_on=OuterRef("due_on"))
    over = Notice.objects.open().filter(~Exists(still_open), rule=RULE)
    return settle_where(Q(pk__in=list(over.values_list("pk", flat=True))))


@transaction.atomic
def remind_of_end(key: UUID) -> bool:
    """Tell both sides about one agreement. Returns whether there was something to tell."""
    agreement = (
        Agreement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office", "partner")
        .get(pk=key)
    )
    today = clock.today(agreement.office.zone)
    if agreement.status != AgreementStatus.ACTIVE or agreement.ends_on is None:
        return False
    rung = ENDING.reached(agreement.ends_on, today)
    if rung is None:
        return False
    facts = {
        **phase_of(agreement.ends_on, today),
        "due_on": agreement.ends_on,
        "agreement": str(agreement),
        "title": agreement.title,
        "school": str(agreement.partner),
        "lender": str(agreement.office),
    }
    sides = (
        (agreement.partner, "partner", addresses.agreement_for_partner(agreement.pk), ()),
        (
            agreement.office,
            "lender",
            addresses.agreement_for_desk(agreement.pk),
            (Role.OFFICER, Role.HEAD),
        ),
    )
    return (
        announce_all(
            Announcement(
                recipient=recipient,
                sender=agreement.office,
                rule=RULE,
                rung=rung,
                subject_kind="agreement",
                subject_id=agreement.pk,
                due_on=agreement.ends_on,
                tone=tone_of(agreement.ends_on, today),
                context={**facts, "side": side},
                path=path,
                roles=roles,
            )
            for recipient, side, path, roles in sides
        )
        > 0
    )
