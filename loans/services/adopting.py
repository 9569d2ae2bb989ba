"""From a plan that was looked at to books that periods promise (L2): all schools, or some of them.

What has left the shelf is not touched: a period that is being packed, or has begun, keeps what it has.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kerjasama.domain import clock
from kerjasama.domain.errors import InvalidInput
from kerjasama.domain.wording import grouped
from libraries.catalogue.choices import Condition
from libraries.catalogue.models import Copy
from libraries.models import User
from loans.choices import ConsignmentStatus, LineStatus, PeriodStatus, ProgrammeStatus
from loans.lifecycle import PLAN
from loans.models import Consignment, LoanLine, Period, PlannedBook, Programme, RotationPlan, TitleBan
from loans.planning.plan import Item
from loans.services.planned import GONE, same_days
from loans.services.promising import settle_wishes
from loans.services.remembering import snapshot
from loans.services.rotating import lock_plan, result_of
from loans.services.stepping import roles_of, take_step

# Rows of one statement.
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Adoption:
    """What was adopted, and what the world has overtaken: ``begun`` periods, ``gone`` copies, ``promised`` ones, and
    titles that are ``barred`` by now: banned, or brought to the school meanwhile."""

    plan: RotationPlan
    schools: int
    books: int
    begun: int
    gone: int
    promised: int
    barred: int = 0


@transaction.atomic
def adopt_plan(*, plan: RotationPlan, actor: User, programmes: Collection[UUID] | None = None) -> Adoption:
    """The plan's books become those that the periods promise, of all its programmes or of ``programmes`` only.

    Books fixed by hand stay. Left out, counted and said: periods that are being packed by now, copies that are gone,
    copies that a school which keeps its present plan was promised for the same days, and titles that were banned for the
    school, or brought to it, since the plan was reckoned. One transaction.

    Raises NotPermitted and TransitionRefused as the table says, InvalidInput (``no_school``).
    """
    fresh = lock_plan(plan)
    PLAN.ask("adopt", fresh.status, roles_of(actor, fresh))
    wanted = [row for row in fresh.schools if programmes is None or UUID(row["programme"]) in programmes]
    if not wanted:
        raise InvalidInput(
            "no_school", _("Choose at least one school that is in the plan."), field="programmes"
        )
    asked = {UUID(key) for row in wanted for key in row["periods"].values()}
    periods = lock_open_periods(asked)
    promised_items = [(periods[key], item) for key, item in _items(fresh, wanted) if key in periods]
    copies = {UUID(item.copy) for _period, item in promised_items}
    usable = usable_copies(fresh, copies)
    elsewhere = _promised_elsewhere(copies, set(periods))
    barred = barred_titles(fresh, periods.values())
    rows, gone, promised, forbidden = [], 0, 0, 0
    sources = {row["programme"]: UUID(row["partner"]) for row in fresh.schools}
    for period, item in promised_items:
        copy = UUID(item.copy)
        if copy not in usable:
            gone += 1
        elif any(same_days(period, span) for span in elsewhere[copy]):
            promised += 1
        elif (period.programme_id, UUID(item.title)) in barred:
            forbidden += 1
        else:
            rows.append(
                PlannedBook(
                    period=period,
                    title_id=UUID(item.title),
                    copy_id=copy,
                    source_id=sources.get(item.source),
                    plan=fresh,
                )
            )
    before = snapshot(set(periods), fresh)
    old = PlannedBook.objects.filter(period__in=periods)
    # A book fixed by hand stands there already; where its copy is gone, the plan has found another one.
    orphans = old.filter(is_locked=True).exclude(copy__in=_there(fresh))
    relocked = set(orphans.values_list("period_id", "title_id"))
    for row in rows:
        row.is_locked = (row.period_id, row.title_id) in relocked
    orphans.delete()
    loose = old.filter(is_locked=False)
    dropped = set(loose.values_list("period_id", "title_id")) | relocked
    loose.delete()
    PlannedBook.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    settle_wishes(fresh.lender, periods=set(periods), dropped=dropped, actor=actor)
    schools = len({period.programme_id for period in periods.values()})
    answer = Adoption(fresh, schools, len(rows), len(asked) - len(periods), gone, promised, forbidden)
    take_step(PLAN, "adopt", fresh, actor=actor, note=said(answer), before=before, adopted_at=clock.now())
    return answer


def said(answer: Adoption) -> str:
    """What was adopted and what was not, in a sentence each."""
    number = partial(grouped, language=get_language() or "id")
    parts = [
        ngettext(
            "Adopted for %(count)s programme: %(books)s books.",
            "Adopted for %(count)s programmes: %(books)s books.",
            answer.schools,
        )
        % {"count": number(answer.schools), "books": number(answer.books)}
    ]
    if answer.begun:
        parts.append(
            ngettext(
                "%(count)s delivery is being packed or has begun; it stays as it is.",
                "%(count)s deliveries are being packed or have begun; they stay as they are.",
                answer.begun,
            )
            % {"count": number(answer.begun)}
        )
    if answer.gone:
        parts.append(
            ngettext(
                "%(count)s book of the plan is not in the house any more.",
                "%(count)s books of the plan are not in the house any more.",
                answer.gone,
            )
            % {"count": number(answer.gone)}
        )
    if answer.promised:
        parts.append(
            ngettext(
                "%(count)s book is promised to a school that keeps its present plan.",
                "%(count)s books are promised to schools that keep their present plan.",
                answer.promised,
            )
            % {"count": number(answer.promised)}
        )
    if answer.barred:
        parts.append(
            ngettext(
                "%(count)s book may not go there any more: the title was banned or brought meanwhile.",
                "%(count)s books may not go there any more: the titles were banned or brought meanwhile.",
                answer.barred,
            )
            % {"count": number(answer.barred)}
        )
    return " ".join(parts)


def lock_open_periods(keys: Collection[UUID]) -> dict[UUID, Period]:
    """Those of the periods that are still only planned, locked in the order of their keys."""
    packed = Consignment.objects.filter(period__in=keys).exclude(status=ConsignmentStatus.CANCELLED)
    rows = (
        Period.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=keys, status=PeriodStatus.PLANNED, programme__status=ProgrammeStatus.RUNNING)
        .exclude(pk__in=packed.values("period"))
        .order_by("pk")
    )
    return {row.pk: row for row in rows}


def _items(plan: RotationPlan, wanted: list[dict[str, str]]) -> Iterator[tuple[UUID, Item]]:
    """Each book of the wanted programmes with the period that it is for."""
    where = {
        (row["programme"], int(number)): UUID(key)
        for row in plan.schools
        for number, key in row["periods"].items()
    }
    schools = {row["programme"] for row in wanted}
    for delivery in chain.from_iterable(answer.deliveries for answer in result_of(plan)):
        if delivery.school in schools:
            for item in delivery.items:
                yield where[delivery.school, delivery.period], item


def usable_copies(plan: RotationPlan, copies: Collection[UUID]) -> set[UUID]:
    rows = _there(plan).filter(pk__in=copies, may_travel=True).exclude(condition=Condition.DAMAGED)
    return set(rows.values_list("pk", flat=True))


def _there(plan: RotationPlan) -> "QuerySet[Copy]":
    return Copy.objects.filter(owner=plan.lender_id).exclude(place__in=GONE)


def _promised_elsewhere(
    copies: Collection[UUID], periods: Collection[UUID]
) -> dict[UUID, list[tuple[date, date]]]:
    """When other periods want these copies: a school that does not adopt keeps what it was promised."""
    spans: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    rows = PlannedBook.objects.filter(copy__in=copies, period__status=PeriodStatus.PLANNED)
    for copy, start, end in rows.exclude(period__in=periods).values_list(
        "copy_id", "period__starts_on", "period__ends_on"
    ):
        spans[copy].append((start, end))
    return spans


def barred_titles(plan: RotationPlan, periods: Collection[Period]) -> set[tuple[UUID, UUID]]:
    """(programme, title): banned by now, or on a delivery of that school since the plan was asked for. Three statements."""
    programmes = list(Programme.objects.filter(pk__in={row.programme_id for row in periods}))
    of_partner: dict[UUID, list[UUID]] = defaultdict(list)
    for row in programmes:
        of_partner[row.partner_id].append(row.pk)
    bans = TitleBan.objects.filter(lender=plan.lender_id, partner__in=of_partner)
    brought = LoanLine.objects.filter(
        consignment__lender=plan.lender_id,
        consignment__partner__in=of_partner,
        consignment__created_at__gte=plan.created_at,
    ).exclude(status=LineStatus.DROPPED)
    pairs = chain(
        bans.values_list("partner_id", "title_id"),
        brought.values_list("consignment__partner_id", "copy__title_id"),
    )
    return {(programme, title) for partner, title in pairs for programme in of_partner[partner]}
