"""Reminding the office that a cooperation should be judged before it ends (A10, A11)."""

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from agreements import addresses
from agreements.choices import AgreementStatus
from agreements.models import Agreement, Evaluation
from agreements.services.evaluating import LEAD, RULE_DUE, evaluation_due_on, finished_evaluation
from kerjasama.domain import clock
from kerjasama.domain.rungs import Ladder
from libraries.choices import Role
from libraries.models import Notice, User
from libraries.services.ladders import phase_of, tone_of, unrecorded, zones_by_day
from libraries.services.notices import announce, settle_where
from libraries.services.sweeps import BATCH, Swept, keys_after, row_by_row, sweep

# Days relative to the day by which the evaluation should be finished, which is 30 days before the end.
DUE = Ladder(-30, 0, 14)


def remind_evaluations(*, batch: int = BATCH) -> Swept:
    """Tell the office 60, 30 and 16 days before an agreement ends that it is not evaluated yet."""
    return sweep("agreements.remind_evaluations", partial(_remind_evaluations, batch))


def _remind_evaluations(batch: int) -> Swept:
    swept = Swept()
    hush()
    for today, zones in zones_by_day().items():
        due = unrecorded(unjudged(), rule=RULE_DUE, due="evaluate_by", ladder=DUE, today=today)
        waiting = due.filter(office__zone__in=zones)
        swept += row_by_row(partial(keys_after, waiting), remind_of_evaluation, batch=batch)
    return swept


def unjudged() -> QuerySet[Any]:
    """Agreements in force with an end and without a finished evaluation; ``evaluate_by`` is the day it is due."""
    finished = Evaluation.objects.finished().filter(agreement=OuterRef("pk"))
    return Agreement.objects.filter(
        ~Exists(finished), status=AgreementStatus.ACTIVE, ends_on__isnull=False
    ).alias(evaluate_by=Cast(F("ends_on") - LEAD, DateField()))


def to_evaluate(user: User, today: date) -> QuerySet[Any]:
    """Agreements that ``user`` sees whose first reminder has come, soonest first; with ``evaluate_by`` to show."""
    mine = Agreement.objects.visible_to(user).values("pk")
    rows: QuerySet[Any] = (
        unjudged()
        .filter(pk__in=mine, ends_on__lte=today + LEAD - timedelta(days=DUE.rungs[0]))
        .annotate(evaluate_by=F("evaluate_by"))
        .select_related("partner")
        .order_by("ends_on", "pk")
    )
    return rows


def hush() -> int:
    """Settle notices of agreements that are over, judged, or end on another day now."""
    still_due = unjudged().filter(pk=OuterRef("subject_id"), evaluate_by=OuterRef("due_on"))
    over = Notice.objects.open().filter(~Exists(still_due), rule=RULE_DUE)
    return settle_where(Q(pk__in=list(over.values_list("pk", flat=True))))


@transaction.atomic
def remind_of_evaluation(key: UUID) -> bool:
    """Tell the office about one agreement. Returns whether there was something to tell."""
    agreement = (
        Agreement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("office", "partner")
        .get(pk=key)
    )
    today = clock.today(agreement.office.zone)
    due_on = evaluation_due_on(agreement)
    if agreement.status != AgreementStatus.ACTIVE or due_on is None or finished_evaluation(agreement):
        return False
    rung = DUE.reached(due_on, today)
    if rung is None:
        return False
    return announce(
        recipient=agreement.office,
        sender=agreement.office,
        rule="evaluation_due",
        rung=rung,
        subject_kind="agreement",
        subject_id=agreement.pk,
        due_on=due_on,
        tone=tone_of(due_on, today),
        context={
            **phase_of(due_on, today),
            "due_on": due_on,
            "ends_on": agreement.ends_on,
            "agreement": str(agreement),
            "title": agreement.title,
            "school": str(agreement.partner),
            "lender": str(agreement.office),
            "side": "lender",
        },
        path=addresses.indicators_for_desk(agreement.pk),
        roles=(Role.OFFICER, Role.HEAD),
    )
