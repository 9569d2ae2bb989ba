"""Reminding of what somebody has still to do: a duty of a party, the answer to a text put before a partner (A3, A5)."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from agreements.choices import AgreementStatus
from agreements.models import Agreement, AgreementEvent, Obligation
from agreements.services.reminding import Rule, go_through, locked, tell
from agreements.services.stepping import TO_PARTNER
from kerjasama.domain import clock
from kerjasama.domain.rungs import Ladder
from libraries.models import Institution, Membership
from libraries.services.notices import settle_where
from libraries.services.sweeps import BATCH, Swept, sweep

# Days relative to the day on which a duty is due; weekly afterwards, until it is plain that letters do not help.
DUTY = Ladder(-14, -3, 0, 7, 14, 21, 28)
# What is said across the table, and what puts the text there again.
SAID = ("negotiate", "send_back", "remark", "agree")
# Days since the partner was asked.
ANSWER = Ladder(7, 14)


def remind_of_duties(*, batch: int = BATCH) -> Swept:
    """Tell each party what it has taken on and not done, and partners which texts wait for their answer."""
    return sweep("agreements.remind_of_duties", lambda: go_through(RULES, batch))


def open_duties() -> QuerySet[Obligation]:
    return Obligation.objects.unfulfilled().filter(agreement__status=AgreementStatus.ACTIVE)


def unanswered() -> QuerySet[Agreement]:
    """Texts under negotiation about which the last word was not the partner's; ``asked_on`` is the day of that word."""
    said = AgreementEvent.objects.filter(action__in=SAID).order_by("-at")
    theirs = Membership.objects.filter(user=OuterRef("actor"), institution=OuterRef("subject__partner"))
    # There are never many negotiations at a time, so their keys are fetched: the last word of each is one plain query.
    last_words = (
        said.filter(subject__status=AgreementStatus.NEGOTIATION)
        .annotate(theirs=Exists(theirs))
        .order_by("subject", "-at")
        .distinct("subject")
        .values_list("subject", "theirs")
    )
    asked_at = Subquery(said.filter(subject=OuterRef("pk")).values("at")[:1])
    return Agreement.objects.filter(
        pk__in=[key for key, answered in last_words if not answered], status=AgreementStatus.NEGOTIATION
    ).annotate(asked_on=TruncDate(asked_at))


@transaction.atomic
def remind_of_duty(key: UUID) -> bool:
    """Tell the party whose duty it is, and the office that keeps the agreement."""
    row = (
        open_duties()
        .select_for_update(of=("self",), no_key=True)
        .select_related("agreement__office", "agreement__partner", "party__institution")
        .filter(pk=key)
        .first()
    )
    if row is None:
        return False
    office, party = row.agreement.office, row.party.institution
    recipients = [office] if office == party else [party, office]
    return tell(
        DUTY_RULE,
        row.agreement,
        recipients,
        due_on=row.due_on,
        today=clock.today(office.zone),
        subject=("obligation", row.pk),
        duty=row.text,
        party=str(party),
        own=office == party,
        note=row.note,
    )


@transaction.atomic
def remind_of_answer(key: UUID) -> bool:
    """Tell the partner that its answer is waited for; after two weeks the office is told that there is none."""
    agreement = locked(unanswered(), key)
    if agreement is None:
        return False
    today = clock.today(agreement.office.zone)
    asked_on: date = agreement.asked_on  # type: ignore[attr-defined]
    recipients: list[Institution] = [agreement.partner]
    if ANSWER.reached(asked_on, today) == ANSWER.rungs[-1]:
        recipients.append(agreement.office)
    # It was put before them by a notice of its own; from now on this is the latest word about it.
    settle_where(Q(subject_id=agreement.pk, rule__in=TO_PARTNER, recipient=agreement.partner))
    return tell(ANSWER_RULE, agreement, recipients, due_on=asked_on, today=today)


DUTY_RULE = Rule("obligation_due", DUTY, "due_on", "agreement__office", open_duties, remind_of_duty)
ANSWER_RULE = Rule("agreement_answer", ANSWER, "asked_on", "office", unanswered, remind_of_answer)
RULES = (DUTY_RULE, ANSWER_RULE)
