"""Reminding of the days of an agreement: its end, the last day of notice, the review of an unwritten one (A1, A10, L9).

What is due is the latest rung reached and not yet recorded. A night that was missed is made up by one reminder, a
second run adds nothing, and what is settled falls silent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from agreements import addresses
from agreements.choices import AgreementKind, AgreementStatus
from agreements.models import Agreement
from agreements.services.ending import LIVING
from kerjasama.domain import clock
from kerjasama.domain.rungs import Ladder
from libraries.choices import Role
from libraries.models import Institution, Notice
from libraries.services.ladders import phase_of, tone_of, unrecorded, zones_by_day
from libraries.services.notices import Announcement, announce_all, settle_where
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row, sweep

# Days relative to the last day of the agreement.
ENDING = Ladder(-90, -30, -7)
# Relative to the last day of notice; the end itself has its own ladder.
NOTICE = Ladder(-30, -7)
# Relative to the day on which an unwritten agreement is looked at again.
REVIEW = Ladder(-14, 0, 7, 28)
READERS = (Role.OFFICER, Role.HEAD)


@dataclass(frozen=True)
class Rule:
    """One kind of reminder: which rows it is about, by which date, on which ladder, and how one row is done.

    ``office`` is the path to the institution in whose zone "today" is; ``rows()`` are those the matter is open for.
    """

    name: str
    ladder: Ladder
    due: str
    office: str
    rows: Callable[[], QuerySet[Any]]
    remind: Callable[[UUID], bool]

    def waiting(self, today: date) -> QuerySet[Any]:
        return unrecorded(self.rows(), rule=self.name, due=self.due, ladder=self.ladder, today=today)


def remind_expiring(*, batch: int = BATCH) -> Swept:
    """Tell those concerned that an agreement ends, can no longer be given notice of, or is to be reviewed."""
    return sweep("agreements.remind_expiring", lambda: go_through(RULES, batch))


def go_through(rules: Iterable[Rule], batch: int) -> Swept:
    """Each rule: what is over falls silent, then whatever has reached a new rung is told."""
    swept = Swept()
    hush_orphans()
    for rule in rules:
        hush(rule)
        for today, zones in zones_by_day().items():
            waiting = rule.waiting(today).filter(**{f"{rule.office}__zone__in": zones})
            swept += row_by_row(partial(keys_after, waiting), rule.remind, batch=batch)
    return swept


def hush(rule: Rule) -> int:
    """Settle notices whose matter is over or has another day now, whichever way that came about."""
    still_open = rule.rows().filter(**{"pk": OuterRef("subject_id"), rule.due: OuterRef("due_on")})
    over = Notice.objects.open().filter(~Exists(still_open), rule=rule.name)
    return settle_where(Q(pk__in=list(over.values_list("pk", flat=True))))


def hush_orphans() -> int:
    """Settle what was told about a parent that had ended, once there is another, or nothing left that stands under it."""
    orphaned = Agreement.objects.filter(
        ~Q(parent__status=AgreementStatus.ACTIVE),
        pk=OuterRef("subject_id"),
        parent__isnull=False,
        status__in=LIVING,
    )
    over = Notice.objects.open().filter(~Exists(orphaned), rule="agreement_parent_ended")
    return settle_where(Q(pk__in=list(over.values_list("pk", flat=True))))


def in_force() -> QuerySet[Agreement]:
    return Agreement.objects.filter(status=AgreementStatus.ACTIVE)


def with_notice_day() -> QuerySet[Agreement]:
    """Agreements in force that give notice, with its last day as ``notice_on``."""
    notice_on = ExpressionWrapper(F("ends_on") - F("notice_days"), output_field=DateField())
    return (
        in_force()
        .filter(notice_days__gt=0)
        .exclude(kind=AgreementKind.ADDENDUM)
        .annotate(notice_on=notice_on)
    )


def unwritten() -> QuerySet[Agreement]:
    return in_force().filter(kind=AgreementKind.IMPLICIT)


def locked(rows: QuerySet[Agreement], key: UUID) -> Agreement | None:
    """The agreement, locked, if it still is one of ``rows``."""
    return (
        rows.select_for_update(of=("self",), no_key=True)
        .select_related("office", "partner")
        .filter(pk=key)
        .first()
    )


def facts_of(agreement: Agreement, due_on: date, today: date) -> dict[str, Any]:
    return {
        **phase_of(due_on, today),
        "due_on": due_on,
        "agreement": str(agreement),
        "title": agreement.title,
        "school": str(agreement.partner),
        "lender": str(agreement.office),
    }


def tell(
    rule: Rule,
    agreement: Agreement,
    recipients: Iterable[Institution],
    *,
    due_on: date,
    today: date,
    subject: tuple[str, UUID] | None = None,
    **facts: Any,
) -> bool:
    """One notice to each of ``recipients``, on the rung that is reached today. Returns whether any is new.

    The office is told at its desk, everybody else in the portal, unless it works with this system itself.
    """
    rung = rule.ladder.reached(due_on, today)
    if rung is None:
        return False
    kind, key = subject or ("agreement", agreement.pk)
    common = facts_of(agreement, due_on, today) | facts
    return (
        announce_all(
            Announcement(
                recipient=to,
                sender=agreement.office,
                rule=rule.name,
                rung=rung,
                subject_kind=kind,
                subject_id=key,
                due_on=due_on,
                tone=tone_of(due_on, today),
                context=common | {"side": "lender" if to.pk == agreement.office_id else "partner"},
                path=addresses.agreement_for_desk(agreement.pk)
                if to.is_office
                else addresses.agreement_for_partner(agreement.pk),
                roles=READERS if to.is_office else (),
            )
            for to in recipients
        )
        > 0
    )


@transaction.atomic
def remind_of_end(key: UUID) -> bool:
    """Tell both sides that their agreement ends."""
    agreement = locked(in_force(), key)
    if agreement is None or agreement.ends_on is None:
        return False
    today = clock.today(agreement.office.zone)
    return tell(
        ENDS_RULE, agreement, (agreement.partner, agreement.office), due_on=agreement.ends_on, today=today
    )


@transaction.atomic
def remind_of_notice(key: UUID) -> bool:
    """Tell both sides until when they can say that they do not want to go on."""
    agreement = locked(with_notice_day(), key)
    if agreement is None:
        return False
    today = clock.today(agreement.office.zone)
    notice_on: date = agreement.notice_on  # type: ignore[attr-defined]
    if notice_on < today:
        return False
    return tell(
        NOTICE_RULE,
        agreement,
        (agreement.partner, agreement.office),
        due_on=notice_on,
        today=today,
        ends_on=agreement.ends_on,
    )


@transaction.atomic
def remind_of_review(key: UUID) -> bool:
    """Tell the office that an unwritten agreement is to be looked at again."""
    agreement = locked(unwritten(), key)
    if agreement is None or agreement.review_on is None:
        return False
    today = clock.today(agreement.office.zone)
    return tell(REVIEW_RULE, agreement, (agreement.office,), due_on=agreement.review_on, today=today)


ENDS_RULE = Rule("agreement_ends", ENDING, "ends_on", "office", in_force, remind_of_end)
NOTICE_RULE = Rule("agreement_notice", NOTICE, "notice_on", "office", with_notice_day, remind_of_notice)
REVIEW_RULE = Rule("agreement_review", REVIEW, "review_on", "office", unwritten, remind_of_review)
RULES = (ENDS_RULE, NOTICE_RULE, REVIEW_RULE)
