"""What a school says to a demand, and the library's answer (L8): another book in its place, or an objection.

While the library has the next word no day runs out: reminders stop, and the days that it took are given back.
"""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput
from libraries.catalogue.choices import Condition
from libraries.choices import Tone
from libraries.models import StoredFile, User
from libraries.services.notices import settle
from loans.choices import PleaAnswer, PleaKind, Settlement
from loans.lifecycle import CASE
from loans.models import Case, Plea
from loans.services.case_letters import compose_answer
from loans.services.claiming import close_as, lock_case
from loans.services.demanding import day_to_come, demand_of, issue_letter, tell, term_of
from loans.services.stepping import roles_of, take_step


@transaction.atomic
def offer_replacement(
    *,
    case: Case,
    actor: User,
    title: str,
    isbn: str = "",
    condition: str = Condition.GOOD,
    words: str = "",
    photograph: StoredFile | None = None,
) -> Case:
    """The school has a book to put in its place and asks whether it will do, before it is brought.

    Raises InvalidInput (``title``, ``condition``), NotPermitted, TransitionRefused.
    """
    fresh = lock_case(case)
    CASE.ask("offer", fresh.status, roles_of(actor, fresh))
    if not title.strip():
        raise InvalidInput("title", _("Type the title of the book that you offer."), field="title")
    if condition not in (Condition.GOOD, Condition.WORN):
        raise InvalidInput(
            "condition", _("Offer a book that can be lent: in good or worn condition."), field="condition"
        )
    plea = _plead(
        fresh,
        PleaKind.OFFER,
        actor=actor,
        words=words.strip(),
        title=title.strip()[:300],
        isbn=isbn.strip()[:20],
        condition=condition,
        photograph=photograph,
    )
    take_step(CASE, "offer", fresh, actor=actor, note=plea.title)
    settle(fresh.pk)
    tell(fresh, "case_pleaded", Tone.DUE, to_partner=False, answer=plea.kind, rung=_nth(fresh))
    return fresh


@transaction.atomic
def appeal_case(*, case: Case, actor: User, words: str, photograph: StoredFile | None = None) -> Case:
    """The school holds the demand to be wrong or too much. Nothing is due until the library has decided.

    Raises InvalidInput (``words``), NotPermitted, TransitionRefused.
    """
    fresh = lock_case(case)
    CASE.ask("appeal", fresh.status, roles_of(actor, fresh))
    if not words.strip():
        raise InvalidInput("words", _("Write why the demand should be looked at again."), field="words")
    _plead(fresh, PleaKind.APPEAL, actor=actor, words=words.strip(), photograph=photograph)
    take_step(CASE, "appeal", fresh, actor=actor, note=words.strip())
    settle(fresh.pk)
    tell(fresh, "case_pleaded", Tone.DUE, to_partner=False, answer=PleaKind.APPEAL, rung=_nth(fresh))
    return fresh


@transaction.atomic
def accept_offer(*, case: Case, actor: User, due_on: date | None = None, note: str = "") -> Case:
    """The book offered is as good as the one lost; it is to be brought by a day. The letter says so."""
    fresh = lock_case(case)
    CASE.ask("accept", fresh.status, roles_of(actor, fresh))
    return _answer(fresh, "accept", PleaAnswer.ACCEPTED, actor=actor, note=note, due_on=due_on)


@transaction.atomic
def refuse_offer(*, case: Case, actor: User, note: str, due_on: date | None = None) -> Case:
    """The book offered will not do, for a reason that the school reads; the demand stands."""
    fresh = lock_case(case)
    CASE.ask("refuse", fresh.status, roles_of(actor, fresh))
    return _answer(fresh, "refuse", PleaAnswer.REFUSED, actor=actor, note=_reason(note), due_on=due_on)


@transaction.atomic
def uphold_demand(*, case: Case, actor: User, note: str, due_on: date | None = None) -> Case:
    """The demand stands as it was, for a reason that the school reads."""
    fresh = lock_case(case)
    CASE.ask("uphold", fresh.status, roles_of(actor, fresh))
    return _answer(fresh, "uphold", PleaAnswer.UPHELD, actor=actor, note=_reason(note), due_on=due_on)


@transaction.atomic
def reduce_demand(
    *,
    case: Case,
    actor: User,
    note: str,
    demand: str = "",
    amount: Decimal | None = None,
    due_on: date | None = None,
) -> Case:
    """Something else, or less, is asked from now on. What is not given stays as it was."""
    fresh = lock_case(case)
    CASE.ask("reduce", fresh.status, roles_of(actor, fresh))
    return _answer(
        fresh,
        "reduce",
        PleaAnswer.REDUCED,
        actor=actor,
        note=_reason(note),
        due_on=due_on,
        asks_anew=True,
        demand=demand,
        amount=amount,
    )


@transaction.atomic
def withdraw_demand(*, case: Case, actor: User, note: str) -> Case:
    """The school is right: nothing is asked any more. The case closes as waived, with its record."""
    fresh = lock_case(case)
    CASE.ask("withdraw", fresh.status, roles_of(actor, fresh))
    reason = _reason(note)
    _close_plea(fresh, PleaAnswer.WITHDRAWN, actor=actor, note=reason)
    return close_as(
        fresh,
        "withdraw",
        Settlement.WAIVED,
        actor=actor,
        on=clock.today(fresh.lender.zone),
        reason=reason,
    )


def _answer(
    fresh: Case,
    action: str,
    answer: PleaAnswer,
    *,
    actor: User,
    note: str,
    due_on: date | None,
    asks_anew: bool = False,
    demand: str = "",
    amount: Decimal | None = None,
) -> Case:
    plea = fresh.pleas.filter(answer="").first()
    today = clock.today(fresh.lender.zone)
    waited = today - plea.made_on if plea else clock.days(0)
    due = day_to_come(fresh, due_on) if due_on else max(fresh.due_on + waited, today)
    asked, sum_asked = fresh.demand, fresh.amount
    if asks_anew:
        new = demand_of(
            fresh,
            demand=demand or fresh.demand,
            amount=amount or fresh.amount,
            due_on=due,
            term=term_of(fresh),
        )
        asked, sum_asked = new.way, new.amount
        if (asked, sum_asked) == (fresh.demand, fresh.amount) and due <= fresh.due_on + waited:
            raise InvalidInput(
                "unchanged",
                _("Say what is asked instead: another way, a smaller amount or a later day."),
                field="demand",
            )
    fresh.demand, fresh.amount, fresh.due_on = asked, sum_asked, due
    letter = issue_letter(
        fresh,
        actor=actor,
        title=lambda: _("Answer about case %(code)s") % {"code": fresh.code},
        template="case_letter",
        compose=lambda number, verification: compose_answer(
            fresh, number, verification, today, matter=str(answer), plea=plea, reason=note
        ),
    )
    _close_plea(fresh, answer, actor=actor, note=note, letter=letter)
    take_step(CASE, action, fresh, actor=actor, note=note, demand=asked, amount=sum_asked, due_on=due)
    settle(fresh.pk)
    tell(fresh, "case_answered", Tone.DUE, to_partner=True, answer=str(answer), rung=_nth(fresh))
    return fresh


def _plead(case: Case, kind: PleaKind, *, actor: User, **facts: object) -> Plea:
    return Plea.objects.create(
        case=case, kind=kind, made_on=clock.today(case.lender.zone), made_by=actor, **facts
    )


def _close_plea(case: Case, answer: PleaAnswer, *, actor: User, note: str, letter: object = None) -> None:
    case.pleas.filter(answer="").update(
        answer=answer,
        answer_note=note,
        answered_on=clock.today(case.lender.zone),
        answered_by=actor,
        letter=letter,
        updated_at=clock.now(),
    )


def _nth(case: Case) -> int:
    """Offers and objections may be made again about one due day, and each is told of: this one's number."""
    return case.pleas.count()


def _reason(note: str) -> str:
    if not note.strip():
        raise InvalidInput("note", _("Write the reason; the school reads it in the letter."), field="note")
    return note.strip()
